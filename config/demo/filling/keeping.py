"""The rules, what was reported and decided, a concern, and a lost second lock: dated back."""

from __future__ import annotations

from typing import Any

from community.models import Activity, CaseNote, Comment, Rule
from community.operations import (
    comments,
    measure_appeals,
    moderation,
    recovery,
    reports,
    rules,
    safeguarding,
)
from config.demo import keeping
from config.demo.filling.stage import Stage
from config.demo.words import ago


def begin(stage: Stage) -> None:
    keeper = stage.people["marisol"]
    held = [rules.add_rule(title=title, text=text, by=keeper) for title, text in keeping.RULES]
    for data in keeping.REPORTS:
        _report(stage, data, held)
    concern = keeping.CONCERN
    made, _code = safeguarding.receive_concern(
        category=concern["category"],
        words=concern["words"],
        about_words=concern["about_words"],
        by=stage.people[concern["by"]],
    )
    at = ago(concern["ago"], stage.now)
    entry = made.entries.get()
    type(made).objects.filter(pk=made.pk).update(
        created_at=at, stirred_at=at, acknowledge_by=at + made.ACKNOWLEDGE_WITHIN
    )
    stage.date(entry, created_at=at)
    _lock_out(stage)


def _lock_out(stage: Stage) -> None:
    from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret

    person = stage.people[keeping.LOCKED_OUT["who"]]
    TOTP.activate(person, generate_totp_secret())
    asked = recovery.ask_recovery(by=person)
    at = ago(keeping.LOCKED_OUT["ago"], stage.now)
    stage.date(asked, asked_at=at)
    for activity in Activity.objects.filter(verb="recovery.asked"):
        stage.date(activity, created_at=at)


def _report(stage: Stage, data: dict[str, Any], held: list[Rule]) -> None:
    thing: Any = stage.topics[data["topic"]]
    if "text" in data:
        thing = _say(stage, data, thing)
    first, case = None, None
    for key, rule, wish, words, when in data["reports"]:
        reporter = stage.people[key]
        reporter.forget()
        made = reports.report_item(thing, by=reporter, rule=held[rule], wish=wish, words=words)
        at = ago(when, stage.now)
        first, case = first or at, made.case
        stage.date(made, created_at=at)
        stage.date(case, created_at=first, stirred_at=at)
    if "hidden" in data:
        _hide(stage, data, case, held)
    if "kept" in data:
        kept = data["kept"]
        moderation.keep_reported(case, reason=kept["reason"], by=stage.people[kept["by"]])
        at = ago(kept["ago"], stage.now)
        stage.date(case, decided_at=at, taken_at=at, stirred_at=at)
    for activity in Activity.objects.filter(data__case=case.pk):
        stage.date(activity, created_at=ago(data["reports"][-1][4], stage.now))
    last = data.get("appeal") or data.get("hidden") or data.get("kept")
    for note in CaseNote.objects.filter(case=case):
        stage.date(note, created_at=ago(last["ago"], stage.now))


def _say(stage: Stage, data: dict[str, Any], topic: Any) -> Comment:
    author = stage.people[data["by"]]
    author.forget()
    said = comments.post_comment(topic, text=data["text"], by=author)
    at = ago(data["ago"], stage.now)
    stage.date(said, created_at=at, active_at=at)
    for activity in Activity.objects.filter(item=said.pk):
        stage.date(activity, created_at=at)
    return said


def _hide(stage: Stage, data: dict[str, Any], case: Any, held: list[Rule]) -> None:
    hidden, appeal = data["hidden"], data["appeal"]
    measure = moderation.hide_reported(
        case,
        rule=held[hidden["rule"]],
        reason=hidden["reason"],
        by=stage.people[hidden["by"]],
    )
    at = ago(hidden["ago"], stage.now)
    stage.date(measure, created_at=at, decided_at=at, begins_at=at)
    made = measure_appeals.appeal_measure(measure, text=appeal["text"], by=stage.people[data["by"]])
    then = ago(appeal["ago"], stage.now)
    stage.date(made, created_at=then)
    stage.date(case, decided_at=at, taken_at=at, stirred_at=then)
    for activity in Activity.objects.filter(data__measure=measure.pk):
        stage.date(activity, created_at=at)
