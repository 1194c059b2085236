"""What nobody could be told of while it was away is told when it is back; and only once."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from community import notices
from community.models import Activity, Follow, Held, Item, Measure, Member, Notice
from community.operations import comments, holding, moderation, writing
from community.operations.reports import report_item
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def told():
    """``told(item)``: tells what the clock would tell now of it; how many were told."""

    def tell(item: Item) -> int:
        with time_machine.travel(timezone.now() + timedelta(minutes=1)):
            waiting = [one for one in notices.untold() if one.item_id == item.pk]
        return sum(notices.deliver(activity) for activity in waiting)

    return tell


def hidden(item: Item, *, by: Member, reporter: Member) -> Measure:
    case = report_item(Item.objects.get(pk=item.pk), by=reporter, rule=None, words="Look.").case
    return moderation.hide_reported(case, rule=factories.make_rule(), reason="No.", by=by)


def test_what_was_hidden_before_anybody_heard_of_it_is_told_when_it_is_back(
    ada, ben, fay, mo, north, told
):
    topic = factories.make_topic(north, by=ada)
    answer = comments.post_comment(topic, text="At seven.", by=ben)
    measure = hidden(answer, by=mo, reporter=fay)
    assert told(answer) == 0
    assert not Activity.objects.filter(item=answer.pk, told_at=None).exists()
    moderation.lift_measure(measure, reason="It is fine.", by=mo)
    assert told(answer) == 1
    assert Notice.objects.filter(member=ada, activity__item=answer.pk).count() == 1
    assert told(answer) == 0


def test_what_people_heard_of_is_not_told_again_when_it_is_back(ada, ben, fay, mo, north, told):
    topic = factories.make_topic(north, by=ada)
    answer = comments.post_comment(topic, text="At seven.", by=ben)
    assert told(answer) == 1
    Activity.objects.update(told_at=timezone.now() - timedelta(hours=1))
    measure = hidden(answer, by=mo, reporter=fay)
    moderation.lift_measure(measure, reason="It is fine.", by=mo)
    assert told(answer) == 0
    assert not Activity.objects.filter(item=answer.pk, told_at=None).exists()


def test_answers_that_went_along_are_told_with_what_they_answer(ada, ben, fay, mo, north, told):
    topic = factories.make_topic(north, by=ada)
    answer = comments.post_comment(topic, text="At seven.", by=ben)
    measure = hidden(topic, by=mo, reporter=fay)
    assert told(answer) == 0
    moderation.lift_measure(measure, reason="It is fine.", by=mo)
    assert told(answer) == 1


def test_what_was_let_through_is_told_once_what_it_answers_is_back(ada, ben, fay, mo, north, told):
    topic = factories.make_topic(north, by=ben)
    answer = factories.make_comment(topic, by=fresh_participant(north), text="At seven.")
    Activity.objects.filter(item=answer.pk).delete()
    Item.objects.filter(pk=answer.pk).update(hidden_at=timezone.now())
    said = {"title": topic.title, "on": topic.pk}
    held = Held.objects.create(item_id=answer.pk, cause="burst", verb="comments.posted", data=said)
    measure = hidden(topic, by=mo, reporter=fay)
    holding.let_through(held, by=Member.objects.get(pk=ada.pk))
    assert told(answer) == 0
    moderation.lift_measure(measure, reason="It is fine.", by=mo)
    assert Item.objects.visible_to(ben).filter(pk=answer.pk).exists()
    assert told(answer) == 1
    assert told(answer) == 0


def test_what_was_held_and_hidden_is_told_when_both_are_over(ada, ben, fay, mo, north, told):
    topic = factories.make_topic(north, by=ben)
    north.membership_set.filter(member=fay).update(volume="all")
    Item.objects.filter(pk=topic.pk).update(hidden_at=timezone.now())
    held = Held.objects.create(
        item_id=topic.pk, cause="burst", verb="topics.posted", data={"title": topic.title}
    )
    measure = hidden(topic, by=mo, reporter=ada)
    holding.let_through(held, by=Member.objects.get(pk=ada.pk))
    assert told(topic) == 0
    moderation.lift_measure(measure, reason="It is fine.", by=mo)
    assert told(topic) == 1
    assert Notice.objects.get(activity__item=topic.pk, activity__verb="topics.posted").member == fay


def test_what_its_author_took_away_at_once_is_told_when_they_bring_it_back(ada, ben, north, told):
    topic = factories.make_topic(north, by=ada)
    answer = comments.post_comment(topic, text="At seven.", by=ben)
    writing.delete_item(answer, by=ben)
    assert told(answer) == 0
    writing.restore_item(answer, by=ben)
    assert told(answer) == 1


def test_whose_post_is_let_through_hears_what_is_answered(ada, ben, north, told):
    zoe = factories.make_member("Zoe New", settled_at=None)
    factories.belong(zoe, north)
    topic = factories.make_topic(north, by=ada)
    comments.post_comment(topic, text="http://a.example http://b.example", by=zoe)
    Follow.objects.filter(member=zoe).delete()
    comments.post_comment(topic, text="http://c.example http://d.example", by=zoe)
    holding.let_through(Held.objects.get(), by=ada)
    answer = comments.post_comment(topic, text="Thank you.", by=ben)
    told(answer)
    assert Notice.objects.filter(member=zoe, activity__item=answer.pk).exists()


def fresh_participant(space) -> Member:
    member = factories.make_member("Pia Participant")
    factories.belong(member, space)
    return member
