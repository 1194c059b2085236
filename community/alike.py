"""Knows which people and groups have a name that is nearly what somebody typed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any
from unicodedata import combining, normalize

from django.contrib.postgres.search import TrigramWordSimilarity
from django.db.models import Exists, OuterRef, Q, QuerySet

from community import profiles
from community.models import Member, Membership, Space
from community.models.bare import Bare
from community.models.people import face
from community.prepared import prepared
from community.stems import Asked

NEARLY = 0.7
"""How alike two words must be written (difflib's ratio), of those with some letters in common."""
MOST_RATED = 60


@dataclass(frozen=True)
class Names:
    people: list[Member]
    groups: list[Space]


def names(reader: Member | None, asked: Asked, *, people: int = 3, groups: int = 3) -> Names:
    """People and groups whose name is like what was typed, the most alike first; two queries.

    PostgreSQL finds whose name has some letters in common with it: how many stands with the
    connection (pg_trgm.word_similarity_threshold in config/environment.py), where indexes ask it.
    Of these the names are kept that are written nearly the same.
    """
    if len(asked.name) < 2:
        return Names([], [])
    name = bare(asked.name)
    near = tuple(profiles.circles(reader)) if reader else ()
    return Names(
        _alike(_people(reader, name, near), name, people) if reader and people else [],
        _alike(_groups(reader, name), name, groups) if groups else [],
    )


def _alike(rows: Iterable[Any], name: str, most: int) -> list[Any]:
    rated = [(_likeness(name, row), row) for row in rows]
    kept = [pair for pair in rated if pair[0] >= NEARLY]
    return [row for _, row in sorted(kept, key=lambda pair: -pair[0])[:most]]


def _likeness(typed: str, row: Any) -> float:
    """1 for a name, its beginning or a handle that is typed right; each word counts alike."""
    name = bare(row.name)
    if getattr(row, "handle", None) == typed:
        return 1.0
    words = name.split()
    each = [max((_ratio(one, word) for word in words), default=0.0) for one in typed.split()]
    return max(sum(each) / len(each), SequenceMatcher(None, typed, name).ratio())


def _ratio(typed: str, word: str) -> float:
    return 1.0 if word.startswith(typed) else SequenceMatcher(None, typed, word).ratio()


@prepared(replan=True)
def _people(reader: Any, name: str, groups: tuple[int, ...]) -> QuerySet:
    """There is no search over everybody: only who stands in the list of people for the reader, or
    shares a group with them that tells of its people."""
    near = Membership.objects.filter(member=OuterRef("pk"), space__in=groups)
    listed = Q(in_directory=True, onboarded_at__isnull=False)
    return (
        Member.objects.visible_to(reader)
        .filter(listed | Exists(near))
        .alias(bare=Bare("name"))
        .filter(Q(bare__trigram_word_similar=name) | Q(handle=name))
        .select_related("avatar")
        .only("handle", *face())
        .annotate(alike=TrigramWordSimilarity(name, "bare"))
        .order_by("-alike", "name", "pk")[:MOST_RATED]
    )


@prepared(replan=True)
def _groups(reader: Any, name: str) -> QuerySet:
    return (
        Space.objects.visible_to(reader)
        .exclude(kind=Space.ROOT)
        .alias(bare=Bare("name"))
        .filter(closed_at=None, bare__trigram_word_similar=name)
        .annotate(alike=TrigramWordSimilarity(name, "bare"))
        .order_by("-alike", "name", "pk")[:MOST_RATED]
    )


def bare(word: str) -> str:
    """Without accents and case."""
    return "".join(c for c in normalize("NFD", word.lower()) if not combining(c))
