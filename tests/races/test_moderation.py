"""Moderators at once, and words that come while a decision falls."""

from __future__ import annotations

import pytest

from community.models import Case, Comment, Item, Measure, Member, Report, Rule
from community.operations import comments, measure_appeals, writing
from community.operations import moderation as operations
from community.operations.reports import report_item
from community.policies import Refused
from tests.factories import belong, make_comment, make_member, make_topic
from tests.races.test_membership import at_once, fresh, refused

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

SOME = 6


@pytest.fixture
def rule(community):
    return Rule.objects.create(title="Be kind")


@pytest.fixture
def topic(north, ben):
    return make_topic(north, by=ben)


@pytest.fixture
def people(north):
    made = [make_member(f"Person {n}") for n in range(SOME)]
    for member in made:
        belong(member, north)
    return made


def hide(case: Case, rule: Rule, by: Member) -> Measure:
    return operations.hide_reported(case, rule=rule, reason="Because.", by=fresh(by))


def test_many_reports_at_once_make_one_case(topic, people):
    at_once(
        *(
            lambda member=member: report_item(topic, by=fresh(member), words="Look")
            for member in people
        )
    )
    assert Case.objects.count() == 1
    assert Report.objects.count() == SOME


def test_two_moderators_decide_at_once_and_one_decision_holds(topic, cleo, mo, rule):
    other = make_member("Noor Vega", staff="moderator")
    case = report_item(topic, by=cleo, words="Look").case
    results = at_once(
        lambda: hide(case, rule, mo),
        lambda: operations.keep_reported(case, reason="Fine.", by=fresh(other)),
    )
    assert refused(results) == 1
    case.refresh_from_db()
    hidden = Item.objects.get(pk=topic.pk).hidden_at is not None
    assert hidden == (case.outcome == Case.Outcome.HIDDEN)
    assert Measure.objects.count() == hidden


def test_what_is_said_while_a_topic_is_hidden_is_hidden_or_refused(topic, cleo, mo, rule, people):
    case = report_item(topic, by=cleo, words="Look").case
    at_once(
        lambda: hide(case, rule, mo),
        *(
            lambda member=member: comments.post_comment(topic, text="x", by=fresh(member))
            for member in people
        ),
    )
    moment = Item.objects.get(pk=topic.pk).hidden_at
    assert moment is not None
    assert set(Comment.objects.values_list("hidden_at", flat=True)) <= {moment}
    said = Comment.objects.count()
    operations.lift_measure(Measure.objects.get(), reason="No.", by=fresh(mo))
    assert Comment.objects.filter(hidden_at=None).count() == said
    assert Item.objects.get(pk=topic.pk).comment_count == said


def test_hiding_a_topic_and_its_answers_at_once_ends_in_no_deadlock(topic, people, cleo, mo, rule):
    answers = [make_comment(topic, by=fresh(member)) for member in people]
    cases = [report_item(item, by=cleo, words="Look").case for item in (topic, *answers)]
    results = at_once(*(lambda case=case: hide(case, rule, mo) for case in cases))
    assert refused(results) == 0
    assert not Item.objects.filter(hidden_at=None, kind="community.comment").exists()
    assert Item.objects.get(pk=topic.pk).comment_count == 0


def test_its_author_takes_away_what_is_being_hidden(topic, ben, cleo, mo, rule):
    case = report_item(topic, by=cleo, words="Look").case
    at_once(
        lambda: hide(case, rule, mo),
        lambda: writing.delete_item(topic, by=fresh(ben)),
    )
    operations.lift_measure(Measure.objects.get(), reason="No.", by=fresh(mo))
    assert not Item.objects.visible_to(fresh(cleo)).filter(pk=topic.pk).exists()
    writing.restore_item(topic, by=fresh(ben))
    assert Item.objects.visible_to(fresh(cleo)).filter(pk=topic.pk).exists()


def test_an_appeal_is_made_once_and_answered_once(topic, ben, cleo, mo, rule):
    judges = [make_member(f"Judge {n}", staff="moderator") for n in range(3)]
    measure = hide(report_item(topic, by=cleo, words="Look").case, rule, mo)
    results = at_once(
        *(
            lambda: measure_appeals.appeal_measure(measure, text="I asked him.", by=fresh(ben))
            for _n in range(3)
        )
    )
    assert refused(results) == 2
    appeal = next(one for one in results if not isinstance(one, Refused))
    results = at_once(
        *(
            lambda judge=judge, upheld=bool(n): measure_appeals.answer_appeal(
                appeal, upheld=upheld, answer="Because.", by=fresh(judge)
            )
            for n, judge in enumerate(judges)
        )
    )
    assert refused(results) == 2
    appeal.refresh_from_db()
    measure.refresh_from_db()
    assert (measure.lifted_at is None) == appeal.upheld
