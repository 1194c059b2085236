"""Lets what comes over a socket become an act: the same operations as behind the pages' forms."""

from __future__ import annotations

import uuid
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import translation
from django.utils.translation import gettext as _

from community import chat as reading
from community.models import Message, Room
from community.models.people import signed_in
from community.operations import chat
from community.verdicts import Refused

LONGEST = 8_000
"""Letters that are looked at at all; the operation says how long a message may be."""


def say(member_id: int, frame: dict[str, Any]) -> dict[str, Any]:
    """Post a message. What is answered names the id that the browser chose, and the number that
    the message has, or in words why there is none."""
    client_id = _uuid(frame.get("client_id"))
    answer: dict[str, Any] = {"room": frame["room"], "client_id": frame.get("client_id")}
    member = signed_in(member_id)
    if member is None or client_id is None or not isinstance(frame.get("text"), str):
        return answer | {"t": "refused", "why": ""}
    with translation.override(member.language):
        try:
            message = chat.post_message(
                Room(pk=frame["room"]),
                text=frame["text"][:LONGEST],
                client_id=client_id,
                reply_to=_answered(frame["room"], member, frame.get("reply_to")),
                by=member,
            )
        except Refused as refusal:
            return answer | {"t": "refused", "why": str(refusal.reason)}
        except ValidationError as error:
            return answer | {"t": "refused", "why": " ".join(error.messages)}
    return answer | {"t": "sent", "seq": message.seq}


def read(member_id: int, room_id: int, seq: int) -> None:
    """Note how far somebody has read."""
    member = signed_in(member_id)
    room = member and reading.readable(room_id, member)
    if room:
        chat.mark_read(room, seq=seq, by=member)


def too_fast(frame: dict[str, Any], language: str) -> dict[str, Any]:
    with translation.override(language):
        return {
            "t": "refused",
            "room": frame["room"],
            "client_id": frame.get("client_id"),
            "why": _("You are writing very fast. Wait a moment, then try again."),
        }


def _answered(number: int, member: Any, seq: Any) -> Message | None:
    room = reading.readable(number, member) if type(seq) is int else None
    if room is None:
        return None
    return reading.said_in(room, member).filter(seq=seq, deleted_at=None).first()


def _uuid(text: Any) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except (TypeError, ValueError, AttributeError):
        return None
