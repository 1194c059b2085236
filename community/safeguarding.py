"""Knows who handles a concern for somebody's safety, and past whom it must be led.

A concern about a safeguarding lead, or one that names them or is closed to them, goes to the bypass
person. For the lead it does not exist: not as a page, not in a number, not in a log.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from community.models import Block, Concern, ConcernEntry, Measure, Member, StaffRole
from community.policies import YES, Verdict, no
from community.registry import Due

Route = Concern.Route
State = Concern.State

STEPS: dict[str, tuple[str, ...]] = {
    State.RECEIVED: (State.TRIAGED, State.IMMEDIATE_ACTION),
    State.TRIAGED: (State.IMMEDIATE_ACTION, State.INVESTIGATING, State.OUTCOME),
    State.IMMEDIATE_ACTION: (State.INVESTIGATING, State.OUTCOME),
    State.INVESTIGATING: (State.IMMEDIATE_ACTION, State.OUTCOME),
    State.OUTCOME: (State.APPEAL, State.CLOSED),
    State.APPEAL: (State.INVESTIGATING, State.OUTCOME, State.CLOSED),
    State.CLOSED: (State.APPEAL,),
}
"""From where it may go where."""

_PLAIN = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "ð": "d", "ı": "i", "æ": "ae", "œ": "oe"})
_PARTICLES = {
    *("al", "da", "das", "de", "del", "den", "der", "des", "di", "do", "dos", "du", "el"),
    *("la", "las", "le", "los", "van", "von"),
}
"""Parts of names that stand in every text."""


def handles(member: Member | None) -> bool:
    """Whether somebody has a role for it; asks the database nothing."""
    if member is None or not member.is_authenticated:
        return False
    return bool(member.staff_roles & {"safeguarding", "safeguarding_bypass"})


def has_desk(member: Member | None) -> bool:
    """Handlers; and administrators, to whom comes what nobody else may handle."""
    return handles(member) or bool(
        member and member.is_authenticated and "admin" in member.staff_roles
    )


def can_handle(member: Member | None, concern: Concern) -> Verdict:
    if not Concern.objects.visible_to(member).filter(pk=concern.pk).exists():
        return no(_("This is not yours to handle."))
    return YES


def can_step(member: Member | None, concern: Concern, state: str) -> Verdict:
    verdict = can_handle(member, concern)
    if verdict and state not in STEPS[concern.state]:
        return no(_("This is not the next step."))
    return verdict


def steps(concern: Concern) -> list[tuple[str, Any]]:
    return [(state, State(state).label) for state in STEPS[concern.state]]


# Who may have it


def holders(role: str) -> QuerySet:
    held = StaffRole.objects.filter(member=OuterRef("pk"), role=role)
    return Member.objects.present().filter(Exists(held))


def handlers(concern: Concern) -> QuerySet:
    """Those who handle this one now: ``visible_to`` turned round."""
    people = holders(Concern.HANDLED_BY[concern.route])
    out = {concern.about_id, concern.reporter_id}
    out |= set(concern.parties.values_list("member", flat=True))
    out |= _kept_apart_from({concern.about_id, concern.reporter_id})
    return people.exclude(pk__in=[pk for pk in out if pk])


def route_for(*, about: int | None, reporter: int | None, parties: Iterable[int]) -> str:
    """Past whom it is led: the leads, if none of them is connected; else the bypass person; if
    that cannot be, an administrator who is not connected."""
    closed = {pk for pk in (about, *parties) if pk}
    apart = closed | {reporter} | _kept_apart_from({about, reporter}) | _in_measures_with(about)
    leads = set(holders("safeguarding").values_list("pk", flat=True))
    if leads and not leads & closed and leads - apart:
        return Route.LEAD
    bypass = set(holders("safeguarding_bypass").values_list("pk", flat=True))
    if bypass - apart:
        return Route.BYPASS
    return Route.ADMIN


def named_in(text: str) -> set[int]:
    """Handlers whom the words may mean: rather one too many than one too few. Administrators, the
    last to whom it can go, only while one of them is left."""
    said = set(_words(text))
    team = holders("safeguarding") | holders("safeguarding_bypass") | holders("admin")
    people = team.distinct().only("name", "handle")
    named = {person.pk for person in people if said & _names(person)}
    admins = set(holders("admin").values_list("pk", flat=True))
    if admins <= named:
        others = holders("safeguarding") | holders("safeguarding_bypass")
        named &= set(others.values_list("pk", flat=True))
    return named


def _names(person: Member) -> set[str]:
    """The words by which somebody is named; what comes first in a name always is one."""
    name, handle = _words(person.name), _words(person.handle or "")
    return {*name[:1], *({*name, *handle} - _PARTICLES)}


def _words(text: str) -> list[str]:
    """Whole words of two letters and more, without case and accents."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    letters = "".join(one for one in plain if not unicodedata.combining(one))
    return re.findall(r"[^\W\d_]{2,}", letters.translate(_PLAIN))


def _kept_apart_from(people: set[int | None]) -> set[int]:
    pks = [pk for pk in people if pk]
    rows = Block.objects.filter(Q(member__in=pks) | Q(blocked__in=pks))
    return {pk for pair in rows.values_list("member", "blocked") for pk in pair} - set(pks)


def _in_measures_with(about: int | None) -> set[int]:
    """Those who decided against the person before: they are not the ones to hear of them now."""
    if about is None:
        return set()
    rows = Measure.objects.filter(member=about).values_list("by", "seconded_by")
    return {pk for pair in rows for pk in pair if pk}


# What is read


def queue(member: Member, *, show: str = "open") -> QuerySet:
    found = Concern.objects.visible_to(member).select_related("about__avatar", "handler")
    if show == "closed":
        return found.filter(state=State.CLOSED)
    return found.exclude(state=State.CLOSED)


def due(member: Member) -> Due:
    """What nobody acknowledged yet, for the desk; one query."""
    found = Concern.objects.visible_to(member).filter(acknowledged_at=None).order_by("created_at")
    rows = list(found.only("created_at", "acknowledge_by", "acknowledged_at")[:100])
    return Due(
        len(rows),
        since=rows[0].created_at if rows else None,
        late=any(row.is_late for row in rows),
    )


def with_code(code: str) -> Concern | None:
    """The concern that this code opens for the person who reported it."""
    return Concern.objects.filter(code_hash=Concern.hash(code)).first() if code.strip() else None


def conversation(concern: Concern) -> QuerySet:
    """What was said between the reporter and those who handle it; no notes, no names."""
    kinds = (ConcernEntry.Kind.FROM_REPORTER, ConcernEntry.Kind.TO_REPORTER)
    return concern.entries.filter(kind__in=kinds).order_by("created_at", "pk")
