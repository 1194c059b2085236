"""Knows what of a chat somebody reads: its rooms with what is new, and pages of messages.

A page of a room is a short walk along its numbers, so that a room of a hundred thousand messages
opens like one of a hundred.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from community.models import Media, Member, Membership, Message, MessageReaction, Room, RoomPerson
from community.prepared import prepared
from community.templatetags.community import common_face

SIZE = 50
ABOVE = 8
"""Messages shown above the one a link points to."""
MANY = 99


# Messages


def readable(room: int, member: Member) -> Room | None:
    """The room with its space, if the member may read it."""
    return next(iter(_readable(member, room)), None)


@prepared
def _readable(reader: Any, room: int) -> QuerySet:
    return Room.objects.visible_to(reader).filter(pk=room).select_related("space")


def for_drawing(messages: QuerySet) -> QuerySet:
    """Messages with all that ``community/_message.html`` shows, in one query."""
    shown = Media.objects.filter(message=OuterRef("pk"), state=Media.State.READY)
    return (
        messages.annotate(
            attached=ArraySubquery(shown.order_by("position", "pk").values(json=Media.AS_JSON)),
            thread_seq=F("thread__seq"),
        )
        .select_related("author__avatar", "reply_to__author", "room")
        .defer("search", "reply_to__search", "reply_to__html")
    )


@prepared
def _drawing(pk: int) -> QuerySet:
    return for_drawing(Message.objects.filter(pk=pk))


def drawn_up(pk: int) -> Message:
    """A message that one has, with all that is shown of it. Raises DoesNotExist: it has gone."""
    found = next(iter(_drawing(pk)), None)
    if found is None:
        raise Message.DoesNotExist
    dress([found])
    return found


@dataclass
class Page:
    """A stretch of a room, oldest first, as one reader sees it."""

    room: Room
    rows: list[Message] = field(default_factory=list)
    earlier: int | None = None
    """The number before which there is more; None at the beginning."""
    later: int | None = None
    """The number after which there is more; None at the end."""
    read_seq: int = 0
    first_new: int | None = None
    mine: dict[int, list[str]] = field(default_factory=dict)
    """The reader's own reactions: number of the message → emoji."""

    @property
    def last_seq(self) -> int:
        """The highest number on the page: what comes after it is asked for by ``?after=``."""
        return self.rows[-1].seq if self.rows else self.room.last_seq


def said_in(room: Room, member: Member) -> QuerySet:
    """The room's messages that the member may read. ``room`` is one they may read."""
    rows = Message.objects.filter(room=room, hidden_at=None).apart_from(member)
    if room.is_direct:
        mine = RoomPerson.objects.filter(room=room, member=member)
        rows = rows.filter(seq__gt=Subquery(mine.values("from_seq")[:1]))
    return rows


def in_exchange(rows: QuerySet, root: int) -> QuerySet:
    """Of these messages, the one with this key and all that was answered to it."""
    return rows.filter(Q(pk=root) | Q(thread=root))


def page(
    room: Room,
    member: Member,
    *,
    after: int | None = None,
    before: int | None = None,
    at: int | None = None,
    topic: str = "",
    thread: Message | None = None,
    read_seq: int = 0,
) -> Page:
    """A page of the room: around ``at``, next to ``after`` or ``before``, or the newest.

    ``topic`` and ``thread`` narrow it. Two queries, whatever the room holds.
    """
    rows = said_in(room, member)
    if topic:
        rows = rows.filter(topic=topic)
    if thread is not None:
        rows = in_exchange(rows, thread.pk)
    found = Page(room, read_seq=read_seq)
    rows = for_drawing(rows)
    if at is not None:
        start = list(
            rows.filter(seq__lt=at).order_by("-seq").values_list("seq", flat=True)[: ABOVE + 1]
        )
        begin = start[ABOVE - 1] if len(start) > ABOVE else None
        after = begin - 1 if begin is not None else (start[-1] - 1 if start else at - 1)
        _forth(found, rows, after)
        found.earlier = begin
    elif after is not None:
        _forth(found, rows, after)
        found.earlier = after + 1 if after else None
    else:
        if before is not None:
            rows = rows.filter(seq__lt=before)
        newest = list(rows.order_by("-seq")[: SIZE + 1])
        found.rows = newest[:SIZE][::-1]
        found.earlier = found.rows[0].seq if len(newest) > SIZE else None
        found.later = found.rows[-1].seq if before is not None and found.rows else None
    dress(found.rows)
    _divide(found, member)
    found.mine = own_reactions(found.rows, member)
    return found


