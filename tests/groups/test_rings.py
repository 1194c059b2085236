"""Moving between rings: offered or asked for, accepted by the other side, logged."""

from __future__ import annotations

import pytest

from community.models import Membership, MembershipEvent, Notice, Ring, RingProposal
from community.operations import rings
from community.policies import Refused
from tests import factories


def held(member, space):
    return Membership.objects.get(member=member, space=space)


def test_a_steward_offers_and_the_person_says_yes(north, ada, ben, as_, committed):
    with committed():
        as_(ada).post(
            f"/groups/{north.slug}/people/{ben.pk}/ring/", {"ring": "3", "note": "You do it anyway"}
        )
    assert held(ben, north).ring == Ring.PARTICIPANT, "nobody moves without their yes"
    assert Notice.objects.filter(member=ben, activity__verb="spaces.ring_offered").exists()
    offer = RingProposal.objects.get()
    assert "You do it anyway" in as_(ben).get(f"/groups/{north.slug}/about/").content.decode()
    as_(ben).post(f"/groups/{north.slug}/moves/{offer.pk}/accept/")
    assert held(ben, north).ring == Ring.CORE
    event = MembershipEvent.objects.get(what="moved")
    assert (event.ring_before, event.ring_after) == (Ring.PARTICIPANT, Ring.CORE)


def test_no_is_an_answer(north, ada, ben, as_):
    offer = rings.offer_ring(held(ben, north), ring=Ring.CORE, by=ada)
    as_(ben).post(f"/groups/{north.slug}/moves/{offer.pk}/decline/")
    assert held(ben, north).ring == Ring.PARTICIPANT
    offer.refresh_from_db()
    assert offer.state == "declined"


def test_nobody_answers_for_somebody_else(north, ada, ben, fay, cleo, as_):
    offer = rings.offer_ring(held(ben, north), ring=Ring.CORE, by=ada)
    address = f"/groups/{north.slug}/moves/{offer.pk}/accept/"
    assert as_(fay).post(address).status_code == 404
    assert as_(cleo).post(address).status_code == 404
    as_(ada).post(address)
    assert held(ben, north).ring == Ring.PARTICIPANT


def test_the_offer_of_somebody_who_is_no_steward_any_more_is_void(north, ada, ben):
    other = factories.make_member("Second Steward")
    factories.belong(other, north, ring=Ring.STEWARD)
    offer = rings.offer_ring(held(ben, north), ring=Ring.CORE, by=ada)
    ada.forget()
    rings.step_back(north, ring=Ring.PARTICIPANT, by=ada)
    offer.refresh_from_db()
    with pytest.raises(Refused):
        rings.accept_proposal(RingProposal.objects.get(pk=offer.pk), by=ben)


def test_people_ask_and_a_steward_answers(north, ada, ben, as_):
    as_(ben).post(f"/groups/{north.slug}/place/ring/", {"ring": "3", "note": "I have time"})
    ask = RingProposal.objects.get()
    page = as_(ada).get(f"/groups/{north.slug}/people/").content.decode()
    assert "I have time" in page
    as_(ada).post(f"/groups/{north.slug}/moves/{ask.pk}/accept/")
    assert held(ben, north).ring == Ring.CORE


def test_nobody_asks_to_be_steward(north, ben, as_):
    as_(ben).post(f"/groups/{north.slug}/place/ring/", {"ring": "4"})
    assert not RingProposal.objects.exists()


def test_stepping_back_needs_nobody(north, ben, as_):
    as_(ben).post(f"/groups/{north.slug}/place/ring/", {"ring": "1"})
    assert held(ben, north).ring == Ring.FOLLOWER


def test_the_last_steward_does_not_step_back(north, ada, as_):
    as_(ada).post(f"/groups/{north.slug}/place/ring/", {"ring": "2"})
    assert held(ada, north).ring == Ring.STEWARD


def test_a_new_offer_takes_the_place_of_the_open_one(north, ada, ben):
    first = rings.offer_ring(held(ben, north), ring=Ring.CORE, by=ada)
    rings.offer_ring(held(ben, north), ring=Ring.STEWARD, by=ada)
    first.refresh_from_db()
    assert first.state == "withdrawn"
    assert RingProposal.objects.filter(state="pending").count() == 1


def test_one_steward_is_flagged_and_two_are_not(north, ada, ben, as_):
    page = f"/groups/{north.slug}/people/"
    assert "Only one steward" in as_(ada).get(page).content.decode()
    factories.belong(factories.make_member("Second"), north, ring=Ring.STEWARD)
    assert "Only one steward" not in as_(ada).get(page).content.decode()
    assert "Only one steward" not in as_(ben).get(page).content.decode()


def test_what_waits_for_whom(north, ada, ben, cleo):
    from groups import waiting

    closed = factories.make_space("Closed", steward=ada, openness="closed")
    ada.forget()
    factories.make_request(closed, by=cleo)
    rings.offer_ring(held(ben, north), ring=Ring.CORE, by=ada)
    assert [card.label for card in waiting.requests(ada)] == ["Closed"]
    assert [card.label for card in waiting.offers(ben)] == ["North Side"]
    assert waiting.requests(ben) == waiting.offers(cleo) == waiting.proposals(ada) == []
    assert {card.label for card in waiting.care(ada)} == {"North Side", "Closed"}
