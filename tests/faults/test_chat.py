"""Chat while things break: all that was said is there once and in order, on every open page."""

from __future__ import annotations

import os
import random
import signal
import time
from contextlib import nullcontext

import pytest

from tests.faults.load import Load
from tests.faults.stage import MESSAGES, SEED, WITHOUT_VALKEY, Stage, wait_until
from tests.faults.talk import Talk


def test_parts_killed_while_people_talk_lose_double_and_disorder_nothing(site: Stage, tell):
    """Each of its parts once, and one more, after a number of messages that chance chose."""
    chance = random.Random(SEED)
    parts = ["web1", "worker1", "live", "valkey"]
    parts.append(chance.choice(["web2", "live", "valkey"]))
    chance.shuffle(parts)
    moments = sorted(chance.sample(range(MESSAGES // 10, MESSAGES * 9 // 10), len(parts)))
    with Talk(site, "kills", seed=SEED, people=60, rooms=4, rate=100, most=MESSAGES) as talk:
        for part, moment in zip(parts, moments, strict=True):
            talk.until(moment)
            _kill(site, part, chance.uniform(0.2, 3.0))
        talk.until(MESSAGES)
    tell(f"seed {SEED}: {list(zip(parts, moments, strict=True))}; {talk.told()}")
    assert len(set(talk.said)) == MESSAGES
    assert talk.faults() == [], f"seed {SEED}"
    assert talk.signed_out == []


def _kill(site: Stage, part: str, away: float) -> None:
    if part == "valkey":
        os.kill(site.valkey.pid(), signal.SIGKILL)
        time.sleep(away)
        site.valkey.start(die_with_us=True)
        return
    site[part].kill()
    time.sleep(away)
    site[part].start()


@pytest.mark.parametrize("how", WITHOUT_VALKEY)
def test_without_valkey_people_talk_on(site: Stage, tell, how: str):
    """Pages answer, nobody is signed out, and what is said arrives while it is away."""
    with Talk(site, f"valkey {how}", seed=SEED) as talk, Load(site, f"talk {how}", rate=6) as load:
        time.sleep(2)
        with site.without_valkey(how):
            before = [page.newest for page in talk.pages]
            pages = list(zip(talk.pages, before, strict=True))
            time.sleep(3)
            wait_until(
                lambda: all(page.newest > number + 5 for page, number in pages),
                60,
                "every page goes on",
            )
        time.sleep(4)
    tell(f"{talk.told()}")
    assert talk.faults() == []
    assert talk.bad == []
    assert load.bad == []
    assert talk.signed_out == load.signed_out == []
    assert load.lost() == ([], [])


def test_idle_lines_stay_open(site: Stage):
    """For more than a minute nobody says anything; then everybody hears it over the same line."""
    with Talk(site, "idle", people=12, rooms=1, most=0) as talk:
        time.sleep(65)
        opened = [page.opened for page in talk.pages]
        person = talk.plan["people"][0]
        site.inside(
            "say",
            {"room": person["room"], "by": person["member"], "text": "fault idle 0 1 00000000"},
        )
        wait_until(lambda: all(page.newest == 1 for page in talk.pages), 60, "all have heard")
    assert opened == [1] * 12
    assert [page.opened for page in talk.pages] == [1] * 12
    assert talk.faults() == []


@pytest.mark.parametrize("how", ["there", "killed", "hung"])
def test_whoever_is_removed_hears_no_more_whether_valkey_is_there_or_not(
    site: Stage, tell, how: str
):
    away = nullcontext() if how == "there" else site.without_valkey(how)
    with Talk(site, f"removed {how}", people=8, rooms=2) as talk:
        pages = dict(zip(["removed", "suspended", "signed out"], talk.pages, strict=False))
        with away:
            plan = {what: page.person for what, page in pages.items()}
            gone = site.inside("take_away", plan)
            wait_until(lambda: all(page.why for page in pages.values()), 30, "all were told")
        heard = {what: len(page.rows) for what, page in pages.items()}
        time.sleep(3)
    late = {what: round(page.closed_at - gone[what], 2) for what, page in pages.items()}
    tell(f"last frame after {late}")
    assert {what: page.why for what, page in pages.items()} == {
        "removed": "closed", "suspended": "signed out", "signed out": "signed out",
    }  # fmt: skip
    assert {what: len(page.rows) for what, page in pages.items()} == heard
    assert [page.why for page in talk.pages[3:]] == [""] * 5
    assert max(late.values()) <= 15, "five seconds, and time for a machine that is busy"
    assert talk.faults() == []
