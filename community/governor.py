"""Knows whom an announcement may ask now, whom later, and whom no more.

Everybody has one *contact budget* over all senders: so many announcements a day and in seven days
(``Community.contacts_a_day``, ``contacts_a_week``). What goes out first is decided by its deadline,
then by how close its sender is. Whoever has taken part already is not asked. All of it is set-based
SQL under one lock, so that two senders, or two workers, never spend the same budget twice.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection
from django.db.models import Count, Exists, F, Max, OuterRef, Q, QuerySet, Window
from django.db.models.functions import RowNumber
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from community import audience
from community.models import (
    AnnouncementPlan,
    Attention,
    Block,
    Comment,
    Community,
    Item,
    Member,
    Membership,
    Reach,
    Reaction,
    Space,
)
from community.notices.telling import off
from community.registry import registry

DAY, WEEK = timedelta(days=1), timedelta(days=7)
FEW = 5
"""Below this many, a number could point to somebody: it is not said."""

NEAR, REGION, ORGANISATION = 1, 2, 3


def nearness(space: Space) -> int:
    """How close somebody who speaks for this space is to those who listen."""
    if space.is_root:
        return ORGANISATION
    ask = registry.space_kinds[space.kind].nearness
    return ask(space) if ask else NEAR


# Whom it is for


def for_whom(plan: AnnouncementPlan, chosen: list[int] | None = None) -> QuerySet:
    """Members this plan means who may read it now, as a queryset of members.

    ``chosen``: ids of the groups it asks, of a plan that is not kept yet.
    """
    said = plan.announcement
    people = (
        audience.readers(said) if said else audience.readers_of(plan.space, plan.min_ring)
    ).exclude(pk=plan.author_id)
    if plan.author_id and said is None:
        apart = Block.objects.filter(
            Q(member=OuterRef("pk"), blocked=plan.author_id)
            | Q(member=plan.author_id, blocked=OuterRef("pk"))
        )
        people = people.exclude(Exists(apart))
    if chosen is None:
        chosen = list(plan.to_spaces.values_list("pk", flat=True))
    spaces = chosen or [plan.space_id]
    belongs = Membership.objects.filter(member=OuterRef("pk"), space__in=spaces).exclude(
        volume=Membership.Volume.MUTE
    )
    if plan.to_rings:
        belongs = belongs.filter(ring__in=plan.to_rings)
    elif not chosen:
        belongs = belongs.filter(ring__gte=plan.min_ring)
    people = people.filter(Exists(belongs))
    # Nobody is told who wants to hear nothing of the organisation (community/notices/telling.py).
    people = people.exclude(Exists(off(Attention.ORGANISATION)))
    if plan.to_languages:
        people = people.filter(language__in=plan.to_languages)
    if plan.to_areas:
        people = people.filter(area__in=plan.to_areas)
    return people


def who_acted(plan: AnnouncementPlan) -> QuerySet | None:
    """Ids of members who have done what it asks: wrote or reacted there, or what its kind says."""
    things = [pk for pk in (plan.about_id, plan.announcement_id) if pk]
    if not things:
        return None
    found = (
        Comment.objects.filter(item__in=things, deleted_at=None, author__isnull=False)
        .values_list("author")
        .union(Reaction.objects.filter(item__in=things).values_list("member"))
    )
    about = Item.objects.filter(pk=plan.about_id).first() if plan.about_id else None
    acted = registry.kind(about.kind).acted if about is not None else None
    return found.union(acted(about).values_list("pk")) if acted else found


def over_budget(community: Community, now: datetime) -> QuerySet:
    """Ids of members who have been asked as often as they may be."""
    return (
        Reach.objects.filter(told_at__gt=now - WEEK)
        .order_by()
        .values("member")
        .annotate(week=Count("pk"), day=Count("pk", filter=Q(told_at__gt=now - DAY)))
        .filter(Q(week__gte=community.contacts_a_week) | Q(day__gte=community.contacts_a_day))
        .values("member")
    )


# Before sending


@dataclass(frozen=True)
class Forecast:
    """What would happen if it were sent now."""

    now: int
    later: int
    until: datetime | None
    """When the last of those who are over budget have room again."""
    acted: int

    @property
    def sentence(self) -> str:
        """ "This will reach 1 812 now; 430 are over budget until Thursday." """
        if not self.now and not self.later:
            return _("This reaches nobody: choose more people.")
        if not self.now:
            reached = _("This will reach nobody now")
        else:
            reached = _("This will reach %(number)s now") % {"number": people(self.now)}
        parts = [reached]
        if self.later:
            parts.append(
                _("%(number)s are over budget until %(when)s")
                % {"number": people(self.later), "when": _when(self.until)}
            )
        if self.acted:
            parts.append(
                _("%(number)s have taken part already and are not asked")
                % {"number": people(self.acted)}
            )
        return "; ".join(parts) + "."


def people(number: int) -> str:
    """ "1 812 people"; of few it says no number."""
    if 0 < number < FEW:
        return _("fewer than %(few)s people") % {"few": FEW}
    return ngettext("%(n)s person", "%(n)s people", number) % {"n": _grouped(number)}


def _grouped(number: int) -> str:
    return f"{number:,}".replace(",", " ")


def _when(moment: datetime | None) -> str:
    if moment is None:
        return ""
    local, now = timezone.localtime(moment), timezone.localtime()
    if local.date() == now.date():
        return date_format(local, "TIME_FORMAT")
    return date_format(local, "l") if moment - now < timedelta(days=6) else date_format(local)


def forecast(plan: AnnouncementPlan, chosen: list[int] | None = None) -> Forecast:
    """Counted as it would be sent now; three queries, whatever its size."""
    now, community = timezone.now(), Community.objects.current()
    meant = for_whom(plan, chosen)
    acted = who_acted(plan)
    full = over_budget(community, now)
    wanted = meant.exclude(pk__in=acted) if acted is not None else meant
    counted = wanted.aggregate(all=Count("pk"), later=Count("pk", filter=Q(pk__in=full)))
    done = meant.filter(pk__in=acted).count() if acted is not None else 0
    until = _free_again(community, wanted, now) if counted["later"] else None
    return Forecast(counted["all"] - counted["later"], counted["later"], until, done)


def _free_again(community: Community, wanted: QuerySet, now: datetime) -> datetime | None:
    """When the last of them has room: a day or a week after the ask that filled the budget."""
    asked = Reach.objects.filter(told_at__gt=now - WEEK, member__in=wanted.values("pk")).annotate(
        place=Window(
            RowNumber(), partition_by=[F("member")], order_by=[F("told_at").desc(), F("pk").desc()]
        )
    )
    week = asked.filter(place=community.contacts_a_week).aggregate(at=Max("told_at"))["at"]
    day = asked.filter(place=community.contacts_a_day, told_at__gt=now - DAY).aggregate(
        at=Max("told_at")
    )["at"]
    ends = [week + WEEK if week else None, day + DAY if day else None]
    return max((end for end in ends if end), default=None)


# Sending


def lock() -> None:
    """One hand spends everybody's budget at a time; until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('governor'))")


