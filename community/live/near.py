"""Knows who is here and who is writing, and tells it only to people who may see each other.

Nothing of it is stored. It is said to all processes, each of which asks the database once for
every two people whether they may see each other, both ways; whoever chose not to be seen is
never said, and sees nobody. In a room with very many people at once nobody is told.
"""

from __future__ import annotations

import asyncio
import json
import logging
import time
from typing import TYPE_CHECKING

from community.live import admission
from community.live.sockets import Person, Socket, framed, said

if TYPE_CHECKING:
    from community.live.hub import Hub

log = logging.getLogger(__name__)

MOST_PEOPLE = 30
"""In a room with more people than this at once, nobody sees who is here or writing."""
HERE_SECONDS = 75.0
"""How long somebody counts as here after the last sign of them."""


def hear(hub: Hub, room: int, body: bytes) -> None:
    """Somebody gave a sign: {"t": "typing" | "here" | "away", "room", "who", "name"}."""
    frame = json.loads(body)
    who = frame["who"]
    here = hub.here.setdefault(room, {})
    if frame["t"] == "away":
        here.pop(who, None)
    elif frame["t"] == "here":
        known = who in here
        here[who] = (frame["name"], time.monotonic() + HERE_SECONDS)
        if known:
            return  # nothing new for anybody
    if f"room:{room}" not in hub.listening:
        if not here:
            del hub.here[room]
        return
    _tell(hub, room, who, framed(body))


def snapshot(hub: Hub, socket: Socket, room: int) -> None:
    """Tell a page that joined who is here already."""
    now = time.monotonic()
    here = hub.here.get(room, {})
    for who, (name, until) in list(here.items()):
        if until < now:
            del here[who]
        elif who != socket.person.pk:
            frame = said({"t": "here", "room": room, "who": who, "name": name})
            _tell(hub, room, who, frame, only=socket)


def expire(hub: Hub) -> None:
    """Forget those who gave no sign for a while, and say so."""
    now = time.monotonic()
    for room, here in list(hub.here.items()):
        for who, (_name, until) in list(here.items()):
            if until < now:
                del here[who]
                _tell(hub, room, who, said({"t": "away", "room": room, "who": who}))
        if not here:
            del hub.here[room]


async def sign(hub: Hub, socket: Socket, room: int, what: str) -> None:
    """Say that somebody is here, went away or is writing, unless they chose not to be seen."""
    mine = socket.admission
    known = mine.member in hub.here.get(room, {})
    if mine.shown and (known if what == "away" else room in socket.seats):
        frame = {"t": what, "room": room, "who": mine.member, "name": mine.name}
        await hub.say(f"near:{room}", frame)


def _tell(hub: Hub, room: int, who: int, frame: bytes, *, only: Socket | None = None) -> None:
    sockets = [only] if only else list(hub.listening.get(f"room:{room}", ()))
    people = {socket.person for socket in hub.listening.get(f"room:{room}", ())}
    if len(people) > MOST_PEOPLE:
        return
    unknown: dict[Person, list[Socket]] = {}
    for socket in sockets:
        if socket.person.pk == who or not socket.admission.shown:
            continue
        sees = socket.person.sees.get(who)
        if sees:
            socket.put(frame)
        elif sees is None:
            unknown.setdefault(socket.person, []).append(socket)
    if unknown:
        hub.begin(_ask_and_tell(hub, room, who, frame, unknown))


async def _ask_and_tell(
    hub: Hub, room: int, who: int, frame: bytes, unknown: dict[Person, list[Socket]]
) -> None:
    try:
        found: dict[int, bool] = await asyncio.wait_for(
            hub.ask(admission.acquainted, who, [person.pk for person in unknown]), 5.0
        )
    except Exception as error:
        log.warning("Live: who sees whom could not be asked: %s", error)
        return
    for person, sockets in unknown.items():
        person.sees[who] = found.get(person.pk, False)
        if person.sees[who]:
            for socket in sockets:
                if room in socket.seats:
                    socket.put(frame)
