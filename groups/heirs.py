"""Knows who could hold a group after the one who holds it."""

from __future__ import annotations

from django.db.models import QuerySet

from community.models import Membership, Ring, Space
from community.models.people import still_here


def heirs(space: Space) -> QuerySet[Membership]:
    """Those who take part and are here, furthest in first."""
    return (
        Membership.objects.filter(
            still_here("member__"), space=space, ring__in=(Ring.PARTICIPANT, Ring.CORE)
        )
        .select_related("member__avatar")
        .order_by("-ring", "joined_at")
    )
