"""Knows which proposed groups wait for an answer, and for whose."""

from __future__ import annotations

from django.db.models import QuerySet

from community.models import Member
from community.policies import steers_community
from groups.models import Group


def waiting_for(member: Member | None) -> QuerySet[Group]:
    """Proposals this member may answer: all of them for stewards of the community, else none."""
    rows = Group.objects.filter(state=Group.State.PROPOSED).select_related("space")
    return rows if steers_community(member) else rows.none()


def started_by(member: Member, slug: str) -> Group | None:
    """What this member proposed at that address, whatever became of it."""
    return Group.objects.filter(space__slug=slug, started_by=member).select_related("space").first()
