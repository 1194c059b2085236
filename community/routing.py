"""Knows the address of sockets, and from which pages one may be opened: our own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from channels.routing import URLRouter
from channels.sessions import CookieMiddleware
from django.conf import settings
from django.http.request import split_domain_port, validate_host
from django.urls import path, re_path

from community.consumers import PageConsumer


class SameOrigin:
    """Refuses a socket, before it opens, that a page of another site wants, or no page at all.

    The browser sends the cookie along from wherever the socket is opened, and says from where.
    """

    def __init__(self, application: Callable):
        self.application = application

    async def __call__(self, scope: dict[str, Any], receive: Callable, send: Callable) -> None:
        if _is_ours(dict(scope["headers"])):
            await self.application(scope, receive, send)
        else:
            await nobody(scope, receive, send)


def _is_ours(headers: dict[bytes, bytes]) -> bool:
    host, _port = split_domain_port(headers.get(b"host", b"").decode("latin-1").lower())
    try:
        origin = urlsplit(headers.get(b"origin", b"").decode("latin-1").lower())
        theirs = f"[{origin.hostname}]" if ":" in (origin.hostname or "") else origin.hostname
    except ValueError:
        return False
    schemes = {"https"} if settings.HTTPS else {"http", "https"}
    allowed = settings.ALLOWED_HOSTS or ["localhost", "127.0.0.1", "[::1]"]
    return (
        bool(host) and origin.scheme in schemes and theirs == host and validate_host(host, allowed)
    )


async def nobody(scope: dict[str, Any], receive: Callable, send: Callable) -> None:
    """Answers at every socket address that there is not: refused before it opens."""
    await receive()
    await send({"type": "websocket.close", "code": 4404})


sockets = SameOrigin(
    CookieMiddleware(URLRouter([path("ws/", PageConsumer.as_asgi()), re_path(r"", nobody)]))
)
