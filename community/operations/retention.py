"""The clock that forgets: whatever a holding gives a time goes when that time is over.

The times stand in the declarations (``community/personal.py``); docs/privacy.md is written from
them. What a legal hold protects stays.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from community import feed, mail, personal
from community.models import AskedToStay, LegalHold, Member, Membership, Ring, Space, StaffRole
from community.models.rights import not_held
from community.operations import leaving

AWAY = timedelta(days=365)
"""After this time without a visit somebody is asked whether they want to stay."""
TO_ANSWER = timedelta(days=30)
MOST_ASKED_AT_ONCE = 200


def forget_expired(now: datetime | None = None) -> dict[str, int]:
    """Let go of everything whose time is over: name of the holding → how many rows."""
    now = now or timezone.now()
    done: dict[str, int] = {}
    for holding in personal.holdings():
        rows = expired(holding, now)
        if rows is not None and (count := _forget(holding, rows)):
            done[holding.name] = count
    return done


def expired(holding: personal.Holding, now: datetime) -> QuerySet | None:
    """Rows whose time is over and which no hold protects; None if the clock has no say."""
    rows = holding.expired(now)
    if rows is None or holding.despite_hold:
        return rows
    for path in _paths(holding):
        rows = rows.exclude(**{f"{path}__in": LegalHold.objects.standing().values("member")})
    return rows


def _paths(holding: personal.Holding) -> list[str]:
    """Whoever a row is about, also by the other holdings of its table."""
    if holding.model == "community.Member":
        return ["pk"]
    same = (one for one in personal.holdings() if one.model == holding.model)
    return list(dict.fromkeys(path for one in same for path in (*one.people, *one.protects)))


def _forget(holding: personal.Holding, rows: QuerySet) -> int:
    if holding.forget is None:
        return leaving.delete_in_batches(rows)
    done = 0
    while batch := list(rows.order_by("pk").values_list("pk", flat=True)[: personal.BATCH]):
        gone = holding.forget(rows.model._base_manager.filter(pk__in=batch))
        done += gone
        if gone < len(batch):
            break  # the rest could not go now; the clock comes back
    return done


# Accounts that nobody uses


def silent(now: datetime) -> QuerySet:
    """Supporters who have not been here for a year.

    Whoever holds something (a core team, a group, a role, the organisation's membership) is no
    mere supporter: their account ends by a decision, never by the clock.
    """
    day = timezone.localdate(now - AWAY)
    never = Q(last_seen_on=None, joined_at__lt=now - AWAY)
    holds = Membership.objects.filter(ring__gte=Ring.CORE).values("member")
    return (
        Member.objects.filter(Q(last_seen_on__lt=day) | never, not_held(), is_active=True)
        .filter(onboarded_at__isnull=False)
        .exclude(pk__in=holds)
        .exclude(pk__in=StaffRole.objects.values("member"))
        .exclude(membership_status__status__in=("applicant", "member", "grace", "suspended"))
    )


def ask_silent(now: datetime | None = None) -> int:
    """Ask those who were away for a year whether they want to stay; how many were asked."""
    now = now or timezone.now()
    people = silent(now).filter(askedtostay=None).order_by("pk")[:MOST_ASKED_AT_ONCE]
    asked = 0
    for member in people:
        asked += _ask(member, now)
    return asked


@transaction.atomic
def _ask(member: Member, now: datetime) -> bool:
    _row, made = AskedToStay.objects.get_or_create(member=member, defaults={"asked_at": now})
    if made:
        root = Space.objects.root()
        feed.record("rights.asked_to_stay", actor=None, space=root, member=member.pk)
        mail.send("rights.asked_to_stay", to=member.email, until=now + TO_ANSWER)
    return made


def forget_silent(now: datetime | None = None) -> int:
    """Whoever came back stays; whoever did not answer in thirty days is erased; how many."""
    now = now or timezone.now()
    still_away = silent(now)
    AskedToStay.objects.exclude(member__in=still_away.values("pk")).delete()
    due = still_away.filter(askedtostay__asked_at__lt=now - TO_ANSWER)
    gone = 0
    for member in due.order_by("pk"):
        if silent(now).filter(pk=member.pk).exists():  # nor came back while others were erased
            gone += leaving.end_silent(member)
    return gone
