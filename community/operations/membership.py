"""Coming into a space and going: joining, asking, being let in, leaving, being removed."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _

from community import audit, feed, limits, live, lockdown, policies, steward_policies
from community.models import (
    Appeal,
    JoinRequest,
    Member,
    Membership,
    MembershipEvent,
    Ring,
    RingProposal,
    Space,
    Vouch,
)
from community.models.people import still_here
from community.models.spaces import Asked
from community.notices import choosing
from community.operations import resting
from community.policies import Refused, no


@transaction.atomic
def join(space: Space, *, by: Member, ring: int = Ring.PARTICIPANT) -> Membership:
    """Walk into an open space, to follow it or to take part. Raises Refused."""
    space = Space.objects.lock(space)
    if ring > Ring.PARTICIPANT:
        raise Refused(_("You can follow a group or take part; the rest you are asked for."))
    policies.can_join(by, space).enforce()
    if policies.removal_of(by, space) is not None:
        raise Refused(policies.REMOVED)
    return admit(by, space, ring=ring, via=Membership.Via.JOINED, by=by)


@transaction.atomic
def ask_to_join(
    space: Space, *, by: Member, answers: list[str] | None = None, ring: int = Ring.PARTICIPANT
) -> JoinRequest:
    """Ask the stewards to be let in. Asking twice returns the open request."""
    space = Space.objects.lock(space)
    policies.can_ask_to_join(by, space).enforce()
    if ring > Ring.PARTICIPANT:
        raise Refused(_("You can ask to follow a group or to take part in it."))
    if not JoinRequest.objects.filter(space=space, member=by, state=Asked.PENDING).exists():
        limits.check(by, "ask")
        limits.check(by, "ask_again", space=space)
    asked = [
        {"question": question, "answer": answer.strip()}
        for question, answer in zip(space.questions, answers or [], strict=False)
    ]
    request, made = JoinRequest.objects.get_or_create(
        space=space, member=by, state=Asked.PENDING, defaults={"answers": asked, "ring": ring}
    )
    if made:
        feed.record("spaces.asked", actor=by, space=space, name=by.display_name, request=request.pk)
    return request


@transaction.atomic
def withdraw_request(request: JoinRequest, *, by: Member) -> JoinRequest:
    request = _lock_open(request)
    if request.member_id != by.pk:
        raise Refused(_("Only the person who asked can take this back."))
    return _decide(request, Asked.WITHDRAWN, by=by)


@transaction.atomic
def accept_request(request: JoinRequest, *, by: Member) -> Membership:
    """Let somebody in. In a guarded space it takes two members who vouch. Raises Refused."""
    space = Space.objects.lock(request.space)
    request = _lock_open(request)
    policies.can_manage(by, space).enforce()
    policies.can_be_let_in(request.member).enforce()
    if not request.member.is_community_member and lockdown.now():
        raise Refused(lockdown.SHUT)
    if space.join_policy == Space.JoinPolicy.VOUCHER:
        vouches = policies.standing_vouches(request)
        if vouches < Vouch.VOUCHES_NEEDED:
            raise Refused(
                _("%(have)s of %(need)s people have vouched. Somebody else needs to, first.")
                % {"have": vouches, "need": Vouch.VOUCHES_NEEDED}
            )
    via = Membership.Via.INVITATION if request.invited_by_id else Membership.Via.REQUEST
    _decide(request, Asked.ACCEPTED, by=by)
    membership = admit(
        request.member, space, ring=request.ring, via=via, by=by, invited_by=request.invited_by
    )
    feed.record("spaces.accepted", actor=by, space=space, member=request.member_id, name=space.name)
    _write_to_newcomer("spaces.accepted", request, space, by)
    return membership


@transaction.atomic
def decline_request(request: JoinRequest, *, by: Member, reason: str = "") -> JoinRequest:
    """Say no, with a reason the person reads."""
    space = Space.objects.lock(request.space)
    request = _lock_open(request)
    policies.can_manage(by, space).enforce()
    return _decline(request, space, by=by, reason=reason.strip())


@transaction.atomic
def decline_all(space: Space, *, by: Member, reason: Any) -> None:
    """Say no to all who ask, each in their language; for an operation that closes the doors."""
    asked = JoinRequest.objects.filter(space=space, state=Asked.PENDING).select_related("member")
    for request in asked.select_for_update(of=("self",)):
        with translation.override(request.member.language):
            words = str(reason)
        _decline(request, space, by=by, reason=words)


def _decline(request: JoinRequest, space: Space, *, by: Member, reason: str) -> JoinRequest:
    request.reason = reason
    _decide(request, Asked.DECLINED, by=by)
    _log(space, request.member, MembershipEvent.What.DECLINED, by=by, reason=reason)
    feed.record("spaces.declined", actor=by, space=space, member=request.member_id, name=space.name)
    _write_to_newcomer("spaces.declined", request, space, by)
    return request


@transaction.atomic
def vouch(request: JoinRequest, *, by: Member) -> Vouch:
    """Stand up for somebody who wants into a guarded space."""
    request = _lock_open(request)
    if policies.ring_of(by, request.space_id) < Ring.PARTICIPANT:
        raise Refused(_("Only people who take part in this group can vouch for somebody."))
    if request.member_id == by.pk:
        raise Refused(_("Nobody vouches for themselves."))
    return Vouch.objects.get_or_create(request=request, member=by)[0]


@transaction.atomic
def leave(space: Space, *, by: Member) -> None:
    """Go. The last steward hands over first. Raises Refused."""
    space = _lock_to_end(space, by)
    membership = _membership(space, by)
    _not_the_last_steward(membership)
    _end(membership, MembershipEvent.What.LEFT, by=by)
    feed.record("spaces.left", actor=by, space=space, name=by.display_name)


@transaction.atomic
def set_volume(space: Space, *, volume: str, by: Member) -> None:
    """Choose how much to hear of a space; who rested there is back with it, unless they choose
    nothing, which is what they hear. Raises Refused for a volume that does not exist."""
    if volume not in Membership.Volume.values:
        raise Refused(_("Choose everything, the digest, mentions or nothing."))
    mine = Membership.objects.filter(space=space, member=by)
    if volume == Membership.Volume.MUTE:
        mine = mine.filter(resting_until=None)
    mine.update(volume=volume, resting_until=None, volume_before="")
    by.forget()


@transaction.atomic
def remove(membership: Membership, *, by: Member, reason: str) -> MembershipEvent:
    """Send somebody away, with a reason they read and may appeal. Raises Refused."""
    space = _lock_to_end(membership.space, membership.member)
    membership = _membership(space, membership.member)
    steward_policies.can_remove(by, membership).enforce()
    if not reason.strip():
        raise Refused(_("Say why. The person will read it and can appeal."))
    _not_the_last_steward(membership)
    event = _end(membership, MembershipEvent.What.REMOVED, by=by, reason=reason.strip())
    feed.record(
        "spaces.removed",
        actor=by,
        space=space,
        member=membership.member_id,
        name=space.name,
        event=event.pk,
    )
    if space.is_root:
        audit.record("members.removed", by=by, person=membership.member, space=space)
    elif membership.ring >= Ring.STEWARD:
        audit.record("stewards.removed", by=by, person=membership.member, space=space)
        feed.record("spaces.steward_removed", actor=by, space=space, name=space.name)
    return event


@transaction.atomic
def appeal(event: MembershipEvent, *, by: Member, text: str) -> Appeal:
    """The removed person answers; once, to the stewards of the whole community."""
    event = MembershipEvent.objects.select_for_update().get(pk=event.pk)
    if event.what != MembershipEvent.What.REMOVED or event.member_id != by.pk:
        raise Refused(_("Only the person who was removed can appeal."))
    if not text.strip():
        raise Refused(_("Write what you want them to know."))
    if Appeal.objects.filter(event=event).exists():
        raise Refused(_("You have appealed already. You will be told what was decided."))
    made = Appeal.objects.create(event=event, text=text.strip())
    feed.record(
        "spaces.appealed", actor=by, space=event.space, event=event.pk, name=event.space.name
    )
    return made


@transaction.atomic
def answer_appeal(appeal: Appeal, *, by: Member, upheld: bool, answer: str) -> Appeal:
    """Decide an appeal: the removal stands, or the person is let back in where they were."""
    appeal = Appeal.objects.select_for_update().get(pk=appeal.pk)
    event = appeal.event
    if not policies.steers_community(by):
        raise Refused(_("Appeals are heard by the stewards of the whole community."))
    if by.pk in (event.actor_id, event.member_id):
        raise Refused(_("Somebody who had no part in it should hear this appeal."))
    if appeal.answered_at:
        raise Refused(_("This appeal has been answered."))
    if not answer.strip():
        raise Refused(_("Write down why you decide so."))
    appeal.upheld, appeal.answer = upheld, answer.strip()
    appeal.answered_by, appeal.answered_at = by, timezone.now()
    appeal.save()
    if not upheld:
        space = Space.objects.lock(event.space)
        if not policies.ring_of(event.member, space):
            policies.can_be_let_in(event.member).enforce()
            if space.closed_at:
                raise Refused(_("This group has ended: nobody can be let back into it."))
            if not event.member.is_community_member and lockdown.now():
                raise Refused(lockdown.SHUT)
            admit(
                event.member,
                space,
                ring=min(event.ring_before or Ring.PARTICIPANT, Ring.CORE),
                via=Membership.Via.JOINED,
                by=by,
                what=MembershipEvent.What.RESTORED,
            )
    feed.record(
        "spaces.appeal_answered",
        actor=by,
        space=event.space,
        member=event.member_id,
        name=event.space.name,
        event=event.pk,
    )
    return appeal


def admit(
    member: Member,
    space: Space,
    *,
    ring: int,
    via: str,
    by: Member,
    invited_by: Member | None = None,
    what: str = MembershipEvent.What.JOINED,
) -> Membership:
    """Make somebody belong to a space whose row is locked; for operations that checked the right.

    Whoever comes into a group belongs to the whole community too, from then on. Who was removed
    from the community comes back by its own door first, never by that of a group.
    """
    if not space.is_root and not member.is_community_member:
        root = Space.objects.lock(Space.objects.root())
        if policies.removal_of(member, root) is not None:
            raise Refused(_("They were removed from the whole community: its stewards decide."))
        admit(member, root, ring=Ring.PARTICIPANT, via=via, by=by, invited_by=invited_by)
    membership, made = Membership.objects.get_or_create(
        space=space,
        member=member,
        defaults={
            "ring": ring,
            "joined_via": via,
            "invited_by": invited_by,
            "volume": choosing.volume_at_first(member, space),
        },
    )
    if made:
        space.member_count += 1
        space.save(update_fields=["member_count"])
        JoinRequest.objects.filter(space=space, member=member, state=Asked.PENDING).update(
            state=Asked.ACCEPTED, decided_at=timezone.now(), decided_by=by
        )
        _log(space, member, what, by=by, ring_after=ring)
        feed.record("spaces.joined", actor=member, space=space, name=member.display_name)
    member.forget()
    return membership


def _end(membership: Membership, what: str, *, by: Member, reason: str = "") -> MembershipEvent:
    """Take the row away and write it down. Leaving the community is leaving every group of it."""
    space, member = membership.space, membership.member
    if space.is_root:
        others = Membership.objects.filter(member=member).exclude(space=space)
        for other in others.select_related("space", "member"):
            if what == MembershipEvent.What.REMOVED and not steward_policies.can_oversee(
                by, other.space
            ):
                _hand_on(other, by=by)
            else:
                _not_the_last_steward(other)
            _end(other, what, by=by, reason=reason)
        JoinRequest.objects.filter(member=member, state=Asked.PENDING).update(
            state=Asked.WITHDRAWN, decided_at=timezone.now()
        )
    RingProposal.objects.filter(space=space, member=member, state=Asked.PENDING).update(
        state=Asked.WITHDRAWN, decided_at=timezone.now()
    )
    event = _log(space, member, what, by=by, ring_before=membership.ring, reason=reason)
    membership.delete()
    resting.keep_one_awake(space)
    space.member_count = max(0, space.member_count - 1)
    space.save(update_fields=["member_count"])
    live.close_on_commit(member.pk)
    member.forget()
    by.forget()
    return event


def _hand_on(membership: Membership, *, by: Member) -> None:
    """Of a group that exists for its people only, nobody is named who comes after: whoever is
    furthest in, and longest there, holds it."""
    from community.operations import rings

    others = Membership.objects.filter(still_here("member__"), space=membership.space)
    others = others.exclude(pk=membership.pk)
    heir = others.select_related("space", "member").order_by("-ring", "joined_at").first()
    if membership.ring >= Ring.STEWARD and heir and heir.ring < Ring.STEWARD:
        rings._move(heir, Ring.STEWARD, by=by)


def _lock_to_end(space: Space, member: Member) -> Space:
    """Lock the space; for the whole community every group of the member first, as in ``admit``."""
    if space.is_root:
        groups = Space.objects.filter(membership__member=member).exclude(pk=space.pk)
        list(groups.order_by("pk").select_for_update(of=("self",), no_key=True))
    return Space.objects.lock(space)


def _not_the_last_steward(membership: Membership) -> None:
    """Never a group without a steward; the space's row is locked, so two cannot go at once."""
    if membership.ring < Ring.STEWARD:
        return
    others = steward_policies.stewards_here(membership.space).exclude(pk=membership.pk)
    if not others.exists():
        raise Refused(
            _("%(group)s would be left without a steward. Hand over to somebody first.")
            % {"group": membership.space.name}
        )


