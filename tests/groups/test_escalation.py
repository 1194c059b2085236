"""Nobody comes further than they were let: by a proposal, a detour, or by staying unseen."""

from __future__ import annotations

import pytest
from django.conf import settings as site
from django.core.cache import cache
from django.urls import reverse

from community import policies as core
from community.models import Block, JoinRequest, Member, Membership, OutboxMail, Ring, Space
from community.operations import comments, invitations, membership, writing
from community.policies import Refused
from groups import policies
from groups.models import Group
from groups.operations import groups, topics
from tests.factories import (
    belong,
    make_comment,
    make_invitation,
    make_member,
    make_request,
    make_space,
    make_topic,
)

pytestmark = pytest.mark.django_db


def again(member):
    return Member.objects.get(pk=member.pk)


def sent_away(member, by):
    root = Membership.objects.get(member=member, space__kind=Space.ROOT)
    membership.remove(root, by=by, reason="Reported us to the landlord")
    return again(member)


# Proposals


def test_ones_own_proposal_does_not_make_one_a_founder(cleo, ruth):
    first = groups.start_group("First try", by=cleo)
    assert first.state == Group.State.PROPOSED
    assert not policies.founds(again(cleo))
    assert groups.start_group("Second try", by=again(cleo)).state == Group.State.PROPOSED
    groups.decline_group(first, by=ruth, reason="There is one already")
    assert not policies.founds(again(cleo))


# Coming back


def test_who_was_removed_from_the_community_does_not_come_back_by_a_group(ruth, ada, ben, north):
    ben = sent_away(ben, ruth)
    _invitation, token = make_invitation(north, by=again(ada))
    with pytest.raises(Refused):
        invitations.use_invitation(token, by=ben)
    assert not again(ben).memberships_by_space
    root = Space.objects.root()
    _invitation, token = make_invitation(root, by=again(ruth))
    invitations.use_invitation(token, by=again(ben))
    assert again(ben).is_community_member


def test_a_request_from_before_does_not_bring_them_back(ruth, ada, cleo):
    space = make_space("Depot", openness="closed", steward=ada)
    asked = make_request(space, by=cleo)
    cleo = sent_away(cleo, ruth)
    with pytest.raises(Refused):
        membership.accept_request(asked, by=again(ada))
    asked.refresh_from_db()
    assert asked.state == "withdrawn"
    JoinRequest.objects.filter(pk=asked.pk).update(state="pending")
    with pytest.raises(Refused):
        membership.accept_request(asked, by=again(ada))
    assert not again(cleo).memberships_by_space


def test_who_left_vouches_for_nobody_any_more(ada, ben, cleo):
    space = make_space("Guarded", openness="closed", join_policy="voucher", steward=ada)
    belong(ben, space)
    _invitation, token = make_invitation(space, by=again(ben))
    asked = invitations.use_invitation(token, by=cleo)
    membership.vouch(asked, by=again(ada))
    held = Membership.objects.get(space=space, member=ben)
    membership.remove(held, by=again(ada), reason="Sold the list")
    with pytest.raises(Refused, match="1 of 2"):
        membership.accept_request(asked, by=again(ada))


# Being seen


def test_who_keeps_away_from_a_steward_can_still_be_removed(as_, ada, ben, north):
    Block.objects.create(member=ben, blocked=ada)
    page = as_(ada).get(f"/groups/{north.slug}/people/")
    assert ben.name in page.content.decode()
    form = as_(ada).post(f"/groups/{north.slug}/people/{ben.pk}/remove/", {"reason": "Threats"})
    assert form.status_code == 302
    assert not Membership.objects.filter(space=north, member=ben).exists()


def test_nobody_uses_the_site_without_a_first_run(as_, ada, north):
    shadow = make_member("Shadow", onboarded=False)
    belong(shadow, north)
    for headers in ({}, {"HX-Request": "true"}):
        answer = as_(shadow).get(f"/groups/{north.slug}/", headers=headers)
        there = answer.headers.get("HX-Redirect") or answer.headers.get("Location")
        assert there == reverse("welcome")
    assert "Shadow" in as_(ada).get(f"/groups/{north.slug}/people/").content.decode()


# What is said


def test_an_answer_to_an_answer_obeys_the_conversation(as_, ada, ben, north):
    topic = make_topic(north, by=ada)
    answer = make_comment(topic, by=ben)
    topics.close_topic(topic, by=ada)
    assert not core.may(again(ben), "comment", answer)
    with pytest.raises(Refused):
        comments.post_comment(answer, text="One more thing", by=again(ben))
    posted = as_(ben).post(f"/items/{answer.pk}/comments/add/", {"text": "One more thing"})
    assert posted.status_code == 422


def test_what_a_steward_took_away_its_author_does_not_bring_back(as_, ada, ben, north):
    topic = make_topic(north, by=ada)
    answer = make_comment(topic, by=ben)
    writing.delete_item(answer, by=ada)
    assert as_(ben).post(f"/comments/{answer.pk}/restore/").status_code == 404
    with pytest.raises(Refused):
        writing.restore_item(answer, by=again(ben))
    writing.restore_item(answer, by=again(ada))
    writing.delete_item(answer, by=again(ben))
    writing.restore_item(answer, by=again(ben))
    answer.refresh_from_db()
    assert answer.deleted_at is None


# Signing in


@pytest.mark.skipif(not site.ADMIN_URL, reason="There is no admin without ADMIN_URL.")
def test_operators_sign_in_as_everybody_does(client, mo):
    answer = client.get(f"/{site.ADMIN_URL}login/")
    assert answer.status_code == 302
    assert answer.url.startswith(reverse("account_login"))


def test_codes_to_prove_oneself_are_not_mailed_without_end(as_, ben):
    cache.clear()
    client, address = as_(ben), reverse("account_reauthenticate_by_code")
    for _ in range(8):
        client.post(address, {"action": "send"})
    assert 0 < OutboxMail.objects.filter(to=ben.email).count() <= 3


def test_ring_of_an_appeal_is_not_deeper_than_the_core_team(ruth, ada, ben, north):
    held = Membership.objects.get(space=north, member=ben)
    event = membership.remove(held, by=ada, reason="A quarrel")
    made = membership.appeal(event, by=ben, text="We have talked")
    membership.answer_appeal(made, by=ruth, upheld=False, answer="They have talked")
    assert again(ben).rings[north.pk] == Ring.PARTICIPANT
