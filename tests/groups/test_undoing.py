"""A split and a merge are taken back: everything stands where it stood, and nobody sees more."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from community.models import Activity, AuditEntry, Comment, Follow, Item, Mention, Ring
from community.operations import comments, reading, writing
from community.policies import Refused
from groups.models import Topic, TopicMove
from groups.operations import moving, topics, undoing
from tests.factories import belong, make_comment, make_space, make_topic

pytestmark = pytest.mark.django_db


@pytest.fixture
def talk(north, ben, cleo):
    """ben's question with an answer and its reply, and another answer, which was chosen."""
    belong(cleo, north)
    topic = make_topic(north, by=ben, title="The bins", text="Full.", template="question")
    first = make_comment(topic, by=cleo, text="Mine too")
    make_comment(topic, by=ben, text="And the neighbours'", parent=first)
    chosen = make_comment(topic, by=cleo, text="Call the town hall")
    topics.choose_answer(topic, comment=chosen, by=ben)
    return Topic.objects.get(pk=topic.pk)


def stands(topic) -> list[tuple]:
    """All that a conversation is made of, as its tables say it."""
    topic = Topic.objects.get(pk=topic.pk)
    rows = Comment.objects.filter(item=topic.pk).order_by("pk")
    named = ("pk", "text", "parent_id", "kind", "min_ring", "space_id", "title", "deleted_at")
    return [
        (topic.title, topic.text, topic.template, topic.answer_id, topic.comment_count),
        (topic.min_ring, topic.space_id, topic.about_id, bool(topic.closed_at)),
        *rows.values_list(*named),
    ]


def newest() -> TopicMove:
    return TopicMove.objects.order_by("-pk").first()


# Split


@pytest.mark.parametrize("which", [[0], [1], [0, 2], [2], [0, 1, 2]])
def test_what_was_split_off_stands_again_where_it_stood(talk, ada, which):
    before = stands(talk)
    rows = list(Comment.objects.filter(item=talk.pk).order_by("pk").values_list("pk", flat=True))
    made = moving.split_topic(talk, comments=[rows[n] for n in which], title="Apart", by=ada)
    assert stands(talk) != before
    back = undoing.undo_split(newest(), by=ada)
    assert stands(talk) == before
    assert back.pk == made.pk
    assert not Topic.objects.filter(pk=made.pk).exists()
    assert newest().undone_at is not None
    assert AuditEntry.objects.filter(action="topics.put_back", item_id=made.pk).exists()
    assert Activity.objects.get(verb="topics.put_back").data["member"] == back.author_id


def test_what_was_answered_after_a_split_comes_along(talk, ada, ben, cleo):
    first = Comment.objects.filter(item=talk.pk).order_by("pk").first()
    made = moving.split_topic(talk, comments=[first.pk], title="Apart", by=ada)
    late = make_comment(made, by=ben, text="Said later")
    reply = make_comment(made, by=cleo, text="Yes", parent=late)
    reading.follow(made, volume="all", by=ben)
    undoing.undo_split(newest(), by=ada)
    late, reply = (Comment.objects.get(pk=one.pk) for one in (late, reply))
    assert (late.item_id, late.parent_id) == (talk.pk, None)
    assert (reply.item_id, reply.parent_id) == (talk.pk, late.pk)
    assert Topic.objects.get(pk=talk.pk).comment_count == 5
    assert Follow.objects.filter(item=talk.pk, member=ben).exists()


def test_a_reply_to_what_becomes_a_reply_again_is_one_too(talk, ada, cleo):
    """Conversations are two levels deep."""
    reply = Comment.objects.get(text="And the neighbours'")
    made = moving.split_topic(
        talk, comments=[reply.pk, Comment.objects.get(text="Call the town hall").pk],
        title="Apart", by=ada,
    )  # fmt: skip
    other = Comment.objects.get(text="Call the town hall")
    make_comment(made, by=cleo, text="They are shut", parent=other)
    undoing.undo_split(newest(), by=ada)
    assert not Comment.objects.filter(parent__parent__isnull=False).exists()
    assert Comment.objects.get(text="They are shut").parent_id == other.pk


