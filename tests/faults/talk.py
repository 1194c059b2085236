"""People who sit in rooms and talk while something breaks, as static/js/live.js and chat.js do it.

A page joins its room over a socket, asks for what the socket did not bring (`?after=N`: when it
joins, on a gap, by the beat, and every few seconds while it has no line), and sends what is written
over the socket or by the form, again and again with the id it chose, until the site says that it is
said.
"""

from __future__ import annotations

import asyncio
import json
import random
import re
import threading
import time
import uuid
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from websockets.asyncio.client import connect
from websockets.exceptions import WebSocketException

from tests.faults.load import Answer
from tests.faults.stage import Stage, wait_until

ROW = re.compile(r'data-seq="(\d+)"(.*?)(?=<li |</ol>)', re.DOTALL)
WORDS = re.compile(r"fault [\w ]+ \d+ \d+ [0-9a-f]{8}")
POLL, GAP, LATE, SILENT = 5.0, 0.3, 4.0, 45.0
FIRST, LONGEST = 0.5, 30.0
AT_MOST = 0.55  # seconds between what one person says: twenty fit into ten seconds


class Page:
    """One open page, with the rows it shows."""

    def __init__(self, talk: Talk, person: dict):
        self.talk, self.person, self.room = talk, person, person["room"]
        self.rows: dict[int, str] = {}
        self.newest = 0
        self.wrong: list[str] = []
        self.opened = 0
        self.closed_at = 0.0
        """When the room or the line was taken away for good."""
        self.why = ""
        self.joined = False
        self._socket: Any = None
        self._asking: asyncio.Task | None = None
        self._sent: dict[str, asyncio.Future] = {}

    @property
    def is_open(self) -> bool:
        return self._socket is not None

    async def live(self) -> None:
        """Keep a line for as long as the page is open."""
        tries = 0
        while not self.why:
            try:
                async with connect(
                    f"ws://127.0.0.1:{self.talk.port}/ws/",
                    origin=f"http://127.0.0.1:{self.talk.port}",
                    additional_headers={"Cookie": self.person["cookie"]},
                    compression=None, ping_interval=None, open_timeout=10, close_timeout=1,
                ) as self._socket:  # fmt: skip
                    self.opened += 1
                    await self._send({"t": "join", "room": self.room, "after": self.newest})
                    while True:
                        text = await asyncio.wait_for(self._socket.recv(), SILENT)
                        tries = 0
                        self._take(json.loads(text))
            except (OSError, WebSocketException, TimeoutError):
                pass
            finally:
                self._socket, self.joined = None, False
            pause = min(LONGEST, FIRST * 2**tries) * (0.5 + random.random())
            tries += 1
            await asyncio.sleep(pause)

    async def poll(self) -> None:
        while not self.why:
            await asyncio.sleep(POLL)
            if not self.is_open:
                await self.catch_up()

    def _take(self, frame: dict[str, Any]) -> None:
        kind = frame["t"]
        if kind == "bye" and frame["why"] == "signed out":
            self._end("signed out")
        elif kind == "beat":
            if frame["rooms"].get(str(self.room), 0) > self.newest:
                self._catch_up_after(0)
        elif frame.get("room") != self.room:
            return
        elif kind == "closed":
            self._end("closed")
        elif kind == "joined":
            self.joined = True
            if frame["seq"] > self.newest:
                self._catch_up_after(0)
        elif kind == "at" and frame["seq"] > self.newest:
            self._catch_up_after(random.random())
        elif kind == "message":
            seq = frame["seq"]
            if seq > self.newest + 1 or not frame.get("html"):
                self._catch_up_after(GAP)
            if frame.get("html"):
                self._place(seq, frame["html"])
                if seq == self.newest + 1:
                    self.newest = seq
        elif kind in ("sent", "refused"):
            waits = self._sent.get(frame["client_id"])
            if waits is not None and not waits.done():
                waits.set_result(frame)

    def _end(self, why: str) -> None:
        self.why, self.closed_at = why, time.time()

    def _place(self, seq: int, html: str) -> None:
        words = WORDS.search(html)
        if words is None:
            self.wrong.append(f"number {seq} has no words")
        elif self.rows.setdefault(seq, words[0]) != words[0]:
            self.wrong.append(f"number {seq} was {self.rows[seq]!r} and is {words[0]!r}")

    def _catch_up_after(self, seconds: float) -> None:
        async def soon() -> None:
            await asyncio.sleep(seconds)
            await self.catch_up()

        self.talk.begin(soon())

    async def catch_up(self) -> None:
        if self._asking is None:
            self._asking = self.talk.begin(self._catch_up())
            self._asking.add_done_callback(lambda _: setattr(self, "_asking", None))
        await asyncio.shield(self._asking)

    async def _catch_up(self) -> None:
        while True:
            path = f"/chat/{self.room}/messages/?after={self.newest}"
            answer, headers, text = await self.talk.ask("GET", path, self.person)
            if answer.status != 200:
                return  # the next beat, join or poll tries again
            rows = [(int(seq), html) for seq, html in ROW.findall(text)]
            for seq, html in rows:
                self._place(seq, html)
            more = "data-later" in text
            upto = rows[-1][0] if more else int(headers["x-last-seq"])
            self.newest = max(self.newest, upto)
            if not more:
                return

    async def say(self, text: str, *, by_form: bool) -> None:
        """Until it is said; raises Refused where it cannot be."""
        key = str(uuid.uuid4())
        while not self.why:
            if not by_form and await self._by_socket(key, text):
                return
            if await self._by_form(key, text):
                return
            await asyncio.sleep(1)

    async def _by_socket(self, key: str, text: str) -> bool:
        if not self.joined:
            return False
        waits = self._sent[key] = asyncio.get_running_loop().create_future()
        with suppress(TimeoutError):
            if await self._send({"t": "send", "room": self.room, "client_id": key, "text": text}):
                answer = await asyncio.wait_for(waits, LATE)
                return answer["t"] == "sent"
        return False

    async def _by_form(self, key: str, text: str) -> bool:
        fields = {"client_id": key, "text": text, "csrfmiddlewaretoken": self.person["csrf"]}
        path = f"/chat/{self.room}/post/"
        answer, _, html = await self.talk.ask("POST", path, self.person, urlencode(fields), text)
        if answer.status == 200 and text in html:
            return True
        if answer.status in (422, 429):
            await asyncio.sleep(2)  # too much at once: the limits are not what breaks here
        return False

    async def _send(self, frame: dict[str, Any]) -> bool:
        try:
            await self._socket.send(json.dumps(frame))
        except (AttributeError, OSError, WebSocketException):
            return False
        return True


