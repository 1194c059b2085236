"""Somebody who is suspended comes in nowhere, and what they held rests: roles, keys, duties."""

from __future__ import annotations

import pytest

from community import desk, moderation, policies, rights, safeguarding, safety
from community.models import (
    InvitationUse,
    JoinRequest,
    Measure,
    Member,
    Membership,
    Openness,
    Ring,
    RingProposal,
    Space,
    StaffRole,
)
from community.operations import (
    invitations,
    leaving,
    lockdown,
    membership,
    rings,
    sanctions,
    staff,
)
from community.policies import Refused
from groups.operations import groups
from leadership.models import Welcomer
from leadership.operations import welcomers
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def boss(community):
    return factories.make_member("Boss Admin", staff=StaffRole.Role.ADMIN)


@pytest.fixture
def keep_out(boss):
    """``keep_out(ben)``: suspended from now on; returns them as the next request knows them."""
    rule = factories.make_rule("Stay kind")
    kept: dict[int, Measure] = {}

    def suspend(person: Member) -> Member:
        kept[person.pk] = sanctions.suspend(
            person, by=boss, rule=rule, reason="Threats.", protective=True
        )
        return fresh(person)

    def lift(person: Member) -> Member:
        sanctions.lift(kept[person.pk], by=boss, reason="Over.")
        return fresh(person)

    suspend.lift = lift
    return suspend


def fresh(member: Member) -> Member:
    return Member.objects.get(pk=member.pk)


def here(space: Space, member: Member) -> Membership | None:
    return Membership.objects.filter(space=space, member=member).first()


# Ways in


def test_a_request_waits_while_who_asked_is_suspended(ada, cleo, keep_out):
    circle = factories.make_space("Circle", openness=Openness.CLOSED, steward=ada)
    asked = factories.make_request(circle, by=cleo)
    keep_out(cleo)
    with pytest.raises(Refused, match="suspended"):
        membership.accept_request(asked, by=fresh(ada))
    assert here(circle, cleo) is None
    assert JoinRequest.objects.get(pk=asked.pk).state == "pending"
    keep_out.lift(cleo)
    assert membership.accept_request(asked, by=fresh(ada)).member_id == cleo.pk


def test_a_request_of_somebody_suspended_can_be_declined(ada, cleo, keep_out):
    circle = factories.make_space("Circle", openness=Openness.CLOSED, steward=ada)
    asked = factories.make_request(circle, by=cleo)
    keep_out(cleo)
    assert membership.decline_request(asked, by=fresh(ada)).state == "declined"


def test_two_vouchers_do_not_let_somebody_in_who_is_suspended(ada, ben, cleo, keep_out):
    circle = factories.make_space(
        "Circle", openness=Openness.SECRET, join_policy=Space.JoinPolicy.VOUCHER, steward=ada
    )
    factories.belong(ben, circle)
    _made, token = factories.make_invitation(circle, by=fresh(ada))
    asked = invitations.use_invitation(token, by=cleo)
    membership.vouch(asked, by=fresh(ben))
    keep_out(cleo)
    with pytest.raises(Refused, match="suspended"):
        membership.accept_request(asked, by=fresh(ada))
    assert here(circle, cleo) is None


def test_nobody_walks_in_asks_or_takes_an_invitation_while_suspended(ada, north, cleo, keep_out):
    invitation, token = factories.make_invitation(north, by=ada)
    closed = factories.make_space("Circle", openness=Openness.CLOSED, steward=ada)
    cleo = keep_out(cleo)
    tries = [
        lambda: membership.join(north, by=cleo),
        lambda: membership.join(north, by=cleo, ring=Ring.FOLLOWER),
        lambda: membership.ask_to_join(closed, by=cleo),
        lambda: invitations.use_invitation(token, by=cleo),
    ]
    for attempt in tries:
        with pytest.raises(Refused, match="You are suspended until"):
            attempt()
    invitation.refresh_from_db()
    assert invitation.uses == 0
    assert not InvitationUse.objects.exists()
    assert here(north, cleo) is None
    assert invitations.use_invitation(token, by=keep_out.lift(cleo)).space_id == north.pk


def test_the_community_itself_stays_shut_to_who_is_suspended(community, keep_out):
    stranger = keep_out(factories.make_member("New Account", root_ring=0))
    Space.objects.filter(pk=community.space_id).update(join_policy=Space.JoinPolicy.OPEN)
    with pytest.raises(Refused, match="You are suspended until"):
        membership.join(Space.objects.root(), by=stranger)


def test_an_offer_of_a_ring_waits_while_its_person_is_suspended(ada, ben, north, keep_out):
    offer = rings.offer_ring(here(north, ben), ring=Ring.CORE, by=fresh(ada))
    ben = keep_out(ben)
    with pytest.raises(Refused, match="You are suspended until"):
        rings.accept_proposal(offer, by=ben)
    with pytest.raises(Refused, match="suspended"):
        rings.offer_ring(here(north, ben), ring=Ring.STEWARD, by=fresh(ada))
    assert here(north, ben).ring == Ring.PARTICIPANT
    assert rings.accept_proposal(offer, by=keep_out.lift(ben)).ring == Ring.CORE


def test_who_asked_for_a_ring_moves_only_after_a_suspension(ada, ben, north, keep_out):
    asked = rings.ask_for_ring(north, ring=Ring.CORE, by=fresh(ben))
    ben = keep_out(ben)
    with pytest.raises(Refused, match="suspended"):
        rings.accept_proposal(asked, by=fresh(ada))
    with pytest.raises(Refused, match="You are suspended until"):
        rings.ask_for_ring(north, ring=Ring.CORE, by=ben)
    assert RingProposal.objects.get(pk=asked.pk).state == "pending"
    keep_out.lift(ben)
    assert rings.accept_proposal(asked, by=fresh(ada)).ring == Ring.CORE


