"""Saying something in a room, changing it, taking it away, reacting to it."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import Exists, OuterRef, QuerySet, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _

from community import audience, chat_frames, chat_policies, feed, limits, prose, stems
from community.models import (
    Activity,
    Member,
    Message,
    MessageMention,
    MessageReaction,
    Reaction,
    Room,
    RoomPerson,
)
from community.named import Named, named
from community.operations.chat import reading
from community.operations.media import attach_to_message
from community.policies import Refused
from community.prepared import prepared
from community.standing import in_good_standing

TOGETHER = timedelta(minutes=5)
"""What one person says within it reads as one."""


@transaction.atomic
def post_message(
    room: Room,
    *,
    text: str,
    client_id: uuid.UUID,
    by: Member,
    reply_to: Message | None = None,
    topic: str = "",
    media: Iterable[str] = (),
) -> Message:
    """Say something; the same ``client_id`` again says nothing new and gives what was said.

    ``room`` is one that the member may read. Raises Refused; ValidationError for too many files.
    """
    room, said = next_in(room, client_id=client_id, by=by)
    if said is not None:
        return said
    chat_policies.can_post_message(by, room).enforce()
    chat_policies.can_write_now(by, room).enforce()
    media, text = list(media), text.strip()
    if not text and not media:
        raise Refused(_("Write something first."))
    limits.before_chat(by, text, room)
    reply_to = _answered(reply_to, room, by)
    return say(
        room, text=text, client_id=client_id, by=by, reply_to=reply_to, topic=topic, media=media
    )


@transaction.atomic(savepoint=False)
def say(
    room: Room,
    *,
    text: str,
    client_id: uuid.UUID,
    by: Member,
    reply_to: Message | None = None,
    topic: str = "",
    media: Iterable[str] = (),
    is_forwarded: bool = False,
) -> Message:
    """Write the next message of a room that is locked (``next_in``), and let it be heard of: part
    of posting and forwarding. Others wait for the room meanwhile, so there is little of it."""
    now = timezone.now()
    topic = " ".join(topic.split())[:60] or (reply_to.topic if reply_to else "")
    message = Message(
        room=room,
        seq=room.last_seq + 1,
        author=by,
        client_id=client_id,
        reply_to=reply_to,
        thread_id=(reply_to.thread_id or reply_to.pk) if reply_to else None,
        topic=topic,
        is_forwarded=is_forwarded,
        created_at=now,
        continues=(
            reply_to is None
            and not is_forwarded
            and room.last_author == by.pk
            and room.last_topic == topic
            and now - room.last_at < TOGETHER
        ),
    )
    people = _word(message, text)
    message.search = stems.spoken(text)
    message.save(force_insert=True)
    del message.search  # PostgreSQL has put it together
    _note_named(message, people)
    if media:
        attach_to_message(message, tokens=media, by=by)
    room.last_seq, room.active_at = message.seq, now
    room.last_author, room.last_topic, room.last_at = by.pk, topic, now
    if not _go_on(room.pk, message.seq, by.pk, now):
        reading.have_read(room, message.seq, by)
    if message.thread_id:
        _count_replies(message.thread_id)
    _tell(message, people, has_media=bool(media))
    return message


def _go_on(room: int, seq: int, by: int, now: datetime) -> bool:
    """The room goes on, and its writer has read so far: one statement, which all others wait for.
    Returns whether there was a mark to move."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH gone_on AS (
                UPDATE community_room SET last_seq = %(seq)s, active_at = %(now)s
                WHERE id = %(room)s
            )
            UPDATE community_roomperson
            SET read_seq = greatest(read_seq, %(seq)s), read_at = %(now)s
            WHERE room_id = %(room)s AND member_id = %(by)s
            """,
            {"room": room, "seq": seq, "by": by, "now": now},
        )
        return bool(cursor.rowcount)


def _tell(message: Message, named: set[int], *, has_media: bool) -> None:
    """Let open pages know, and record what somebody should hear of: a direct message, being
    named, being answered; everything, where somebody wants that or only stewards write."""
    is_plain = message.reply_to_id is None and not has_media
    chat_frames.tell_message_on_commit(message, is_plain=is_plain)
    if message.thread_id:
        chat_frames.tell_change_on_commit("edited", Message(pk=message.thread_id))
    if message.room.is_direct:
        _record("chat.written", message)
    elif named:
        _record("chat.mentioned", message, members=sorted(named))
    if message.reply_to_id and not message.room.is_direct:
        author = message.reply_to.author_id
        if author and author != message.author_id and author not in named:
            _record("chat.replied", message, members=[author])
            named = {*named, author}
    if not message.room.is_direct and (message.room.is_heard or message.room.is_announcing):
        _record("chat.said", message, members=sorted(named))


@transaction.atomic
def edit_message(message: Message, *, text: str, by: Member) -> Message:
    """Change one's own words; that they were changed is shown."""
    message = _lock_message(message)
    chat_policies.can_edit_message(by, message).enforce()
    text = text.strip()
    if not text and not message.media.exists():
        raise Refused(_("Write something, or take the message away."))
    limits.before_chat(by, text, message.room, posting=False)
    if text == message.text:
        return message
    people = _word(message, text)
    message.edited_at, message.search = timezone.now(), stems.spoken(text)
    message.save(update_fields=["text", "html", "renderer", "search", "edited_at"])
    del message.search
    named = _note_named(
        message, people, before=set(message.mentions.values_list("member", flat=True))
    )
    if not message.room.is_direct:  # in a conversation they were told of the message
        named -= _told_before(message)
        if named:
            _record("chat.mentioned", message, members=sorted(named))
    chat_frames.tell_change_on_commit("edited", message)
    return message


