"""Stewards of groups, and the stewards of the whole community behind them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from community.models import (
    Appeal,
    AuditEntry,
    Member,
    Membership,
    MembershipEvent,
    Notice,
    Openness,
    Ring,
    RingProposal,
)
from community.operations import membership, rings, stewards
from community.policies import Refused
from groups import waiting
from tests import factories


def held(member, space):
    return Membership.objects.filter(member=member, space=space).first()


def ring(member, space):
    return held(member, space).ring if held(member, space) else 0


def away(member):
    member.suspended_until = timezone.now() + timedelta(days=3)
    member.save()


def test_a_steward_is_removed_with_a_reason_and_can_appeal(north, ada, ben, ruth, as_, committed):
    second = factories.make_member("Second Steward")
    factories.belong(second, north, ring=Ring.STEWARD)
    page = f"/groups/{north.slug}/people/{ada.pk}/remove/"
    assert as_(second).get(page).status_code == 403, "not by another steward of the group"
    assert as_(ruth).post(page, {"reason": " "}).status_code == 422
    with committed():
        as_(ruth).post(page, {"reason": "Threatened people."})
    assert ring(ada, north) == 0
    event = MembershipEvent.objects.get(what="removed", member=ada)
    assert (event.actor, event.reason) == (ruth, "Threatened people.")
    assert AuditEntry.objects.get(action="stewards.removed").person_id == ada.pk
    told = Notice.objects.values_list("member__name", "activity__verb")
    assert ("Ada Mensah", "spaces.removed") in told
    assert ("Second Steward", "spaces.steward_removed") in told
    as_(ada).post(f"/groups/appeals/{event.pk}/", {"text": "It was not like that."})
    assert Appeal.objects.get().event == event


def test_the_only_steward_goes_when_somebody_comes_after(north, ada, ben, ruth, as_, committed):
    page = f"/groups/{north.slug}/people/{ada.pk}/remove/"
    assert ben.name in as_(ruth).get(page).content.decode()
    assert as_(ruth).post(page, {"reason": "Threats"}).status_code == 422
    assert ring(ada, north) == Ring.STEWARD
    with committed():
        answer = as_(ruth).post(page, {"reason": "Threats", "successor": str(ben.pk)})
    assert answer.url == f"/groups/{north.slug}/stewards/"
    assert (ring(ada, north), ring(ben, north)) == (0, Ring.STEWARD)
    assert MembershipEvent.objects.filter(member=ben, what="moved", actor=ruth).exists()
    assert Notice.objects.filter(member=ben, activity__verb="spaces.moved").exists()


def test_nothing_changes_where_the_successor_is_no_longer_here(north, ada, ben, ruth):
    heir = held(ben, north)
    away(ben)
    with pytest.raises(Refused):
        stewards.replace_steward(held(ada, north), successor=heir, by=ruth, reason="Threats")
    assert ring(ada, north) == Ring.STEWARD


def test_a_group_that_nobody_holds_is_given_a_steward(north, ada, ben, ruth, as_):
    page = f"/groups/{north.slug}/stewards/"
    assert "Nobody holds it now" not in as_(ruth).get(page).content.decode()
    assert as_(ruth).post(page, {"successor": str(ben.pk)}).status_code == 403
    ask = rings.ask_for_ring(north, ring=Ring.CORE, by=ben)
    away(ada)
    assert "Nobody holds it now" in as_(ruth).get(page).content.decode()
    assert as_(ruth).post(page, {"successor": str(ben.pk)}).status_code == 302
    assert ring(ben, north) == Ring.STEWARD
    assert RingProposal.objects.get(pk=ask.pk).state == "withdrawn"
    with pytest.raises(Refused):
        stewards.name_steward(held(ada, north), by=ruth)


def test_only_stewards_of_the_community_stand_behind_a_group(north, ada, ben, cleo, mo, as_):
    away(ada)
    for person in (ben, cleo, mo):
        assert as_(person).get(f"/groups/{north.slug}/stewards/").status_code == 403
        with pytest.raises(Refused):
            stewards.name_steward(held(ben, north), by=person)
        with pytest.raises(Refused):
            membership.remove(held(ada, north), by=person, reason="Threats")


def test_stewards_of_the_community_remove_nobody_else_of_a_group(north, ben, ruth, as_):
    away_with = f"/groups/{north.slug}/people/{ben.pk}/remove/"
    assert as_(ruth).post(away_with, {"reason": "Threats"}).status_code == 403
    assert ring(ben, north)


def test_a_secret_group_stays_closed_to_stewards_of_the_community(ada, ruth, as_):
    secret = factories.make_space("Safe House", steward=ada, openness=Openness.SECRET)
    for path in ("stewards/", f"people/{ada.pk}/remove/"):
        assert as_(ruth).get(f"/groups/{secret.slug}/{path}").status_code == 404
    with pytest.raises(Refused):
        membership.remove(held(ada, secret), by=Member.objects.get(pk=ruth.pk), reason="Threats")


def test_groups_with_one_steward_or_none_lie_on_the_desk(north, ada, ben, ruth, cleo, as_):
    held = factories.make_space("Two of them", steward=ada)
    factories.belong(ben, held, ring=Ring.STEWARD)
    secret = factories.make_space("Safe House", steward=ada, openness=Openness.SECRET)
    page = as_(ruth).get("/desk/stewards/").content.decode()
    assert f"/groups/{north.slug}/stewards/" in page
    assert "One steward" in page
    assert held.name not in page
    assert secret.name not in page
    assert as_(cleo).get("/desk/stewards/").status_code == 404
    assert waiting.few_stewards_due(ruth).number == 0
    away(ada)
    assert "No steward" in as_(ruth).get("/desk/stewards/").content.decode()
    assert waiting.few_stewards_due(Member.objects.get(pk=ruth.pk)).number == 1


def test_the_list_costs_the_same_with_2_and_with_12(north, ada, ruth, as_, queries):
    client = as_(ruth)
    factories.make_space("Another", steward=ada)
    client.get("/desk/stewards/")
    with queries() as asked:
        client.get("/desk/stewards/")
    before = len(asked)
    for _number in range(10):
        factories.make_space(steward=ada)
    with queries() as asked:
        client.get("/desk/stewards/")
    assert len(asked) == before
