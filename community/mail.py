"""Mail leaves through the database: a request writes a row, the worker sends it.

A request therefore never waits for a mail server, and never fails with one. `deliver_due` claims
what is due for a few minutes (SKIP LOCKED, so any number of workers may run), sends outside of
any transaction, and writes down how it went. A crash in between repeats at most the messages in
hand, under the same Message-ID.
"""

from __future__ import annotations

import base64
import hashlib
import logging
import smtplib
import time
import zoneinfo
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from email.utils import formataddr, parseaddr
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.message import EmailMessage, make_msgid
from django.db import transaction
from django.db.models import F, Q
from django.template.loader import render_to_string
from django.utils import timezone, translation

from community import icons, pace, replies, suppression
from community.models import Community, Member, OutboxMail, Urgency

log = logging.getLogger(__name__)

BATCH = 20
LEASE = timedelta(seconds=50)  # renewed before each message; a killed worker's wait so long
PATIENCE = 25.0  # seconds after which a task gives back what it holds: it is killed after sixty
ATTEMPTS = 8  # over about ten hours
KEEP_SENT = timedelta(days=3)
KEEP_FAILED = timedelta(days=30)


@dataclass(frozen=True)
class Letter:
    """How a mail travels, beside its words."""

    urgency: int = Urgency.NOW
    """Other than NOW: not for addresses that take no mail, and at the pace of their domain."""
    thread: str = ""
    """Mail of one thing stands together in the reader's program: ``item-12``, ``room-3``."""
    key: str = ""
    """What is told, ``activity-77``: told twice by accident, it folds into one."""
    sender: str = ""
    """The person who writes; the address stays the site's."""
    reply_to: str = ""
    """An address that leads back into the thing (community/replies.py), or none."""
    unsubscribe: str = ""
    """Where one click, without signing in, ends mail of this purpose (RFC 8058)."""
    discreet: bool = False
    """Neither subject, sender nor words say what it is about or which organisation writes. So is
    all mail to who chose it, whatever stands here."""
    waits_at: str = "notices"
    """The name of the page to which discreet mail leads."""
    headers: tuple[tuple[str, str], ...] = ()
    language: str = ""
    """Where it is not the receiver's own: somebody looks at what others will read."""
    about: dict[str, list[int]] = field(default_factory=dict)
    """Ids of the ``activities``, ``items``, ``rooms`` and ``spaces`` it tells of. It may wait for
    hours: that is asked again when it leaves (community/notices/written.py)."""


SPOKEN = (
    "mail.refused",
    "recovery.agreed",
    "recovery.asked",
    "recovery.done",
    "rights.asked_to_stay",
    "spaces.invited",
)
"""Mail that has to say something also to the discreet: its templates do so in neutral words."""


def is_discreet(member: Member | None) -> bool:
    """Whether they chose that mail and device say neither who writes nor what about."""
    chosen = getattr(member, "notice_settings", None)
    return chosen is not None and chosen.discreet


def send(verb: str, *, to: str, letter: Letter | None = None, **context: Any) -> None:
    """Write the mail of a verb (templates/emails/<verb>/) to one address, after commit.

    In the language and time zone of the member of that address, else in those of the community.
    Every template gets ``letter``, whose frame shows how to answer and how to end such mail.
    """
    letter = letter or Letter()
    community = Community.objects.current()
    people = Member.objects.select_related("notice_settings")
    member = people.filter(email__iexact=to, is_active=True).first()
    letter = replace(letter, discreet=letter.discreet or is_discreet(member))
    zone = (member and member.tzinfo) or zoneinfo.ZoneInfo(community.timezone)
    context |= {
        "community": {"name": ""} if letter.discreet else community,
        "receiver": member,
        "letter": letter,
        "site_url": settings.SITE_URL,
        "logo_url": settings.SITE_URL.rstrip("/") + icons.url(community, "192"),
    }
    folder = "discreet" if letter.discreet and verb not in SPOKEN else verb
    language = letter.language or (member.language if member else community.default_language)
    with translation.override(language), timezone.override(zone):
        subject, text, html = (
            render_to_string(f"emails/{folder}/{part}", context)
            for part in ("subject.txt", "body.txt", "body.html")
        )
        text = _framed(text, context)
    message = EmailMultiAlternatives(
        " ".join(subject.split()), text, _sender(letter), [to], headers=_headers(letter, to)
    )
    message.attach_alternative(html, "text/html")
    message.urgency, message.about = letter.urgency, letter.about
    message.send()


