"""The bell: who is told, why, and never of what one may not see."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from community import feed, notices, tasks
from community.models import Activity, Membership, Mute, Notice
from community.operations import membership, reading, writing
from groups.operations import topics
from tests.factories import belong, make_comment, make_member, make_space, make_topic

pytestmark = pytest.mark.django_db


def page(client, query=""):
    return client.get(f"/notices/{query}").content.decode()


def post(space, by, **fields):
    group = space.group
    return topics.post_topic(group, by=by, **{"title": "The boiler", "text": "Cold."} | fields)


def test_answers_are_gathered_by_what_they_answer(as_, ada, ben, north, committed):
    eva = make_member("Eva Ruiz")
    belong(eva, north)
    with committed():
        topic = make_topic(north, by=ada, title="The boiler")
        make_comment(topic, by=ben)
        make_comment(topic, by=eva, text="Still cold here")
    html = page(as_(ada))
    assert "Eva Ruiz and 1 other answered in “The boiler”" in html
    assert "Still cold here" in html
    assert "you began this conversation" in html


def test_being_named_says_so(as_, ada, ben, north, committed):
    with committed():
        post(north, ada, text="Ask @ben-castillo")
    html = page(as_(ben))
    assert "Ada Mensah named you in “The boiler”" in html
    assert "you were named" in html


def test_a_reply_to_me_says_so(as_, ada, ben, north, committed):
    topic = make_topic(north, by=ada, title="The boiler")
    mine = make_comment(topic, by=ben)
    with committed():
        make_comment(topic, by=ada, parent=mine)
    html = page(as_(ben))
    assert "Ada Mensah replied to you in “The boiler”" in html
    assert "it is a reply to you" in html


def test_who_hears_everything_is_told_of_new_topics(as_, ada, ben, north, committed):
    Membership.objects.filter(space=north, member=ben).update(volume="all")
    with committed():
        post(north, ada)
    assert "Ada Mensah started “The boiler”" in page(as_(ben))
    assert not Notice.objects.filter(member=ada).exists()


def test_titles_and_names_with_percent_signs_are_only_words(as_, ada, north, committed):
    eva = make_member("Eva 100%(sure)s")
    belong(eva, north)
    with committed():
        make_comment(make_topic(north, by=ada, title="Rent +8% %(actor)s"), by=eva)
    assert "Eva 100%(sure)s answered in “Rent +8% %(actor)s”" in page(as_(ada))


def test_what_one_may_not_see_any_more_is_neither_shown_nor_counted(as_, ada, ben, committed):
    space = make_space("Inner circle", openness="closed", steward=ada)
    belong(ben, space)
    with committed():
        topic = make_topic(space, by=ben, title="Inside matter")
        make_comment(topic, by=ada)
    assert notices.unread_count(ben) == 1
    membership.leave(space, by=ben)
    ben.forget()
    assert notices.unread_count(ben) == 0
    assert "Inside matter" not in page(as_(ben))


def test_a_deleted_comment_is_no_news(as_, ada, ben, north, committed):
    with committed():
        comment = make_comment(make_topic(north, by=ada, title="The boiler"), by=ben)
    writing.delete_item(comment, by=ben)
    assert "The boiler" not in page(as_(ada))


def test_muted_people_and_muted_conversations_are_not_told(ada, ben, fay, north, committed):
    topic = make_topic(north, by=ada)
    reading.follow(topic, volume="mute", by=ada)
    other = make_topic(north, by=ada)
    Mute.objects.create(member=ada, muted=ben)
    with committed():
        make_comment(topic, by=ben)
        make_comment(other, by=ben)
    assert not Notice.objects.filter(member=ada).exists()


def test_of_muted_groups_nothing_is_told_not_even_ones_name(ada, ben, north, committed):
    Membership.objects.filter(space=north, member=ben).update(volume="mute")
    topic = make_topic(north, by=ada)
    reading.follow(topic, volume="all", by=ben)
    with committed():
        make_comment(topic, by=ada, text="@ben-castillo")
        post(north, ada, text="@ben-castillo")
    assert not Notice.objects.filter(member=ben).exists()


def test_marking_read_one_by_one_and_all(as_, ada, ben, north, committed):
    with committed():
        for _ in range(3):
            make_comment(make_topic(north, by=ada), by=ben)
    first = Notice.objects.filter(member=ada).first()
    as_(ben).post("/notices/read/", {"notice": first.pk})
    assert notices.unread_count(ada) == 3
    as_(ada).post("/notices/read/", {"notice": first.pk})
    assert notices.unread_count(ada) == 2
    assert as_(ada).post("/notices/read/", {"next": "//evil.example/"}).url == "/notices/"
    assert notices.unread_count(ada) == 0
    assert "Nothing new" in page(as_(ada), "?show=unread")


def test_opening_a_notice_leads_to_the_thing_and_reads_it(as_, ada, ben, cleo, north, committed):
    with committed():
        feed.record("spaces.moved", actor=ada, space=north, member=ben.pk)
    client = as_(ben)
    link = re.search(r'href="(/notices/\d+/open/)"', page(client))[1]
    assert as_(cleo).get(link).status_code == 404
    assert client.head(link).status_code == 302
    assert notices.unread_count(ben) == 1, "looking ahead is not reading"
    assert client.get(link).url == north.get_absolute_url()
    assert notices.unread_count(ben) == 0


def test_the_bell_counts(as_, ada, ben, north, committed):
    with committed():
        make_comment(make_topic(north, by=ada), by=ben)
    assert "Notices, 1 new" in page(as_(ada))


def test_notices_ask_the_same_with_2_and_with_12(as_, ada, ben, north, committed, queries):
    counts = []
    for more in (2, 10):
        with committed():
            for _ in range(more):
                make_comment(make_topic(north, by=ada, text="x"), by=ben, text="@ada-mensah")
        client = as_(ada)
        client.get("/notices/")
        with queries() as asked:
            client.get("/notices/")
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_the_answer_is_told_to_whoever_gave_it(as_, ada, ben, north, committed):
    question = post(north, ada, template="question")
    answer = make_comment(question, by=ben)
    reading.follow(question, volume="mentions", by=ben)
    with committed():
        topics.choose_answer(question, comment=answer, by=ada)
    assert "Ada Mensah chose the answer to “The boiler”" in page(as_(ben))


def test_what_the_bell_missed_is_told_by_the_clock(ada, ben, north):
    # Nothing is committed in this test, so nobody is rung: as if Valkey had been away.
    topic = make_topic(north, by=ada)
    make_comment(topic, by=ben)
    Activity.objects.update(created_at=timezone.now() - timedelta(minutes=1))
    assert not Notice.objects.exists()
    assert tasks.deliver_untold() == 1
    assert Notice.objects.get().member == ada
    assert tasks.deliver_untold() == 0
    assert not Activity.objects.filter(told_at=None).exists()


def test_telling_twice_writes_once(ada, ben, north):
    comment = make_comment(make_topic(north, by=ada), by=ben)
    activity = Activity.objects.get(item_id=comment.pk)
    assert [notices.deliver(activity), notices.deliver(activity)] == [1, 0]
