"""Who welcomes, and who is in whose hands: through the operations, dated back."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from community.models import Activity, Member, Space
from config.demo import welcoming as data
from config.demo.filling.stage import Stage
from config.demo.words import ago
from leadership.models import Commitment, Contact, Conversation, HandOver, Welcome
from leadership.operations import steps, welcomers, welcomes


def begin(stage: Stage) -> None:
    before = set(Activity.objects.filter(verb__startswith="welcom").values_list("pk", flat=True))
    for group, key, languages, at_once in data.WELCOMERS:
        person = _fresh(stage, key)
        welcomers.volunteer(
            _space(stage, group), by=person, languages=languages.split(), at_once=at_once
        )
    for group, key, asker in data.ASKED:
        welcomers.ask_to_welcome(
            _space(stage, group), person=_fresh(stage, key), by=_fresh(stage, asker)
        )
    for line in data.WELCOMES:
        _welcome(stage, line)
    for group, key, days in data.AWAY:
        until = (stage.now + timedelta(days=days)).date()
        welcomers.rest(_space(stage, group), by=_fresh(stage, key), until=until)
    told = Activity.objects.filter(verb__startswith="welcomes.").exclude(pk__in=before)
    for activity in told:
        stage.date(activity, created_at=stage.now - timedelta(hours=30))


def _space(stage: Stage, key: str) -> Space:
    return stage.groups[key].space if key else Space.objects.root()


def _fresh(stage: Stage, key: str) -> Member:
    person = stage.people[key]
    person.forget()
    return person


def _welcome(stage: Stage, line: dict[str, Any]) -> None:
    newcomer, by = _fresh(stage, line["who"]), _fresh(stage, line["by"])
    came = ago(line["came"], stage.now)
    held = Welcome.objects.create(
        member=newcomer,
        space=_space(stage, line["group"]),
        welcomer=by,
        state=Welcome.State.ASSIGNED,
        created_at=came,
        assigned_at=came + timedelta(minutes=2),
    )
    if "reach_by" in line:
        welcomes.say_how(held, reach_by=line["reach_by"], by=newcomer)
    for channel, when in line.get("tried", ()):
        tried = welcomes.write_to(held, channel=channel, by=by)
        stage.date(tried, at=ago(when, stage.now))
    if "answered" in line:
        channel, when = line["answered"]
        at = ago(when, stage.now)
        welcomes.heard_from(held, channel=channel, by=by)
        stage.date(Contact.objects.filter(welcome=held, answered=True).latest("pk"), at=at)
        stage.date(held, reached_at=at)
    if "talked" in line:
        channel, when, note = line["talked"]
        at = ago(when, stage.now)
        consent = Conversation.Consent.YES if note else Conversation.Consent.NO
        talk = welcomes.talked(held, channel=channel, consent=consent, note=note, by=by)
        stage.date(talk, held_at=at)
        stage.date(Contact.objects.filter(welcome=held, answered=True).latest("pk"), at=at)
    if "step" in line:
        what, days, when = line["step"]
        at = ago(when, stage.now)
        due_on = (stage.now + timedelta(days=days)).date()
        made: Commitment = steps.agree_step(held, what=what, due_on=due_on, by=by)
        stage.date(made, created_at=at)
        stage.date(held, closed_at=at)
    if "hand_over" in line:
        to, why, when = line["hand_over"]
        asked: HandOver = welcomes.hand_over(held, to=_fresh(stage, to), reason=why, by=by)
        stage.date(asked, asked_at=ago(when, stage.now))
