"""Knows whom a text names, of those who may read it: people by their handle, and all who steward
the place or are in its core team by one word for them, in any language of the site."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from typing import Any

from django.conf import settings
from django.db.models import Exists, OuterRef
from django.utils import translation
from django.utils.translation import pgettext

from community import prose
from community.models import Member, Membership, Ring, Space

MOST = 30
"""So many at most are named by one word."""


@dataclass
class Named:
    """Whom a text names, as ``prose.render`` takes it."""

    people: dict[str, tuple[int, str]] = field(default_factory=dict)
    """Handle → (number, name)."""
    circles: dict[str, str] = field(default_factory=dict)
    """Word for several → where they stand."""
    members: dict[int, Member] = field(default_factory=dict)
    """Everybody named, by number."""


def named(text: str, readers: Any, space: Space | None) -> Named:
    """Of ``readers``, a queryset of members, those whom the text names. Without a mention no
    query; one for people, one more for each word for several."""
    found = Named()
    handles = prose.mentioned_handles(text) if "@" in text else set()
    if not handles:
        return found
    circles = {word: ring for word, ring in words().items() if word in handles}
    for person in readers.filter(handle__in=handles):
        found.people[person.handle] = person.pk, person.display_name
        found.members[person.pk] = person
    if space is not None:
        for word, ring in circles.items():
            found.circles[word] = space.page("people")
            found.members |= {person.pk: person for person in _holding(readers, space, ring)}
    return found


def _holding(readers: Any, space: Space, ring: int) -> Any:
    here = Membership.objects.filter(space=space, member=OuterRef("pk"), ring__gte=ring)
    return readers.filter(Exists(here)).order_by("pk")[:MOST]


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
