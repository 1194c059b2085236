"""Knows how to ask a question again without composing it again.

Composing a queryset with its visibility takes the processor longer than PostgreSQL takes to
answer it. So what every page asks is composed once for each *shape*, with stand-ins where its
values go, compiled once, and from then on only filled in:

    @prepared
    def _newest(reader, space, *, reach):
        return Topic.objects.visible_to(reader).filter(space=space, min_ring__lte=reach)

    rows = _newest(member, space.pk, reach=2)

What comes by position is a value: the reader (a member or None), the number of a row, a moment, a
word. What comes by name is shape, of which there are few. The function never sees the values, nor
more of the reader than `visible_to` looks at: it cannot keep what was meant for one and give it to
another. PostgreSQL plans the question once for each connection, too.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from functools import wraps
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet
from django.db.models.query import ModelIterable, get_related_populators
from psycopg import Cursor
from psycopg.sql import Literal

MOST = 500
"""Compiled questions kept; there are far fewer, unless values are passed by name."""

_LISTS = ("rings", "group_ids", "led_ids", "kept_apart_ids")
_PLACE = re.compile("%[%s]")
_STAND_IN = re.compile("7305000000000|\ue005|0003-02-0[12]")

_questions: dict[Any, _Question] = {}
_looked_at: dict[Any, tuple[str, ...]] = {}
"""By question, less the lengths of lists: the lists of the reader that its answer depends on."""


def prepared(compose: Callable[..., QuerySet]) -> Callable[..., list[Any]]:
    """Decorate a function that composes a queryset of models; called, it returns the rows."""

    @wraps(compose)
    def ask(*values: Any, **shape: Any) -> list[Any]:
        kinds = tuple(map(_kind_of, values))
        key = (compose, kinds, *sorted(shape.items()))
        looked_at = _looked_at.get(key)
        question = None
        if looked_at is not None:
            question = _questions.get((key, looked_at, _lengths(values, kinds, looked_at)))
        if question is None:
            if len(_questions) >= MOST:
                forget()
            question = _Question(compose, values, kinds, shape)
            _looked_at[key] = question.looked_at
            lengths = _lengths(values, kinds, question.looked_at)
            _questions[key, question.looked_at, lengths] = question
        return question.ask(values)

    return ask


def forget() -> None:
    """Compose everything anew: for tests that change the rules."""
    _questions.clear()
    _looked_at.clear()


def _kind_of(value: Any) -> Any:
    if value is None or isinstance(value, (int, str, datetime)):
        return type(value)
    return ("reader", value.is_active, value.is_community_member)


def _lengths(values: tuple, kinds: tuple, names: tuple[str, ...]) -> tuple[int, ...]:
    return tuple(
        len(_list_of(value, name))
        for value, kind in zip(values, kinds, strict=True)
        if isinstance(kind, tuple)
        for name in names
    )


def _list_of(reader: Any, name: str) -> list[int]:
    """A list of the reader's, filled up to a power of two with its last number: few shapes."""
    numbers = list(getattr(reader, name))
    if numbers:
        wanted = 1 << (len(numbers) - 1).bit_length()
        numbers += [numbers[-1]] * (wanted - len(numbers))
    return numbers


class _StandIns:
    """Values that no row has, by which the real ones' places are found again."""

    def __init__(self) -> None:
        self.places: dict[Any, tuple[int, str, int]] = {}

    def for_value(self, place: int, kind: type) -> Any:
        number = len(self.places)
        if kind is type(None):
            return None
        found: Any = 7_305_000_000_000_000_000 + number
        if issubclass(kind, datetime):
            found = datetime(3, 2, 1, tzinfo=UTC) + timedelta(microseconds=number)
        elif issubclass(kind, str):
            found = f"\ue005{number}"
        self.places[found] = (place, "", 0)
        return found

    def for_list(self, place: int, name: str, length: int) -> list[int]:
        found = []
        for index in range(length):
            number = 7_305_000_000_000_000_000 + len(self.places)
            self.places[number] = (place, name, index)
            found.append(number)
        return found


