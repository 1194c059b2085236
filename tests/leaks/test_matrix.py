"""Nobody outside learns of anything inside, whatever address they try with whatever number."""

from __future__ import annotations

import pytest

from tests.leaks.matrix import matrix
from tests.world import finish, make_world, rolled_back

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), rolled_back():
        yield finish(make_world())


def test_no_canary_reaches_anybody_outside(world, capsys):
    found = matrix(world)
    with capsys.disabled():
        print(f"\nleak matrix: {found.probes} probes, {len(found.leaks)} leaks")  # noqa: T201
    assert found.leaks == []
