"""Ways round the second pair of eyes, each shut: alone again and again, as a party, by waiting."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from community import moderation, safeguarding
from community.models import (
    Block,
    Case,
    Concern,
    Held,
    Item,
    LockDown,
    Measure,
    MeasureAppeal,
    Member,
    Membership,
    Openness,
    Report,
    Ring,
    Space,
    StaffRole,
)
from community.operations import (
    branches,
    comments,
    holding,
    measure_appeals,
    membership,
    people,
    sanctions,
)
from community.operations import moderation as operations
from community.operations import safeguarding as caring
from community.operations.reports import report_item, report_person
from community.policies import Refused
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def rule(community):
    return factories.make_rule("No private details")


@pytest.fixture
def nia(community):
    return factories.make_member("Nia Second", staff=StaffRole.Role.MODERATOR)


@pytest.fixture
def pat(community):
    return factories.make_member("Pat Third", staff=StaffRole.Role.MODERATOR)


@pytest.fixture
def topic(north, ben):
    return factories.make_topic(north, by=ben)


def fresh(member: Member) -> Member:
    return Member.objects.get(pk=member.pk)


def over(measure: Measure) -> None:
    """Its 72 hours are over, and the clock has come by."""
    Measure.objects.filter(pk=measure.pk).update(ends_at=timezone.now() - timedelta(minutes=1))
    operations.sweep_reviews()


# Hiding without anybody's yes


def test_what_came_back_is_not_hidden_at_once_again_by_the_same_person(topic, mo, nia, ada):
    for who in (mo, ada):
        report = report_item(fresh_item(topic), by=fresh(who), words="Look.", at_once=True)
        over(Measure.objects.get(case=report.case, lifted_at=None))
        with pytest.raises(Refused, match="somebody else decides"):
            report_item(fresh_item(topic), by=fresh(who), words="Again.", at_once=True)
        Case.objects.update(state=Case.State.CLOSED)
    report_item(fresh_item(topic), by=nia, words="I saw it too.", at_once=True)


def test_a_steward_does_not_hide_at_once_what_another_steward_wrote(topic, ada, ben, mo, north):
    Membership.objects.filter(space=north, member=ben).update(ring=Ring.STEWARD)
    with pytest.raises(Refused, match="A moderator decides"):
        report_item(fresh_item(topic), by=fresh(ada), words="Look.", at_once=True)
    report_item(fresh_item(topic), by=mo, words="Look.", at_once=True)


def test_what_was_hidden_in_a_hurry_is_back_once_it_was_settled(topic, fay, mo):
    case = report_item(topic, by=fay, words="Look.").case
    operations.hide_for_review(case, by=mo)
    operations.settle_case(case, reason="We talked.", by=mo)
    assert fresh_item(topic).hidden_at is None


# Appeals


def test_what_is_not_decided_yet_costs_nobody_their_one_appeal(topic, ben, fay, mo, rule):
    case = report_item(topic, by=fay, words="Look.").case
    measure = operations.hide_for_review(case, by=mo)
    with pytest.raises(Refused, match="not decided yet"):
        measure_appeals.appeal_measure(measure, text="It is mine.", by=ben)
    operations.hide_reported(case, rule=rule, reason="It is an address.", by=mo)
    assert measure_appeals.appeal_measure(measure, text="It is mine.", by=ben)


def test_a_suspension_that_waits_is_answered_now_and_appealed_once_it_holds(ben, mo, nia, rule):
    measure = sanctions.suspend(
        ben, by=mo, rule=rule, reason="Threats.", protective=True, days=30
    )  # fmt: skip
    with pytest.raises(Refused, match="not decided yet"):
        measure_appeals.appeal_measure(measure, text="No.", by=fresh(ben))
    sanctions.answer(measure, by=fresh(ben), text="I was angry.")
    measure = sanctions.second(measure, by=nia)
    assert measure_appeals.appeal_measure(measure, text="No.", by=fresh(ben))


def test_who_hid_it_first_hears_no_appeal_against_who_decided(topic, ben, fay, mo, nia, pat, rule):
    case = report_item(topic, by=fay, words="Look.").case
    operations.hide_for_review(case, by=mo)
    measure = operations.hide_reported(case, rule=rule, reason="It is an address.", by=nia)
    appeal = measure_appeals.appeal_measure(measure, text="No.", by=ben)
    for had_part in (mo, nia):
        assert not moderation.can_hear(had_part, appeal)
    assert moderation.can_hear(pat, appeal)


def test_who_left_it_hears_no_appeal_against_who_hid_it_after(topic, ben, fay, mo, nia, pat, rule):
    case = report_item(topic, by=fay, words="Look.").case
    operations.keep_reported(case, reason="It is fine.", by=mo)
    appeal = measure_appeals.appeal_kept(case, text="It is not.", by=fay)
    measure_appeals.answer_appeal(appeal, upheld=False, answer="Right.", by=nia)
    with pytest.raises(Refused, match="anew already"):
        measure_appeals.appeal_kept(fresh_case(case), text="Again.", by=fay)
    measure = operations.hide_reported(fresh_case(case), rule=rule, reason="Address.", by=nia)
    appeal = measure_appeals.appeal_measure(measure, text="No.", by=ben)
    assert not moderation.can_hear(mo, appeal)
    assert not moderation.can_hear(nia, appeal)
    assert moderation.can_hear(pat, appeal)


def test_a_second_reporter_does_not_stop_what_is_looked_at_anew(topic, ben, fay, cleo, mo, nia):
    case = report_item(topic, by=fay, words="Look.").case
    report_item(topic, by=cleo, words="Look.")
    operations.keep_reported(case, reason="It is fine.", by=mo)
    appeal = measure_appeals.appeal_kept(case, text="It is not.", by=fay)
    measure_appeals.answer_appeal(appeal, upheld=False, answer="Right.", by=nia)
    with pytest.raises(Refused, match="anew already"):
        measure_appeals.appeal_kept(fresh_case(case), text="Nor I.", by=cleo)
    assert MeasureAppeal.objects.filter(answered_at=None).count() == 0


# People


def test_nobody_keeps_somebody_out_alone_again_and_again(ben, mo, nia, rule):
    first = sanctions.suspend(ben, by=mo, rule=rule, reason="Threats.", protective=True)
    Measure.objects.filter(pk=first.pk).update(ends_at=timezone.now() - timedelta(minutes=1))
    with pytest.raises(Refused, match="Somebody else"):
        sanctions.suspend(fresh(ben), by=mo, rule=rule, reason="Threats.", protective=True)
    again = sanctions.suspend(fresh(ben), by=nia, rule=rule, reason="Threats.", protective=True)
    sanctions.lift(again, by=nia, reason="A mistake.")
    with pytest.raises(Refused, match="Somebody else"):
        sanctions.suspend(fresh(ben), by=nia, rule=rule, reason="Threats.", protective=True)
    assert sanctions.suspend(fresh(ben), by=mo, rule=rule, reason="Threats.", days=7)


def test_who_reported_it_does_not_agree_to_the_suspension_that_followed(ben, mo, nia, pat, rule):
    case = report_person(ben, by=nia, words="Threats.").case
    measure = sanctions.suspend(ben, by=mo, rule=rule, reason="Threats.", days=7, case=case)
    operations.settle_case(case, reason="Proposed to suspend.", by=mo)
    sanctions.answer(measure, by=fresh(ben), text="I was angry.")
    with pytest.raises(Refused, match="reported this yourself"):
        sanctions.second(measure, by=nia)
    assert sanctions.second(measure, by=pat).seconded_by_id == pat.pk


def test_a_measure_points_at_no_report_about_somebody_else(ben, cleo, fay, mo, rule):
    case = report_person(cleo, by=fay, words="Rude.").case
    with pytest.raises(Refused, match="somebody else"):
        sanctions.warn(ben, by=mo, rule=rule, reason="Rude.", case=case)


def test_a_party_does_not_agree_to_a_measure_for_a_whole_branch(ben, mo, nia, pat, rule):
    branch = branches.propose_branch(
        ben, by=mo, kind=Measure.Kind.LIMIT, rule=rule, reason="A flood.", hours=24
    )
    people.block(ben, by=nia)
    with pytest.raises(Refused, match="party"):
        branches.agree_branch(branch, by=fresh(nia))
    assert branches.agree_branch(branch, by=pat).agreed


def test_nobody_lets_through_or_refuses_what_somebody_wrote_whom_they_keep_apart_from(
    topic, north, ben, ada, mo
):
    Item.objects.filter(pk=topic.pk).update(hidden_at=timezone.now())
    held = Held.objects.create(item_id=topic.pk, cause="burst", verb="topics.posted")
    people.block(mo, by=ben)
    with pytest.raises(Refused):
        holding.refuse(held, by=fresh(mo), reason="No.")
    assert holding.let_through(held, by=fresh(ada)).let_through


def test_what_was_said_when_it_was_reported_stays_the_evidence(topic, north, ben, fay):
    answer = factories.make_comment(topic, by=ben, text="I know where you live.")
    report_item(answer, by=fay, words="A threat.")
    comments.edit_comment(answer, text="Have a nice day.", by=fresh(ben))
    report_item(fresh_item(answer), by=fay, words="He changed it.")
    report = Report.objects.get()
    assert report.snapshot["text"] == "I know where you live."
    assert report.words == "He changed it."


def test_while_the_doors_are_shut_no_steward_lets_somebody_new_in(ruth, ada, cleo, community):
    Space.objects.filter(pk=community.space_id).update(join_policy=Space.JoinPolicy.ASK)
    new = factories.make_member("New Account", root_ring=0)
    asked = factories.make_request(Space.objects.root(), by=new)
    circle = factories.make_space("Circle", openness=Openness.CLOSED, steward=ada)
    of_cleo = factories.make_request(circle, by=cleo)
    LockDown.objects.create(reason="A raid", by=ruth)
    with pytest.raises(Refused, match="doors are shut"):
        membership.accept_request(asked, by=fresh(ruth))
    assert membership.accept_request(of_cleo, by=fresh(ada)), "she is here already"


# Safeguarding


def test_a_concern_does_not_vanish_when_its_person_blocks_the_lead(ben, cleo):
    lead = factories.make_member("Sol Lead", staff=StaffRole.Role.SAFEGUARDING)
    bypass = factories.make_member("Bea Bypass", staff=StaffRole.Role.SAFEGUARDING_BYPASS)
    concern, _code = caring.receive_concern(
        category="adult", words="What he does.", by=cleo, about=ben
    )
    assert Concern.objects.visible_to(lead).exists()
    assert caring.sweep_unhandled() == 0
    Block.objects.create(member=ben, blocked=lead)
    assert not safeguarding.handlers(concern).exists()
    assert caring.sweep_unhandled() == 1
    assert Concern.objects.visible_to(bypass).filter(pk=concern.pk).exists()
    assert not Concern.objects.visible_to(fresh(lead)).exists()
    assert caring.sweep_unhandled() == 0


def test_who_keeps_apart_from_the_reporter_does_not_read_the_concern(ben, cleo):
    leads = [
        factories.make_member(f"Lead {n}", staff=StaffRole.Role.SAFEGUARDING) for n in range(2)
    ]
    concern, _code = caring.receive_concern(
        category="adult", words="What he does.", by=cleo, about=ben
    )
    Block.objects.create(member=cleo, blocked=leads[0])
    seen = [Concern.objects.visible_to(fresh(lead)).exists() for lead in leads]
    assert seen == [False, True]
    assert list(safeguarding.handlers(concern)) == [leads[1]], "the two say the same"


def fresh_item(item: Item) -> Item:
    return Item.objects.select_related("space").get(pk=item.pk)


def fresh_case(case: Case) -> Case:
    return Case.objects.get(pk=case.pk)
