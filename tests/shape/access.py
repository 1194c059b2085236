"""The access table: every address, and what it answers to whom.

A row is a method, an address and seven statuses: for a guest, cleo (member of the community, not of
the group), fay (follower), ben (takes part), ada (steward), mo (moderator of the site) and ruth
(steward of the whole community). The group is closed unless the address says otherwise. Names in
braces are filled in from the world of the test. 302 for a guest leads to signing in; 404 keeps a
secret; 403 gives the reason; 405 means that the address does not know the method; 422 that what was
sent was empty, so that its right was there.
"""

WHO = ("guest", "cleo", "fay", "ben", "ada", "mo", "ruth")

TABLE = """
# The whole site
GET  /healthz                                                   200 200 200 200 200 200 200
GET  /readyz                                                    200 200 200 200 200 200 200
POST /csp-report/                                               204 204 204 204 204 204 204
GET  /manifest.webmanifest                                      200 200 200 200 200 200 200
GET  /sw.js                                                     200 200 200 200 200 200 200
GET  /offline/                                                  200 200 200 200 200 200 200
GET  /theme/0123.css                                            200 200 200 200 200 200 200
GET  /i18n/setlang/                                             302 302 302 302 302 302 302
POST /i18n/setlang/                                             302 302 302 302 302 302 302
GET  /outbox/                                                   404 404 404 404 404 404 404
GET  /outbox/{mail}/                                            404 404 404 404 404 404 404
GET  /styleguide/                                               404 404 404 404 404 200 404
GET  /styleguide/3.svg                                          200 200 200 200 200 200 200

# Files
POST /media/                                                    403 422 422 422 422 422 422
GET  /media/{file}/file/                                        404 404 404 200 200 404 404
GET  /media/{core_file}/file/                                   404 404 404 404 200 404 404
GET  /media/{loose}/file/                                       404 404 404 200 404 404 404
GET  /media/{cover}/medium/                                     404 200 200 200 200 200 200
POST /media/{loose}/describe/                                   404 404 404 200 404 404 404
POST /media/{loose}/discard/                                    404 404 404 200 404 404 404

# Coming in
GET  /join/                                                     302 302 302 302 302 302 302
POST /join/                                                     302 302 302 302 302 302 302
POST /join/withdraw/                                            302 302 302 302 302 302 302
GET  /community/requests/                                       302 404 404 404 404 404 200
POST /community/requests/{asks}/accept/                         302 404 404 404 404 404 302
POST /community/requests/{asks}/decline/                        302 404 404 404 404 404 302
GET  /invitations/{token}/                                      200 200 200 200 200 200 200
POST /invitations/{token}/                                      302 302 302 302 302 302 302
GET  /invitations/nonsense/                                     404 404 404 404 404 404 404
POST /invitations/nonsense/                                     404 404 404 404 404 404 404
GET  /welcome/                                                  302 200 200 200 200 200 200
POST /welcome/                                                  302 422 422 422 422 422 422
GET  /welcome/1/                                                302 200 200 200 200 200 200
POST /welcome/1/                                                302 422 422 422 422 422 422
GET  /welcome/groups/                                           302 200 200 200 200 200 200

# People
GET  /people/                                                   302 200 200 200 200 200 200
GET  /people/{ben}/                                             302 200 200 200 200 200 200
GET  /people/{hana}/                                            302 404 200 200 200 404 200
POST /people/{ben}/block/                                       302 302 302 404 302 302 302
POST /people/{ben}/unblock/                                     302 302 302 302 302 302 302
POST /people/{ben}/mute/                                        302 302 302 404 302 302 302
POST /people/{ben}/unmute/                                      302 302 302 302 302 302 302
GET  /people/invite/                                            302 200 200 200 200 200 200
POST /people/invite/                                            302 200 200 200 200 200 200
POST /people/invite/{invitation}/revoke/                        302 404 404 404 404 404 404

# Oneself
GET  /me/                                                       302 200 200 200 200 200 200
GET  /me/profile/                                               302 200 200 200 200 200 200
POST /me/profile/                                               302 422 422 422 422 422 422
POST /me/profile/picture/                                       302 302 302 302 302 302 302
POST /me/profile/handle/                                        302 302 302 302 302 302 302
GET  /me/privacy/                                               302 200 200 200 200 200 200
POST /me/privacy/                                               302 422 422 422 422 422 422
GET  /me/look/                                                  302 200 200 200 200 200 200
POST /me/look/                                                  302 422 422 422 422 422 422
GET  /me/security/                                              302 200 200 200 200 200 200
POST /me/groups/order/                                          302 204 204 204 204 204 204
GET  /me/kept-away/                                             302 200 200 200 200 200 200

# Groups
GET  /groups/                                                   200 200 200 200 200 200 200
GET  /groups/start/                                             302 200 200 200 200 200 200
POST /groups/start/                                             302 422 422 422 422 422 422
GET  /groups/start/1/                                           302 200 200 200 200 200 200
POST /groups/start/1/                                           302 422 422 422 422 422 422
GET  /groups/proposals/                                         302 404 404 404 404 404 200
POST /groups/proposals/{proposed}/approve/                      302 404 404 404 404 404 302
GET  /groups/proposals/{proposed}/decline/                      302 404 404 404 404 404 200
POST /groups/proposals/{proposed}/decline/                      302 404 404 404 404 404 200
GET  /groups/appeals/                                           302 404 404 404 404 404 200
GET  /groups/appeals/{event}/                                   302 404 404 404 404 404 200
POST /groups/appeals/{event}/                                   302 404 404 404 404 404 200
GET  /groups/{open}/                                            404 200 200 200 200 200 200
GET  /groups/{closed}/                                          404 200 200 200 200 200 200
GET  /groups/{secret}/                                          404 404 200 200 200 404 404
GET  /groups/{closed}/people/                                   404 403 403 200 200 403 403
GET  /groups/{closed}/people/log/                               302 403 403 403 200 403 403
GET  /groups/{closed}/people/{ben}/ring/                        302 403 403 403 200 403 403
POST /groups/{closed}/people/{ben}/ring/                        302 403 403 403 200 403 403
GET  /groups/{closed}/people/{ben}/remove/                      302 403 403 403 200 403 403
POST /groups/{closed}/people/{ben}/remove/                      302 403 403 403 200 403 403
GET  /groups/{closed}/about/                                    404 200 200 200 200 200 200
GET  /groups/{closed}/about/charter/                            302 403 403 403 200 403 403
POST /groups/{closed}/about/charter/                            302 403 403 403 200 403 403
GET  /groups/{closed}/about/charter/1/                          404 403 200 200 200 403 403
POST /groups/{closed}/join/                                     302 403 403 403 403 403 403
POST /groups/{open}/join/                                       302 302 403 403 403 302 302
GET  /groups/{closed}/ask/                                      302 200 302 302 302 200 200
POST /groups/{closed}/ask/                                      302 200 302 302 302 200 200
POST /groups/{closed}/requests/{request}/accept/                302 404 404 403 302 404 404
GET  /groups/{closed}/requests/{request}/refuse/                302 404 404 403 200 404 404
POST /groups/{closed}/requests/{request}/refuse/                302 404 404 403 200 404 404
POST /groups/{closed}/requests/{request}/withdraw/              302 404 404 302 302 404 404
POST /groups/{closed}/requests/{request}/vouch/                 302 404 404 302 302 404 404
GET  /groups/{closed}/place/                                    302 404 200 200 200 404 404
POST /groups/{closed}/place/volume/                             302 404 403 403 403 404 404
POST /groups/{closed}/place/ring/                               302 404 404 404 404 404 404
GET  /groups/{closed}/leave/                                    302 404 200 200 200 404 404
POST /groups/{closed}/leave/                                    302 404 302 302 422 404 404
POST /groups/{closed}/moves/{offer}/accept/                     302 404 404 302 302 404 404
POST /groups/{closed}/moves/{asked}/accept/                     302 404 302 404 302 404 404
GET  /groups/{closed}/invite/                                   302 403 403 200 200 403 403
POST /groups/{closed}/invite/                                   302 403 403 200 200 403 403
POST /groups/{closed}/invite/{invitation}/revoke/               302 403 403 403 302 403 403
GET  /groups/{closed}/settings/                                 302 403 403 403 200 403 403
POST /groups/{closed}/settings/                                 302 403 403 403 200 403 403
POST /groups/{closed}/settings/doors/                           302 403 403 403 422 403 403
POST /groups/{closed}/settings/cover/                           302 403 403 403 422 403 403
POST /groups/{closed}/settings/tabs/                            302 403 403 403 302 403 403
POST /groups/{closed}/settings/roles/                           302 403 403 403 302 403 403
POST /groups/{closed}/settings/parents/                         302 403 403 403 302 403 403
GET  /groups/{closed}/state/                                    302 403 403 200 200 403 200
POST /groups/{closed}/state/                                    302 403 403 403 422 403 422
GET  /groups/{closed}/archive/                                  302 403 403 403 200 403 200
POST /groups/{closed}/archive/                                  302 403 403 403 200 403 200

# Talk
GET  /                                                          200 200 200 200 200 200 200
GET  /notices/                                                  302 200 200 200 200 200 200
GET  /bookmarks/                                                302 200 200 200 200 200 200
GET  /drafts/                                                   302 200 200 200 200 200 200
POST /notices/read/                                             302 302 302 302 302 302 302
POST /drafts/save/                                              401 422 422 422 422 422 422
POST /drafts/1/discard/                                         302 302 302 302 302 302 302
GET  /mentions/                                                 401 404 404 404 404 404 404
GET  /links/                                                    401 404 404 404 404 404 404
POST /preview/                                                  302 404 404 404 404 404 404
GET  /share/                                                    302 302 200 200 200 200 200
POST /spaces/{closed}/read/                                     302 302 302 302 302 302 302
POST /spaces/{secret}/read/                                     302 404 302 302 302 404 404
GET  /groups/{open}/new/                                        302 403 403 200 200 403 403
POST /groups/{open}/new/                                        302 403 403 422 422 403 403
GET  /groups/{closed}/new/                                      302 403 403 200 200 403 403
POST /groups/{closed}/new/                                      302 403 403 422 422 403 403
GET  /topics/{topic}/                                           404 404 404 200 200 404 404
GET  /topics/{core_topic}/                                      404 404 404 404 200 404 404
GET  /topics/{open_topic}/                                      404 200 200 200 200 200 200
GET  /topics/{secret_topic}/                                    404 404 404 200 200 404 404
GET  /topics/{topic}/edit/                                      302 404 404 403 403 404 404
POST /topics/{topic}/edit/                                      302 404 404 403 403 404 404
POST /topics/{topic}/pin/                                       302 404 404 403 302 404 404
POST /topics/{topic}/close/                                     302 404 404 403 302 404 404
POST /topics/{topic}/answer/                                    302 404 404 403 403 404 404
GET  /topics/{topic}/move/                                      302 404 404 403 200 404 404
POST /topics/{topic}/move/                                      302 404 404 403 422 404 404
POST /topics/{topic}/delete/                                    302 404 404 403 302 404 404
POST /topics/{topic}/restore/                                   302 404 404 404 404 404 404
GET  /items/{topic}/comments/                                   404 404 404 302 302 404 404
POST /items/{topic}/comments/add/                               302 404 404 422 422 404 404
POST /items/{core_topic}/comments/add/                          302 404 404 404 422 404 404
POST /items/{topic}/react/                                      302 404 404 403 403 404 404
POST /items/{topic}/bookmark/                                   302 404 404 302 302 404 404
POST /items/{topic}/follow/                                     302 404 404 403 403 404 404
POST /items/{topic}/read/                                       302 404 404 302 302 404 404
GET  /items/{topic}/history/                                    302 404 404 200 200 404 404
GET  /comments/{answer}/                                        404 404 404 302 302 404 404
GET  /comments/{answer}/reply/                                  302 404 404 200 200 404 404
GET  /comments/{answer}/edit/                                   302 404 404 200 403 404 404
POST /comments/{answer}/edit/                                   302 404 404 422 403 404 404
GET  /comments/{answer}/show/                                   302 404 404 302 302 404 404
POST /comments/{answer}/delete/                                 302 404 404 302 302 404 404
POST /comments/{answer}/restore/                                302 404 404 404 404 404 404

# Accounts
GET  /accounts/password/change/                                 302 302 302 302 302 302 302
POST /accounts/password/change/                                 302 302 302 302 302 302 302
GET  /accounts/password/reset/complete/                         302 302 302 302 302 302 302
POST /accounts/password/reset/complete/                         302 302 302 302 302 302 302
GET  /accounts/login/code/confirm/                              302 302 302 302 302 302 302
POST /accounts/login/code/confirm/                              302 302 302 302 302 302 302
GET  /accounts/password/reset/confirm/                          302 302 302 302 302 302 302
POST /accounts/password/reset/confirm/                          302 302 302 302 302 302 302
GET  /accounts/email/                                           302 200 200 200 200 200 200
POST /accounts/email/                                           302 302 302 302 302 302 302
GET  /accounts/confirm-email/                                   302 302 302 302 302 302 302
POST /accounts/confirm-email/                                   302 302 302 302 302 302 302
GET  /accounts/inactive/                                        200 200 200 200 200 200 200
GET  /accounts/login/                                           200 302 302 302 302 302 302
POST /accounts/login/                                           200 302 302 302 302 302 302
GET  /accounts/logout/                                          302 200 200 200 200 200 200
POST /accounts/logout/                                          302 302 302 302 302 302 302
GET  /accounts/password/reset/done/                             200 200 200 200 200 200 200
GET  /accounts/reauthenticate/                                  302 302 302 302 302 302 302
POST /accounts/reauthenticate/                                  302 302 302 302 302 302 302
GET  /accounts/reauthenticate/code/                             302 200 200 200 200 200 200
POST /accounts/reauthenticate/code/                             302 302 302 302 302 302 302
GET  /accounts/login/code/                                      302 302 302 302 302 302 302
POST /accounts/login/code/                                      302 302 302 302 302 302 302
GET  /accounts/password/reset/                                  200 200 200 200 200 200 200
POST /accounts/password/reset/                                  200 200 200 200 200 200 200
GET  /accounts/password/set/                                    302 200 200 200 200 200 200
POST /accounts/password/set/                                    302 302 302 302 302 302 302
GET  /accounts/signup/                                          200 302 302 302 302 302 302
POST /accounts/signup/                                          200 302 302 302 302 302 302
GET  /accounts/social/connections/                              301 301 301 301 301 301 301
POST /accounts/social/connections/                              301 301 301 301 301 301 301
GET  /accounts/social/login/cancelled/                          301 301 301 301 301 301 301
POST /accounts/social/login/cancelled/                          301 301 301 301 301 301 301
GET  /accounts/social/login/error/                              301 301 301 301 301 301 301
POST /accounts/social/login/error/                              301 301 301 301 301 301 301
GET  /accounts/social/signup/                                   301 301 301 301 301 301 301
POST /accounts/social/signup/                                   301 301 301 301 301 301 301
POST /accounts/sessions/1/end/                                  302 302 302 302 302 302 302
GET  /accounts/2fa/totp/activate/                               302 302 302 302 302 302 302
POST /accounts/2fa/totp/activate/                               302 302 302 302 302 302 302
GET  /accounts/2fa/webauthn/add/                                302 302 302 302 302 302 302
POST /accounts/2fa/webauthn/add/                                302 302 302 302 302 302 302
GET  /accounts/2fa/authenticate/                                302 302 302 302 302 302 302
POST /accounts/2fa/authenticate/                                302 302 302 302 302 302 302
GET  /accounts/2fa/totp/deactivate/                             302 404 404 404 404 404 404
POST /accounts/2fa/totp/deactivate/                             302 404 404 404 404 404 404
GET  /accounts/2fa/recovery-codes/download/                     302 404 404 404 404 404 404
POST /accounts/2fa/recovery-codes/download/                     302 404 404 404 404 404 404
GET  /accounts/2fa/webauthn/keys/1/edit/                        302 302 302 302 302 302 302
POST /accounts/2fa/webauthn/keys/1/edit/                        302 302 302 302 302 302 302
GET  /accounts/2fa/recovery-codes/generate/                     302 302 302 302 302 302 302
POST /accounts/2fa/recovery-codes/generate/                     302 302 302 302 302 302 302
GET  /accounts/2fa/                                             302 200 200 200 200 200 200
GET  /accounts/2fa/webauthn/                                    302 200 200 200 200 200 200
GET  /accounts/2fa/webauthn/login/                              302 302 302 302 302 302 302
POST /accounts/2fa/webauthn/login/                              302 302 302 302 302 302 302
GET  /accounts/2fa/reauthenticate/                              302 302 302 302 302 302 302
POST /accounts/2fa/reauthenticate/                              302 302 302 302 302 302 302
GET  /accounts/2fa/webauthn/reauthenticate/                     302 302 302 302 302 302 302
POST /accounts/2fa/webauthn/reauthenticate/                     302 302 302 302 302 302 302
GET  /accounts/2fa/webauthn/keys/1/remove/                      302 302 302 302 302 302 302
POST /accounts/2fa/webauthn/keys/1/remove/                      302 302 302 302 302 302 302
GET  /accounts/2fa/recovery-codes/                              302 404 404 404 404 404 404
GET  /accounts/3rdparty/                                        302 200 200 200 200 200 200
POST /accounts/3rdparty/                                        302 200 200 200 200 200 200
GET  /accounts/3rdparty/login/cancelled/                        200 200 200 200 200 200 200
GET  /accounts/3rdparty/login/error/                            401 401 401 401 401 401 401
GET  /accounts/3rdparty/signup/                                 302 302 302 302 302 302 302
POST /accounts/3rdparty/signup/                                 302 302 302 302 302 302 302
GET  /accounts/sessions/                                        302 200 200 200 200 200 200
POST /accounts/sessions/                                        302 302 302 302 302 302 302
"""
