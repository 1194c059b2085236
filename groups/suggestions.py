"""Knows which groups somebody new is shown: near ones first, in a language they read."""

from __future__ import annotations

from django.db.models import Case, IntegerField, Q, Value, When

from community import policies
from community.models import Member, Openness, Space
from groups.models import Group

LIVELY = (Group.State.FORMING, Group.State.ACTIVE, Group.State.NEEDS_SUPPORT)


def near(area: str) -> Q:
    """Groups of the same area, or that name it."""
    return Q(area__unaccent__icontains=area) | Q(space__name__unaccent__icontains=area)


def suggested(member: Member, most: int) -> list[Space]:
    """Groups that one can join or ask to join, each space with ``may_join``; one query."""
    doors = (Space.JoinPolicy.OPEN, Space.JoinPolicy.ASK)
    found = (
        Group.objects.visible_to(member)
        .filter(
            state__in=LIVELY,
            space__join_policy__in=doors,
            space__listed_at__isnull=False,
            space__closed_at=None,
        )
        .exclude(space__openness=Openness.SECRET)
        .exclude(space__in=member.group_ids)
        .select_related("space")
        .order_by(
            _last_unless(near(member.area) if member.area else Q(pk=None)),
            _last_unless(Q(languages__contains=[member.language]) | Q(languages=[])),
            _last_unless(Q(space__join_policy=Space.JoinPolicy.OPEN)),
            "-space__active_at",
        )[:most]
    )
    for group in found:
        group.space.area = group.area
        group.space.may_join = policies.can_join(member, group.space)
        group.space.may_ask = policies.can_ask_to_join(member, group.space)
    return [group.space for group in found if group.space.may_join or group.space.may_ask]


def _last_unless(so: Q) -> Case:
    return Case(When(so, then=Value(0)), default=Value(1), output_field=IntegerField())
