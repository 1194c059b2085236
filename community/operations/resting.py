"""Resting in a space: keeping one's place, and hearing nothing of it until a day."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from community.models import Community, Member, Membership, Ring, Space
from community.models.people import still_here
from community.notices.times import zone_of
from community.policies import Refused

LONGEST = timedelta(days=365)


@transaction.atomic
def rest(space: Space, *, until: date | None, by: Member) -> None:
    """Hear nothing of the space until that day, or, without one, as much as before again.

    The last steward who does not rest finds somebody else first. Raises Refused.
    """
    space = Space.objects.lock(space)
    mine = Membership.objects.select_for_update(of=("self",)).filter(space=space, member=by)
    if until is None:
        _wake(mine)
    else:
        row = mine.first()
        if row is None:
            raise Refused(_("You do not belong here any more."))
        if not timezone.localdate() < until <= timezone.localdate() + LONGEST:
            raise Refused(_("Choose a day within the next year."))
        if row.ring >= Ring.STEWARD and not _others_awake(space, by):
            raise Refused(
                _("No other steward is awake here. Ask somebody to hold the group first.")
            )
        if row.resting_until is None:
            row.volume_before, row.volume = row.volume, Membership.Volume.MUTE
        row.resting_until = until
        row.save(update_fields=["resting_until", "volume", "volume_before"])
    by.forget()


@transaction.atomic
def wake_rested() -> int:
    """Let those be called again whose day has come where they live."""
    community, now = Community.objects.get(), timezone.now()
    about = Membership.objects.filter(resting_until__lte=(now + timedelta(days=1)).date())
    due = [
        row.pk
        for row in about.select_related("member")
        if row.resting_until <= now.astimezone(zone_of(row.member, community)).date()
    ]
    return _wake(Membership.objects.filter(pk__in=due))


def keep_one_awake(space: Space) -> None:
    """Where no steward is awake any more, those who rest are called again. The space is locked;
    part of leaving and of moving."""
    stewards = _stewards(space)
    if not stewards.filter(resting_until=None).exists():
        _wake(stewards)


def _wake(rows: Any) -> int:
    resting = rows.filter(resting_until__isnull=False)
    return resting.update(volume=F("volume_before"), volume_before="", resting_until=None)


def _stewards(space: Space) -> Any:
    return Membership.objects.filter(still_here("member__"), space=space, ring=Ring.STEWARD)


def _others_awake(space: Space, member: Member) -> bool:
    return _stewards(space).filter(resting_until=None).exclude(member=member).exists()
