"""Knows which items somebody finds by their words.

What the reader may not see is never looked at: every question begins with ``visible_to``.

An answer costs the same in a large community as in a small one. Where a word is common, only the
newest items that hold it are looked at, and those that have it in their title; of these the best
come first: how well the words fit, times how lately anybody spoke of it. Or the newest come first,
however well they fit.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.search import SearchRank
from django.db import connection
from django.db.models import F, FloatField, Func, QuerySet, Value
from django.db.models.fields.tuple_lookups import TupleLessThan
from django.db.models.functions import Cast
from django.utils import timezone

from community import keyset, stems
from community.models import Item, Member, Space
from community.models.people import face
from community.prepared import prepared
from community.registry import Kind, registry
from community.shown import own_rows
from community.stems import Asked, Stems

SIZE = 20
CANDIDATES = 400
"""Items whose words are weighed, newest first; and half as many more by their titles."""
COMMON = 20_000
"""From so many matches on, words are looked for in the newest items alone."""
WINDOW = 20_000
"""How many of the newest items these are."""
WEIGHTS = [0.1, 0.1, 0.2, 1.0]
"""What a word counts as "D", "C", in the text and in the title."""
EXCERPT = 240
"""Letters of a text that is shown whole."""
HALF_LIFE = timedelta(days=180)
FEW = 3
"""With fewer items than that, another spelling is offered."""

SPANS = {"week": timedelta(days=7), "month": timedelta(days=31), "year": timedelta(days=366)}
NEWEST = "new"
_CURSOR, _CURSOR_BY_TIME = "search", "search by time"
_SHOWN = ("kind", "title", "created_at", "space__name", "comment__text", "comment__item__title")
_MARKS = "\ue000", "\ue001"
_MARK = re.compile("[\ue000\ue001]")
_LONGEST = 10_000
"""Letters of a text in which an excerpt is looked for."""


@dataclass(frozen=True)
class Where:
    """The filters: of which kind, in which space, how new."""

    kind: str = ""
    space: Space | None = None
    span: str = ""
    order: str = ""
    """``NEWEST``, or the best first."""

    @property
    def narrow(self) -> tuple[int | None, datetime | None]:
        """In which space, and since when."""
        space = self.space.pk if self.space is not None else None
        return space, timezone.now() - SPANS[self.span] if self.span in SPANS else None


@dataclass(frozen=True)
class Piece:
    """A part of an excerpt: words, and whether they are what was looked for."""

    words: str
    is_found: bool


@dataclass
class Found:
    """An item with what a line of results shows of it."""

    item: Item
    kind: Kind
    url: str
    heading: list[Piece]
    excerpt: list[Piece]


@dataclass(frozen=True)
class Page:
    rows: list[Found]
    next_cursor: str


def searchable() -> list[Kind]:
    """The kinds whose words are looked at; what answers others comes last."""
    kinds = [kind for kind in registry.kinds.values() if kind.text is not None]
    return sorted(kinds, key=lambda kind: not kind.in_feed)


# Items


def items(
    reader: Member | None,
    asked: Asked,
    where: Where,
    cursor: str | None = None,
    *,
    size: int = SIZE,
) -> Page:
    """The best of what the reader may see, or the newest. At most seven queries."""
    if not asked:
        return Page([], "")
    if where.order == NEWEST:
        return _by_time(reader, asked, where, cursor, size)
    after = keyset.read_cursor(cursor, _CURSOR)
    began_at = after[0] if after else timezone.now()
    candidates = tuple(row.pk for row in _candidates(reader, asked, where))
    if not candidates:
        return Page([], "")
    if after:
        rows = _rated(reader, candidates, asked.everywhere, began_at)
        rows = rows.filter(TupleLessThan((F("score"), F("pk")), after[1:]))
        found = list(rows[: size + 1])
    else:
        found = _best(reader, candidates, asked.everywhere, began_at, most=size + 1)
    shown = found[:size]
    more = ""
    if len(found) > size:
        more = keyset.cursor([began_at, shown[-1].score, shown[-1].pk], _CURSOR)
    return Page(_dress(shown, asked), more)


@prepared(replan=True)
def _best(reader: Any, candidates: tuple, words: str, at: datetime, *, most: int) -> QuerySet:
    return _rated(reader, candidates, words, at)[:most]


def _rated(reader: Any, candidates: tuple[int, ...], words: str, at: datetime) -> QuerySet:
    return (
        _for_lines(Item.objects.visible_to(reader).filter(pk__in=candidates))
        .annotate(score=_score(words, at))
        .order_by("-score", "-pk")
    )


def _by_time(
    reader: Member | None, asked: Asked, where: Where, cursor: str | None, size: int
) -> Page:
    """The newest that fit, page after page. Numbers run in the order in which things were said."""
    before = (keyset.read_cursor(cursor, _CURSOR_BY_TIME) or [None])[0]
    rows = _narrowed(reader, asked.everywhere, *where.narrow, kind=where.kind)
    if before:
        rows = rows.filter(pk__lt=before)
    [about] = about_how_many(rows)
    are_many = about > COMMON // 4
    after = _start_of_window(before) if are_many else None
    found = list(_for_lines(_newest_first(rows, after))[: size + 1])
    shown = found[:size]
    more = keyset.cursor([shown[-1].pk], _CURSOR_BY_TIME) if len(found) > size else ""
    return Page(_dress(shown, asked), more)


def _for_lines(rows: QuerySet) -> QuerySet:
    """With what a line of results shows, in the same query."""
    rows = rows.select_related("space", "author__avatar", "comment__item")
    return rows.only(*_SHOWN, *face("author__"))


def by_title(reader: Member | None, asked: Asked, *, most: int = 5) -> list[Found]:
    """The newest whose title fits: for the list that opens while somebody types."""
    if not asked:
        return []
    many = _holding.estimate(reader, asked.in_titles, None, None, kind="")
    after = _start_of_window() if many > COMMON // 20 else None
    rows = _titled(reader, asked.in_titles, after, most=most)
    return [_found(row, [Piece(row.title, False)], []) for row in rows]


@prepared(replan=True)
def _titled(reader: Any, words: str, after: int | None, *, most: int) -> QuerySet:
    rows = _newest_first(Item.objects.visible_to(reader).filter(search=Stems(words)), after)
    return rows.select_related("space").only("kind", "title", "space__name")[:most]


def _candidates(reader: Member | None, asked: Asked, where: Where) -> list[Item]:
    """Those that are weighed: the newest that hold the words, and the newest titles that do."""
    kind, narrow = where.kind, where.narrow
    many = _holding.estimate(reader, asked.everywhere, *narrow, kind=kind)
    after = titled_after = None
    if many > COMMON // 4:
        titled = _holding.estimate(reader, asked.in_titles, *narrow, kind=kind)
        start = _start_of_window()
        after = start if many > COMMON else None
        titled_after = start if titled > COMMON // 4 else None
    words = asked.everywhere, asked.in_titles
    return _newest(reader, *words, *narrow, after, titled_after, kind=kind, most=CANDIDATES)


@prepared(replan=True)
def _newest(
    reader: Any,
    words: str,
    in_titles: str,
    space: int | None,
    since: datetime | None,
    after: int | None,
    titled_after: int | None,
    *,
    kind: str,
    most: int,
) -> QuerySet:
    heard = _narrowed(reader, words, space, since, kind=kind)
    titled = heard.filter(search=Stems(in_titles))
    heard = _newest_first(heard, after).only("pk")[:most]
    return heard.union(_newest_first(titled, titled_after).only("pk")[: most // 2])


def _narrowed(
    reader: Any, words: str, space: int | None, since: datetime | None, *, kind: str
) -> QuerySet:
    """What holds the words, of what the reader may see, within the filters."""
    rows = Item.objects.visible_to(reader).filter(search=Stems(words))
    if kind:
        rows = rows.filter(kind=kind)
    if space is not None:
        rows = rows.filter(space=space)
    if since is not None:
        rows = rows.filter(created_at__gte=since)
    return rows


@prepared(replan=True)
def _holding(
    reader: Any, words: str, space: int | None, since: datetime | None, *, kind: str
) -> QuerySet:
    """Only ever estimated."""
    return _narrowed(reader, words, space, since, kind=kind).only("pk")


def _newest_first(rows: QuerySet, after: int | None) -> QuerySet:
    """From the words to the rows that hold them; or, where these are too many to look at all of
    them, down the newest rows (those ``after`` a number) to those that hold the words."""
    if after is None:
        # By what no index holds, so that nobody walks down all rows for a word that is not there.
        return rows.order_by((F("pk") + 0).desc())
    return rows.filter(pk__gt=after).order_by("-pk")


def _start_of_window(before: int | None = None) -> int:
    """The number before the newest items, or before those ``before`` a number."""
    last = before or Item.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    return last - WINDOW


def about_how_many(*rows: QuerySet) -> list[int]:
    """The planner's estimates: it knows how common words are without counting; one query."""
    each = [ArraySubquery(one.order_by().values("pk")) for one in rows]
    asked = Space.objects.filter(kind=Space.ROOT).values_list(*each)
    told = json.loads(asked.explain(format="json"))
    plans = told[0]["Plan"]["Plans"]  # also how the root itself is found, if by a bitmap
    return [plan["Plan Rows"] for plan in plans if plan["Parent Relationship"] == "InitPlan"]