def _membership(space: Space, member: Member) -> Membership:
    found = Membership.objects.filter(space=space, member=member).first()
    if found is None:
        raise Refused(_("This person is not in the group any more."))
    found.space, found.member = space, member
    return found


def _lock_open(request: JoinRequest) -> JoinRequest:
    request = (
        JoinRequest.objects.select_for_update(of=("self",))
        .select_related("space", "member")
        .get(pk=request.pk)
    )
    if request.state != Asked.PENDING:
        no(_("Somebody has answered this request already.")).enforce()
    return request


def _decide(request: JoinRequest, state: str, *, by: Member) -> JoinRequest:
    request.state, request.decided_by, request.decided_at = state, by, timezone.now()
    request.save(update_fields=["state", "decided_by", "decided_at", "reason"])
    return request


def _log(space: Space, member: Member, what: str, *, by: Member, **more: Any) -> MembershipEvent:
    return MembershipEvent.objects.create(space=space, member=member, what=what, actor=by, **more)


def _write_to_newcomer(verb: str, request: JoinRequest, space: Space, by: Member) -> None:
    """Whoever waits outside of the whole community sees no notices there: they get a mail."""
    if space.is_root:
        from community.mail import Letter, send

        letter = Letter(waits_at="welcome_groups")
        send(verb, to=request.member.email, letter=letter, space=space, asked=request, actor=by)
