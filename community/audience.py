"""Knows who may read a thing: ``visible_to`` turned round, for mentions, notices and mail."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q

from community.models import (
    Block,
    Item,
    Member,
    Membership,
    Message,
    Openness,
    Ring,
    Room,
    RoomPerson,
    Space,
)


def readers(item: Item) -> object:
    """Members who are present who may read the item now, as a queryset. One statement, no loop.

    Agrees with ``Item.objects.visible_to``: a test asks both about everybody.
    """
    people = readers_of(item.space, item.min_ring)
    if item.deleted_at or item.hidden_at:
        return people.none()
    answered = Item.objects.filter(comments=item.pk).values_list("author", flat=True).first()
    authors = {author for author in (item.author_id, answered) if author}
    return _not_apart(people, authors, item.space_id)


def readers_of(space: Space, min_ring: int) -> object:
    """Members who are present who may read what is in ``space`` from ``min_ring`` on."""
    people = Member.objects.present()
    listed = space.listed_at is not None
    if listed and space.openness == Openness.PUBLIC and min_ring == Ring.WEB:
        return people
    belongs = Exists(
        Membership.objects.filter(space=space, member=OuterRef("pk"), ring__gte=min_ring)
    )
    if (
        listed
        and space.openness in (Openness.PUBLIC, Openness.OPEN)
        and min_ring <= Ring.PARTICIPANT
    ):
        anywhere = Membership.objects.filter(space__kind=Space.ROOT, member=OuterRef("pk"))
        return people.filter(belongs | Exists(anywhere))
    return people.filter(belongs)


def listeners(room: Room, speaker: int | None = None) -> object:
    """Members who are present who may read a room now, and what ``speaker`` says there.

    Agrees with ``Room.objects.visible_to`` and ``Message.objects.visible_to``.
    """
    people = Member.objects.present()
    if room.is_direct:
        inside = RoomPerson.objects.filter(room=room, member=OuterRef("pk"), left_at=None)
        people = people.filter(Exists(inside))
    else:
        belongs = Membership.objects.filter(
            space=room.space_id, member=OuterRef("pk"), ring__gte=room.min_ring
        )
        people = people.filter(Exists(belongs))
        if room.item_id:
            people = people.filter(pk__in=readers(room.item).values("pk"))
    return people if speaker is None else _not_apart(people, {speaker}, room.space_id)


def listeners_to(message: Message) -> object:
    """Members who are present who may read the message now."""
    people = listeners(message.room)
    if not message.is_said:
        return people.none()
    quoted = message.reply_to.author_id if message.reply_to_id else None
    said_by = {author for author in (message.author_id, quoted) if author}
    if message.room.is_direct:
        late = RoomPerson.objects.filter(
            room=message.room_id, member=OuterRef("pk"), from_seq__gte=message.seq
        )
        people = people.exclude(Exists(late))
        if message.room.is_pair:
            said_by |= set(message.room.people.values_list("member", flat=True))
            return _not_apart(people, said_by, None)
    return _not_apart(people, said_by, message.room.space_id)


def _not_apart(people: object, authors: set[int], space: int | None) -> object:
    """Without those who keep apart from one of ``authors``, but for who leads the space."""
    if not authors:
        return people
    apart = Block.objects.filter(
        Q(member=OuterRef("pk"), blocked__in=authors)
        | Q(member__in=authors, blocked=OuterRef("pk"))
    )
    leads = Membership.objects.filter(space=space, member=OuterRef("pk"), ring__gte=Ring.STEWARD)
    return people.exclude(Exists(apart) & ~Exists(leads))
