"""Knows who may do what, and why not. Reads rings and rows; writes nothing, knows no request.

A policy is a plain function ``can_…(member, thing) -> Verdict``. The page and the operation ask the
same function, so a button and its refusal never disagree.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

from django.utils.translation import gettext_lazy as _

from community import invited, lockdown
from community.models import (
    Invitation,
    Item,
    JoinRequest,
    Media,
    Member,
    Membership,
    MembershipEvent,
    Message,
    Openness,
    Ring,
    Space,
)
from community.registry import registry
from community.standing import in_good_standing, not_suspended
from community.verdicts import SIGN_IN, YES, Refused, Verdict, no  # noqa: F401  for who asks here


def may(member: Member | None, verb: str, thing: Any) -> Verdict:
    """Ask ``can_<verb>`` of the thing's own app, or of the core."""
    return _policy(verb, thing)(member, thing)


def _policy(verb: str, thing: Any):
    name = f"can_{verb}"
    if isinstance(thing, Item):
        module = registry.kind(thing.kind).policies
        if module and hasattr(import_module(module), name):
            return getattr(import_module(module), name)
    elif thing is not None and hasattr(thing, "_meta") and thing._meta.app_label != "community":
        own = import_module(f"{thing._meta.app_label}.policies")
        if hasattr(own, name):
            return getattr(own, name)
    return globals()[name]


# Who somebody is, here


def ring_of(member: Member | None, space: Space | int) -> int:
    """The member's ring in the space; 0 for everybody who does not belong."""
    if member is None or not member.is_authenticated:
        return Ring.WEB
    return member.rings.get(getattr(space, "pk", space), Ring.WEB)


def stewards(member: Member | None, space: Space | int) -> bool:
    return ring_of(member, space) >= Ring.STEWARD


def moderates(member: Member | None) -> bool:
    return bool(member and member.is_authenticated and member.staff_roles & {"moderator", "admin"})


def is_staff_admin(member: Member | None) -> bool:
    return bool(member and member.is_authenticated and "admin" in member.staff_roles)


def steers_community(member: Member | None) -> bool:
    """Stewards of the whole community, and its administrators."""
    if member is None or not member.is_authenticated:
        return False
    return "admin" in member.staff_roles or member.root_ring >= Ring.STEWARD


def reaches(member: Member | None, item: Item) -> bool:
    """Whether the member belongs deeply enough for what the item's ring may do."""
    return ring_of(member, item.space_id) >= max(item.min_ring, Ring.PARTICIPANT)


def removal_of(member: Member, space: Space) -> MembershipEvent | None:
    """The removal that still keeps somebody out: they come back by appeal, asking or invitation."""
    newest = (
        MembershipEvent.objects.filter(space=space, member=member)
        .exclude(what=MembershipEvent.What.DECLINED)
        .order_by("-created_at", "-pk")
        .first()
    )
    return newest if newest and newest.what == MembershipEvent.What.REMOVED else None


def standing_vouches(request: JoinRequest) -> int:
    """How many vouch who still take part: who was sent away stands up for nobody."""
    return JoinRequest.objects.with_vouches().get(pk=request.pk).vouched


REMOVED = _("You were removed from here. You can appeal, or a steward can invite you again.")
JOIN_FIRST = _("Join this group first, then you can take part.")


# Items


def can_comment(member: Member | None, item: Item) -> Verdict:
    standing = in_good_standing(member, "comment")
    if not standing:
        return standing
    if item.deleted_at or item.hidden_at or item.kind == "community.comment":
        # A reply to an answer belongs to the conversation, whose rules hold for it.
        return no(_("This is no longer here to answer."))
    if ring_of(member, item.space_id) < Ring.FOLLOWER:
        return no(JOIN_FIRST)
    if not reaches(member, item):
        return no(_("You follow this group. Take part in it to write here."))
    return YES


def can_react(member: Member | None, item: Item) -> Verdict:
    standing = in_good_standing(member, "react")
    if not standing:
        return standing
    if item.deleted_at or item.hidden_at:
        return no(_("This is no longer here."))
    ring = ring_of(member, item.space_id)
    if not ring:
        return no(JOIN_FIRST)
    if ring < item.min_ring:
        return no(_("You follow this group. Take part in it to react here."))
    return YES


