"""Gathers what can wait into one mail, at the hour a person chose: a digest.

It holds their notices that are unread, still wanted and still theirs to see, and what is new in
groups, conversations and chats that they hear of in the digest. The latter are looked up when it is
made: no row is written for anybody when somebody posts. Nothing new, no digest; and to who has not
been here for long it comes seldom, then no more (``times.paused``).
"""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone, translation

from community import chat_lists, mail
from community.chat_lists import Line
from community.mail import Letter
from community.models import (
    Attention,
    Channel,
    Comment,
    Community,
    Follow,
    Item,
    Member,
    Membership,
    Mute,
    Notice,
    NoticeSettings,
    ReadMark,
    Room,
    RoomPerson,
    Space,
    Urgency,
    Volume,
    When,
)
from community.notices import mails, sending, unsubscribing
from community.notices.choosing import Wants, wants_of_all
from community.notices.lines import Bundle, by_thing, for_page, gather
from community.notices.times import Pause, next_digest, paused, rests, zone_of
from community.registry import registry

log = logging.getLogger(__name__)

PEOPLE = 20
PATIENCE = 20.0
REACH = timedelta(days=14)
"""How far back a digest looks: twice the longest time between two, for clocks that were late."""
SETTLED = timedelta(minutes=2)
"""Longer than any transaction: what is older than that can be seen, if it was written at all."""
MOST_LINES, MOST_THINGS, MOST_ROOMS = 20, 30, 20


@dataclass(frozen=True)
class Thing:
    """A topic or the like with something new."""

    item: Item
    url: str
    kind: Any
    answers: int
    """New ones, of those the reader may see."""
    is_new: bool


@dataclass(frozen=True)
class Digest:
    bundles: list[Bundle] = field(default_factory=list)
    """The person's own notices, by thing."""
    notices: list[Notice] = field(default_factory=list)
    spaces: list[tuple[Space, list[Thing]]] = field(default_factory=list)
    rooms: list[tuple[Space, Line]] = field(default_factory=list)
    """Chat rooms in which something new was said: their names and how much, no words."""
    more: int = 0
    """Things for which there was no room."""

    def __bool__(self) -> bool:
        return bool(self.bundles or self.spaces or self.rooms)

    @property
    def number(self) -> int:
        things = sum(len(things) for _, things in self.spaces)
        return len(self.bundles) + things + len(self.rooms) + self.more


# The clock


def plan() -> int:
    """Work out the next digest of those who have none yet, or chose another hour."""
    newcomers = Member.objects.present().filter(notice_settings=None)[:500]
    now = timezone.now()
    NoticeSettings.objects.bulk_create(
        [NoticeSettings(member=member, digested_to=now) for member in newcomers],
        ignore_conflicts=True,
    )
    with transaction.atomic():
        unplanned = (
            NoticeSettings.objects.filter(next_digest_at=None)
            .exclude(digest=NoticeSettings.Digest.NEVER)
            .select_related("member")
            .select_for_update(skip_locked=True, of=("self",))[:1000]
        )
        rows = list(unplanned)
        community = Community.objects.current() if rows else None
        for row in rows:
            row.next_digest_at = next_digest(row, zone_of(row.member, community), now)
        NoticeSettings.objects.bulk_update(rows, ["next_digest_at"])
    return len(rows)


def send_due() -> int:
    """Write the digests that are due. Returns how many had something to say.

    Each is one transaction with its mail and the marks on what it holds: made twice at once, the
    second finds the row locked; killed in between, nothing was done.
    """
    made, began = 0, time.monotonic()
    while time.monotonic() - began < PATIENCE:
        with transaction.atomic():
            rows = list(
                NoticeSettings.objects.filter(next_digest_at__lte=timezone.now())
                .exclude(digest=NoticeSettings.Digest.NEVER)
                .order_by("next_digest_at")
                .select_related("member")
                .select_for_update(skip_locked=True, of=("self",))[:PEOPLE]
            )
            if not rows:
                break
            made += _send_all(rows)
    return made


def _send_all(rows: list[NoticeSettings]) -> int:
    community, now = Community.objects.current(), timezone.now()
    wants = wants_of_all([row.member_id for row in rows])
    made = 0
    for row in rows:
        zone = zone_of(row.member, community)
        try:
            with transaction.atomic():
                pause = paused(row, now)
                if row.member.is_present and not rests(row, zone, now) and pause is not Pause.OVER:
                    made += _send(row.member, wants[row.member_id], now, pause)
                    row.digested_to = now - SETTLED
        except Exception:  # one that cannot be written holds up no other
            log.exception("A digest could not be written")
        row.next_digest_at = next_digest(row, zone, now)
        row.save(update_fields=["next_digest_at", "digested_to"])
    return made


