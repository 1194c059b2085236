"""Asking somebody else to look at a decision again, and their answer."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from community import audit, feed, moderation
from community.models import Case, CaseNote, Measure, MeasureAppeal, Member, Space
from community.operations import moderation as decisions
from community.operations import sanctions
from community.policies import Refused


@transaction.atomic
def appeal_measure(measure: Measure, *, text: str, by: Member) -> MeasureAppeal:
    """Say that a decision about oneself is wrong, once. Raises Refused."""
    case = Case.objects.lock(measure.case) if measure.case is not None else None
    measure = Measure.objects.lock(measure)
    moderation.can_appeal(by, measure).enforce()
    appeal = MeasureAppeal.objects.create(measure=measure, by=by, text=_said(text))
    if case is not None:
        _stir(case)
    _ask_for_an_answer(appeal, case, moderation.had_part(measure, case) | {by.pk})
    return appeal


@transaction.atomic
def appeal_kept(case: Case, *, text: str, by: Member) -> MeasureAppeal:
    """Say that what was left as it was should not have been, once. Raises Refused."""
    case = Case.objects.lock(case)
    moderation.can_appeal_kept(by, case).enforce()
    if _newer(case):
        raise Refused(_("Somebody reported this again: it is looked at anew anyway."))
    appeal = MeasureAppeal.objects.create(case=case, by=by, text=_said(text))
    _stir(case)
    _ask_for_an_answer(appeal, case, moderation.had_part(None, case) | {by.pk})
    return appeal


@transaction.atomic
def answer_appeal(appeal: MeasureAppeal, *, upheld: bool, answer: str, by: Member) -> MeasureAppeal:
    """The decision stands, or it is changed: somebody who had no part in it. Raises Refused.

    Of a measure, changing it means that it ends. Of something left as it was, that the case is
    open again and decided by whoever answers.
    """
    case = appeal.case or (appeal.measure and appeal.measure.case)
    case = Case.objects.lock(case) if case is not None else None
    rows = MeasureAppeal.objects.select_for_update(of=("self",), no_key=True)
    appeal = rows.select_related("measure__case", "case").get(pk=appeal.pk)
    moderation.can_hear(by, appeal).enforce()
    appeal.upheld, appeal.answer = upheld, _said(answer)
    appeal.answered_by, appeal.answered_at = by, timezone.now()
    appeal.save(update_fields=["upheld", "answer", "answered_by", "answered_at"])
    if appeal.measure is not None and not upheld:
        _undo(appeal.measure, by=by, reason=appeal.answer)
    if case is not None:
        _answered(case, appeal, by=by)
    person = appeal.measure.member_id if appeal.measure is not None else None
    audit.record(
        "moderation.answered_appeal", by=by, person=person, upheld=upheld, appeal=appeal.pk
    )
    feed.record(
        "moderation.appeal_answered",
        actor=None,
        space=Space.objects.root(),
        member=appeal.by_id,
        measure=appeal.measure_id or 0,
        upheld=upheld,
    )
    return appeal


def _undo(measure: Measure, *, by: Member, reason: str) -> None:
    person = None
    if measure.kind != Measure.Kind.HIDE:  # the person before the measure, as in sanctions
        people = Member.objects.select_for_update(no_key=True, of=("self",))
        person = people.get(pk=measure.member_id)
    measure = Measure.objects.lock(measure)
    if measure.lifted_at is not None:
        return
    decisions.undo(measure, by=by, reason=reason)
    if person is not None:
        sanctions.settle(person)


def _answered(case: Case, appeal: MeasureAppeal, *, by: Member) -> None:
    """Back to decided, or, where it should not have been left, in the hands of who answered."""
    others = MeasureAppeal.objects.filter(answered_at=None)
    waiting = others.filter(case=case).exists() or others.filter(measure__case=case).exists()
    if case.state != Case.State.APPEALED:
        pass
    elif appeal.measure_id is None and not appeal.upheld:
        case.state, case.taken_by, case.taken_at = Case.State.TAKEN, by, timezone.now()
    elif not waiting:
        case.state = Case.State.DECIDED
    case.stirred_at = timezone.now()
    case.save(update_fields=["state", "taken_by", "taken_at", "stirred_at"])
    what = "appeal_upheld" if appeal.upheld else "appeal_changed"
    CaseNote.objects.create(case=case, by=by, what=what, text=appeal.answer[:2000])


def _stir(case: Case) -> None:
    """A decided case waits for the answer; one that is not decided yet goes on as it was."""
    if not case.is_open and not _newer(case):
        case.state = Case.State.APPEALED
    case.stirred_at = timezone.now()
    case.save(update_fields=["state", "stirred_at"])
    CaseNote.objects.create(case=case, by=None, what="appealed")


def _newer(case: Case) -> bool:
    """Whether the thing was reported again meanwhile: it has one open case at most."""
    thing: dict[str, Any] = {}
    if case.item_id is not None:
        thing = {"item": case.item_id}
    elif case.message_id is not None:
        thing = {"message": case.message_id}
    elif case.what == moderation.PERSON and case.person_id is not None:
        thing = {"what": case.what, "person": case.person_id}
    elif case.what == moderation.GROUP and case.space_id is not None:
        thing = {"what": case.what, "space": case.space_id}
    if not thing:  # it is gone for good: nobody reports it again
        return False
    return Case.objects.open().filter(**thing).exclude(pk=case.pk).exists()


def _ask_for_an_answer(appeal: MeasureAppeal, case: Case | None, had_part: set[int]) -> None:
    feed.record(
        "moderation.appealed",
        actor=None,
        space=Space.objects.root(),
        case=case.pk if case else 0,
        appeal=appeal.pk,
        had_part=sorted(had_part),
    )


def _said(text: str) -> str:
    text = text.strip()
    if not text:
        raise Refused(_("Write what you want them to know."))
    return text[:4000]
