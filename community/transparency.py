"""Knows how often what was decided: numbers for everybody, which point at nobody.

What lies in a group that visitors cannot know of is not counted: a number that grows would tell
those who watch it that there is such a group, and when something happened in it.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import TruncMonth
from django.utils import timezone
from django.utils.translation import gettext as _

from community.models import Case, Measure, MeasureAppeal, Openness
from community.moderation import PERSON

FEWEST = 5
"""Smaller numbers than this are not told: few cases could be guessed."""
MONTHS = 12


@dataclass
class Month:
    """What was decided in one month, in words that may be shown to anybody."""

    begins: date
    reported: str = ""
    kept: str = ""
    measures: list[tuple[str, str]] = field(default_factory=list)
    """[("hidden", "12"), …]"""
    rules: list[tuple[str, str]] = field(default_factory=list)
    appeals: list[tuple[str, str]] = field(default_factory=list)
    """How many decisions stood after an appeal, and how many were changed."""


def told(number: int) -> str:
    """A number, or that it is a small one."""
    if number == 0:
        return _("none")
    return str(number) if number >= FEWEST else _("fewer than %(n)s") % {"n": FEWEST}


def blurred(counts: list[tuple[str, int]]) -> list[tuple[str, str]]:
    """The numbers as they are told. If one alone is too small to be told, a second one is blurred
    as well: else the small one would be what is left of the whole."""
    small = [name for name, number in counts if 0 < number < FEWEST]
    large = sorted((number, name) for name, number in counts if number >= FEWEST)
    veiled = large[0][1] if len(small) == 1 and large else None
    return [
        (name, _("%(n)s or more") % {"n": FEWEST} if name == veiled else told(number))
        for name, number in counts
    ]


def _cases() -> QuerySet:
    """Cases of people as such, and of what lies in groups whose existence is no secret."""
    known = Q(space__listed_at__isnull=False) & ~Q(space__openness=Openness.SECRET)
    return Case.objects.filter(known | Q(what=PERSON))


def _measures() -> QuerySet:
    """Those decided on these cases, and those about a person that no report led to."""
    of_nothing = Q(case=None, item=None, medium=None, space=None) & ~Q(kind=Measure.Kind.HIDE)
    return Measure.objects.filter(Q(case__in=_cases()) | of_nothing)


def months() -> list[Month]:
    """The last twelve months in which anything was, newest first; five queries."""
    since = (timezone.now() - timedelta(days=31 * MONTHS)).replace(day=1, hour=0, minute=0)
    counted: dict[date, dict[str, Any]] = defaultdict(lambda: defaultdict(int))

    def count(name: str, rows: Any, when: str, *more: str) -> None:
        """More names a column; with it the count is kept apart by its value."""
        grouped = rows.filter(**{f"{when}__gte": since}).annotate(month=TruncMonth(when))
        for row in grouped.values("month", *more).annotate(n=Count("pk")).order_by():
            key = (name, *(row[one] for one in more))
            counted[row["month"].date()][key] += row["n"]

    heard = Q(case__in=_cases()) | Q(measure__in=_measures())
    appeals = MeasureAppeal.objects.filter(heard).exclude(upheld=None)
    count("reported", _cases(), "created_at")
    count("kept", _cases().filter(outcome=Case.Outcome.KEPT), "decided_at")
    count("measure", _measures().filter(is_review=False), "created_at", "kind")
    count("rule", _measures().exclude(rule=None), "created_at", "rule__title")
    count("appeals", appeals, "answered_at", "upheld")
    return [_month(begins, found) for begins, found in sorted(counted.items(), reverse=True)]


def _month(begins: date, found: dict[Any, int]) -> Month:
    rules = sorted((key[1], number) for key, number in found.items() if key[0] == "rule")
    kinds = [(str(label), found[("measure", kind)]) for kind, label in Measure.Kind.choices]
    answers = [(_("stood"), True), (_("were changed"), False)]
    return Month(
        begins=begins,
        reported=told(found[("reported",)]),
        kept=told(found[("kept",)]),
        measures=blurred(kinds),
        rules=blurred(rules),
        appeals=blurred([(label, found[("appeals", stood)]) for label, stood in answers]),
    )
