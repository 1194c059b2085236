"""Giving a space another steward: when nobody holds it, or when the only one is removed."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from community import audit, policies, steward_policies
from community.models import Member, Membership, MembershipEvent, Ring, RingProposal, Space
from community.models.spaces import Asked
from community.operations import membership as operations
from community.operations.membership import _lock_to_end, _membership, _not_the_last_steward
from community.operations.rings import _move, _sensible
from community.policies import Refused


@transaction.atomic
def name_steward(membership: Membership, *, by: Member) -> Membership:
    """Make somebody of a group that nobody holds its steward, at once. Raises Refused."""
    space = Space.objects.lock(membership.space)
    steward_policies.can_name_steward(by, space).enforce()
    return _name(_membership(space, membership.member), by=by)


@transaction.atomic
def replace_steward(
    membership: Membership, *, successor: Membership, by: Member, reason: str
) -> MembershipEvent:
    """Remove the only steward and make somebody else of the space its steward, in one.

    Where others hold it too by now, nobody is named. Raises Refused.
    """
    space = _lock_to_end(membership.space, membership.member)
    steward_policies.can_remove(by, _membership(space, membership.member)).enforce()
    if not steward_policies.stewards_here(space).exclude(pk=membership.pk).exists():
        _name(_membership(space, successor.member), by=by)
    return operations.remove(membership, by=by, reason=reason)


@transaction.atomic
def lower(membership: Membership, *, ring: int, by: Member, reason: str) -> Membership:
    """Give somebody of the whole community a shallower ring at once, for a reason they read."""
    space = Space.objects.lock(membership.space)
    membership = _membership(space, membership.member)
    steward_policies.can_lower(by, membership).enforce()
    if not Ring.FOLLOWER <= ring < membership.ring:
        raise Refused(_("Choose a place further out than theirs."))
    if not reason.strip():
        raise Refused(_("Say why. The person will read it."))
    _not_the_last_steward(membership)
    audit.record("stewards.lowered", by=by, person=membership.member, space=space, ring=ring)
    return _move(membership, ring, by=by, reason=reason.strip())


def _name(membership: Membership, *, by: Member) -> Membership:
    policies.can_be_let_in(membership.member).enforce()
    _sensible(membership, Ring.STEWARD)
    RingProposal.objects.filter(
        space=membership.space, member=membership.member, state=Asked.PENDING
    ).update(state=Asked.WITHDRAWN, decided_at=timezone.now())
    audit.record("stewards.named", by=by, person=membership.member, space=membership.space)
    return _move(membership, Ring.STEWARD, by=by)
