"""Two people reach for the same newcomer, two newcomers for the same last place."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from leadership.models import HandOver, Welcome
from leadership.operations import welcomers, welcomes
from tests import factories
from tests.races.test_membership import at_once, fresh, refused

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


def welcoming(north, name: str, *, at_once: int = 3):
    person = factories.make_member(name)
    factories.belong(person, north)
    welcomers.volunteer(north, by=fresh(person), languages=["en"], at_once=at_once)
    return person


def new_here(name: str, space=None):
    """Somebody who came in just now, and whose welcome nobody has begun."""
    person = factories.make_member(name)
    if space is not None:
        factories.belong(person, space)
    Welcome.objects.filter(member=person).delete()
    return person


def test_two_welcomers_take_the_same_person_and_one_has_them(north, ada):
    people = [welcoming(north, f"Welcomer {n}") for n in range(6)]
    new = new_here("Amina Diallo")
    held = Welcome.objects.create(member=new, space=north)

    results = at_once(*(lambda p=p: welcomes.take(held, by=fresh(p)) for p in people))

    assert refused(results) == len(people) - 1
    held.refresh_from_db()
    assert held.welcomer in people
    assert held.state == Welcome.State.ASSIGNED


def test_the_same_newcomer_begun_many_times_begins_once(north, ada):
    welcoming(north, "Ben Castillo")
    new = new_here("Amina Diallo", north)

    results = at_once(*(lambda: welcomes.begin(fresh(new)) for _ in range(8)))

    assert refused(results) == 0
    assert Welcome.objects.filter(member=new).count() == 1


def test_the_last_place_of_a_welcomer_is_given_once(north, ada):
    only = welcoming(north, "Ben Castillo", at_once=2)
    crowd = [new_here(f"New {n}", north) for n in range(6)]

    at_once(*(lambda n=n: welcomes.begin(fresh(n)) for n in crowd))

    begun = Welcome.objects.filter(member__in=crowd)
    assert begun.filter(welcomer=only).count() == 2
    assert begun.filter(welcomer=None).count() == 4


def test_taking_over_and_handing_over_at_once_leave_one_welcomer_and_no_open_question(north, ada):
    ben, cleo = welcoming(north, "Ben Castillo"), welcoming(north, "Cleo Okafor")
    new = new_here("Amina Diallo")
    held = Welcome.objects.create(
        member=new,
        space=north,
        welcomer=ben,
        state=Welcome.State.ASSIGNED,
        assigned_at=timezone.now(),
    )
    Welcome.objects.filter(pk=held.pk).update(created_at=timezone.now() - timedelta(hours=60))
    welcomes.hand_over(held, to=fresh(cleo), reason="Away", by=fresh(ben))

    at_once(
        lambda: welcomes.answer_hand_over(held, yes=True, by=fresh(cleo)),
        lambda: welcomes.take(held, by=fresh(ada)),
        lambda: welcomes.hand_over(held, to=fresh(cleo), reason="Away", by=fresh(ben)),
    )

    held.refresh_from_db()
    assert held.welcomer in (ada, cleo)
    assert HandOver.objects.filter(welcome=held, answered_at=None).count() <= 1