def test_a_split_is_not_undone_where_something_moved_on(talk, north, ada, ben, cleo):
    rows = list(Comment.objects.filter(item=talk.pk).order_by("pk").values_list("pk", flat=True))
    made = moving.split_topic(talk, comments=rows[:1], title="Apart", by=ada)
    move = newest()
    with pytest.raises(Refused, match="Stewards"):
        undoing.undo_split(move, by=ben)
    topics.move_to_ring(made, ring=Ring.CORE, by=ada)
    with pytest.raises(Refused, match="moved on"):
        undoing.undo_split(move, by=ada)
    topics.move_to_ring(made, ring=Ring.PARTICIPANT, by=ada)
    other = make_space("Other", steward=ada)
    ada.forget()
    moving.move_to_group(made, group=other.group, by=ada)
    with pytest.raises(Refused, match="moved on"):
        undoing.undo_split(move, by=ada)
    moving.undo_move(newest(), by=ada)
    writing.delete_item(Item.objects.get(pk=talk.pk), by=ada)
    with pytest.raises(Refused, match="no longer here"):
        undoing.undo_split(move, by=ada)
    writing.restore_item(Item.objects.get(pk=talk.pk), by=ada)
    TopicMove.objects.update(created_at=timezone.now() - timedelta(days=8))
    with pytest.raises(Refused, match="a while ago"):
        undoing.undo_split(move, by=ada)


# Merge


def test_what_was_merged_is_a_topic_of_its_own_again(talk, north, ada, ben):
    other = make_topic(north, by=ada, title="Other", text="Here")
    make_comment(other, by=ben, text="Hm")
    topics.pin_topic(talk, by=ada)
    topics.close_topic(talk, by=ada)
    before, there = stands(talk), stands(other)
    moving.merge_topic(talk, into=other, by=ada)
    assert stands(other) != there
    made = undoing.undo_merge(newest(), by=ada)
    assert stands(made) == before
    assert stands(other) == there
    assert made.pinned_at
    assert "Full." in Topic.objects.get(pk=talk.pk).html
    assert AuditEntry.objects.filter(action="topics.parted", item_id=talk.pk).exists()
    assert Activity.objects.get(verb="topics.parted").data["member"] == ben.pk


def test_a_topic_without_words_is_merged_and_parted(north, ada, ben):
    bare = make_topic(north, by=ben, title="*Stars* and _more_", text="")
    other = make_topic(north, by=ada)
    moving.merge_topic(bare, into=other, by=ada)
    made = undoing.undo_merge(newest(), by=ada)
    assert (made.title, made.text) == ("*Stars* and _more_", "")


def test_what_was_answered_after_a_merge_stays_with_what_it_answers(talk, north, ada, ben, cleo):
    other = make_topic(north, by=ada, title="Other")
    moving.merge_topic(talk, into=other, by=ada)
    merged = Comment.objects.get(pk=talk.pk)
    to_it = make_comment(other, by=cleo, text="To the merged one", parent=merged)
    first = Comment.objects.get(text="Mine too")
    to_first = make_comment(other, by=ben, text="To its answer", parent=first)
    besides = make_comment(other, by=ben, text="To the other one")
    made = undoing.undo_merge(newest(), by=ada)
    at = {one.pk: Comment.objects.get(pk=one.pk) for one in (to_it, to_first, besides)}
    assert (at[to_it.pk].item_id, at[to_it.pk].parent_id) == (made.pk, None)
    assert (at[to_first.pk].item_id, at[to_first.pk].parent_id) == (made.pk, first.pk)
    assert at[besides.pk].item_id == other.pk


