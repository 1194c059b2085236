"""The addresses of the core."""

from django.urls import path

from community.views import (
    health,
    invitations,
    joining,
    me,
    media,
    outbox,
    pages,
    people,
    theme,
    welcome,
)

urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("csp-report/", health.csp_report, name="csp_report"),
    path("theme/<slug:digest>.css", theme.theme, name="theme"),
    path("manifest.webmanifest", theme.manifest, name="manifest"),
    path("sw.js", pages.service_worker, name="service_worker"),
    path("offline/", pages.offline, name="offline"),
    path("styleguide/", pages.styleguide, name="styleguide"),
    path("styleguide/<int:hue>.svg", pages.styleguide_picture, name="styleguide_picture"),
    path("media/", media.upload_media, name="upload_media"),
    path("media/<str:token>/discard/", media.discard_media, name="discard_media"),
    path("media/<str:token>/describe/", media.describe_media, name="describe_media"),
    path("media/<str:token>/<str:rendition>/", media.media, name="media"),
    path("outbox/", outbox.outbox, name="outbox"),
    path("outbox/<int:pk>/", outbox.outbox_mail, name="outbox_mail"),
    # Coming in
    path("welcome/", welcome.welcome, name="welcome"),
    path("welcome/<int:step>/", welcome.welcome, name="welcome_step"),
    path("welcome/groups/", welcome.welcome_groups, name="welcome_groups"),
    path("join/", joining.join, name="join"),
    path("join/withdraw/", joining.withdraw_join, name="withdraw_join"),
    path("community/requests/", joining.community_requests, name="community_requests"),
    path("community/requests/<int:pk>/accept/", joining.accept_join, name="accept_join"),
    path("community/requests/<int:pk>/decline/", joining.decline_join, name="decline_join"),
    path("invitations/<str:token>/", invitations.invitation, name="invitation"),
    path("people/invite/", invitations.invite, name="invite"),
    path(
        "people/invite/<int:pk>/revoke/", invitations.revoke_invitation, name="revoke_invitation"
    ),
    # People
    path("people/", people.people, name="people"),
    path("people/<int:pk>/", people.person, name="person"),
    path("people/<int:pk>/block/", people.block, name="block"),
    path("people/<int:pk>/unblock/", people.unblock, name="unblock"),
    path("people/<int:pk>/mute/", people.mute, name="mute"),
    path("people/<int:pk>/unmute/", people.unmute, name="unmute"),
    # Oneself
    path("me/", me.me, name="me"),
    path("me/profile/", me.edit_profile, name="edit_profile"),
    path("me/profile/picture/", me.change_avatar, name="change_avatar"),
    path("me/profile/handle/", me.change_handle, name="change_handle"),
    path("me/privacy/", me.privacy, name="privacy"),
    path("me/look/", me.look, name="look"),
    path("me/security/", me.security, name="security"),
    path("me/kept-away/", people.kept_away, name="kept_away"),
]
