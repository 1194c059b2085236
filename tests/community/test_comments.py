"""Answers: how a conversation is read, and what happens to what was said in it."""

from __future__ import annotations

import html
import re
from datetime import timedelta

import pytest
from django.utils import timezone

from community import feed, thread
from community.models import Comment, Draft, Item, Notice, ReadMark
from community.operations import comments, drafts, reading, writing
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
    answer = as_(None).post(f"/items/{topic.pk}/comments/add/", {"text": "My words"})
    assert answer.status_code == 401
    assert "My words" in answer.content.decode()
    assert as_(None).post(f"/items/{topic.pk}/comments/add/").status_code == 302


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
        client.post(f"/items/{topic.pk}/read/")
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
    tired = make_member("Tired")
    belong(tired, topic.space)
    for member in (tired, ada):
        Block.objects.create(member=member, blocked=ben)
    assert "Unheard words" not in as_(tired).get(f"/topics/{topic.pk}/").content.decode()
    steward = as_(ada).get(f"/topics/{topic.pk}/").content.decode()
    assert "Unheard words" in steward, "who leads a group answers for what is said there"


def test_reading_a_topic_reads_its_notices(as_, ada, ben, topic, committed):
    with committed():
        make_comment(topic, by=ben)
    assert Notice.objects.filter(member=ada, read_at=None).count() == 1
    as_(ada).post(f"/items/{topic.pk}/read/")
    assert not Notice.objects.filter(member=ada, read_at=None).exists()
    assert Item.objects.get(pk=topic.pk).comment_count == 1


# What it costs


def test_posting_writes_one_transaction_and_not_the_session(as_, ada, ben, topic, queries):
    browser = as_(ben)
    browser.post(f"/items/{topic.pk}/comments/add/", {"text": "The first."})
    with queries() as asked:
        answer = browser.post(f"/items/{topic.pk}/comments/add/", {"text": "And once more."})
    assert answer.status_code == 302
    written = [query["sql"] for query in asked.captured_queries]
    assert len(written) <= 22
    assert not [sql for sql in written if "django_session" in sql and not sql.startswith("SELECT")]
    page = browser.get(answer.url, follow=True)
    assert "Your reply is in." in page.content.decode()
    assert "no-store" in page["Cache-Control"]
    assert "Your reply is in." not in browser.get(f"/topics/{topic.pk}/").content.decode()


def test_a_comment_drawn_for_its_author_is_not_shown_to_the_next_reader(as_, ada, ben, topic):
    """Both may do as much about it as the other, but only one of them wrote it."""
    comment = make_comment(topic, by=ben, text="one")
    addresses = [f"/comments/{comment.pk}/edit/", f"/reports/items/{comment.pk}/"]
    seen = {}
    for person in (ben, ada, ben, ada):
        html = as_(person).get(f"/topics/{topic.pk}/").content.decode()
        seen.setdefault(person.pk, []).append([address in html for address in addresses])
    assert seen[ben.pk][0] == seen[ben.pk][1]
    assert seen[ada.pk][0] == seen[ada.pk][1]
    assert seen[ben.pk] != seen[ada.pk]


# How far somebody has read


def until(page: str) -> str:
    return re.search(r'name="until" value="(\d+)"', page)[1]


def link_to(page: str, words: str) -> str:
    found = re.search(rf'hx-get="([^"]*\?{words}=[^"]*)"', page)[1]
    return html.unescape(found)


def read(client, topic, page: str) -> None:
    """What the page does a second after it was opened."""
    client.post(f"/items/{topic.pk}/read/", {"until": until(page)}, **HTMX)


def test_what_was_not_on_the_page_is_still_to_be_read(as_, ada, ben, topic):
    for number in range(30):
        make_comment(topic, by=ben, text=f"number {number:02}")
    read(as_(ada), topic, as_(ada).get(f"/topics/{topic.pk}/").content.decode())
    page = as_(ada).get(f"/topics/{topic.pk}/").content.decode()
    assert "10 new" in page
    goal = Comment.objects.get(text="number 20")
    assert f"?at={goal.pk}#comment-{goal.pk}" in page
    more = as_(ada).get(link_to(page, "after"), **HTMX).content.decode()
    assert more.count("New since you were here") == 1
    assert more.index("New since") < more.index(f'id="comment-{goal.pk}"')
    read(as_(ada), topic, more)
    page = as_(ada).get(f"/topics/{topic.pk}/").content.decode()
    assert " new</a>" not in page
    assert 'name="until"' not in page
    ada.forget()
    assert feed.unread(ada)[topic.space_id] == 0


def test_who_is_led_into_the_middle_has_not_read_what_they_jumped_over(as_, ada, ben, topic):
    made = [make_comment(topic, by=ben, text=f"number {number:02}") for number in range(30)]
    there = f"/topics/{topic.pk}/?at={made[28].pk}"
    read(as_(ada), topic, as_(ada).get(there).content.decode())
    page = as_(ada).get(f"/topics/{topic.pk}/").content.decode()
    assert "30 new" in page, "nothing of it is marked before the first page was open"
    read(as_(ada), topic, page)
    assert "10 new" in as_(ada).get(f"/topics/{topic.pk}/").content.decode()
    # What they loaded above it counts together with it.
    page = as_(ada).get(there).content.decode()
    while 'id="earlier"' in page:
        page = as_(ada).get(link_to(page, "before"), **HTMX).content.decode()
    read(as_(ada), topic, page)
    assert "new</a>" not in as_(ada).get(f"/topics/{topic.pk}/").content.decode()


def test_a_link_to_what_is_new_on_this_page_loads_nothing_again(as_, ada, ben, topic):
    as_(ada).post(f"/items/{topic.pk}/read/")
    new = make_comment(topic, by=ben, text="new")
    assert f'href="#comment-{new.pk}"' in as_(ada).get(f"/topics/{topic.pk}/").content.decode()


def test_answering_reads_nothing_and_a_mark_never_goes_back(ada, ben, topic):
    reading.mark_read(topic, by=ada)
    seen = ReadMark.objects.get(item=topic, member=ada).read_at
    make_comment(topic, by=ben, text="You have not seen this")
    make_comment(topic, by=ada, text="Mine")
    assert ReadMark.objects.get(item=topic, member=ada).read_at == seen
    reading.mark_read(topic, by=ada)
    now = ReadMark.objects.get(item=topic, member=ada).read_at
    reading.mark_read(topic, until=seen, by=ada)
    reading.mark_read(topic, until=timezone.now() + timedelta(days=9), by=ada)
    assert now <= ReadMark.objects.get(item=topic, member=ada).read_at <= timezone.now()


@pytest.mark.parametrize("wrong", ["", "x", "-1", "²", "9" * 30])
def test_moments_that_are_not_ours_read_everything(as_, ada, ben, topic, wrong):
    make_comment(topic, by=ben)
    as_(ada).post(f"/items/{topic.pk}/read/", {"until": wrong})
    assert ReadMark.objects.get(item=topic, member=ada).read_at >= topic.active_at
