"""Topics that move while people answer, measures that two decide at once: nothing slips past."""

from __future__ import annotations

import pytest

from community.models import Comment, Held, Item, Measure, Member, StaffRole
from community.operations import comments, holding, invitations, sanctions
from community.policies import Refused
from groups.models import Topic
from groups.operations import moving
from tests.factories import (
    belong,
    make_comment,
    make_invitation,
    make_member,
    make_rule,
    make_space,
    make_topic,
)
from tests.races.test_membership import at_once, fresh

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


@pytest.fixture
def people(north):
    made = [make_member(f"Person {n}") for n in range(6)]
    for member in made:
        belong(member, north)
    return made


def answering(topic, people):
    def answer(member):
        try:
            comments.post_comment(topic, text="Yes", by=fresh(member))
        except Refused:
            return

    return [lambda member=member: answer(member) for member in people]


def test_an_answer_is_in_the_group_the_topic_went_to_or_not_written(ada, north, people):
    south = make_space("South", steward=ada, openness="closed")
    topic = make_topic(north, by=ada)
    at_once(
        *answering(topic, people),
        lambda: moving.move_to_group(topic, group=south.group, by=fresh(ada)),
    )
    found = Topic.objects.get(pk=topic.pk)
    assert found.space_id == south.pk
    answers = Comment.objects.filter(item=topic.pk)
    assert {answer.space_id for answer in answers} <= {south.pk}
    assert found.comment_count == answers.count()
    for member in people:
        assert not Item.objects.visible_to(fresh(member)).filter(pk__gte=topic.pk).exists()


def test_answers_while_a_topic_is_put_into_another_are_all_there(ada, north, people):
    into, topic = make_topic(north, by=ada), make_topic(north, by=ada)
    make_comment(topic, by=ada)
    at_once(
        *answering(into, people[:3]),
        *answering(topic, people[3:]),
        lambda: moving.merge_topic(topic, into=into, by=fresh(ada)),
    )
    lost = Comment.objects.filter(item=topic.pk)
    assert not lost.exists()
    found = Item.objects.get(pk=into.pk)
    assert found.comment_count == Comment.objects.filter(item=into.pk).count()


def test_two_who_merge_crosswise_do_not_wait_for_each_other(ada, north):
    one, other = make_topic(north, by=ada), make_topic(north, by=ada)

    def put(topic, into):
        try:
            moving.merge_topic(topic, into=into, by=fresh(ada))
        except Refused:
            return

    at_once(lambda: put(one, other), lambda: put(other, one))
    assert Topic.objects.filter(pk__in=(one.pk, other.pk)).count() == 1
    assert Comment.objects.filter(pk__in=(one.pk, other.pk)).count() == 1


def test_of_many_moderators_one_decides(ben, mo, north):
    moderators = [make_member(f"Mod {n}", staff=StaffRole.Role.MODERATOR) for n in range(5)]
    measure = sanctions.suspend(ben, by=mo, rule=make_rule(), reason="Threats.", days=7)
    sanctions.answer(measure, by=ben, text="No.")
    done: list[Member] = []

    def agree(member):
        try:
            sanctions.second(measure, by=fresh(member))
        except Refused:
            return
        done.append(member)

    at_once(*(lambda member=member: agree(member) for member in moderators))
    assert len(done) == 1
    assert Measure.objects.get(pk=measure.pk).seconded_by == done[0]


def test_a_new_account_writes_five_times_and_not_six_at_once(ada, north):
    topic = make_topic(north, by=ada)
    zoe = make_member("Zoe", settled_at=None)
    belong(zoe, north)
    at_once(*answering(topic, [zoe] * 9))
    assert Comment.objects.filter(item=topic.pk).count() == 5


def test_of_two_who_decide_about_what_is_held_one_does(ada, north):
    nan = make_member("Nan")
    belong(nan, north, ring=4)
    writer = make_member("Writer")
    belong(writer, north)
    topic = make_topic(north, by=writer)
    Item.objects.filter(pk=topic.pk).update(hidden_at=topic.created_at)
    held = Held.objects.create(item_id=topic.pk, cause="burst", verb="topics.posted")
    told: list[str] = []

    def decide(act, **more):
        try:
            act(held, **more)
        except Refused:
            return
        told.append(act.__name__)

    at_once(
        lambda: decide(holding.let_through, by=fresh(ada)),
        lambda: decide(holding.refuse, by=fresh(nan), reason="No."),
    )
    assert len(told) == 1


def test_a_door_of_somebody_who_is_being_suspended(ben, mo, ada, north):
    """Whoever comes in came in before it took effect; afterwards nobody does."""
    _row, token = make_invitation(north, by=ben, max_uses=10)
    outside = [make_member(f"Out {n}") for n in range(5)]

    def use(member):
        try:
            invitations.use_invitation(token, by=fresh(member))
        except Refused:
            return

    rule = make_rule()
    at_once(
        *(lambda member=member: use(member) for member in outside),
        lambda: sanctions.suspend(ben, by=fresh(mo), rule=rule, reason="Threats.", protective=True),
    )
    late = make_member("Late")
    with pytest.raises(Refused):
        invitations.use_invitation(token, by=late)
