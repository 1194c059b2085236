"""Signing in by an OpenID Connect provider, stricter than allauth asks.

allauth trusts an ID token that it fetched itself over TLS and reads it without its signature, as
the standard allows. Here the signature counts all the same, by a few algorithms with a key of the
provider's own list; an answer without an ID token is none; and what the provider says of the person
must be about the person of the token.
"""

from __future__ import annotations

from typing import Any

import jwt
from allauth.account.internal.decorators import login_not_required
from allauth.socialaccount.helpers import render_authentication_error
from allauth.socialaccount.internal import jwtkit
from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView, OAuth2LoginView
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.http import Http404, HttpRequest, HttpResponse
from requests import RequestException

ALGORITHMS = {"RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "EdDSA"}
"""With a key of two halves: what the provider publishes can check and never sign."""


class StrictAdapter(OpenIDConnectOAuth2Adapter):
    def complete_login(self, request: HttpRequest, app: Any, token: Any, **kwargs: Any) -> Any:
        signed = kwargs["response"].get("id_token")
        if not signed:
            raise OAuth2Error("The provider sent no ID token.")
        said = {"id_token": self._decode_id_token(app, signed)}
        if app.settings.get("fetch_userinfo", True):
            said["userinfo"] = self._fetch_user_info(token.token)
            if said["userinfo"].get("sub") != said["id_token"].get("sub"):
                raise OAuth2Error("The provider told of somebody else than its token.")
        return self.get_provider().sociallogin_from_response(request, said)

    def _issuer(self, app: Any) -> str:
        """The one the operator named; a provider that calls itself something else is another."""
        named = app.settings["server_url"].partition("/.well-known/")[0].rstrip("/")
        issuer = str(self.openid_config["issuer"])
        if issuer.rstrip("/") != named:
            raise OAuth2Error("The provider calls itself something else than the operator does.")
        return issuer

    def _decode_id_token(self, app: Any, id_token: str) -> dict[str, Any]:
        try:
            algorithm = jwt.get_unverified_header(id_token).get("alg")
        except jwt.PyJWTError as error:
            raise OAuth2Error("The ID token cannot be read.") from error
        if algorithm not in ALGORITHMS:
            raise OAuth2Error("The ID token is signed in a way that does not count.")
        try:
            return jwtkit.verify_and_decode(
                credential=id_token,
                keys_url=self.openid_config["jwks_uri"],
                issuer=self._issuer(app),
                audience=app.client_id,
                lookup_kid=jwtkit.lookup_kid_jwk,
                verify_signature=True,
            )
        except (KeyError, TypeError, ValueError) as error:  # no key of that name, or of that kind
            raise OAuth2Error("The ID token cannot be checked.") from error


@login_not_required
def login(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Where one goes to the provider from; allauth's own fails if the provider cannot be asked."""
    adapter = StrictAdapter(request, provider_id)
    try:
        return OAuth2LoginView.adapter_view(adapter)(request)
    except SocialApp.DoesNotExist as error:
        raise Http404 from error
    except (RequestException, OAuth2Error, KeyError) as error:
        return render_authentication_error(request, adapter.get_provider(), exception=error)


@login_not_required
def callback(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Where the provider sends people back to; allauth's own address, reached before it."""
    try:
        return OAuth2CallbackView.adapter_view(StrictAdapter(request, provider_id))(request)
    except SocialApp.DoesNotExist as error:
        raise Http404 from error
