"""Knows who is new in one's groups, of those one may see."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone

from community.models import Member, Membership
from community.profiles import circles

RECENT = timedelta(days=21)


def beside(member: Member, *, most: int = 4) -> dict[str, Any] | None:
    """Who came into my groups in the last weeks, newest first; one query."""
    arrivals = (
        Membership.objects.filter(space__in=circles(member), joined_at__gt=timezone.now() - RECENT)
        .exclude(member=member)
        .filter(member__in=Member.objects.visible_to(member))
        .select_related("member__avatar", "space")
        .order_by("-joined_at")[: most * 3]
    )
    people: dict[int, Membership] = {}
    for row in arrivals:
        people.setdefault(row.member_id, row)
    return {"arrivals": list(people.values())[:most]} if people else None
