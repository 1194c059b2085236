"""Knows who may do what with the data of people: leave, let erase, hold on to, answer."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Min
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from community.models import (
    LegalHold,
    Member,
    Membership,
    RightsRequest,
    Ring,
    Space,
    StaffRole,
)
from community.models.people import still_here
from community.policies import SIGN_IN, YES, Verdict, no
from community.registry import Due

GUARDS = {StaffRole.Role.DATA_PROTECTION.value, StaffRole.Role.ADMIN.value}


def guards_data(member: Member | None) -> bool:
    """The data protection lead; administrators stand in, so that no question stays unanswered."""
    return bool(member and member.is_authenticated and member.staff_roles & GUARDS)


def guards() -> Any:
    """Those who are told of a question: the leads, or administrators where there is none."""
    here = Member.objects.present()
    leads = here.filter(staffrole__role=StaffRole.Role.DATA_PROTECTION.value)
    return leads if leads.exists() else here.filter(staffrole__role=StaffRole.Role.ADMIN.value)


def without_steward(member: Member) -> list[Space]:
    """Groups, and the community itself, that nobody would lead if the member went."""
    led = Membership.objects.filter(member=member, ring=Ring.STEWARD, space__closed_at=None)
    others = Membership.objects.filter(still_here("member__"), ring=Ring.STEWARD)
    others = others.exclude(member=member)
    return list(
        Space.objects.filter(pk__in=led.values("space"))
        .exclude(pk__in=others.values("space"))
        .order_by("name")
    )


def can_leave_community(member: Member | None) -> Verdict:
    """Nobody is kept; but whoever alone holds the keys to something hands them over first."""
    if member is None or not member.is_authenticated:
        return no(SIGN_IN)
    if alone := without_steward(member):
        words = ngettext(
            "You are the only steward of %(groups)s. Hand over to somebody first.",
            "You are the only steward of these groups: %(groups)s. Hand over first.",
            len(alone),
        )
        return no(words % {"groups": ", ".join(space.name for space in alone)})
    admins = StaffRole.objects.filter(role=StaffRole.Role.ADMIN)
    others = admins.filter(still_here("member__")).exclude(member=member)
    if admins.filter(member=member).exists() and not others.exists():
        return no(_("You are the only administrator. Give somebody else the role first."))
    return YES


def can_erase(member: Member | None, person: Member) -> Verdict:
    """Before its time, and only what the person asked for."""
    if not guards_data(member):
        return no(_("Only the data protection lead can do this."))
    if member.pk == person.pk:
        return no(_("To go yourself, use Leave. Somebody else erases the rest."))
    if LegalHold.objects.filter(member=person, lifted_at=None).exists():
        return no(_("A hold stands: nothing about this person may be deleted now."))
    return YES


def can_hold(member: Member | None, person: Member) -> Verdict:
    if not guards_data(member):
        return no(_("Only the data protection lead can do this."))
    if member.pk == person.pk:
        return no(_("Somebody else has to decide about your own data."))
    return YES


def can_answer_request(member: Member | None, asked: Any) -> Verdict:
    if not guards_data(member):
        return no(_("Only the data protection lead can do this."))
    if member.pk == asked.member_id:
        return no(_("Somebody else has to answer your own question."))
    if not asked.is_open:
        return no(_("This has been answered."))
    return YES


def due(member: Member) -> Due:
    """What waits at the rights desk."""
    waiting = RightsRequest.objects.filter(state=RightsRequest.State.OPEN).exclude(member=member)
    found = waiting.aggregate(n=Count("pk"), since=Min("created_at"), due=Min("due_at"))
    late = found["due"] is not None and found["due"] < timezone.now()
    return Due(found["n"], found["since"], late)
