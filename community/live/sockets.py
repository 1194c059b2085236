"""Knows one open socket: whose it is, what it hears, how much it may ask, how it is written to."""

from __future__ import annotations

import asyncio
import json
import struct
import time
from collections import deque
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Protocol

ROOMS_PER_SOCKET = 20
"""Rooms one page may listen to."""
FRAMES, SENT, WITHIN = 60, 20, 10.0
"""So many frames of any kind, and so many messages, in so many seconds."""
PATIENCE = 3
"""Frames that are too many are passed over; so many times the allowed ones are a flood, and the
socket is closed."""


def framed(body: bytes) -> bytes:
    """A text frame as it stands on the wire, from a server."""
    length = len(body)
    if length < 126:
        return bytes((0x81, length)) + body
    if length < 65_536:
        return struct.pack("!BBH", 0x81, 126, length) + body
    return struct.pack("!BBQ", 0x81, 127, length) + body


def unframed(frame: bytes) -> str:
    """The text of such a frame, for servers that want to frame it themselves."""
    return frame[{126: 4, 127: 10}.get(frame[1], 2) :].decode()


def said(frame: dict[str, Any]) -> bytes:
    return framed(json.dumps(frame, ensure_ascii=False, separators=(",", ":")).encode())


@dataclass(frozen=True)
class Admission:
    """What the database said of a session: who it is, and what that depended on."""

    key: str
    member: int
    name: str
    language: str
    until: float
    """The clock's time at which the session must be asked for again."""
    apart: frozenset[int]
    """Whom they blocked, and who blocked them."""
    shown: bool
    """Whether others see that they are here and writing."""
    stamp: str
    """Of all that their rights follow from: another one means that they must be asked for."""


@dataclass(frozen=True)
class Seat:
    """What somebody hears in a room: what comes after a number, and whether blocks hide nothing."""

    after: int = 0
    hears_all: bool = False


class Bucket:
    """Lets through so many in a span of time, and fills again evenly."""

    __slots__ = ("at", "left", "most", "within")

    def __init__(self, most: int, within: float):
        self.most, self.within = most, within
        self.left, self.at = float(most), time.monotonic()

    def take(self) -> bool:
        now = time.monotonic()
        self.left = min(self.most, self.left + (now - self.at) * self.most / self.within)
        self.at = now
        if self.left < 1:
            return False
        self.left -= 1
        return True


class Writer(Protocol):
    """Writes frames to one browser without waiting for it."""

    def put(self, *frames: bytes) -> bool:
        """False: nobody reads there any more."""

    def cut(self) -> None:
        """End it without another word."""


class Queue:
    """A writer for servers that do not let us write frames ourselves: one after the other."""

    MOST = 64

    def __init__(self, send: Callable[..., Awaitable[None]], close: Callable[..., Awaitable[None]]):
        self._waiting: deque[bytes] = deque()
        self._send, self._close = send, close
        self._task: asyncio.Task | None = None

    def put(self, *frames: bytes) -> bool:
        if len(self._waiting) >= self.MOST:
            self.cut()
            return False
        self._waiting += frames
        if self._task is None:
            self._task = asyncio.get_running_loop().create_task(self._write())
        return True

    def cut(self) -> None:
        self._waiting.clear()
        self._task = asyncio.get_running_loop().create_task(self._close(1008))

    async def _write(self) -> None:
        with suppress(Exception):
            while self._waiting:
                await self._send(text_data=unframed(self._waiting.popleft()))
        self._task = None


@dataclass(eq=False)
class Person:
    """Somebody with at least one open socket in this process."""

    pk: int
    sockets: dict[Socket, None] = field(default_factory=dict)
    """The oldest first."""
    sent: Bucket = field(default_factory=lambda: Bucket(SENT, WITHIN))
    sees: dict[int, bool] = field(default_factory=dict)
    """Member → whether the two may see each other; known once asked."""


@dataclass(eq=False)
class Socket:
    """One open page."""

    admission: Admission
    person: Person
    writer: Writer
    close: Callable[[int], Awaitable[None]]
    seats: dict[int, Seat] = field(default_factory=dict)
    """Room → what is heard there."""
    frames: Bucket = field(default_factory=lambda: Bucket(FRAMES, WITHIN))
    patience: Bucket = field(default_factory=lambda: Bucket(FRAMES * PATIENCE, WITHIN))
    ending: bool = False

    def __post_init__(self) -> None:
        self.put = self.writer.put

    def say(self, frame: dict[str, Any]) -> None:
        self.put(said(frame))

    def may_ask(self) -> bool | None:
        """Whether a frame of theirs is looked at; None: it is a flood, and the end."""
        if self.frames.take():
            return True
        return False if self.patience.take() else None
