"""Knows what could not be told or brought: how often it was tried, and what was given up."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Count, Exists, Max, OuterRef, Q, QuerySet
from django.utils import timezone

from community.models import Activity, Channel, Delivery, Untold

ATTEMPTS = 8
"""Over about three hours: 10, 30, 90 … seconds."""
MOST = 30


@dataclass(frozen=True)
class Lost:
    """What of one verb was given up on one way; without whom it was for or what it said."""

    verb: str
    way: Any
    """Empty: nobody was told at all."""
    error: str
    number: int
    last_at: datetime


@transaction.atomic
def note(activity: Activity, error: Exception) -> Untold:
    """It could not be told: it waits longer each time, and is given up in the end."""
    now = timezone.now()
    Untold.objects.bulk_create([Untold(activity=activity)], ignore_conflicts=True)
    row = Untold.objects.select_for_update().get(activity=activity)
    row.attempts += 1
    row.error = type(error).__name__[:80]
    row.next_try_at = now + timedelta(seconds=10 * 3 ** (row.attempts - 1))
    if row.attempts >= ATTEMPTS:
        row.given_up_at = now
    row.save()
    return row


def less_waiting(activities: QuerySet) -> QuerySet:
    """Without those that wait for their next try, or were given up."""
    waits = Untold.objects.filter(activity=OuterRef("pk")).filter(
        Q(given_up_at__isnull=False) | Q(next_try_at__gt=timezone.now())
    )
    return activities.filter(~Exists(waits))


def forget_told() -> None:
    """What was told after all is no failure."""
    Untold.objects.filter(activity__told_at__isnull=False).delete()


def untold() -> QuerySet:
    return Untold.objects.filter(given_up_at__isnull=False, activity__told_at=None)


def unsent() -> QuerySet:
    return Delivery.objects.filter(why=Delivery.Dropped.FAILED)


def lost() -> list[Lost]:
    """All that was given up, by verb and way, the newest first; two queries."""
    told = untold().values("activity__verb", "error").annotate(n=Count("pk"))
    found = [
        Lost(row["activity__verb"], "", row["error"], row["n"], row["last_at"])
        for row in told.annotate(last_at=Max("given_up_at")).order_by()
    ]
    sent = unsent().values("activity__verb", "channel").annotate(n=Count("pk"))
    found += [
        Lost(row["activity__verb"], Channel(row["channel"]).label, "", row["n"], row["last_at"])
        for row in sent.annotate(last_at=Max("dropped_at")).order_by()
    ]
    return sorted(found, key=lambda each: each.last_at, reverse=True)[:MOST]


def try_again() -> int:
    """All of it is due now, as if it were new; how many."""
    now = timezone.now()
    number, _all = untold().delete()
    return number + unsent().update(dropped_at=None, why="", attempts=0, created_at=now, due_at=now)
