"""Two answers at once, and taking the lock off while somebody says that it was not them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.utils import timezone

from community.models import Recovery, RecoveryYes, StaffRole
from community.operations import recovery
from tests.factories import make_member, make_second_factor
from tests.races.test_membership import at_once, fresh, refused

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
PROOF = "We have known each other for many years."


@pytest.fixture
def admins(community, settings):
    settings.STAFF_SECOND_FACTOR = True
    made = [make_member(f"Admin {n}", staff=StaffRole.Role.ADMIN) for n in range(3)]
    for one in made:
        make_second_factor(one)
    return made


@pytest.fixture
def asked(community):
    lena = make_member("Lena Lost")
    make_second_factor(lena)
    return recovery.ask_recovery(by=lena)


def yes(asked, by):
    return lambda: recovery.confirm_recovery(
        asked, by=fresh(by), spoken=asked.spoken, how="met", proof=PROOF
    )


def test_one_person_answering_six_times_at_once_is_one_person(asked, admins):
    results = at_once(*(yes(asked, admins[0]) for _ in range(6)))
    assert refused(results) == 5
    assert RecoveryYes.objects.count() == 1
    assert Recovery.objects.get().ready_at is None


def test_of_three_at_once_two_count(asked, admins):
    results = at_once(*(yes(asked, one) for one in admins))
    assert refused(results) == 1
    assert RecoveryYes.objects.count() == 2
    assert Recovery.objects.get().ready_at is not None


def test_stopped_and_taken_off_at_once_is_one_of_both(asked, admins):
    for one in admins[:2]:
        yes(asked, one)()
    Recovery.objects.update(ready_at=timezone.now() - timedelta(seconds=1))
    results = at_once(
        lambda: recovery.finish_recovery(asked, by=fresh(asked.member)),
        lambda: recovery.stop_recovery(asked, by=None),
    )
    assert refused(results) == 1
    off = not Authenticator.objects.filter(user=asked.member).exists()
    assert off == (Recovery.objects.get().outcome == Recovery.Outcome.DONE)
