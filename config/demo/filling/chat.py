"""What is said in the rooms, dated back, and how far everybody has read."""

from __future__ import annotations

import uuid
from datetime import datetime

from community import audience
from community.models import Message, MessageReaction, Room, RoomPerson
from community.operations import chat
from community.operations.chat.messages import TOGETHER, next_in, say
from config.demo.chats import CHATS, Chat
from config.demo.filling.people import seen_at
from config.demo.filling.stage import RINGS, Stage
from config.demo.words import ago, later


def begin(stage: Stage) -> None:
    for number, written in enumerate(CHATS):
        room = _room(stage, written)
        _fill(stage, written, room, number)


def _room(stage: Stage, written: Chat) -> Room:
    if not written.group:
        people = [stage.people[key] for key in written.people.split()]
        room = chat.open_direct(people[1:], name=written.name, by=people[0])
        stage.date(room, created_at=ago(written.ago, stage.now))
        return room
    space = stage.groups[written.group].space
    if not written.name:
        return space.rooms.get(is_first=True)
    steward = stage.people["marisol"]
    room = chat.make_room(
        space,
        name=written.name,
        purpose=written.purpose,
        min_ring=RINGS[written.ring],
        retention_days=written.days,
        is_announcing=written.announces,
        by=steward,
    )
    return chat.change_room(room, shows_seen=True, by=steward) if written.shows_seen else room


def _fill(stage: Stage, written: Chat, room: Room, number: int) -> None:
    at, first = ago(written.ago, stage.now), stage.people[written.lines[0].by]
    room, _said = next_in(room, client_id=uuid.uuid4(), by=first)
    said: list[tuple[Message, datetime]] = []
    for place, line in enumerate(written.lines):
        at = later(line.after, at, stage.now) if place else at
        message = say(
            room,
            text=line.text,
            client_id=uuid.uuid5(uuid.NAMESPACE_URL, f"{number}/{place}"),
            by=stage.people[line.by],
            reply_to=said[line.to][0] if line.to is not None else None,
            topic=line.topic,
        )
        before = said[-1] if said else None
        Message.objects.filter(pk=message.pk).update(
            continues=bool(
                before
                and before[0].author_id == message.author_id
                and line.to is None
                and at - before[1] < TOGETHER
            )
        )
        _react(stage, message, line.reactions)
        if line.pinned:
            room.pins.create(message=message, by=stage.people[line.by])
        stage.date(message, created_at=at)
        said.append((message, at))
    stage.date(room, active_at=at)
    _read(stage, room, said)


def _react(stage: Stage, message: Message, reactions: str) -> None:
    rows, counts, emoji = [], {}, ""
    for word in reactions.split():
        if word in stage.people:
            rows.append(MessageReaction(message=message, member=stage.people[word], emoji=emoji))
            counts[emoji] = counts.get(emoji, 0) + 1
        else:
            emoji = word
    if rows:
        MessageReaction.objects.bulk_create(rows)
        Message.objects.filter(pk=message.pk).update(reaction_counts=counts)


def _read(stage: Stage, room: Room, said: list[tuple[Message, datetime]]) -> None:
    """Whoever looked around has read what stood there then, and what they said themselves."""
    here = set(audience.listeners(room).values_list("pk", flat=True))
    rows = []
    for key, member in stage.people.items():
        looked = seen_at(stage, key)
        seqs = [m.seq for m, at in said if at < looked or m.author_id == member.pk]
        if seqs and member.pk in here:
            rows.append(RoomPerson(room=room, member=member, read_seq=max(seqs)))
    RoomPerson.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["room", "member"], update_fields=["read_seq"]
    )
