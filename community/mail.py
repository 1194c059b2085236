"""Mail leaves through the database: a request writes a row, the worker sends it.

A request therefore never waits for a mail server, and never fails with one. `deliver_due` claims
what is due for a few minutes (SKIP LOCKED, so any number of workers may run), sends outside of
any transaction, and writes down how it went. A crash in between repeats at most the messages in
hand, under the same Message-ID.
"""

from __future__ import annotations

import base64
import logging
import smtplib
import zoneinfo
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.message import EmailMessage, make_msgid
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone, translation

from community.models import Community, Member, OutboxMail

log = logging.getLogger(__name__)

BATCH = 20
LEASE = timedelta(minutes=10)  # longer than a batch takes with every message timing out
ATTEMPTS = 8  # over about ten hours
KEEP_SENT = timedelta(days=3)
KEEP_FAILED = timedelta(days=30)


def send(verb: str, *, to: str, **context: Any) -> None:
    """Write the mail of a verb (templates/emails/<verb>/) to one address, after commit.

    In the language and time zone of the member of that address, else in those of the community.
    """
    community = Community.objects.select_related("space").get()
    member = Member.objects.filter(email__iexact=to, is_active=True).first()
    zone = (member and member.tzinfo) or zoneinfo.ZoneInfo(community.timezone)
    context |= {
        "community": community,
        "receiver": member,
        "site_url": settings.SITE_URL,
    }
    language = member.language if member else community.default_language
    with translation.override(language), timezone.override(zone):
        subject, text, html = (
            render_to_string(f"emails/{verb}/{part}", context)
            for part in ("subject.txt", "body.txt", "body.html")
        )
    message = EmailMultiAlternatives(" ".join(subject.split()), text.strip() + "\n", None, [to])
    message.attach_alternative(html, "text/html")
    message.send()


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
    if not settings.MAIL_TRANSPORT:
        return 0
    sent = 0
    while batch := _claim():
        sent += _send(batch)
        if len(batch) < BATCH:
            break
    return sent


def _claim() -> list[OutboxMail]:
    with transaction.atomic():
        batch = list(OutboxMail.objects.due().select_for_update(skip_locked=True)[:BATCH])
        for mail in batch:
            mail.attempts += 1
            mail.next_try_at = timezone.now() + LEASE
        OutboxMail.objects.bulk_update(batch, ["attempts", "next_try_at"])
    return batch


def _send(batch: list[OutboxMail]) -> int:
    sent = 0
    connection = get_connection(settings.MAIL_TRANSPORT)
    try:
        connection.open()
    except (OSError, smtplib.SMTPException) as error:
        for mail in batch:
            _note_failure(mail, error)
        return 0
    try:
        for mail in batch:
            try:
                connection.send_messages([_message(mail)])
            except (OSError, smtplib.SMTPException) as error:
                _note_failure(mail, error)
                _reopen(connection)
            else:
                mail.sent_at = timezone.now()
                mail.error = ""
                mail.save(update_fields=["sent_at", "error"])
                sent += 1
    finally:
        _close(connection)
    return sent


def _message(mail: OutboxMail) -> EmailMultiAlternatives:
    message = EmailMultiAlternatives(
        mail.subject, mail.body_text, mail.sender, [mail.to], headers=mail.headers
    )
    if mail.body_html:
        message.attach_alternative(mail.body_html, "text/html")
    for part in mail.attachments:
        message.attach(part["name"], base64.b64decode(part["base64"]), part["type"])
    return message


def _note_failure(mail: OutboxMail, error: Exception) -> None:
    """Wait 1, 3, 9, 27, 81, 240, 240 minutes; give up at once where the address is refused."""
    mail.error = f"{type(error).__name__}: {error}"[:500]
    if _is_final(error, mail.to) or mail.attempts >= ATTEMPTS:
        mail.failed_at = timezone.now()
        log.warning("Mail %s is given up after %s attempts", mail.pk, mail.attempts)
    else:
        minutes = min(3 ** (mail.attempts - 1), 240)
        mail.next_try_at = timezone.now() + timedelta(minutes=minutes)
    mail.save(update_fields=["error", "failed_at", "next_try_at"])


def _is_final(error: Exception, address: str) -> bool:
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code = error.recipients.get(address, (0,))[0]
        return 500 <= code < 600
    return isinstance(error, smtplib.SMTPDataError) and 500 <= error.smtp_code < 600


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
