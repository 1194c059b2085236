"""Taking back that a topic was split or merged: each answer stands again where it stood.

What was said meanwhile goes with what it answers, but never before more eyes than it was said for.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from community import audit, feed, stems
from community.models import Comment, Follow, Item, Member
from community.operations import hiding, writing
from community.policies import Refused
from groups import policies
from groups.models import Topic, TopicMove
from groups.operations import moving
from groups.operations.topics import forget_names


@transaction.atomic
def undo_split(move: TopicMove, *, by: Member) -> Comment:
    """Put what was split off back into its conversation; what opened it is an answer again."""
    move = _lock(move)
    made, source = _topic(move.item_id), _topic(move.from_item_id)
    policies.can_undo_split(by, move, made, source).enforce()
    opener, author, title = made.pk, made.author_id, source.title
    followers = list(Follow.objects.filter(item=opener))
    moving.become_comment(made, source, text=made.text)
    Comment.objects.filter(item=opener).update(item=source.pk)
    _stand_again(source, move.data["parents"])
    answer = move.data["answer"]
    if answer and source.answer_id is None:
        source.answer = Comment.objects.filter(pk=answer, item=source.pk).first()
    source.active_at = max(source.active_at, made.active_at)
    source.save(update_fields=["answer", "active_at"])
    hiding.recount(source)
    moving.follow_too(source, followers)
    back = moving.settle_as_comment(opener)
    _undone(move)
    feed.record("topics.put_back", actor=by, item=source, title=title, member=author)
    audit.record("topics.put_back", by=by, item=back, space=source.space_id, source=source.pk)
    return back


@transaction.atomic
def undo_merge(move: TopicMove, *, by: Member) -> Topic:
    """Make what was put into another topic one of its own again, with the answers it had."""
    move = _lock(move)
    into, comment = _topic(move.from_item_id), Comment.objects.filter(pk=move.item_id).first()
    policies.can_undo_merge(by, move, comment, into).enforce()
    title, text = _title_and_text(comment)
    going = _going(move, comment, into)
    widens = move.ring_before < into.min_ring
    if widens and Item.objects.filter(pk__in=going, edited_at__gt=move.created_at).exists():
        raise Refused(_("Something in it was changed for fewer eyes. Split it off instead."))
    rest = Comment.objects.filter(pk__in=going - {comment.pk})
    stays = Comment.objects.filter(item=into.pk, parent__in=going).exclude(pk__in=going)
    stays.update(parent=None)
    comment.text = text
    comment.save(update_fields=["text"])
    made = moving.become_topic(comment, title, into)
    rest.exclude(parent__in=going - {made.pk}).update(parent=None)
    rest.update(item=made.pk)
    Item.objects.filter(pk__in=going).update(min_ring=move.ring_before)
    _as_it_was(made, move)
    if into.answer_id in going:
        into.answer = None
        into.save(update_fields=["answer"])
    hiding.recount(into)
    hiding.recount(made)
    if move.ring_before > into.min_ring:
        forget_names(made, Comment.objects.filter(item=made.pk))
    _undone(move)
    feed.record("topics.parted", actor=by, item=made, title=title, member=made.author_id)
    audit.record("topics.parted", by=by, item=made, space=made.space_id, source=into.pk)
    return made


# Parts


def _lock(move: TopicMove) -> TopicMove:
    """What moved and where it went, in the order of their numbers; then the move itself."""
    for pk in sorted(pk for pk in (move.item_id, move.from_item_id) if pk):
        Item.objects.lock(Item(pk=pk))
    return TopicMove.objects.select_for_update(of=("self",)).get(pk=move.pk)


def _topic(pk: int | None) -> Topic | None:
    return Topic.objects.select_related("space").filter(pk=pk).first()


def _undone(move: TopicMove) -> None:
    move.undone_at = timezone.now()
    move.save(update_fields=["undone_at"])


def _stand_again(source: Topic, parents: dict[str, int | None]) -> None:
    """What was a reply replies again, to what is an answer still; none to a reply."""
    here = Comment.objects.filter(item=source.pk)
    Item.objects.filter(pk__in=here.values("pk")).update(
        space=source.space_id, min_ring=source.min_ring
    )
    there = set(here.values_list("pk", flat=True))
    for pk, parent in parents.items():
        if parent in there:
            here.filter(pk=int(pk)).update(parent=parent)
    for pk, parent in here.filter(parent__parent__isnull=False).values_list(
        "pk", F("parent__parent")
    ):
        here.filter(pk=pk).update(parent=parent)


def _title_and_text(comment: Comment) -> tuple[str, str]:
    """Its title stands above its words since it was merged. Raises Refused if it does no more."""
    first, _break, text = comment.text.partition("\n\n")
    title = first.removeprefix("**").removesuffix("**")
    if "\n" in first or first != f"**{title}**" or not title.strip():
        raise Refused(_("Its title was changed since. Split it off instead."))
    return moving.worded(title, text)


def _going(move: TopicMove, comment: Comment, into: Topic) -> set[int]:
    """The answers it had, itself, and what was replied to them meanwhile if that may be read by
    all who will read it."""
    here = Comment.objects.filter(item=into.pk)
    going = set(here.filter(pk__in=move.data["answers"]).values_list("pk", flat=True))
    going.add(comment.pk)
    if move.ring_before >= into.min_ring:
        going |= _replies(here, going)
    return going


def _replies(here: Any, to: Iterable[int]) -> set[int]:
    return set(here.filter(parent__in=to).values_list("pk", flat=True))


def _as_it_was(made: Topic, move: TopicMove) -> None:
    was = move.data
    made.refresh_from_db()
    made.template, made.min_ring = was["template"], move.ring_before
    made.pinned_at = timezone.now() if move.was_pinned else None
    made.closed_at = timezone.now() if was["closed"] else None
    made.about = Item.objects.filter(pk=was["about"]).first()
    made.answer = Comment.objects.filter(pk=was["answer"], item=made.pk).first()
    made.save()
    writing.render_again(made)
    stems.index(made)
