"""Knows how groups hang under each other: under several if need be, never in a circle."""

from __future__ import annotations

from django.db import connection
from django.utils.translation import gettext as _

from community.models import Member
from community.policies import Refused
from groups import policies
from groups.models import Group, Parentage

DEEPEST = 4
"""Levels of groups above each other, the highest and the lowest included."""


def lock_links() -> None:
    """Nobody else changes the links until the transaction ends; take it before locking a group."""
    with connection.cursor() as cursor:
        cursor.execute(f"LOCK TABLE {Parentage._meta.db_table} IN SHARE ROW EXCLUSIVE MODE")


def hang(group: Group, parents: list[Group], *, by: Member) -> None:
    """For operations that hold the lock on the links. Raises Refused."""
    links = set(Parentage.objects.values_list("parent_id", "child_id"))
    kept = {parent for parent, child in links if child == group.pk}
    wanted = {parent.pk for parent in parents}
    for parent in parents:
        if parent.pk not in kept:
            policies.can_branch_from(by, parent).enforce()
    links = {(parent, child) for parent, child in links if child != group.pk}
    links |= {(parent, group.pk) for parent in wanted}
    _no_circle_and_not_too_deep(links, group.pk)
    Parentage.objects.filter(child=group).exclude(parent__in=wanted).delete()
    Parentage.objects.bulk_create(
        [Parentage(parent_id=parent, child=group) for parent in wanted - kept]
    )


def _no_circle_and_not_too_deep(links: set[tuple[int, int]], start: int) -> None:
    above = _longest(start, {child: [p for p, c in links if c == child] for _p, child in links})
    below = _longest(start, {parent: [c for p, c in links if p == parent] for parent, _c in links})
    if above is None or below is None:
        raise Refused(_("That would go round in a circle: this group is above that one already."))
    if above + below - 1 > DEEPEST:
        raise Refused(
            _("Groups can stand %(levels)s levels above each other at most.") % {"levels": DEEPEST}
        )


def _longest(start: int, onward: dict[int, list[int]], path: tuple[int, ...] = ()) -> int | None:
    """Groups on the longest way from ``start``, itself included; None if it comes back to it."""
    if start in path:
        return None
    longest = 1
    for other in onward.get(start, ()):
        rest = _longest(other, onward, (*path, start))
        if rest is None:
            return None
        longest = max(longest, rest + 1)
    return longest
