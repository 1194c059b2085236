"""Knows how open pages are told what happens in a room: drawn once, the same for every reader."""

from __future__ import annotations

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.template.loader import render_to_string
from django.utils import translation

from community import chat, live
from community.models import Block, Member, Message, Room


def drawn(message: Message) -> str:
    """The message as everybody in the room sees it, in the language of the site.

    What differs is settled in the page: words by ``data-word``, the time by ``datetime``, what is
    one's own by ``data-author``. ``message`` comes from ``for_drawing``.
    """
    with translation.override(settings.LANGUAGE_CODE):
        return render_to_string("community/_message.html", {"message": message})


def tell_message_on_commit(message: Message, *, is_plain: bool) -> None:
    """``message`` has just been said. A plain one, with nothing but its author's words, is drawn
    as it is at hand: nobody can have changed what nobody has seen."""

    def tell() -> None:
        if is_plain:
            chat.dress([message])
            _tell("message", message)
        else:
            _tell_as_it_stands("message", message.pk)

    transaction.on_commit(tell, robust=True)


def tell_change_on_commit(what: str, message: Message) -> None:
    """``what`` is "edited", "deleted" or "reacted"."""

    def tell() -> None:
        _tell_as_it_stands(what, message.pk)

    transaction.on_commit(tell, robust=True)


def tell_hidden_on_commit(message: Message) -> None:
    """Without its words: whoever has it on the page takes it out."""
    frame = {"t": "deleted", "room": message.room_id, "seq": message.seq, "hidden": True}
    live.publish_on_commit(f"room:{message.room_id}", frame)


def tell_seen_on_commit(room: Room, by: Member, seq: int) -> None:
    frame = {"t": "seen", "room": room.pk, "member": by.pk, "name": by.display_name, "upto": seq}
    live.publish_on_commit(f"room:{room.pk}", frame, by=(by.pk, live.PERSONAL))


def _tell_as_it_stands(what: str, pk: int) -> None:
    """After the commit, when nobody waits for the room any more."""
    try:
        message = chat.drawn_up(pk)
    except Message.DoesNotExist:
        return
    if message.hidden_at is None:
        _tell(what, message)


def _tell(what: str, message: Message) -> None:
    """``message`` has all that is drawn of it (``chat.drawn_up``)."""
    frame = {
        "t": what,
        "room": message.room_id,
        "seq": message.seq,
        "author": message.author_id,
        "thread": message.thread_seq if message.thread_id else None,
        "topic": message.topic,
    }
    if not _quotes_somebody_apart(message):  # else each page asks for what it may read
        frame["html"] = drawn(message)
    if what == "message":
        frame["client_id"] = str(message.client_id)
    live.publish_on_commit(f"room:{message.room_id}", frame, by=message.author_id)


def _quotes_somebody_apart(message: Message) -> bool:
    """Whether somebody keeps apart from whom the message answers: they do not read it either."""
    quoted = message.reply_to.author_id if message.reply_to_id else None
    if quoted is None:
        return False
    return Block.objects.filter(Q(member=quoted) | Q(blocked=quoted)).exists()
