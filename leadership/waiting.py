"""Knows what of welcoming waits for somebody: newcomers, questions, and who meets me."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db.models import Count, Exists, Min, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from community.models import Member, Space
from community.registry import Due, WaitingCard
from leadership import policies
from leadership.models import (
    REACHED_WITHIN,
    Commitment,
    Contact,
    HandOver,
    Welcome,
    Welcomer,
)

TOUCH_AGAIN = timedelta(days=3), timedelta(days=7)
"""So long after the first time somebody asks again how it goes."""
IN_TOUCH = (Welcome.State.REACHED, Welcome.State.HELD, Welcome.State.PLUGGED_IN)


def newcomers(member: Member) -> list[WaitingCard]:
    """Those I have not reached yet: one card, the longest waiting first."""
    mine = list(
        Welcome.objects.visible_to(member)
        .open()
        .filter(welcomer=member, state=Welcome.State.ASSIGNED)
        .select_related("member", "space")
        .order_by("created_at")[:20]
    )
    if not mine:
        return []
    first = mine[0]
    names = {"name": first.member.display_name, "n": len(mine) - 1}
    title = _("Say hello to %(name)s") % names
    if len(mine) > 1:
        title = (
            ngettext(
                "Say hello to %(name)s and %(n)s other",
                "Say hello to %(name)s and %(n)s others",
                len(mine) - 1,
            )
            % names
        )
    return [
        WaitingCard(
            label=first.space.name,
            title=title,
            url=first.get_absolute_url() if len(mine) == 1 else reverse("leadership:welcoming"),
            action=_("Write to them"),
            icon="hand-helping",
            hue="people",
            when=clock(first),
            urgency=8,
        )
    ]


def clock(welcome: Welcome) -> str:
    """Kindly: 31 of 48 hours; then simply for how long."""
    hours = int(REACHED_WITHIN.total_seconds() // 3600)
    if welcome.hours < hours:
        return _("%(n)s of %(all)s hours") % {"n": welcome.hours, "all": hours}
    days = welcome.hours // 24
    return ngettext("for %(n)s day", "for %(n)s days", days) % {"n": days}


def some_newcomers(reader: Any) -> Exists:
    mine = Welcome.objects.open().filter(welcomer=reader, state=Welcome.State.ASSIGNED)
    return Exists(mine)


def hand_overs(member: Member) -> list[WaitingCard]:
    """Newcomers that somebody asks me to take over."""
    visible = Welcome.objects.visible_to(member).open()
    asked = (
        HandOver.objects.filter(to=member, answered_at=None, welcome__in=visible)
        .select_related("welcome__member", "welcome__space", "by")
        .order_by("asked_at")[:3]
    )
    return [
        WaitingCard(
            label=row.welcome.space.name,
            title=_("Would you welcome %(name)s?") % {"name": row.welcome.member.display_name},
            url=row.welcome.get_absolute_url(),
            action=_("Answer"),
            icon="hand-helping",
            hue="people",
            when=row.asked_at,
            urgency=9,
        )
        for row in asked
    ]


def some_hand_overs(reader: Any) -> Exists:
    return Exists(HandOver.objects.filter(to=reader, answered_at=None))


def asks(member: Member) -> list[WaitingCard]:
    """Groups whose stewards ask me to welcome people there."""
    rows = (
        Welcomer.objects.filter(membership__member=member, accepted_at=None)
        .select_related("membership__space")
        .order_by("created_at")[:3]
    )
    return [
        WaitingCard(
            label=row.membership.space.name,
            title=_("Would you welcome people who are new?"),
            url=reverse("leadership:welcomers", args=[row.membership.space.slug]),
            action=_("Answer"),
            icon="hand-helping",
            hue="people",
            when=row.created_at,
            urgency=35,
        )
        for row in rows
    ]


def some_asks(reader: Any) -> Exists:
    return Exists(Welcomer.objects.filter(membership__member=reader, accepted_at=None))


def late(member: Member) -> list[WaitingCard]:
    """For stewards: people whom nobody has reached in the time that was promised; a card each."""
    if not member.led_ids:
        return []
    rows = (
        Welcome.objects.overdue()
        .filter(space__in=member.led_ids)
        .exclude(welcomer=member)
        .exclude(member__in=member.kept_apart_ids)
        .values("space__slug", "space__name")
        .annotate(n=Count("pk"), since=Min("created_at"))
        .order_by("since")[:3]
    )
    return [
        WaitingCard(
            label=row["space__name"],
            title=ngettext(
                "%(n)s person was not reached in time",
                "%(n)s people were not reached in time",
                row["n"],
            )
            % {"n": row["n"]},
            url=reverse("leadership:welcomers", args=[row["space__slug"]]),
            action=_("See who can"),
            icon="bell-ring",
            hue="people",
            when=row["since"],
            urgency=11,
        )
        for row in rows
    ]


def some_late(reader: Any) -> Exists:
    """The clock is looked at later: this question is composed once for everybody."""
    return Exists(
        Welcome.objects.open().filter(space__in=reader.led_ids, state__in=Welcome.WAITING)
    )


def promised(member: Member) -> list[WaitingCard]:
    """For a newcomer: who will meet them."""
    held = (
        Welcome.objects.open()
        .filter(member=member, welcomer__isnull=False, state=Welcome.State.ASSIGNED)
        .select_related("welcomer", "space")
        .first()
    )
    if held is None:
        return []
    return [
        WaitingCard(
            label=_("Your first week"),
            title=_("%(name)s will welcome you") % {"name": held.welcomer.display_name},
            url=reverse("leadership:my_welcome"),
            action=_("See who it is"),
            icon="smile",
            hue="people",
            urgency=14,
        )
    ]


def some_promised(reader: Any) -> Exists:
    return Exists(Welcome.objects.open().filter(member=reader, state=Welcome.State.ASSIGNED))


def steps(member: Member) -> list[WaitingCard]:
    """For a newcomer: what they agreed to do first, until its day is over."""
    mine = Commitment.objects.filter(
        member=member,
        welcome__isnull=False,
        state=Commitment.State.MADE,
        due_on__gte=timezone.localdate(),
    )
    return [
        WaitingCard(
            label=_("Your first step"),
            title=step.what,
            url=reverse("leadership:my_welcome"),
            action=_("Look at it"),
            icon="sprout",
            hue="people",
            when=_("by %(day)s") % {"day": date_format(step.due_on, "MONTH_DAY_FORMAT")},
            urgency=13,
        )
        for step in mine.order_by("due_on", "pk")[:2]
    ]


def some_steps(reader: Any) -> Exists:
    return Exists(Commitment.objects.filter(member=reader, state=Commitment.State.MADE))


def steps_due(member: Member) -> list[WaitingCard]:
    """First steps of people I welcome whose day has come: was it kept?"""
    today = timezone.localdate()
    rows = (
        Commitment.objects.filter(
            welcome__in=Welcome.objects.visible_to(member).filter(welcomer=member),
            welcome__closed_at__gt=timezone.now() - policies.FOLLOWED_FOR,
            state=Commitment.State.MADE,
            due_on__lte=today,
        )
        .select_related("member", "welcome__space")
        .order_by("due_on", "pk")[:3]
    )
    return [
        WaitingCard(
            label=step.welcome.space.name,
            title=_("How did it go? %(name)s: %(what)s")
            % {"name": step.member.display_name, "what": step.what},
            url=step.welcome.get_absolute_url(),
            action=_("Say what became of it"),
            icon="sprout",
            hue="people",
            when=_("by %(day)s") % {"day": date_format(step.due_on, "MONTH_DAY_FORMAT")},
            urgency=12,
        )
        for step in rows
    ]


def some_steps_due(reader: Any) -> Exists:
    return Exists(Commitment.objects.filter(welcome__welcomer=reader, state=Commitment.State.MADE))


def touches(member: Member) -> list[WaitingCard]:
    """People I reached three to seven days ago, and have not been in touch with since."""
    now, day = timezone.now(), timedelta(days=1)
    begun, until = TOUCH_AGAIN
    since = Contact.objects.filter(welcome=OuterRef("pk"), at__gt=OuterRef("reached_at") + day)
    rows = (
        Welcome.objects.visible_to(member)
        .filter(
            ~Exists(since),
            welcomer=member,
            state__in=IN_TOUCH,
            reached_at__lte=now - begun,
            reached_at__gt=now - until - day,
        )
        .select_related("member", "space")
        .order_by("reached_at")[:3]
    )
    return [
        WaitingCard(
            label=row.space.name,
            title=_("Ask %(name)s how it goes") % {"name": row.member.display_name},
            url=row.get_absolute_url(),
            action=_("Write to them"),
            icon="hand-helping",
            hue="people",
            when=row.reached_at,
            urgency=16,
        )
        for row in rows
    ]


def some_touches(reader: Any) -> Exists:
    return Exists(Welcome.objects.filter(welcomer=reader, state__in=IN_TOUCH))


def due(member: Member) -> Due:
    """For the desk: newcomers of the whole community who are with nobody, or not reached."""
    root = Q(space__kind=Space.ROOT, state__in=Welcome.WAITING)
    open_ones = Welcome.objects.visible_to(member).open().filter(root).exclude(member=member)
    found = open_ones.order_by().aggregate(number=Count("pk"), since=Min("created_at"))
    since = found["since"]
    is_late = bool(since and timezone.now() - since > REACHED_WITHIN)
    return Due(number=found["number"], since=since, late=is_late)


def count(frame: Any) -> str:
    """The badge of the navigation; only people who welcome have the place at all."""
    member = frame.member
    if member is None or not policies.welcomes_somewhere(member):
        return ""
    waiting = Welcome.objects.open().filter(welcomer=member, state=Welcome.State.ASSIGNED)
    return str(waiting.count() or "")
