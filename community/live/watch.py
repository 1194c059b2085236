"""Asks the database every few seconds what holds, for whatever nobody said or nobody heard.

With Valkey at hand that is a safety net; without it, it is how people who were removed stop
hearing, and how pages learn that something new was said, within five seconds.
"""

from __future__ import annotations

import asyncio
import logging
import time
from contextlib import suppress
from typing import TYPE_CHECKING

from community import live
from community.live import admission, counts, near
from community.live.sockets import Socket, said

if TYPE_CHECKING:
    from community.live.hub import Hub

log = logging.getLogger(__name__)

ALONE_SECONDS = 2.5
"""Between two looks while Valkey is away."""
SOON_SECONDS, LATE_SECONDS = 4.0, 20.0
SHARE = 20
"""A look may take one part in so many of the time, as long as Valkey says what happens."""
PATIENCE_SECONDS = 10.0
BLIND_SECONDS = 30.0
"""When nothing could be asked for so long, everybody is sent away: nobody knows who may stay."""
GRACE_SECONDS = 0.7
"""A number that the database knows and nobody has said yet may still be on its way."""
AT_ONCE = 40
BEAT_SECONDS = 20.0


async def watch(hub: Hub) -> None:
    pause, seen = SOON_SECONDS, time.monotonic()
    while True:
        with suppress(TimeoutError):
            await asyncio.wait_for(hub.stir.wait(), pause)
        hub.stir.clear()
        began = time.monotonic()
        try:
            await asyncio.wait_for(_look(hub), PATIENCE_SECONDS)
            seen = time.monotonic()
        except Exception as error:
            log.warning("Live: the database could not be asked who is here: %s", error)
            if time.monotonic() - seen > BLIND_SECONDS:
                for socket in _all(hub):
                    hub.end(socket, 1012, "restart")
        near.expire(hub)
        took = time.monotonic() - began
        pause = min(LATE_SECONDS, max(SOON_SECONDS, took * SHARE)) if hub.hears else ALONE_SECONDS


def _all(hub: Hub) -> list[Socket]:
    return [socket for person in hub.people.values() for socket in person.sockets]


async def _look(hub: Hub) -> None:
    sockets = _all(hub)
    counts.held(len(sockets))
    await hub.ask_first(live.leave_sign)
    if not sockets:
        return
    rooms = {room for socket in sockets for room in socket.seats}
    looked = await hub.ask_first(
        admission.look,
        {socket.admission.key for socket in sockets},
        {socket.person.pk for socket in sockets},
        rooms,
    )
    moved = {room for room in rooms if looked.rooms.get(room) != hub.stamps.get(room)}
    suspects = []
    for socket in sockets:
        mine = socket.admission
        if mine.key not in looked.sessions or mine.member not in looked.people:
            hub.end(socket, 4401, "signed out")
        elif (
            looked.people[mine.member] != mine.stamp
            or mine.until < time.time()
            or not moved.isdisjoint(socket.seats)
        ):
            suspects.append(socket)
    for place in range(0, len(suspects), AT_ONCE):
        await hub.examine(suspects[place : place + AT_ONCE])
    for room in moved:
        if f"room:{room}" in hub.listening:
            hub.stamps[room] = looked.rooms.get(room, "")
    late = {room: seq for room, seq in looked.latest.items() if seq > hub.latest.get(room, seq)}
    if late:
        hub.begin(_catch_up(hub, late))


async def _catch_up(hub: Hub, late: dict[int, int]) -> None:
    """Tell those in a room that something was said there which they did not hear."""
    if hub.hears:
        await asyncio.sleep(GRACE_SECONDS)
    for room, seq in late.items():
        if seq > hub.latest.get(room, seq):
            hub.latest[room] = seq
            frame = said({"t": "at", "room": room, "seq": seq})
            for socket in hub.listening.get(f"room:{room}", ()):
                socket.put(frame)


async def beat(hub: Hub) -> None:
    while True:
        await asyncio.sleep(BEAT_SECONDS)
        await one_beat(hub)


async def one_beat(hub: Hub) -> None:
    """Say how far each room is: a page that heard less notices the gap, and one that hears
    nothing knows that its line is dead."""
    frames: dict[tuple[int, ...], bytes] = {}
    for place, socket in enumerate(_all(hub)):
        rooms = tuple(socket.seats)
        if rooms not in frames:
            latest = {room: hub.latest.get(room, 0) for room in rooms}
            frames[rooms] = said({"t": "beat", "rooms": latest})
        socket.put(frames[rooms])
        if place % 500 == 499:
            await asyncio.sleep(0)
