"""The addresses of a site whose operator named an OpenID Connect provider."""

from allauth.socialaccount.providers.openid_connect import urls as theirs
from django.urls import include, path

from community.accounts import oidc
from config import urls

urlpatterns = [
    path("accounts/oidc/<str:provider_id>/login/", oidc.login),
    path("accounts/oidc/<str:provider_id>/login/callback/", oidc.callback),
    path("accounts/", include(theirs.urlpatterns)),
    *urls.urlpatterns,
]
