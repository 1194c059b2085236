"""Knows what stands around the messages of a chat: lists of rooms, people, pins, topics, hits."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, F, Max, OuterRef, QuerySet
from django.db.models.functions import JSONObject, Left
from django.utils.translation import gettext as _

from community import chat, prose, stems
from community.models import Media, Member, Message, MessagePin, Room, RoomPerson, Space
from community.templatetags.community import face_of

MOST_DIRECT = 60
MOST_HITS = 40
MOST_TOPICS = 12
NAMES = 3


@dataclass
class Line:
    """A room in a list."""

    room: Room
    title: str
    url: str
    icon: str = "message-circle"
    face: Any = ""
    unread: int = 0
    is_muted: bool = False
    last: dict[str, Any] | None = None
    """What was said last: {"by", "mine", "text", "at"}."""


@dataclass
class OfSpace:
    """A group with its rooms."""

    space: Space
    lines: list[Line] = field(default_factory=list)
    archived: list[Line] = field(default_factory=list)

    @property
    def stirred(self) -> Any:
        """When something was said there last; None for never."""
        return max((line.last["at"] for line in self.lines if line.last), default=None)


@dataclass
class Lists:
    """Everything a person may chat in, in one query."""

    spaces: list[OfSpace] = field(default_factory=list)
    people: list[Line] = field(default_factory=list)
    requests: list[Line] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        return not (self.spaces or self.people or self.requests)


def of(member: Member) -> Lists:
    """The member's rooms by group, and people; where something was said last stands first."""
    rows = list(_dressed(chat.count_news(chat.rooms(member), member), member).order_by("pk"))
    found, by_space = Lists(), {}
    for row in sorted(rows, key=lambda row: (not row.is_first, row.kind, row.name.lower())):
        if row.space_id is None:
            continue
        held = member.memberships_by_space.get(row.space_id)
        if held is None or held.space.closed_at:
            continue
        group = by_space.setdefault(row.space_id, OfSpace(held.space))
        line = _line(row, member)
        (group.archived if row.archived_at else group.lines).append(line)
    own_order = [by_space[pk] for pk in member.memberships_by_space if pk in by_space]
    quiet = [of for of in own_order if of.stirred is None]
    loud = [of for of in own_order if of.stirred is not None]
    found.spaces = [*sorted(loud, key=lambda of: of.stirred, reverse=True), *quiet]
    direct = sorted((r for r in rows if r.is_direct), key=lambda row: row.active_at, reverse=True)
    for row in direct[:MOST_DIRECT]:
        if row.my_accepted_at is None and row.my_declined_at is not None:
            continue
        if not row.last_seq and row.created_by_id != member.pk:
            continue  # begun, and nothing was said yet
        line = _line(row, member)
        (found.people if row.my_accepted_at else found.requests).append(line)
    return found


def _dressed(rooms: QuerySet, member: Member) -> QuerySet:
    """With the first few people of each conversation and what was said last, as JSON."""
    inside = (
        RoomPerson.objects.filter(room=OuterRef("pk"), left_at=None)
        .order_by("pk")
        .values(
            json=JSONObject(
                pk="member_id",
                name="member__name",
                seen_by="member__profile_seen_by",
                active="member__is_active",
                avatar="member__avatar",
                token="member__avatar__token",
            )
        )
    )
    said = Message.objects.filter(room=OuterRef("pk"), deleted_at=None, hidden_at=None)
    late = RoomPerson.objects.filter(
        room=OuterRef("room"), member=member, from_seq__gte=OuterRef("seq")
    )
    said = said.apart_from(member).filter(~Exists(late)).order_by("-seq")
    last = said.values(
        json=JSONObject(by="author__name", author="author", text=Left("text", 160), at="created_at")
    )
    return rooms.annotate(inside=ArraySubquery(inside[: NAMES + 2]), said=ArraySubquery(last[:1]))


def _line(row: Room, member: Member) -> Line:
    others = [_person(found) for found in row.inside if found["pk"] != member.pk]
    fresh = 0 if _never_told(row, member) else len(row.fresh)
    return Line(
        room=row,
        title=title(row, others),
        url=row.get_absolute_url(),
        icon=_icon(row),
        face=face_of(others[0], member, "s") if row.is_pair and others else "",
        unread=fresh,
        last=_last(row, member),
        is_muted=row.my_volume == RoomPerson.Volume.MUTE,
    )


