"""Resting in a space: keeping one's place, and hearing nothing of it until a day."""

from __future__ import annotations

from datetime import date, timedelta

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from community.models import Member, Membership, Ring, Space
from community.models.people import still_here
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
    """Let those be called again whose day has come."""
    return _wake(Membership.objects.filter(resting_until__lte=timezone.localdate()))


def _wake(rows: object) -> int:
    resting = rows.filter(resting_until__isnull=False)
    return resting.update(volume=F("volume_before"), volume_before="", resting_until=None)


def _others_awake(space: Space, member: Member) -> bool:
    stewards = Membership.objects.filter(space=space, ring=Ring.STEWARD, resting_until=None)
    return stewards.filter(still_here("member__")).exclude(member=member).exists()