def _score(words: str, at: datetime) -> Any:
    """How well the words fit, of which half fades with time: 50 % of that half in half a year."""
    rank = SearchRank(F("search"), Stems(words), weights=WEIGHTS, normalization=Value(1))
    fit = Cast(rank, FloatField())
    fading = Func(
        Value(at),
        F("active_at"),
        template=f"(0.5 + 0.5 * power(0.5, extract(epoch FROM %(expressions)s)"
        f" / {HALF_LIFE.total_seconds():.1f})::float)",
        arg_joiner=" - ",
        output_field=FloatField(),
    )
    return fit * fading


# What a line of results shows


def _dress(shown: list[Item], asked: Asked) -> list[Found]:
    own = own_rows(shown)
    titles, texts = [], []
    for item in shown:
        comment = getattr(item, "comment", None)
        titles.append(comment.item.title if comment else item.title)
        texts.append(stems.said(own.get(item.pk, item)))
    pieces = _highlit(titles, texts, asked)
    return [
        _found(item, heading, excerpt)
        for item, (heading, excerpt) in zip(shown, pieces, strict=True)
    ]


def _found(item: Item, heading: list[Piece], excerpt: list[Piece]) -> Found:
    kind = registry.kind(item.kind)
    if not any(piece.words for piece in heading):
        heading = [Piece(str(kind.label), False)]
    return Found(item, kind, kind.address(item.pk), heading, excerpt)


