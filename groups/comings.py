"""Knows who came, moved and went, and who may read of it."""

from __future__ import annotations

from django.db.models import QuerySet

from community.models import Appeal, Member, Membership, MembershipEvent, Space
from community.policies import steers_community


def log(space: Space) -> QuerySet[MembershipEvent]:
    """Everything that happened at the door of a space: for its stewards."""
    return MembershipEvent.objects.filter(space=space).select_related("member", "actor", "appeal")


def removal(pk: int, reader: Member) -> MembershipEvent | None:
    """A removal, for the person it is about, and once they appeal for who may hear them."""
    event = (
        MembershipEvent.objects.filter(pk=pk, what=MembershipEvent.What.REMOVED)
        .select_related("space", "member", "actor", "appeal__answered_by")
        .first()
    )
    if event is None or event.member_id == reader.pk:
        return event
    return event if hears(reader, event) and hasattr(event, "appeal") else None


def appeals_for(member: Member) -> QuerySet[Appeal]:
    """Those that ``hears`` lets a steward of the community read."""
    return Appeal.objects.exclude(event__member=member).exclude(event__actor=member)


def hears(member: Member, event: MembershipEvent) -> bool:
    """Stewards of the community who had no part in it."""
    return steers_community(member) and member.pk not in (event.actor_id, event.member_id)


def moved_by_another(mine: Membership) -> MembershipEvent | None:
    """The reader's last move, if somebody else made it and said why."""
    moves = MembershipEvent.objects.filter(
        space=mine.space_id, member=mine.member_id, what=MembershipEvent.What.MOVED
    )
    last = moves.select_related("actor").order_by("-created_at", "-pk").first()
    return last if last and last.reason and last.actor_id != mine.member_id else None
