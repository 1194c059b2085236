"""Knows whose socket it is and what they may hear: asked when it opens and when something changed.

Runs in threads; what it says is true at that moment, and the hub asks again (hub.py, watch.py).
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY
from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.sessions.models import Session
from django.db import close_old_connections
from django.db.models import F, OuterRef, QuerySet
from django.db.models.functions import JSONObject
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from community import sessions
from community.live.sockets import Admission, Seat
from community.models import Block, Member, Membership, Room, RoomPerson
from community.models.people import signed_in
from community.prepared import prepared


@dataclass(frozen=True)
class Examined:
    """What still holds for one session: its admission, and the rooms it may stay in."""

    admission: Admission
    seats: dict[int, Seat]


@dataclass(frozen=True)
class Looked:
    """What the database says of everything that is open, in a handful of queries."""

    sessions: frozenset[str]
    people: dict[int, str]
    rooms: dict[int, str]
    latest: dict[int, int]


def in_thread(work: Callable[..., Any], *values: Any) -> Any:
    """Call it and give the thread's connection back to the pool, as the end of a request does."""
    close_old_connections()
    try:
        return work(*values)
    finally:
        close_old_connections()


def admit(key: str) -> Admission | None:
    """Whose session it is; None: it is over, or they may not be here.

    The stamp is taken first: what changes while the rest is read makes another one.
    """
    session = sessions.SessionStore(key)
    who = session.get(SESSION_KEY)
    if not who:
        return None
    stamp = people_stamps([int(who)]).get(int(who), "")
    member = signed_in(int(who))
    if member is None or not member.is_present or member.onboarded_at is None:
        return None
    if not _is_of(session, member):
        return None
    until = sessions.ends_at(session, is_staff=bool(member.held_roles))
    if until <= time.time():
        return None
    return Admission(
        key=key,
        member=member.pk,
        name=member.display_name,
        language=member.language,
        until=until,
        apart=frozenset(member.kept_apart_ids),
        shown=member.shows_presence,
        stamp=stamp,
    )


def _is_of(session: sessions.SessionStore, member: Member) -> bool:
    """Whether the session was opened with what the member signs in with now. Django's own
    `get_user` would end it, which is for requests to do."""
    said = session.get(HASH_SESSION_KEY, "")
    hashes = [member.get_session_auth_hash(), *member.get_session_auth_fallback_hash()]
    return any(constant_time_compare(said, one) for one in hashes)


def seats(member: Member, rooms: Collection[int]) -> dict[int, Seat]:
    """Of these rooms those that the member may read, with what they hear there."""
    found = _readable(member, tuple(rooms)) if rooms else []
    direct = [room.pk for room in found if room.kind == Room.Kind.DIRECT]
    late = dict(
        RoomPerson.objects.filter(room__in=direct, member=member).values_list("room", "from_seq")
        if direct
        else ()
    )
    led = set(member.led_ids)
    return {room.pk: Seat(late.get(room.pk, 0), room.space_id in led) for room in found}


@prepared
def _readable(reader: Any, rooms: tuple[int, ...]) -> QuerySet:
    return Room.objects.visible_to(reader).filter(pk__in=rooms).only("pk", "kind", "space")


def take_seat(member_id: int, room: int) -> tuple[Seat, int, str] | None:
    """Whether the member may hear a room now; its newest number, and its stamp."""
    stamp, latest = room_stamps([room])
    member = signed_in(member_id)
    seat = seats(member, [room]).get(room) if member is not None else None
    return None if seat is None else (seat, latest.get(room, 0), stamp.get(room, ""))


def examine(asked: dict[str, Collection[int]]) -> dict[str, Examined | None]:
    """For each session key with its rooms: what still holds, or None where nothing does."""
    found: dict[str, Examined | None] = {}
    for key, rooms in asked.items():
        admission = admit(key)
        found[key] = admission and Examined(
            admission, seats(Member.objects.get(pk=admission.member), rooms) if rooms else {}
        )
    return found


def look(keys: Collection[str], people: Collection[int], rooms: Collection[int]) -> Looked:
    """The state of everything that is open: the same few queries for one and for thousands."""
    living = Session.objects.filter(session_key__in=keys, expire_date__gt=timezone.now())
    stamps, latest = room_stamps(rooms)
    return Looked(
        sessions=frozenset(living.values_list("session_key", flat=True)),
        people=people_stamps(people),
        rooms=stamps,
        latest=latest,
    )


def people_stamps(people: Collection[int]) -> dict[int, str]:
    """A digest, for each, of all that their rights follow from; only of those who are here."""
    rows = _people(tuple(people)) if people else []
    return {row.pk: _digest([getattr(row, name) for name in _OF_A_PERSON]) for row in rows}


_OF_A_PERSON = (
    "password", "onboarded_at", "language", "shows_presence", "stamp_rings", "stamp_blocked",
    "stamp_blocking",
)  # fmt: skip


@prepared
def _people(people: tuple[int, ...]) -> QuerySet:
    mine = {"member": OuterRef("pk")}
    return (
        Member.objects.present()
        .filter(pk__in=people)
        .annotate(
            stamp_rings=ArraySubquery(
                Membership.objects.filter(**mine).order_by("pk").values(
                    json=JSONObject(space="space", ring="ring")
                )
            ),
            stamp_blocked=ArraySubquery(
                Block.objects.filter(**mine).order_by("pk").values("blocked")
            ),
            stamp_blocking=ArraySubquery(
                Block.objects.filter(blocked=OuterRef("pk")).order_by("pk").values("member")
            ),
        )
        .only("password", "onboarded_at", "language", "shows_presence")
    )  # fmt: skip


def room_stamps(rooms: Collection[int]) -> tuple[dict[int, str], dict[int, int]]:
    """A digest, for each room, of what decides who reads it; and its newest number."""
    found = _rooms(tuple(rooms)) if rooms else []
    return (
        {row.pk: _digest([getattr(row, name) for name in _OF_A_ROOM]) for row in found},
        {row.pk: row.last_seq for row in found},
    )


_OF_A_ROOM = (
    "kind", "space_id", "min_ring", "item_id", "inside", "about_space", "about_ring",
    "about_hidden", "about_deleted", "about_author", "openness", "listed_at",
)  # fmt: skip


@prepared
def _rooms(rooms: tuple[int, ...]) -> QuerySet:
    inside = RoomPerson.objects.filter(room=OuterRef("pk"), left_at=None).order_by("pk")
    return (
        Room.objects.filter(pk__in=rooms)
        .annotate(
            inside=ArraySubquery(inside.filter(room__kind=Room.Kind.DIRECT).values("member")),
            about_space=F("item__space"),
            about_ring=F("item__min_ring"),
            about_hidden=F("item__hidden_at"),
            about_deleted=F("item__deleted_at"),
            about_author=F("item__author"),
            openness=F("space__openness"),
            listed_at=F("space__listed_at"),
        )
        .only("last_seq", "kind", "space", "min_ring", "item")
    )


def acquainted(one: int, others: Iterable[int]) -> dict[int, bool]:
    """For each of the others, whether the two may see each other's profile, both ways."""
    others = list(others)
    people = Member.objects.in_bulk([one, *others])
    if one not in people:
        return dict.fromkeys(others, False)
    seen = set(
        Member.objects.visible_to(people[one]).filter(pk__in=others).values_list("pk", flat=True)
    )
    return {
        other: other in seen and Member.objects.visible_to(people[other]).filter(pk=one).exists()
        for other in others
    }


def _digest(row: Iterable) -> str:
    return hashlib.blake2b(repr(tuple(row)).encode(), digest_size=16).hexdigest()
