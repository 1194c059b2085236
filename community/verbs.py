"""What happens in the core: its verbs, whom they are told, and of which class that is."""

from __future__ import annotations

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from community import lists, recovery, rights
from community.models import (
    Activity,
    Member,
    Membership,
    MembershipEvent,
    Ring,
    StaffRole,
    Volume,
)
from community.models.items import DELETED
from community.models.spaces import Space
from community.registry import Verb, registry


def _stewards(activity: Activity):
    return Member.objects.filter(membership__space=activity.space_id, membership__ring=Ring.STEWARD)


def _hearers(activity: Activity):
    """Stewards of the whole community, but for the one whose decision it is about."""
    removal = MembershipEvent.objects.filter(pk=activity.data["event"])
    stewards = Member.objects.filter(
        membership__space__kind=Space.ROOT, membership__ring=Ring.STEWARD
    )
    return stewards.exclude(pk__in=removal.exclude(actor=None).values("actor"))


def _steering(activity: Activity):
    """Stewards of the whole community and administrators."""
    stewards = Q(membership__space__kind=Space.ROOT, membership__ring=Ring.STEWARD)
    return Member.objects.filter(stewards | Q(staffrole__role=StaffRole.Role.ADMIN))


def _always(activity: Activity) -> bool:
    return True


def _has_a_mail(activity: Activity) -> bool:
    """Whoever waits outside of the community sees no notices: operations write them a mail."""
    return activity.space.is_root


def _the_person(activity: Activity):
    return Member.objects.filter(pk=activity.data.get("member"))


def _deaf(activity: Activity) -> Q:
    """Those who want to hear nothing of the space."""
    muted = Membership.objects.filter(space=activity.space_id, volume=Membership.Volume.MUTE)
    return Q(pk__in=muted.values("member"))


def _listeners(activity: Activity):
    """Followers of what was answered, its author's thread included, and those who are named."""
    comment = activity.item.comment
    loud = Q(pk__in=comment.item.follows.filter(volume=Volume.ALL).values("member"))
    if comment.parent_id:
        loud |= Q(pk=comment.parent.author_id)
    else:  # to whoever hears of replies only, this is one
        loud |= Q(
            pk__in=comment.item.follows.filter(
                member=comment.item.author_id, volume=Volume.MENTIONS
            ).values("member")
        )
    silenced = comment.item.follows.filter(volume=Volume.MUTE).values("member")
    named = Q(pk__in=activity.item.mentions.values("member"))
    return Member.objects.filter(loud | named).exclude(pk__in=silenced).exclude(_deaf(activity))


def _the_queue(activity: Activity) -> str:
    """Where stewards answer those who ask."""
    if activity.space.is_root:
        return reverse("community_requests")
    return activity.space.page("people")


def _the_place(activity: Activity) -> str:
    """Where somebody reads how far in they are, and answers what they were offered."""
    return activity.space.page("home")


def _the_appeal(activity: Activity) -> str:
    """The page of a removal: its reason, and what was said against it."""
    kind = registry.space_kinds.get(activity.space.kind)
    return reverse(kind.appeal, args=[activity.data["event"]]) if kind else "/"


def _who_helps(activity: Activity):
    return recovery.helpers(activity.actor) if activity.actor else Member.objects.none()


def _guards_of_lists(activity: Activity):
    return Member.objects.filter(is_active=True, staffrole__role__in=lists.GUARDS).distinct()


def _guards(activity: Activity):
    return rights.guards()


def _record(activity: Activity) -> str:
    return reverse("record")


