"""Inviting people: by mail, by link, by QR; and what happens when somebody takes the door."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from community import feed, limits, policies
from community.models import (
    Invitation,
    InvitationUse,
    JoinRequest,
    Member,
    Membership,
    Ring,
    Space,
    Vouch,
)
from community.models.spaces import Asked
from community.operations import rings
from community.operations.membership import admit
from community.policies import Refused

LONGEST = timedelta(days=14)
MOST_USES = 200
ONE_EACH = _("An invitation straight into the core team, or to be steward, is for one person.")


@transaction.atomic
def invite(
    space: Space,
    *,
    by: Member,
    ring: int = Ring.PARTICIPANT,
    email: str = "",
    note: str = "",
    max_uses: int = 1,
    lasts: timedelta = LONGEST,
) -> tuple[Invitation, str]:
    """Make an invitation. Returns it and its token, which is shown once and never stored.

    With ``email`` it is for one person and mailed to them after commit. Raises Refused.
    """
    policies.can_invite_to_ring(by, space, ring).enforce()
    if not 1 <= max_uses <= MOST_USES:
        raise Refused(_("An invitation can be used by 1 to %(most)s people.") % {"most": MOST_USES})
    if ring > Ring.PARTICIPANT and not email and max_uses != 1:
        raise Refused(ONE_EACH)
    if not timedelta(0) < lasts <= LONGEST:
        raise Refused(_("An invitation lasts 14 days at most."))
    limits.check(by, "letter" if email else "link")
    token = Invitation.new_token()
    invitation = Invitation.objects.create(
        space=space,
        ring=ring,
        token_hash=Invitation.hash(token),
        email=email.strip().lower(),
        note=note.strip(),
        max_uses=1 if email else max_uses,
        expires_at=timezone.now() + lasts,
        created_by=by,
    )
    feed.record("spaces.invited", actor=by, space=space, invitation=invitation.pk)
    if invitation.email:
        from community.mail import send

        send("spaces.invited", to=invitation.email, invitation=invitation, token=token, actor=by)
    return invitation, token


@transaction.atomic
def invite_by_mail(
    space: Space, *, emails: list[str], by: Member, ring: int = Ring.PARTICIPANT, note: str = ""
) -> list[Invitation]:
    """An invitation and a letter to each address, or to none of them. Raises Refused."""
    limits.check(by, "letter", number=len(emails))
    return [invite(space, by=by, ring=ring, email=email, note=note)[0] for email in emails]


@transaction.atomic
def use_invitation(token: str, *, by: Member) -> Membership | JoinRequest:
    """Take the door: belong, or in a guarded space wait for a second voucher. Raises Refused.

    Whoever is in already comes to the place it names, if that is further in; otherwise it changes
    nothing and costs no use.
    """
    found = Invitation.objects.for_token(token).select_related("space").first()
    if found is None:
        raise Refused(_("This invitation does not work any more. Ask for a new one."))
    # The space first, as whoever ends it does, who then takes its invitations back.
    space = Space.objects.lock(found.space)
    invitation = (
        Invitation.objects.select_for_update(of=("self",))
        .select_related("space", "created_by")
        .get(pk=found.pk)
    )
    present = Membership.objects.filter(space=space, member=by).first()
    if present is not None:
        if policies.leads_further_in(invitation, present):
            return rings.come_further_in(present, invitation=invitation, by=by)
        return present
    policies.can_use(by, invitation).enforce()
    outside = not space.is_root and not by.is_community_member
    if outside and policies.removal_of(by, Space.objects.root()) is not None:
        raise Refused(policies.REMOVED)
    removal = policies.removal_of(by, space)
    if removal is not None and (
        invitation.created_at < removal.created_at
        or not policies.stewards(invitation.created_by, space)
    ):
        raise Refused(policies.REMOVED)
    InvitationUse.objects.get_or_create(invitation=invitation, member=by)
    invitation.uses += 1
    invitation.save(update_fields=["uses"])
    if space.join_policy == Space.JoinPolicy.VOUCHER:
        request, made = JoinRequest.objects.get_or_create(
            space=space,
            member=by,
            state=Asked.PENDING,
            defaults={"ring": invitation.ring, "invited_by": invitation.created_by},
        )
        Vouch.objects.get_or_create(request=request, member=invitation.created_by)
        if made:
            feed.record(
                "spaces.asked", actor=by, space=space, name=by.display_name, request=request.pk
            )
        return request
    return admit(
        by,
        space,
        ring=invitation.ring,
        via=Membership.Via.INVITATION,
        by=invitation.created_by,
        invited_by=invitation.created_by,
    )


@transaction.atomic
def revoke_invitation(invitation: Invitation, *, by: Member) -> Invitation:
    invitation = Invitation.objects.select_for_update(of=("self",)).get(pk=invitation.pk)
    if invitation.created_by_id != by.pk:
        policies.can_manage(by, invitation.space).enforce()
    if invitation.revoked_at is None:
        invitation.revoked_at = timezone.now()
        invitation.save(update_fields=["revoked_at"])
    return invitation
