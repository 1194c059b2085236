"""Knows how sign-in asks other services: only where the operator or the open internet is.

The operator names a service by its address. Which further addresses belong to it, the service says
itself, and could name any: those of our own house too. So beyond the origins that the operator
wrote down, only https on its usual port is gone to, at an address that lies on the open internet
and is looked up once. Nothing follows a redirect, nobody's proxy is asked, and answers are short.
"""

from __future__ import annotations

import time
from typing import Any
from urllib.parse import urlsplit

import requests
from django.conf import settings
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPSConnection
from urllib3.connectionpool import HTTPSConnectionPool

from community import outside

PATIENCE = 5.0
LONGEST = 15.0
MOST = 1_000_000


class Elsewhere(requests.RequestException):
    """Not an address we go to, or not an answer we take."""


class Session(requests.Session):
    """For allauth, which handles whatever is a RequestException."""

    def __init__(self) -> None:
        super().__init__()
        self.trust_env = False
        self.adapters.clear()
        self.mount("https://", _Open())
        for origin in named_origins():
            self.mount(f"{origin}/", HTTPAdapter())

    def request(self, method: str, url: str, **options: Any) -> requests.Response:
        options |= {"allow_redirects": False, "stream": True, "timeout": PATIENCE}
        answer = super().request(method, url, **options)
        with answer:
            if answer.is_redirect:
                raise Elsewhere("It sends us on, and we do not follow.")
            answer._content = _short(answer)
        return answer


def named_origins() -> set[str]:
    """Where the operator sends us, be it in their own house; never what an answer said."""
    addresses = list(settings.SOCIAL_ORIGINS)
    for provider in settings.SOCIALACCOUNT_PROVIDERS.values():
        for app in provider.get("APPS", ()):
            addresses.append(app.get("settings", {}).get("server_url", ""))
    parts = [urlsplit(address) for address in addresses]
    return {f"{one.scheme}://{one.netloc}" for one in parts if one.scheme and one.netloc}


def _short(answer: requests.Response) -> bytes:
    """What was answered, unpacked, as long as it is no more than it can be."""
    began, found = time.monotonic(), b""
    for part in answer.iter_content(8192):
        found += part
        if len(found) > MOST or time.monotonic() - began > LONGEST:
            raise Elsewhere("It answers too much, or too slowly.")
    return found


class _Pinned(HTTPSConnection):
    """Goes to the address that was looked at; the certificate is still asked for the name."""

    def _new_conn(self) -> Any:
        self._dns_host = outside.addresses(self.host, self.port)[0]
        return super()._new_conn()


class _Pool(HTTPSConnectionPool):
    ConnectionCls = _Pinned


class _Open(HTTPAdapter):
    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = {"https": _Pool}

    def send(self, request: requests.PreparedRequest, **options: Any) -> requests.Response:
        try:
            parts = urlsplit(request.url)
            if parts.port not in (None, 443) or parts.username or parts.password:
                raise Elsewhere("Not the usual door of a service.")
            return super().send(request, **options)
        except (outside.Closed, outside.Away, ValueError) as error:
            raise Elsewhere("Not an address on the open internet.") from error
