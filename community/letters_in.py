"""Knows how to read a mail that came in, whatever its program wrote and however it is broken."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage, Message
from email.utils import getaddresses

from community import quotes

MOST_PARTS = 100
MOST_TEXT = 200_000
TINY_PICTURE = 12_000
"""A picture in the text smaller than this is a logo of somebody's signature."""

_WHERE = ("Delivered-To", "X-Original-To", "X-Delivered-To", "Envelope-To", "To", "Cc")
_MACHINES = re.compile(
    r"^(?:mailer-daemon|postmaster|no-?reply|do-?not-?reply|bounces?)\b", re.IGNORECASE
)
_AUTOMATIC = re.compile(
    r"^\s*(?:Re:\s*)?(?:Automatic reply|Auto(?:matic)?[- ]?(?:reply|response)|"
    r"Out of (?:the )?office|Respuesta autom[áa]tica|Fuera de la oficina|"
    r"Automatische Antwort|Abwesenheit|"
    r"R[ée]ponse automatique)\b",
    re.IGNORECASE,
)
_NOT_FILES = {
    "application/pgp-signature",
    "application/pkcs7-signature",
    "application/x-pkcs7-signature",
    "application/ms-tnef",
    "text/x-amp-html",
}


@dataclass
class File:
    name: str
    type: str
    data: bytes


@dataclass
class Incoming:
    """What of a mail matters here. ``text`` is the sender's own words."""

    message: Message
    digest: str
    sender: str
    addresses: list[str]
    message_id: str
    text: str = ""
    files: list[File] = field(default_factory=list)
    is_report: bool = False
    is_automatic: bool = False
    is_forged: bool = False


def read(raw: bytes, recipient: str = "") -> Incoming:
    """Parse; ``recipient`` is what the mail server says, if it says so. Never raises."""
    message = message_from_bytes(raw, policy=policy.default)
    if not isinstance(message, EmailMessage):  # only with another policy
        message = message_from_bytes(raw, policy=policy.SMTP)
    message_id = header(message, "Message-ID").strip()[:500]
    senders = _addresses(message, "From")
    found = Incoming(
        message=message,
        digest=hashlib.sha256(message_id.encode() if message_id else raw).hexdigest(),
        sender=senders[0].lower() if len(senders) == 1 else "",
        addresses=[one for one in (recipient, *_all_addresses(message)) if one],
        message_id=message_id,
        is_report=message.get_content_type() == "multipart/report",
    )
    found.is_automatic = _is_automatic(message, found)
    found.is_forged = any(
        re.search(r"\bdmarc\s*=\s*fail\b", said, re.IGNORECASE)
        for said in _every(message, "Authentication-Results")
    )
    if not found.is_report:
        _open(message, found)
    return found


def header(message: Message, name: str) -> str:
    """One header as text; empty where it is missing or broken."""
    try:
        return str(message.get(name, "") or "")
    except Exception:  # headers of strangers break the parser in ways of their own
        return ""


def _every(message: Message, name: str) -> list[str]:
    try:
        return [str(value) for value in message.get_all(name, [])]
    except Exception:
        return []


def _addresses(message: Message, name: str) -> list[str]:
    return [address for _name, address in getaddresses(_every(message, name)) if "@" in address]


def _all_addresses(message: Message) -> list[str]:
    return [address for name in _WHERE for address in _addresses(message, name)][:50]


def _is_automatic(message: Message, found: Incoming) -> bool:
    """Written by a machine: answering it, or posting it, would go round and round."""
    submitted = header(message, "Auto-Submitted").strip().lower()
    if submitted and not submitted.startswith("no"):
        return True
    if header(message, "Precedence").strip().lower() in ("bulk", "junk", "list", "auto_reply"):
        return True
    if any(header(message, name) for name in ("List-Id", "List-Unsubscribe", "X-Loop")):
        return True
    if any(header(message, name) for name in ("X-Autoreply", "X-Autorespond", "X-Autoresponder")):
        return True
    if header(message, "Return-Path").strip() == "<>":
        return True
    if not found.sender or _MACHINES.match(found.sender):
        return True
    return bool(_AUTOMATIC.match(header(message, "Subject")))


def _open(message: Message, found: Incoming) -> None:
    plain: list[str] = []
    html: list[str] = []
    for number, part in enumerate(message.walk()):
        if number >= MOST_PARTS:
            break
        if part.is_multipart():
            continue
        kind = part.get_content_type()
        apart = _is_file(part)
        if kind == "text/plain" and not apart:
            plain.append(_text(part))
        elif kind == "text/html" and not apart:
            html.append(_text(part))
        elif kind not in _NOT_FILES:
            _keep(part, kind, found)
    said = "\n".join(plain)[:MOST_TEXT]
    if not said.strip() and html:
        said = quotes.text_of_html("\n".join(html)[:MOST_TEXT])
    found.text = quotes.new_words(said)


def _is_file(part: Message) -> bool:
    try:
        return part.get_content_disposition() == "attachment" or bool(part.get_filename())
    except Exception:
        return True


def _text(part: Message) -> str:
    data = _bytes(part)
    for charset in (part.get_content_charset(), "utf-8"):
        try:
            return data.decode(charset or "utf-8").replace("\x00", "")
        except (LookupError, UnicodeDecodeError):
            continue
    return data.decode("latin-1").replace("\x00", "")


def _bytes(part: Message) -> bytes:
    try:
        return part.get_payload(decode=True) or b""
    except Exception:
        return b""


def _keep(part: Message, kind: str, found: Incoming) -> None:
    data = _bytes(part)
    is_logo = (
        kind.startswith("image/")
        and len(data) < TINY_PICTURE
        and (part.get("Content-ID") or not _is_file(part))
    )
    if not data or is_logo:
        return
    try:
        name = part.get_filename() or ""
    except Exception:
        name = ""
    found.files.append(File(name or f"file.{kind.rpartition('/')[2]}", kind, data))
