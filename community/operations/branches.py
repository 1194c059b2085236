"""One measure for somebody and for all who came by their invitations: by two pairs of eyes."""

from __future__ import annotations

from datetime import timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from community import audit, invited, safety
from community.models import Branch, Hearing, Invitation, Measure, Member, Rule, StaffRole
from community.operations import sanctions
from community.policies import Refused

MOST_HOURS = {Measure.Kind.LIMIT: 30 * 24, Measure.Kind.SUSPEND: 72}
"""A whole branch is suspended only to protect people; each of them is heard for more."""


@transaction.atomic
def propose_branch(
    person: Member, *, by: Member, kind: str, rule: Rule, reason: str, hours: int
) -> Branch:
    """Propose to limit or suspend a whole branch; another moderator has to agree."""
    safety.can_sanction(by, person).enforce()
    if not 1 <= hours <= MOST_HOURS.get(kind, 0):
        raise Refused(_("A branch can be suspended for 72 hours, or limited for 30 days, at most."))
    if rule.retired_at:
        raise Refused(_("This rule does not hold any more. Choose another."))
    if not reason.strip():
        raise Refused(_("Say why, in words the people can check."))
    try:
        with transaction.atomic():
            branch = Branch.objects.create(
                person=person, kind=kind, rule=rule, reason=reason.strip(), hours=hours, by=by
            )
    except IntegrityError:
        raise Refused(_("Somebody has proposed something for this branch already.")) from None
    audit.record("branches.proposed", by=by, person=person, reason=reason, kind=kind, hours=hours)
    return branch


@transaction.atomic
def agree_branch(branch: Branch, *, by: Member) -> Branch:
    """The second pair of eyes: it falls on everybody in the branch at once, their invitations end.

    Staff, the moderator who agrees, and whoever keeps apart from one of the two are left out: they
    are acted on one by one.
    """
    branch = _lock(branch)
    safety.can_decide_branch(by, branch).enforce()
    apart = {by.pk, *by.kept_apart_ids, *(branch.by.kept_apart_ids if branch.by else ())}
    people = (
        Member.objects.filter(pk__in=set(invited.below(branch.person)) - apart, is_active=True)
        .exclude(pk__in=StaffRole.objects.values("member"))
        .order_by("pk")
        .select_for_update(no_key=True, of=("self",))
    )
    now = timezone.now()
    reached = []
    for person in people:
        reached.append(person.pk)
        standing = Measure.objects.filter(member=person, kind=branch.kind)
        if standing.in_force().exists() or standing.waiting().exists():
            continue
        _fall_on(person, branch, now + timedelta(hours=branch.hours), by)
        branch.reached += 1
    Invitation.objects.filter(created_by__in=reached, revoked_at=None).update(revoked_at=now)
    _decide(branch, by, agreed=True)
    return branch


@transaction.atomic
def refuse_branch(branch: Branch, *, by: Member) -> Branch:
    """Let the proposal go; whoever proposed it may do so too."""
    branch = _lock(branch)
    safety.can_refuse_branch(by, branch).enforce()
    _decide(branch, by, agreed=False)
    return branch


def sweep_proposals() -> int:
    """Let go of proposals to which nobody agreed in time; how many. Safe to run twice."""
    over = timezone.now() - Measure.PROPOSED_FOR
    done = 0
    for found in list(Branch.objects.filter(decided_at=None, created_at__lte=over)[:200]):
        with transaction.atomic():
            branch = _lock(found)
            if branch.decided_at is None:
                _decide(branch, None, agreed=False)
                done += 1
    return done


def _fall_on(person: Member, branch: Branch, until: object, by: Member) -> None:
    measure = Measure.objects.create(
        member=person,
        kind=branch.kind,
        rule=branch.rule,
        reason=branch.reason,
        by=branch.by,
        seconded_by=by,
        seconded_at=timezone.now(),
        ends_at=until,
        data={"branch": branch.pk},
    )
    measure.hearing = Hearing.objects.create(measure=measure)
    sanctions.settle(person)
    suspends = branch.kind == Measure.Kind.SUSPEND
    verb = "sanctions.suspended" if suspends else "sanctions.limited"
    sanctions.tell(measure, verb=verb, by=by, branch=branch.pk)


def _decide(branch: Branch, by: Member | None, *, agreed: bool) -> None:
    branch.decided_by, branch.decided_at, branch.agreed = by, timezone.now(), agreed
    branch.save(update_fields=["decided_by", "decided_at", "agreed", "reached"])
    act = "branches.agreed" if agreed else "branches.refused"
    audit.record(act, by=by, person=branch.person_id, reason=branch.reason, people=branch.reached)


def _lock(branch: Branch) -> Branch:
    rows = Branch.objects.select_for_update(of=("self",)).select_related("person", "rule", "by")
    return rows.get(pk=branch.pk)
