"""How far somebody has read a room, and what of it they want to hear."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.db.models.functions import Greatest
from django.utils import timezone
from django.utils.translation import gettext as _

from community import chat_frames
from community.models import Member, Notice, Room, RoomPerson
from community.notices import bell
from community.policies import Refused
from community.prepared import prepared_update


@transaction.atomic
def mark_read(room: Room, *, seq: int | None = None, by: Member) -> int:
    """Everything up to ``seq`` has been read, or everything; never less than before.

    Nothing is written for a request that waits: who asked does not learn that it was opened.
    Returns how far the member has read now.
    """
    last = Room.objects.filter(pk=room.pk).values_list("last_seq", flat=True).first() or 0
    reached = min(max(seq if seq is not None else last, 0), last)
    mine = RoomPerson.objects.filter(room=room, member=by).first()
    if room.is_direct and (mine is None or mine.left_at or mine.accepted_at is None):
        return mine.read_seq if mine else 0
    if mine is not None and mine.read_seq >= reached:
        return mine.read_seq
    have_read(room, reached, by)
    told = Notice.objects.filter(
        member=by,
        read_at=None,
        activity__message__room=room,
        activity__message__seq__lte=reached,
    ).exclude(activity__verb="chat.asked_to_bring")  # a question is not answered by reading on
    if told.update(read_at=timezone.now()):
        bell.ring_for(by)
    if room.shows_seen:
        chat_frames.tell_seen_on_commit(room, by, reached)
    return reached


def have_read(room: Room, seq: int, by: Member) -> None:
    """Move the mark, never back: part of reading and of writing."""
    now = timezone.now()
    if _move_mark(room.pk, by.pk, seq, now) or room.is_direct:
        return
    row = RoomPerson(room=room, member=by, read_seq=seq, read_at=now)
    RoomPerson.objects.bulk_create([row], ignore_conflicts=True)
    _move_mark(room.pk, by.pk, seq, now)  # another page of theirs may have been first


@prepared_update
def _move_mark(room: int, member: int, seq: int, now: datetime) -> tuple[QuerySet, dict[str, Any]]:
    mine = RoomPerson.objects.filter(room=room, member=member)
    return mine, {"read_seq": Greatest("read_seq", seq), "read_at": now}


@transaction.atomic
def set_volume(room: Room, *, volume: str, by: Member) -> None:
    """Choose how much to hear of a room. Raises Refused for a volume that does not exist."""
    if volume not in RoomPerson.Volume.values:
        raise Refused(_("Choose everything, mentions or nothing."))
    last = Room.objects.filter(pk=room.pk).values_list("last_seq", flat=True).first() or 0
    if not RoomPerson.objects.filter(room=room, member=by).update(volume=volume):
        row = RoomPerson(room=room, member=by, volume=volume, read_seq=last)
        RoomPerson.objects.bulk_create([row], ignore_conflicts=True)
