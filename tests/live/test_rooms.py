"""What is said in a burst goes out together: whole, in order, and only to who hears it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from community import live
from community.live import rooms
from community.live.rooms import Rooms
from community.live.sockets import Admission, Person, Seat, Socket, framed

ROOM = 7
EVERYTHING = Seat()


class Page:
    """Keeps each piece that was written to it."""

    def __init__(self, *, apart: tuple[int, ...] = (), seat: Seat = EVERYTHING):
        self.pieces: list[bytes] = []
        admission = Admission("key", 1, "Ada", "en", 0.0, frozenset(apart), True, "")
        self.socket = Socket(admission, Person(1), self, self._close, {ROOM: seat})

    def put(self, *frames: bytes) -> bool:
        self.pieces.append(b"".join(frames))
        return True

    def cut(self) -> None: ...

    async def _close(self, code: int) -> None: ...


def say_in_a_burst(pages: list[Page], said: list[tuple[int, int]]) -> None:
    """(by, seq) each; the first is written at once, the rest while the room rests."""

    async def burst() -> None:
        here = Rooms({f"room:{ROOM}": {page.socket for page in pages}})
        for by, seq in said:
            here.say(ROOM, frozenset({by}), seq, b"%d" % seq)
            here._rests_until = asyncio.get_running_loop().time() + 0.02
        await asyncio.sleep(0.1)

    run(burst)


def run(work: Callable[[], Coroutine[Any, Any, None]]) -> None:
    """In a thread of its own: a browser of another test may keep a loop running in this one."""
    with ThreadPoolExecutor(1) as pool:
        pool.submit(lambda: asyncio.run(work())).result()


def wire(*numbers: int) -> bytes:
    return b"".join(framed(b"%d" % number) for number in numbers)


def test_the_first_goes_at_once_and_the_rest_in_one_piece_in_order():
    page = Page()
    say_in_a_burst([page], [(2, 1), (3, 2), (2, 3), (3, 4)])
    assert page.pieces == [wire(1), wire(2, 3, 4)]


def test_in_a_burst_too_nobody_hears_those_they_keep_apart_from():
    kept_apart, leading = Page(apart=(3,)), Page(apart=(3,), seat=Seat(hears_all=True))
    say_in_a_burst([kept_apart, leading], [(2, 1), (3, 2), (2, 3), (3, 4)])
    assert kept_apart.pieces == [wire(1), wire(3)]
    assert leading.pieces == [wire(1), wire(2, 3, 4)]


def test_what_somebody_does_is_not_heard_by_those_apart_even_if_they_lead():
    page = Page(apart=(3,), seat=Seat(hears_all=True))
    here = Rooms({f"room:{ROOM}": {page.socket}})
    here.say(ROOM, frozenset({3, live.PERSONAL}), 0, b"1")
    here._rests_until = 0.0
    here.say(ROOM, frozenset({3}), 0, b"2")
    assert page.pieces == [wire(2)]


def test_in_a_burst_too_nobody_hears_what_was_said_before_they_may_read():
    page = Page(seat=Seat(after=3))
    say_in_a_burst([page], [(2, 2), (2, 3), (2, 4), (2, 5)])
    assert page.pieces == [wire(4, 5)]


def test_who_left_meanwhile_hears_nothing_more():
    page, other = Page(), Page()

    async def burst() -> None:
        listening = {f"room:{ROOM}": {page.socket, other.socket}}
        here = Rooms(listening)
        here.say(ROOM, frozenset({2}), 1, b"1")
        here._rests_until = asyncio.get_running_loop().time() + 0.02
        here.say(ROOM, frozenset({2}), 2, b"2")
        listening[f"room:{ROOM}"].discard(page.socket)
        del page.socket.seats[ROOM]
        await asyncio.sleep(0.1)

    run(burst)
    assert page.pieces == [wire(1)]
    assert other.pieces == [wire(1), wire(2)]


@pytest.mark.parametrize(("took", "rests"), [(0.0001, 0.0002), (0.008, 0.016), (1.0, 0.05)])
def test_a_room_rests_as_its_writing_took(took, rests, monkeypatch):
    clock = [100.0]
    monkeypatch.setattr(rooms.time, "monotonic", lambda: clock[0])

    class Slow(Page):
        def put(self, *frames: bytes) -> bool:
            clock[0] += took
            return super().put(*frames)

    here = Rooms({f"room:{ROOM}": {Slow().socket}})
    here.say(ROOM, frozenset({2}), 1, b"1")
    assert here._rests_until - clock[0] == pytest.approx(rests)