def _last(row: Room, member: Member) -> dict[str, Any] | None:
    if not row.said:
        return None
    said = row.said[0]
    return {
        "by": (said["by"] or "").split(" ")[0],
        "mine": said["author"] == member.pk,
        "text": prose.plain(said["text"], 90),
        "at": datetime.fromisoformat(said["at"]),
    }


def _never_told(row: Room, member: Member) -> bool:
    """Nothing counts as new in a muted room, nor before one came to the group."""
    if row.my_volume == RoomPerson.Volume.MUTE:
        return True
    if row.my_read_seq is not None or row.is_direct:
        return False
    return member.memberships_by_space[row.space_id].joined_at >= row.active_at


def _icon(row: Room) -> str:
    if row.is_direct:
        return "users"
    if row.kind == Room.Kind.ANNOUNCE:
        return "megaphone"
    return "lock" if row.min_ring > 2 else "message-circle"


def _person(found: dict[str, Any]) -> Member:
    person = Member(
        pk=found["pk"],
        name=found["name"],
        profile_seen_by=found["seen_by"],
        is_active=found["active"],
    )
    if found["token"]:
        person.avatar = Media(
            pk=found["avatar"], token=found["token"], kind=Media.Kind.IMAGE, state=Media.State.READY
        )
    return person


def title(room: Room, others: list[Member]) -> str:
    """What the room is called for a person: its name, or who else is in it."""
    if not room.is_direct or room.name:
        return str(room)
    names = [one.display_name for one in others]
    if not names:
        return _("Only you")
    if len(names) <= NAMES:
        return ", ".join(names)
    return ", ".join(names[:NAMES]) + "…"


def people_in(room: Room, member: Member) -> list[Member]:
    """The others in a conversation, those the member keeps apart from left out."""
    inside = RoomPerson.objects.filter(room=room, left_at=None).exclude(member=member.pk)
    return list(
        Member.objects.filter(pk__in=inside.values("member"))
        .exclude(pk__in=member.kept_apart_ids)
        .select_related("avatar")
        .order_by("name", "pk")
    )


def pins(room: Room, member: Member) -> list[Message]:
    """What stands at the top of the room, newest first."""
    kept = MessagePin.objects.filter(room=room).values("message")
    rows = chat.said_in(room, member).filter(pk__in=kept, deleted_at=None)
    return list(rows.select_related("author").defer("search").order_by("-pin__created_at"))


def topics(room: Room, member: Member) -> list[str]:
    """Topics of the room, the last used first."""
    rows = chat.said_in(room, member).exclude(topic="")
    found = rows.values("topic").annotate(last=Max("seq")).order_by("-last")
    return [row["topic"] for row in found[:MOST_TOPICS]]


def seen_by(room: Room, member: Member, page: chat.Page) -> list[Member]:
    """Who has read the last message, where the room says so; never of a request that waits."""
    if not room.shows_seen or not page.rows or page.later:
        return []
    last = page.rows[-1]
    rows = RoomPerson.objects.filter(room=room, read_seq__gte=last.seq, left_at=None).exclude(
        member__in=[member.pk, last.author_id or 0, *member.kept_apart_ids]
    )
    if room.is_direct:
        rows = rows.exclude(accepted_at=None)
    people = Member.objects.present().filter(pk__in=rows.values("member"))
    return list(people.select_related("avatar").order_by("name", "pk")[:30])


def search(member: Member, typed: str, *, room: Room | None = None) -> list[Message]:
    """Messages that say it, newest first, of those the member may read; two queries."""
    asked = stems.read(typed)
    if not asked:
        return []
    rows = Message.objects.visible_to(member).filter(
        deleted_at=None, search=stems.Stems(asked.everywhere)
    )
    if room is not None:
        rows = rows.filter(room=room)
    rows = rows.select_related("author__avatar", "room__space").annotate(of=F("room__space__name"))
    return list(rows.defer("search", "html").order_by("-created_at", "-pk")[:MOST_HITS])
