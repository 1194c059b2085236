"""Knows who may read a thing: ``visible_to`` turned round, for mentions, notices and mail."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q

from community.models import Block, Item, Member, Membership, Openness, Ring, Space


def readers(item: Item) -> object:
    """Active members who may read the item now, as a queryset. One statement, no loop.

    Agrees with ``Item.objects.visible_to``: a test asks both about everybody.
    """
    people = readers_of(item.space, item.min_ring)
    if item.deleted_at or item.hidden_at:
        return people.none()
    answered = Item.objects.filter(comments=item.pk).values_list("author", flat=True).first()
    authors = {author for author in (item.author_id, answered) if author}
    if authors:
        apart = Block.objects.filter(
            Q(member=OuterRef("pk"), blocked__in=authors)
            | Q(member__in=authors, blocked=OuterRef("pk"))
        )
        people = people.exclude(Exists(apart))
    return people


def readers_of(space: Space, min_ring: int) -> object:
    """Active members who may read what is in ``space`` from ``min_ring`` on."""
    people = Member.objects.filter(is_active=True)
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
