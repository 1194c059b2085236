"""One of each process is killed under load: only what it was doing is felt, and nothing is lost."""

from __future__ import annotations

import random
import time

import psutil
import pytest

from tests.faults.load import Answer, Load
from tests.faults.stage import SEED, Stage, healthy, wait_until
from tests.faults.talk import Talk

HANDS = 6


def in_flight(answers: list[Answer], moment: float) -> int:
    """Requests that were under way at that moment, with any process."""
    return sum(one.at <= moment <= one.at + one.seconds for one in answers)


@pytest.mark.parametrize("name", ["web1", "live", "worker1"])
def test_one_of_each_is_killed_while_people_read_write_and_talk(site: Stage, tell, name: str):
    """Of requests only those under way with it fail; lines come back and catch up by themselves."""
    with Talk(site, f"each {name}") as talk, Load(site, f"each {name}", hands=HANDS) as load:
        time.sleep(3)
        moment = time.monotonic()
        site[name].kill()
        time.sleep(1)
        site[name].start()
        time.sleep(8)
        talk.until(len(talk.said) + 30)
    failed, answers = load.bad + talk.bad, load.answers + talk.answers
    tell(f"{len(failed)} of {len(answers)} requests failed; {talk.told()}")
    if name == "web1":
        assert len(failed) <= in_flight(answers, moment)
        assert all(one.method == "POST" for one in failed)
    else:
        assert failed == []
    assert load.lost() == ([], [])
    assert talk.faults() == []
    assert load.signed_out == talk.signed_out == []
    opened = [page.opened for page in talk.pages]
    assert min(opened) >= 2 if name == "live" else set(opened) == {1}


@pytest.mark.parametrize("name", ["web1", "web2"])
def test_a_killed_web_process_takes_only_what_it_was_working_on(site: Stage, name: str):
    with Load(site, name, hands=HANDS) as load:
        time.sleep(4)
        moment = time.monotonic()
        site[name].kill()
        time.sleep(1)
        site[name].start()
        time.sleep(8)
    assert len(load.bad) <= in_flight(load.answers, moment)
    assert all(abs(one.at - moment) < 1 for one in load.bad)
    assert all(one.method == "POST" for one in load.bad), "what only asks is asked again elsewhere"
    assert load.lost() == ([], [])
    assert load.signed_out == []


def test_a_killed_child_of_web_is_replaced_by_its_parent(site: Stage):
    with Load(site, "child", hands=HANDS) as load:
        time.sleep(3)
        moment = time.monotonic()
        psutil.Process(site["web1"].popen.pid).children()[0].kill()
        time.sleep(6)
    assert len(load.bad) <= in_flight(load.answers, moment)
    assert all(one.method == "POST" for one in load.bad)
    assert load.lost() == ([], [])


LETTERS = 200
KILLS = 20


def test_workers_killed_at_work_lose_no_letter_and_repeat_one_each_at_most(
    site: Stage, post_office, tell
):
    """Each kill may repeat the letter in hand, under the same Message-ID; nothing else is felt."""
    wait_until(lambda: site.inside("waiting")["letters"] == 0, 60, "no letters wait")
    before, chance = len(post_office.letters), random.Random(SEED)
    given_up = site.inside("waiting")["given up"]
    post_office.slow = 0.15
    site.inside("letters", LETTERS)
    for turn in range(KILLS):
        time.sleep(chance.uniform(0.05, 1.2))
        name = f"worker{turn % 2 + 1}"
        site[name].kill()
        site[name].start()
    post_office.slow = 0.0
    took = wait_until(lambda: site.inside("waiting")["letters"] == 0, 240, "all letters have left")
    got = post_office.letters[before:]
    tell(f"{LETTERS} letters, {KILLS} kills: {len(got) - LETTERS} came again, {took:.0f} s after")
    assert {to for to, _ in got} == {f"person{number}@example.org" for number in range(LETTERS)}
    assert len(set(got)) == LETTERS, "what came again is the same letter"
    assert len(got) - LETTERS <= KILLS
    assert site.inside("waiting")["given up"] == given_up


def test_a_rolling_restart_is_not_felt(site: Stage):
    """As a new release comes: one after the other is asked to end, and started again."""
    ports = dict(zip(("web1", "web2", "live"), [*site.page_ports, site.live_port], strict=True))
    with Talk(site, "rolling") as talk, Load(site, "rolling", hands=HANDS) as load:
        time.sleep(2)
        for name, port in ports.items():
            site[name].stop()
            site[name].start()
            wait_until(lambda port=port: healthy(port), 60, f"{name} is back")
        time.sleep(2)
    assert load.bad == talk.bad == []
    assert talk.faults() == []
    assert load.lost() == ([], [])
