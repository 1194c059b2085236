"""What readers do: mark as read, follow, bookmark, react."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from community import policies
from community.models import (
    Bookmark,
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
from community.policies import Refused


def mark_read(item: Item, *, by: Member) -> None:
    """Everything in the item up to now has been read; notices of it are read too."""
    now = timezone.now()
    ReadMark.objects.bulk_create(
        [ReadMark(member=by, item_id=item.pk, read_at=now)],
        update_conflicts=True,
        unique_fields=["member", "item"],
        update_fields=["read_at"],
    )
    about = Notice.objects.filter(member=by, read_at=None)
    about.filter(activity__item_id=item.pk).update(read_at=now)
    about.filter(activity__item__comment__item_id=item.pk).update(read_at=now)


def mark_space_read(space: Space, *, by: Member) -> None:
    """Everything in the space up to now has been seen."""
    Membership.objects.filter(space=space, member=by).update(seen_at=timezone.now())


@transaction.atomic
def mark_notices_read(pks: Iterable[int] | None = None, *, by: Member) -> int:
    """The member has seen these of their notices, or all of them. Returns how many were new."""
    mine = Notice.objects.filter(member=by, read_at=None)
    if pks is not None:
        mine = mine.filter(pk__in=list(pks))
    return mine.update(read_at=timezone.now())


def follow(item: Item, *, volume: str, by: Member) -> Follow:
    """Choose how much to hear of an item. Raises Refused for a volume that does not exist."""
    policies.may(by, "follow", item).enforce()
    if volume not in Volume.values:
        raise Refused(_("Choose everything, mentions or nothing."))
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
    mine, made = Reaction.objects.get_or_create(item=item, member=by, emoji=emoji)
    if not made:
        mine.delete()
    counts = Counter(Reaction.objects.filter(item=item).values_list("emoji", flat=True))
    item.reaction_counts = dict(counts)
    item.save(update_fields=["reaction_counts"])
    return made
