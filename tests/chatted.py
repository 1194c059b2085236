"""Chat in the world of tests/world.py: rooms, what is said there and among few, with canaries."""

from __future__ import annotations

import uuid
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from community.models import Block, Media, Member, Ring, Room, Space
from community.operations import chat, media


def hears(world: Any, room: Room, *authors: Member) -> Any:
    """Reads what these people say in the room, by the tables alone."""
    from tests.world import ring_of

    def rule(reader: Member | None) -> bool:
        ring = ring_of(reader, room.space)
        if ring < Room.objects.values_list("min_ring", flat=True).get(pk=room.pk):
            return False
        pks = [author.pk for author in authors]
        apart = Block.objects.filter(member=reader, blocked__in=pks) | Block.objects.filter(
            member__in=pks, blocked=reader
        )
        return ring >= Ring.STEWARD or not apart.exists()

    return rule


def say(room: Room, by: Member, text: str, **fields: Any) -> Any:
    by.forget()
    return chat.post_message(room, text=text, client_id=uuid.uuid4(), by=by, **fields)


def fill(world: Any, name: str, space: Space) -> None:
    """Two rooms: the first one, and one of the core team whose name and topic are canaries too."""
    ada, cora = world.ada, world.cora
    writer = world.hana if name in ("closed", "secret") else world.olga
    general = space.rooms.get(is_first=True)
    heard = world.word(f"{name}: said in the chat", hears(world, general, writer))
    first = say(general, writer, f"{heard} soon")
    rule = hears(world, general, ada, writer)
    token = world.word(f"{name}: file in the chat", rule)
    upload = SimpleUploadedFile(f"{token}.txt", f"{token}\n".encode(), content_type="text/plain")
    file = media.store_upload(upload, purpose=Media.Purpose.ATTACHMENT, by=ada, alt=token)
    answer = world.word(f"{name}: answered in the chat", rule)
    second = say(general, ada, f"{answer} soon", reply_to=first, media=[file.token])
    chat.react_to_message(second, emoji="❤️", by=writer)
    core = chat.make_room(space, name="Core", min_ring=Ring.CORE, by=ada)
    deep = hears(world, core)
    core.name = world.word(f"{name}: name of a room", deep)
    core.purpose = world.word(f"{name}: purpose of a room", deep)
    core.save(update_fields=["name", "purpose"])
    topic = world.word(f"{name}: topic in a room", deep)
    said = world.word(f"{name}: said among the core team", deep)
    third = say(core, cora, f"{said} soon @{ada.handle}", topic=topic)
    chat.pin_message(third, by=ada)
    world.things[f"{name}_bringing"] = chat.ask_to_bring(second, by=ada)
    world.things |= {
        f"{name}_room": general,
        f"{name}_core_room": core,
        f"{name}_chat_file": file,
        f"{name}_said": first,
    }


def finish(world: Any) -> None:
    """Conversations of two, of several, and one that was asked for."""
    ada, ben, cora, mo = world.ada, world.ben, world.cora, world.mo
    pair = chat.open_direct([ada], by=cora)
    say(pair, cora, f"{world.word('said to one', world.only(ada, cora))} soon")
    several = chat.open_direct([ada, ben], name="Name", by=cora)
    among = world.only(ada, ben, cora)
    several.name = world.word("name of a conversation", among)
    several.save(update_fields=["name"])
    say(several, cora, f"{world.word('said among three', among)} soon")
    asked = chat.open_direct([ben], by=mo)
    say(asked, mo, f"{world.word('a request to talk', world.only(mo, ben))} soon")
    world.things |= {"pair": pair, "several": several, "asked_talk": asked}
    for person in world.people.values():
        person.forget()
