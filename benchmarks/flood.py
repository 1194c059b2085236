"""Knows what a flood of new accounts does to the others, and how much of it anybody reads."""

from __future__ import annotations

import http.client
import json
import threading
import time
from collections import Counter
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

from benchmarks import load
from benchmarks.stage import served, stage

BOTS = 200
TRIES_A_SECOND = 20
"""By all of them together: each comes back every ten seconds."""
SECONDS = 20
RUNS = 3
SPAM = (
    "Earn money from home today, thousands of people already do it: ask number {n}",
    "A prize waits for you at http://prize-{n}.example/ and at http://win.example/{n}",
)


def flood(folder: Path) -> dict:
    """Milliseconds of four honest readers, in quiet and while 200 accounts post; how much spam went
    through."""
    with stage(folder / "peers", size="peers") as on:
        inside = on.ask_inside()
        bots = json.loads(on.run("benchmarks.bots", str(BOTS)))
        with served(on) as site:
            home = site + inside["pages"]["home"]["address"]
            quiet = load.median(
                [
                    load.press(home, cookie=inside["cookie"], clients=4, seconds=SECONDS / RUNS)
                    for _ in range(RUNS)
                ]
            )
            became: Counter[str] = Counter()
            over = threading.Event()
            spammers = [
                threading.Thread(target=_spam, args=(site, bots, place, became, over))
                for place in range(4)
            ]
            for one in spammers:
                one.start()
            time.sleep(2)  # the first of them, whom nobody knows yet
            loud = load.press(home, cookie=inside["cookie"], clients=4, seconds=SECONDS)
            over.set()
            for one in spammers:
                one.join()
    tried = sum(became.values())
    return {
        "quiet_p95": round(quiet.p95, 2),
        "flood_p95": round(loud.p95, 2),
        "times": round(loud.p95 / quiet.p95, 2),
        "failed": quiet.failed + loud.failed,
        "tried": tried,
        "kept_away": round(1 - became["read"] / tried, 3),
        "became": dict(became),
    }


def _spam(
    site: str, bots: dict[str, Any], place: int, became: Counter[str], over: threading.Event
) -> None:
    """A quarter of the bots, in turn, each attempt when its moment has come."""
    parts, number = urlsplit(site), place
    connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=20)
    began = time.monotonic()
    while not over.is_set():
        wait = began + (number // 4) * 4 / TRIES_A_SECOND - time.monotonic()
        if wait > 0:
            time.sleep(wait)
        text = SPAM[number % len(SPAM)].format(n=number)
        body = urlencode({"csrfmiddlewaretoken": bots["token"], "text": text})
        connection.request(
            "POST",
            f"/items/{bots['topic']}/comments/add/",
            body,
            {
                "Cookie": bots["cookies"][number % BOTS],
                "Content-Type": "application/x-www-form-urlencoded",
                "Origin": site,
            },
        )
        answer = connection.getresponse()
        answer.read()
        became[_outcome(answer)] += 1
        number += 4


def _outcome(answer: http.client.HTTPResponse) -> str:
    if answer.status == 302:
        return "held" if "/held/" in answer.getheader("Location", "") else "read"
    return f"refused with {answer.status}"
