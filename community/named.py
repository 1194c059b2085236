"""Knows whom a text names, of those who may read it: people by their handle, and all who steward
the place or are in its core team by one word for them, in any language of the site."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import pgettext

from community import prose
from community.models import Membership, Ring, Space

MOST = 100
"""So many at most are named by one word."""


@dataclass
class Named:
    """Whom a text names, as ``prose.render`` takes it."""

    people: dict[str, tuple[int, str]] = field(default_factory=dict)
    """Handle → (number, name)."""
    circles: set[str] = field(default_factory=set)
    """Words for several."""
    members: set[int] = field(default_factory=set)
    """Everybody named, by number."""


def named(text: str, readers: Any, space: Space | None) -> Named:
    """Of ``readers``, a queryset of members, those whom the text names. Without a mention no
    query; one for people, one more for each ring that is named by a word."""
    found = Named()
    handles = prose.mentioned_handles(text) if "@" in text else set()
    if not handles:
        return found
    for person in readers.filter(handle__in=handles):
        found.people[person.handle] = person.pk, person.display_name
        found.members.add(person.pk)
    if space is not None:
        found.circles = handles & words().keys()
        for ring in {words()[word] for word in found.circles}:
            here = Membership.objects.filter(space=space, ring__gte=ring)
            holding = readers.filter(pk__in=here.values("member")).order_by("pk")[:MOST]
            found.members |= set(holding.values_list("pk", flat=True))
    return found


def names_several(text: str) -> bool:
    """Whether one of the words for several stands in the text."""
    return "@" in text and not prose.mentioned_handles(text).isdisjoint(words())


def word_for(ring: int) -> str:
    """The word for all of that ring, in the language of who writes."""
    if ring >= Ring.STEWARD:
        return pgettext("one word that names all of them, as @stewards", "stewards")
    return pgettext("one word that names all of them, as @core", "core")


@cache
def words() -> dict[str, int]:
    """Word → the ring from which on people are named by it, in every language of the site."""
    found = {}
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            found |= {word_for(ring).lower(): ring for ring in (Ring.CORE, Ring.STEWARD)}
    return found
