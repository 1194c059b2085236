"""Deciding about what was reported: taking it, hiding and bringing back, leaving as it is."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from community import audit, feed, moderation, policies
from community.models import (
    Case,
    CaseNote,
    Item,
    Measure,
    MeasureAppeal,
    Media,
    Member,
    Membership,
    Message,
    Report,
    Ring,
    Rule,
    Space,
)
from community.models.people import still_here
from community.operations import hiding
from community.policies import Refused


@transaction.atomic
def take_case(case: Case, *, by: Member) -> Case:
    """Say that one looks at it; takes it over from whoever had it. Raises Refused."""
    case = Case.objects.lock(case)
    moderation.can_work_on(by, case).enforce()
    if case.state not in (Case.State.NEW, Case.State.TAKEN):
        raise Refused(_("This was decided meanwhile."))
    if case.taken_by_id != by.pk:
        case.state, case.taken_by, case.taken_at = Case.State.TAKEN, by, timezone.now()
        case.save(update_fields=["state", "taken_by", "taken_at"])
        _note(case, "taken", by=by)
        audit.record("moderation.took_case", by=by, case=case.pk)
    return case


@transaction.atomic
def release_case(case: Case, *, by: Member) -> Case:
    """Put it back for somebody else."""
    case = Case.objects.lock(case)
    moderation.can_work_on(by, case).enforce()
    if case.state == Case.State.TAKEN and case.taken_by_id == by.pk:
        case.state, case.taken_by, case.taken_at = Case.State.NEW, None, None
        case.save(update_fields=["state", "taken_by", "taken_at"])
        _note(case, "released", by=by)
    return case


@transaction.atomic
def note_case(case: Case, *, text: str, by: Member) -> CaseNote:
    """Tell those who come after what one found out. Raises Refused."""
    case = Case.objects.lock(case)
    moderation.can_work_on(by, case).enforce()
    if not text.strip():
        raise Refused(_("Write something first."))
    return _note(case, "note", by=by, text=text)


@transaction.atomic
def hide_for_review(case: Case, *, by: Member) -> Measure:
    """Hide it this minute, before anybody has looked closer: once, 72 hours at most, then it is
    decided. Raises Refused."""
    case = Case.objects.lock(case)
    moderation.can_hide_for_review(by, case).enforce()
    standing = _hiding(case)
    if standing is not None:
        return standing
    measure = _hide(case, by=by, rule=None, reason="", review=True)
    _note(case, "hidden_for_review", by=by)
    return measure


@transaction.atomic
def hide_at_once(report: Report, *, by: Member) -> Measure:
    """Hide what one reports oneself: somebody else decides, or it comes back. Raises Refused."""
    case = Case.objects.lock(report.case)
    if report.reporter_id != by.pk or case.item is None:
        raise Refused(_("There is nothing here to hide."))
    moderation.can_hide_at_once(by, case.item).enforce()
    standing = _hiding(case)
    if standing is not None:
        return standing
    measure = _hide(case, by=by, rule=None, reason="", review=True)
    _note(case, "hidden_for_review", by=by)
    return measure


@transaction.atomic
def hide_reported(case: Case, *, rule: Rule, reason: str, by: Member) -> Measure:
    """Decide that it breaks a rule: nobody but its author sees it any more. Raises Refused."""
    case = Case.objects.lock(case)
    moderation.can_hide(by, case).enforce()
    reason = _said(reason)
    measure = _hiding(case)
    if measure is None:
        measure = _hide(case, by=by, rule=rule, reason=reason, review=False)
    else:  # hidden in a hurry before: now it is decided
        measure.rule, measure.reason, measure.by = rule, reason, by
        measure.is_review, measure.ends_at, measure.decided_at = False, None, timezone.now()
        measure.save(update_fields=["rule", "reason", "by", "is_review", "ends_at", "decided_at"])
        _tell_hidden(measure)
    _settle(case, Case.Outcome.HIDDEN, by=by, reason=reason, rule=rule)
    return measure


@transaction.atomic
def remove_picture(case: Case, *, medium: Media, rule: Rule, reason: str, by: Member) -> Measure:
    """Take the picture of a person or of a group away; lifting puts it back. Raises Refused."""
    case = Case.objects.lock(case)
    moderation.can_decide(by, case).enforce()
    reason = _said(reason)
    page = hiding.page_of(case)
    name = page and hiding.take_picture(page, medium)
    if not name:
        raise Refused(_("This picture is not shown any more."))
    return _taken_off(
        case,
        by=by,
        rule=rule,
        reason=reason,
        medium=medium,
        member_id=case.person_id or medium.owner_id,
        data={name: page.pk},
    )


@transaction.atomic
def remove_words(
    case: Case, *, fields: Collection[str], rule: Rule, reason: str, by: Member
) -> Measure:
    """Take words off the page of a person or of a group; lifting puts them back. ``fields`` are
    some of those that were reported. Raises Refused."""
    case = Case.objects.lock(case)
    moderation.can_decide(by, case).enforce()
    reason = _said(reason)
    page = hiding.page_of(case)
    if not fields or not set(fields) <= moderation.reported_words(case, page).keys():
        raise Refused(_("These words do not stand there any more."))
    taken, instead = hiding.take_words(page, fields)
    return _taken_off(
        case,
        by=by,
        rule=rule,
        reason=reason,
        member_id=case.person_id or _holder(page),
        data={case.what: page.pk, "words": instead},
        snapshot={
            "title": taken.get("name", ""),
            "text": "\n".join(taken[field] for field in fields if field != "name"),
            "fields": taken,
        },
    )


def _taken_off(case: Case, *, by: Member, reason: str, rule: Rule, **what: Any) -> Measure:
    measure = Measure.objects.create(
        kind=Measure.Kind.HIDE,
        case=case,
        space=_where(case, by),
        rule=rule,
        reason=reason,
        by=by,
        **what,
    )
    _tell_hidden(measure)
    audit.record("moderation.hid", by=by, person=measure.member_id, measure=measure.pk)
    _settle(case, Case.Outcome.HIDDEN, by=by, reason=reason, rule=rule)
    return measure


def _holder(space: Space) -> int | None:
    """Who answers for a group and hears of it: its longest steward."""
    stewards = Membership.objects.filter(still_here("member__"), space=space, ring=Ring.STEWARD)
    stewards = stewards.order_by("joined_at")
    return stewards.values_list("member", flat=True).first()


@transaction.atomic
def keep_reported(case: Case, *, reason: str, by: Member) -> Case:
    """Decide that it breaks no rule; what was hidden in a hurry comes back. Raises Refused."""
    case = Case.objects.lock(case)
    moderation.can_decide(by, case).enforce()
    reason = _said(reason)
    standing = _hiding(case)
    if standing is not None:
        _lift(standing, by=by, reason=reason)
    _settle(case, Case.Outcome.KEPT, by=by, reason=reason)
    return case


@transaction.atomic
def settle_case(case: Case, *, reason: str, by: Member) -> Case:
    """Close it with something other than hiding: a talk, a warning; what was hidden in a hurry
    comes back. Raises Refused."""
    case = Case.objects.lock(case)
    moderation.can_decide(by, case).enforce()
    reason = _said(reason)
    standing = _hiding(case)
    if standing is not None and standing.is_review:
        _lift(standing, by=by, reason=reason)
    _settle(case, Case.Outcome.MEASURE, by=by, reason=reason)
    return case


@transaction.atomic
def lift_measure(measure: Measure, *, reason: str, by: Member) -> Measure:
    """End it before its time and undo what it did. Raises Refused."""
    measure = Measure.objects.lock(measure)
    moderation.can_lift(by, measure).enforce()
    if "words" in measure.data and not measure.snapshot:
        raise Refused(_("What it said is no longer kept."))
    return _lift(measure, by=by, reason=_said(reason))


@transaction.atomic
def undo(measure: Measure, *, by: Member | None, reason: str) -> Measure:
    """End the locked measure and undo what it did: part of answering an appeal."""
    return _lift(measure, by=by, reason=reason)


# What the clock does


def sweep_reviews() -> int:
    """What was hidden in a hurry and never decided comes back after 72 hours; how many."""
    over = Measure.objects.filter(
        kind=Measure.Kind.HIDE, lifted_at=None, ends_at__lte=timezone.now()
    )
    done = 0
    for pk in over.values_list("pk", flat=True)[:200]:
        with transaction.atomic():
            measure = Measure.objects.select_for_update(no_key=True).get(pk=pk)
            if measure.lifted_at is None and measure.ends_at <= timezone.now():
                _lift(measure, by=None, reason=_("Nobody decided within 72 hours."))
                done += 1
    return done


def sweep_cases() -> int:
    """Decided cases are closed when nobody can appeal any more; how many."""
    waiting = MeasureAppeal.objects.filter(answered_at=None)
    open_appeals = Exists(waiting.filter(case=OuterRef("pk"))) | Exists(
        waiting.filter(measure__case=OuterRef("pk"))
    )
    return Case.objects.filter(
        ~open_appeals,
        state=Case.State.DECIDED,
        decided_at__lt=timezone.now() - Measure.APPEAL_WITHIN - timedelta(days=1),
    ).update(state=Case.State.CLOSED)


def sweep_evidence() -> int:
    """Forget what was reported a year after it was decided; the counts stay. How many reports."""
    before = timezone.now() - Case.EVIDENCE_KEPT
    old = Case.objects.filter(state=Case.State.CLOSED, decided_at__lt=before)
    kept_only_here = Q(lifted_at__isnull=False) | Q(data__has_key="words")
    Measure.objects.filter(kept_only_here, case__in=old.values("pk")).exclude(snapshot={}).update(
        snapshot={}
    )
    CaseNote.objects.filter(case__in=old.values("pk")).exclude(text="").update(text="")
    return (
        Report.objects.filter(case__in=old.values("pk"))
        .exclude(snapshot={}, words="")
        .update(snapshot={}, words="")
    )


# Parts


def _said(reason: str) -> str:
    reason = reason.strip()
    if not reason:
        raise Refused(_("Say why: the people concerned read it."))
    return reason[:2000]


def _hiding(case: Case) -> Measure | None:
    """The measure by which the case's item is hidden now."""
    rows = Measure.objects.select_for_update(no_key=True)
    rows = rows.filter(kind=Measure.Kind.HIDE, lifted_at=None)
    if case.message_id is not None:
        return rows.filter(message=case.message_id).first()
    return rows.filter(item=case.item_id).first() if case.item_id is not None else None


