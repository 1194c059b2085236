"""Taking a lost second factor off an account: asked, answered for by two, waited for, stopped."""

from __future__ import annotations

import hmac

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from community import audit, erasing, feed, mail, recovery
from community.models import Member, Recovery, RecoveryYes, Space
from community.policies import Refused


@transaction.atomic
def ask_recovery(*, by: Member) -> Recovery:
    """Ask for help after the first factor was right; asking again returns the one that is open.

    The person is told at their address, with a link that stops it. Raises Refused.
    """
    member = Member.objects.select_for_update(of=("self",), no_key=True).get(pk=by.pk)
    found = Recovery.objects.filter(member=member, closed_at=None).first()
    if found is not None and found.is_open:
        return found
    recovery.can_ask(member).enforce()
    now = timezone.now()
    if found is not None:  # nobody came in time
        _close(found, "")
    asked = Recovery.objects.create(member=member, asked_at=now, ends_at=now + Recovery.ASK_LASTS)
    _write(asked, member, "recovery.asked")
    audit.record("recovery.asked", by=member, person=member)
    feed.record("recovery.asked", actor=member, space=Space.objects.root(), recovery=asked.pk)
    return asked


def confirm_recovery(
    asked: Recovery, *, by: Member, spoken: str, how: str, proof: str
) -> RecoveryYes:
    """Stand up for somebody, with the digits they read out and a written proof. Raises Refused.

    Digits that do not fit are counted, also though the answer is refused; after ten nobody can go
    on guessing.
    """
    recovery.can_confirm(by, asked).enforce()
    digits = "".join(sign for sign in spoken if sign.isdecimal())
    if not hmac.compare_digest(digits.encode(), asked.spoken.encode()):
        raise Refused(_count_wrong(asked))
    with transaction.atomic():
        return _confirm(asked, by=by, how=how, proof=proof)


@transaction.atomic
def _count_wrong(asked: Recovery) -> str:
    asked = Recovery.objects.select_for_update(of=("self",)).get(pk=asked.pk)
    asked.wrong += 1
    asked.save(update_fields=["wrong"])
    if asked.wrong >= Recovery.MOST_WRONG and asked.closed_at is None:
        _close(asked, Recovery.Outcome.REFUSED)
        audit.record("recovery.refused", by=None, person=asked.member_id, wrong=asked.wrong)
        return _("That was wrong too often. They have to ask again.")
    return _("Those are not the digits on their screen. Ask them to read them out again.")


def _confirm(asked: Recovery, *, by: Member, how: str, proof: str) -> RecoveryYes:
    asked = Recovery.objects.select_for_update(of=("self",)).get(pk=asked.pk)
    recovery.can_confirm(by, asked).enforce()
    if how not in RecoveryYes.How.values:
        raise Refused(_("Say how you spoke."))
    if len(proof.strip()) < Recovery.SHORTEST_PROOF:
        raise Refused(_("Write down how you knew that it was them, in a sentence."))
    role = recovery.role_of(by, asked.member_id)
    yes = RecoveryYes.objects.create(recovery=asked, by=by, role=role, how=how, proof=proof.strip())
    audit.record(
        "recovery.confirmed", by=by, person=asked.member_id, reason=proof, how=how, role=role
    )
    if asked.yeses.count() >= recovery.NEEDED:
        _let_wait(asked)
    return yes


def _let_wait(asked: Recovery) -> None:
    """Both agreed: the person has time to say that it was not them, at their own address."""
    asked.ready_at = timezone.now() + settings.RECOVERY_WAIT
    asked.ends_at = asked.ready_at + Recovery.READY_LASTS
    asked.save(update_fields=["ready_at", "ends_at"])
    _write(asked, asked.member, "recovery.agreed")


@transaction.atomic
def refuse_recovery(asked: Recovery, *, by: Member, reason: str) -> Recovery:
    """End a request: whoever asks is not who they say, or could not show it. Raises Refused."""
    asked = Recovery.objects.select_for_update(of=("self",)).get(pk=asked.pk)
    recovery.can_refuse(by, asked).enforce()
    if len(reason.strip()) < 8:
        raise Refused(_("Say why, in a few words. It is written down, and they can read it."))
    _close(asked, Recovery.Outcome.REFUSED)
    audit.record("recovery.refused", by=by, person=asked.member_id, reason=reason)
    return asked


@transaction.atomic
def stop_recovery(asked: Recovery, *, by: Member | None) -> Recovery:
    """“This was not me”, by the link of the letter or signed in. Raises Refused."""
    asked = Recovery.objects.select_for_update(of=("self",)).get(pk=asked.pk)
    if by is not None and by.pk != asked.member_id:
        raise Refused(_("Only the person themselves can do this."))
    if not asked.is_open:
        raise Refused(_("This is over."))
    _close(asked, Recovery.Outcome.STOPPED)
    audit.record("recovery.stopped", by=by, person=asked.member_id)
    feed.record(
        "recovery.stopped", actor=asked.member, space=Space.objects.root(), recovery=asked.pk
    )
    return asked


@transaction.atomic
def finish_recovery(asked: Recovery, *, by: Member) -> None:
    """Take passkeys, app and codes off the account and end every session. Raises Refused."""
    from allauth.mfa.models import Authenticator

    member = Member.objects.select_for_update(of=("self",), no_key=True).get(pk=by.pk)
    asked = Recovery.objects.select_for_update(of=("self",)).get(pk=asked.pk)
    recovery.can_finish(member, asked).enforce()
    Authenticator.objects.filter(user=member).delete()
    _close(asked, Recovery.Outcome.DONE)
    erasing.end_sessions(member)
    audit.record("recovery.done", by=member, person=member)
    mail.send("recovery.done", to=member.email)


@transaction.atomic
def take_off_as_operator(member: Member, *, by: None, reason: str) -> None:
    """On the server, where there are no two people who could: written down like all else."""
    from allauth.mfa.models import Authenticator

    if len(reason.strip()) < Recovery.SHORTEST_PROOF:
        raise Refused(_("Write down how you knew that it was them, in a sentence."))
    member = Member.objects.select_for_update(of=("self",), no_key=True).get(pk=member.pk)
    Authenticator.objects.filter(user=member).delete()
    for asked in Recovery.objects.select_for_update().filter(member=member, closed_at=None):
        _close(asked, Recovery.Outcome.DONE)
    erasing.end_sessions(member)
    audit.record("recovery.done", by=by, person=member, reason=reason, operator=True)
    mail.send("recovery.done", to=member.email)


def _close(asked: Recovery, outcome: str) -> None:
    asked.closed_at, asked.outcome, asked.stop_hashes = timezone.now(), outcome, []
    asked.save(update_fields=["closed_at", "outcome", "stop_hashes"])


def _write(asked: Recovery, member: Member, verb: str) -> None:
    """The letter with a link of its own that stops it; only the link's hash is kept."""
    token = Recovery.new_token()
    asked.stop_hashes = [*asked.stop_hashes, Recovery.hash(token)]
    asked.save(update_fields=["stop_hashes"])
    mail.send(verb, to=member.email, asked=asked, token=token)
