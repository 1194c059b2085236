"""Hands what is said to the sockets of this process: one subscription, one loop over its own.

A frame comes from Valkey as the bytes that go out, and is written to everybody who listens and may
hear it. The hub asks nothing of the database while it does so. Whether people may still hear what
they listen to is asked when somebody says that it changed (`examine`), and every few seconds
(watch.py); what is asked runs in threads.
"""

from __future__ import annotations

import asyncio
import json
import logging
import time
from collections import defaultdict, deque
from collections.abc import Callable, Coroutine, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from typing import Any

import redis.asyncio as redis
from django.conf import settings
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

from community import live
from community.live import admission, counts, near
from community.live.rooms import Rooms
from community.live.sockets import Person, Socket, framed

log = logging.getLogger(__name__)

SOCKETS_PER_PERSON = 5
ASKED_SECONDS = 1.0
"""So long Valkey may be silent before it is asked whether it is there, and as long to answer."""
PAUSE_SECONDS = 0.5
EXAMINED_SECONDS = 3.0
"""A socket that cannot be examined in so long is closed: whose it is may have changed."""

SIGNED_OUT, ELSEWHERE, FLOOD, RESTART = 4401, 4409, 4429, 1012
"""Codes that say why: the session or person is gone, too many pages, too many frames, come back."""


