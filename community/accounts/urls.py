"""Everything under /accounts/: our few pages first, then allauth's."""

from allauth.account.decorators import reauthentication_required
from allauth.account.views import password_set
from django.urls import include, path
from django.views.generic import RedirectView

from community.accounts import views

urlpatterns = [
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
    path("sessions/<int:pk>/end/", views.end_session, name="end_session"),
    path("", include("allauth.urls")),
]
