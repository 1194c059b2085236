"""Knows what a forming group still needs before it counts as active."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Count
from django.urls import reverse
from django.utils.translation import gettext as _

from community.models import Membership, Ring
from groups.models import Group


@dataclass(frozen=True)
class Step:
    name: str
    label: str
    done: bool
    url: str
    """Where it is done."""


def ring_counts(space_id: int) -> dict[int, int]:
    """{ring: number of people}, one query."""
    rows = Membership.objects.filter(space=space_id).values_list("ring").annotate(n=Count("pk"))
    return dict(rows.order_by())


def steps(group: Group, *, counts: dict[int, int], has_charter: bool) -> list[Step]:
    """The start checklist, in the order in which groups usually get there."""
    stewards = counts.get(Ring.STEWARD, 0)
    taking_part = sum(number for ring, number in counts.items() if ring >= Ring.PARTICIPANT)
    slug = group.space.slug
    people = reverse("groups:people", args=[slug])
    invite = reverse("groups:invite", args=[slug])
    roles = reverse("groups:settings", args=[slug]) + "#roles"
    return [
        Step(
            "stewards",
            _("At least %(wanted)s stewards: %(have)s so far")
            % {"wanted": Group.STEWARDS_WANTED, "have": stewards},
            stewards >= Group.STEWARDS_WANTED,
            people,
        ),
        Step(
            "participants",
            _("At least %(wanted)s people who take part: %(have)s so far")
            % {"wanted": Group.PARTICIPANTS_WANTED, "have": taking_part},
            taking_part >= Group.PARTICIPANTS_WANTED,
            invite,
        ),
        Step(
            "charter",
            _("A charter you have agreed on"),
            has_charter,
            reverse("groups:charter", args=[slug]),
        ),
        Step("meeting", _("A first meeting, held"), group.first_meeting_at is not None, roles),
        Step(
            "roles",
            _("Somebody who welcomes, and somebody to turn to when it is not safe"),
            bool(group.welcomer_id and group.safety_contact_id),
            roles,
        ),
        Step(
            "liaison",
            _("A first talk with your contact in the organisation"),
            group.liaison_met_at is not None,
            roles,
        ),
    ]


def missing(group: Group, **known: Any) -> list[Step]:
    return [step for step in steps(group, **known) if not step.done]


def of(group: Group) -> list[Step]:
    """The checklist with its two queries, for an operation."""
    return steps(
        group, counts=ring_counts(group.pk), has_charter=group.charters.exists()
    )
