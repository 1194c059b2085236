"""Conversations among a few people: begun, asked for, answered, joined and left."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from community import chat_policies, limits, live
from community.models import Member, Room, RoomPerson
from community.policies import Refused


@transaction.atomic
def open_direct(people: Iterable[Member], *, name: str = "", by: Member) -> Room:
    """The conversation with one other, made where there is none; or a new one among several.

    Who shares no group with the member is asked first. Raises Refused.
    """
    others = list({person.pk: person for person in people if person.pk != by.pk}.values())
    if not others:
        raise Refused(_("Choose somebody to write to."))
    if len(others) + 1 > Room.MOST_PEOPLE:
        raise Refused(_("At most %(n)s people fit in one conversation.") % {"n": Room.MOST_PEOPLE})
    for person in others:
        chat_policies.can_write_to(by, person).enforce()
    limits.one_at_a_time(by)
    pair = pair_of(by, others[0]) if len(others) == 1 else ""
    if pair:
        found = Room.objects.filter(pair=pair).first()
        if found is not None:
            return _again(found, by)
    limits.check(by, "converse")
    room = Room(kind=Room.Kind.DIRECT, name=" ".join(name.split())[:60], pair=pair, created_by=by)
    made = Room.objects.bulk_create([room], ignore_conflicts=bool(pair))
    if pair:  # the other may have begun it at the very same moment
        made = [Room.objects.get(pair=pair)]
        if made[0].created_by_id != by.pk:
            return _again(made[0], by)
    room, now = made[0], timezone.now()
    rows = [_person(room, by, accepted_at=now)]
    for person in others:
        asked = chat_policies.needs_request(by, person)
        rows.append(_person(room, person, accepted_at=None if asked else now))
    RoomPerson.objects.bulk_create(rows, ignore_conflicts=True)
    return room


def pair_of(one: Member, other: Member) -> str:
    return "-".join(str(pk) for pk in sorted((one.pk, other.pk)))


def _again(room: Room, by: Member) -> Room:
    """A conversation that is there: whoever opens it wants to talk."""
    room.people.filter(member=by).update(left_at=None, declined_at=None)
    room.people.filter(member=by, accepted_at=None).update(accepted_at=timezone.now())
    return room


def _person(room: Room, member: Member, **fields: object) -> RoomPerson:
    return RoomPerson(room=room, member=member, volume=RoomPerson.Volume.ALL, **fields)


@transaction.atomic
def accept_request(room: Room, *, by: Member) -> RoomPerson:
    """Yes, let us talk. Raises Refused where nothing was asked."""
    mine = _asked(room, by)
    mine.accepted_at, mine.declined_at = timezone.now(), None
    mine.save(update_fields=["accepted_at", "declined_at"])
    return mine


@transaction.atomic
def decline_request(room: Room, *, by: Member) -> RoomPerson:
    """No. It leaves the member's list; whoever asked is told nothing, and waits as before."""
    mine = _asked(room, by)
    mine.declined_at = timezone.now()
    mine.save(update_fields=["declined_at"])
    return mine


def _asked(room: Room, by: Member) -> RoomPerson:
    mine = room.people.select_for_update(of=("self",)).filter(member=by, left_at=None).first()
    if mine is None or mine.accepted_at is not None:
        raise Refused(_("There is no request to answer here."))
    return mine


@transaction.atomic
def add_people(room: Room, *, people: Iterable[Member], by: Member) -> list[RoomPerson]:
    """Bring others into a conversation of several: they read what is said from now on.

    Who shares no group with the member is asked first, and so is whoever left before.
    """
    room = Room.objects.lock(room)
    chat_policies.can_manage_room(by, room).enforce()
    if not room.is_direct:
        raise Refused(_("People come into this room by joining its group."))
    inside = room.people.filter(left_at=None)
    there = set(inside.values_list("member", flat=True))
    left = set(room.people.exclude(left_at=None).values_list("member", flat=True))
    new = [person for person in people if person.pk not in there]
    if len(there) + len(new) > Room.MOST_PEOPLE:
        raise Refused(_("At most %(n)s people fit in one conversation.") % {"n": Room.MOST_PEOPLE})
    now = timezone.now()
    for person in new:
        chat_policies.can_write_to(by, person).enforce()
        asked = person.pk in left or chat_policies.needs_request(by, person)
        RoomPerson.objects.update_or_create(
            room=room,
            member=person,
            defaults={
                "from_seq": room.last_seq,
                "read_seq": room.last_seq,
                "joined_at": now,
                "left_at": None,
                "declined_at": None,
                "accepted_at": None if asked else now,
                "volume": RoomPerson.Volume.ALL,
            },
        )
    return list(inside)


@transaction.atomic
def take_out(room: Room, *, person: Member, by: Member) -> None:
    """From now on the person reads nothing of a conversation of several. Raises Refused."""
    room = Room.objects.lock(room)
    chat_policies.can_take_out(by, room).enforce()
    if person.pk == by.pk:
        raise Refused(_("This is you. You can leave."))
    if not room.people.filter(member=person, left_at=None).update(left_at=timezone.now()):
        raise Refused(_("This person is not in the conversation."))
    live.close_on_commit((person.pk, [room.pk]))


@transaction.atomic
def leave_room(room: Room, *, by: Member) -> None:
    """Go out of a conversation of several. Raises Refused for one of two."""
    if not room.is_direct or room.is_pair:
        raise Refused(_("You can turn a conversation off, or block the person."))
    room.people.filter(member=by, left_at=None).update(left_at=timezone.now())
    live.close_on_commit((by.pk, [room.pk]))
