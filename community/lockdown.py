"""Knows whether the doors of the site are shut, and what that shuts.

Operations ask the table; pages for visitors ask at most every three seconds.
"""

from __future__ import annotations

import time
from datetime import timedelta

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from community.models import LockDown, Member, Ring
from community.prepared import prepared

FRESH_SECONDS = 3.0
SHUT = _("The doors are shut for the moment: nobody new can come in. Try again later.")

_known: tuple[float, bool] = (0.0, False)


def now() -> LockDown | None:
    """The lock-down that holds, if any; one query."""
    return next(iter(_in_force()), None)


@prepared
def _in_force() -> QuerySet:
    return LockDown.objects.filter(lifted_at=None)[:1]


def days() -> int:
    """Members of fewer days than these are held by the lock-down there is; 0: nobody."""
    found = now()
    return found.holds_days if found is not None else 0


def holds(member: Member, space: object, fewer_than: int | None = None) -> bool:
    """Whether what this member posts waits for a steward because of a lock-down; a conversation
    has no ``space``. ``fewer_than`` is ``days()``, where that is known already."""
    most = days() if fewer_than is None else fewer_than
    if not most or member.staff_roles:
        return False
    place = getattr(space, "pk", space)
    ring = member.root_ring if place is None else member.rings.get(place, Ring.WEB)
    if ring >= Ring.STEWARD:
        return False
    return member.joined_at > timezone.now() - timedelta(days=most)


def shuts_out_visitors() -> bool:
    """Whether people without an account see the door only; true within seconds, for few queries."""
    global _known
    asked, answer = _known
    if time.monotonic() - asked > FRESH_SECONDS:
        answer = LockDown.objects.filter(lifted_at=None, closes_public=True).exists()
        _known = (time.monotonic(), answer)
    return answer


def forget() -> None:
    """Ask the table again: after a change in this process, and between tests."""
    global _known
    _known = (0.0, False)
