"""Knows how to ask a question again without composing it again.

Composing a queryset with its visibility takes the processor longer than PostgreSQL takes to
answer it. So what every page asks is composed once for each *shape*, with stand-ins where its
values go, compiled once, and from then on only filled in:

    @prepared
    def _newest(reader, space, *, reach):
        return Topic.objects.visible_to(reader).filter(space=space, min_ring__lte=reach)

    rows = _newest(member, space.pk, reach=2)

What comes by position is a value: the reader (a member or None), the number of a row, a tuple of
numbers, a moment, a word, a UUID. What comes by name is shape, of which there are few. The function
never sees the values, nor more of the reader than `visible_to` looks at: it cannot keep what was
meant for one and give it to another. PostgreSQL plans the question once for each connection, too.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, timedelta
from functools import cache, partial, wraps
from threading import Lock
from typing import Any
from uuid import UUID

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Model, QuerySet, signals
from django.db.models.base import ModelState
from django.db.models.query import ModelIterable, get_related_populators
from django.db.models.sql import UpdateQuery
from psycopg import Cursor
from psycopg.sql import Literal

MOST = 2000
"""Compiled questions kept, about 15 KB each; above that the oldest goes."""

_ITSELF = "itself"
_LISTS = ("rings", "group_ids", "led_ids", "kept_apart_ids")
_PLACE = re.compile("%[%s]")
_STAND_IN = re.compile("7305000000000|\ue005|0003-02-0[12]|73050000-0000")
_PLAIN = (int, str, datetime, UUID)

_questions: dict[Any, _Statement] = {}
_looked_at: dict[Any, tuple[str, ...]] = {}
"""By question, less the lengths of lists: the lists that any reader's answer depended on so far."""
_keeping = Lock()


def prepared(compose: Callable[..., QuerySet] | None = None, *, replan: bool = False) -> Any:
    """Decorate a function that composes a queryset of models; called, it returns the rows.

    Where the best way depends on the values (on words that are looked for), ``replan`` lets
    PostgreSQL plan each time. ``estimate`` of what is returned tells how many rows it expects.
    """
    if compose is None:
        return partial(prepared, replan=replan)

    @wraps(compose)
    def ask(*values: Any, **shape: Any) -> list[Any]:
        return _question(compose, values, shape).ask(values, replan=replan)

    def estimate(*values: Any, **shape: Any) -> int:
        return _question(compose, values, shape).estimate(values)

    ask.estimate = estimate
    return ask


def prepared_update(compose: Callable[..., tuple[QuerySet, dict[str, Any]]]) -> Callable[..., int]:
    """Decorate a function that gives rows and what is set on them; called, it sets that and says
    on how many rows."""

    @wraps(compose)
    def change(*values: Any, **shape: Any) -> int:
        return _question(compose, values, shape, _Change).make(values)

    return change


def _question(
    compose: Callable, values: tuple, shape: dict[str, Any], kind: type[_Statement] | None = None
) -> Any:
    kinds = tuple(map(_kind_of, values))
    key = (compose, kinds, *sorted(shape.items()))
    looked_at = _looked_at.get(key, ())
    question = _questions.get((key, looked_at, _lengths(values, kinds, looked_at)))
    if question is None:
        question = (kind or _Question)(compose, values, kinds, shape)
        with _keeping:
            # Who has nobody blocked may be asked about fewer lists than who has: all of them count.
            known = {*_looked_at.get(key, ()), *question.looked_at}
            looked_at = _looked_at[key] = tuple(name for name in _LISTS if name in known)
            if len(_questions) >= MOST:
                del _questions[next(iter(_questions))]  # the oldest
            _questions[key, looked_at, _lengths(values, kinds, looked_at)] = question
    return question


def forget() -> None:
    """Compose everything anew: for tests that change the rules."""
    with _keeping:
        _questions.clear()
        _looked_at.clear()


