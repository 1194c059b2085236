"""Knows who removes, lowers and names stewards; the stewards of the whole community stand behind
those of every group that they know of."""

from __future__ import annotations

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from community.models import Member, Membership, Openness, Ring, Space
from community.models.people import still_here
from community.policies import YES, Verdict, can_manage, no, ring_of, steers_community


def stewards_here(space: Space) -> QuerySet[Membership]:
    """Those who hold the space now: who is suspended or has left for good does not."""
    return Membership.objects.filter(still_here("member__"), space=space, ring=Ring.STEWARD)


def can_oversee(member: Member | None, space: Space) -> Verdict:
    """See to it that a space has stewards, and good ones.

    A secret group stays closed to everybody outside of it, stewards of the community included.
    """
    if steers_community(member) and (space.openness != Openness.SECRET or ring_of(member, space)):
        return YES
    return no(_("Only stewards of the whole community can do this."))


def can_remove(member: Member | None, membership: Membership) -> Verdict:
    """People are removed by the stewards of the space, its stewards by those of the community."""
    space, holds = membership.space, membership.ring >= Ring.STEWARD
    verdict = can_manage(member, space)
    oversees = holds and can_oversee(member, space)
    if not verdict and not oversees:
        return verdict
    if membership.member_id == member.pk:
        return no(_("To go yourself, use Leave."))
    if holds and not oversees:
        return no(_("A steward is removed by the stewards of the whole community."))
    return YES


def can_name_steward(member: Member | None, space: Space) -> Verdict:
    """Give a group that nobody holds a steward from among its people."""
    verdict = can_oversee(member, space)
    if not verdict:
        return verdict
    if space.closed_at:
        return no(_("This group has ended."))
    if stewards_here(space).exists():
        return no(_("This group has a steward, who asks others to hold it too."))
    return YES


def can_lower(member: Member | None, membership: Membership) -> Verdict:
    """Give somebody of the whole community a shallower place without their yes."""
    verdict = can_manage(member, membership.space)
    if not verdict:
        return verdict
    if not membership.space.is_root:
        return no(_("In a group nobody is moved without their yes."))
    if membership.member_id == member.pk:
        return no(_("To step back yourself, open your own place."))
    if membership.ring <= Ring.PARTICIPANT:
        return no(_("They are in no ring that could be taken from them."))
    return YES
