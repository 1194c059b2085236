"""Knows what is left of a conversation for somebody who muted people in it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet, Subquery

from community.models import Comment, Item, Member, Mute, ReadMark


def muted_by(member: Member) -> QuerySet:
    """Whom the member does not want to hear of, as a part of a question."""
    return Mute.objects.filter(member=member).values("muted")


def has_unread_answers(member: Member, since: Any) -> Exists:
    """Whether an answer to the item of the outer question came after ``since``, that the member has
    not read, from somebody they want to hear of."""
    read = ReadMark.objects.filter(
        member=member, item=OuterRef("item"), read_at__gte=OuterRef("created_at")
    )
    answers = Comment.objects.filter(
        ~Exists(read),
        item=OuterRef("pk"),
        created_at__gt=since,
        hidden_at=None,
        deleted_at=None,
    )
    return Exists(answers.exclude(author__in=muted_by(member)))


def last_heard(member: Member, items: Iterable[Item]) -> dict[int, datetime]:
    """{item: when somebody whom the member wants to hear of last said something there}; one query,
    none for who muted nobody."""
    items = list(items)
    if not member.muted_ids or not items:
        return {item.pk: item.active_at for item in items}
    answers = Comment.objects.visible_to(member).filter(item=OuterRef("pk"))
    answers = answers.exclude(author__in=member.muted_ids).order_by("-created_at")
    rows = Item.objects.filter(pk__in=[item.pk for item in items]).annotate(
        heard_at=Subquery(answers.values("created_at")[:1])
    )
    heard = {}
    for row in rows.only("created_at", "author"):
        said = None if row.author_id in member.muted_ids else row.created_at
        if moments := [moment for moment in (said, row.heard_at) if moment]:
            heard[row.pk] = max(moments)
    return heard
