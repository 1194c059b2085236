"""The mail server is slow, refuses for now, or hangs up: no page notices, and letters wait."""

from __future__ import annotations

import time

import pytest

from tests.faults.load import Load
from tests.faults.stage import Stage, wait_until


@pytest.mark.parametrize("how", ["slow", "later", "hang up"])
def test_pages_do_not_notice(site: Stage, usual: float, post_office, how: str):
    before, had = site.inside("waiting"), len(post_office.letters)
    match how:
        case "slow":
            post_office.slow = 30.0
        case "later":
            post_office.answer = "451 try again later"
        case _:
            post_office.answer = how
    site.inside("letters", 3)
    with Load(site, f"post {how}") as load:
        time.sleep(8)
    assert load.bad == []
    assert load.p95() <= usual + 0.3
    after = site.inside("waiting")
    assert after["given up"] == before["given up"]
    assert after["letters"] >= before["letters"] + 3
    post_office.well()
    time.sleep(12)  # whoever still waits for an answer has given up: it is hurried, not doubled
    site.inside("hurry")
    wait_until(lambda: site.inside("waiting")["letters"] == 0, 60, "all letters have left")
    got = post_office.letters[had:]
    assert len(set(got)) == 3
    # Who answers after we stopped waiting has taken it, and takes the same letter again.
    assert how == "slow" or len(got) == 3


def test_a_letter_that_is_refused_for_good_is_given_up_at_once(site: Stage, post_office):
    before = site.inside("waiting")["given up"]
    post_office.answer = "550 no such person"
    site.inside("letters", 1)
    wait_until(lambda: site.inside("waiting")["given up"] > before, 30, "the letter was given up")
