"""Knows the addresses that lead back into the site: one for each person and thing, signed.

``reply+<token>@REPLY_DOMAIN`` answers a thing in somebody's name, ``bounce+<token>@…`` says whose
mail came back. A token is made of numbers and 128 bits of signature, in letters and digits only,
for mail servers fold case and count to sixty-four. It opens nothing by itself: whoever answers
must also write from the address we wrote to, and the thing's own rules are asked
(community/incoming.py).
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from dataclasses import dataclass

from django.conf import settings

from community.models import Member, OutboxMail

ITEM, ROOM, PERSON = "i", "r", "p"
_ADDRESS = re.compile(r"\b(reply|bounce)\+([a-z0-9-]{8,58})@([a-z0-9.-]+)", re.IGNORECASE)
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True)
class Reply:
    """Who was written to, and of what: ``kind`` and ``number`` of the thing."""

    member: int
    kind: str
    number: int


def address(member: Member | int, kind: str, number: int) -> str:
    """Where this member's answer to this thing goes; empty on a site that takes no mail."""
    if not settings.REPLY_DOMAIN:
        return ""
    said = f"{_short(getattr(member, 'pk', member))}-{kind}-{_short(number)}"
    return f"reply+{said}-{_signature('reply', said)}@{settings.REPLY_DOMAIN}"


def item_address(member: Member | int, item: int) -> str:
    return address(member, ITEM, item)


def room_address(member: Member | int, room: int) -> str:
    return address(member, ROOM, room)


def person_address(member: Member | int, person: int) -> str:
    """Where the answer to what one person wrote goes: into the conversation of the two."""
    return address(member, PERSON, person)


def read(found: str) -> Reply | None:
    """The reply that one of these addresses stands for, if the signature is ours."""
    said = _said(found, "reply")
    parts = said.split("-") if said else []
    if len(parts) != 3 or parts[1] not in (ITEM, ROOM, PERSON):
        return None
    return Reply(int(parts[0], 36), parts[1], int(parts[2], 36))


def bounce_address(mail: OutboxMail) -> str:
    """Who is told when this mail comes back: knows the address without naming it."""
    if not settings.REPLY_DOMAIN:
        return ""
    member = Member.objects.filter(email__iexact=mail.to).values_list("pk", flat=True).first()
    said = f"m-{_short(member)}" if member else f"o-{_short(mail.pk)}"
    # The address is signed with the number: once somebody has another, old mail says nothing.
    return f"bounce+{said}-{_signature('bounce', said, mail.to)}@{settings.REPLY_DOMAIN}"


def bounced(found: str) -> str:
    """The address whose mail came back, or nothing."""
    match = _match(found, "bounce")
    if match is None:
        return ""
    said, _dash, signature = match.rpartition("-")
    kind, _dash, number = said.partition("-")
    if not number.isalnum():
        return ""
    rows = (
        Member.objects.filter(pk=int(number, 36)).values_list("email", flat=True)
        if kind == "m"
        else OutboxMail.objects.filter(pk=int(number, 36)).values_list("to", flat=True)
    )
    to = rows.first() or ""
    return to if to and _is_ours(signature, "bounce", said, to) else ""


def _match(found: str, door: str) -> str | None:
    for match in _ADDRESS.finditer(found or ""):
        is_door = match[1].lower() == door
        if is_door and match[3].lower() == settings.REPLY_DOMAIN.lower():
            return match[2].lower()
    return None


def _said(found: str, door: str) -> str:
    said, _dash, signature = (_match(found, door) or "").rpartition("-")
    return said if said and _is_ours(signature, door, said) else ""


def _short(number: int) -> str:
    digits = ""
    while number:
        number, rest = divmod(number, 36)
        digits = _DIGITS[rest] + digits
    return digits or "0"


def _signature(door: str, *said: str, key: str = "") -> str:
    words = "\n".join((f"tequio:{door}", *said)).lower().encode()
    digest = hmac.new((key or settings.SECRET_KEY).encode(), words, hashlib.sha256).digest()
    return base64.b32encode(digest[:16]).decode().rstrip("=").lower()


def _is_ours(signature: str, door: str, *said: str) -> bool:
    keys = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    return any(hmac.compare_digest(signature, _signature(door, *said, key=key)) for key in keys)