# What they hold


def test_staff_roles_rest_while_suspended_and_come_back(mo, ben, keep_out):
    mo = keep_out(mo)
    assert mo.held_roles == {"moderator"}
    assert not policies.moderates(mo)
    assert not safety.can_sanction(mo, ben)
    assert not moderation.looks_after(mo)
    assert desk.places(mo) == []
    assert policies.moderates(keep_out.lift(mo))


def test_an_administrator_who_is_suspended_steers_nothing(boss, ben, keep_out):
    other = factories.make_member("Other Admin", staff=StaffRole.Role.ADMIN)
    other = keep_out(other)
    tries = [
        lambda: staff.grant_role(ben, role="moderator", by=other, reason="Because I can"),
        lambda: staff.end_all_sessions(by=other, reason="Because I can"),
        lambda: lockdown.begin(by=other, reason="Because I can", holds_days=1),
    ]
    for attempt in tries:
        with pytest.raises(Refused):
            attempt()


def test_nobody_gets_a_staff_role_while_suspended_and_it_can_be_taken(boss, ben, mo, keep_out):
    ben, mo = keep_out(ben), keep_out(mo)
    with pytest.raises(Refused, match="suspended"):
        staff.grant_role(ben, role="moderator", by=fresh(boss), reason="For the night shift")
    staff.revoke_role(mo, role="moderator", by=fresh(boss), reason="After what happened")
    assert not StaffRole.objects.filter(member=mo).exists()


def test_the_last_administrator_who_is_here_stays_one(boss, keep_out):
    other = factories.make_member("Other Admin", staff=StaffRole.Role.ADMIN)
    third = factories.make_member("Third Admin", staff=StaffRole.Role.ADMIN)
    keep_out(other)
    staff.revoke_role(third, role="admin", by=fresh(boss), reason="They asked for it")
    assert not rights.can_leave_community(fresh(boss))
    keep_out.lift(other)
    assert rights.can_leave_community(fresh(boss))


def test_the_last_steward_who_is_here_hands_over_first(ada, ben, north, keep_out):
    factories.belong(ben, north)
    Membership.objects.filter(space=north, member=ben).update(ring=Ring.STEWARD)
    keep_out(ben)
    ada = fresh(ada)
    tries = [
        lambda: membership.leave(north, by=ada),
        lambda: rings.step_back(north, ring=Ring.FOLLOWER, by=ada),
        lambda: leaving.leave_community(ada, by=ada, words="stay"),
    ]
    for attempt in tries:
        with pytest.raises(Refused, match="steward"):
            attempt()
    keep_out.lift(ben)
    membership.leave(north, by=fresh(ada))


def test_reports_and_appeals_are_told_to_those_who_are_here(mo, ben, north, ada, cleo, keep_out):
    from community.operations import reports

    topic = factories.make_topic(north, by=ben)
    case = reports.report_item(topic, by=cleo, words="Rude.").case
    nia = factories.make_member("Nia Second", staff=StaffRole.Role.MODERATOR)
    keep_out(nia)
    keep_out(ada)
    assert set(moderation.deciders(case).values_list("name", flat=True)) == {
        mo.name,
        "Boss Admin",
    }
    assert nia not in moderation.hearers(case, [])


def test_a_concern_is_never_led_to_somebody_who_is_suspended(ben, cleo, keep_out):
    lead = factories.make_member("Sol Lead", staff=StaffRole.Role.SAFEGUARDING)
    bypass = factories.make_member("Bea Bypass", staff=StaffRole.Role.SAFEGUARDING_BYPASS)
    keep_out(lead)
    route = safeguarding.route_for(about=ben.pk, reporter=cleo.pk, parties=[])
    assert route == "bypass"
    keep_out(bypass)
    route = safeguarding.route_for(about=ben.pk, reporter=cleo.pk, parties=[])
    assert route == "admin"


def test_questions_about_data_reach_an_administrator_while_the_lead_is_suspended(boss, keep_out):
    lead = factories.make_member("Dara Quinn", staff=StaffRole.Role.DATA_PROTECTION)
    assert list(rights.guards()) == [lead]
    keep_out(lead)
    assert list(rights.guards()) == [boss]


def test_duties_are_not_given_to_somebody_who_is_suspended(ruth, ada, ben, north, keep_out):
    welcomers.volunteer(north, by=fresh(ben), languages=["en"], at_once=3)
    assert Welcomer.objects.on_duty().count() == 1
    ben = keep_out(ben)
    assert not Welcomer.objects.on_duty().exists()
    cora = factories.make_member("Cora Core")
    factories.belong(cora, north)
    cora = keep_out(cora)
    with pytest.raises(Refused, match="cannot do this now"):
        welcomers.ask_to_welcome(north, person=cora, by=fresh(ada))
    with pytest.raises(Refused, match="who take part"):
        groups.name_contacts(north.group, by=fresh(ada), welcomer=cora, safety_contact=None)
    with pytest.raises(Refused, match="cannot do this now"):
        groups.name_liaison(north.group, by=fresh(ruth), liaison=cora)


def test_who_is_suspended_uploads_nothing(ben, keep_out):
    for purpose in ("avatar", "attachment"):
        assert policies.can_upload(ben, purpose)
    ben = keep_out(ben)
    for purpose in ("avatar", "attachment"):
        assert "suspended" in str(policies.can_upload(ben, purpose).reason)
