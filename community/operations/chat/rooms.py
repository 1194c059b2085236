"""Rooms of a space: made, named, opened and closed by its stewards."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from community import chat_policies, live
from community.models import Item, Member, Ring, Room, Space
from community.policies import Refused

MOST_ROOMS = 30
CHOICES = ("purpose", "min_ring", "slow_seconds", "retention_days", "shows_seen")


@transaction.atomic
def make_room(
    space: Space, *, name: str, by: Member, is_announcing: bool = False, **settings: Any
) -> Room:
    """A further room of a space; in an announcing one only stewards write. Raises Refused."""
    space = Space.objects.lock(space)
    chat_policies.can_make_room(by, space).enforce()
    if space.rooms.filter(archived_at=None).count() >= MOST_ROOMS:
        raise Refused(_("This group has %(n)s rooms. Archive one first.") % {"n": MOST_ROOMS})
    room = Room(
        space=space,
        kind=Room.Kind.ANNOUNCE if is_announcing else Room.Kind.GENERAL,
        name=_named(name),
        created_by=by,
    )
    _set(room, settings)
    room.save()
    return room


@transaction.atomic
def open_room_about(item: Item, *, by: Member, retention_days: int = Room.KEPT_DAYS) -> Room:
    """The room about a thing, for those who read the thing and belong; made where there is none."""
    found = Room.objects.filter(item=item.pk, kind=Room.Kind.ABOUT).first()
    if found is not None:
        return found
    chat_policies.can_make_room_about(by, item).enforce()
    room = Room(
        kind=Room.Kind.ABOUT,
        space_id=item.space_id,
        item_id=item.pk,
        name=item.title[:60],
        min_ring=max(item.min_ring, Ring.FOLLOWER),
        retention_days=retention_days,
        created_by=by,
    )
    Room.objects.bulk_create([room], ignore_conflicts=True)
    return Room.objects.get(item=item.pk, kind=Room.Kind.ABOUT)


@transaction.atomic
def change_room(room: Room, *, by: Member, **settings: Any) -> Room:
    """Change its purpose, ring, slow mode, how long it is kept, whether reading is seen."""
    room = Room.objects.lock(room)
    chat_policies.can_manage_room(by, room).enforce()
    if room.is_direct and set(settings) - {"retention_days", "shows_seen"}:
        raise Refused(_("A conversation has no such setting."))
    if room.is_direct and settings.get("retention_days", room.retention_days) < room.retention_days:
        _enforce_began(room, by)
    ring = room.min_ring
    _set(room, settings)
    room.save(update_fields=list(settings))
    if room.min_ring > ring:
        live.close_room_on_commit(room.pk)
    return room


@transaction.atomic
def rename_room(room: Room, *, name: str, by: Member) -> Room:
    room = Room.objects.lock(room)
    chat_policies.can_manage_room(by, room).enforce()
    room.name = _named(name) if not (room.is_first or room.is_direct) else _short(name)
    room.save(update_fields=["name"])
    return room


@transaction.atomic
def archive_room(room: Room, *, by: Member) -> Room:
    """Nobody writes there any more. The first room of a space stays open. Raises Refused."""
    return _mark(room, "archived_at", timezone.now(), by)


@transaction.atomic
def reopen_room(room: Room, *, by: Member) -> Room:
    return _mark(room, "archived_at", None, by)


@transaction.atomic
def lock_room(room: Room, *, by: Member) -> Room:
    """Only stewards write for now."""
    return _mark(room, "locked_at", timezone.now(), by)


@transaction.atomic
def unlock_room(room: Room, *, by: Member) -> Room:
    return _mark(room, "locked_at", None, by)


def _enforce_began(room: Room, by: Member) -> None:
    """What was said long ago goes at once where the time is shortened."""
    if room.created_by_id not in (None, by.pk):
        raise Refused(_("Whoever began the conversation can have it kept for a shorter time."))


def _mark(room: Room, field: str, moment: Any, by: Member) -> Room:
    room = Room.objects.lock(room)
    chat_policies.can_manage_room(by, room).enforce()
    if room.is_direct:
        raise Refused(_("A conversation has no such setting."))
    if room.is_first and field == "archived_at" and moment:
        raise Refused(_("The first room of a group stays. You can lock it."))
    setattr(room, field, moment)
    room.save(update_fields=[field])
    return room


def _set(room: Room, settings: dict[str, Any]) -> None:
    for name, value in settings.items():
        if name not in CHOICES:
            raise TypeError(f"A room has no setting “{name}”.")
        setattr(room, name, value)
    if room.min_ring not in Ring.values[1:]:
        raise Refused(_("Choose who reads the room."))
    if not 1 <= room.retention_days <= 365:
        raise Refused(_("Choose how long what is said is kept: a year at most."))


def _named(name: str) -> str:
    name = _short(name)
    if not name:
        raise Refused(_("Give the room a name."))
    return name


def _short(name: str) -> str:
    return " ".join(name.split())[:60]
