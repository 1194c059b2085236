"""Knows who may act against abuse: warn, limit, suspend, let through what is held, shut the doors.

The rules of ``community.policies`` for those with a mandate over the whole site.
"""

from __future__ import annotations

from datetime import timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from community import floods
from community.models import (
    Block,
    Branch,
    Case,
    Held,
    Item,
    LockDown,
    Measure,
    Member,
    Membership,
    Report,
    StaffRole,
)
from community.policies import YES, Verdict, moderates, no, steers_community
from community.registry import Due, WaitingCard

ALONE_ONCE_IN = timedelta(days=30)
"""So long one moderator does not suspend somebody a second time without another's yes."""
_MODERATORS_ONLY = _("Only the moderators of the site can do this.")
_LAPSED = _("Nobody agreed in time: this has lapsed. Propose it again if it is still needed.")
_THEMSELVES = _("Nobody decides about themselves. Ask another moderator.")


def can_sanction(member: Member | None, person: Member) -> Verdict:
    """Warn, limit or suspend somebody: never oneself, never where one is a party."""
    if not moderates(member):
        return no(_MODERATORS_ONLY)
    if member.pk == person.pk:
        return no(_THEMSELVES)
    admin = StaffRole.Role.ADMIN
    if admin not in member.staff_roles and person.staffrole_set.filter(role=admin).exists():
        return no(_("Only another administrator can act on an administrator."))
    if is_party(member, person):
        return no(_("You are a party here. Somebody who had no part in it should decide."))
    return YES


def is_party(member: Member, person: Member) -> bool:
    """Whether something stands between the two: a block, or a report by one about the other."""
    apart = Q(member=member, blocked=person) | Q(member=person, blocked=member)
    if Block.objects.filter(apart).exists():
        return True
    reported = Q(person=person, reports__reporter=member) | Q(
        person=member, reports__reporter=person
    )
    return Case.objects.open().filter(reported).exists()


def can_second(member: Member | None, measure: Measure) -> Verdict:
    """Be the second pair of eyes of a suspension, after the person was heard."""
    verdict = can_sanction(member, measure.member)
    if not verdict:
        return verdict
    if measure.by_id == member.pk:
        return no(_("Somebody else has to agree: you proposed this."))
    if not measure.waits:
        return no(_("This has been decided already."))
    if measure.lapses_at <= timezone.now():
        return no(_LAPSED)
    if measure.case_id and Report.objects.filter(case=measure.case_id, reporter=member).exists():
        return no(_("You reported this yourself. Somebody else decides."))
    if not measure.hearing.is_heard:
        return no(_("They have time to answer until then. Decide once they did, or after it."))
    return YES


def can_protect_by(member: Member, person: Member) -> Verdict:
    """Suspend somebody at once and alone: once in a while, or it would be a suspension that nobody
    agreed to."""
    alone = Measure.objects.filter(
        member=person,
        by=member,
        kind=Measure.Kind.SUSPEND,
        seconded_by=None,
        begins_at__gt=timezone.now() - ALONE_ONCE_IN,
    )
    if alone.exists():
        return no(_("You kept them out alone already. Somebody else has to agree, or do it."))
    return YES


def can_decide_branch(member: Member | None, branch: Branch) -> Verdict:
    """Agree to one measure for everybody who came by somebody's invitations."""
    if not moderates(member):
        return no(_MODERATORS_ONLY)
    if branch.person_id == member.pk:
        return no(_THEMSELVES)
    if branch.decided_at:
        return no(_("This has been decided already."))
    if branch.lapses_at <= timezone.now():
        return no(_LAPSED)
    if branch.by_id == member.pk:
        return no(_("Somebody else has to agree: you proposed this."))
    if branch.person is None:
        return no(_("Whoever invited them has left for good. Let the proposal go."))
    return can_sanction(member, branch.person)


