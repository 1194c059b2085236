"""Nobody outside learns of anything inside, whatever address they try with whatever number."""

from __future__ import annotations

import pytest

from tests.leaks.matrix import OUTSIDE, matrix
from tests.world import finish, make_world, rolled_back

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

# In parts, so that several processes can share the work.
PARTS = {
    "strangers": ("guest", "stranger", "closed_account"),
    "members of the community": ("cleo", "mo", "applicant", "invitee"),
    "those who were inside": ("former", "removed", "wes"),
    "those who are not deep enough": ("fay", "ben", "blocked"),
    "a safeguarding lead": ("sol",),
    "those under a measure": ("sue", "lia"),
}

LEAST = {
    "strangers": 3_900,
    "members of the community": 6_900,
    "those who were inside": 5_300,
    "those who are not deep enough": 7_600,
    "a safeguarding lead": 2_000,
    "those under a measure": 3_100,
}
"""So many questions, at least, does a third of each part ask."""


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), rolled_back():
        yield finish(make_world())


def ask(world, part, thirds, record_property):
    """A matrix that asks less than it did finds less: it has to be told, here."""
    found = matrix(world, PARTS[part], thirds=thirds, told=False)
    record_property("probes", found.probes)
    assert found.leaks == []
    assert found.probes >= LEAST[part]


@pytest.mark.parametrize("part", PARTS)
def test_no_canary_reaches_anybody_outside(world, part, record_property):
    """Every page, and a third of what may be asked of each address."""
    ask(world, part, (0,), record_property)


@pytest.mark.long
@pytest.mark.parametrize("part", PARTS)
def test_no_canary_reaches_anybody_outside_by_whatever_address(world, part, record_property):
    ask(world, part, (1, 2), record_property)


def test_twenty_thousand_questions_are_asked_in_every_run():
    assert LEAST.keys() == PARTS.keys()
    assert sum(LEAST.values()) >= 20_000


def test_nothing_is_told_or_sent_to_anybody_outside(world):
    """Notices, their numbers, mails and digests, of everything that happened."""
    found = matrix(world, OUTSIDE, asked=False)
    assert found.leaks == []
    assert found.probes > 60


def test_everybody_outside_is_in_a_part():
    assert {name for part in PARTS.values() for name in part} == set(OUTSIDE)


def test_those_inside_are_shown_what_the_others_are_not(world):
    """The matrix looks where the canaries are: to those who may, nearly all of them are shown."""
    found = matrix(world, ("ada",), posting=(), thirds=(0,), told=False)
    assert found.leaks == []
    hidden = {"nobody"} | {what for what, _rule in world.canaries.values()} - found.seen["ada"]
    seen = [what for what in found.seen["ada"] if what.startswith("secret")]
    assert len(seen) > 25, sorted(hidden)
