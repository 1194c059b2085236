"""Moving between the rings of a space: offered or asked for, always accepted by the other side."""

from __future__ import annotations

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from community import feed, live, policies
from community.models import (
    Invitation,
    InvitationUse,
    Member,
    Membership,
    MembershipEvent,
    Ring,
    RingProposal,
    Space,
)
from community.models.spaces import Asked
from community.operations import resting
from community.operations.membership import _log, _membership, _not_the_last_steward
from community.policies import Refused


@transaction.atomic
def offer_ring(membership: Membership, *, ring: int, by: Member, note: str = "") -> RingProposal:
    """A steward asks somebody to come further in (or to step back); the person answers."""
    space = Space.objects.lock(membership.space)
    policies.can_manage(by, space).enforce()
    membership = _membership(space, membership.member)
    _sensible(membership, ring)
    if membership.member_id == by.pk:
        raise Refused(_("Ask another steward to offer you this."))
    policies.can_be_let_in(membership.member).enforce()
    proposal = _propose(membership, ring, by=by, note=note)
    feed.record(
        "spaces.ring_offered",
        actor=by,
        space=space,
        member=membership.member_id,
        ring=ring,
        proposal=proposal.pk,
        name=space.name,
    )
    return proposal


@transaction.atomic
def ask_for_ring(space: Space, *, ring: int, by: Member, note: str = "") -> RingProposal:
    """Somebody asks to come further in; a steward answers."""
    space = Space.objects.lock(space)
    policies.in_good_standing(by, "ask").enforce()
    membership = _membership(space, by)
    _sensible(membership, ring)
    if ring < membership.ring:
        raise Refused(_("To step back you need nobody's yes: choose it yourself."))
    if ring >= Ring.STEWARD:
        raise Refused(_("Stewards are asked by other stewards."))
    proposal = _propose(membership, ring, by=by, note=note)
    feed.record(
        "spaces.ring_asked",
        actor=by,
        space=space,
        ring=ring,
        proposal=proposal.pk,
        name=by.display_name,
    )
    return proposal


@transaction.atomic
def step_back(space: Space, *, ring: int, by: Member) -> Membership:
    """Take a shallower ring oneself, at once. The last steward hands over first."""
    space = Space.objects.lock(space)
    membership = _membership(space, by)
    if not Ring.FOLLOWER <= ring < membership.ring:
        raise Refused(_("You can only step back this way."))
    _not_the_last_steward(membership)
    return _move(membership, ring, by=by)


@transaction.atomic
def come_further_in(membership: Membership, *, invitation: Invitation, by: Member) -> Membership:
    """Take the deeper place that an invitation names: its maker said yes, and now the person does.

    The space is locked. Raises Refused where the invitation does not work any more.
    """
    policies.can_use(by, invitation).enforce()
    since = MembershipEvent.objects.filter(
        space=membership.space, member=by, created_at__gt=invitation.created_at
    )
    if since.filter(what=MembershipEvent.What.MOVED, ring_after__lt=F("ring_before")).exists():
        raise Refused(_("You stepped back since you were invited. Ask for a new invitation."))
    _made, new = InvitationUse.objects.get_or_create(invitation=invitation, member=by)
    if new:
        invitation.uses += 1
        invitation.save(update_fields=["uses"])
    return _move(membership, invitation.ring, by=invitation.created_by, reason=invitation.note)


@transaction.atomic
def accept_proposal(proposal: RingProposal, *, by: Member) -> Membership:
    """The other side says yes, and the person moves. Raises Refused."""
    space = Space.objects.lock(proposal.space)
    proposal = _lock_open(proposal)
    _may_answer(proposal, space, by)
    policies.not_suspended(by).enforce()
    policies.can_be_let_in(proposal.member).enforce()
    membership = _membership(space, proposal.member)
    if proposal.is_offer and not (
        proposal.proposed_by
        and proposal.proposed_by.is_present
        and policies.can_manage(proposal.proposed_by, space)
    ):
        raise Refused(_("The person who offered this is no steward here any more."))
    if proposal.ring < membership.ring:
        _not_the_last_steward(membership)
    _decide(proposal, Asked.ACCEPTED, by=by)
    return _move(membership, proposal.ring, by=by, reason=proposal.note)


@transaction.atomic
def decline_proposal(proposal: RingProposal, *, by: Member, reason: str = "") -> RingProposal:
    space = Space.objects.lock(proposal.space)
    proposal = _lock_open(proposal)
    _may_answer(proposal, space, by)
    proposal.reason = reason.strip()
    return _decide(proposal, Asked.DECLINED, by=by)


@transaction.atomic
def withdraw_proposal(proposal: RingProposal, *, by: Member) -> RingProposal:
    Space.objects.lock(proposal.space)
    proposal = _lock_open(proposal)
    if proposal.proposed_by_id != by.pk:
        raise Refused(_("Only the person who proposed this can take it back."))
    return _decide(proposal, Asked.WITHDRAWN, by=by)


def _sensible(membership: Membership, ring: int) -> None:
    if ring not in (Ring.FOLLOWER, Ring.PARTICIPANT, Ring.CORE, Ring.STEWARD):
        raise Refused(_("There is no such ring."))
    if ring == membership.ring:
        raise Refused(_("That is where they are already."))


def _propose(membership: Membership, ring: int, *, by: Member, note: str) -> RingProposal:
    """A new proposal takes the place of the one that was still open."""
    RingProposal.objects.filter(
        space=membership.space, member=membership.member, state=Asked.PENDING
    ).update(state=Asked.WITHDRAWN, decided_at=timezone.now())
    return RingProposal.objects.create(
        space=membership.space,
        member=membership.member,
        ring=ring,
        proposed_by=by,
        note=note.strip(),
    )


def _may_answer(proposal: RingProposal, space: Space, by: Member) -> None:
    if proposal.is_offer:
        if proposal.member_id != by.pk:
            raise Refused(_("Only the person it was offered to can answer."))
    else:
        policies.can_manage(by, space).enforce()


def _move(membership: Membership, ring: int, *, by: Member, reason: str = "") -> Membership:
    before, membership.ring = membership.ring, ring
    membership.save(update_fields=["ring"])
    resting.keep_one_awake(membership.space)
    _log(
        membership.space,
        membership.member,
        MembershipEvent.What.MOVED,
        by=by,
        ring_before=before,
        ring_after=ring,
        reason=reason,
    )
    live.close_on_commit(membership.member_id)
    membership.member.forget()
    by.forget()
    feed.record(
        "spaces.moved",
        actor=by,
        space=membership.space,
        member=membership.member_id,
        ring=ring,
        name=membership.space.name,
    )
    return membership


def _lock_open(proposal: RingProposal) -> RingProposal:
    proposal = (
        RingProposal.objects.select_for_update(of=("self",))
        .select_related("space", "member", "proposed_by")
        .get(pk=proposal.pk)
    )
    if proposal.state != Asked.PENDING:
        raise Refused(_("This has been answered already."))
    return proposal


def _decide(proposal: RingProposal, state: str, *, by: Member) -> RingProposal:
    proposal.state, proposal.decided_by, proposal.decided_at = state, by, timezone.now()
    proposal.save(update_fields=["state", "decided_by", "decided_at", "reason"])
    return proposal
