"""Shutting the doors of the site at once, and opening them again."""

from __future__ import annotations

from functools import partial

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from community import audit, lockdown, safety
from community.models import LockDown, Member
from community.policies import Refused

MOST_DAYS = 365


@transaction.atomic
def begin(*, by: Member, reason: str, holds_days: int, closes_public: bool = False) -> LockDown:
    """Nobody new comes in, and what newer members post waits, from now on. Raises Refused."""
    safety.can_lock_down(by).enforce()
    if not reason.strip():
        raise Refused(_("Say why: everybody reads it."))
    if not 0 <= holds_days <= MOST_DAYS:
        raise Refused(_("Choose 0 to %(most)s days.") % {"most": MOST_DAYS})
    try:
        with transaction.atomic():
            made = LockDown.objects.create(
                reason=reason.strip()[:300],
                holds_days=holds_days,
                closes_public=closes_public,
                by=by,
            )
    except IntegrityError:
        raise Refused(_("The doors are shut already.")) from None
    audit.record(
        "lockdown.began", by=by, reason=reason, holds_days=holds_days, closes_public=closes_public
    )
    transaction.on_commit(partial(lockdown.forget))
    return made


@transaction.atomic
def lift(*, by: Member) -> LockDown:
    """Open the doors. What was held still waits for somebody to read it. Raises Refused."""
    safety.can_lock_down(by).enforce()
    found = LockDown.objects.select_for_update(of=("self",)).filter(lifted_at=None).first()
    if found is None:
        raise Refused(_("The doors are open already."))
    found.lifted_at, found.lifted_by = timezone.now(), by
    found.save(update_fields=["lifted_at", "lifted_by"])
    audit.record("lockdown.lifted", by=by, reason=found.reason, lockdown=found.pk)
    transaction.on_commit(partial(lockdown.forget))
    return found