registry.add(
    Verb(name=DELETED, sentence=_("%(actor)s took “%(title)s” away"), icon="trash-2"),
    Verb(
        name="comments.posted",
        sentence=_("%(actor)s answered in “%(title)s”"),
        topic="replies",
        attention="groups",
        recipients=_listeners,
        icon="message-square",
    ),
    Verb(
        name="spaces.asked",
        sentence=_("%(actor)s asks to join %(space)s"),
        topic="steward",
        attention="person",
        recipients=_stewards,
        icon="user-plus",
        url=_the_queue,
    ),
    Verb(
        name="spaces.accepted",
        sentence=_("%(actor)s let you into %(space)s"),
        topic="membership",
        attention="person",
        recipients=_the_person,
        mailed=_has_a_mail,
        icon="door-open",
    ),
    Verb(
        name="spaces.declined",
        sentence=_("%(actor)s could not let you into %(space)s"),
        topic="membership",
        attention="person",
        recipients=_the_person,
        mailed=_has_a_mail,
        icon="door-closed",
    ),
    Verb(name="spaces.joined", sentence=_("%(actor)s joined %(space)s"), topic="membership"),
    Verb(name="spaces.left", sentence=_("%(actor)s left %(space)s"), topic="membership"),
    Verb(
        name="spaces.removed",
        sentence=_("You were removed from %(space)s"),
        topic="membership",
        attention="right",
        recipients=_the_person,
        icon="door-closed",
        url=_the_appeal,
    ),
    Verb(
        name="spaces.steward_removed",
        sentence=_("%(actor)s removed a steward of %(space)s"),
        topic="steward",
        attention="person",
        recipients=_stewards,
        icon="door-closed",
        url=lambda activity: activity.space.page("people"),
    ),
    Verb(
        name="spaces.appealed",
        sentence=_("%(actor)s appeals against being removed from %(space)s"),
        topic="steward",
        steers=True,
        attention="person",
        recipients=_hearers,
        icon="scale",
        url=_the_appeal,
    ),
    Verb(
        name="spaces.appeal_answered",
        sentence=_("Your appeal about %(space)s was answered"),
        topic="membership",
        attention="right",
        recipients=_the_person,
        icon="scale",
        url=_the_appeal,
    ),
    Verb(
        name="spaces.ring_offered",
        sentence=_("%(actor)s asks you to come further into %(space)s"),
        topic="membership",
        attention="person",
        recipients=_the_person,
        icon="circle-dot",
        url=_the_place,
    ),
    Verb(
        name="spaces.ring_asked",
        sentence=_("%(actor)s would like to come further into %(space)s"),
        topic="steward",
        attention="person",
        recipients=_stewards,
        icon="circle-dot",
        url=_the_queue,
    ),
    Verb(
        name="spaces.moved",
        sentence=_("Your place in %(space)s has changed"),
        topic="membership",
        attention="person",
        recipients=_the_person,
        icon="circle-dot",
        url=_the_place,
    ),
    Verb(
        name="rights.asked",
        sentence=_("%(actor)s asks about their data"),
        topic="membership",
        attention="person",
        recipients=_guards,
        why=_("you answer for people’s data"),
        icon="shield-check",
        url=lambda activity: reverse("rights_request", args=[activity.data["request"]]),
    ),
    Verb(
        name="rights.answered",
        sentence=_("Your question about your data was answered"),
        topic="membership",
        attention="right",
        recipients=_the_person,
        icon="shield-check",
        url=_record,
    ),
    Verb(
        name="rights.export_ready",
        sentence=_("The copy of your data is ready"),
        topic="membership",
        attention="right",
        recipients=_the_person,
        icon="download",
        url=lambda activity: reverse("record_download"),
    ),
    Verb(
        name="rights.asked_to_stay",
        sentence=_("You have not been here for a year. Do you want to stay?"),
        topic="membership",
        attention="right",
        recipients=_the_person,
        mailed=_always,
        icon="hand-helping",
        url=_record,
    ),
    Verb(name="people.arrived", sentence=_("%(actor)s has arrived")),
    Verb(
        name="members.moved",
        sentence=_("It was written down where you stand as a member"),
        topic="membership",
        attention="right",
        recipients=_the_person,
        icon="user-check",
        url=lambda activity: reverse("my_status"),
    ),
    Verb(name="spaces.invited", sentence=_("%(actor)s invited somebody to %(space)s")),
    Verb(
        name="staff.granted",
        sentence=_("%(actor)s gave you a staff role"),
        topic="membership",
        attention="security",
        recipients=_the_person,
        icon="shield",
        url=lambda activity: reverse("second_factor"),
    ),
    Verb(
        name="staff.revoked",
        sentence=_("%(actor)s took a staff role from you"),
        topic="membership",
        attention="security",
        recipients=_the_person,
        icon="shield",
        url=lambda activity: reverse("me"),
    ),
    *(
        Verb(
            name=f"sanctions.{name}",
            sentence=sentence,
            topic="membership",
            attention="security",
            mailed=_always,
            recipients=_the_person,
            icon="shield",
            url=lambda activity: reverse("my_case"),
        )
        for name, sentence in {
            "warned": _("The moderators warned you. Read it, then you can write again"),
            "limited": _("For some days you can read, not write. Read why"),
            "announced": _("The moderators think of suspending you. Tell them your side"),
            "suspended": _("You are suspended. Read why, and what you can do"),
            "lifted": _("What was decided about you has been lifted"),
            "ended": _("It is over: everything is as it was before"),
        }.items()
    ),
    Verb(
        name="recovery.asked",
        sentence=_("%(actor)s is locked out and needs two people to answer for them"),
        topic="steward",
        attention="person",
        recipients=_who_helps,
        why=_("you can help them back into their account"),
        icon="key-round",
        url=lambda activity: reverse("recoveries"),
    ),
    Verb(
        name="recovery.stopped",
        sentence=_("%(actor)s did not ask for it: somebody else tried to get into their account"),
        topic="alarm",
        attention="security",
        recipients=_who_helps,
        why=_("you were asked to help them back into their account"),
        icon="triangle-alert",
        url=lambda activity: reverse("recoveries"),
    ),
    Verb(
        name="lists.asked",
        sentence=_("%(actor)s asks for a list of people with their addresses"),
        topic="steward",
        attention="person",
        recipients=_guards_of_lists,
        why=_("you guard lists of people"),
        icon="scroll-text",
        url=lambda activity: reverse("people_list", args=[activity.data["list"]]),
    ),
    Verb(
        name="held.refused",
        sentence=_("A post of yours was not let through. Read why"),
        topic="membership",
        attention="person",
        recipients=_the_person,
        icon="eye-off",
        url=lambda activity: reverse("my_held"),
    ),
    Verb(
        name="community.many_joins",
        sentence=_("%(number)s people came in within ten minutes"),
        topic="alarm",
        attention="security",
        recipients=_steering,
        why=_("you look after the whole community"),
        icon="triangle-alert",
        url=lambda activity: reverse("lock_down"),
    ),
)
