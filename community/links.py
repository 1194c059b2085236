"""Knows what a writer may link to with "#": only what everybody who reads the text may read too."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from community.alike import bare
from community.models import Item, Member, Openness, Ring, Space
from community.models.bare import Bare
from community.registry import registry

FEWEST_LETTERS = 3


def linkable(member: Member, space: Space, ring: int) -> QuerySet:
    """Titled items for a text in ``space`` from ``ring`` on, so that a title never tells more than
    its readers may know: of the same space and no deeper, or open to the whole community."""
    here = Q(space=space, min_ring__lte=ring)
    everywhere = Q(
        space__openness__in=(Openness.PUBLIC, Openness.OPEN),
        space__listed_at__isnull=False,
        min_ring__lte=Ring.PARTICIPANT,
    )
    return (
        Item.objects.visible_to(member)
        .filter(here | everywhere, kind__in=registry.feed_kinds())
        .exclude(title="")
    )


def find(member: Member, space: Space, ring: int, q: str, *, most: int = 8) -> list[Item]:
    """The newest of them whose title holds ``q``; nothing for fewer than three letters."""
    if len(q) < FEWEST_LETTERS:
        return []
    found = linkable(member, space, ring).alias(bare=Bare("title")).filter(bare__contains=bare(q))
    return list(found.select_related("space").order_by("-active_at", "-pk")[:most])


def markdown(item: Item) -> str:
    """The link as it is written into a text."""
    title = item.title
    for sign in "\\[]<>*_`":
        title = title.replace(sign, f"\\{sign}")
    return f"[{title}]({registry.kind(item.kind).address(item.pk)}) "
