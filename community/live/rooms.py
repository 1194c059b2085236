"""Writes what is said in rooms to those who hear it: at once, or in a burst together.

Writing to a socket costs the kernel the same for one message as for five. So after a room was
written to, the hub rests twice as long as that took; what is said meanwhile goes out in one piece.
A small room notices nothing, one of 500 pages waits 16 ms in a burst.
"""

from __future__ import annotations

import asyncio
import time
from collections import defaultdict
from typing import NamedTuple

from community import live
from community.live import counts
from community.live.sockets import Seat, Socket, framed

REST = 2.0
"""Times as long as the writing took."""
LONGEST_REST = 0.05


class Said(NamedTuple):
    by: frozenset[int]
    """Whoever keeps apart from these does not hear it."""
    seq: int
    frame: bytes

    def is_heard(self, socket: Socket, seat: Seat) -> bool:
        if 0 < self.seq <= seat.after:
            return False
        if seat.hears_all and live.PERSONAL not in self.by:
            return True
        return self.by.isdisjoint(socket.admission.apart)


class Rooms:
    """What was said in the rooms of this process, on its way to their sockets."""

    def __init__(self, listening: dict[str, set[Socket]]) -> None:
        self._listening = listening
        self._waiting: dict[int, list[Said]] = defaultdict(list)
        self._rests_until = 0.0
        self._alarm: asyncio.TimerHandle | None = None

    def say(self, room: int, by: frozenset[int], seq: int, body: bytes) -> None:
        self._waiting[room].append(Said(by, seq, framed(body)))
        rest = self._rests_until - time.monotonic()
        if rest <= 0:
            self._write_all()
        elif self._alarm is None:
            self._alarm = asyncio.get_running_loop().call_later(rest, self._write_all)

    def forget(self) -> None:
        """Begin anew, in another loop; pages ask the database for what they miss."""
        self._waiting.clear()
        self._alarm, self._rests_until = None, 0.0

    def _write_all(self) -> None:
        if self._alarm is not None:
            self._alarm.cancel()
            self._alarm = None
        waiting, self._waiting = self._waiting, defaultdict(list)
        began = time.monotonic()
        for room, said in waiting.items():
            counts.sent(_write(room, said, self._listening.get(f"room:{room}", ())))
        ended = time.monotonic()
        self._rests_until = ended + min(LONGEST_REST, (ended - began) * REST)


def _write(room: int, said: list[Said], sockets: set[Socket] | tuple[()]) -> int:
    """Each socket gets its part in one piece; most of them get all of it."""
    whole = [one.frame for one in said]
    by = frozenset().union(*(one.by for one in said))
    first = min((one.seq for one in said if one.seq > 0), default=None)
    number = 0
    for socket in sockets:
        seat = socket.seats[room]
        if (first is None or seat.after < first) and by.isdisjoint(socket.admission.apart):
            part = whole
        else:
            part = [one.frame for one in said if one.is_heard(socket, seat)]
            if not part:
                continue
        socket.put(*part)
        number += len(part)
    return number
