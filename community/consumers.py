"""The door of a page to what happens: lets the signed in in, joins rooms they may read, and hands
what they send to the operations behind the forms. No rules here, and no queries."""

from __future__ import annotations

import asyncio
import json
import logging
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from channels.exceptions import StopConsumer
from channels.generic.websocket import AsyncWebsocketConsumer
from django.conf import settings

from community.live import admission, near, speaking
from community.live.hub import FLOOD, hub
from community.live.sockets import ROOMS_PER_SOCKET, Queue, Socket

log = logging.getLogger(__name__)

ADMIT_SECONDS = 5.0
KEY_LETTERS = 64
SIGNS = {"typing": 2.0, "here": 20.0}
"""Signs of being there, and how many seconds must lie between two of them in a room."""


class PageConsumer(AsyncWebsocketConsumer):
    """One open page of somebody who is signed in."""

    socket: Socket | None = None

    async def dispatch(self, message: dict[str, Any]) -> None:
        # Channels would look for old database connections here; there are none in this loop.
        await getattr(self, message["type"].replace(".", "_"))(message)

    async def connect(self) -> None:
        hub.start()
        began = time.monotonic()
        key = self.scope["cookies"].get(settings.SESSION_COOKIE_NAME, "")
        found = None
        if 0 < len(key) <= KEY_LETTERS and not hub.is_full:
            try:
                found = await asyncio.wait_for(hub.ask(admission.admit, key), ADMIT_SECONDS)
            except Exception as error:
                log.warning("Live: somebody could not be let in: %s", error)
        if found is None:
            await self.close()  # before it is open: 403
            return
        await self.accept()
        writer = self.scope["extensions"].get("tequio.frames") or Queue(self.send, self.close)
        self.signs: dict[tuple[str, int], float] = {}
        self.socket = Socket(found, hub.person(found.member), writer, self.close)
        hub.enter(self.socket)
        if hub.changed_since(began, self.socket):
            hub.begin(hub.examine([self.socket]))

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        socket = self.socket
        if socket is None or socket.ending:
            return
        may = socket.may_ask()
        if may is None:
            hub.end(socket, FLOOD, "too fast")
        elif may and text_data:
            with suppress(ValueError, RecursionError):
                frame = json.loads(text_data)
                if isinstance(frame, dict):
                    await self._take(socket, frame)

    async def _take(self, socket: Socket, frame: dict[str, Any]) -> None:
        what, room = frame.get("t"), frame.get("room")
        if type(room) is not int or not 0 < room < 2**63:
            return
        if what == "join":
            await self._join(socket, room)
        elif room not in socket.seats:
            return
        elif what == "leave":
            hub.leave(socket, room)
            await near.sign(hub, socket, room, "away")
        elif what == "send":
            await self._send(socket, frame)
        elif what == "read" and type(frame.get("seq")) is int:
            await self._safely(speaking.read, socket.person.pk, room, frame["seq"])
        elif what in SIGNS and self._not_lately(what, room):
            await near.sign(hub, socket, room, what)

    async def _join(self, socket: Socket, room: int) -> None:
        if room in socket.seats or len(socket.seats) >= ROOMS_PER_SOCKET:
            return
        for _try in range(3):
            began = time.monotonic()
            found = await self._safely(admission.take_seat, socket.person.pk, room)
            if socket.ending or found is None:
                break
            if hub.changed_since(began, socket):
                continue
            seat, latest, stamp = found
            hub.stamps.setdefault(room, stamp)
            socket.say({"t": "joined", "room": room, "seq": hub.join(socket, room, seat, latest)})
            near.snapshot(hub, socket, room)
            return
        if not socket.ending:
            socket.say({"t": "closed", "room": room, "why": "gone"})

    async def _send(self, socket: Socket, frame: dict[str, Any]) -> None:
        if not socket.person.sent.take():
            socket.say(speaking.too_fast(frame, socket.admission.language))
            return
        answer = await self._safely(speaking.say, socket.person.pk, frame)
        if answer is not None and not socket.ending:
            socket.say(answer)

    async def _safely(self, work: Callable[..., Any], *values: Any) -> Any:
        """What it answers, or None where it could not be done now: the browser tries again."""
        try:
            return await hub.ask(work, *values)
        except Exception:
            log.exception("Live: %s", work.__name__)
            return None

    def _not_lately(self, what: str, room: int) -> bool:
        now = time.monotonic()
        if now - self.signs.get((what, room), -SIGNS[what]) < SIGNS[what]:
            return False
        self.signs[what, room] = now
        return True

    async def websocket_disconnect(self, message: dict[str, Any]) -> None:
        socket, self.socket = self.socket, None
        if socket is not None:
            rooms = list(socket.seats)
            hub.gone(socket)
            for room in rooms:
                if not any(room in other.seats for other in socket.person.sockets):
                    await near.sign(hub, socket, room, "away")
        raise StopConsumer()
