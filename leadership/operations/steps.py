"""The first step of somebody who is new: agreed on, and later kept or not."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from community import feed
from community.models import Member
from community.policies import Refused
from leadership import policies
from leadership.models import Channel, Commitment, Conversation, Welcome
from leadership.operations import welcomes


@transaction.atomic
def agree_step(welcome: Welcome, *, what: str, due_on: date, by: Member) -> Commitment:
    """Their first step: what, and by when. With it they have arrived."""
    welcome = Welcome.objects.lock(welcome)
    policies.can_follow_up(by, welcome).enforce()
    if not what.strip():
        raise Refused(_("Say what they will do, in a few words."))
    if due_on < timezone.localdate():
        raise Refused(_("Choose a day that is still to come."))
    made = Commitment.objects.create(
        member=welcome.member,
        what=" ".join(what.split())[:200],
        due_on=due_on,
        welcome=welcome,
        witness=by,
    )
    if welcome.reached_at is None:
        welcomes.note_in_touch(welcome, by=by, channel=Channel.MET)
    welcomes.close(welcome, Welcome.State.PLUGGED_IN)
    feed.record("welcomes.step_agreed", actor=by, space=welcome.space, member=welcome.member_id)
    return made


@transaction.atomic
def settle_step(
    step: Commitment,
    *,
    became: str,
    by: Member,
    channel: str = "",
    consent: str = Conversation.Consent.NOT_ASKED,
    note: str = "",
) -> Commitment:
    """What became of it: kept or not. With ``channel`` the two talked about it once more."""
    welcome = Welcome.objects.lock(step.welcome)
    step = Commitment.objects.select_for_update(of=("self",)).get(pk=step.pk)
    policies.can_settle(by, step, welcome).enforce()
    if became not in (Commitment.State.KEPT, Commitment.State.MISSED):
        raise Refused(_("Say whether they kept it."))
    if became == Commitment.State.MISSED and step.due_on > timezone.localdate():
        raise Refused(_("Its day is still to come."))
    if note.strip() and not channel:
        raise Refused(_("Say how you talked, or leave the note empty."))
    if channel:
        welcomes.talked(welcome, channel=channel, consent=consent, note=note, by=by)
    step.state = became
    step.kept_at = timezone.now() if became == Commitment.State.KEPT else None
    step.save(update_fields=["state", "kept_at"])
    return step
