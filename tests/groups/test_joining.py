"""Coming into a group and going: joining, asking, answers, leaving, removal and appeal."""

from __future__ import annotations

import pytest
from django.utils import timezone

from community.models import (
    Appeal,
    JoinRequest,
    Member,
    Membership,
    MembershipEvent,
    Notice,
    Openness,
    Ring,
    RingProposal,
    Space,
)
from community.operations import membership, rings
from community.policies import Refused
from groups.operations import groups as operations
from tests import factories
from tests.personas import led_to


@pytest.fixture
def closed(ada):
    return factories.make_space(
        "Mill Street", steward=ada, openness=Openness.CLOSED, questions=["Where do you live?"]
    )


@pytest.fixture
def secret(ada):
    return factories.make_space("Night Watch", steward=ada, openness=Openness.SECRET)


def ring(member, space):
    held = Membership.objects.filter(member=member, space=space).first()
    return held.ring if held else 0


def test_anybody_of_the_community_walks_into_an_open_group(north, cleo, as_):
    answer = as_(cleo).post(f"/groups/{north.slug}/join/")
    assert answer.status_code == 302
    assert ring(cleo, north) == Ring.PARTICIPANT
    assert MembershipEvent.objects.filter(space=north, member=cleo, what="joined").count() == 1


def test_following_is_a_quieter_way_in(north, cleo, as_):
    as_(cleo).post(f"/groups/{north.slug}/join/", {"ring": "1"})
    assert ring(cleo, north) == Ring.FOLLOWER


def test_nobody_joins_at_the_core(north, cleo, as_):
    as_(cleo).post(f"/groups/{north.slug}/join/", {"ring": "4"})
    assert ring(cleo, north) == Ring.PARTICIPANT


def test_joining_twice_is_refused_and_counts_once(north, cleo, as_):
    before = Space.objects.get(pk=north.pk).member_count
    as_(cleo).post(f"/groups/{north.slug}/join/")
    answer = as_(cleo).post(f"/groups/{north.slug}/join/")
    assert answer.status_code == 403
    assert Space.objects.get(pk=north.pk).member_count == before + 1


def test_a_closed_group_is_not_walked_into(closed, cleo, as_):
    assert as_(cleo).post(f"/groups/{closed.slug}/join/").status_code == 403
    assert ring(cleo, closed) == 0


def test_a_secret_group_does_not_exist_at_any_address(secret, ada, ben, cleo, ruth, as_):
    asked = [
        "", "people/", "about/", "about/charter/", "ask/", "place/", "leave/", "invite/",
        "people/log/", "settings/", "state/", "archive/", f"people/{ada.pk}/ring/",
    ]  # fmt: skip
    for person in (cleo, ben, ruth):
        for path in asked:
            assert as_(person).get(f"/groups/{secret.slug}/{path}").status_code == 404, path
        assert as_(person).post(f"/groups/{secret.slug}/join/").status_code == 404
    for path in ("", "people/", "about/"):
        assert as_(None).get(f"/groups/{secret.slug}/{path}").status_code == 404


def test_a_closed_group_shows_its_door_and_nothing_inside(closed, ada, cleo, as_):
    factories.make_topic(closed, by=ada, title="The key is under the mat")
    door = as_(cleo).get(f"/groups/{closed.slug}/").content.decode()
    assert "Ask to join" in door
    assert "The key is under the mat" not in door
    assert as_(cleo).get(f"/groups/{closed.slug}/people/").status_code == 403


def test_asking_keeps_the_questions_as_they_were_worded(closed, cleo, ada, as_, committed):
    with committed():
        answer = as_(cleo).post(f"/groups/{closed.slug}/ask/", {"answer_0": "Number fourteen"})
    assert answer.status_code == 302
    asked = JoinRequest.objects.get(space=closed, member=cleo)
    assert asked.answers == [{"question": "Where do you live?", "answer": "Number fourteen"}]
    assert Notice.objects.filter(member=ada, activity__verb="spaces.asked").exists()


