"""Two who decide about a list with addresses in the same moment."""

from __future__ import annotations

import pytest

from community.models import PeopleList, Space, StaffRole
from community.operations import lists
from tests.factories import make_member
from tests.races.test_membership import at_once, fresh, refused

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


def test_agreed_and_refused_at_once_is_one_of_both(community):
    ines, omar, dana = (
        make_member(name, staff=role)
        for name, role in (("Ines", "admin"), ("Omar", "admin"), ("Dana", "data_protection"))
    )
    asked = lists.ask_for_list(
        Space.objects.root(), purpose="To print the cards of members.", with_email=True, by=ines
    )
    results = at_once(
        lambda: lists.agree_to_list(asked, by=fresh(omar)),
        lambda: lists.refuse_list(asked, by=fresh(dana), reason="Print them here instead."),
    )
    assert refused(results) == 1
    asked = PeopleList.objects.get()
    assert (asked.agreed_at is None) != (asked.refused_at is None)


def test_five_a_day_also_at_once(community):
    ines = make_member("Ines Farah", staff=StaffRole.Role.ADMIN)
    root = Space.objects.root()
    results = at_once(
        *(
            lambda: lists.ask_for_list(
                root, purpose="To print the cards of members.", with_email=False, by=fresh(ines)
            )
            for _number in range(8)
        )
    )
    assert refused(results) == 3
    assert PeopleList.objects.count() == PeopleList.MOST_A_DAY
