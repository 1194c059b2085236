"""Knows what an item said before it was changed, and who may still read that."""

from __future__ import annotations

from datetime import datetime

from community.models import Activity, Comment, Item, Member, Revision
from community.policies import ring_of

MOST = 50


def words(item: Item, reader: Member) -> list[Revision]:
    """Earlier versions, newest first, of those that were said to the reader too.

    An item that is shown to more people than before takes its present words along, not those
    that were changed while fewer could read them; nor does a space that opens its doors. Its
    author reads all of them.
    """
    rows = item.revisions.select_related("edited_by__avatar").order_by("-created_at")[:MOST]
    if item.author_id == reader.pk:
        return list(rows)
    ring = ring_of(reader, item.space_id)
    if ring < item.min_ring:
        opened_at = _opened_at(item)
        rows = [row for row in rows if opened_at is None or row.created_at > opened_at]
    reach = max(item.min_ring, ring)
    moves = _moves(item)
    return [row for row in rows if _ring_at(row, moves, item) <= reach]


def _opened_at(item: Item) -> datetime | None:
    """When the doors of its space were last changed, for those who read through them."""
    changes = Activity.objects.filter(space=item.space_id, data__has_key="openness_before")
    return changes.order_by("-created_at").values_list("created_at", flat=True).first()


def _moves(item: Item) -> list[Activity]:
    """When it, or what it answers, was shown to another ring; oldest first."""
    answered = Comment.objects.filter(pk=item.pk).values_list("item", flat=True).first()
    moves = Activity.objects.filter(item=answered or item.pk, data__has_key="before")
    return list(moves.order_by("created_at"))


def _ring_at(row: Revision, moves: list[Activity], item: Item) -> int:
    """The ring that could read the item when these words were replaced."""
    later = (move.data["before"] for move in moves if move.created_at > row.created_at)
    return next(later, item.min_ring)