def test_an_empty_answer_is_asked_again(closed, cleo, as_):
    answer = as_(cleo).post(f"/groups/{closed.slug}/ask/", {"answer_0": ""})
    assert answer.status_code == 422
    assert not JoinRequest.objects.exists()


def test_only_stewards_read_the_answers(closed, ada, ben, cleo, as_):
    factories.belong(ben, closed)
    factories.make_request(closed, by=cleo, answers=["By the river"])
    assert "By the river" in as_(ada).get(f"/groups/{closed.slug}/people/").content.decode()
    assert "By the river" not in as_(ben).get(f"/groups/{closed.slug}/people/").content.decode()


def test_a_request_is_taken_back(closed, cleo, as_):
    asked = factories.make_request(closed, by=cleo, answers=["x"])
    as_(cleo).post(f"/groups/{closed.slug}/requests/{asked.pk}/withdraw/")
    asked.refresh_from_db()
    assert asked.state == "withdrawn"


def test_a_steward_lets_somebody_in(closed, ada, cleo, as_, committed):
    asked = factories.make_request(closed, by=cleo, answers=["x"])
    with committed():
        as_(ada).post(f"/groups/{closed.slug}/requests/{asked.pk}/accept/")
    assert ring(cleo, closed) == Ring.PARTICIPANT
    assert Notice.objects.filter(member=cleo, activity__verb="spaces.accepted").exists()


def test_somebody_who_takes_part_lets_nobody_in(closed, ben, cleo, as_):
    factories.belong(ben, closed)
    asked = factories.make_request(closed, by=cleo, answers=["x"])
    assert as_(ben).post(f"/groups/{closed.slug}/requests/{asked.pk}/accept/").status_code == 403
    assert ring(cleo, closed) == 0


def test_requests_are_answered_through_their_own_group(closed, north, ada, cleo, as_):
    asked = factories.make_request(closed, by=cleo, answers=["x"])
    assert as_(ada).post(f"/groups/{north.slug}/requests/{asked.pk}/accept/").status_code == 404


def test_a_no_comes_with_its_reason(closed, ada, cleo, as_):
    asked = factories.make_request(closed, by=cleo, answers=["x"])
    as_(ada).post(
        f"/groups/{closed.slug}/requests/{asked.pk}/refuse/", {"reason": "Only this street."}
    )
    asked.refresh_from_db()
    assert (asked.state, asked.reason) == ("declined", "Only this street.")
    assert MembershipEvent.objects.filter(space=closed, what="declined").exists()
    assert "Only this street." in as_(cleo).get(f"/groups/{closed.slug}/").content.decode()
    assert "Only this street." not in as_(None).get(f"/groups/{closed.slug}/").content.decode()


def test_a_request_is_answered_once(closed, ada, cleo):
    asked = factories.make_request(closed, by=cleo, answers=["x"])
    membership.decline_request(asked, by=ada)
    with pytest.raises(Refused):
        membership.accept_request(asked, by=ada)
    assert ring(cleo, closed) == 0


def test_a_guarded_group_opens_after_two_vouch(ada, ben, fay, cleo, as_):
    guarded = factories.make_space(
        "Safe House", steward=ada, openness=Openness.SECRET, join_policy="voucher"
    )
    factories.belong(ben, guarded)
    _invitation, token = factories.make_invitation(guarded, by=ada)
    as_(cleo).post(f"/invitations/{token}/")
    asked = JoinRequest.objects.get(space=guarded, member=cleo)
    assert ring(cleo, guarded) == 0
    as_(ada).post(f"/groups/{guarded.slug}/requests/{asked.pk}/accept/")
    assert ring(cleo, guarded) == 0, "one voucher is not enough"
    as_(ben).post(f"/groups/{guarded.slug}/requests/{asked.pk}/vouch/")
    as_(ada).post(f"/groups/{guarded.slug}/requests/{asked.pk}/accept/")
    assert ring(cleo, guarded) == Ring.PARTICIPANT


