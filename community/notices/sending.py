"""Knows what may leave now: the domain's outbox, asked again for each person before it is sent.

Whoever sends takes rows with ``take``: they are locked until the transaction ends and lent for a
few minutes, so that any number of workers may run and a killed one's rows come back. ``sift`` drops
what was read, taken away or is not wanted any more, and puts off what falls into quiet hours.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from community.models import (
    Activity,
    Attention,
    Community,
    Delivery,
    Member,
    Notice,
    When,
)
from community.notices import telling
from community.notices.choosing import NOT_WHILE_RESTING, Wants, wants_of_all
from community.notices.lines import for_page
from community.notices.times import quiet_until, rests, zone_of

log = logging.getLogger(__name__)

PEOPLE = 40
"""Whose deliveries are looked at in one go."""
LEASE = timedelta(minutes=5)
ATTEMPTS = 8
KEEP = timedelta(days=3)
"""What could not be said for so long is dropped: it stands on the site."""


@dataclass
class Parcel:
    """What may be said to one person now, by one channel."""

    member: Member
    wants: Wants
    deliveries: list[Delivery]
    notices: list[Notice]
    """With all that a line says (``lines.for_page``); of each delivery one, in their order."""

    @property
    def is_discreet(self) -> bool:
        return self.wants.settings.discreet


def take(channel: str, *, people: int = PEOPLE) -> list[Delivery]:
    """Lend what is due to one worker: of each person all that waits, also what is not due yet.

    Within a transaction the rows stay locked as well, until it ends.
    """
    with transaction.atomic():
        due = Delivery.objects.due().filter(channel=channel)
        first = due.select_for_update(skip_locked=True)[: people * 5]
        members = list(dict.fromkeys(first.values_list("member", flat=True)))[:people]
        rows = list(
            Delivery.objects.waiting()
            .filter(channel=channel, member__in=members)
            .select_for_update(skip_locked=True)
            .order_by("due_at", "pk")
        )
        now = timezone.now()
        for row in rows:
            row.was_due = row.due_at <= now
        taken = [row.pk for row in rows if row.was_due]
        Delivery.objects.filter(pk__in=taken).update(due_at=now + LEASE)
        return rows


def sift(rows: Iterable[Delivery]) -> list[Parcel]:
    """What of these may be said now, by person. Drops the rest, or puts it off."""
    by_member: dict[int, list[Delivery]] = defaultdict(list)
    for row in rows:
        by_member[row.member_id].append(row)
    people = Member.objects.present().in_bulk(by_member)
    wants = wants_of_all(list(by_member))
    told, unknown = still_told((row.activity_id, row.member_id) for row in rows)
    community, now = Community.objects.current(), timezone.now()
    parcels = []
    for pk, own in by_member.items():
        if unknown:
            try_again(row for row in own if row.activity_id in unknown)
            own = [row for row in own if row.activity_id not in unknown]
        member = people.get(pk)
        if member is None:
            drop(own, Delivery.Dropped.GONE)
            continue
        parcel = _parcel(member, wants[pk], own, told)
        put_off(parcel, quiet_until(wants[pk].settings, zone_of(member, community), now))
        if rests(wants[pk].settings, zone_of(member, community), now):
            _let_rest(parcel)
        if parcel.deliveries:
            parcels.append(parcel)
    return parcels


def still_told(pairs: Iterable[tuple[int, int]]) -> tuple[set[tuple[int, int]], set[int]]:
    """Of (activity, member), those that would be told it now; one query for each activity.

    And the activities of which that could not be said: they hold up no others.
    """
    members: dict[int, set[int]] = defaultdict(set)
    for activity, member in pairs:
        members[activity].add(member)
    found: set[tuple[int, int]] = set()
    unknown = set()
    for pk, activity in telling.for_telling().in_bulk(members).items():
        try:
            with transaction.atomic():
                here = _told_now(activity, members[pk])
        except Exception:
            log.exception("Who is told %s of activity %s could not be said", activity.verb, pk)
            unknown.add(pk)
            continue
        found.update((pk, member) for member in here)
    return found, unknown


def _told_now(activity: Activity, members: set[int]) -> list[int]:
    people = telling.audience_of(activity)
    if people is None:
        return []
    return list(people.filter(pk__in=members).order_by().values_list("pk", flat=True))


def _parcel(
    member: Member, wants: Wants, rows: list[Delivery], told: set[tuple[int, int]]
) -> Parcel:
    shown = for_page(member).filter(activity__in=[row.activity_id for row in rows])
    notices = {notice.activity_id: notice for notice in shown}
    parcel = Parcel(member, wants, [], [])
    dropped: dict[str, list[Delivery]] = defaultdict(list)
    for row in rows:
        notice = notices.get(row.activity_id)
        why = _why_not(row, notice, wants, (row.activity_id, member.pk) in told)
        if why:
            dropped[why].append(row)
        elif notice is not None:
            parcel.deliveries.append(row)
            parcel.notices.append(notice)
    for why, which in dropped.items():
        drop(which, why)
    return parcel


def _why_not(row: Delivery, notice: Notice | None, wants: Wants, is_told: bool) -> str:
    if notice is None:
        return Delivery.Dropped.GONE
    if not is_told:
        return Delivery.Dropped.UNWANTED
    if notice.read_at is not None and notice.attention != Attention.SECURITY:
        return Delivery.Dropped.READ
    if wants.when(notice.attention, row.channel) not in (When.NOW, When.LATER):
        return Delivery.Dropped.UNWANTED
    if row.created_at < timezone.now() - KEEP:
        return Delivery.Dropped.FAILED
    return ""


def put_off(parcel: Parcel, until: datetime | None) -> None:
    """Let all but safety wait for the end of quiet hours."""
    if until is None:
        return
    late = _take_out(parcel, lambda attention: attention != Attention.SECURITY)
    Delivery.objects.filter(pk__in=[row.pk for row in late if row.due_at < until]).update(
        due_at=until
    )


def _let_rest(parcel: Parcel) -> None:
    drop(
        _take_out(parcel, lambda attention: attention in NOT_WHILE_RESTING),
        Delivery.Dropped.RESTING,
    )


def _take_out(parcel: Parcel, applies: Any) -> list[Delivery]:
    pairs = list(zip(parcel.deliveries, parcel.notices, strict=True))
    kept = [pair for pair in pairs if not applies(pair[1].attention)]
    parcel.deliveries = [row for row, _ in kept]
    parcel.notices = [notice for _, notice in kept]
    return [row for row, notice in pairs if applies(notice.attention)]


def mark_sent(rows: Iterable[Delivery], notices: Iterable[Notice] = ()) -> None:
    """They left. ``notices``: those that stood in a mail, for they stand in no digest."""
    now = timezone.now()
    Delivery.objects.filter(pk__in=[row.pk for row in rows]).update(sent_at=now)
    pks = [notice.pk for notice in notices]
    if pks:
        Notice.objects.filter(pk__in=pks).update(mailed_at=now)


def drop(rows: Iterable[Delivery], why: str) -> None:
    """They will not be sent, for a reason that is kept."""
    pks = [row.pk for row in rows]
    if pks:
        Delivery.objects.filter(pk__in=pks).update(dropped_at=timezone.now(), why=why)


def try_again(rows: Iterable[Delivery]) -> None:
    """The way was blocked: what was due waits 1, 3, 9 … minutes, then it is given up. What waits
    for a later moment waits for that."""
    now = timezone.now()
    for row in rows:
        if not row.was_due:
            continue
        row.attempts += 1
        if row.attempts >= ATTEMPTS:
            row.dropped_at, row.why = now, Delivery.Dropped.FAILED
        row.due_at = now + timedelta(minutes=min(3 ** (row.attempts - 1), 240))
        row.save(update_fields=["attempts", "due_at", "dropped_at", "why"])