def _where(case: Case, by: Member) -> Space | None:
    """A steward acts for their space, a moderator for the whole site."""
    return None if policies.moderates(by) else case.space


def _hide(case: Case, *, by: Member, rule: Rule | None, reason: str, review: bool) -> Measure:
    thing: Item | Message
    if case.message_id is not None:
        thing = hiding.hide_message(Message(pk=case.message_id))
        where: dict[str, Any] = {"message_id": thing.pk}
    else:
        thing = hiding.hide_now(Item(pk=case.item_id))
        where = {"item_id": thing.pk}
    now = timezone.now()
    measure = Measure.objects.create(
        kind=Measure.Kind.HIDE,
        case=case,
        **where,
        member_id=thing.author_id,
        space=_where(case, by),
        rule=rule,
        reason=reason,
        by=by,
        is_review=review,
        begins_at=now,
        ends_at=now + Measure.PROTECTIVE if review else None,
        snapshot=moderation.words_of(thing),
    )
    _tell_hidden(measure)
    audit.record(
        "moderation.hid",
        by=by,
        person=thing.author_id,
        item=thing if isinstance(thing, Item) else None,
        measure=measure.pk,
        review=review,
    )
    return measure


def _lift(measure: Measure, *, by: Member | None, reason: str) -> Measure:
    measure.lifted_at, measure.lifted_by, measure.lift_reason = timezone.now(), by, reason
    measure.save(update_fields=["lifted_at", "lifted_by", "lift_reason"])
    if measure.kind == Measure.Kind.HIDE:
        if measure.item_id is not None:
            hiding.show_again(Item(pk=measure.item_id))
        elif measure.message_id is not None:
            hiding.show_message(Message(pk=measure.message_id))
        else:
            hiding.put_back(measure)
    if measure.case_id is not None:
        _note(Case(pk=measure.case_id), "lifted", by=by, text=reason)
    _tell_lifted(measure)
    audit.record("moderation.lifted", by=by, person=measure.member_id, measure=measure.pk)
    return measure


