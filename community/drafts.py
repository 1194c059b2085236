"""Knows where a draft belongs and how to say so: its place is a word and numbers."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from community import prose
from community.models import Draft, Item, Member, Space
from community.registry import Creation, registry

FIELDS = {"title", "text", "template", "ring"}
_PLACE = re.compile(r"(topic|comment|edit):(\d{1,18})(?::(\d{1,18}))?")


def is_place(place: str) -> bool:
    return _PLACE.fullmatch(place) is not None


@dataclass(frozen=True)
class Begun:
    """A draft, with the sentence that says what it is of and the address to go on writing."""

    draft: Draft
    label: str
    excerpt: str
    url: str
    """Empty when the place is no longer open to its writer; the words still are."""
    text: str


def of(member: Member, *, most: int = 100) -> list[Begun]:
    """The member's drafts, newest first; three queries."""
    rows = list(Draft.objects.filter(member=member).order_by("-updated_at")[:most])
    parts = {row.pk: _PLACE.fullmatch(row.place) for row in rows}
    numbers = {"topic": set(), "item": set()}
    for found in parts.values():
        if found and found[1]:
            numbers["topic" if found[1] == "topic" else "item"].add(int(found[2]))
    items = (
        {
            item.pk: item
            for item in Item.objects.visible_to(member)
            .filter(pk__in=numbers["item"])
            .select_related("comment__item")
            .defer("search", "comment__item__search")
        }
        if numbers["item"]
        else {}
    )
    spaces = Space.objects.visible_to(member).in_bulk(numbers["topic"]) if numbers["topic"] else {}
    return [_begun(row, parts[row.pk], items, spaces) for row in rows]


def _begun(row: Draft, found: Any, items: dict[int, Item], spaces: dict[int, Space]) -> Begun:
    label, url = _("Something you began"), ""
    if found and found[1] == "topic" and int(found[2]) in spaces:
        space = spaces[int(found[2])]
        label = _("A new topic in %(space)s") % {"space": space.name}
        url = f"{space.get_absolute_url()}new/"
    elif (begins := _creation(row.place)) is not None:
        label, url = begins.label, reverse(begins.url_name)
    elif found and int(found[2] or 0) in items:
        item = items[int(found[2])]
        title = item.title or getattr(getattr(item, "comment", None), "item", item).title
        address = registry.kind(item.kind).address(item.pk)
        if found[1] == "edit":
            label, url = _("A change to “%(title)s”") % {"title": title}, f"{address}edit/"
        else:
            label, url = _("A reply in “%(title)s”") % {"title": title}, f"{address}#reply"
            if found[3]:
                url = f"{address}?reply={found[3]}#reply"
    text = row.data.get("text") or ""
    words = row.data.get("title") or row.data.get("name") or prose.plain(text, 160)
    return Begun(row, label, words or _("Pictures or files"), url, text)


def _creation(place: str) -> Creation | None:
    """What is begun at a place such as ``group:new``: something the create button offers."""
    name, _colon, rest = place.partition(":")
    return registry.creations.get(name) if rest == "new" else None