def _kind_of(value: Any) -> Any:
    if value is None or isinstance(value, _PLAIN):
        return type(value)
    if isinstance(value, tuple):
        return ("numbers", len(_filled(value)))
    return ("reader", value.is_active, value.is_present, value.is_community_member)


def _lengths(values: tuple, kinds: tuple, names: tuple[str, ...]) -> tuple[int, ...]:
    return tuple(
        len(_list_of(value, name))
        for value, kind in zip(values, kinds, strict=True)
        if _is_reader(kind)
        for name in names
    )


def _is_reader(kind: Any) -> bool:
    return isinstance(kind, tuple) and kind[0] == "reader"


def _list_of(value: Any, name: str) -> list[int]:
    """A list of the reader's, or a tuple of numbers that was given."""
    return _filled(value if name == _ITSELF else getattr(value, name))


def _filled(given: Iterable[int]) -> list[int]:
    """Up to a power of two, with the last number: few shapes."""
    numbers = list(given)
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
        elif issubclass(kind, UUID):
            found = UUID(int=(0x73050000 << 96) + number)
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
        self.is_present = member.is_present
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


def _given(value: Any, kind: Any, place: int, stand_ins: _StandIns) -> Any:
    if _is_reader(kind):
        return _Reader(value, place, stand_ins)
    if isinstance(kind, tuple):
        return stand_ins.for_list(place, _ITSELF, kind[1])
    return stand_ins.for_value(place, kind)


class _Statement(ABC):
    """SQL in which only the values are missing.

    The queryset itself is let go: it weighs up to half a megabyte.
    """

    def __init__(self, compose: Callable, values: tuple, kinds: tuple, shape: dict[str, Any]):
        stand_ins = _StandIns()
        given = [
            _given(value, kind, place, stand_ins)
            for place, (value, kind) in enumerate(zip(values, kinds, strict=True))
        ]
        self.order: list[tuple[int, str, int]] = []
        compiler = self._compiler(compose(*given, **shape))
        try:
            sql, params = compiler.as_sql()
            self.sql = self._with_constants(sql, iter(params), stand_ins)
            self._note(compiler)
        except EmptyResultSet:
            self.sql = ""
        readers = [one for one in given if isinstance(one, _Reader)]
        self.looked_at = tuple(n for n in _LISTS if any(n in one.looked_at for one in readers))

    @abstractmethod
    def _compiler(self, composed: Any) -> Any:
        """Of what the decorated function gave."""

    @abstractmethod
    def _note(self, compiler: Any) -> None:
        """Keep of the compiler what is needed to read the answer."""

    def _with_constants(self, sql: str, params: Any, stand_ins: _StandIns) -> str:
        """The SQL with every parameter written out but the stand-ins: the planner sees them."""
        connection.ensure_connection()

        def write(found: re.Match) -> str:
            if found[0] == "%%":
                return "%%"
            param = next(params)
            if isinstance(param, _PLAIN) and param in stand_ins.places:
                self.order.append(stand_ins.places[param])
                return "%s"
            if isinstance(param, (datetime, date)):  # it would stand still from then on
                raise TypeError("A prepared question is told the time by position.")
            constant = Literal(param).as_string(connection.connection)
            if _STAND_IN.search(constant):  # a LIKE, a JSON value: it would hold for everybody
                raise TypeError("A value of this question is changed on its way: do not prepare it")
            return constant.replace("%", "%%")

        return _PLACE.sub(write, sql)

    def _params(self, values: tuple) -> list[Any]:
        lists = {
            (place, name): _list_of(values[place], name)
            for place, name in {(place, name) for place, name, _ in self.order if name}
        }
        return [
            lists[place, name][index] if name else _plain(values[place])
            for place, name, index in self.order
        ]


class _Change(_Statement):
    """An UPDATE."""

    def _compiler(self, composed: tuple[QuerySet, dict[str, Any]]) -> Any:
        rows, fields = composed
        query = rows.query.chain(UpdateQuery)
        query.add_update_values(fields)
        return query.get_compiler(using=rows.db)

    def _note(self, compiler: Any) -> None:
        """Nothing: the answer is a number of rows."""

    def make(self, values: tuple) -> int:
        if not self.sql:
            return 0
        with _cursor() as cursor:
            cursor.execute(self.sql, self._params(values))
            return cursor.rowcount


