"""What was announced to many, lately and for the day after tomorrow; mail that did not arrive."""

from __future__ import annotations

from datetime import timedelta
from textwrap import dedent

from community.models import Activity, MailDomain, OutboxMail, Reach, ReceivedMail, Space
from community.operations import announcements
from community.suppression import note
from config.demo.announced import ANNOUNCED, GONE
from config.demo.filling.stage import Stage
from config.demo.words import unwrapped


def begin(stage: Stage) -> None:
    for one in ANNOUNCED:
        _announce(stage, one)
    _post(stage)


def _announce(stage: Stage, one: dict) -> None:
    by = stage.people[one["by"]]
    by.forget()
    space = stage.groups[one["group"]].space if one["group"] else Space.objects.root()
    words = {
        code: {"title": title, "text": unwrapped(dedent(text).strip())}
        for code, (title, text) in one["words"].items()
    }
    plan = announcements.write_plan(space, by=by, words=words)
    at = stage.now - timedelta(days=one["ago"], hours=2)
    stage.date(plan, created_at=at, changed_at=at)
    if one["ago"] < 0:
        announcements.schedule_plan(plan, at=at, by=by)
        stage.date(plan, created_at=stage.now - timedelta(hours=5))
        return
    plan = announcements.send_plan(plan, by=by)
    announcements.release()
    plan.refresh_from_db()
    said = plan.announcement
    Reach.objects.filter(plan=plan).update(created_at=at)
    Reach.objects.filter(plan=plan, told_at__isnull=False).update(told_at=at)
    stage.date(plan, began_at=at)
    if plan.ended_at:
        stage.date(plan, ended_at=at + timedelta(minutes=2))
    stage.date(said, created_at=at, active_at=at)
    for activity in Activity.objects.filter(item=said):
        stage.date(activity, created_at=at)


def _post(stage: Stage) -> None:
    for address, kind, said in GONE:
        note(address, kind, said)
        OutboxMail.objects.create(
            to=address,
            domain=address.partition("@")[2],
            sender="Riverside <site@riverside.example>",
            subject="What is new",
            attempts=1,
            failed_at=stage.now - timedelta(hours=7),
            error=f"SMTPRecipientsRefused: {said}",
        )
    MailDomain.objects.create(
        domain="slowpost.example",
        refused_in_row=6,
        paused_until=stage.now + timedelta(minutes=40),
        error="451 4.7.1 Too many letters from you, try again later",
    )
    ReceivedMail.objects.create(
        digest="demo", member=stage.people["luis"], outcome=ReceivedMail.Outcome.POSTED
    )