def test_leaving_is_asked_once_and_logged(north, ben, as_):
    page = as_(ben).get(f"/groups/{north.slug}/leave/")
    assert page.status_code == 200
    as_(ben).post(f"/groups/{north.slug}/leave/")
    assert ring(ben, north) == 0
    assert MembershipEvent.objects.filter(space=north, member=ben, what="left").exists()


def test_the_last_steward_hands_over_first(north, ada, ben, as_):
    page = as_(ada).get(f"/groups/{north.slug}/leave/").content.decode()
    assert "Hand over first" in page
    assert ben.name in page
    assert as_(ada).post(f"/groups/{north.slug}/leave/").status_code == 422
    assert ring(ada, north) == Ring.STEWARD
    as_(ada).post(f"/groups/{north.slug}/people/{ben.pk}/ring/", {"ring": "4"})
    proposal = RingProposal.objects.get(member=ben)
    rings.accept_proposal(proposal, by=ben)
    assert as_(ada).post(f"/groups/{north.slug}/leave/").status_code == 302
    assert ring(ada, north) == 0


def test_removal_needs_a_reason_and_can_be_appealed(north, ada, ben, ruth, as_, committed):
    away = f"/groups/{north.slug}/people/{ben.pk}/remove/"
    assert as_(ada).post(away, {"reason": " "}).status_code == 422
    with committed():
        as_(ada).post(away, {"reason": "Shouted at people, twice."})
    assert ring(ben, north) == 0
    event = MembershipEvent.objects.get(what="removed", member=ben)
    page = f"/groups/appeals/{event.pk}/"
    assert page in led_to(as_(ben))
    assert "Shouted at people" in as_(ben).get(page).content.decode()
    with committed():
        as_(ben).post(page, {"text": "It was somebody else."})
    assert Notice.objects.filter(member=ruth, activity__verb="spaces.appealed").exists()
    as_(ruth).post(page, {"upheld": "no", "answer": "We heard both."})
    assert ring(ben, north) == Ring.PARTICIPANT
    assert Appeal.objects.get().answered_by == ruth


def test_an_appeal_is_nobody_elses(north, ada, ben, cleo, fay, ruth, as_):
    held = Membership.objects.get(space=north, member=ben)
    event = membership.remove(held, by=ada, reason="Because")
    page = f"/groups/appeals/{event.pk}/"
    for person in (cleo, fay, ada):
        assert as_(person).get(page).status_code == 404
    assert as_(ruth).get(page).status_code == 404, "nothing to hear before there is an appeal"
    membership.appeal(event, by=ben, text="No")
    assert as_(ruth).get(page).status_code == 200
    assert as_(cleo).get("/groups/appeals/").status_code == 404


def test_who_removed_somebody_does_not_hear_the_appeal(north, ruth, ben):
    factories.belong(ruth, north, ring=Ring.STEWARD)
    ruth.forget()
    held = Membership.objects.get(space=north, member=ben)
    event = membership.remove(held, by=ruth, reason="Because")
    asked = membership.appeal(event, by=ben, text="No")
    with pytest.raises(Refused):
        membership.answer_appeal(asked, by=ruth, upheld=True, answer="No")


def test_stewards_read_who_came_and_went(north, ada, ben, as_):
    membership.leave(north, by=ben)
    log = as_(ada).get(f"/groups/{north.slug}/people/log/").content.decode()
    assert "Ben Castillo" in log
    assert "left" in log


def test_how_much_one_hears_is_ones_own_choice(north, ben, as_):
    as_(ben).post(f"/groups/{north.slug}/place/volume/", {"volume": "mute"})
    assert Membership.objects.get(space=north, member=ben).volume == "mute"
    assert as_(ben).post(f"/groups/{north.slug}/place/volume/", {"volume": "x"}).status_code == 403


