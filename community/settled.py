"""Knows when an account is not new any more: by time and words that stand, or by others' trust."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from community.models import Case, Item, Member, Message, Ring, Room

NEW_FOR = timedelta(days=3)
NEW_POSTS = 3
"""An account is new until it is this old and has written so often without being reported."""


def is_new(member: Member) -> bool:
    """Whether the limits of new accounts hold. They end for good, and nobody is shown a number."""
    if looks_new(member):
        return True
    if member.settled_at is None:
        member.settled_at = timezone.now()
        Member.objects.filter(pk=member.pk).update(settled_at=member.settled_at)
    return False


def looks_new(member: Member) -> bool:
    """The same, and nothing is written down."""
    if member.settled_at is not None or member.held_roles or _steers(member):
        return False  # known here, or trusted by those who are
    return member.joined_at > timezone.now() - NEW_FOR or _accepted(member) < NEW_POSTS


def _steers(member: Member) -> bool:
    """Whether they lead the community, or a group that others agreed to and that has not ended."""
    return any(
        row.ring >= Ring.STEWARD
        and (row.space.is_root or (row.space.listed_at and not row.space.closed_at))
        for row in member.memberships_by_space.values()
    )


def _accepted(member: Member) -> int:
    """Posts, and messages in rooms of groups, that stand and were not reported: as many as matter.

    What is said among few people does not count: nobody else could have objected.
    """
    reported = Case.objects.filter(person=member).exclude(outcome=Case.Outcome.KEPT)
    posts = (
        Item.objects.filter(author=member, deleted_at=None, hidden_at=None)
        .exclude(pk__in=reported.filter(item__isnull=False).values("item"))[:NEW_POSTS]
        .count()
    )
    if posts >= NEW_POSTS:
        return posts
    said = (
        Message.objects.filter(author=member, deleted_at=None, hidden_at=None)
        .exclude(room__kind=Room.Kind.DIRECT)
        .exclude(pk__in=reported.filter(message__isnull=False).values("message"))
    )
    return posts + said[:NEW_POSTS].count()
