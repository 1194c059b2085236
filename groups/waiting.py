"""Knows what of groups waits for a person: people at the door, offers, things to settle."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from community import policies as core
from community.models import (
    Appeal,
    JoinRequest,
    Member,
    Membership,
    Openness,
    Ring,
    RingProposal,
)
from community.models.people import still_here
from community.models.spaces import Asked
from community.prepared import prepared
from community.registry import Due, WaitingCard
from community.waiting import due
from groups.comings import appeals_for
from groups.models import Charter, Group

ANSWERED = timedelta(days=7)
HELD = (Group.State.FORMING, Group.State.ACTIVE, Group.State.NEEDS_SUPPORT)
MOST = 5
"""Cards of one sort, at most."""


def offers(member: Member) -> list[WaitingCard]:
    """Places that stewards offer to this person."""
    found = (
        RingProposal.objects.filter(member=member, state=Asked.PENDING)
        .exclude(proposed_by=member)
        .select_related("space", "proposed_by")
        .order_by("created_at")[:MOST]
    )
    return [
        WaitingCard(
            label=offer.space.name,
            title=_("%(who)s offers you another place here: %(ring)s")
            % {
                "who": offer.proposed_by.display_name if offer.proposed_by else offer.space.name,
                "ring": offer.get_ring_display(),
            },
            url=offer.space.page("home"),
            action=_("Answer"),
            icon="circle-dot",
            hue="people",
            when=offer.created_at,
            urgency=20,
        )
        for offer in found
    ]


def some_offers(reader: Member) -> Exists:
    offered = RingProposal.objects.filter(member=reader, state=Asked.PENDING)
    return Exists(offered.exclude(proposed_by=reader))


def some_requests(reader: Member) -> Exists:
    asked = {"space__in": reader.led_ids, "state": Asked.PENDING}
    return Exists(JoinRequest.objects.filter(**asked))


def some_ring_asks(reader: Member) -> Exists:
    asked = {"space__in": reader.led_ids, "state": Asked.PENDING}
    return Exists(RingProposal.objects.filter(**asked))


def some_proposals(reader: Member) -> Q:
    proposed = Group.objects.filter(state=Group.State.PROPOSED)
    return Q(Exists(proposed)) | Q(Exists(Appeal.objects.filter(answered_at=None)))


def requests(member: Member) -> list[WaitingCard]:
    """People who ask to join the groups this person is steward of: one card a group."""
    if not member.led_ids:
        return []
    waiting = list(
        JoinRequest.objects.filter(
            space__in=member.led_ids, space__kind="group", state=Asked.PENDING
        )
        .select_related("space", "member")
        .order_by("created_at")[:100]
    )
    by_space: dict[int, list[JoinRequest]] = {}
    for request in waiting:
        by_space.setdefault(request.space_id, []).append(request)
    return [
        WaitingCard(
            label=first.space.name,
            title=_("%(name)s asks to join") % {"name": first.member.display_name}
            if len(others) == 0
            else ngettext(
                "%(name)s and %(n)s other ask to join",
                "%(name)s and %(n)s others ask to join",
                len(others),
            )
            % {"name": first.member.display_name, "n": len(others)},
            url=reverse("groups:people", args=[first.space.slug]) + "#requests",
            action=_("Welcome them"),
            icon="hand-helping",
            hue="people",
            when=first.created_at,
            urgency=10,
        )
        for first, *others in list(by_space.values())[:MOST]
    ]


def ring_asks(member: Member) -> list[WaitingCard]:
    """People who want to come further into the groups this person is steward of."""
    if not member.led_ids:
        return []
    asks = (
        RingProposal.objects.filter(
            space__in=member.led_ids,
            space__kind="group",
            state=Asked.PENDING,
            proposed_by=F("member"),
        )
        .select_related("space", "member")
        .order_by("created_at")[:MOST]
    )
    return [
        WaitingCard(
            label=ask.space.name,
            title=_("%(name)s would like another place: %(ring)s")
            % {"name": ask.member.display_name, "ring": ask.get_ring_display()},
            url=reverse("groups:people", args=[ask.space.slug]) + "#ring-asks",
            action=_("Answer"),
            icon="circle-dot",
            hue="people",
            when=ask.created_at,
            urgency=30,
        )
        for ask in asks
    ]


def proposals(member: Member) -> list[WaitingCard]:
    """Groups that wait for a yes, and people who appeal: for stewards of the whole community."""
    if not core.steers_community(member):
        return []
    cards = [
        WaitingCard(
            label=_("A new group"),
            title=group.space.name,
            url=reverse("groups:proposals"),
            action=_("Look at it"),
            icon="sprout",
            hue="people",
            when=group.state_changed_at,
            urgency=25,
        )
        for group in Group.objects.filter(state=Group.State.PROPOSED)
        .select_related("space")
        .order_by("state_changed_at")[:MOST]
    ]
    appeals = (
        appeals_for(member)
        .filter(answered_at=None)
        .select_related("event__space", "event__member")
        .order_by("created_at")[:MOST]
    )
    return cards + [
        WaitingCard(
            label=_("An appeal"),
            title=_("%(name)s about %(group)s")
            % {"name": appeal.event.member.display_name, "group": appeal.event.space.name},
            url=reverse("groups:appeal", args=[appeal.event_id]),
            action=_("Hear it"),
            icon="shield",
            hue="people",
            when=appeal.created_at,
            urgency=15,
        )
        for appeal in appeals
    ]


def proposals_due(member: Member) -> Due:
    return due(
        Group.objects.filter(state=Group.State.PROPOSED), "state_changed_at", late_after=ANSWERED
    )


def appeals_due(member: Member) -> Due:
    return due(appeals_for(member).filter(answered_at=None), "created_at", late_after=ANSWERED)


def few_stewards(member: Member) -> QuerySet[Group]:
    """Groups that one steward holds, or none, of those the member knows of."""
    return (
        Group.objects.visible_to(member)
        .filter(state__in=HELD, space__closed_at=None)
        .annotate(stewards=Coalesce(Subquery(_stewards_counted()), 0))
        .filter(stewards__lt=Group.STEWARDS_WANTED)
    )


def few_stewards_due(member: Member) -> Due:
    """Those that nobody holds; one steward is a wish for a second, no duty."""
    return Due(few_stewards(member).filter(stewards=0).count())


def first_talks(member: Member) -> list[WaitingCard]:
    """Forming groups that nobody of the organisation has met: for who names somebody, and for who
    was named."""
    forming = Group.objects.filter(state=Group.State.FORMING, liaison_met_at=None)
    wanted = Q(liaison=member)
    if core.steers_community(member):
        known = ~Q(space__openness=Openness.SECRET) | Q(space__in=list(member.rings))
        wanted |= Q(liaison=None) & known
    found = forming.filter(wanted).select_related("space").order_by("state_changed_at")[:MOST]
    return [
        WaitingCard(
            label=group.space.name,
            title=_("This group is forming. Have you had the first talk with it?")
            if group.liaison_id
            else _("This group is forming. Who of the organisation keeps contact with it?"),
            url=reverse("groups:state", args=[group.space.slug]) + "#liaison",
            action=_("Write it down") if group.liaison_id else _("Name somebody"),
            icon="sprout",
            hue="learn",
            when=group.state_changed_at,
            urgency=35,
        )
        for group in found
    ]


def some_first_talks(reader: Member) -> Exists:
    forming = Group.objects.filter(state=Group.State.FORMING, liaison_met_at=None)
    return Exists(forming.filter(Q(liaison=None) | Q(liaison=reader)))


def care(member: Member) -> list[WaitingCard]:
    """Groups this person is steward of that are still forming, that have only one steward, or that
    wanted to look at their charter again."""
    if not member.led_ids:
        return []
    cards = []
    for group in _to_care_for(member):
        if group.state == Group.State.FORMING:
            cards.append(
                WaitingCard(
                    label=group.space.name,
                    title=_("Your group is forming. See what is still to be settled"),
                    url=reverse("groups:state", args=[group.space.slug]),
                    action=_("See the list"),
                    icon="sprout",
                    hue="learn",
                    urgency=60,
                )
            )
        elif group.stewards < Group.STEWARDS_WANTED:
            cards.append(
                WaitingCard(
                    label=group.space.name,
                    title=_("You hold this group alone. Who could do it with you?"),
                    url=reverse("groups:people", args=[group.space.slug]),
                    action=_("Ask somebody"),
                    icon="users",
                    hue="people",
                    urgency=65,
                )
            )
        elif group.review_on and group.review_on <= timezone.localdate():
            cards.append(
                WaitingCard(
                    label=group.space.name,
                    title=_("You wanted to look at your charter again. Does it still hold?"),
                    url=reverse("groups:charter", args=[group.space.slug]),
                    action=_("Read it together"),
                    icon="book-open",
                    hue="people",
                    urgency=70,
                )
            )
    return cards[:MOST]


@prepared
def _to_care_for(reader: Any) -> QuerySet:
    newest = Charter.objects.filter(group=OuterRef("pk")).order_by("-version")
    return (
        Group.objects.filter(space__in=reader.led_ids)
        .filter(state__in=HELD)
        .select_related("space")
        .only("state", "space__name", "space__slug")
        .annotate(
            stewards=Subquery(_stewards_counted()),
            review_on=Subquery(newest.values("review_on")[:1]),
        )
        .order_by("state_changed_at")
    )


def _stewards_counted() -> QuerySet:
    present = still_here("member__")
    stewards = Membership.objects.filter(present, space=OuterRef("space"), ring=Ring.STEWARD)
    return stewards.order_by().values("space").annotate(n=Count("pk")).values("n")
