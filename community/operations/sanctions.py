"""Warning, limiting and suspending people: said to them with rule and reason, and heard first."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from community import audit, feed, live, safety
from community.models import Case, Hearing, Measure, Member, Rule, Space
from community.policies import Refused

LONGEST_LIMIT = timedelta(days=90)
LONGEST_SUSPENSION = timedelta(days=365)

Kind = Measure.Kind


@transaction.atomic
def warn(
    person: Member, *, by: Member, rule: Rule, reason: str, case: Case | None = None
) -> Measure:
    """Say what was wrong; they read and confirm it before they write again. Raises Refused."""
    person = _begin(person, by=by, rule=rule, reason=reason, case=case)
    measure = _impose(person, Kind.WARN, by=by, rule=rule, reason=reason, case=case)
    tell(measure, verb="sanctions.warned", by=by)
    return measure


@transaction.atomic
def limit(
    person: Member, *, by: Member, rule: Rule, reason: str, days: int, case: Case | None = None
) -> Measure:
    """From now on they read and do not write, for some days. Raises Refused."""
    person = _begin(person, by=by, rule=rule, reason=reason, case=case)
    span = _span(days, LONGEST_LIMIT)
    _not_twice(person, Kind.LIMIT)
    measure = _impose(
        person,
        Kind.LIMIT,
        by=by,
        rule=rule,
        reason=reason,
        case=case,
        ends_at=timezone.now() + span,
    )
    tell(measure, verb="sanctions.limited", by=by, days=days)
    return measure


@transaction.atomic
def suspend(
    person: Member,
    *,
    by: Member,
    rule: Rule,
    reason: str,
    days: int = 0,
    protective: bool = False,
    case: Case | None = None,
) -> Measure:
    """Keep somebody out for some days. Raises Refused.

    They are told and may answer for three days; then another moderator agrees, or does not
    (``second``, ``lift``). To protect people it may begin at once, for 72 hours; with ``days`` 0
    that is all of it.
    """
    person = _begin(person, by=by, rule=rule, reason=reason, case=case)
    if not days and not protective:
        raise Refused(_("Say for how many days."))
    if protective:
        safety.can_protect_by(by, person).enforce()
    span = _span(days, LONGEST_SUSPENSION) if days else None
    _not_twice(person, Kind.SUSPEND)
    now = timezone.now()
    measure = _impose(
        person,
        Kind.SUSPEND,
        by=by,
        rule=rule,
        reason=reason,
        case=case,
        needs_second=bool(days),
        begins_at=now if protective else None,
        ends_at=now + Measure.PROTECTIVE if protective else None,
        meant_until=now + Hearing.ANSWER_WITHIN + span if span else None,
        data={"days": days},
    )
    Hearing.objects.filter(pk=measure.pk).update(answer_until=now + Hearing.ANSWER_WITHIN)
    measure.hearing.answer_until = now + Hearing.ANSWER_WITHIN
    settle(person)
    tell(
        measure,
        verb="sanctions.suspended" if protective else "sanctions.announced",
        by=by,
        days=days,
        protective=protective,
    )
    return measure


@transaction.atomic
def second(measure: Measure, *, by: Member) -> Measure:
    """Agree to a suspension after the person was heard: it holds from now on. Raises Refused."""
    person, measure = _lock(measure)
    safety.can_second(by, measure).enforce()
    now = timezone.now()
    measure.seconded_by, measure.seconded_at, measure.decided_at = by, now, now
    measure.begins_at = measure.begins_at or now
    measure.ends_at = measure.meant_until = now + timedelta(days=measure.data["days"])
    done = ("seconded_by", "seconded_at", "decided_at", "begins_at", "ends_at", "meant_until")
    measure.save(update_fields=done)
    settle(person)
    tell(measure, verb="sanctions.suspended", by=by, days=measure.data["days"], protective=False)
    return measure


@transaction.atomic
def lift(measure: Measure, *, by: Member, reason: str) -> Measure:
    """End a measure before its time, or let a proposed one go. Raises Refused."""
    person, measure = _lock(measure)
    safety.can_sanction(by, person).enforce()
    if measure.kind == Kind.HIDE:
        raise Refused(_("This is a measure about a post. Restore the post instead."))
    if measure.lifted_at:
        raise Refused(_("This has been lifted already."))
    if not reason.strip():
        raise Refused(_("Say why: the person reads it."))
    return _end(measure, person, by=by, reason=reason.strip())


@transaction.atomic
def confirm(measure: Measure, *, by: Member) -> Measure:
    """The person says that they read it."""
    _person, measure = _lock(measure)
    _their_own(measure, by)
    if measure.hearing.confirmed_at is None:
        measure.hearing.confirmed_at = timezone.now()
        measure.hearing.save(update_fields=["confirmed_at"])
    by.forget()
    return measure


@transaction.atomic
def answer(measure: Measure, *, by: Member, text: str) -> Measure:
    """The person tells their side, once; whoever decides reads it. Raises Refused."""
    _person, measure = _lock(measure)
    _their_own(measure, by)
    if measure.lifted_at:
        raise Refused(_("This has been lifted. Nothing is held against you any more."))
    if measure.hearing.answered_at:
        raise Refused(_("You have answered already. The moderators read it."))
    if measure.kind == Kind.SUSPEND and not measure.takes_answer:
        raise Refused(_("This has been decided. You can appeal against it."))
    if not text.strip():
        raise Refused(_("Write what you want them to know."))
    if len(text.strip()) > 4000:
        raise Refused(_("Make it shorter: 4,000 characters at most."))
    hearing = measure.hearing
    hearing.answer, hearing.answered_at = text.strip(), timezone.now()
    hearing.save(update_fields=["answer", "answered_at"])
    by.forget()
    return measure


def sweep_proposals() -> int:
    """Let go of suspensions to which nobody agreed in time; how many. Safe to run twice."""
    over = timezone.now() - Measure.PROPOSED_FOR
    old = Measure.objects.waiting().filter(kind=Kind.SUSPEND, created_at__lte=over)
    old = old.exclude(member=None)
    done = 0
    for found in list(old.order_by("pk")[:200]):
        with transaction.atomic():
            person, measure = _lock(found)
            if measure.waits:
                _end(measure, person, by=None, reason=str(_("Nobody agreed in time.")))
                done += 1
    return done


def tell_ended() -> int:
    """Tell people whose limit or suspension ended by the clock; how many. Safe to run twice."""
    told = 0
    over = Hearing.objects.filter(
        end_told_at=None,
        measure__kind__in=(Kind.LIMIT, Kind.SUSPEND),
        measure__ends_at__lte=timezone.now(),
        measure__lifted_at=None,
    )
    for pk in list(over.values_list("pk", flat=True)[:500]):
        told += _tell_ended(pk)
    return told


@transaction.atomic
def _tell_ended(pk: int) -> int:
    hearing = Hearing.objects.select_for_update(skip_locked=True, of=("self",)).filter(
        pk=pk, end_told_at=None
    )
    found = hearing.select_related("measure").first()
    if found is None:
        return 0
    found.end_told_at = timezone.now()
    found.save(update_fields=["end_told_at"])
    measure = found.measure
    root = Space.objects.root()
    feed.record("sanctions.ended", actor=None, space=root, member=measure.member_id)
    return 1


# What they share


def _begin(person: Member, *, by: Member, rule: Rule, reason: str, case: Case | None) -> Member:
    person = Member.objects.select_for_update(no_key=True, of=("self",)).get(pk=person.pk)
    safety.can_sanction(by, person).enforce()
    if rule.retired_at:
        raise Refused(_("This rule does not hold any more. Choose another."))
    if not reason.strip():
        raise Refused(_("Say why, in words the person can check."))
    if case is not None and case.person_id != person.pk:
        raise Refused(_("This report is about somebody else."))
    return person


def _span(days: int, longest: timedelta) -> timedelta:
    if not 1 <= days <= longest.days:
        raise Refused(_("Choose 1 to %(most)s days.") % {"most": longest.days})
    return timedelta(days=days)


def _not_twice(person: Member, kind: str) -> None:
    same = Measure.objects.filter(member=person, kind=kind)
    if same.in_force().exists() or same.waiting().exists():
        raise Refused(_("There is one already. Lift it first, or wait for its end."))


def _impose(person: Member, kind: str, *, reason: str, **fields: Any) -> Measure:
    measure = Measure.objects.create(member=person, kind=kind, reason=reason.strip(), **fields)
    measure.hearing = Hearing.objects.create(measure=measure)
    person.forget()
    return measure


def _end(measure: Measure, person: Member, *, by: Member | None, reason: str) -> Measure:
    measure.lifted_at, measure.lifted_by, measure.lift_reason = timezone.now(), by, reason
    measure.save(update_fields=["lifted_at", "lifted_by", "lift_reason"])
    settle(person)
    tell(measure, verb="sanctions.lifted", by=by)
    return measure


def _lock(measure: Measure) -> tuple[Member, Measure]:
    """The person first, then the measure: the order of all operations here."""
    person = Member.objects.select_for_update(no_key=True, of=("self",)).get(pk=measure.member_id)
    measure = (
        Measure.objects.select_for_update(no_key=True, of=("self",))
        .select_related("hearing", "by")
        .get(pk=measure.pk)
    )
    measure.member = person
    return person, measure


def _their_own(measure: Measure, by: Member) -> None:
    if measure.member_id != by.pk or measure.kind == Kind.HIDE:
        raise Refused(_("Only the person it is about can do this."))


def settle(person: Member) -> None:
    """Write down until when somebody is suspended, from the measures in force."""
    held = Measure.objects.filter(member=person, kind=Kind.SUSPEND).in_force()
    person.suspended_until = held.aggregate(last=Max("ends_at"))["last"]
    person.save(update_fields=["suspended_until"])
    live.close_on_commit(person.pk)
    person.forget()


@transaction.atomic
def tell(measure: Measure, *, verb: str, by: Member | None, **data: Any) -> None:
    """Tell the person, on the site and by mail, in the name of the moderators; write it down."""
    from community.mail import Letter, send

    root = Space.objects.root()
    feed.record(verb, actor=None, space=root, member=measure.member_id, measure=measure.pk)
    letter = Letter(waits_at="my_case")
    send("sanctions.told", to=measure.member.email, letter=letter, measure=measure, what=verb)
    audit.record(
        verb, by=by, person=measure.member_id, reason=measure.lift_reason or measure.reason,
        measure=measure.pk, **data,
    )  # fmt: skip
