"""Giving and taking staff roles, ending sessions: each written down, and told to the person."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from community import audit, erasing, feed, policies, sessions
from community.models import AuditEntry, Member, Space, StaffRole
from community.models.people import still_here
from community.policies import Refused

A_LOOK = timedelta(hours=1)
"""Who opens the same page again within it still has the one look."""


@transaction.atomic
def grant_role(member: Member, *, role: str, by: Member, reason: str) -> StaffRole:
    """Give somebody a staff role. Raises Refused."""
    member = Member.objects.select_for_update().get(pk=member.pk)
    policies.can_grant_role(by, member).enforce()
    policies.can_hold_role(member).enforce()
    if role not in StaffRole.Role.values:
        raise Refused(_("There is no such role."))
    _said_why(reason)
    if StaffRole.objects.filter(member=member, role=role).exists():
        raise Refused(_("They have this role already."))
    held = StaffRole.objects.create(member=member, role=role, granted_by=by)
    member.forget()
    _tell("staff.granted", member, role, by)
    audit.record("staff.granted_role", by=by, person=member, reason=reason, role=role)
    return held


@transaction.atomic
def revoke_role(member: Member, *, role: str, by: Member, reason: str) -> None:
    """Take a staff role away; it holds from the next request on. Raises Refused."""
    # All administrators are locked, so that two of them do not take the last two roles at once.
    list(StaffRole.objects.select_for_update().filter(role=StaffRole.Role.ADMIN).order_by("pk"))
    held = StaffRole.objects.select_for_update().filter(member=member, role=role).first()
    policies.can_grant_role(by, member).enforce()
    _said_why(reason)
    if held is None:
        raise Refused(_("They do not have this role."))
    others = StaffRole.objects.filter(still_here("member__"), role=role).exclude(pk=held.pk)
    if role == StaffRole.Role.ADMIN and not others.exists():
        raise Refused(
            _("Somebody has to administer the site. Give the role to another person first.")
        )
    held.delete()
    member.forget()
    _tell("staff.revoked", member, role, by)
    audit.record("staff.revoked_role", by=by, person=member, reason=reason, role=role)


@transaction.atomic
def end_sessions(member: Member, *, by: Member, reason: str) -> int:
    """Sign a person out everywhere; how many sessions that ended. Raises Refused."""
    policies.can_end_sessions(by).enforce()
    _said_why(reason)
    ended = erasing.end_sessions(member)
    audit.record("sessions.ended", by=by, person=member, reason=reason, count=ended)
    return ended


@transaction.atomic
def end_all_sessions(*, by: Member, reason: str, but: str | None = None) -> int:
    """Sign everybody out, when strangers may hold sessions; ``but`` is the key of one's own."""
    policies.can_end_sessions(by).enforce()
    _said_why(reason)
    ended = sessions.end_all(but=but)
    audit.record("sessions.ended_all", by=by, reason=reason, count=ended)
    return ended


@transaction.atomic
def open_person(person: Member, *, by: Member, reason: str) -> Any:
    """Look at somebody's page in the admin, for the next half hour. Raises Refused."""
    policies.can_open_person(by).enforce()
    _said_why(reason)
    return audit.record("admin.opened_person", by=by, person=person, reason=reason)


@transaction.atomic
def note_standing_opened(person: Member, *, by: Member) -> AuditEntry | None:
    """Write down that somebody looked where this person stands as a member."""
    return _note_look("status.opened_person", person, by)


@transaction.atomic
def note_opened_by_moderation(person: Member, *, by: Member) -> AuditEntry | None:
    """Write down that somebody opened what moderators see of this person."""
    return _note_look("moderation.opened_person", person, by)


def _note_look(action: str, person: Member, by: Member) -> AuditEntry | None:
    """Once an hour, and nothing of one's own page."""
    if person.pk == by.pk:
        return None
    Member.objects.select_for_update(of=("self",), no_key=True).get(pk=by.pk)
    lately = AuditEntry.objects.filter(
        action=action, by_id=by.pk, person_id=person.pk, at__gte=now() - A_LOOK
    )
    if lately.exists():
        return None
    office = {} if by.staff_roles else {"office": audit.STEWARD}
    return audit.record(action, by=by, person=person, **office)


def _said_why(reason: str) -> None:
    if len(reason.strip()) < 8:
        raise Refused(_("Say why, in a few words. It is written down, and they can read it."))


def _tell(verb: str, member: Member, role: str, by: Member) -> None:
    feed.record(
        verb,
        actor=by,
        space=Space.objects.root(),
        member=member.pk,
        role=StaffRole.Role(role).value,
    )
