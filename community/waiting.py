"""Knows what of the community waits for somebody on Today: people at the door, a first week."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import Exists
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from community.models import JoinRequest, Member, Ring, Space
from community.models.spaces import Asked
from community.registry import WaitingCard

FIRST_WEEKS = timedelta(days=21)


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


def some_requests(reader: Member) -> Exists:
    return Exists(JoinRequest.objects.filter(space__kind=Space.ROOT, state=Asked.PENDING))


def first_weeks(member: Member) -> list[WaitingCard]:
    """What a newcomer has left open: a first group, then a line about themselves. No query."""
    came = member.onboarded_at
    if came is None or timezone.now() - came > FIRST_WEEKS:
        return []
    if not member.group_ids:
        url = _groups_url()
        if url:
            return [
                WaitingCard(
                    label=_("Your first week"),
                    title=_("Find a group to be part of"),
                    url=url,
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


def _groups_url() -> str:
    """Groups are an app that may be missing."""
    try:
        return reverse("groups:groups")
    except NoReverseMatch:
        return ""
