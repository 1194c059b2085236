"""Knows what a mail that came back says (RFC 3464), and what a complaint says (RFC 5965).

Anybody can write such a mail. So it counts only with an address of ours that we signed: the one the
mail was sent from (``bounce+…``), which nobody but its receiver's server has seen.
"""

from __future__ import annotations

import re
from email.message import Message

from community import replies, suppression
from community.letters_in import Incoming, header
from community.models import MailTrouble

_STATUS = re.compile(r"\b[245]\.\d{1,3}\.\d{1,3}\b")


def note(found: Incoming) -> bool:
    """Write down what it says; whether it was one of ours that came back."""
    parts = list(found.message.walk())[:50]
    kinds = {part.get_content_type(): part for part in parts}
    complaint = kinds.get("message/feedback-report")
    if complaint is not None:
        return _complained(complaint, parts)
    status = kinds.get("message/delivery-status")
    return status is not None and _came_back(status, found)


def _came_back(status: Message, found: Incoming) -> bool:
    to = _ours(found.addresses)
    if not to:
        return False
    for fields in _groups(status):
        action = header(fields, "Action").strip().lower()
        if action != "failed":
            continue
        code = _STATUS.search(header(fields, "Status"))
        said = header(fields, "Diagnostic-Code") or header(fields, "Status")
        kind = suppression.kind_of(code[0]) if code else MailTrouble.Kind.SOFT
        suppression.note(to, kind, said)
        return True
    return action_is_known(status)


def action_is_known(status: Message) -> bool:
    """One that only says that it takes longer is ours as well, and nothing follows."""
    return any(header(fields, "Action") for fields in _groups(status))


def _complained(report: Message, parts: list[Message]) -> bool:
    fields = [one for group in _groups(report) for one in (header(group, "Original-Mail-From"),)]
    originals = [header(part, "Return-Path") for part in parts]
    for part in parts:
        if part.get_content_type() in ("message/rfc822", "text/rfc822-headers"):
            originals += _in_words(part)
    to = _ours([*fields, *originals])
    if not to:
        return False
    suppression.note(to, MailTrouble.Kind.COMPLAINT, "")
    return True


def _in_words(part: Message) -> list[str]:
    try:
        return [part.as_string()[:20_000]]
    except Exception:
        return []


def _groups(part: Message) -> list[Message]:
    """The fields, group by group: the parser gives them as messages, or as text it left alone."""
    payload = part.get_payload()
    if isinstance(payload, list):
        return [one for one in payload if isinstance(one, Message)]
    from email import message_from_string

    return [message_from_string(block) for block in re.split(r"\n\s*\n", str(payload)) if block]


def _ours(places: list[str]) -> str:
    for place in places:
        if to := replies.bounced(place):
            return to
    return ""
