"""Notices while things break: told, mailed and gathered once, whoever is killed or rings twice."""

from __future__ import annotations

import random
import time

import pytest

from tests.faults.stage import SEED, WITHOUT_VALKEY, Stage, wait_until

NUMBER = 200
KILLS = 20


def test_workers_killed_while_telling_lose_nothing_and_tell_nothing_twice(site: Stage):
    """Each activity is rung for twice; workers die at twenty moments while they work on it."""
    chance = random.Random(SEED)
    pks = site.inside("happen", NUMBER)
    for turn in range(KILLS):
        time.sleep(chance.uniform(0.05, 1.2))
        worker = site[f"worker{turn % 2 + 1}"]
        worker.kill()
        worker.start()

    def is_done() -> bool:
        now = site.inside("came_of", pks)
        return not now["untold"] and not now["waiting"]

    seen = lambda: site.inside("came_of", pks)  # noqa: E731
    wait_until(is_done, 150, f"everybody was told (seed {SEED})", seen=seen)
    found = site.inside("came_of", pks)
    assert {what: number for what, number in found.items() if what != "last"} == {
        "untold": 0,
        "notices": NUMBER,
        "sent": NUMBER,
        "waiting": 0,
        "mails": NUMBER,
        "doubled": 0,
    }


@pytest.mark.parametrize("how", WITHOUT_VALKEY)
def test_without_valkey_notices_are_delayed_and_none_is_lost(site: Stage, tell, how: str):
    """All are there half a minute after its return, by the clock of those who wrote them."""
    with site.without_valkey(how):
        pks = site.inside("happen", 40)
        time.sleep(8)
        back = time.time()
    began = time.monotonic()
    site.inside("waiting")
    slow = time.monotonic() - began

    def is_done() -> bool:
        now = site.inside("came_of", pks)
        return now["notices"] == now["sent"] == 40 and not now["untold"]

    seen = lambda: (site.inside("came_of", pks), site.inside("waiting"))  # noqa: E731
    wait_until(is_done, 150, "everybody was told", seen=seen)
    found = site.inside("came_of", pks)
    late = {what: round(found["last"][what] - back, 1) for what in ("told", "mailed")}
    tell(f"the last of 40 after Valkey was back: {late} seconds")
    assert (found["notices"], found["mails"], found["doubled"]) == (40, 40, 0)
    assert max(late.values()) <= 30 + 2 * slow, "half a minute, and what a busy machine adds"


def test_two_clocks_at_once_and_a_killed_worker_write_each_digest_once(site: Stage):
    number = site.inside("digests_due", 10)
    assert number > 5
    time.sleep(0.4)
    site["worker1"].kill()
    site["worker1"].start()
    wait_until(lambda: site.inside("digests")["due"] == 0, 120, "all digests were written")
    found = site.inside("digests")
    assert found["written"] > 5
    assert found["twice"] == 0
