"""Knows what a forming group still needs before it counts as active."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext as _

from community.models import Membership, Ring
from community.models.people import still_here
from groups.models import Group


@dataclass(frozen=True)
class Step:
    name: str
    label: str
    done: bool
    url: str
    """Where it is done."""


@dataclass(frozen=True)
class Facts:
    """What the checklist is judged by, as the group's own row does not say it."""

    stewards: int
    taking_part: int
    welcomer: bool
    safety_contact: bool


def facts(group: Group) -> Facts:
    """One query. Who has left or is suspended does not count."""
    here = Membership.objects.filter(still_here("member__"), space=group.pk)
    found = here.aggregate(
        stewards=Count("pk", filter=Q(ring=Ring.STEWARD)),
        taking_part=Count("pk", filter=Q(ring__gte=Ring.PARTICIPANT)),
        welcomer=Count("pk", filter=Q(member=group.welcomer_id)),
        safety_contact=Count("pk", filter=Q(member=group.safety_contact_id)),
    )
    return Facts(
        stewards=found["stewards"],
        taking_part=found["taking_part"],
        welcomer=found["welcomer"] > 0,
        safety_contact=found["safety_contact"] > 0,
    )


def steps(group: Group, *, known: Facts, has_charter: bool) -> list[Step]:
    """The start checklist, in the order in which groups usually get there."""
    slug = group.space.slug
    people = reverse("groups:people", args=[slug])
    invite = reverse("groups:invite", args=[slug])
    roles = reverse("groups:settings", args=[slug]) + "?open=roles#roles"
    return [
        Step(
            "stewards",
            _("At least %(wanted)s stewards: %(have)s so far")
            % {"wanted": Group.STEWARDS_WANTED, "have": known.stewards},
            known.stewards >= Group.STEWARDS_WANTED,
            people,
        ),
        Step(
            "participants",
            _("At least %(wanted)s people who take part: %(have)s so far")
            % {"wanted": Group.PARTICIPANTS_WANTED, "have": known.taking_part},
            known.taking_part >= Group.PARTICIPANTS_WANTED,
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
            known.welcomer and known.safety_contact,
            roles,
        ),
        Step(
            "liaison",
            _("A first talk with your contact in the organisation"),
            group.liaison_met_at is not None,
            reverse("groups:state", args=[slug]) + "#liaison",
        ),
    ]


def of(group: Group) -> list[Step]:
    """The checklist with its two queries, for an operation."""
    return steps(group, known=facts(group), has_charter=group.charters.exists())
