"""Knows where people stand as members by the rule book, and which moves it has from there."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import F, QuerySet, Value
from django.db.models.functions import Coalesce, Lower
from django.utils.translation import gettext_lazy as _

from community import policies
from community.models import Member, MembershipStatus, Status, StatusEvent
from community.policies import Verdict

MOVES: dict[str, tuple[str, ...]] = {
    Status.NONE: (Status.APPLICANT, Status.MEMBER),
    Status.APPLICANT: (Status.MEMBER, Status.NONE),
    Status.MEMBER: (
        Status.GRACE,
        Status.SUSPENDED,
        Status.RESIGNED,
        Status.EXPELLED,
        Status.DECEASED,
    ),
    Status.GRACE: (
        Status.MEMBER,
        Status.LAPSED,
        Status.SUSPENDED,
        Status.RESIGNED,
        Status.EXPELLED,
        Status.DECEASED,
    ),
    Status.LAPSED: (Status.APPLICANT, Status.MEMBER, Status.RESIGNED, Status.DECEASED),
    Status.SUSPENDED: (Status.MEMBER, Status.RESIGNED, Status.EXPELLED, Status.DECEASED),
    Status.RESIGNED: (Status.APPLICANT, Status.MEMBER, Status.DECEASED),
    Status.EXPELLED: (Status.APPLICANT, Status.DECEASED),
    Status.DECEASED: (),
}
"""From where to where. Back to where somebody stood before the last move is open too: a mistake
is put right by a move of its own, never by rewriting what was."""


@dataclass(frozen=True)
class Step:
    """What a move would do to one person: shown before many are moved at once."""

    member: Member
    before: str
    after: str
    verdict: Verdict

    @property
    def before_label(self) -> Any:
        return Status(self.before).label

    @property
    def after_label(self) -> Any:
        return Status(self.after).label


def people() -> QuerySet[Member]:
    """Everybody with an account and a name, with ``status`` and ``since`` when; for the desk."""
    return Member.objects.filter(is_active=True, onboarded_at__isnull=False).annotate(
        status=Coalesce(F("membership_status__status"), Value(Status.NONE.value)),
        since=F("membership_status__since"),
        lower_name=Lower("name"),
    )


def status_of(member: Member) -> str:
    held = MembershipStatus.objects.filter(member=member).first()
    return held.status if held else Status.NONE


def ways_on(member: Member) -> list[str]:
    """Where somebody can be moved to from where they stand."""
    before = status_of(member)
    last = StatusEvent.objects.filter(member=member).order_by("-pk").first()
    return _ways(before, last.before if last else None)


def _ways(before: str, came_from: str | None) -> list[str]:
    back = [came_from] if came_from and came_from not in (*MOVES[before], before) else []
    return [*MOVES[before], *back]


def preview(members: Iterable[Member], *, to: str, by: Member) -> list[Step]:
    """What moving these people would do, one by one; nothing is changed."""
    steps = []
    for member in members:
        before, verdict = status_of(member), policies.can_change_status(by, member)
        if verdict and to not in ways_on(member):
            verdict = policies.no(_("There is no way from here to there."))
        steps.append(Step(member, before, to, verdict))
    return steps