class _Reader:
    """Whoever will ask, as far as `visible_to` may look."""

    is_authenticated = True

    def __init__(self, member: Any, place: int, stand_ins: _StandIns):
        self.is_active = member.is_active
        self.is_community_member = member.is_community_member
        self.pk = self.id = stand_ins.for_value(place, int)
        self._lists = {
            name: stand_ins.for_list(place, name, len(_list_of(member, name))) for name in _LISTS
        }
        self.looked_at: set[str] = set()

    def __int__(self) -> int:
        return self.pk

    def __getattr__(self, name: str) -> Any:
        if name not in _LISTS:
            raise AttributeError(f"A prepared question may not depend on “{name}” of its reader.")
        self.looked_at.add(name)
        return self._lists[name]


class _Question:
    """A queryset with its SQL, where only the values are missing."""

    def __init__(self, compose: Callable, values: tuple, kinds: tuple, shape: dict[str, Any]):
        stand_ins = _StandIns()
        given = [
            _Reader(value, place, stand_ins)
            if isinstance(kind, tuple)
            else stand_ins.for_value(place, kind)
            for place, (value, kind) in enumerate(zip(values, kinds, strict=True))
        ]
        self.rows = compose(*given, **shape)
        if self.rows._prefetch_related_lookups or self.rows._iterable_class is not ModelIterable:
            raise TypeError("Only querysets of models can be prepared, without prefetching.")
        self.compiler = self.rows.query.get_compiler(using=self.rows.db)
        self.order: list[tuple[int, str, int]] = []
        try:
            sql, params = self.compiler.as_sql()
            self.sql = self._with_constants(sql, iter(params), stand_ins)
            self._note_how_rows_are_read()
        except EmptyResultSet:
            self.sql = ""
        readers = [one for one in given if isinstance(one, _Reader)]
        self.looked_at = tuple(n for n in _LISTS if any(n in one.looked_at for one in readers))

    def _with_constants(self, sql: str, params: Any, stand_ins: _StandIns) -> str:
        """The SQL with every parameter written out but the stand-ins: the planner sees them."""
        connection.ensure_connection()

        def write(found: re.Match) -> str:
            if found[0] == "%%":
                return "%%"
            param = next(params)
            if isinstance(param, (int, str, datetime)) and param in stand_ins.places:
                self.order.append(stand_ins.places[param])
                return "%s"
            if isinstance(param, (datetime, date)):  # it would stand still from then on
                raise TypeError("A prepared question is told the time by position.")
            constant = Literal(param).as_string(connection.connection)
            if _STAND_IN.search(constant):  # a LIKE, a JSON value: it would hold for everybody
                raise TypeError("A value of this question is changed on its way: do not prepare it")
            return constant.replace("%", "%%")

        return _PLACE.sub(write, sql)

    def _note_how_rows_are_read(self) -> None:
        """What Django's ModelIterable works out for every query: here it is always the same."""
        compiler = self.compiler
        compiler.connection = connection  # of whichever thread asks
        info, select = compiler.klass_info, compiler.select
        first, last = info["select_fields"][0], info["select_fields"][-1] + 1
        self.model, self.own = info["model"], slice(first, last)
        self.names = [column[0].target.attname for column in select[first:last]]
        self.related = get_related_populators(info, select, self.rows.db)
        self.annotated = list(compiler.annotation_col_map.items())
        self.converters = compiler.get_converters([column[0] for column in select])

    def ask(self, values: tuple) -> list[Any]:
        if not self.sql:
            return []
        lists = {
            (place, name): _list_of(values[place], name)
            for place, name in {(place, name) for place, name, _ in self.order if name}
        }
        params = [
            lists[place, name][index] if name else _plain(values[place])
            for place, name, index in self.order
        ]
        with _cursor() as cursor:
            cursor.execute(self.sql, params)
            found = cursor.fetchall()
        if self.converters:
            found = self.compiler.apply_converters(found, self.converters)
        return [self._model_of(row) for row in found]

    def _model_of(self, row: Any) -> Any:
        made = self.model.from_db(self.rows.db, self.names, row[self.own])
        for populator in self.related:
            populator.populate(row, made)
        for name, place in self.annotated:
            setattr(made, name, row[place])
        return made


def _plain(value: Any) -> Any:
    return value if isinstance(value, (int, str, datetime)) else value.pk


def _cursor() -> Any:
    """One of those that prepare; where queries are logged (tests, DEBUG), Django's, which tells."""
    if connection.queries_logged:
        return connection.cursor()
    connection.ensure_connection()
    with connection.wrap_database_errors:
        return connection._prepare_cursor(Cursor(connection.connection))
