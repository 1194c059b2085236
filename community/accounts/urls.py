"""Everything under /accounts/: our few pages first, then allauth's."""

from allauth.account.decorators import reauthentication_required
from allauth.account.views import password_set
from django.apps import apps
from django.urls import include, path
from django.views.generic import RedirectView

from community.accounts import views
from community.views import lock, recovery

OIDC = "allauth.socialaccount.providers.openid_connect"

urlpatterns = [
    path("signup/", views.signup, name="account_signup"),
    path("login/code/confirm/", views.confirm_login_code, name="account_confirm_login_code"),
    path(
        "login/code/",
        RedirectView.as_view(pattern_name="account_login", query_string=True),
        name="account_request_login_code",
    ),
    path(
        "password/set/",
        reauthentication_required(password_set, allow_get=True, app="allauth.account"),
        name="account_set_password",
    ),
    path(
        "reauthenticate/code/",
        views.reauthenticate_by_code,
        name="account_reauthenticate_by_code",
    ),
    path("lock/<str:token>/", lock.lock_account, name="lock_account"),
    path("sessions/<int:pk>/end/", views.end_session, name="end_session"),
    path("second-lock/lost/", recovery.lost_factor, name="lost_factor"),
    path("second-lock/lost/stop/", recovery.stop_own_recovery, name="stop_own_recovery"),
    path("second-lock/lost/off/", recovery.finish_recovery, name="finish_recovery"),
    path("second-lock/stop/<str:token>/", recovery.stop_recovery, name="stop_recovery"),
    path("", include("allauth.urls")),
]

if apps.is_installed(OIDC):
    from community.accounts import oidc

    urlpatterns.insert(0, path("oidc/<str:provider_id>/login/callback/", oidc.callback))
    urlpatterns.insert(0, path("oidc/<str:provider_id>/login/", oidc.login))
