"""Knows how to say who reads what is said to a ring of a space: ``visible_to`` in words."""

from __future__ import annotations

from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from community.models import Openness, Ring, Space

READ_ALONG = (Openness.PUBLIC, Openness.OPEN)


def is_read_along(space: Space) -> bool:
    """Whether everybody in the community reads what is said to those who take part."""
    return space.listed_at is not None and space.openness in READ_ALONG


def reader_words(space: Space, min_ring: int) -> str:
    """Who may read what stands in ``space`` from ``min_ring`` on."""
    if min_ring == Ring.WEB and is_read_along(space) and space.openness == Openness.PUBLIC:
        return _("everybody on the web")
    if min_ring == Ring.STEWARD:
        return _("stewards only")
    if min_ring == Ring.CORE:
        return _("core team only")
    if is_read_along(space):
        return _("everyone in the community")
    if min_ring == Ring.PARTICIPANT:
        return _("everyone who takes part")
    return _("followers too")


def unusual_reader_words(space: Space, min_ring: int) -> str:
    """The same, for lists: empty where it is what is usual in this space."""
    words = reader_words(space, min_ring)
    return "" if words == reader_words(space, Ring.PARTICIPANT) else words


def reader_choices(space: Space, rings: list[int], told: dict[int, Any]) -> list[tuple[int, str]]:
    """Rings to choose from. Two that have the same readers differ in ``told``: who hears of it."""
    words = {int(ring): capfirst(reader_words(space, ring)) for ring in rings}
    return [
        (ring, f"{label} · {told[ring]}" if list(words.values()).count(label) > 1 else label)
        for ring, label in words.items()
    ]
