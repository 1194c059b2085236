"""Knows what of the community waits for somebody on Today: people at the door, a first week."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import ClassVar

from django.db.models import Count, Exists, F, Min, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from community.models import Agreement, AgreementVersion, JoinRequest, Member, Ring, Space
from community.models.spaces import Asked
from community.registry import Due, WaitingCard, registry
from community.templatetags.community import since as since_of

FIRST_WEEKS = timedelta(days=21)
ANSWERED_WITHIN = timedelta(days=2)
"""What is promised to people at the door."""


@dataclass(frozen=True)
class Wait:
    """A card of what waits for somebody, as it is drawn."""

    template: ClassVar[str] = "community/_wait.html"
    kept: ClassVar[int] = 1000

    label: str
    title: str
    url: str
    action: str
    icon: str
    hue: str
    when: datetime | None
    said: str
    """Since when it waits, or by when."""
    is_first: bool


def drawn(cards: Iterable[WaitingCard]) -> list[Wait]:
    return [_wait(card, is_first=place == 0) for place, card in enumerate(cards)]


def _wait(card: WaitingCard, *, is_first: bool) -> Wait:
    when = card.when if isinstance(card.when, datetime) else None
    return Wait(
        label=str(card.label),
        title=str(card.title),
        url=card.url,
        action=str(card.action),
        icon=card.icon,
        hue=card.hue,
        when=when,
        said=since_of(when) if when else str(card.when or ""),
        is_first=is_first,
    )


def requests(member: Member) -> list[WaitingCard]:
    """People who ask to come into the community, for its stewards: one card, one query."""
    if member.root_ring < Ring.STEWARD:
        return []
    asked = list(
        JoinRequest.objects.filter(space__kind=Space.ROOT, state=Asked.PENDING)
        .select_related("member")
        .order_by("created_at")[:100]
    )
    if not asked:
        return []
    first = asked[0]
    return [
        WaitingCard(
            label=_("At the door"),
            title=_("%(name)s asks to come in") % {"name": first.member.display_name}
            if len(asked) == 1
            else ngettext("%(n)s person asks to come in", "%(n)s people ask to come in", len(asked))
            % {"n": len(asked)},
            url=reverse("community_requests"),
            action=_("Read and answer"),
            icon="user-plus",
            hue="people",
            when=first.created_at,
            urgency=15,
        )
    ]


def requests_due(member: Member) -> Due:
    """For the desk: how many ask to come in, and since when."""
    asked = JoinRequest.objects.filter(space__kind=Space.ROOT, state=Asked.PENDING)
    return due(asked, "created_at", late_after=ANSWERED_WITHIN)


def due(rows: QuerySet, moment: str, *, late_after: timedelta | None = None) -> Due:
    """How many rows wait, since when, and whether the first has waited too long: one query."""
    found = rows.order_by().aggregate(number=Count("pk"), since=Min(moment))
    since = found["since"]
    late = bool(late_after and since and timezone.now() - since > late_after)
    return Due(number=found["number"], since=since, late=late)


def agreements(member: Member) -> list[WaitingCard]:
    """A paper that waits for the member's yes; the one that is needed first."""
    version = (
        _papers_for(member)
        .select_related("agreement")
        .prefetch_related("texts")
        .order_by(F("needed_from").asc(nulls_last=True), "agreement__position")
        .first()
    )
    if version is None:
        return []
    return [
        WaitingCard(
            label=_("What we agree on"),
            title=version.words.title,
            url=version.agreement.get_absolute_url(),
            action=_("Read and answer"),
            icon="scroll-text",
            hue="guide",
            when=_("by %(day)s") % {"day": date_format(version.needed_from, "MONTH_DAY_FORMAT")}
            if version.needed_from
            else "",
            urgency=12 if version.needed_from else 45,
        )
    ]


def some_agreements(reader: Member) -> Exists:
    return Exists(_papers_for(reader))


def _papers_for(member: Member) -> QuerySet:
    """Consents are never asked for here: they are free."""
    papers = AgreementVersion.objects.unanswered_by(member)
    return papers.exclude(agreement__kind=Agreement.Kind.CONSENT)


def some_requests(reader: Member) -> Exists:
    return Exists(JoinRequest.objects.filter(space__kind=Space.ROOT, state=Asked.PENDING))


def first_weeks(member: Member) -> list[WaitingCard]:
    """What a newcomer has left open: a first group, then a line about themselves. No query."""
    came = member.onboarded_at
    if came is None or timezone.now() - came > FIRST_WEEKS:
        return []
    if not member.group_ids:
        groups = registry.places.get("groups")  # an app that may be missing
        if groups:
            return [
                WaitingCard(
                    label=_("Your first week"),
                    title=_("Find a group to be part of"),
                    url=reverse(groups.url_name),
                    action=_("Look at groups"),
                    icon="sprout",
                    hue="learn",
                    urgency=60,
                )
            ]
    if member.ask_me_about or member.about or member.skills:
        return []
    return [
        WaitingCard(
            label=_("Your first week"),
            title=_("Say what people can ask you about"),
            url=reverse("edit_profile"),
            action=_("Write a line"),
            icon="sprout",
            hue="learn",
            urgency=65,
        )
    ]
