"""Knows who is next to welcome somebody: by language, by group, by load."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db.models import Count, Max, Q

from community.models import Member, Space
from leadership.models import Refusal, Welcome, Welcomer

IN_HAND = (Welcome.State.ASSIGNED, Welcome.State.REACHED, Welcome.State.HELD)
"""States in which a newcomer takes a welcomer's time."""
_NEVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True)
class Choice:
    """Where somebody is welcomed, and by whom; nobody if all have their hands full."""

    space: Space
    welcomer: Member | None


def places_of(newcomer: Member) -> list[Space]:
    """The newcomer's own groups, and the whole community last."""
    rows = newcomer.memberships_by_space.values()
    groups = [row.space for row in rows if not row.space.is_root and not row.space.closed_at]
    return groups + [row.space for row in rows if row.space.is_root]


def choose(newcomer: Member, *, welcome: Welcome | None = None) -> Choice | None:
    """The best there is now; None for somebody who belongs nowhere. Locks who is considered.

    Whoever speaks the newcomer's language comes first, for without it there is no talk; then
    people of their own group; then whoever has the most room; then whoever waited longest.
    """
    spaces = places_of(newcomer)
    if not spaces:
        return None
    order = {space.pk: place for place, space in enumerate(spaces)}
    found = [
        (_rank(row, newcomer, spaces[order[row.membership.space_id]]), row)
        for row in _with_room(newcomer, list(order), welcome)
    ]
    if found:
        best = min(found, key=lambda pair: pair[0])[1]
        return Choice(spaces[order[best.membership.space_id]], best.membership.member)
    served = set(
        Welcomer.objects.filter(
            membership__space__in=list(order), accepted_at__isnull=False
        ).values_list("membership__space", flat=True)
    )
    # Nobody is free: it stands where people welcome, so that its stewards see it.
    return Choice(next((s for s in spaces if s.pk in served), spaces[-1]), None)


def _rank(row: Any, newcomer: Member, space: Space) -> tuple:
    return (
        newcomer.language not in row.languages,
        space.is_root,
        row.load / row.at_once,
        row.last_given or _NEVER,
        row.pk,
    )


def _with_room(newcomer: Member, spaces: list[int], welcome: Welcome | None) -> list[Welcomer]:
    """Welcomers of these spaces who could take this newcomer, each with what they carry now."""
    apart = Q(membership__member__in=newcomer.kept_apart_ids) | Q(membership__member=newcomer)
    if welcome is not None:
        refused = Refusal.objects.filter(welcome=welcome).values("welcomer")
        apart |= Q(membership__member__in=refused)
    possible = Welcomer.objects.on_duty().filter(membership__space__in=spaces).exclude(apart)
    # Locked by number, so that two newcomers at once do not both get somebody's last place.
    locked = list(
        possible.order_by("pk")
        .select_for_update(of=("self",))
        .select_related("membership__member", "membership__space")
    )
    loads = _loads([row.membership.member_id for row in locked])
    for row in locked:
        row.load, row.last_given = loads.get(row.membership.member_id, (0, None))
    return [row for row in locked if row.load < row.at_once and row.membership.member.is_present]


def _loads(members: list[int]) -> dict[int, tuple[int, datetime | None]]:
    """Member → (newcomers in hand, when the last one was given to them)."""
    rows = (
        Welcome.objects.filter(welcomer__in=members)
        .values("welcomer")
        .annotate(
            load=Count("pk", filter=Q(closed_at=None, state__in=IN_HAND)), last=Max("assigned_at")
        )
    )
    return {row["welcomer"]: (row["load"], row["last"]) for row in rows}