class _Question(_Statement):
    """A SELECT, and how its rows are read."""

    def _compiler(self, rows: QuerySet) -> Any:
        if rows._prefetch_related_lookups or rows._iterable_class is not ModelIterable:
            raise TypeError("Only querysets of models can be prepared, without prefetching.")
        self.db = rows.db
        return rows.query.get_compiler(using=rows.db)

    def _note(self, compiler: Any) -> None:
        """What Django's ModelIterable works out for every query: here it is always the same."""
        info, select = compiler.klass_info, compiler.select
        first, last = info["select_fields"][0], info["select_fields"][-1] + 1
        self.model, self.own = info["model"], slice(first, last)
        self.names = [column[0].target.attname for column in select[first:last]]
        self.related = get_related_populators(info, select, self.db)
        self.annotated = list(compiler.annotation_col_map.items())
        converters = compiler.get_converters([column[0] for column in select])
        self.converters = [(place, *found) for place, found in converters.items()]

    def ask(self, values: tuple, *, replan: bool) -> list[Any]:
        if not self.sql:
            return []
        with connection.cursor() if replan else _cursor() as cursor:
            cursor.execute(self.sql, self._params(values))
            found = cursor.fetchall()
        if self.converters:
            found = [self._converted(row) for row in found]
        return [self._model_of(row) for row in found]

    def _converted(self, row: Any) -> list[Any]:
        row = list(row)
        for place, converters, expression in self.converters:
            for convert in converters:
                row[place] = convert(row[place], expression, connection)
        return row

    def estimate(self, values: tuple) -> int:
        if not self.sql:
            return 0
        with connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN (FORMAT JSON) {self.sql}", self._params(values))
            (plan,) = cursor.fetchone()
        return plan[0]["Plan"]["Plan Rows"]

    def _model_of(self, row: Any) -> Any:
        made = _made(self.model, self.db, self.names, row[self.own])
        for populator in self.related:
            _join(made, populator, row)
        for name, place in self.annotated:
            setattr(made, name, row[place])
        return made


def _made(model: Any, db: str, names: list[str], values: Any) -> Any:
    """What ``from_db`` makes, without asking each field in turn; by it where somebody listens."""
    if not _is_plain(model):
        return model.from_db(db, names, values)
    made = model.__new__(model)
    state = made.__dict__["_state"] = ModelState()
    state.adding, state.db = False, db
    made.__dict__.update(zip(names, values, strict=True))
    return made


@cache
def _is_plain(model: Any) -> bool:
    kept = model.__init__ is Model.__init__ and model.from_db.__func__ is Model.from_db.__func__
    heard = (signals.pre_init, signals.post_init)
    return kept and not any(signal.has_listeners(model) for signal in heard)


def _join(made: Any, populator: Any, row: Any) -> None:
    """A joined row, as Django's populator sets it on ``made``."""
    order = populator.reorder_for_init
    values = order(row) if order else row[populator.cols_start : populator.cols_end]
    joined = None
    if values[populator.pk_idx] is not None:
        joined = _made(populator.model_cls, populator.db, populator.init_list, values)
        for deeper in populator.related_populators:
            _join(joined, deeper, row)
    populator.local_setter(made, joined)
    if joined is not None:
        populator.remote_setter(joined, made)


def _plain(value: Any) -> Any:
    return value if isinstance(value, _PLAIN) else value.pk


def _cursor() -> Any:
    """One of those that prepare; where queries are logged (tests, DEBUG), Django's, which tells."""
    if connection.queries_logged:
        return connection.cursor()
    connection.ensure_connection()
    with connection.wrap_database_errors:
        return connection._prepare_cursor(Cursor(connection.connection))
