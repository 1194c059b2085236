"""Who talks with whom: the one statement of who somebody's contacts are."""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, OuterRef, QuerySet


def talks_with(viewer: Any) -> QuerySet:
    """For ``Exists``, of a member: a conversation of two that both of them want and in which both
    have written, as long as what they wrote is kept."""
    from community.models.chat import Message, RoomPerson

    willing = {"accepted_at__isnull": False, "declined_at": None, "left_at": None}
    mine = RoomPerson.objects.filter(room=OuterRef("room"), member=viewer.pk, **willing)
    said = Message.objects.filter(room=OuterRef("room"), deleted_at=None)
    return RoomPerson.objects.filter(
        Exists(mine),
        Exists(said.filter(author=OuterRef("member"))),
        Exists(said.filter(author=viewer.pk)),
        member=OuterRef("pk"),
        room__pair__gt="",
        **willing,
    )
