"""Knows how acts with special power are written down, and how one sees that nobody changed them.

`record` belongs at the end of an operation, inside its transaction: the entry stands or falls with
the act. When the transaction ends, PostgreSQL gives the entry the next number and a digest over its
content and the digest before it (community/database.py). Only then it takes the lock that makes one
chain of all writers, so a long operation keeps nobody waiting.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from community.models import AuditEntry, Case, Measure, Member, Space, StaffRole
from community.models.people import face
from community.registry import Act, registry

SAFEGUARDING = "safeguarding."
"""Acts whose name begins so are read by those who handle safeguarding only."""
STEWARD = "steward"
"""The office of whoever looked without a staff role."""
HELD_BACK = timedelta(days=90)
"""So long a moderator's look is not told, unless a measure about the person follows it."""


def act(name: str) -> Act:
    """The act of that name; one that no app brings any more keeps its bare name and is told to
    nobody."""
    return registry.acts.get(name) or Act(name, name, told=False)


def told() -> list[str]:
    """Acts that the person they were about reads of at once."""
    return [act.name for act in registry.acts.values() if act.told and not act.late]


def told_late() -> list[str]:
    return [act.name for act in registry.acts.values() if act.told and act.late]


def told_of(member: Any) -> Q:
    """Entries that the log tells this person of themselves: the only statement of it.

    A look that could give a case away is told once a measure about the person came after it, or
    when it is three months old and no case about them is open. So nobody learns by it that
    something was reported, neither while it is looked at nor when nothing came of it.
    """
    followed = Measure.objects.filter(member=member.pk, created_at__gte=OuterRef("at"))
    is_open = Exists(Case.objects.open().filter(person=member.pk))
    harmless = Exists(followed) | (Q(at__lte=now() - HELD_BACK) & ~is_open)
    at_once = Q(action__in=told())
    return Q(person_id=member.pk) & (at_once | (Q(action__in=told_late()) & harmless))


def record(
    action: str,
    *,
    by: Member | None,
    person: Any = None,
    item: Any = None,
    space: Any = None,
    reason: str = "",
    **data: Any,
) -> AuditEntry:
    """Write an act down; `person`, `item` and `space` are rows or their numbers.

    ``data`` takes numbers, claims, dates and short names of the program (a role, a state), or lists
    of them: nothing that a person wrote or is called, for an entry is never erased.
    """
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError("An act is recorded inside its transaction.")
    return AuditEntry.objects.create(
        action=action,
        by_id=_number(by),
        role=",".join(sorted(by.staff_roles)) if by is not None else "",
        person_id=_number(person),
        item_id=_number(item),
        space_id=_number(space),
        reason=reason.strip(),
        data={name: _plain(name, value) for name, value in data.items()},
    )


def _number(row: Any) -> int | None:
    return getattr(row, "pk", row)


def _plain(name: str, value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, (list, tuple, set, frozenset)):
        return [_plain(name, one) for one in value]
    if value is None or isinstance(value, (bool, int)):
        return value
    if isinstance(value, str) and len(value) <= 64 and "@" not in value:
        return str(value)
    raise ValueError(f"The audit log does not keep {name}={value!r}.")


def looks_at(member: Member, *, days: int = 365) -> QuerySet[AuditEntry]:
    """Who opened what is this person's, newest first: entries by others, with their role then."""
    looks = [act.name for act in registry.acts.values() if act.look and act.told]
    return (
        AuditEntry.objects.filter(
            told_of(member), action__in=looks, at__gte=now() - timedelta(days=days)
        )
        .exclude(by_id=member.pk)
        .order_by("-at", "-pk")
    )


# As people read it


@dataclass(frozen=True)
class Line:
    """An entry with the names of today: of those whom the reader may know by name, and exist."""

    entry: AuditEntry
    label: Any
    by: Any
    person: Any
    space: Any
    roles: list[Any]
    by_office: bool = False
    """Whether the person it was about reads the office, and not who held it: as with measures."""


def told_to(reader: Member, entries: list[AuditEntry]) -> list[Line]:
    """Entries in words, in two queries however many; names of secret places stay out."""
    numbers = {n for e in entries for n in (e.by_id, e.person_id) if n is not None}
    apart = [] if reader.staff_roles else reader.kept_apart_ids
    named = Member.objects.filter(pk__in=numbers).exclude(pk__in=apart).select_related("avatar")
    people = {member.pk: member for member in named.only(*face(), "handle")}
    spaces = {
        space.pk: space
        for space in Space.objects.visible_to(reader).filter(
            pk__in={e.space_id for e in entries if e.space_id is not None}
        )
    }
    labels = {**dict(StaffRole.Role.choices), STEWARD: _("Steward")}
    return [
        Line(
            entry=entry,
            label=act(entry.action).label,
            by=people.get(entry.by_id),
            person=people.get(entry.person_id),
            space=spaces.get(entry.space_id),
            roles=[labels.get(role, role) for role in _offices(entry)],
            by_office=act(entry.action).late,
        )
        for entry in entries
    ]


def _offices(entry: AuditEntry) -> list[str]:
    roles = [role for role in entry.role.split(",") if role]
    return roles or [STEWARD] * (entry.data.get("office") == STEWARD)


# The chain


@dataclass(frozen=True)
class Finding:
    """What `verify` found: how far the chain holds, and the first entry that breaks it."""

    count: int
    head: str
    broken: int | None = None
    """The number of that entry."""
    why: str = ""

    def __bool__(self) -> bool:
        return self.broken is None and not self.why


def digest(previous: str, content: str) -> str:
    return hashlib.sha256((previous + content).encode()).hexdigest()


def chain() -> Iterator[tuple[int, str, str, str]]:
    """(number, previous, digest, content) of every entry in turn; content is what was digested."""
    with transaction.atomic():
        seal()
        with connection.chunked_cursor() as cursor:
            cursor.execute(
                "SELECT number, previous, digest, audit_content(entry)"
                " FROM community_auditentry AS entry ORDER BY number NULLS LAST, id"
            )
            while rows := cursor.fetchmany(2000):
                yield from rows


def seal() -> None:
    """Chain what this transaction recorded already; at its end that happens by itself."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS audit_is_sealed IMMEDIATE")
        cursor.execute("SET CONSTRAINTS audit_is_sealed DEFERRED")


def verify(*, head: tuple[int, str] | None = None) -> Finding:
    """Walk the chain. ``head`` is the number and digest of an entry somebody noted elsewhere.

    Whoever owns the database can write the whole chain anew: only a noted head shows that.
    """
    previous, count, noted = "", 0, head is None
    for number, before, stored, content in chain():
        if number != count + 1:
            return Finding(count, previous, count + 1, "an entry is missing before it")
        if before != previous or stored != digest(previous, content):
            return Finding(count, previous, number, "it was changed after it was written")
        count, previous = number, stored
        noted = noted or head == (number, stored)
    if not noted:
        return Finding(count, previous, None, "the noted head is not in the chain")
    return Finding(count, previous)
