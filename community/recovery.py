"""Knows who may help somebody back in who lost their second factor: two people, never one.

One of the two is an administrator. The other is an administrator too, or a steward of a group the
person takes part in: somebody who knows them. Each spoke to them, and the person read six digits
out that stand on their own screen. docs/staff.md says it in words.
"""

from __future__ import annotations

from django.conf import settings
from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from community import staff
from community.models import Member, Membership, Recovery, RecoveryYes, Ring, StaffRole
from community.models.recovery import shared_with
from community.policies import SIGN_IN, YES, Verdict, no
from community.registry import Due, WaitingCard

NEEDED = 2
ADMIN, STEWARD = RecoveryYes.Role.ADMIN, RecoveryYes.Role.STEWARD


def role_of(member: Member, person: Member | int) -> str:
    """As what somebody can stand up for a person; empty if as nothing."""
    number = getattr(person, "pk", person)
    if member.pk == number or not member.is_present:
        return ""
    if StaffRole.Role.ADMIN in member.staff_roles:
        return ADMIN.value
    if number in member.kept_apart_ids:
        return ""
    return STEWARD.value if shared_with(member.led_ids, number).exists() else ""


def can_ask(member: Member | None) -> Verdict:
    """Ask to have one's second lock taken off; the first factor was right, or this is no member."""
    if member is None or not member.is_active:
        return no(SIGN_IN)
    if not staff.has_factor(member):
        return no(_("Your account has no second lock."))
    paused = Recovery.objects.filter(
        member=member,
        outcome__in=(Recovery.Outcome.STOPPED, Recovery.Outcome.REFUSED),
        closed_at__gt=timezone.now() - Recovery.PAUSE,
    )
    if paused.exists():
        return no(
            _("This was stopped less than a day ago. Wait a day, or talk to an administrator.")
        )
    return YES


def can_confirm(member: Member | None, asked: Recovery) -> Verdict:
    """Stand up for somebody: that it is them who ask."""
    if member is None or not member.is_authenticated:
        return no(SIGN_IN)
    if member.pk == asked.member_id:
        return no(_("Two other people have to answer for you."))
    role = role_of(member, asked.member_id)
    if not role:
        return no(_("Administrators and stewards of their groups can do this."))
    if not asked.is_open:
        return no(_("This is over."))
    if settings.STAFF_SECOND_FACTOR and not staff.has_factor(member):
        return no(_("Set up a second lock for your own account first."))
    given = list(asked.yeses.values_list("by", "role"))
    if member.pk in {by for by, _role in given}:
        return no(_("You have answered. Somebody else is the second."))
    if len(given) >= NEEDED:
        return no(_("Two people have answered already."))
    if role == STEWARD and any(one == STEWARD for _by, one in given):
        return no(_("A steward has answered already. The second one is an administrator."))
    return YES


def can_refuse(member: Member | None, asked: Recovery) -> Verdict:
    """End somebody's request; whoever could agree can."""
    if member is None or not member.is_authenticated:
        return no(SIGN_IN)
    if not role_of(member, asked.member_id):
        return no(_("Administrators and stewards of their groups can do this."))
    return YES if asked.is_open else no(_("This is over."))


def can_finish(member: Member | None, asked: Recovery) -> Verdict:
    """Take the lock off: the person alone, after the wait, and while both still answer for it."""
    if member is None or member.pk != asked.member_id or not member.is_active:
        return no(_("Only the person themselves can do this."))
    if not asked.is_open:
        return no(_("This is over. Ask again."))
    if not asked.is_ready:
        return no(_("It is not time yet."))
    stand = [role_of(yes.by, member) for yes in asked.yeses.select_related("by") if yes.by]
    stand = [role for role in stand if role]
    if len(stand) < NEEDED or ADMIN not in stand:
        return no(_("One of the two who spoke to you cannot answer for it any more. Ask again."))
    return YES


def helpers(person: Member) -> QuerySet[Member]:
    """Whoever is told that somebody needs help: administrators, and stewards of their groups."""
    places = Membership.objects.filter(
        member=person, ring__gte=Ring.PARTICIPANT, space__closed_at=None
    )
    leads = Membership.objects.filter(
        member=OuterRef("pk"), ring__gte=Ring.STEWARD, space__in=places.values("space")
    )
    admin = StaffRole.objects.filter(member=OuterRef("pk"), role=StaffRole.Role.ADMIN)
    found = Member.objects.filter(Exists(leads) | Exists(admin), is_active=True)
    return found.exclude(pk__in=[person.pk, *person.kept_apart_ids])


def can_be_helped(person: Member) -> bool:
    """Whether there are two who could, an administrator among them; else the operator does it."""
    able = helpers(person)
    admins = StaffRole.objects.filter(role=StaffRole.Role.ADMIN, member__in=able.values("pk"))
    return admins.exists() and len(able[:NEEDED]) == NEEDED


def wait_in_words() -> str:
    """How long it waits after the second yes: a day, and in a trial a minute."""
    minutes = round(settings.RECOVERY_WAIT.total_seconds() / 60)
    if minutes < 60:
        return ngettext("%(n)s minute", "%(n)s minutes", minutes) % {"n": minutes}
    hours = round(minutes / 60)
    return ngettext("%(n)s hour", "%(n)s hours", hours) % {"n": hours}


# The desk, and what waits


def lends_a_hand(member: Member | None) -> bool:
    """Whether there may be somebody to help: administrators, and stewards of any place."""
    if member is None or not member.is_authenticated:
        return False
    return StaffRole.Role.ADMIN in member.staff_roles or bool(member.led_ids)


def waiting_for(member: Member) -> QuerySet[Recovery]:
    """Those that still need somebody, and this member has not answered."""
    asked = Recovery.objects.visible_to(member).filter(ready_at=None)
    return asked.exclude(pk__in=RecoveryYes.objects.filter(by=member).values("recovery"))


def due(member: Member) -> Due:
    since = list(waiting_for(member).order_by("asked_at").values_list("asked_at", flat=True)[:100])
    return Due(len(since), since[0] if since else None)


def cards(member: Member) -> list[WaitingCard]:
    """For whoever is signed in while somebody asked in their name: the way to stop it."""
    asked = Recovery.objects.open().filter(member=member).first()
    if asked is None:
        return []
    return [
        WaitingCard(
            label=gettext("Your account"),
            title=gettext("Somebody asked to take the second lock off your account"),
            url=reverse("lost_factor"),
            action=gettext("Look at it, or stop it"),
            icon="shield",
            hue="guide",
            when=asked.asked_at,
            urgency=1,
        )
    ]


def some(reader: Member) -> Exists:
    return Exists(Recovery.objects.open().filter(member=reader))