class Hub:
    def __init__(self) -> None:
        self.listening: dict[str, set[Socket]] = defaultdict(set)
        self.people: dict[int, Person] = {}
        self.latest: dict[int, int] = {}
        """Room → the newest number heard of, of rooms that somebody listens to."""
        self.stamps: dict[int, str] = {}
        """Room → the digest of what decided who reads it, when it was last looked at."""
        self.here: dict[int, dict[int, tuple[str, float]]] = {}
        """Room → who is here: their name, and until when (near.py)."""
        self._rooms = Rooms(self.listening)
        self._mouth: redis.Redis | None = None
        self.hears = False
        """Whether the subscription stands: else what happens is asked of the database."""
        self.stir = asyncio.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._tasks: list[asyncio.Task] = []
        self._underway: set[asyncio.Task] = set()
        self._changes: deque[tuple[float, dict[str, Any]]] = deque(maxlen=500)
        """When of whom it was said that they must be looked at anew."""
        # Looking at what was taken away never waits for what people send.
        self._sending = ThreadPoolExecutor(4, "live")
        self._looking = ThreadPoolExecutor(1, "live-look")

    # Its life

    def start(self) -> None:
        """Begin to listen and to watch, at the first socket."""
        loop = asyncio.get_running_loop()
        if self._loop is loop:
            return
        from community.live import watch

        self.stir = asyncio.Event()
        self._loop, self._mouth = loop, None
        self._rooms.forget()
        self._tasks = [
            loop.create_task(self._always(work))
            for work in (self._listen, partial(watch.watch, self), partial(watch.beat, self))
        ]
        live._neighbours[:] = [self._overhear]

    async def _always(self, work: Callable[[], Any]) -> None:
        while True:
            try:
                await work()
            except asyncio.CancelledError:
                raise
            except Exception:
                log.exception("Live: begins again")
            await asyncio.sleep(PAUSE_SECONDS)

    async def ask(self, work: Callable[..., Any], *values: Any) -> Any:
        """Have something asked or done in the database, in a thread."""
        return await self._in(self._sending, work, *values)

    async def ask_first(self, work: Callable[..., Any], *values: Any) -> Any:
        return await self._in(self._looking, work, *values)

    async def _in(self, pool: ThreadPoolExecutor, work: Callable[..., Any], *values: Any) -> Any:
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(pool, admission.in_thread, work, *values)

    def begin(self, work: Coroutine[Any, Any, None]) -> None:
        """Do it beside everything else."""
        task = asyncio.get_running_loop().create_task(work)
        self._underway.add(task)
        task.add_done_callback(self._underway.discard)

    # What is said, by Valkey

    async def _listen(self) -> None:
        client = _client(socket_timeout=None)
        try:
            async with client, client.pubsub() as ear:
                await asyncio.wait_for(ear.subscribe(live.topic()), ASKED_SECONDS * 2)
                await self._hear_on(ear)
        except (RedisError, OSError, TimeoutError) as error:
            if self.hears:
                log.warning("Live: Valkey is away, the database is asked instead: %s", error)
        finally:
            if self.hears:
                self.hears = False
                self.stir.set()

    async def _hear_on(self, ear: Any) -> None:
        asked = 0.0
        while True:
            message = await ear.get_message(timeout=ASKED_SECONDS)
            if message is None:
                if asked and time.monotonic() - asked >= ASKED_SECONDS:
                    raise TimeoutError("no answer")
                asked = asked or time.monotonic()
                await asyncio.wait_for(ear.ping(), ASKED_SECONDS)
                continue
            asked = 0.0
            if message["type"] == "subscribe":
                self.hears = True
                self.stir.set()  # what was said before is found in the database
            elif message["type"] == "message":
                self.hear([message["data"]])

    async def say(self, channel: str, frame: dict[str, Any]) -> None:
        """What pages tell each other and nobody keeps; lost where it cannot be said."""
        packed = live.pack(channel, frame)
        if not self.hears:
            self.hear([packed])
            return
        self._mouth = self._mouth or _client(socket_timeout=ASKED_SECONDS)
        with suppress(RedisError, OSError, TimeoutError):
            await self._mouth.publish(live.topic(), packed)

    def _overhear(self, packed: list[bytes]) -> None:
        """What is said in this process while Valkey is away; from any thread."""
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self.hear, packed)

    def hear(self, packed: Iterable[bytes]) -> None:
        for one in packed:
            try:
                channel, by, seq, body = live.unpack(one)
                if channel == live.CLOSE:
                    self._look_anew(json.loads(body))
                elif channel.startswith("near:"):
                    near.hear(self, int(channel[5:]), body)
                else:
                    self.deliver(channel, by, seq, body)
            except ValueError:
                log.warning("Live: something that is no frame was said")

    def deliver(self, channel: str, by: frozenset[int], seq: int, body: bytes) -> None:
        """Write it to everybody who listens, but not to whoever keeps apart from ``by``."""
        sockets = self.listening.get(channel)
        if not sockets:
            return
        if channel.startswith("room:"):
            room = int(channel[5:])
            self.latest[room] = max(seq, self.latest.get(room, 0))
            self._rooms.say(room, by, seq, body)
            return
        frame = framed(body)
        for socket in sockets:
            socket.put(frame)

    # Who listens

    def enter(self, socket: Socket) -> None:
        """Count a socket in, and tell the oldest page of somebody who has too many to go."""
        person = socket.person
        self.people[person.pk] = person
        person.sockets[socket] = None
        for channel in (f"member:{person.pk}", f"session:{socket.admission.key}"):
            self.listening[channel].add(socket)
        while len(person.sockets) > SOCKETS_PER_PERSON:
            self.end(next(iter(person.sockets)), ELSEWHERE, "elsewhere")

    @property
    def is_full(self) -> bool:
        return len(self.people) >= settings.LIVE_MOST_PEOPLE

    def person(self, pk: int) -> Person:
        return self.people.get(pk) or Person(pk)

    def join(self, socket: Socket, room: int, seat: admission.Seat, latest: int) -> int:
        """Let it hear a room; the newest number there is known to be."""
        socket.seats[room] = seat
        self.listening[f"room:{room}"].add(socket)
        self.latest[room] = max(latest, self.latest.get(room, 0))
        return self.latest[room]

    def leave(self, socket: Socket, room: int) -> None:
        if socket.seats.pop(room, None) is None:
            return
        self._unlisten(f"room:{room}", socket)
        if f"room:{room}" not in self.listening:
            self.latest.pop(room, None)
            self.stamps.pop(room, None)

    def gone(self, socket: Socket) -> None:
        """Forget a socket; what it listened to is not written to it from now on."""
        person = socket.person
        if socket not in person.sockets:
            return
        del person.sockets[socket]
        for room in list(socket.seats):
            self.leave(socket, room)
        for channel in (f"member:{person.pk}", f"session:{socket.admission.key}"):
            self._unlisten(channel, socket)
        if not person.sockets:
            self.people.pop(person.pk, None)

    def _unlisten(self, channel: str, socket: Socket) -> None:
        sockets = self.listening.get(channel)
        if sockets is not None:
            sockets.discard(socket)
            if not sockets:
                del self.listening[channel]

    def end(self, socket: Socket, code: int, why: str) -> None:
        """Its last frame, and then nothing more, whether it reads that or not."""
        self.gone(socket)
        if socket.ending:
            return
        socket.ending = True
        socket.say({"t": "bye", "why": why})
        counts.ended(why)
        self.begin(_close(socket, code))

    # Whether they may still

    def _look_anew(self, who: dict[str, Any]) -> None:
        self._changes.append((time.monotonic(), who))
        if not who:
            self.stir.set()
            return
        sockets = [
            s for key, value in who.items() for s in self.listening.get(f"{key}:{value}", ())
        ]
        if sockets:
            self.begin(self.examine(sockets))

    def changed_since(self, moment: float, socket: Socket) -> bool:
        """Whether it was said after that moment that what holds for it may not hold any more."""
        mine = {"member": socket.person.pk, "session": socket.admission.key}
        return any(
            at >= moment and ("room" in who or who.items() <= mine.items())
            for at, who in self._changes
        )

    async def examine(self, sockets: list[Socket]) -> None:
        """Ask the database what still holds for them; who cannot be asked about is closed."""
        asked: dict[str, set[int]] = defaultdict(set)
        for socket in sockets:
            asked[socket.admission.key] |= set(socket.seats)
        try:
            found = await asyncio.wait_for(
                self.ask_first(admission.examine, dict(asked)), EXAMINED_SECONDS
            )
        except Exception as error:
            log.warning("Live: %d sockets could not be examined: %s", len(sockets), error)
            for socket in sockets:
                self.end(socket, RESTART, "restart")
            return
        for socket in sockets:
            if socket in socket.person.sockets:
                self._apply(socket, found[socket.admission.key], asked[socket.admission.key])

    def _apply(self, socket: Socket, found: admission.Examined | None, asked: set[int]) -> None:
        if found is None or found.admission.member != socket.person.pk:
            self.end(socket, SIGNED_OUT, "signed out")
            return
        socket.admission = found.admission
        socket.person.sees.clear()
        for room in asked & set(socket.seats):
            if room in found.seats:
                socket.seats[room] = found.seats[room]
            else:
                self.leave(socket, room)
                socket.say({"t": "closed", "room": room, "why": "gone"})


def _client(*, socket_timeout: float | None) -> redis.Redis:
    return redis.Redis.from_url(
        settings.REDIS_URL,
        socket_timeout=socket_timeout,
        socket_connect_timeout=ASKED_SECONDS,
        retry=Retry(NoBackoff(), 0),
    )


async def _close(socket: Socket, code: int) -> None:
    with suppress(Exception):
        await asyncio.sleep(0)  # the last frame goes first
        await asyncio.wait_for(socket.close(code), 2.0)
        return
    socket.writer.cut()


hub = Hub()
"""The one of this process."""
