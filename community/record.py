"""Knows what My record shows: everything held about one person, in words, counted in one query."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import CharField, Count, Value
from django.urls import reverse

from community import bases, personal
from community.models import Member


@dataclass(frozen=True)
class Line:
    """One holding, as the person reads it."""

    holding: personal.Holding
    count: int

    @property
    def url(self) -> str:
        return reverse(self.holding.link) if self.holding.link else ""


@dataclass(frozen=True)
class Shelf:
    name: str
    heading: Any
    lines: list[Line]


@dataclass(frozen=True)
class Record:
    shelves: list[Shelf]
    """With what is held; a shelf that holds nothing is left out."""
    nothing: list[personal.Holding]
    """What could be held of somebody, and is not of this person."""
    rests_on: list[bases.Standing]
    """The law it is held by, since when, and what shows it."""


def of(member: Member) -> Record:
    counts = _counts(member)
    shelves: dict[str, list[Line]] = {}
    nothing = []
    for holding in personal.holdings():
        if holding.hidden:
            continue
        if count := counts.get(holding.name, 0):
            shelves.setdefault(holding.shelf, []).append(Line(holding, count))
        else:
            nothing.append(holding)
    return Record(
        [Shelf(name, personal.SHELVES[name], lines) for name, lines in shelves.items()],
        nothing,
        bases.of(member, counts),
    )


def _counts(member: Member) -> dict[str, int]:
    """Name of a holding → how many rows; those without any are missing."""
    asked = [_count(holding, member) for holding in personal.holdings() if not holding.hidden]
    first, *others = asked
    return dict(first.union(*others, all=True).values_list("holding", "n"))


def _count(holding: personal.Holding, member: Member) -> Any:
    named = (
        holding.of(member)
        .order_by()
        .annotate(holding=Value(holding.name, output_field=CharField()))
    )
    return named.values("holding").annotate(n=Count("pk")).values_list("holding", "n")
