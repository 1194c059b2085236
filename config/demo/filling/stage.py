"""What the steps of the filling hand to each other."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from community.doorbell import Doorbell
from community.models import Comment, Member, Ring
from config.demo.drawing import Drawings
from groups.models import Group, Topic

RINGS = {ring.name.lower(): ring for ring in Ring}


@dataclass
class Stage:
    """Rows by the keys of the demo data, and when each of them is said to have happened."""

    now: datetime
    drawings: Drawings
    people: dict[str, Member] = field(default_factory=dict)
    groups: dict[str, Group] = field(default_factory=dict)
    topics: dict[str, Topic] = field(default_factory=dict)
    said: dict[str, list[Comment]] = field(default_factory=dict)
    """Topic's key → its comments in order."""
    dated: list[tuple[Any, dict[str, datetime]]] = field(default_factory=list)
    """Rows that operations made, with the columns to date back."""

    def date(self, row: Any, **columns: datetime) -> None:
        self.dated.append((row, columns))


def rings_of(group: Any) -> Iterator[tuple[str, Ring]]:
    """(key of a person, ring) of everybody in a group of the data, stewards first."""
    for ring, keys in (
        (Ring.STEWARD, group.stewards),
        (Ring.CORE, group.core),
        (Ring.PARTICIPANT, group.participants),
        (Ring.FOLLOWER, group.followers),
    ):
        for key in keys.split():
            yield key, ring


def scatter(*words: str, most: int) -> int:
    """A number below `most` that looks random and is the same every time."""
    number = 7
    for letter in "/".join(words):
        number = (number * 131 + ord(letter)) % 1_000_003
    return number % most


def a_little_later(at: datetime, *words: str, minutes: int, now: datetime) -> datetime:
    """Up to so many minutes after `at`, but before now."""
    then = at + timedelta(minutes=1 + scatter(*words, most=minutes))
    return then if then < now else at + (now - at) / 2


NOT_NOW = frozenset(
    f"community.tasks.{name}"
    for name in ("deliver", "follow_up", "send_notices", "send_pushes", "deliver_mail")
)
"""Who is told of what is worked out when all dates are right (dates.py)."""


@contextmanager
def tasks_run_here() -> Iterator[None]:
    """Work for later is done at once in this process: a worker may not be running yet. Nobody has
    a page or a mailbox open, so bells do not ring; what is to be sent, or to be followed up with
    a newcomer, waits for the worker."""
    from community.notices import bell
    from config.celery import app

    before, exact = app.conf.task_always_eager, bell.EXACT
    app.conf.task_always_eager, bell.EXACT, Doorbell.silent = True, 0, NOT_NOW
    try:
        yield
    finally:
        app.conf.task_always_eager, bell.EXACT, Doorbell.silent = before, exact, frozenset()
