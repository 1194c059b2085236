"""Signing in by another service: forged, foreign and mixed-up answers open nothing.

A provider of our own answers on this machine, and says whatever a test wants it to.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
from allauth.socialaccount.models import SocialAccount, SocialToken
from allauth.socialaccount.providers import registry
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from cryptography.hazmat.primitives.asymmetric import rsa
from django.test import Client

from community.models import Member, Space
from config.environment import Environment

pytestmark = pytest.mark.django_db
KEY, STRANGERS = (rsa.generate_private_key(65537, 2048) for _ in range(2))
NOTHING = object()


class Provider:
    """What the other service says; a test changes it."""

    def __init__(self, address: str):
        self.address = self.issuer = address
        self.claims: dict[str, Any] = {}
        self.header: dict[str, Any] = {"kid": "ours"}
        self.key: Any = KEY
        self.algorithm: str | None = "RS256"
        self.userinfo: dict[str, Any] = {}
        self.token: Any = None
        self.asked: list[dict[str, str]] = []

    def id_token(self) -> str:
        now = int(time.time())
        said = {
            "iss": self.issuer,
            "aud": "tequio",
            "sub": "person-1",
            "iat": now,
            "exp": now + 300,
            "email": "pat@example.org",
            "name": "Pat Provider",
        } | self.claims
        said = {name: value for name, value in said.items() if value is not NOTHING}
        return jwt.encode(said, self.key, algorithm=self.algorithm, headers=self.header)

    def answer(self, path: str, form: dict[str, str]) -> dict[str, Any]:
        if path == "/.well-known/openid-configuration":
            return {
                "issuer": self.issuer,
                "authorization_endpoint": f"{self.address}/authorize",
                "token_endpoint": f"{self.address}/token",
                "userinfo_endpoint": f"{self.address}/userinfo",
                "jwks_uri": f"{self.address}/keys",
                "token_endpoint_auth_methods_supported": ["client_secret_post"],
            }
        if path == "/keys":
            public = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(KEY.public_key()))
            return {"keys": [public | {"kid": "ours", "alg": "RS256", "use": "sig"}]}
        if path == "/token":
            self.asked.append(form)
            found = {"access_token": "opens-nothing-here", "token_type": "Bearer"}
            token = self.id_token() if self.token is None else self.token
            return found | ({"id_token": token} if token else {})
        return {"sub": "person-1", "email": "pat@example.org", "name": "Pat"} | self.userinfo


@pytest.fixture
def provider(settings, monkeypatch) -> Iterator[Provider]:
    class Handler(BaseHTTPRequestHandler):
        def _say(self, form: dict[str, str]) -> None:
            body = json.dumps(found.answer(urlsplit(self.path).path, form)).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def do_GET(self) -> None:
            self._say({})

        def do_POST(self) -> None:
            sent = self.rfile.read(int(self.headers["Content-Length"])).decode()
            self._say({name: values[0] for name, values in parse_qs(sent).items()})

        def log_message(self, *args: Any) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    found = Provider(f"http://127.0.0.1:{server.server_port}")
    threading.Thread(target=server.serve_forever, daemon=True).start()
    monkeypatch.setenv("OIDC_ISSUER", found.address)
    monkeypatch.setenv("OIDC_CLIENT_ID", "tequio")
    monkeypatch.setenv("OIDC_CLIENT_SECRET", "word")
    providers, _origins = Environment(settings.BASE_DIR).social_providers()
    (app,) = providers["openid_connect"]["APPS"]
    other = app | {"provider_id": "other", "name": "Another"}
    settings.SOCIALACCOUNT_PROVIDERS = {
        "openid_connect": providers["openid_connect"] | {"APPS": [app, other]}
    }
    settings.ROOT_URLCONF = "tests.community.oidc_urls"
    monkeypatch.setitem(registry.provider_map, "openid_connect", OpenIDConnectProvider)
    yield found
    server.shutdown()
    server.server_close()


@pytest.fixture
def browser(community) -> Client:
    Space.objects.filter(kind=Space.ROOT).update(join_policy=Space.JoinPolicy.OPEN)
    return Client()


def begin(browser: Client, which: str = "sso") -> dict[str, str]:
    """Ask to sign in; what the browser takes along to the provider."""
    answer = browser.post(f"/accounts/oidc/{which}/login/")
    assert answer.status_code == 302, answer.content[:500]
    return {name: values[0] for name, values in parse_qs(urlsplit(answer.url).query).items()}


def come_back(browser: Client, asked: dict[str, str], which: str = "sso", **changed: str):
    given = {"code": "one-time", "state": asked["state"]} | changed
    return browser.get(f"/accounts/oidc/{which}/login/callback/", given)


def is_in(browser: Client) -> bool:
    return "_auth_user_id" in browser.session


def nobody_came_in(browser: Client) -> None:
    assert not is_in(browser)
    assert not SocialAccount.objects.exists()
    assert not Member.objects.filter(email="pat@example.org").exists()


def test_whoever_the_provider_knows_comes_in_by_provider_and_subject(browser, provider):
    come_back(browser, begin(browser))
    account = SocialAccount.objects.get()
    assert (account.provider, account.uid) == ("sso", "person-1")
    assert not SocialToken.objects.exists()  # its keys are not kept


FORGED = {
    "signed by somebody else": {"key": STRANGERS},
    "for another client": {"claims": {"aud": "another-site"}},
    "for nobody": {"claims": {"aud": NOTHING}},
    "by another issuer": {"claims": {"iss": "https://evil.example"}},
    "by no issuer": {"claims": {"iss": NOTHING}},
    "by a provider that calls itself something else": {"issuer": "https://evil.example"},
    "too old": {"claims": {"exp": int(time.time()) - 3600}},
    "not signed at all": {"key": None, "algorithm": "none"},
    "signed with our own secret": {"key": "word" * 10, "algorithm": "HS256"},
    "by a key that nobody published": {"header": {"kid": "theirs"}},
    "by a key without a name": {"header": {}},
    "nonsense": {"token": "not.a.token"},
    "not there": {"token": ""},
    "about somebody else than the rest": {"userinfo": {"sub": "person-2"}},
}


@pytest.mark.parametrize("how", FORGED)
def test_a_token_that_is_not_theirs_for_us_opens_nothing(browser, provider, how):
    for name, value in FORGED[how].items():
        setattr(provider, name, value)
    answer = come_back(browser, begin(browser))
    assert answer.status_code in (200, 401, 403), how
    nobody_came_in(browser)


def test_the_public_key_is_no_secret_to_sign_with(browser, provider):
    """Whoever takes the published key for that of HS256 signs whatever they like."""
    public = jwt.algorithms.RSAAlgorithm.to_jwk(KEY.public_key())
    head, claims = (
        {"alg": "HS256", "kid": "ours"},
        json.loads(base64.urlsafe_b64decode(provider.id_token().split(".")[1] + "==")),
    )

    def packed(said: Any) -> str:
        return base64.urlsafe_b64encode(json.dumps(said).encode()).rstrip(b"=").decode()

    signed = f"{packed(head)}.{packed(claims)}"
    mac = hmac.new(public.encode(), signed.encode(), hashlib.sha256).digest()
    provider.token = f"{signed}.{base64.urlsafe_b64encode(mac).rstrip(b'=').decode()}"
    come_back(browser, begin(browser))
    nobody_came_in(browser)


@pytest.mark.parametrize("state", ["", "guessed-by-somebody"])
def test_an_answer_that_nobody_asked_for_opens_nothing(browser, provider, state):
    come_back(browser, begin(browser), state=state)
    nobody_came_in(browser)
    assert provider.asked == []  # the code is not even used


def test_the_state_of_one_browser_is_none_in_another(browser, provider):
    asked = begin(browser)
    victim = Client()
    come_back(victim, asked)
    nobody_came_in(victim)


def test_a_state_counts_once(browser, provider):
    asked = begin(browser)
    come_back(browser, asked)
    used = len(provider.asked)
    again = Client()
    again.cookies = browser.cookies
    come_back(again, asked)
    assert len(provider.asked) == used


def test_a_code_is_bound_to_the_browser_that_asked(browser, provider):
    asked = begin(browser)
    assert asked["code_challenge_method"] == "S256"
    assert asked["redirect_uri"].endswith("/accounts/oidc/sso/login/callback/")
    come_back(browser, asked)
    (sent,) = provider.asked
    digest = hashlib.sha256(sent["code_verifier"].encode()).digest()
    assert base64.urlsafe_b64encode(digest).rstrip(b"=").decode() == asked["code_challenge"]


def test_two_providers_know_each_their_own(browser, provider):
    come_back(browser, begin(browser))
    mine = SocialAccount.objects.get()
    other = Client()
    provider.claims = {"email": "else@example.org"}
    provider.userinfo = {"email": "else@example.org"}
    come_back(other, begin(other, "other"), "other")
    accounts = SocialAccount.objects.order_by("pk")
    assert [(one.provider, one.uid) for one in accounts] == [
        ("sso", "person-1"),
        ("other", "person-1"),
    ]
    assert accounts[0].user_id == mine.user_id != accounts[1].user_id


def test_the_same_address_elsewhere_takes_no_account_over(browser, provider, ben):
    Member.objects.filter(pk=ben.pk).update(email="pat@example.org")
    come_back(browser, begin(browser))
    assert not SocialAccount.objects.filter(user=ben).exists()
    assert browser.session.get("_auth_user_id") != str(ben.pk)


def test_what_was_asked_of_one_provider_is_not_answered_by_another(browser, provider):
    asked = begin(browser, "other")
    come_back(browser, asked, "sso")
    nobody_came_in(browser)
    assert provider.asked == []
