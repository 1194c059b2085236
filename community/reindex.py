"""Knows how what was worked out of items is worked out anew: the words they are found by, and how
many answers and reactions they have. Nothing of it is needed while all goes well."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass

from django.db import connection, transaction
from django.db.models import Count, Q

from community import shown, stems
from community.models import Comment, Item, Reaction


@dataclass(frozen=True)
class Batch:
    """What was done: up to which item, how many were looked at, how many were wrong."""

    last: int
    seen: int
    mended: int


@transaction.atomic
def batch(after: int, size: int) -> Batch | None:
    """The next ``size`` items after the one with that number; None if there are no more.

    Locks them in the order of their numbers while it lasts, so that nobody writes one meanwhile.
    """
    items = list(
        Item.objects.filter(pk__gt=after)
        .order_by("pk")
        .select_for_update(of=("self",), no_key=True)
        .defer("search")[:size]
    )
    if not items:
        return None
    mended = _words(items) | _counts(items)
    return Batch(items[-1].pk, len(items), len(mended))


def _words(items: list[Item]) -> set[int]:
    own = shown.own_rows(items)
    said = [stems.said(own[item.pk]) if item.pk in own else "" for item in items]
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {Item._meta.db_table} AS item SET search = anew.stems FROM ("
            "SELECT pk, tequio_words(title, said) AS stems "
            "FROM unnest(%s::bigint[], %s::text[], %s::text[]) AS t (pk, title, said)) AS anew "
            "WHERE item.id = anew.pk AND item.search IS DISTINCT FROM anew.stems RETURNING item.id",
            [[item.pk for item in items], [item.title for item in items], said],
        )
        return {row[0] for row in cursor.fetchall()}


def _counts(items: list[Item]) -> set[int]:
    """Counted as the operations count: writing.py and reading.py."""
    ids = [item.pk for item in items]
    answers = dict(
        Comment.objects.filter(item__in=ids)
        .values_list("item")
        .annotate(n=Count("pk", filter=Q(deleted_at=None)))
    )
    reactions: dict[int, Counter[str]] = defaultdict(Counter)
    for item, emoji in Reaction.objects.filter(item__in=ids).values_list("item", "emoji"):
        reactions[item][emoji] += 1
    wrong = []
    for item in items:
        count, marks = answers.get(item.pk, 0), dict(reactions.get(item.pk, {}))
        if item.comment_count != count or item.reaction_counts != marks:
            item.comment_count, item.reaction_counts = count, marks
            wrong.append(item)
    Item.objects.bulk_update(wrong, ["comment_count", "reaction_counts"])
    return {item.pk for item in wrong}
