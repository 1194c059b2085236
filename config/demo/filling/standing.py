"""What people agreed with, and where they stand as members: dated back."""

from __future__ import annotations

from datetime import date, timedelta

from django.utils import timezone

from community.models import (
    Acceptance,
    Agreement,
    AgreementVersion,
    Member,
    MembershipStatus,
    Status,
    StatusEvent,
)
from community.operations import agreements
from community.operations import status as operations
from config.demo import agreed, welcoming
from config.demo.filling.stage import Stage, scatter
from config.demo.words import unwrapped

VOTED_IN = "Voted in by the assembly."


def begin(stage: Stage) -> None:
    keeper = stage.people["marisol"]
    keeper.forget()
    for paper in agreed.PAPERS:
        _paper(stage, paper, keeper)
    _changed(stage, keeper)
    _statuses(stage, keeper)


def _paper(stage: Stage, paper: dict, keeper: Member) -> None:
    words = _words(paper)
    made = agreements.add_agreement(
        kind=paper["kind"], required=paper["required"], words=words, by=keeper
    )
    version = agreements.publish(made, by=keeper)
    at = stage.now - timedelta(days=paper["ago"])
    stage.date(version, published_at=at, created_at=at)
    stage.date(made, created_at=at)
    asked = agreed.PHOTOS_YES.split() if paper["kind"] == "consent" else stage.people
    _say_yes(stage, version, asked, at)


def _words(paper: dict) -> dict[str, dict[str, str]]:
    return {
        language: {"title": title, "text": unwrapped(text)}
        for language, (title, text) in paper["words"].items()
    }


def _changed(stage: Stage, keeper: Member) -> None:
    made = Agreement.objects.get(kind=agreed.CHANGED["kind"])
    paper = next(one for one in agreed.PAPERS if one["kind"] == made.kind)
    agreements.draft_version(
        made,
        words=_words(paper),
        changes=agreed.CHANGED["changes"],
        needed_from=timezone.localdate() + timedelta(days=agreed.CHANGED["needed_in"]),
        by=keeper,
    )
    version = agreements.publish(made, by=keeper)
    at = stage.now - timedelta(days=agreed.CHANGED["days"])
    stage.date(version, published_at=at, created_at=at)
    not_yet = agreed.NOT_YET.split()
    _say_yes(stage, version, [key for key in stage.people if key not in not_yet], at)


def _say_yes(stage: Stage, version: AgreementVersion, keys, at) -> None:
    rows = []
    for key in keys:
        member = stage.people[key]
        since = max(at, member.joined_at)
        later = timedelta(minutes=1 + scatter(key, str(version.pk), most=1500))
        said = min(since + later, stage.now)
        rows.append(
            Acceptance(version=version, member=member, language=member.language, accepted_at=said)
        )
    Acceptance.objects.bulk_create(rows)


def _statuses(stage: Stage, keeper: Member) -> None:
    """Who has been here for a while was voted in; some are late, have lapsed, or went."""
    held, events = [], []
    for key, member in stage.people.items():
        joined = member.joined_at.date()
        asks = key in welcoming.APPLICANTS
        after = Status.APPLICANT if asks else Status.MEMBER
        on = joined if asks else _assembly_after(joined)
        if on > timezone.localdate():
            continue
        held.append(
            MembershipStatus(
                member=member, status=after, since=on, member_since=None if asks else on
            )
        )
        events.append(
            StatusEvent(
                member=member,
                before=Status.NONE,
                after=after,
                reason="Asked to become a member." if asks else VOTED_IN,
                rule="" if asks else "Rule book, 3.1",
                on=on,
                by=None if asks else keeper,
            )
        )
    MembershipStatus.objects.bulk_create(held)
    StatusEvent.objects.bulk_create(events)
    for to, people in (
        (Status.GRACE, welcoming.GRACE | welcoming.LAPSED),
        (Status.LAPSED, welcoming.LAPSED),
        (Status.RESIGNED, welcoming.RESIGNED),
    ):
        for key, reason in people.items():
            operations.change_status(
                stage.people[key], to=to, reason=reason, rule="Rule book, 3.4", by=keeper
            )


def _assembly_after(day: date) -> date:
    """The assembly meets on the first of every month."""
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1)