def can_refuse_branch(member: Member | None, branch: Branch) -> Verdict:
    """Let a proposal go; whoever proposed it may do so too."""
    if not moderates(member):
        return no(_MODERATORS_ONLY)
    if branch.person_id == member.pk:
        return no(_THEMSELVES)
    if branch.decided_at:
        return no(_("This has been decided already."))
    return YES


def can_let_through(member: Member | None, held: Held) -> Verdict:
    """Read what is held back and decide whether others may."""
    if held.decided_at:
        return no(_("This has been decided already."))
    if not Held.objects.for_decision(member).filter(pk=held.pk).exists():
        return no(_("The stewards of this group decide about it."))
    return YES


def can_lock_down(member: Member | None) -> Verdict:
    """Shut the doors of the site, and open them again."""
    if steers_community(member):
        return YES
    return no(_("Administrators and the stewards of the whole community can do this."))


def people_for(member: Member | None) -> QuerySet[Member]:
    """People whose standing a moderator may look at: those they know by profile or by words, those
    something was reported or decided about, and those who came by an invitation."""
    if not moderates(member):
        return Member.objects.none()
    written = Item.objects.visible_to(member).filter(author=OuterRef("pk"))
    invited = Membership.objects.filter(member=OuterRef("pk"), invited_by__isnull=False)
    return Member.objects.filter(
        Q(pk__in=Member.objects.visible_to(member).values("pk"))
        | Exists(written)
        | Exists(Measure.objects.filter(member=OuterRef("pk")))
        | Exists(Case.objects.filter(person=OuterRef("pk")))
        | Exists(invited)
    ).exclude(pk=member.pk)


def suspensions_due(member: Member) -> Due:
    """What waits for this moderator: suspensions to agree to, and branches."""
    heard = Q(hearing__answered_at__isnull=False) | Q(hearing__answer_until__lte=timezone.now())
    mine = (
        Measure.objects.waiting()
        .filter(heard, kind=Measure.Kind.SUSPEND)
        .exclude(by=member)
        .exclude(member=member)
    )
    since = list(mine.order_by("created_at").values_list("created_at", flat=True)[:100])
    branches = Branch.objects.for_moderator(member).filter(decided_at=None).exclude(by=member)
    since += list(branches.values_list("created_at", flat=True)[:100])
    return Due(len(since), min(since, default=None))


def decides_held(member: Member | None) -> bool:
    """Whether somebody has posts to let through: moderators, and stewards of any space."""
    return moderates(member) or bool(member and member.is_authenticated and member.led_ids)


def held_due(member: Member) -> Due:
    waiting = Held.objects.for_decision(member).waiting().order_by("created_at")
    since = list(waiting.values_list("created_at", flat=True)[:100])
    return Due(len(since), since[0] if since else None)


def my_held_cards(member: Member) -> list[WaitingCard]:
    """What the member wrote and nobody reads yet: one card."""
    mine = Held.objects.waiting().filter(item__author=member, item__deleted_at=None)
    since = list(mine.order_by("created_at").values_list("created_at", flat=True)[:100])
    if not since:
        return []
    return [
        WaitingCard(
            label=gettext("Your words"),
            title=ngettext(
                "%(n)s post of yours waits for a steward",
                "%(n)s posts of yours wait for a steward",
                len(since),
            )
            % {"n": len(since)},
            url=reverse("my_held"),
            action=gettext("See it"),
            icon="eye-off",
            when=since[0],
            urgency=45,
        )
    ]


def some_held(reader: Member) -> Exists:
    return Exists(Held.objects.waiting().filter(item__author=reader))


def alarms(member: Member) -> Due:
    """One while many people come in at once, or while the doors are shut."""
    shut = LockDown.objects.filter(lifted_at=None).values_list("began_at", flat=True).first()
    if shut is not None:
        return Due(1, shut)
    return (
        Due(1, timezone.now(), late=True) if floods.joins_lately() >= floods.MANY_JOINS else Due()
    )
