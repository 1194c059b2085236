"""Answers: how a conversation is read, and what happens to what was said in it."""

from __future__ import annotations

import pytest

from community import thread
from community.models import Comment, Draft, Item, Notice, ReadMark
from community.operations import comments, drafts, writing
from community.policies import Refused
from tests.factories import belong, make_comment, make_member, make_space, make_topic

pytestmark = pytest.mark.django_db
HTMX = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture
def topic(ada, north):
    return make_topic(north, by=ada, title="The boiler", text="It is *cold*.")


def texts(page):
    return [row.html.removeprefix('<p dir="auto">').removesuffix("</p>\n") for row in page.rows]


# The order of reading


def test_replies_stand_under_what_they_answer_one_level_deep(ada, ben, topic):
    first = make_comment(topic, by=ben, text="one")
    second = make_comment(topic, by=ada, text="two")
    reply = make_comment(topic, by=ada, text="one a", parent=first)
    deeper = make_comment(topic, by=ben, text="one b", parent=reply)
    make_comment(topic, by=ben, text="two a", parent=second)
    assert deeper.parent == first
    assert texts(thread.page(topic, ben)) == ["one", "one a", "one b", "two", "two a"]


def test_pages_of_a_long_conversation_meet_without_gap_or_overlap(ada, ben, topic):
    roots = [make_comment(topic, by=ben, text=f"{n}") for n in range(30)]
    for n in range(15):
        make_comment(topic, by=ada, text=f"2.{n}", parent=roots[2])
    page, seen = thread.page(topic, ben), []
    while True:
        seen += texts(page)
        if not page.later:
            break
        page = thread.page(topic, ben, after=page.later)
        assert page.earlier
    assert len(seen) == len(set(seen)) == 45
    assert seen[:4] == ["0", "1", "2", "2.0"]
    back = thread.page(topic, ben, before=page.earlier)
    assert texts(back) == seen[45 - len(page.rows) - thread.SIZE : 45 - len(page.rows)]


def test_a_link_to_a_comment_opens_the_page_it_stands_on(as_, ada, ben, topic):
    rows = [make_comment(topic, by=ben, text=f"number {n}") for n in range(40)]
    goal = rows[33]
    answer = as_(ada).get(f"/comments/{goal.pk}/")
    assert answer.url == f"/topics/{topic.pk}/?at={goal.pk}#comment-{goal.pk}"
    page = as_(ada).get(answer.url).content.decode()
    assert f'id="comment-{goal.pk}"' in page
    assert "number 12" not in page
    assert "Show what came before" in page


def test_a_reply_to_what_is_gone_says_so(ada, ben, topic):
    first = make_comment(topic, by=ben, text="one")
    make_comment(topic, by=ada, text="one a", parent=first)
    writing.delete_item(first, by=ben)
    page = thread.page(topic, ada)
    assert texts(page) == ["one a"]
    assert page.rows[0].follows_gone


def test_positions_that_are_not_ours_begin_at_the_top(ada, ben, topic):
    make_comment(topic, by=ben, text="one")
    for wrong in ("x", "1", "-", "9" * 50 + "-1", "1-1-1", "²-3"):
        assert texts(thread.page(topic, ada, after=wrong)) == ["one"], wrong
        assert texts(thread.page(topic, ada, at=wrong)) == ["one"], wrong


# What is new


def test_what_came_since_the_last_visit_is_marked_and_divided(as_, ada, ben, topic):
    old = make_comment(topic, by=ben, text="old")
    as_(ada).post(f"/items/{topic.pk}/read/")
    make_comment(topic, by=ben, text="a reply", parent=old)
    new = make_comment(topic, by=ben, text="new")
    page = as_(ada).get(f"/topics/{topic.pk}/").content.decode()
    assert "2 new" in page
    assert page.index("New since you were here") < page.index(f'id="comment-{new.pk}"')
    as_(ada).post(f"/items/{topic.pk}/read/")
    assert "New since" not in as_(ada).get(f"/topics/{topic.pk}/").content.decode()