def _told_before(message: Message) -> set[int]:
    """Whom it named at some time: taken out and put in again, a name rings once."""
    earlier = Activity.objects.filter(message=message, verb="chat.mentioned")
    return {pk for data in earlier.values_list("data", flat=True) for pk in data["members"]}


@transaction.atomic
def delete_message(message: Message, *, by: Member) -> Message:
    """Take a message away: its words, files and reactions go for good, a mark stays."""
    message = _lock_message(message)
    chat_policies.can_delete_message(by, message).enforce()
    if message.deleted_at is None:
        take_away(message)
    return message


def take_away(message: Message) -> None:
    """Empty a message that is locked: part of deleting and of erasing an account."""
    message.deleted_at = timezone.now()
    message.text, message.html, message.search = "", "", None
    message.reaction_counts = {}
    message.save(update_fields=["deleted_at", "text", "html", "search", "reaction_counts"])
    message.media.update(message=None, owner=None)
    MessageReaction.objects.filter(message=message).delete()
    message.mentions.all().delete()
    message.room.pins.filter(message=message).delete()
    Activity.objects.filter(message=message).delete()
    if message.thread_id:
        _count_replies(message.thread_id)
        chat_frames.tell_change_on_commit("edited", Message(pk=message.thread_id))
    chat_frames.tell_change_on_commit("deleted", message)


@transaction.atomic
def react_to_message(message: Message, *, emoji: str, by: Member) -> bool:
    """Put a reaction, or take it back. Returns whether it stands now. Raises Refused."""
    if emoji not in Reaction.OFFERED:
        raise Refused(_("Choose one of the reactions offered."))
    message = _lock_message(message)
    chat_policies.can_react_to_message(by, message).enforce()
    limits.check(by, "react")
    mine, made = MessageReaction.objects.get_or_create(message=message, member=by, emoji=emoji)
    if not made:
        mine.delete()
    counts = Counter(
        MessageReaction.objects.filter(message=message).values_list("emoji", flat=True)
    )
    message.reaction_counts = dict(counts)
    message.save(update_fields=["reaction_counts"])
    chat_frames.tell_change_on_commit("reacted", message)
    return made


# Parts of them


@transaction.atomic(savepoint=False)
def next_in(room: Room, *, client_id: uuid.UUID, by: Member) -> tuple[Room, Message | None]:
    """The room with its space, its row locked: what is refused there is asked under the lock. And
    what the member said with that id already: it may have been sent again.

    Raises Refused where the room is gone, or not theirs to read.
    """
    limits.one_at_a_time(by)
    locked = next(iter(_locked(by, room.pk, client_id)), None)
    if locked is None:
        in_good_standing(by, "comment").enforce()
        raise Refused(chat_policies.GONE)
    said = Message.objects.get(pk=locked.said) if locked.said else None
    return locked, said


@prepared
def _locked(reader: Any, room: int, client_id: uuid.UUID) -> QuerySet:
    """As ``Room.objects.lock``, composed once: it is asked for whatever is said. With whether
    somebody wants to hear of everything there, and what was said last.

    Of a message that came while this waited for the lock, PostgreSQL shows the number and not the
    words: somebody else's, as each person's come one at a time.
    """
    loud = RoomPerson.objects.filter(
        room=OuterRef("pk"), volume=RoomPerson.Volume.ALL, left_at=None
    )
    last = Message.objects.filter(room=OuterRef("pk"), seq=OuterRef("last_seq"))
    said = Message.objects.filter(author=reader.pk, client_id=client_id)
    return (
        Room.objects.visible_to(reader)
        .filter(pk=room)
        .select_related("space")
        .annotate(
            is_heard=Exists(loud),
            said=Subquery(said.values("pk")),
            last_author=Subquery(last.values("author")),
            last_topic=Subquery(last.values("topic")),
            last_at=Subquery(last.values("created_at")),
        )
        .select_for_update(of=("self",), no_key=True)
    )


def _lock_message(message: Message) -> Message:
    locked = Message.objects.lock(message)
    locked.room = message.room
    return locked


def _answered(reply_to: Message | None, room: Room, by: Member) -> Message | None:
    if reply_to is None:
        return None
    if reply_to.room_id != room.pk or not reply_to.is_said:
        raise Refused(_("What you reply to is no longer here."))
    return reply_to


def _word(message: Message, text: str) -> set[int]:
    """Put the words on the message, and how they are shown; returns whom they name, of those who
    may read it."""
    found = Named()
    if "@" in text:
        hearing = audience.listeners(message.room, message.author_id)
        found = named(text, hearing, message.room.space)
    message.text = text
    message.html = prose.render(text, people=found.people, circles=found.circles, short=True)
    message.renderer = prose.RENDERER
    return found.members


def _note_named(message: Message, now: set[int], *, before: set[int] = frozenset()) -> set[int]:
    """Keep whom it names; returns who is named anew."""
    if before - now:
        message.mentions.filter(member__in=before - now).delete()
    if now - before:
        MessageMention.objects.bulk_create(
            [MessageMention(message=message, member_id=pk) for pk in now - before],
            ignore_conflicts=True,
        )
    return now - before


def _count_replies(thread: int) -> None:
    """How many stand in the thread, counted anew: rows of one room, under its lock or the row's."""
    number = Message.objects.filter(thread=thread, deleted_at=None, hidden_at=None).count()
    Message.objects.filter(pk=thread).update(reply_count=number)


def _record(verb: str, message: Message, **data: Any) -> None:
    feed.record(
        verb,
        actor=message.author,
        space=message.room.space,
        message=message,
        room=message.room_id,
        seq=message.seq,
        title=str(message.room) if not message.room.is_direct else "",
        **data,
    )
