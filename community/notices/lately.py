"""Shows what the last week would have brought under each preset: what happened, told otherwise."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from community.models import (
    Attention,
    Channel,
    Community,
    Item,
    Member,
    Membership,
    Notice,
    NoticeSettings,
    Preset,
    Volume,
    When,
)
from community.notices import digest
from community.notices.choosing import HOW_OFTEN, Wants, wants_of
from community.notices.lines import Told, for_page, gather
from community.notices.telling import UNSEEN_FOR
from community.notices.times import next_digest, zone_of

WEEK = timedelta(days=7)
MOST = 300


@dataclass(frozen=True)
class Week:
    """What would have come."""

    on_site: int
    mails: int
    pushes: int
    digests: int
    in_digests: int
    at_once: list[Told]
    """The first few of what would have come by mail or on the device by itself."""


@dataclass(frozen=True)
class _Event:
    """One thing that was told, or would have been."""

    thing: Any
    at: datetime
    read_at: datetime | None
    attention: str
    notice: Notice | None = None


def weeks(member: Member, now: datetime | None = None) -> tuple[Week, dict[str, Week]]:
    """The last seven days as the member has it now, and by preset; a handful of queries."""
    now = now or timezone.now()
    mine = wants_of(member)
    rows = list(
        for_page(member).filter(created_at__gt=now - WEEK).order_by("-created_at", "-pk")[:MOST]
    )
    events = [_Event(_thing(row), row.created_at, row.read_at, row.attention, row) for row in rows]
    items = list(digest.new_items(member, now - WEEK, now).defer("search")[:MOST])
    loud = _also_told(member, items, events)
    zone = zone_of(member, Community.objects.current())

    def week(wants: Wants, told: list[_Event]) -> Week:
        return _week(member, wants, told, items, _moments(wants, zone, now))

    found = {}
    for preset in Preset:
        chosen = NoticeSettings(
            preset=preset,
            digest=HOW_OFTEN[preset],
            digest_hour=mine.settings.digest_hour,
            digest_day=mine.settings.digest_day,
        )
        told = events + loud if preset == Preset.EVERYTHING else events
        found[str(preset)] = week(Wants(chosen, {}, mine.has_device), told)
    return week(mine, events), found


def _thing(row: Notice) -> Any:
    comment = getattr(row.activity.item, "comment", None) if row.activity.item else None
    return comment.item_id if comment else row.activity.item_id or ("alone", row.pk)


def _also_told(member: Member, items: list[Item], events: list[_Event]) -> list[_Event]:
    """Topics begun in groups they hear of in the digest: hearing everything, they are notices."""
    quiet = set(
        Membership.objects.filter(member=member, volume=Volume.DIGEST).values_list(
            "space", flat=True
        )
    )
    known = {event.thing for event in events}
    begin = timezone.now() - WEEK
    return [
        _Event(item.pk, item.created_at, item.my_read, Attention.GROUPS)
        for item in items
        if item.space_id in quiet
        and item.pk not in known
        and item.created_at > begin
        and item.author_id != member.pk
    ]


def _moments(wants: Wants, zone: Any, now: datetime) -> list[datetime]:
    """When digests would have come."""
    found, at = [], next_digest(wants.settings, zone, now - WEEK)
    while at is not None and at <= now:
        found.append(at)
        at = next_digest(wants.settings, zone, at)
    return found


def _week(
    member: Member,
    wants: Wants,
    events: list[_Event],
    items: list[Item],
    moments: list[datetime],
) -> Week:
    by_mail = [event for event in events if _came_by_mail(wants, event)]
    pushed = [event for event in events if wants.when(event.attention, Channel.PUSH) == When.NOW]
    gathered = [
        (event.thing, event.at, event.read_at)
        for event in events
        if wants.when(event.attention, Channel.MAIL) == When.DIGEST
    ] + [(item.pk, item.active_at, item.my_read) for item in items]
    digests = [_in_digest(gathered, begin, end) for begin, end in _windows(moments)]
    shown = {event.notice.pk: event.notice for event in by_mail + pushed if event.notice}
    first = sorted(shown.values(), key=lambda row: (row.created_at, row.pk), reverse=True)[:12]
    return Week(
        on_site=len(events),
        mails=_mails(wants, by_mail),
        pushes=len(pushed),
        digests=sum(bool(things) for things in digests),
        in_digests=sum(map(len, digests)),
        at_once=gather(first, member)[:4],
    )


def _came_by_mail(wants: Wants, event: _Event) -> bool:
    when = wants.when(event.attention, Channel.MAIL)
    unseen = event.read_at is None or event.read_at > event.at + UNSEEN_FOR
    return when == When.NOW or (when == When.LATER and unseen)


def _mails(wants: Wants, events: Iterable[_Event]) -> int:
    """What waits about one thing goes in one mail."""
    number, leaves_at = 0, {}
    for event in sorted(events, key=lambda event: event.at):
        if wants.when(event.attention, Channel.MAIL) == When.NOW:
            number += 1
        elif event.at > leaves_at.get(event.thing, event.at - UNSEEN_FOR):
            leaves_at[event.thing] = event.at + UNSEEN_FOR
            number += 1
    return number


def _windows(moments: list[datetime]) -> list[tuple[datetime, datetime]]:
    before = [moment - WEEK for moment in moments[:1]] + moments[:-1]
    return list(zip(before, moments, strict=True))


def _in_digest(
    gathered: list[tuple[Any, datetime, datetime | None]], begin: datetime, end: datetime
) -> set[Any]:
    return {
        thing
        for thing, at, read_at in gathered
        if begin < at <= end and (read_at is None or read_at > end)
    }