def test_ones_own_words_are_never_new(as_, ada, ben, topic):
    as_(ben).post(f"/items/{topic.pk}/read/")
    make_comment(topic, by=ben)
    assert "New since" not in as_(ben).get(f"/topics/{topic.pk}/").content.decode()


# Saying something


def test_answering_counts_follows_reads_and_forgets_the_draft(ben, topic):
    drafts.save_draft(f"comment:{topic.pk}", {"text": "Yes"}, by=ben)
    make_comment(topic, by=ben, text="Yes")
    topic.refresh_from_db()
    assert topic.comment_count == 1
    assert topic.follows.filter(member=ben, volume="all").exists()
    assert ReadMark.objects.filter(item=topic, member=ben).exists()
    assert not Draft.objects.exists()


def test_with_htmx_the_new_comment_comes_with_an_empty_form_and_the_new_number(as_, ben, topic):
    answer = as_(ben).post(
        f"/items/{topic.pk}/comments/add/", {"text": "Mine", "at_end": "1"}, **HTMX
    )
    html = answer.content.decode()
    comment = Comment.objects.get()
    assert answer["HX-Retarget"] == "#comments"
    assert f'id="comment-{comment.pk}"' in html
    assert "data-focus" in html
    assert 'data-announce="Your reply is in."' in html
    assert 'id="reply-form"' in html
    assert "1 reply" in html
    assert "Mine" not in html.partition('id="reply-form"')[2]


def test_without_scripts_one_is_led_to_the_new_comment(as_, ben, topic):
    answer = as_(ben).post(f"/items/{topic.pk}/comments/add/", {"text": "Mine"}, follow=True)
    page = answer.content.decode()
    assert f"#comment-{Comment.objects.get().pk}" in answer.redirect_chain[-1][0]
    assert "Mine" in page
    assert "Your reply is in." in page


@pytest.mark.parametrize("extra", [{}, HTMX])
def test_what_was_typed_comes_back_with_the_reason(as_, ada, ben, topic, extra):
    from groups.operations import topics

    topics.close_topic(topic, by=ada)
    answer = as_(ben).post(f"/items/{topic.pk}/comments/add/", {"text": "My long thought"}, **extra)
    assert answer.status_code == 422
    assert "My long thought" in answer.content.decode()
    assert "This topic is closed" in answer.content.decode()


def test_nothing_is_no_answer(as_, ben, topic):
    answer = as_(ben).post(f"/items/{topic.pk}/comments/add/", {"text": "  \n "}, **HTMX)
    assert answer.status_code == 422
    assert not Comment.objects.exists()


def test_an_ended_session_keeps_the_page_as_it_is(as_, topic):
    answer = as_(None).post(f"/items/{topic.pk}/comments/add/", {"text": "x"}, **HTMX)
    assert answer.status_code == 401
    answer = as_(None).post(f"/items/{topic.pk}/comments/add/", {"text": "x"})
    assert answer.status_code == 302


def test_outsiders_of_a_closed_group_find_nothing_to_answer(as_, ada, cleo):
    space = make_space(openness="closed", steward=ada)
    topic = make_topic(space, by=ada)
    comment = make_comment(topic, by=ada)
    for path in (
        f"/topics/{topic.pk}/",
        f"/comments/{comment.pk}/",
        f"/comments/{comment.pk}/reply/",
        f"/comments/{comment.pk}/edit/",
        f"/items/{comment.pk}/history/",
        f"/items/{topic.pk}/comments/",
    ):
        assert as_(cleo).get(path).status_code == 404, path
    for act in ("comments/add", "react", "bookmark", "follow", "read"):
        assert as_(cleo).post(f"/items/{topic.pk}/{act}/", {"text": "x"}).status_code == 404, act