def gather(plan: AnnouncementPlan) -> int:
    """Write down everybody it means, in one statement; twice changes nothing."""
    sql, params = for_whom(plan).order_by().values("pk").query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {Reach._meta.db_table} (plan_id, member_id, created_at, why)"
            f" SELECT %s, found.id, %s, '' FROM ({sql}) AS found (id) ON CONFLICT DO NOTHING",
            [plan.pk, timezone.now(), *params],
        )
        return cursor.rowcount


def release(plan: AnnouncementPlan) -> int:
    """Ask everybody who has room for it now; how many. Under ``lock``; a handful of statements."""
    now = timezone.now()
    waiting = Reach.objects.filter(plan=plan, told_at=None, dropped_at=None)
    if plan.deadline_at and plan.deadline_at <= now:
        drop(waiting, Reach.Dropped.LATE)
        return 0
    acted = who_acted(plan)
    if acted is not None:
        drop(waiting.filter(member__in=acted), Reach.Dropped.ACTED)
    drop(waiting.exclude(member__in=for_whom(plan).values("pk")), Reach.Dropped.GONE)
    full = over_budget(Community.objects.current(), now)
    return waiting.exclude(member__in=full).update(told_at=now)


def drop(rows: QuerySet, why: str) -> int:
    return rows.update(dropped_at=timezone.now(), why=why)