def test_who_was_removed_does_not_walk_in_again(north, ada, ben, as_):
    _link, old_token = factories.make_invitation(north, by=ada, max_uses=5)
    membership.remove(Membership.objects.get(space=north, member=ben), by=ada, reason="Because")
    assert as_(ben).post(f"/groups/{north.slug}/join/").status_code == 403
    as_(ben).post(f"/invitations/{old_token}/")
    assert ring(ben, north) == 0
    _new, token = factories.make_invitation(north, by=ada)
    as_(ben).post(f"/invitations/{token}/")
    assert ring(ben, north) == Ring.PARTICIPANT, "a steward changed their mind"


def test_who_takes_part_does_not_undo_a_removal(north, ada, ben, cleo, as_):
    factories.belong(cleo, north)
    membership.remove(Membership.objects.get(space=north, member=cleo), by=ada, reason="Because")
    _invitation, token = factories.make_invitation(north, by=ben)
    as_(cleo).post(f"/invitations/{token}/")
    assert ring(cleo, north) == 0


@pytest.mark.parametrize("how", ["gone", "ended"])
def test_an_appeal_lets_nobody_back_who_is_gone_or_into_what_has_ended(
    how, north, ada, ben, ruth, as_
):
    held = Membership.objects.get(space=north, member=ben)
    event = membership.remove(held, by=ada, reason="Because")
    made = membership.appeal(event, by=ben, text="No")
    if how == "gone":
        Member.objects.filter(pk=ben.pk).update(is_active=False)
    else:
        Space.objects.filter(pk=north.pk).update(closed_at=timezone.now())
    with pytest.raises(Refused):
        membership.answer_appeal(made, by=ruth, upheld=False, answer="Right")
    assert ring(ben, north) == 0
    made.refresh_from_db()
    assert made.answered_at is None


def test_who_removed_somebody_is_not_told_of_the_appeal_and_reads_none(
    north, ruth, ben, as_, committed
):
    other = factories.make_member("Other", root_ring=Ring.STEWARD)
    factories.belong(ruth, north, ring=Ring.STEWARD)
    ruth.forget()
    held = Membership.objects.get(space=north, member=ben)
    event = membership.remove(held, by=ruth, reason="Because")
    with committed():
        membership.appeal(event, by=ben, text="It was not so")
    told = Notice.objects.filter(activity__verb="spaces.appealed")
    assert [notice.member for notice in told] == [other]
    there = f"/groups/appeals/{event.pk}/"
    assert there not in as_(ruth).get("/groups/appeals/").content.decode()
    assert there in as_(other).get("/groups/appeals/").content.decode()


def test_ending_a_group_tells_each_who_asked_in_their_language(closed, ada, cleo, committed):
    cleo.language = "es"
    cleo.save(update_fields=["language"])
    membership.ask_to_join(closed, by=cleo, answers=["a", "b"])
    with committed():
        operations.archive(closed.group, by=ada, name=closed.name)
    asked = JoinRequest.objects.get()
    assert (asked.state, asked.reason) == ("declined", "El grupo terminó.")
    assert Notice.objects.filter(member=cleo, activity__verb="spaces.declined").exists()


def test_one_can_ask_to_follow_only(closed, ada, cleo, as_):
    as_(cleo).post(f"/groups/{closed.slug}/ask/", {"answer_0": "x", "ring": "1"})
    asked = JoinRequest.objects.get(space=closed, member=cleo)
    assert asked.ring == Ring.FOLLOWER
    people = as_(ada).get(f"/groups/{closed.slug}/people/").content.decode()
    assert "wants to follow" in people
    as_(ada).post(f"/groups/{closed.slug}/requests/{asked.pk}/accept/")
    assert ring(cleo, closed) == Ring.FOLLOWER
