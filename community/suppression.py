"""Knows which addresses take no mail, and why: they get only what is needed at once.

A code to sign in still goes to them: somebody who mended their mailbox must be able to come back.
"""

from __future__ import annotations

import re
import smtplib
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from community.models import MailTrouble, OutboxMail, Suppression, Urgency

SOFT_WINDOW = timedelta(days=14)
SOFT_MOST = 4
"""So many soft troubles within the window, and the address rests."""
SOFT_REST = timedelta(days=7)
KEEP_TROUBLE = timedelta(days=90)

_ENHANCED = re.compile(r"\b([245])\.(\d{1,3})\.(\d{1,3})\b")
_REFUSES_THE_MAILBOX = {550, 551, 553}
_POLICY = re.compile(r"spf|dkim|dmarc|policy|block|reputation|spam|relay", re.IGNORECASE)
"""Words of servers that refuse who sends, or what, and say nothing about the mailbox."""
_NO_SUCH_MAILBOX = {"1.1", "1.2", "1.3", "1.6", "1.10", "2.1"}


def answer_of(error: Exception, address: str) -> tuple[int, str]:
    """What the mail server said of this address: its code, 0 for none, and its words."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code, said = error.recipients.get(address, (0, b""))
    elif isinstance(error, smtplib.SMTPDataError):
        code, said = error.smtp_code, error.smtp_error
    else:
        return 0, str(error)
    return code, said.decode(errors="replace") if isinstance(said, bytes) else str(said)


def kind_of(code: str, *, basic: int = 550) -> str:
    """Whether there is no such mailbox, or trouble: of an enhanced status code (RFC 3463), and
    where a server says none, of the ``basic`` one with which it answered to the address."""
    found = _ENHANCED.search(code)
    if not found:
        hard = basic in _REFUSES_THE_MAILBOX and not _POLICY.search(code)
        return MailTrouble.Kind.HARD if hard else MailTrouble.Kind.SOFT
    final, rest = found[1] == "5", f"{found[2]}.{found[3]}"
    return MailTrouble.Kind.HARD if final and rest in _NO_SUCH_MAILBOX else MailTrouble.Kind.SOFT


def note_refusal(address: str, said: str, *, code: int) -> None:
    """Refused for good while we spoke with the server; ``code`` 0: it was not about the address."""
    note(address, kind_of(said, basic=code), said)


@transaction.atomic
def note(address: str, kind: str, detail: str = "") -> None:
    """Write a trouble down, and let the address rest where that follows."""
    address, now = address.strip().lower(), timezone.now()
    MailTrouble.objects.create(address=address, kind=kind, detail=_without_names(detail))
    until = None
    if kind == MailTrouble.Kind.SOFT:
        lately = MailTrouble.objects.filter(
            address=address, kind=kind, created_at__gt=now - SOFT_WINDOW
        )
        if lately.count() < SOFT_MOST:
            return
        until = now + SOFT_REST
    held = Suppression.objects.select_for_update().filter(address=address).first()
    if held is None:
        Suppression.objects.create(
            address=address, why=kind, detail=_without_names(detail), until=until
        )
    elif held.until is not None:  # what holds without end is not made shorter
        held.why, held.detail, held.until = kind, _without_names(detail), until
        held.save(update_fields=["why", "detail", "until"])


def hold_back(batch: list[OutboxMail]) -> list[OutboxMail]:
    """The letters that leave; those to addresses that take none are given up, and say why."""
    asked = {mail.to.lower() for mail in batch if mail.urgency != Urgency.NOW}
    if not asked:
        return batch
    known = dict(
        Suppression.objects.in_force().filter(address__in=asked).values_list("address", "why")
    )
    leaving, staying = [], []
    for mail in batch:
        why = known.get(mail.to.lower()) if mail.urgency != Urgency.NOW else None
        (staying if why else leaving).append(mail)
        if why:
            mail.failed_at, mail.error = timezone.now(), f"suppressed: {why}"
    OutboxMail.objects.bulk_update(staying, ["failed_at", "error"])
    return leaving


def is_suppressed(address: str) -> bool:
    return Suppression.objects.in_force().filter(address=address.strip().lower()).exists()


def forget_old() -> int:
    """Troubles of long ago, and rests that are over."""
    now = timezone.now()
    old, _all = MailTrouble.objects.filter(created_at__lt=now - KEEP_TROUBLE).delete()
    over, _all = Suppression.objects.filter(until__lt=now).delete()
    return old + over


def _without_names(said: str) -> str:
    """Servers repeat the address, sometimes of others: it is taken out of their words."""
    return re.sub(r"[^\s<>]+@[^\s<>]+", "…", " ".join(said.split()))[:300]