def in_order() -> list[int]:
    """What is on its way: what ends first, then whoever is closest, then whoever began first."""
    rows = AnnouncementPlan.objects.filter(state=AnnouncementPlan.State.SENDING)
    return list(
        rows.order_by(F("deadline_at").asc(nulls_last=True), "nearness", "began_at").values_list(
            "pk", flat=True
        )
    )


def told(announcements: Iterable[int]) -> QuerySet:
    """Members who have been asked by one of these, for whom notices are written."""
    plans = AnnouncementPlan.objects.filter(announcement__in=announcements)
    asked = Reach.objects.filter(member=OuterRef("pk"), plan__in=plans, told_at__isnull=False)
    return Member.objects.filter(Exists(asked))


# What came of it


@dataclass(frozen=True)
class Result:
    """Numbers of one announcement; none of them points to anybody."""

    meant: int
    asked: int
    waiting: int
    acted: int
    read: int
    ended: int
    """How many want no more such mail by now."""
    delivered: int

    @property
    def share(self) -> int:
        """How far it is, of a hundred."""
        done = self.meant - self.waiting
        return round(100 * done / self.meant) if self.meant else 100

    @property
    def lines(self) -> list[tuple[str, str]]:
        """[(what, number in words)], for the page."""
        found = [
            (_("Asked"), self.asked, self.meant),
            (_("Still to come, when they have room"), self.waiting, self.meant),
            (_("Had taken part already"), self.acted, self.meant),
            (_("Mail and pushes that left"), self.delivered, None),
            (_("Read it"), self.read, self.asked),
            (_("Wanted no more of this kind"), self.ended, self.asked),
        ]
        return [(label, _of(number, whole)) for label, number, whole in found]


def _of(number: int, whole: int | None) -> str:
    if whole is None:
        return _grouped(number)
    if 0 < number < FEW or whole < FEW:
        return _("fewer than %(few)s") % {"few": FEW}
    if whole - number < FEW and whole != number:
        return _("nearly all of %(whole)s") % {"whole": _grouped(whole)}
    return _("%(number)s of %(whole)s") % {"number": _grouped(number), "whole": _grouped(whole)}


def result(plan: AnnouncementPlan) -> Result:
    """Counted; three queries."""
    rows = Reach.objects.filter(plan=plan)
    counts = rows.aggregate(
        meant=Count("pk"),
        asked=Count("pk", filter=Q(told_at__isnull=False)),
        waiting=Count("pk", filter=Q(told_at=None, dropped_at=None)),
        acted=Count("pk", filter=Q(why=Reach.Dropped.ACTED)),
    )
    return Result(**counts, **_heard(plan, rows))


_NO_MORE = {"attention": "organisation", "channel": "mail", "value": "never"}


def _heard(plan: AnnouncementPlan, rows: QuerySet) -> dict[str, int]:
    from community.models import Delivery, Notice, NoticePreference, ReadMark

    if plan.announcement_id is None:
        return {"read": 0, "ended": 0, "delivered": 0}
    asked = rows.filter(told_at__isnull=False)
    mine = {"member": OuterRef("member")}
    seen = Exists(ReadMark.objects.filter(item=plan.announcement_id, **mine)) | Exists(
        Notice.objects.filter(activity__item=plan.announcement_id, read_at__isnull=False, **mine)
    )
    return {
        "read": asked.filter(seen).count(),
        "ended": asked.filter(Exists(NoticePreference.objects.filter(**_NO_MORE, **mine))).count(),
        "delivered": Delivery.objects.filter(
            activity__item=plan.announcement_id, sent_at__isnull=False
        ).count(),
    }
