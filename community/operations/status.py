"""Where people stand as members, by the rule book: who moves whom, from where to where, and why."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from community import audit, feed, policies, rulebook
from community.models import Member, MembershipStatus, Space, Status, StatusEvent
from community.policies import Refused

BELONGS = (Status.MEMBER, Status.GRACE, Status.SUSPENDED)
"""States that do not interrupt the time somebody has been a member."""


@transaction.atomic
def change_status(
    member: Member, *, to: str, reason: str, by: Member, rule: str = "", on: date | None = None
) -> StatusEvent:
    """Move somebody, with a reason they read. Raises Refused for a move the rules do not know."""
    policies.can_change_status(by, member).enforce()
    if not reason.strip():
        raise Refused(_("Say why. The person can read it, and so can whoever comes after you."))
    on = on or timezone.localdate()
    if on > timezone.localdate():
        raise Refused(_("Write down what has happened: the day cannot be in the future."))
    # The person's row is locked, so two moves of one person come one after the other.
    member = Member.objects.select_for_update(of=("self",), no_key=True).get(pk=member.pk)
    held = MembershipStatus.objects.filter(member=member).first()
    before = held.status if held else Status.NONE
    if to not in Status.values or to not in rulebook.ways_on(member):
        raise Refused(
            _("Nobody goes from “%(before)s” to “%(after)s”.")
            % {"before": Status(before).label, "after": dict(Status.choices).get(to, to)}
        )
    if held is None:
        held = MembershipStatus(member=member)
    held.status, held.since = to, on
    held.member_since = (held.member_since or on) if to in BELONGS else None
    held.save()
    event = StatusEvent.objects.create(
        member=member,
        before=before,
        after=to,
        reason=reason.strip()[:500],
        rule=" ".join(rule.split())[:120],
        on=on,
        by=by,
    )
    audit.record("status.changed", by=by, person=member, before=before, after=to)
    feed.record("members.moved", actor=by, space=Space.objects.root(), member=member.pk)
    return event


@transaction.atomic
def change_statuses(
    members: Iterable[Member],
    *,
    to: str,
    reason: str,
    by: Member,
    rule: str = "",
    on: date | None = None,
) -> list[StatusEvent]:
    """Move those who can be moved, all in one go; the others stay where they are."""
    ordered = sorted(members, key=lambda member: member.pk)
    return [
        change_status(step.member, to=to, reason=reason, by=by, rule=rule, on=on)
        for step in rulebook.preview(ordered, to=to, by=by)
        if step.verdict
    ]