def _highlit(
    titles: list[str], texts: list[str], asked: Asked
) -> list[tuple[list[Piece], list[Piece]]]:
    """Titles and excerpts with what was found marked; one query for all of them.

    PostgreSQL marks the words of one language. Whichever marks more is taken.
    """
    marks = f'StartSel="{_MARKS[0]}", StopSel="{_MARKS[1]}"'
    whole = f"{marks}, HighlightAll=true"
    part = f'{marks}, MaxFragments=2, MaxWords=26, MinWords=12, FragmentDelimiter=" … "'
    said = [_MARK.sub("", text[:_LONGEST]) for text in (*titles, *texts)]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT ts_headline('tequio_en', said, asked, how), "
            "ts_headline('tequio_es', said, asked, how) "
            "FROM unnest(%s::text[], %s::text[]) WITH ORDINALITY AS t (said, how, n), "
            "(SELECT %s::tsquery AS asked) q ORDER BY n",
            [said, [part if len(text) > EXCERPT else whole for text in said], asked.everywhere],
        )
        best = [
            _cut_off(max(row, key=lambda told: told.count(_MARKS[0])), text)
            for row, text in zip(cursor.fetchall(), said, strict=True)
        ]
    pieces = [list(_pieces(told)) for told in best]
    return list(zip(pieces[: len(titles)], pieces[len(titles) :], strict=True))


def _cut_off(told: str, text: str) -> str:
    """With a sign where there is more before or behind."""
    words = _MARK.sub("", told)
    before = "" if text.startswith(words[:30]) else "… "
    return f"{before}{told}{'' if text.endswith(words[-30:]) else ' …'}"


def _pieces(told: str) -> Iterator[Piece]:
    for place, words in enumerate(_MARK.split(told)):
        if words:
            yield Piece(words, place % 2 == 1)
