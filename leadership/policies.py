"""Knows who welcomes, who may take, hand over and note something, and who reads it."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from community import policies as core
from community.models import Member, Ring, Space
from community.policies import YES, Verdict, no, ring_of
from leadership.models import Commitment, Refusal, Welcome

FOLLOWED_FOR = timedelta(days=60)
"""So long after the first step was agreed on the two may go on."""
TRIES, CHANNELS = 3, 2
"""So often, and in so many ways, somebody is tried before they count as not reached."""
DUTY = "welcome"
"""The name under which ``Membership.duties`` keeps it."""
GONE = _("This welcome has ended.")


def welcomer_in(member: Member | None, space: Space | int) -> bool:
    """Whether they took on welcoming in this space; without a query."""
    if member is None or not member.is_authenticated:
        return False
    row = member.memberships_by_space.get(getattr(space, "pk", space))
    return bool(row and DUTY in row.duties)


def welcomes_somewhere(member: Member | None) -> bool:
    """For the navigation: they welcome in some space."""
    if member is None or not member.is_authenticated or not member.is_present:
        return False
    return any(DUTY in row.duties for row in member.memberships_by_space.values())


def looks_after_welcomes(member: Member | None) -> bool:
    """For the desk: stewards of the whole community hold what nobody nearer holds."""
    return core.steers_community(member) and bool(member and member.root_ring >= Ring.STEWARD)


def can_see_welcomers(member: Member | None, space: Space) -> Verdict:
    """Who welcomes here: for people who take part."""
    if ring_of(member, space) >= Ring.PARTICIPANT:
        return YES
    return no(core.JOIN_FIRST)


def can_volunteer(member: Member | None, space: Space) -> Verdict:
    standing = core.in_good_standing(member, "welcome")
    if not standing:
        return standing
    if ring_of(member, space) < Ring.PARTICIPANT:
        return no(core.JOIN_FIRST)
    if space.closed_at:
        return no(_("This group has ended."))
    if welcomer_in(member, space):
        return no(_("You welcome people here already."))
    return YES


def can_ask_to_welcome(member: Member | None, space: Space) -> Verdict:
    if core.stewards(member, space) or core.can_manage(member, space):
        return YES
    return no(_("Stewards ask people to welcome."))


def can_lead_welcomes(member: Member | None, space: Space) -> Verdict:
    """See how everybody who is new in the space is doing."""
    if core.stewards(member, space):
        return YES
    return no(_("Only stewards of this group see who has been reached."))


def can_act(member: Member | None, welcome: Welcome) -> Verdict:
    """Write down tries, answers, talks and steps: for the one who welcomes."""
    if member is None or welcome.welcomer_id != member.pk:
        return no(_("Whoever welcomes this person writes that down."))
    if not ring_of(member, welcome.space_id):
        return no(_("You are no longer in this group."))
    if welcome.closed_at:
        return no(GONE)
    return core.in_good_standing(member, "welcome")


def can_follow_up(member: Member | None, welcome: Welcome) -> Verdict:
    """Write, talk and agree on a step: also for a while after the first step was agreed on."""
    since = welcome.closed_at
    arrived = welcome.state == Welcome.State.PLUGGED_IN and since is not None
    if not arrived or welcome.welcomer_id != getattr(member, "pk", None):
        return can_act(member, welcome)
    if not ring_of(member, welcome.space_id):
        return no(_("You are no longer in this group."))
    if timezone.now() - since > FOLLOWED_FOR or welcome.member_id in member.kept_apart_ids:
        return no(GONE)
    return core.in_good_standing(member, "welcome")


def can_settle(member: Member | None, step: Commitment, welcome: Welcome) -> Verdict:
    """Say what became of a first step: whoever welcomes the person who promised it."""
    verdict = can_follow_up(member, welcome)
    if not verdict:
        return verdict
    if step.state != Commitment.State.MADE:
        return no(_("It is written down already."))
    return YES


def can_take(member: Member | None, welcome: Welcome) -> Verdict:
    """Take a newcomer who has nobody, or who was not reached in time."""
    standing = core.in_good_standing(member, "welcome")
    if not standing:
        return standing
    if welcome.closed_at:
        return no(GONE)
    if member.pk == welcome.member_id:
        return no(_("Nobody welcomes themselves."))
    if welcome.welcomer_id == member.pk:
        return no(_("This person is in your hands already."))
    if not (welcomer_in(member, welcome.space_id) or core.stewards(member, welcome.space_id)):
        return no(_("People who welcome here take this on."))
    if welcome.welcomer_id and not welcome.is_overdue:
        return no(_("Somebody welcomes this person already."))
    return can_be_given(member, welcome)


def can_be_given(member: Member, welcome: Welcome) -> Verdict:
    """Whether this person is right for the newcomer: none of them said no to the other."""
    if not ring_of(member, welcome.space_id):
        return no(_("They are not in this group."))
    if member.pk == welcome.member_id or welcome.member_id in member.kept_apart_ids:
        return no(_("These two do not fit."))
    if Refusal.objects.filter(welcome=welcome, welcomer=member).exists():
        return no(_("These two do not fit."))
    return YES


def can_hand_over(member: Member | None, welcome: Welcome) -> Verdict:
    if welcome.closed_at:
        return no(GONE)
    if can_act(member, welcome) or core.stewards(member, welcome.space_id):
        return YES
    return no(_("Whoever welcomes this person, or a steward, hands them over."))


def can_give_up(member: Member | None, welcome: Welcome) -> Verdict:
    """Only after three tries in two ways."""
    verdict = can_act(member, welcome)
    if not verdict:
        return verdict
    if welcome.state not in Welcome.WAITING:
        return no(_("You were in touch."))
    tries = list(welcome.contacts.filter(answered=False).values_list("channel", flat=True))
    if len(tries) < TRIES or len(set(tries)) < CHANNELS:
        return no(
            _("Try %(tries)s times, in %(ways)s ways. So far: %(had)s tries, %(used)s ways.")
            % {"tries": TRIES, "ways": CHANNELS, "had": len(tries), "used": len(set(tries))}
        )
    return YES


def can_read_notes(member: Member | None, welcome: Welcome) -> Verdict:
    """What was noted with their consent: the two, and the stewards of the space."""
    if member is None:
        return no(core.SIGN_IN)
    if member.pk in (welcome.member_id, welcome.welcomer_id):
        return YES
    if core.stewards(member, welcome.space_id):
        return YES
    return no(_("You read this once you welcome this person."))