def can_edit(member: Member | None, item: Item) -> Verdict:
    """Authors edit what they wrote, while they belong; nobody edits another person's words."""
    standing = in_good_standing(member, "edit")
    if not standing:
        return standing
    if item.deleted_at:
        return no(_("This was deleted."))
    if item.hidden_at:
        return no(_("This is hidden. What it said stays as it is until that is over."))
    if item.author_id != member.pk:
        return no(_("Only the person who wrote this can change it."))
    if ring_of(member, item.space_id) < max(item.min_ring, Ring.FOLLOWER):
        return no(_("You are no longer in this group."))
    return YES


def can_delete(member: Member | None, item: Item) -> Verdict:
    if member is None or not member.is_authenticated:
        return no(SIGN_IN)
    if item.author_id == member.pk or stewards(member, item.space_id):
        return YES
    return no(_("Only its author or a steward of the group can take this away."))


def can_bookmark(member: Member | None, item: Item) -> Verdict:
    return YES if member is not None and member.is_authenticated else no(SIGN_IN)


can_follow = can_bookmark


def can_report(member: Member | None, thing: Any) -> Verdict:
    """Whoever reads a thing may say that it breaks the rules, except of what is their own."""
    if member is None or not member.is_authenticated:
        return no(SIGN_IN)
    if isinstance(thing, Member) and thing.pk == member.pk:
        return no(_("This is you. If something happened to you, tell the safeguarding team."))
    if isinstance(thing, Item | Message) and thing.author_id == member.pk:
        return no(_("You wrote this yourself: you can change it or take it away."))
    return YES


def can_answer(member: Member | None, item: Item) -> Verdict:
    """Choose the comment that answers it: only for kinds that ask something."""
    return no(_("Only questions have an answer."))


# Spaces


def can_join(member: Member | None, space: Space) -> Verdict:
    """Walk in without asking anybody."""
    if member is None or not member.is_authenticated:
        return no(SIGN_IN)
    if member.is_suspended:
        return not_suspended(member)
    if ring_of(member, space):
        return no(_("You are in this group already."))
    if space.closed_at:
        return no(_("This group has ended."))
    if space.is_root and lockdown.now():
        return no(lockdown.SHUT)
    if not space.is_root and not member.is_community_member:
        return no(_("You need to be a member of the community first."))
    if space.join_policy != Space.JoinPolicy.OPEN or space.openness == Openness.SECRET:
        return no(_("You need to ask to join this group."))
    return YES


def can_ask_to_join(member: Member | None, space: Space) -> Verdict:
    standing = in_good_standing(member, "ask")
    if not standing:
        return standing
    if ring_of(member, space):
        return no(_("You are in this group already."))
    if space.closed_at:
        return no(_("This group has ended."))
    if space.is_root and lockdown.now():
        return no(lockdown.SHUT)
    if not space.is_root and not member.is_community_member:
        return no(_("You need to be a member of the community first."))
    if space.openness == Openness.SECRET or space.join_policy in (
        Space.JoinPolicy.INVITE,
        Space.JoinPolicy.VOUCHER,
    ):
        return no(_("People come into this group by invitation."))
    if space.join_policy == Space.JoinPolicy.OPEN:
        return no(_("You need not ask: this group is open. Join it."))
    return YES


def can_invite(member: Member | None, space: Space) -> Verdict:
    standing = in_good_standing(member, "invite")
    if not standing:
        return standing
    if space.closed_at:
        return no(_("This group has ended."))
    if space.listed_at is None and not space.is_root:
        return no(_("This group is not open yet: its proposal waits for an answer."))
    if ring_of(member, space) < space.invite_ring:
        return no(
            _("Only stewards invite people here.")
            if space.invite_ring == Ring.STEWARD
            else _("You need to be further in to invite people here.")
        )
    return YES


def can_invite_to_ring(member: Member | None, space: Space, ring: int) -> Verdict:
    """Nobody invites deeper than they are, and only stewards invite past taking part."""
    verdict = can_invite(member, space)
    if not verdict:
        return verdict
    if ring > Ring.PARTICIPANT and not stewards(member, space):
        return no(_("Only stewards invite people straight into the core team."))
    if ring > ring_of(member, space):
        return no(_("You cannot invite somebody further in than you are."))
    return YES


