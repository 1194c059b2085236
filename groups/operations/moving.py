"""Topics that go elsewhere: to another group, apart from a conversation, or into another one.

What was answered goes along, in its order. A row never changes its number: a topic that is merged
becomes an answer, an answer that is split off becomes a topic, so that reactions, files, bookmarks
and reports stay where they are and old addresses lead on.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from community import audit, feed, stems
from community.models import (
    Activity,
    Case,
    Comment,
    Follow,
    Item,
    Member,
    Notice,
    Openness,
    Ring,
    Space,
)
from community.operations import hiding, writing
from community.operations.comments import KIND as COMMENT
from community.policies import Refused
from groups import policies
from groups.models import Group, Topic, TopicMove
from groups.operations.topics import forget_names, take_room_along, worded

MOST_SPLIT = 200


@transaction.atomic
def move_to_group(topic: Topic, *, group: Group, by: Member) -> TopicMove:
    """Show the topic and all its answers to another group, in the same ring. Raises Refused.

    Whoever reads only the old group loses sight of it at once, and is no longer named in it.
    """
    topic = Topic.objects.lock(topic)
    policies.can_move_to_group(by, topic, group).enforce()
    move = TopicMove.objects.create(
        kind=TopicMove.Kind.MOVED,
        item_id=topic.pk,
        from_space_id=topic.space_id,
        ring_before=topic.min_ring,
        was_pinned=topic.pinned_at is not None,
        by=by,
    )
    before = topic.space
    _place(topic, group.space, _ring_in(group.space, topic.min_ring), pinned=False)
    _tell_its_author(topic, before, by)
    audit.record("topics.moved_group", by=by, item=topic, space=group.pk, source=before.pk)
    return move


@transaction.atomic
def undo_move(move: TopicMove, *, by: Member) -> Topic:
    """Bring a topic back to where it was, for the same readers. Raises Refused."""
    topic = Topic.objects.lock(Topic(pk=move.item_id))
    move = TopicMove.objects.select_for_update(of=("self",)).get(pk=move.pk)
    policies.can_undo_move(by, topic, move).enforce()
    before = topic.space
    _place(topic, move.from_space, move.ring_before, pinned=move.was_pinned)
    move.undone_at = timezone.now()
    move.save(update_fields=["undone_at"])
    _tell_its_author(topic, before, by)
    audit.record("topics.moved_back", by=by, item=topic, space=topic.space_id, source=before.pk)
    return topic


@transaction.atomic
def split_topic(topic: Topic, *, comments: Iterable[int], title: str, by: Member) -> Topic:
    """Make a topic of its own out of some answers; the first of them opens it. Raises Refused.

    Replies go with what they reply to; a reply that is chosen alone becomes an answer.
    """
    topic = Topic.objects.lock(topic)
    policies.can_split(by, topic).enforce()
    title, _text = worded(title, "")
    chosen = list(dict.fromkeys(comments))
    if len(chosen) > MOST_SPLIT:
        raise Refused(_("Choose fewer: %(most)s at most.") % {"most": MOST_SPLIT})
    there = Comment.objects.filter(item=topic.pk, deleted_at=None, hidden_at=None)
    roots = list(there.filter(pk__in=chosen).order_by("pk"))
    if not roots:
        raise Refused(_("Choose at least one answer."))
    going = {one.pk for one in roots}
    going |= set(
        Comment.objects.filter(item=topic.pk, parent__in=going).values_list("pk", flat=True)
    )
    opener = roots[0]
    parents = Comment.objects.filter(pk__in=going).values_list("pk", "parent")
    were = {"parents": dict(parents), "answer": topic.answer_id if topic.answer_id in going else 0}
    made = become_topic(opener, title, topic)
    rest = Comment.objects.filter(pk__in=going - {opener.pk})
    rest.exclude(parent__in=going - {opener.pk}).update(parent=None)
    rest.update(item=made.pk)
    if topic.answer_id in going:
        topic.answer = None
        topic.save(update_fields=["answer"])
    hiding.recount(topic)
    hiding.recount(made)
    follow_too(made, Follow.objects.filter(item=topic.pk, member=made.author_id))
    TopicMove.objects.create(
        kind=TopicMove.Kind.SPLIT,
        item_id=made.pk,
        from_space_id=topic.space_id,
        from_item_id=topic.pk,
        ring_before=topic.min_ring,
        data=were,
        by=by,
    )
    feed.record("topics.split", actor=by, item=made, title=title, member=made.author_id)
    audit.record("topics.split", by=by, item=made, space=made.space_id, source=topic.pk)
    return made


@transaction.atomic
def merge_topic(topic: Topic, *, into: Topic, by: Member) -> Topic:
    """Make the topic an answer in another one of the group, its answers with it. Raises Refused.

    All of it stands in the order in which it was said. Its old address leads on for those who may
    read where it went. Returns what it went into.
    """
    first, second = sorted((topic.pk, into.pk))
    locked = {pk: Topic.objects.lock(Topic(pk=pk)) for pk in {first, second}}
    topic, into = locked[topic.pk], locked[into.pk]
    policies.can_merge(by, topic, into).enforce()
    title, before = topic.title, topic.min_ring
    followers = list(Follow.objects.filter(item=topic.pk))
    were = {
        "template": topic.template,
        "closed": topic.closed_at is not None,
        "about": topic.about_id or 0,
        "answer": topic.answer_id or 0,
    }
    become_comment(topic, into, text=f"**{topic.title}**\n\n{topic.text}".strip())
    answers = Comment.objects.filter(item=topic.pk)
    numbers = list(answers.values_list("pk", flat=True))
    answers.update(item=into.pk)
    Item.objects.filter(pk__in=numbers).update(min_ring=into.min_ring, space=into.space_id)
    hiding.recount(into)
    into.active_at = max(into.active_at, topic.active_at)
    into.save(update_fields=["active_at"])
    follow_too(into, followers)
    settle_as_comment(topic.pk)
    if into.min_ring > before:
        forget_names(into, Comment.objects.filter(item=into.pk))
    TopicMove.objects.create(
        kind=TopicMove.Kind.MERGED,
        item_id=topic.pk,
        from_space_id=into.space_id,
        from_item_id=into.pk,
        ring_before=before,
        was_pinned=topic.pinned_at is not None,
        data={**were, "answers": numbers},
        by=by,
    )
    feed.record(
        "topics.merged", actor=by, item=into, title=into.title, member=topic.author_id, merged=title
    )
    audit.record("topics.merged", by=by, item=into, space=into.space_id, source=topic.pk)
    return into


# Parts


def _ring_in(space: Space, ring: int) -> int:
    """The same ring there; what everybody on the web read only where the group is public."""
    if ring == Ring.WEB and space.openness != Openness.PUBLIC:
        return Ring.PARTICIPANT
    return ring


def _place(topic: Topic, space: Space, ring: int, *, pinned: bool) -> None:
    """The locked topic with all that hangs on it, its history and open cases included."""
    topic.space, topic.min_ring = space, ring
    topic.pinned_at = timezone.now() if pinned else None
    topic.save(update_fields=["space", "min_ring", "pinned_at"])
    answers = Comment.objects.filter(item=topic.pk)
    all_of_it = [topic.pk, *answers.values_list("pk", flat=True)]
    Item.objects.filter(pk__in=all_of_it).update(space=space, min_ring=ring)
    Activity.objects.filter(item__in=all_of_it).update(space=space)
    Case.objects.open().filter(item__in=all_of_it).update(space=space)
    take_room_along(topic)
    writing.stir(space)
    writing.render_again(topic)
    for answer in answers.select_related("space", "author"):
        if "@" in answer.text:
            writing.render_again(answer)


def _tell_its_author(topic: Topic, before: Space, by: Member) -> None:
    """Whoever began it hears that it moved; where to, only if they may read it there."""
    if topic.author is None:
        return
    if Item.objects.visible_to(topic.author).filter(pk=topic.pk).exists():
        feed.record(
            "topics.moved_here", actor=by, item=topic, title=topic.title, member=topic.author_id
        )
    else:
        feed.record(
            "topics.moved_away",
            actor=by,
            space=before,
            member=topic.author_id,
            title=topic.title,
        )


def become_topic(comment: Comment, title: str, source: Topic) -> Topic:
    """The same item as a topic: its row among the comments goes, one among the topics comes."""
    pk, words = comment.pk, (comment.text, comment.html, comment.renderer)
    Comment.objects.filter(parent=pk).update(parent=None)
    Topic.objects.filter(answer=pk).update(answer=None)
    comment.delete(keep_parents=True)
    topic = Topic(item_ptr_id=pk, template=Topic.Template.TALK)
    topic.text, topic.html, topic.renderer = words
    topic.save_base(raw=True, force_insert=True)
    Item.objects.filter(pk=pk).update(kind=Topic.KIND, title=title, lang=source.lang)
    made = Topic.objects.select_related("space", "author").get(pk=pk)
    writing.render_again(made)
    stems.index(made)
    return made


def become_comment(topic: Topic, into: Topic, *, text: str) -> None:
    """The same item as an answer with these words."""
    pk = topic.pk
    Topic.objects.get(pk=pk).delete(keep_parents=True)
    answer = Comment(item_ptr_id=pk, item_id=into.pk, text=text)
    answer.save_base(raw=True, force_insert=True)
    Item.objects.filter(pk=pk).update(
        kind=COMMENT,
        title="",
        about=None,
        comment_count=0,
        space=into.space_id,
        min_ring=into.min_ring,
    )


def settle_as_comment(pk: int) -> Comment:
    """The words of what became an answer, as they are shown and found; and an end to notices of
    its beginning, which would name the other topic: what they told is answered there."""
    comment = Comment.objects.select_related("space", "author").get(pk=pk)
    writing.render_again(comment)
    stems.index(comment)
    Notice.objects.filter(activity__item=pk, activity__verb__startswith="topics.").delete()
    Activity.objects.filter(item=pk, verb__startswith="topics.", told_at=None).update(
        told_at=timezone.now()
    )
    return comment


def follow_too(topic: Item, follows: Iterable[Follow]) -> None:
    """Who followed the one follows the other, unless they said otherwise there."""
    rows: list[Any] = [
        Follow(member_id=one.member_id, item_id=topic.pk, volume=one.volume) for one in follows
    ]
    Follow.objects.bulk_create(rows, ignore_conflicts=True)
