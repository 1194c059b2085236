"""Tells open pages what has just happened; whoever changes something says so here.

    live.publish_on_commit(f"room:{room.pk}", {"t": "message", "room": room.pk, "seq": 7, …}, by=…)
    live.close_on_commit(member.pk)

The truth is in PostgreSQL, and a page that missed a frame finds it there: so a frame may get lost,
and saying one neither breaks nor delays a request. Valkey gets a quarter of a second; after an
error nobody tries again for five. What is said goes to every `live` process (hub.py), each of
which hands it to its own sockets.
"""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Callable, Iterable
from functools import cache
from typing import Any

import redis
from django.conf import settings
from django.core.cache import cache as valkey
from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, transaction
from redis.backoff import NoBackoff
from redis.retry import Retry

log = logging.getLogger(__name__)

TIMEOUT_SECONDS = 0.25
QUIET_SECONDS = 5.0
CLOSE = "close"
"""The channel of what is not for pages but for the hubs: whom to look at anew."""
_SIGN = "heartbeat:live"

_quiet_until = 0.0
_neighbours: list[Callable[[list[bytes]], None]] = []
"""Hubs in this very process: they hear it even while Valkey is away."""


By = int | Iterable[int] | None
"""Whose doing it is: a member's number, or several."""

PERSONAL = 0
"""Among ``By``: not even who leads the room gets it of somebody they keep apart from."""


def publish_on_commit(channel: str, frame: dict[str, Any], *, by: By = None) -> None:
    """Send a frame to everybody who listens to `room:<id>`, `member:<id>` or `session:<key>`.

    In a room, ``by`` is whose words it carries (an answer: theirs and those of whom it answers);
    who keeps apart from one of them does not get it. Who leads there reads everybody's words all
    the same, but not what ``PERSONAL`` stands beside: what somebody does there. A frame with a
    ``seq`` is only for those who may read that number.
    """
    publish_all_on_commit([(channel, frame)], by=by)


def publish_all_on_commit(frames: Iterable[tuple[str, dict[str, Any]]], *, by: By = None) -> None:
    """The same for many channels at once, in one journey to Valkey."""
    packed = [pack(channel, frame, by) for channel, frame in frames]
    if packed:
        _say_on_commit(packed)


def close_on_commit(who: int | str | tuple[int, Iterable[int]]) -> None:
    """Look anew at the open sockets of a member, of a session key, or of (member, room ids).

    For every change that may take something from somebody: an ended session, a suspension, a
    removal, another ring, a block. The hubs ask the database at once what still holds; a socket
    whose session or person is gone gets its last frame and is closed, a room that may no longer be
    read is left. Nobody is closed who may stay.
    """
    if isinstance(who, tuple):
        who = who[0]
    key = "member" if isinstance(who, int) else "session"
    _say_on_commit([pack(CLOSE, {key: who})])


def close_room_on_commit(room: int) -> None:
    """The same for everybody who listens to a room: after it changed who may read it."""
    _say_on_commit([pack(CLOSE, {"room": room})])


def close_all_on_commit() -> None:
    """Look anew at every open socket: after everybody was signed out, or the doors were shut."""
    _say_on_commit([pack(CLOSE, {})])


# Whether a process is there that hears it


def leave_sign() -> None:
    """Called every few seconds by each `live` process."""
    valkey.set(_SIGN, time.time(), 3600)


def seconds_since_sign() -> float | None:
    """None when no sign is known: no such process ran lately, or Valkey is away."""
    at = valkey.get(_SIGN)
    return None if at is None else max(0.0, time.time() - at)


# On the wire: "channel by seq", a line's end, and the bytes that every page gets


def pack(channel: str, frame: dict[str, Any], by: By = None) -> bytes:
    body = json.dumps(frame, cls=DjangoJSONEncoder, ensure_ascii=False, separators=(",", ":"))
    whose = [by] if isinstance(by, int) else list(by or ())
    return f"{channel} {','.join(map(str, whose))} {frame.get('seq') or 0}\n{body}".encode()


def unpack(packed: bytes) -> tuple[str, frozenset[int], int, bytes]:
    """Channel, whose doing, the number in the room (or 0), the frame as it goes out."""
    head, _, body = packed.partition(b"\n")
    channel, by, seq = head.decode().split(" ")
    return channel, frozenset(map(int, by.split(","))) if by else frozenset(), int(seq), body


def topic() -> str:
    """What hubs subscribe to: one for each database, so that sites and tests never meet."""
    return f"tequio:live:{connection.settings_dict['NAME']}"


@cache
def _client() -> redis.Redis:
    return redis.Redis.from_url(
        settings.REDIS_URL,
        socket_timeout=TIMEOUT_SECONDS,
        socket_connect_timeout=TIMEOUT_SECONDS,
        retry=Retry(NoBackoff(), 0),
    )


def _say_on_commit(packed: list[bytes]) -> None:
    def say() -> None:
        _say(packed)

    transaction.on_commit(say, robust=True)


def _say(packed: list[bytes]) -> None:
    global _quiet_until
    # The cache lies in the same server: whoever waited for it in vain need not wait again.
    if time.monotonic() >= _quiet_until and not valkey.is_away:
        try:
            with _client().pipeline(transaction=False) as pipe:
                for one in packed:
                    pipe.publish(topic(), one)
                pipe.execute()
            return
        except Exception as error:  # whatever it is: nothing that was saved may fail for it
            _quiet_until = time.monotonic() + QUIET_SECONDS
            log.warning("Open pages were not told: %s", error)
    for tell in _neighbours:
        tell(packed)
