"""Knows which parts of a group are shown, in which order, and what the group calls them."""

from __future__ import annotations

from dataclasses import dataclass

from community.addresses import address
from community.models import Space
from community.registry import Tab, registry
from groups.head import TabLink

MOST_LETTERS = 20
"""In a word for a tab: several fit beside each other on a phone."""


@dataclass(frozen=True)
class Arranged:
    """A tab as one group has it."""

    entry: Tab
    word: str
    """What its stewards call it; empty for the name it has everywhere."""
    is_on: bool

    @property
    def label(self) -> str:
        return self.word or str(self.entry.label)


def arranged(space: Space) -> list[Arranged]:
    """Every tab the apps bring: first those the stewards put in order, then the others."""
    chosen = {name: place for place, name in enumerate(space.tabs_order)}
    entries = sorted(
        registry.ordered("tabs"), key=lambda entry: chosen.get(entry.name, len(chosen))
    )
    return [
        Arranged(
            entry=entry,
            word=space.tab_words.get(entry.name, ""),
            is_on=not (entry.switchable and entry.name in space.tabs_off),
        )
        for entry in entries
    ]


def shown(space: Space, current: str, *, ring: int, inside: bool) -> list[TabLink]:
    """Less those switched off here, and those this ring does not see."""
    return [
        TabLink(
            name=tab.entry.name,
            label=tab.label,
            icon=tab.entry.icon,
            url=address(tab.entry.url_name, space.slug),
            current=tab.entry.name == current,
        )
        for tab in arranged(space)
        if tab.is_on and ring >= tab.entry.min_ring and (inside or tab.entry.name == "about")
    ]
