"""What is done with a message that stands: kept at the top, carried into another room."""

from __future__ import annotations

import uuid

from django.db import transaction
from django.utils.translation import gettext as _

from community import chat_policies, limits
from community.models import Member, Message, MessagePin, Room
from community.operations.chat.messages import next_in, say
from community.policies import Refused

MOST_PINS = 10


@transaction.atomic
def pin_message(message: Message, *, by: Member) -> MessagePin:
    """Keep a message at the top of its room. Raises Refused."""
    Room.objects.lock(message.room)
    chat_policies.can_pin_message(by, message).enforce()
    if message.room.pins.exclude(message=message).count() >= MOST_PINS:
        raise Refused(_("%(n)s messages stand at the top. Take one down first.") % {"n": MOST_PINS})
    return MessagePin.objects.get_or_create(
        message=message, defaults={"room": message.room, "by": by}
    )[0]


@transaction.atomic
def unpin_message(message: Message, *, by: Member) -> None:
    chat_policies.can_pin_message(by, message).enforce()
    MessagePin.objects.filter(message=message).delete()


@transaction.atomic
def forward_message(message: Message, *, to: Room, client_id: uuid.UUID, by: Member) -> Message:
    """Say in another room what stands here, marked as carried over and without its author's name.

    ``to`` is a room that the member may read. Raises Refused.
    """
    to, said = next_in(to, client_id=client_id, by=by)
    if said is not None:
        return said
    chat_policies.can_forward_message(by, message, to).enforce()
    chat_policies.can_write_now(by, to).enforce()
    if not message.text:
        raise Refused(_("There are no words to forward. Send the file again there."))
    limits.before_chat(by, message.text, to)
    return say(to, text=message.text, client_id=client_id, by=by, is_forwarded=True)