def _send(member: Member, wants: Wants, now: datetime, pause: Pause) -> bool:
    digest = of(member, wants, since=wants.settings.digested_to, now=now)
    if not digest:
        return False
    site = settings.SITE_URL.rstrip("/")
    letter = Letter(
        urgency=Urgency.BULK,
        key=f"digest-{member.pk}-{now:%Y%m%d%H}",
        unsubscribe=unsubscribing.address(member, unsubscribing.DIGEST),
        discreet=wants.settings.discreet,
        about={
            "activities": [row.activity_id for row in digest.notices],
            "spaces": [space.pk for space, _new in (*digest.spaces, *digest.rooms)],
            "items": [thing.item.pk for _space, things in digest.spaces for thing in things],
            "rooms": [line.room.pk for _space, line in digest.rooms],
        },
    )
    mail.send(
        "notices.digest",
        to=member.email,
        letter=letter,
        digest=digest,
        own=[(each, mails.excerpt(each.first)) for each in digest.bundles],
        pause=pause,
        weekly=wants.settings.digest == NoticeSettings.Digest.WEEKLY,
        root=site,
        settings_url=site + reverse("notice_settings"),
        notices_url=site + reverse("notices"),
    )
    Notice.objects.filter(pk__in=[row.pk for row in digest.notices]).update(mailed_at=now)
    return True


# What it holds


def of(member: Member, wants: Wants, *, since: datetime | None, now: datetime) -> Digest:
    """What a digest of this member's would say now."""
    classes = [
        attention
        for attention in Attention.values
        if wants.when(attention, Channel.MAIL) == When.DIGEST
    ]
    rows = list(
        for_page(member)
        .filter(read_at=None, mailed_at=None, attention__in=classes, created_at__gte=now - REACH)
        .order_by("-created_at", "-pk")[:200]
    )
    told, _unknown = sending.still_told((row.activity_id, member.pk) for row in rows)
    rows = [row for row in rows if (row.activity_id, member.pk) in told]
    with translation.override(member.language):
        rows = [row for row in rows if not _is_discreet(row)]
        bundles = by_thing(gather(rows, member))
    kept = {bundle.first.thing for bundle in bundles if bundle.first.thing}
    begin = max(since or now - timedelta(days=1), now - REACH)
    things = [
        thing for thing in new_things(member, begin, now - SETTLED) if thing.item.pk not in kept
    ]
    by_space: dict[int, tuple[Space, list[Thing]]] = {}
    for thing in things[:MOST_THINGS]:
        by_space.setdefault(thing.item.space_id, (thing.item.space, []))[1].append(thing)
    more = max(0, len(things) - MOST_THINGS) + max(0, len(bundles) - MOST_LINES)
    said = {pk for bundle in bundles[:MOST_LINES] for pk in bundle.pks}
    rows = [row for row in rows if row.pk in said]  # the rest may stand in the next one
    rooms = new_in_rooms(member, begin)
    more += max(0, len(rooms) - MOST_ROOMS)
    return Digest(bundles[:MOST_LINES], rows, list(by_space.values()), rooms[:MOST_ROOMS], more)


def _is_discreet(row: Notice) -> bool:
    return mails.is_discreet([row])


def new_things(member: Member, since: datetime, until: datetime) -> list[Thing]:
    """What was begun or answered in groups and conversations they hear of in the digest."""
    found = []
    rows = new_items(member, since, until)
    unread = rows.filter(Q(my_read=None) | Q(my_read__lt=F("active_at")))
    for item in unread.select_related("space", "author").defer("search")[: MOST_THINGS * 2]:
        is_new = item.created_at > since and item.author_id != member.pk
        if not is_new and not item.new_answers:
            continue
        kind = registry.kind(item.kind)
        found.append(Thing(item, kind.address(item.pk), kind, item.new_answers, is_new))
    return found


def new_in_rooms(member: Member, since: datetime) -> list[tuple[Space, Line]]:
    """Rooms of their groups with something unread, said since then. Direct messages are notices."""
    return [
        (of.space, line)
        for of in chat_lists.of(member).spaces
        for line in of.lines
        if line.unread
        and line.room.active_at > since
        and _hears(member.memberships_by_space[of.space.pk], line.room)
    ]


def _hears(membership: Membership, room: Room) -> bool:
    """Who wants all of a room; and who has been in it, of a group heard of in the digest."""
    if membership.resting_until is not None:
        return False
    if room.my_volume == RoomPerson.Volume.ALL:
        return True
    heard = membership.volume in (Volume.DIGEST, Volume.ALL)
    return heard and room.my_volume == RoomPerson.Volume.MENTIONS


def new_items(member: Member, since: datetime, until: datetime) -> QuerySet:
    """Items with something new, read or not: with ``new_answers``, and ``my_read`` when read."""
    muted = Mute.objects.filter(member=member).values("muted")
    answers = (
        Comment.objects.visible_to(member)
        .filter(item=OuterRef("pk"), created_at__gt=since, created_at__lte=until)
        .exclude(author=member)
        .exclude(author__in=muted)
        .order_by()
        .values("item")
        .annotate(number=Count("pk"))
        .values("number")
    )
    heard = (Volume.DIGEST, Volume.ALL)
    here = Membership.objects.filter(member=member, volume__in=heard).values("space")
    mine = Follow.objects.filter(member=member, item=OuterRef("pk"))
    read = ReadMark.objects.filter(member=member, item=OuterRef("pk")).values("read_at")
    return (
        Item.objects.visible_to(member)
        .filter(
            Q(space__in=here) | Exists(mine.filter(volume=Volume.DIGEST)),
            ~Exists(mine.filter(volume__in=(Volume.MUTE, Volume.MENTIONS))),
            kind__in=registry.feed_kinds(),
            active_at__gt=since,
            active_at__lte=until,
        )
        .exclude(author__in=muted)
        .annotate(new_answers=Coalesce(Subquery(answers), 0), my_read=Subquery(read))
        .order_by("-active_at", "-pk")
    )
