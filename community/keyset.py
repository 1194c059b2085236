"""Knows how a long list is cut into pages that stay right while the list changes.

A page begins after the last row of the one before it (a *keyset*), never at a number of rows: its
cost does not grow with its place, and nothing is shown twice when something new arrives on top.
The cursor in the address holds that row's sort values, signed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core import signing
from django.db.models import F, Q, QuerySet
from django.db.models.fields.tuple_lookups import TupleGreaterThan, TupleLessThan


@dataclass(frozen=True)
class Page:
    rows: list[Any]
    next_cursor: str
    """For the link to the next page; empty on the last one."""


def page(rows: QuerySet, cursor: str | None, *, order: Sequence[str], size: int = 30) -> Page:
    """``size`` rows after ``cursor``, sorted by ``order``; one query, whatever the page.

    ``order`` names fields, paths (``member__name``) or annotations as ``order_by`` does. They are
    never NULL, and the last one is unique. Let all of them run the same way where you can: that is
    one comparison of tuples, which an index answers. A cursor that is not ours (another list's, or
    tampered with) begins again at the top.
    """
    salt = _salt(order)
    after = _read(cursor, salt)
    rows = rows.order_by(*order)
    if after is not None:
        rows = rows.filter(_beyond(order, after))
    return _cut(list(rows[: size + 1]), order, size, salt)


def first_page(found: list[Any], *, order: Sequence[str], size: int = 30) -> Page:
    """The page of rows that were asked for already, sorted by ``order``, one more than ``size``."""
    return _cut(found, order, size, _salt(order))


def _cut(found: list[Any], order: Sequence[str], size: int, salt: str) -> Page:
    if len(found) <= size:
        return Page(found, "")
    last = found[size - 1]
    return Page(found[:size], signing.dumps([_write(last, name) for name in order], salt=salt))


def cursor(values: Sequence[Any], name: str) -> str:
    """A cursor for a list that cuts its own pages: the sort values of the last row shown."""
    return signing.dumps([_plain(value) for value in values], salt=f"keyset:{name}")


def read_cursor(cursor: str | None, name: str) -> list[Any] | None:
    """What `cursor` put there, or None for one that is not ours."""
    return _read(cursor, f"keyset:{name}")


def _salt(order: Sequence[str]) -> str:
    return "keyset:" + ",".join(order)


def _beyond(order: Sequence[str], after: list[Any]) -> Any:
    names = [name.lstrip("-") for name in order]
    down = [name.startswith("-") for name in order]
    if len(names) > 1 and len(set(down)) == 1:
        return (TupleLessThan if down[0] else TupleGreaterThan)(tuple(map(F, names)), after)
    beyond = Q()
    for place, name in enumerate(names):
        same = Q(**dict(zip(names[:place], after[:place], strict=True)))
        beyond |= same & Q(**{f"{name}__{'lt' if down[place] else 'gt'}": after[place]})
    return beyond & Q(**{f"{names[0]}__{'lte' if down[0] else 'gte'}": after[0]})


def _write(row: Any, name: str) -> Any:
    value = row
    for step in name.lstrip("-").split("__"):
        value = getattr(value, step)
    return _plain(value)


def _plain(value: Any) -> Any:
    return {"at": value.isoformat()} if isinstance(value, datetime) else value


def _read(cursor: str | None, salt: str) -> list[Any] | None:
    if not cursor:
        return None
    try:
        values = signing.loads(cursor, salt=salt)
    except signing.BadSignature:
        return None
    return [datetime.fromisoformat(v["at"]) if isinstance(v, dict) else v for v in values]