def _forth(found: Page, rows: QuerySet, after: int) -> None:
    following = list(rows.filter(seq__gt=after).order_by("seq")[: SIZE + 1])
    found.rows = following[:SIZE]
    found.later = found.rows[-1].seq if len(following) > SIZE else None


def dress(rows: Iterable[Message]) -> None:
    """Put on each message what its template shows and no row says: the same for every reader."""
    for row in rows:
        media = [Media(**one) for one in getattr(row, "attached", ())]
        row.pictures = [one for one in media if one.is_image]
        row.files = [one for one in media if not one.is_image]
        row.face = common_face(row.author, "s")


def _divide(found: Page, member: Member) -> None:
    """Where a day begins, by the reader's clock, and where what is new to them begins."""
    day = None
    for row in found.rows:
        today = timezone.localdate(row.created_at)
        row.day = row.created_at if today != day else None
        day = today
        row.begins_new = False
        is_new = row.seq > found.read_seq and row.author_id != member.pk
        if is_new and found.first_new is None and found.read_seq:
            found.first_new, row.begins_new = row.seq, True


def own_reactions(rows: list[Message], member: Member) -> dict[int, list[str]]:
    """Number → the reader's own emoji; a query only where somebody reacted."""
    reacted = {row.pk: row.seq for row in rows if row.reaction_counts}
    if not reacted:
        return {}
    mine: dict[int, list[str]] = {}
    found = MessageReaction.objects.filter(message__in=reacted, member=member)
    for message, emoji in found.values_list("message", "emoji"):
        mine.setdefault(reacted[message], []).append(emoji)
    return mine


# Rooms, and what is new in them


def rooms(member: Member) -> QuerySet:
    """Rooms the member reads, with how far they have read; requests and what they declined too."""
    mine = RoomPerson.objects.filter(room=OuterRef("pk"), member=member)
    return Room.objects.visible_to(member).annotate(
        **{
            f"my_{name}": Subquery(mine.values(name)[:1])
            for name in ("read_seq", "volume", "accepted_at", "declined_at")
        }
    )


def with_news(rooms: QuerySet, member: Member) -> QuerySet:
    """Those in which others said something the member has not read; muted ones left out.

    Who was never in a room of their group finds new there what was said since they came.
    """
    mine = RoomPerson.objects.filter(room=OuterRef("pk"), member=member)
    since = Membership.objects.filter(
        space=OuterRef("space"), member=member, joined_at__lt=OuterRef("active_at")
    )
    unread = Exists(mine.filter(read_seq__lt=OuterRef("last_seq")))
    quiet = mine.filter(
        Q(volume=RoomPerson.Volume.MUTE)
        | Q(room__kind=Room.Kind.DIRECT, accepted_at=None, declined_at__isnull=False)
    )
    return rooms.filter(
        ~Exists(quiet),
        unread | (~Exists(mine) & Q(Exists(since))),
        Exists(_fresh(member)),
        archived_at=None,
    )


def _fresh(member: Member) -> QuerySet:
    """Messages by others in a room (of an outer query) beyond what the member has read."""
    read = RoomPerson.objects.filter(
        room=OuterRef("room"), member=member, read_seq__gte=OuterRef("seq")
    )
    rows = Message.objects.filter(room=OuterRef("pk"), deleted_at=None, hidden_at=None).apart_from(
        member
    )
    return rows.exclude(author=member.pk).filter(~Exists(read))


def unread(member: Member) -> dict[int, int]:
    """{room id: messages that are new, 99 at most} of rooms with something new; two queries."""
    found = with_news(Room.objects.visible_to(member), member)
    return {room.pk: len(room.fresh) for room in count_news(found, member)}


def count_news(rooms: QuerySet, member: Member) -> QuerySet:
    """Rooms with ``fresh``: the numbers of what is new there, 99 at most."""
    newest = _fresh(member).order_by("-seq").values("seq")[:MANY]
    return rooms.annotate(fresh=ArraySubquery(newest))