def test_a_reply_may_not_point_into_another_conversation(as_, ada, ben, topic, north):
    elsewhere = make_comment(make_topic(north, by=ada), by=ada)
    answer = as_(ben).post(
        f"/items/{topic.pk}/comments/add/", {"text": "x", "parent": elsewhere.pk}
    )
    assert answer.status_code == 404


# Changing it


def test_the_author_changes_a_comment_and_its_history_can_be_read(as_, ada, ben, topic):
    comment = make_comment(topic, by=ben, text="At six.")
    assert as_(ada).get(f"/comments/{comment.pk}/edit/").status_code == 403
    answer = as_(ben).post(f"/comments/{comment.pk}/edit/", {"text": "At seven."}, **HTMX)
    assert "At seven." in answer.content.decode()
    assert "edited" in answer.content.decode()
    assert "At six." in as_(ada).get(f"/items/{comment.pk}/history/").content.decode()


def test_deleting_answers_with_an_undo_and_the_number_follows(as_, ben, topic):
    comment = make_comment(topic, by=ben)
    answer = as_(ben).post(f"/comments/{comment.pk}/delete/", **HTMX)
    assert f"/comments/{comment.pk}/restore/" in answer["HX-Trigger"]
    topic.refresh_from_db()
    assert topic.comment_count == 0
    assert as_(ben).post(f"/comments/{comment.pk}/restore/").status_code == 302
    topic.refresh_from_db()
    assert topic.comment_count == 1


def test_only_its_author_or_a_steward_brings_a_comment_back(as_, ada, ben, fay, topic):
    comment = make_comment(topic, by=ben)
    writing.delete_item(comment, by=ada)
    assert as_(fay).post(f"/comments/{comment.pk}/restore/").status_code == 404
    assert as_(ada).post(f"/comments/{comment.pk}/restore/").status_code == 302


def test_a_quotation_begins_the_reply(as_, ada, ben, topic):
    comment = make_comment(topic, by=ada, text="First line\nSecond line")
    html = as_(ben).get(f"/comments/{comment.pk}/reply/?quote", **HTMX).content.decode()
    assert "&gt; **Ada Mensah:**\n&gt; First line\n&gt; Second line" in html


def test_those_who_follow_cannot_answer_but_learn_how(as_, fay, topic):
    page = as_(fay).get(f"/topics/{topic.pk}/").content.decode()
    assert "Take part in it to write here." in page
    assert 'id="reply-form"' not in page
    with pytest.raises(Refused, match="follow this group"):
        comments.post_comment(topic, text="x", by=fay)


# Lists stay cheap


def test_a_conversation_asks_the_same_with_2_and_with_12_comments(as_, ada, ben, topic, queries):
    counts = []
    for _ in range(2):
        first = make_comment(topic, by=ada)
        make_comment(topic, by=ben, parent=first)
        client = as_(ben)
        client.get(f"/topics/{topic.pk}/")
        with queries() as asked:
            client.get(f"/topics/{topic.pk}/")
        counts.append(len(asked))
        for _ in range(5):
            make_comment(topic, by=make_writer(topic.space))
    assert counts[0] == counts[1]
    assert counts[0] <= 12


def make_writer(space):
    writer = make_member()
    belong(writer, space)
    return writer


def test_somebody_blocked_is_not_heard(as_, ada, ben, topic):
    from community.models import Block

    make_comment(topic, by=ben, text="Unheard words")
    Block.objects.create(member=ada, blocked=ben)
    assert "Unheard words" not in as_(ada).get(f"/topics/{topic.pk}/").content.decode()


def test_reading_a_topic_reads_its_notices(as_, ada, ben, topic, committed):
    with committed():
        make_comment(topic, by=ben)
    assert Notice.objects.filter(member=ada, read_at=None).count() == 1
    as_(ada).post(f"/items/{topic.pk}/read/")
    assert not Notice.objects.filter(member=ada, read_at=None).exists()
    assert Item.objects.get(pk=topic.pk).comment_count == 1