def can_use(member: Member | None, invitation: Invitation) -> Verdict:
    """Whether an invitation still opens the door: its time, its uses, and its inviter's right."""
    gone = _("This invitation does not work any more. Ask the person who sent it for a new one.")
    if member is not None and member.is_authenticated and member.is_suspended:
        return not_suspended(member)
    if (
        not invitation.is_live
        or invitation.created_by is None
        or not invitation.created_by.is_present
    ):
        return no(gone)
    if not invited.is_meant_for(member, invitation):
        return no(
            _(
                "This invitation was sent to another address. Confirm that address for your "
                "account, or ask for an invitation to yours."
            )
        )
    if lockdown.now():
        return no(lockdown.SHUT)
    if not can_invite_to_ring(invitation.created_by, invitation.space, invitation.ring):
        return no(gone)
    return YES


def leads_further_in(invitation: Invitation, membership: Membership | None) -> bool:
    """Whether it offers somebody who is in a deeper place; nobody offers themselves one."""
    theirs = membership is not None and invitation.created_by_id != membership.member_id
    return theirs and invitation.ring > membership.ring


def can_be_let_in(person: Member) -> Verdict:
    """What somebody asked for waits while they are suspended; it can still be declined."""
    if not person.is_active:
        return no(_("This person has closed their account."))
    if person.is_suspended:
        return no(_("This person is suspended. What they asked for waits until that is over."))
    return YES


def can_manage(member: Member | None, space: Space) -> Verdict:
    """Members, rings, requests and settings of the space: for its stewards.

    Of the whole community that includes its administrators.
    """
    if stewards(member, space) or (space.is_root and steers_community(member)):
        return YES
    return no(_("Only stewards of this group can do this."))


# People


def can_see_profile(member: Member | None, person: Member) -> Verdict:
    if Member.objects.visible_to(member).filter(pk=person.pk).exists():
        return YES
    return no(_("This profile is not shared with you."))


def can_change_profile(member: Member | None, person: Member) -> Verdict:
    if member is not None and member.is_authenticated and member.pk == person.pk:
        return YES
    return no(_("Only the person themselves can change this."))


# The site


def can_change_site(member: Member | None, community: Any = None) -> Verdict:
    """Its name, looks, doors, rules and papers: stewards of the community, and administrators."""
    if steers_community(member):
        return YES
    return no(_("Stewards of the whole community and administrators change the site."))


# Staff


def can_grant_role(member: Member | None, person: Member) -> Verdict:
    if not is_staff_admin(member):
        return no(_("Only administrators give and take staff roles."))
    if member.pk == person.pk:
        return no(_("Somebody else has to change your own roles."))
    return YES


def can_hold_role(person: Member) -> Verdict:
    """Whether somebody can be given a staff role; one that they hold can always be taken."""
    if not person.is_present or not person.is_community_member:
        return no(_("Only members of the community who are not suspended are given a staff role."))
    return YES


def can_end_sessions(member: Member | None) -> Verdict:
    return YES if is_staff_admin(member) else no(_("Only administrators sign other people out."))


def can_open_person(member: Member | None) -> Verdict:
    """A page of the staff's admin about a person, with a reason that is written down."""
    if member is not None and member.is_authenticated and member.has_perm("community.view_member"):
        return YES
    return no(_("Only staff open people's pages here."))


def can_change_status(member: Member | None, person: Member) -> Verdict:
    """Where somebody stands as a member: written down by others, never by themselves."""
    if not steers_community(member):
        return no(_("Stewards of the whole community and administrators write this down."))
    if member.pk == person.pk:
        return no(_("Somebody else writes down where you stand."))
    return YES


# Uploads


def can_upload(member: Member | None, purpose: str) -> Verdict:
    """Newcomers may bring a picture of themselves; the rest is for members of the community."""
    if member is None or not member.is_authenticated or not member.is_active:
        return no(SIGN_IN)
    standing = in_good_standing(member, "upload")
    if not standing and (purpose != "avatar" or member.is_suspended):
        return standing
    if purpose != "avatar" and not member.is_community_member:
        return no(_("You need to be a member of the community first."))
    if purpose == "logo":
        return can_change_site(member)
    return YES


def can_describe(member: Member | None, media: Media) -> Verdict:
    if member is not None and member.is_authenticated and media.owner_id == member.pk:
        return YES
    return no(_("Only the person who uploaded this can change it."))


def can_discard(member: Member | None, media: Media) -> Verdict:
    verdict = can_describe(member, media)
    if verdict and not Media.objects.unused().filter(pk=media.pk).exists():
        return no(_("This is in use. Change the post it is in instead."))
    return verdict
