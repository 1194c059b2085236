"""People who read and write while something breaks; every answer is kept."""

from __future__ import annotations

import http.client
import itertools
import secrets
import threading
import time
from dataclasses import dataclass, field
from urllib.parse import urlencode

from tests.faults.stage import Stage


@dataclass(frozen=True)
class Answer:
    at: float
    method: str
    path: str
    status: int
    """0: the connection broke."""
    seconds: float
    text: str = ""
    location: str = ""

    @property
    def is_well(self) -> bool:
        return self.status in (200, 302)


@dataclass
class Load:
    """`rate` requests a second by a few people, one of eight an answer in a topic."""

    stage: Stage
    word: str
    rate: float = 20.0
    people: list[dict] = field(default_factory=list)
    answers: list[Answer] = field(default_factory=list)
    hands: int = 10

    def __enter__(self) -> Load:
        self.people = self.people or self.stage.inside("people", 40)
        self._stop = threading.Event()
        self._numbers = itertools.count()
        self._began = time.monotonic()
        self._threads = [threading.Thread(target=self._work) for _ in range(self.hands)]
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join()

    def _work(self) -> None:
        while not self._stop.is_set():
            number = next(self._numbers)
            self._stop.wait(max(0.0, self._began + number / self.rate - time.monotonic()))
            if self._stop.is_set():
                return
            person = self.people[number % len(self.people)]
            if number % 8 == 7:
                person = self.people[number // 8 % len(self.people)]  # nobody more than may be
                words = secrets.token_hex(8)  # nobody says the same thing twice
                self.answers.append(self.write(person, f"fault {self.word} {number} {words}"))
            else:
                self.answers.append(self.read(person, person["pages"][number % 4]))

    def read(self, person: dict, path: str) -> Answer:
        return self._ask("GET", path, person)

    def write(self, person: dict, text: str) -> Answer:
        body = urlencode({"text": text, "csrfmiddlewaretoken": person["csrf"]})
        return self._ask("POST", person["reply"], person, body, text)

    def _ask(
        self, method: str, path: str, person: dict, body: str | None = None, text: str = ""
    ) -> Answer:
        began = time.monotonic()
        headers = {"Cookie": person["cookie"]}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        connection = http.client.HTTPConnection("127.0.0.1", self.stage.front_port, timeout=30)
        status, location = 0, ""
        try:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            answer.read()
            status, location = answer.status, answer.headers.get("Location", "")
        except (OSError, http.client.HTTPException):
            pass
        finally:
            connection.close()
        return Answer(began, method, path, status, time.monotonic() - began, text, location)

    # What came of it

    @property
    def bad(self) -> list[Answer]:
        return [one for one in self.answers if not one.is_well]

    @property
    def signed_out(self) -> list[Answer]:
        return [one for one in self.answers if "/accounts/" in one.location]

    def p95(self, since: float = 0.0) -> float:
        times = sorted(one.seconds for one in self.answers if one.at >= since)
        return times[int(len(times) * 0.95)]

    def lost(self) -> tuple[list[str], list[str]]:
        """Answers the site said it kept and did not, and those it kept twice."""
        kept = self.stage.inside("said", f"fault {self.word} ")
        promised = [one.text for one in self.answers if one.method == "POST" and one.status == 302]
        missing = [text for text in promised if text not in kept]
        return missing, [text for text, times in kept.items() if times > 1]
