"""A page as the server sees it: a socket with a session that joins rooms and hears what happens."""

from __future__ import annotations

import asyncio
import json
import socket as network
import threading
import time
from collections.abc import Callable
from functools import cache
from typing import Any

from django.conf import settings
from django.test import Client
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import connect

from community.live.hub import hub
from community.models import Member, Room
from community.routing import sockets

SOON = 3.0


class Page:
    def __init__(self, url: str, origin: str | None, cookie: str, **options: Any):
        headers = {"Cookie": cookie} if cookie else {}
        self.socket = connect(
            url, origin=origin, additional_headers=headers, compression=None, open_timeout=10,
            close_timeout=1, ping_interval=None, **options,
        )  # fmt: skip
        self.heard: list[dict[str, Any]] = []
        self.at: list[float] = []

    def say(self, **frame: Any) -> None:
        self.socket.send(json.dumps(frame))

    def next(self, seconds: float = SOON) -> dict[str, Any] | None:
        """The next frame; None: nothing came, or it was closed."""
        try:
            frame = json.loads(self.socket.recv(timeout=seconds))
        except (TimeoutError, ConnectionClosed):
            return None
        self.heard.append(frame)
        self.at.append(time.monotonic())
        return frame

    def wait(self, kind: str, seconds: float = SOON, **fields: Any) -> dict[str, Any] | None:
        """The next frame of that kind, with these values; None if there is none in time."""
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            frame = self.next(left)
            if frame is None:
                return None
            if frame["t"] == kind and fields.items() <= frame.items():
                return frame
        return None

    def all(self, kind: str = "", seconds: float = 0.5) -> list[dict[str, Any]]:
        """Everything that comes until it is quiet for so long; not the beat, which comes by the
        clock."""
        found = []
        while frame := self.next(seconds):
            found.append(frame)
        return [frame for frame in found if frame["t"] != "beat" and kind in ("", frame["t"])]

    def join(self, room: Room) -> bool:
        self.say(t="join", room=room.pk, after=0)
        while frame := self.next():
            if frame.get("room") == room.pk and frame["t"] in ("joined", "closed"):
                return frame["t"] == "joined"
        return False

    def closed_with(self, seconds: float = SOON) -> int | None:
        """The code that it is closed with in time."""
        end = time.monotonic() + seconds
        try:
            while (left := end - time.monotonic()) > 0:
                self.heard.append(json.loads(self.socket.recv(timeout=left)))
        except ConnectionClosed as closed:
            return closed.rcvd.code if closed.rcvd else 1006
        except TimeoutError:
            return None
        return None

    def close(self) -> None:
        self.socket.close()


class Live:
    """The site's sockets, on a port of their own: one for all tests of a process, as its hub is.

    ``pages`` answers what is no socket, where a test wants pages too.
    """

    pages: Callable | None = None

    @classmethod
    @cache
    def shared(cls) -> Live:
        return cls()._start()

    async def application(self, scope: dict, receive: Callable, send: Callable) -> None:
        await (sockets if scope["type"] == "websocket" else self.pages)(scope, receive, send)

    def _start(self) -> Live:
        from config.sockets import server

        self.listener = network.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.host = f"localhost:{self.port}"
        self.server = server(self.application, patience=1)
        if "localhost" not in settings.ALLOWED_HOSTS:
            settings.ALLOWED_HOSTS.append("localhost")
        self.thread = threading.Thread(target=self._run, daemon=True)
        self.thread.start()
        until(lambda: self.server.started, 30)
        return self

    def _run(self) -> None:
        asyncio.run(self.server.serve(sockets=[self.listener]))

    def until_it_hears(self) -> None:
        until(lambda: hub.hears, 10)

    def page(self, member: Member | None, *, origin: str | None = "", **options: Any) -> Page:
        cookie = ""
        if member is not None:
            client = options.pop("client", None) or Client()
            if settings.SESSION_COOKIE_NAME not in client.cookies:
                client.force_login(member)
            kept = client.cookies[settings.SESSION_COOKIE_NAME]
            cookie = f"{kept.key}={kept.value}"
        origin = f"http://{self.host}" if origin == "" else origin
        return Page(f"ws://{self.host}{options.pop('path', '/ws/')}", origin, cookie, **options)

    def refusal(self, member: Member | None, **options: Any) -> int | None:
        """The status with which a socket is refused before it opens; None: it opens."""
        try:
            self.page(member, **options).close()
        except InvalidStatus as refused:
            return refused.response.status_code
        return None

    def clear(self) -> None:
        until(lambda: not hub.people, 10)
        self.inside(lambda: (hub.latest.clear(), hub.stamps.clear(), hub.here.clear()))

    def inside(self, what: Callable[[], Any]) -> Any:
        """Do something in the loop of the server."""
        done: list[Any] = []
        hub._loop.call_soon_threadsafe(lambda: done.append(what()))
        until(lambda: bool(done), 5)
        return done[0]


def until(is_so: Callable[[], bool], seconds: float) -> float:
    began = time.monotonic()
    while not is_so():
        assert time.monotonic() - began < seconds, f"not after {seconds:.0f} s"
        time.sleep(0.01)
    return time.monotonic() - began