def _framed(text: str, context: dict[str, Any]) -> str:
    """The text between the lines that the frame of the HTML has too."""
    letter = context["letter"]
    above = letter.reply_to and not letter.discreet and render_to_string("emails/above.txt")
    foot = render_to_string("emails/foot.txt", context)
    parts = [part.strip() for part in (above or "", text, foot)]
    return "\n\n".join(part for part in parts if part) + "\n"


def _sender(letter: Letter) -> str:
    name, address = parseaddr(settings.DEFAULT_FROM_EMAIL)
    if letter.discreet:
        return address
    if letter.sender:
        shown = " ".join(letter.sender.split())
        return formataddr((f"{shown} · {name}" if name else shown, address))
    return settings.DEFAULT_FROM_EMAIL


def _headers(letter: Letter, to: str) -> dict[str, str]:
    """What mail programs sort, fold and offer by."""
    found = dict(letter.headers)
    if letter.key:
        told = hashlib.sha256(f"{letter.key}:{to.lower()}".encode()).hexdigest()[:32]
        found["Message-ID"] = f"<{told}@{domain()}>"
    if letter.thread:
        # The first of a thread is never sent: every mail answers the thing itself.
        found["References"] = found["In-Reply-To"] = f"<{letter.thread}@{domain()}>"
    if letter.reply_to and not letter.discreet:
        found["Reply-To"] = letter.reply_to
    if letter.unsubscribe:
        found["List-Unsubscribe"] = f"<{letter.unsubscribe}>"
        found["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    if letter.urgency != Urgency.NOW:
        found["Auto-Submitted"] = "auto-generated"
    return found


def domain() -> str:
    """The domain of the site's own address."""
    return parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"


class OutboxBackend(BaseEmailBackend):
    """Django's mail functions, ending in rows of the running transaction."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        from community.tasks import deliver_mail

        rows = [row for message in email_messages for row in _rows(message)]
        OutboxMail.objects.bulk_create(rows)
        if rows:
            deliver_mail.delay_on_commit()
        return len(email_messages)


def _rows(message: EmailMessage) -> list[OutboxMail]:
    """One row per recipient: nobody sees who else was written to, and each is retried alone."""
    message.message()  # refuses line breaks in headers now, while somebody can still be told
    html = next(
        (part[0] for part in getattr(message, "alternatives", []) if part[1] == "text/html"), ""
    )
    text = message.body
    if message.content_subtype == "html":
        html, text = message.body, ""
    headers = {name: str(value) for name, value in message.extra_headers.items()}
    if message.reply_to:
        headers.setdefault("Reply-To", ", ".join(map(str, message.reply_to)))
    attachments = [_attachment(part) for part in message.attachments]
    return [
        OutboxMail(
            to=address,
            domain=pace.domain_of(address),
            urgency=getattr(message, "urgency", Urgency.NOW),
            about=getattr(message, "about", {}),
            sender=message.from_email,
            subject=str(message.subject),
            body_text=text,
            body_html=html,
            headers=headers | {"Message-ID": headers.get("Message-ID") or make_msgid()},
            attachments=attachments,
        )
        for address in dict.fromkeys(map(str, message.recipients()))
    ]


def _attachment(part) -> dict[str, str]:
    name, content, mimetype = part
    if isinstance(content, str):
        content = content.encode()
    return {
        "name": name or "",
        "type": mimetype or "application/octet-stream",
        "base64": base64.b64encode(content).decode(),
    }


def deliver_due() -> int:
    """Send what is due; returns how many were sent. Without a transport mail stays readable."""
    from community.notices import written

    if not settings.MAIL_TRANSPORT:
        return 0
    sent, began = 0, time.monotonic()
    more = True
    while more:
        batch = _claim()
        more = len(batch) == BATCH
        sent += _send(written.hold_back(suppression.hold_back(batch)), began)
        if time.monotonic() - began > PATIENCE:
            break
    return sent


def _claim() -> list[OutboxMail]:
    with transaction.atomic():
        due = OutboxMail.objects.due().filter(
            Q(urgency=Urgency.NOW) | ~Q(domain__in=pace.full_domains())
        )
        batch = list(due.select_for_update(skip_locked=True)[:BATCH])
        now = timezone.now()
        for mail in batch:
            mail.attempts += 1
            mail.next_try_at = now + LEASE
            mail.taken_at = now
        OutboxMail.objects.bulk_update(batch, ["attempts", "next_try_at", "taken_at"])
        return batch


def _send(batch: list[OutboxMail], began: float) -> int:
    sent = 0
    if not batch:
        return sent
    connection = get_connection(settings.MAIL_TRANSPORT)
    try:
        connection.open()
    except (OSError, smtplib.SMTPException) as error:
        for mail in batch:
            _note_failure(mail, error)
        return 0
    try:
        for number, mail in enumerate(batch):
            if number and not _hold_on(batch[number:], began):
                break
            try:
                connection.send_messages([_message(mail)])
            except (OSError, smtplib.SMTPException) as error:
                _note_failure(mail, error)
                _reopen(connection)
            else:
                mail.sent_at = timezone.now()
                mail.error = ""
                mail.save(update_fields=["sent_at", "error"])
                pace.was_taken(mail.domain)
                sent += 1
    finally:
        _close(connection)
    return sent


def _hold_on(rest: list[OutboxMail], began: float) -> bool:
    """Keep what is left of a batch for another while, or give it back if the server is slow."""
    rows, now = OutboxMail.objects.filter(pk__in=[mail.pk for mail in rest]), timezone.now()
    if time.monotonic() - began < PATIENCE:
        rows.update(next_try_at=now + LEASE)
        return True
    rows.update(next_try_at=now, attempts=F("attempts") - 1)
    return False


def _message(mail: OutboxMail) -> EmailMultiAlternatives:
    headers = {**mail.headers, "From": mail.sender}
    message = EmailMultiAlternatives(
        mail.subject, mail.body_text, _envelope(mail), [mail.to], headers=headers
    )
    if mail.body_html:
        message.attach_alternative(mail.body_html, "text/html")
    for part in mail.attachments:
        message.attach(part["name"], base64.b64decode(part["base64"]), part["type"])
    return message


def _envelope(mail: OutboxMail) -> str:
    """Who is told if it comes back: an address that says whose mail it was, where there is one."""
    return replies.bounce_address(mail) or parseaddr(mail.sender)[1] or mail.sender


def _note_failure(mail: OutboxMail, error: Exception) -> None:
    """Wait 1, 3, 9, 27, 81, 240, 240 minutes; give up at once where the address is refused."""
    mail.error = f"{type(error).__name__}: {error}"[:500]
    code, said = suppression.answer_of(error, mail.to)
    if 400 <= code < 500:
        pace.was_refused(mail.domain, said)
    if 500 <= code < 600:
        about_address = isinstance(error, smtplib.SMTPRecipientsRefused)
        suppression.note_refusal(mail.to, said, code=code if about_address else 0)
    if 500 <= code < 600 or mail.attempts >= ATTEMPTS:
        mail.failed_at = timezone.now()
        log.warning("Mail %s is given up after %s attempts", mail.pk, mail.attempts)
    else:
        minutes = min(3 ** (mail.attempts - 1), 240)
        mail.next_try_at = timezone.now() + timedelta(minutes=minutes)
    mail.save(update_fields=["error", "failed_at", "next_try_at"])


def _close(connection) -> None:
    try:
        connection.close()
    except (OSError, smtplib.SMTPException):
        connection.connection = None


def _reopen(connection) -> None:
    """After a failure the session's state is unknown; the next message starts a fresh one."""
    _close(connection)
    try:
        connection.open()
    except (OSError, smtplib.SMTPException):
        log.info("The mail server went away in the middle of a batch")


def forget_old() -> int:
    """Delete what was sent or given up a while ago: mail holds codes and private words."""
    now = timezone.now()
    sent, _ = OutboxMail.objects.filter(sent_at__lt=now - KEEP_SENT).delete()
    failed, _ = OutboxMail.objects.filter(failed_at__lt=now - KEEP_FAILED).delete()
    return sent + failed
