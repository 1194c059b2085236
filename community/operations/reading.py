"""What readers do: mark as read, follow, bookmark, react."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.db.models.functions import Greatest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from community import limits, policies
from community.models import (
    Bookmark,
    Comment,
    Follow,
    Item,
    Member,
    Membership,
    Notice,
    Reaction,
    ReadMark,
    Space,
    Volume,
)
from community.notices import bell
from community.policies import Refused
from community.prepared import prepared


def mark_read(item: Item, *, until: datetime | None = None, by: Member) -> None:
    """Everything in the item until then, or now, has been read; notices of it are read too.

    A mark never goes back: pages of a conversation are read in any order, in several tabs.
    """
    now = timezone.now()
    until = min(until or now, now)
    mark = ReadMark.objects.filter(member=by, item_id=item.pk)
    if not mark.update(read_at=Greatest("read_at", until)):
        _begin_mark(item, by, until)
    _read_notices(item, by)


@transaction.atomic(savepoint=False)
def mark_own_words(item: Item, *, by: Member) -> None:
    """Who has just answered has nothing new to read of it, unless others said what they have not
    come to: answering reads nothing."""
    others = Comment.objects.filter(
        item=item.pk, created_at__gt=OuterRef("read_at"), hidden_at=None, deleted_at=None
    ).exclude(author=by)
    mark = ReadMark.objects.filter(~Exists(others), member=by, item_id=item.pk)
    now = timezone.now()
    if not mark.update(read_at=now):
        _begin_mark(item, by, now)
    _read_notices(item, by)


def _begin_mark(item: Item, member: Member, until: datetime) -> None:
    row = ReadMark(member=member, item_id=item.pk, read_at=until)
    ReadMark.objects.bulk_create([row], ignore_conflicts=True)  # there is one, or another tab did


def _read_notices(item: Item, member: Member) -> None:
    new = [*_notices_of(member, item.pk), *_notices_of_answers(member, item.pk)]
    if new:
        read = Notice.objects.filter(pk__in=[notice.pk for notice in new])
        read.update(read_at=timezone.now())
        bell.ring_for(member)


@prepared
def _notices_of(reader: Any, item: int) -> QuerySet:
    """Those that are new; asked first, because most often there are none."""
    return Notice.objects.filter(member=reader, read_at=None, activity__item=item).only("pk")


@prepared
def _notices_of_answers(reader: Any, item: int) -> QuerySet:
    new = Notice.objects.filter(member=reader, read_at=None)
    return new.filter(activity__item__comment__item=item).only("pk")


def mark_space_read(space: Space, *, by: Member) -> None:
    """Everything in the space up to now has been seen."""
    Membership.objects.filter(space=space, member=by).update(seen_at=timezone.now())


def follow(item: Item, *, volume: str, by: Member) -> Follow:
    """Choose how much to hear of an item. Raises Refused for a volume that does not exist."""
    policies.may(by, "follow", item).enforce()
    if volume not in Volume.values:
        raise Refused(_("Choose everything, the digest, mentions or nothing."))
    return Follow.objects.update_or_create(member=by, item_id=item.pk, defaults={"volume": volume})[
        0
    ]


def bookmark(item: Item, *, by: Member) -> bool:
    """Keep an item for later, or let it go. Returns whether it is kept now."""
    policies.may(by, "bookmark", item).enforce()
    let_go, _rows = Bookmark.objects.filter(member=by, item_id=item.pk).delete()
    if let_go:
        return False
    kept = Bookmark(member=by, item_id=item.pk)
    Bookmark.objects.bulk_create([kept], ignore_conflicts=True)  # clicked twice at once
    return True


@transaction.atomic
def react(item: Item, *, emoji: str, by: Member) -> bool:
    """Put a reaction, or take it back. Returns whether it stands now. Raises Refused."""
    if emoji not in Reaction.OFFERED:
        raise Refused(_("Choose one of the reactions offered."))
    item = Item.objects.lock(item)
    policies.may(by, "react", item).enforce()
    limits.check(by, "react")
    mine, made = Reaction.objects.get_or_create(item=item, member=by, emoji=emoji)
    if not made:
        mine.delete()
    counts = Counter(Reaction.objects.filter(item=item).values_list("emoji", flat=True))
    item.reaction_counts = dict(counts)
    item.save(update_fields=["reaction_counts"])
    return made
