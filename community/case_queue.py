"""Knows the queue of what was reported: what waits for whom, in which order, and since when.

What is urgent comes first, then what waits longest. An appeal waits in its case; one that no case
shows stands beside the queue.
"""

from __future__ import annotations

from datetime import timedelta

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from community.models import Case, Measure, MeasureAppeal, Member, Report, Space
from community.policies import moderates
from community.registry import Due

LONGEST_FIRST = ("is_calm", "since", "pk")
"""Nobody asks to be protected; since when it waits."""
NEWEST_FIRST = ("-stirred_at", "-pk")


def order(show: str) -> tuple[str, ...]:
    return NEWEST_FIRST if show in ("decided", "all") else LONGEST_FIRST


def queue(member: Member, *, show: str = "waiting", space: int | None = None) -> QuerySet:
    """The cases of the member's queue, with what a row of it shows."""
    cases = Case.objects.for_moderator(member)
    match show:
        case "mine":
            cases = cases.filter(taken_by=member, state__in=Case.OPEN)
        case "appealed":
            cases = cases.filter(state=Case.State.APPEALED)
        case "decided":
            cases = cases.exclude(state__in=Case.OPEN)
        case "all":
            pass
        case _:
            cases = cases.filter(Q(state__in=Case.OPEN) | Q(Exists(_waits_for_second())))
    if space is not None:
        cases = cases.filter(space=space)
    frightened = Report.objects.filter(case=OuterRef("pk"), wish=Report.Wish.PROTECT)
    return cases.select_related("person__avatar", "taken_by", "space").annotate(
        report_count=Count("reports", distinct=True),
        waits_for_second=Exists(_waits_for_second()),
        is_calm=~Exists(frightened),
        since=_since(),
    )


def appeals_apart(member: Member) -> QuerySet:
    """Appeals that wait and that no case of the queue shows: against what was decided without a
    report, or while the thing was reported anew. For moderators, longest first; not their own."""
    if not moderates(member):
        return MeasureAppeal.objects.none()
    shown = Case.objects.for_moderator(member).exclude(state=Case.State.APPEALED)
    return (
        MeasureAppeal.objects.filter(
            Q(measure__case=None) | Q(measure__case__in=shown.values("pk")),
            measure__isnull=False,
            answered_at=None,
        )
        .exclude(by__in=[member.pk, *member.kept_apart_ids])
        .select_related("by", "measure__rule")
        .order_by("created_at", "pk")
    )


def opens(member: Member, measures: list[Measure]) -> set[int]:
    """Of these measures, those whose appeal waits and may be read by the member; one query."""
    rows = MeasureAppeal.objects.filter(measure__in=measures, answered_at=None)
    cases = Case.objects.for_moderator(member).values("pk")
    rows = rows.filter(Q(measure__case=None) | Q(measure__case__in=cases))
    rows = rows.exclude(by__in=[member.pk, *member.kept_apart_ids])
    return set(rows.values_list("measure", flat=True))


def known_spaces(member: Member) -> set[int]:
    """Groups whose names the reader of a queue may read; one query."""
    asked = Case.objects.for_moderator(member).exclude(space=None).values("space")
    found = Space.objects.visible_to(member).filter(pk__in=asked)
    return set(found.values_list("pk", flat=True))


def due(member: Member) -> Due:
    """What waits in the member's queue and beside it, for their desk; one query."""
    cases = Case.objects.for_moderator(member)
    cases = cases.filter(Q(state__in=Case.OPEN) | Q(Exists(_waits_for_second())))
    waiting = cases.annotate(since=_since()).order_by().values_list("since", flat=True)
    if moderates(member):
        appeals = appeals_apart(member).order_by().select_related(None)
        waiting = waiting.union(
            appeals.annotate(since=F("created_at")).values_list("since", flat=True), all=True
        )
    found = list(waiting.order_by("since")[:100])
    since = found[0] if found else None
    return Due(
        len(found),
        since=since,
        late=bool(since and since < timezone.now() - timedelta(days=2)),
    )


def _since() -> Coalesce:
    """Since when it waits: its first appeal without an answer, else its first report."""
    asked = MeasureAppeal.objects.filter(
        Q(case=OuterRef("pk")) | Q(measure__case=OuterRef("pk")), answered_at=None
    )
    return Coalesce(
        Subquery(asked.order_by("created_at").values("created_at")[:1]), F("created_at")
    )


def _waits_for_second() -> QuerySet:
    return Measure.objects.waiting().filter(case=OuterRef("pk"))