def _settle(case: Case, outcome: str, *, by: Member, reason: str, rule: Rule | None = None) -> None:
    now = timezone.now()
    case.state, case.outcome, case.reason = Case.State.DECIDED, outcome, reason
    case.decided_by, case.decided_at, case.stirred_at = by, now, now
    case.taken_by, case.taken_at = case.taken_by or by, case.taken_at or now
    case.save()
    _note(case, outcome, by=by, text=reason)
    audit.record(
        "moderation.decided", by=by, case=case.pk, outcome=outcome, rule=rule.pk if rule else 0
    )
    feed.record("reports.answered", actor=None, space=Space.objects.root(), case=case.pk)


def _note(case: Case, what: str, *, by: Member | None, text: str = "") -> CaseNote:
    return CaseNote.objects.create(case_id=case.pk, by=by, what=what, text=text.strip()[:2000])


def _tell_hidden(measure: Measure) -> None:
    feed.record(
        "moderation.hid",
        actor=None,
        space=Space.objects.root(),
        member=measure.member_id,
        measure=measure.pk,
        title=_short(measure),
    )


def _tell_lifted(measure: Measure) -> None:
    feed.record(
        "moderation.lifted",
        actor=None,
        space=Space.objects.root(),
        member=measure.member_id,
        measure=measure.pk,
        title=_short(measure),
    )


def _short(measure: Measure) -> str:
    """A few of their own words by which the author knows what is meant."""
    said = measure.snapshot.get("title") or measure.snapshot.get("text", "")
    return " ".join(said.split())[:60]