def test_what_was_said_for_fewer_eyes_stays_with_them(north, ada, ben):
    core = make_topic(north, by=ada, min_ring=Ring.CORE, title="Core")
    topic = make_topic(north, by=ben, title="For all", text="Hello")
    answer = make_comment(topic, by=ben, text="Mine")
    moving.merge_topic(topic, into=core, by=ada)
    secret = make_comment(core, by=ada, text="Not for ben", parent=Comment.objects.get(pk=topic.pk))
    deeper = make_comment(core, by=ada, text="Nor this", parent=Comment.objects.get(pk=answer.pk))
    undoing.undo_merge(newest(), by=ada)
    for item in (topic, answer):
        assert Item.objects.visible_to(ben).filter(pk=item.pk).exists()
    for item in (secret, deeper):
        assert not Item.objects.visible_to(ben).filter(pk=item.pk).exists()
        row = Comment.objects.get(pk=item.pk)
        assert (row.item_id, row.parent_id, row.min_ring) == (core.pk, None, Ring.CORE)


def test_words_changed_for_fewer_eyes_keep_it_where_it_is(north, ada):
    core = make_topic(north, by=ada, min_ring=Ring.CORE)
    topic = make_topic(north, by=ada, title="For all", text="Hello")
    answer = make_comment(topic, by=ada, text="Mine")
    moving.merge_topic(topic, into=core, by=ada)
    comments.edit_comment(Comment.objects.get(pk=answer.pk), text="Only for the core", by=ada)
    with pytest.raises(Refused, match="fewer eyes"):
        undoing.undo_merge(newest(), by=ada)


def test_going_back_to_fewer_eyes_names_nobody_who_loses_it(north, ada, ben):
    wide = make_topic(north, by=ada, title="For all")
    core = make_topic(north, by=ada, min_ring=Ring.CORE, title="Core")
    moving.merge_topic(core, into=wide, by=ada)
    late = make_comment(
        wide, by=ada, text="Ask @ben-castillo", parent=Comment.objects.get(pk=core.pk)
    )
    assert Mention.objects.filter(item=late.pk, member=ben).exists()
    undoing.undo_merge(newest(), by=ada)
    assert not Item.objects.visible_to(ben).filter(pk=late.pk).exists()
    assert not Mention.objects.filter(item=late.pk).exists()


def test_a_merge_is_not_undone_where_something_moved_on(talk, north, ada, ben):
    other = make_topic(north, by=ada, title="Other")
    moving.merge_topic(talk, into=other, by=ada)
    move = newest()
    with pytest.raises(Refused, match="Stewards"):
        undoing.undo_merge(move, by=ben)
    comments.edit_comment(Comment.objects.get(pk=talk.pk), text="No title any more", by=ben)
    with pytest.raises(Refused, match="title was changed"):
        undoing.undo_merge(move, by=ada)
    comments.edit_comment(Comment.objects.get(pk=talk.pk), text="**The bins**\n\nFull.", by=ben)
    TopicMove.objects.filter(pk=move.pk).update(created_at=timezone.now() - timedelta(days=8))
    with pytest.raises(Refused, match="a while ago"):
        undoing.undo_merge(move, by=ada)
    TopicMove.objects.filter(pk=move.pk).update(created_at=timezone.now())
    undoing.undo_merge(move, by=ada)
    with pytest.raises(Refused, match="moved on"):
        undoing.undo_merge(move, by=ada)


# The way to it


def test_a_steward_undoes_both_from_the_message(as_, talk, north, ada, ben):
    steward = as_(ada)
    first = Comment.objects.filter(item=talk.pk).order_by("pk").first()
    path, form = f"/topics/{talk.pk}/split/", {"title": "Apart", "comments": [str(first.pk)]}
    page = steward.post(path, form, follow=True).content.decode()
    undo = f"/topics/{first.pk}/group/{newest().pk}/undo/"
    assert undo in page
    assert as_(ben).post(undo).status_code == 404
    assert steward.post(undo).headers["Location"] == f"/comments/{first.pk}/"
    other = make_topic(north, by=ada, title="Other")
    page = steward.post(f"/topics/{talk.pk}/merge/", {"into": str(other.pk)}, follow=True)
    undo = f"/topics/{talk.pk}/group/{newest().pk}/undo/"
    assert undo in page.content.decode()
    assert as_(ben).post(undo).status_code == 404
    assert steward.post(undo).headers["Location"] == f"/topics/{talk.pk}/"
    assert Topic.objects.filter(pk=talk.pk).exists()