@dataclass
class Talk:
    """So many pages in so many rooms; each person says one thing after the other."""

    stage: Stage
    word: str
    seed: int = 0
    people: int = 24
    rooms: int = 3
    rate: float = 12.0
    """Messages a second, of all together, while it goes well."""
    most: int = 100_000
    answers: list[Answer] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    """What the site said it kept, in no order."""

    def __enter__(self) -> Talk:
        plan = {"word": self.word, "rooms": self.rooms, "people": self.people}
        self.plan = self.stage.inside("rooms", plan)
        self.port = self.stage.front_port
        self.pages = [Page(self, person) for person in self.plan["people"]]
        self._loop = asyncio.new_event_loop()
        self._tasks: set[asyncio.Task] = set()
        self._speaks, self._begun = True, 0
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self._loop.call_soon_threadsafe(self._begin)
        wait_until(lambda: all(page.joined for page in self.pages), 60, "all pages have a line")
        self._began = time.monotonic()
        return self

    def _begin(self) -> None:
        for number, page in enumerate(self.pages):
            self.begin(page.live())
            self.begin(page.poll())
            self.begin(self._speak(number, page))

    def begin(self, work: Any) -> asyncio.Task:
        task = self._loop.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def _speak(self, number: int, page: Page) -> None:
        chance = random.Random(f"{self.seed} {number}")
        usual = max(AT_MOST, len(self.pages) / self.rate)
        while not page.joined:
            await asyncio.sleep(0.1)
        mine = 0
        while self._speaks and not page.why and self._begun < self.most:
            await asyncio.sleep(max(AT_MOST, usual * chance.uniform(0.5, 1.5)))
            if not self._speaks or self._begun >= self.most:
                return
            self._begun += 1
            mine += 1
            text = f"fault {self.word} {number} {mine} {chance.getrandbits(32):08x}"
            await page.say(text, by_form=number % 3 == 0)
            if not page.why:
                self.said.append(text)

    async def ask(
        self, method: str, path: str, person: dict, body: str = "", text: str = ""
    ) -> tuple[Answer, dict[str, str], str]:
        began = time.monotonic()
        status, headers, said = 0, {}, ""
        lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1", f"Cookie: {person['cookie']}"]
        lines += ["HX-Request: true", f"X-CSRFToken: {person['csrf']}"]
        lines += ["Content-Type: application/x-www-form-urlencoded"] if body else []
        lines += [f"Content-Length: {len(body)}"] if body else []
        with suppress(OSError, TimeoutError, asyncio.IncompleteReadError, ValueError, IndexError):
            async with asyncio.timeout(30):
                reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
                try:
                    writer.write("\r\n".join([*lines, "", body]).encode())
                    head, _, rest = (await reader.read()).decode().partition("\r\n\r\n")
                finally:
                    writer.close()
            first, *fields = head.split("\r\n")
            headers = dict(one.lower().split(": ", 1) for one in fields)
            if len(rest.encode()) >= int(headers.get("content-length", 0)):
                status, said = int(first.split(" ")[1]), rest
        answer = Answer(
            began, method, path, status, time.monotonic() - began, text, headers.get("location", "")
        )
        self.answers.append(answer)
        return answer, headers, said

    def until(self, number: int, seconds: float = 600) -> None:
        """Wait until so many messages are said."""
        wait_until(lambda: len(self.said) >= number, seconds, f"{number} messages are said")

    def __exit__(self, kind: Any, *_: object) -> None:
        self._speaks, self.seconds = False, time.monotonic() - self._began
        try:
            if kind is None:
                self._settle()
        finally:
            asyncio.run_coroutine_threadsafe(self._end(), self._loop).result(30)
            self._loop.call_soon_threadsafe(self._loop.stop)
            self._thread.join()
            self._loop.close()

    def _settle(self) -> None:
        """What is being said is said, and every page that is open has heard the last of it."""
        names = {"_speak"}
        wait_until(
            lambda: not any(task.get_coro().__name__ in names for task in list(self._tasks)),
            120,
            "all is said",
        )
        self.truth = self.stage.inside("talked", self.plan["rooms"])
        last = {int(room): found["last"] for room, found in self.truth.items()}
        self.took = wait_until(
            lambda: all(page.newest == last[page.room] for page in self.pages if not page.why),
            120,
            "every page has heard all",
        )

    async def _end(self) -> None:
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks, timeout=20)

    # What came of it

    def faults(self) -> list[str]:
        """What was lost, said twice, out of order, or shown otherwise than it was said."""
        found: list[str] = []
        kept = [text for room in self.truth.values() for _seq, text in room["said"]]
        found += [f"lost: {text}" for text in set(self.said) - set(kept)]
        found += [f"twice: {text}" for text in set(kept) if kept.count(text) > 1]
        for pk, room in self.truth.items():
            seqs = [seq for seq, _text in room["said"]]
            if seqs != list(range(1, room["last"] + 1)):
                found.append(f"room {pk} is numbered {seqs}")
            found += _out_of_order(room["said"])
        for number, page in enumerate(self.pages):
            found += [f"page {number}: {what}" for what in page.wrong]
            truth = dict(self.truth[str(page.room)]["said"])
            if page.rows != truth and not page.why:
                found.append(f"page {number} shows {sorted(set(page.rows) ^ set(truth))} otherwise")
        return found

    def told(self) -> str:
        took = sum(page.opened for page in self.pages) - len(self.pages)
        return (
            f"{len(self.said)} messages in {self.seconds:.0f} s, {len(self.pages)} pages, "
            f"{took} lines opened again, {len(self.bad)} failed requests, "
            f"all caught up {self.took:.1f} s after the last word"
        )

    @property
    def bad(self) -> list[Answer]:
        return [one for one in self.answers if one.status not in (200, 422, 429)]

    @property
    def signed_out(self) -> list[Answer]:
        return [one for one in self.answers if "/accounts/" in one.location]


def _out_of_order(said: list[list]) -> list[str]:
    """What one person said later stands later."""
    found, before = [], {}
    for _seq, text in said:
        _who, speaker, number, _chance = text.rsplit(" ", 3)
        if int(number) <= before.get(speaker, 0):
            found.append(f"out of order: {text}")
        before[speaker] = int(number)
    return found
