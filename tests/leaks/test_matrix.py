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


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), rolled_back():
        yield finish(make_world())


def ask(world, part, capsys, thirds):
    found = matrix(world, PARTS[part], thirds=thirds, told=False)
    with capsys.disabled():
        print(f"\nleak matrix: {found.probes} probes by {part}")  # noqa: T201
    assert found.leaks == []


@pytest.mark.parametrize("part", PARTS)
def test_no_canary_reaches_anybody_outside(world, part, capsys):
    """Every page, and a third of what may be asked of each address."""
    ask(world, part, capsys, thirds=(0,))


@pytest.mark.long
@pytest.mark.parametrize("part", PARTS)
def test_no_canary_reaches_anybody_outside_by_whatever_address(world, part, capsys):
    ask(world, part, capsys, thirds=(1, 2))


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
