"""Knows how any item is named in a line or two, whatever its kind: for bookmarks, notices and
whatever else lists items of all kinds."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.utils.translation import gettext as _

from community import prose
from community.models import Item, Member
from community.registry import Kind, registry


@dataclass(frozen=True)
class Brief:
    """An item in two lines."""

    item: Item
    kind: Kind
    title: str
    excerpt: str
    url: str
    thing: int
    """The id of what it belongs to: of a comment, what it answers; else its own."""

    @property
    def is_comment(self) -> bool:
        return self.thing != self.item.pk


def briefs(member: Member | None, pks: Iterable[int]) -> dict[int, Brief]:
    """{id: Brief} of those the reader may see; one query."""
    pks = list(pks)
    if not pks:
        return {}
    rows = (
        Item.objects.visible_to(member)
        .filter(pk__in=pks)
        .select_related("space", "author__avatar", "comment__item")
        .defer("search", "comment__search", "comment__text", "comment__item__search")
    )
    return {row.pk: brief(row) for row in rows}


def brief(item: Item) -> Brief:
    """``item`` with space, author and comment__item joined."""
    kind = registry.kind(item.kind)
    comment: Any = getattr(item, "comment", None)
    if comment is None:
        return Brief(item, kind, item.title or str(kind.label), "", kind.address(item.pk), item.pk)
    return Brief(
        item,
        kind,
        comment.item.title or _("A conversation"),
        prose.plain(comment.html, 160) if comment.html else "",
        kind.address(item.pk),
        comment.item_id,
    )


def own_rows(items: Iterable[Item]) -> dict[int, Any]:
    """{id: the row as its own kind}, which knows its text: a Topic, a Comment. Two queries for
    topics and comments, one more for every other kind; none for a comment that came along."""
    rows: dict[int, Any] = {}
    ids: dict[str, list[int]] = {}
    for item in items:
        if "comment" in item._state.fields_cache:
            rows[item.pk] = item._state.fields_cache["comment"]
        if rows.get(item.pk) is None:
            ids.setdefault(item.kind, []).append(item.pk)
    for kind, pks in ids.items():
        if model := registry.kind(kind).model:
            rows |= apps.get_model(model)._default_manager.defer("search").in_bulk(pks)
    return rows
