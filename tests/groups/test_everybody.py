"""People and rings of the whole community: for its stewards."""

from __future__ import annotations

import pytest

from community.models import Membership, MembershipEvent, Notice, Ring, RingProposal, Space
from community.operations import membership, rings, stewards
from community.policies import Refused
from tests import factories
from tests.personas import led_to


@pytest.fixture
def root(community) -> Space:
    return community.space


@pytest.fixture
def sol(community):
    """A second steward of the whole community."""
    return factories.make_member("Sol Prieto", root_ring=Ring.STEWARD)


def ring(member, space):
    row = Membership.objects.filter(member=member, space=space).first()
    return row.ring if row else 0


def test_stewards_see_everybody_by_ring_and_by_name(root, ruth, ben, cleo, as_):
    page = as_(ruth).get("/desk/people/")
    assert {row.member.name for row in page.context["page"].rows} >= {ruth.name, cleo.name}
    assert "Change ring" in page.content.decode()
    found = as_(ruth).get(f"/groups/{root.slug}/people/?q=cleo", headers={"HX-Request": "true"})
    assert found.content.decode().lstrip().startswith('<div id="people"')
    assert cleo.name in found.content.decode()
    assert ben.name not in found.content.decode()
    assert as_(cleo).get("/desk/people/").status_code == 404
    assert as_(cleo).get(f"/groups/{root.slug}/people/").status_code == 404


def test_somebody_is_asked_to_be_steward_and_answers(root, ruth, cleo, as_, committed):
    with committed():
        as_(ruth).post(f"/groups/{root.slug}/people/{cleo.pk}/ring/", {"ring": "4", "note": "You?"})
    offer = RingProposal.objects.get()
    place = f"/groups/{root.slug}/place/"
    assert Notice.objects.filter(member=cleo, activity__verb="spaces.ring_offered").exists()
    assert place in led_to(as_(cleo))
    assert "You?" in as_(cleo).get(place).content.decode()
    answer = as_(cleo).post(f"/groups/{root.slug}/moves/{offer.pk}/accept/")
    assert answer.url == place
    assert ring(cleo, root) == Ring.STEWARD


def test_nobody_asks_for_a_ring_of_the_community(root, cleo, as_):
    as_(cleo).post(f"/groups/{root.slug}/place/ring/", {"ring": "3"})
    assert not RingProposal.objects.exists()


def test_a_steward_steps_down_and_never_the_last(root, ruth, sol, as_):
    step = f"/groups/{root.slug}/place/ring/"
    as_(sol).post(step, {"ring": "2"})
    assert ring(sol, root) == Ring.PARTICIPANT
    as_(ruth).post(step, {"ring": "2"})
    assert ring(ruth, root) == Ring.STEWARD


def test_a_steward_is_lowered_by_another_who_says_why(root, ruth, sol, cleo, as_, committed):
    page = f"/groups/{root.slug}/people/{sol.pk}/lower/"
    assert as_(cleo).post(page, {"ring": "2", "reason": "Because"}).status_code == 403
    assert as_(ruth).post(page, {"ring": "2", "reason": " "}).status_code == 422
    with committed():
        as_(ruth).post(page, {"ring": "2", "reason": "Elected out in May."})
    assert ring(sol, root) == Ring.PARTICIPANT
    event = MembershipEvent.objects.get(member=sol, what="moved")
    assert (event.actor, event.reason) == (ruth, "Elected out in May.")
    assert Notice.objects.filter(member=sol, activity__verb="spaces.moved").exists()
    assert "Elected out in May." in as_(sol).get(f"/groups/{root.slug}/place/").content.decode()


def test_the_last_steward_is_not_lowered(root, ruth, cleo):
    admin = factories.make_member("Adm", staff="admin")
    held = Membership.objects.get(member=ruth, space=root)
    with pytest.raises(Refused):
        stewards.lower(held, ring=Ring.PARTICIPANT, by=admin, reason="Because")
    with pytest.raises(Refused):
        membership.remove(held, by=admin, reason="Because")
    assert ring(ruth, root) == Ring.STEWARD


def test_nobody_is_lowered_in_a_group(north, ada, ruth, ben):
    rings.accept_proposal(
        rings.offer_ring(Membership.objects.get(member=ben, space=north), ring=Ring.CORE, by=ada),
        by=ben,
    )
    for person in (ada, ruth):
        with pytest.raises(Refused):
            stewards.lower(
                Membership.objects.get(member=ben, space=north),
                ring=Ring.PARTICIPANT,
                by=person,
                reason="Because",
            )


def test_who_is_removed_from_the_community_leaves_its_groups_and_can_appeal(
    root, north, ruth, ben, as_, committed
):
    page = f"/groups/{root.slug}/people/{ben.pk}/remove/"
    with committed():
        assert as_(ruth).post(page, {"reason": "Threats"}).status_code == 302
    assert (ring(ben, root), ring(ben, north)) == (0, 0)
    event = MembershipEvent.objects.get(member=ben, space=root, what="removed")
    appeal = f"/groups/appeals/{event.pk}/"
    assert "Threats" in as_(ben).get(appeal).content.decode()
    as_(ben).post(appeal, {"text": "It was somebody else."})
    assert event.appeal.text == "It was somebody else."


def test_who_holds_a_group_alone_is_removed_after_somebody_was_named(root, north, ada, ruth, as_):
    page = f"/groups/{root.slug}/people/{ada.pk}/remove/"
    answer = as_(ruth).post(page, {"reason": "Threats"})
    assert answer.status_code == 422
    assert "North Side would be left without a steward" in answer.content.decode()
    assert ring(ada, root)


def test_a_secret_group_goes_to_who_is_furthest_in_and_is_not_named(root, ada, ben, ruth, as_):
    secret = factories.make_space("Safe House", steward=ada, openness="secret")
    core = factories.make_member("Cora Lind")
    factories.belong(ben, secret)
    factories.belong(core, secret, ring=Ring.CORE)
    Membership.objects.filter(member=ada, space__name="North Side").delete()
    page = f"/groups/{root.slug}/people/{ada.pk}/remove/"
    answer = as_(ruth).post(page, {"reason": "Threats"}, follow=True)
    assert "Safe House" not in answer.content.decode()
    assert (ring(ada, root), ring(ada, secret)) == (0, 0)
    assert ring(core, secret) == Ring.STEWARD


def test_the_same_queries_with_2_and_with_12(ruth, as_, queries):
    client = as_(ruth)
    client.get("/desk/people/")
    with queries() as asked:
        client.get("/desk/people/")
    before = len(asked)
    for number in range(10):
        factories.make_member(f"Person {number}")
    with queries() as asked:
        client.get("/desk/people/")
    assert len(asked) == before
