"""The core's own nouns, verbs, places and waiting cards."""

from __future__ import annotations

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from community import loose_ends, newcomers, waiting
from community.models import Activity, Member, Membership, Ring, Volume
from community.models.items import DELETED
from community.models.spaces import Space
from community.registry import Beside, Kind, Place, Verb, Waiting, registry


def _stewards(activity: Activity):
    return Member.objects.filter(membership__space=activity.space_id, membership__ring=Ring.STEWARD)


def _stewards_of_community(activity: Activity):
    return Member.objects.filter(membership__space__kind=Space.ROOT, membership__ring=Ring.STEWARD)


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
    silenced = comment.item.follows.filter(volume=Volume.MUTE).values("member")
    named = Q(pk__in=activity.item.mentions.values("member"))
    return Member.objects.filter(loud | named).exclude(pk__in=silenced).exclude(_deaf(activity))


def _the_queue(activity: Activity) -> str:
    """Where stewards answer those who ask."""
    if activity.space.is_root:
        return reverse("community_requests")
    return reverse("groups:people", args=[activity.space.slug])


def _the_appeal(activity: Activity) -> str:
    """The page of a removal: its reason, and what was said against it."""
    return reverse("groups:appeal", args=[activity.data["event"]])


registry.add(
    Kind(
        name="community.comment",
        model="community.Comment",
        label=_("Comment"),
        icon="message-square",
        hue="talk",
        in_feed=False,
        url_name="comment",
        text=lambda comment: comment.text,
        personal=("text",),
    ),
    Verb(name=DELETED, sentence=_("%(actor)s took “%(title)s” away"), icon="trash-2"),
    Verb(
        name="comments.posted",
        sentence=_("%(actor)s answered in “%(title)s”"),
        topic="replies",
        recipients=_listeners,
        icon="message-square",
    ),
    Verb(
        name="spaces.asked",
        sentence=_("%(actor)s asks to join %(space)s"),
        topic="steward",
        recipients=_stewards,
        icon="user-plus",
        url=_the_queue,
    ),
    Verb(
        name="spaces.accepted",
        sentence=_("%(actor)s let you into %(space)s"),
        topic="membership",
        recipients=_the_person,
        icon="door-open",
    ),
    Verb(
        name="spaces.declined",
        sentence=_("%(actor)s could not let you into %(space)s"),
        topic="membership",
        recipients=_the_person,
        icon="door-closed",
    ),
    Verb(name="spaces.joined", sentence=_("%(actor)s joined %(space)s"), topic="membership"),
    Verb(name="spaces.left", sentence=_("%(actor)s left %(space)s"), topic="membership"),
    Verb(
        name="spaces.removed",
        sentence=_("You were removed from %(space)s"),
        topic="membership",
        recipients=_the_person,
        icon="door-closed",
        url=_the_appeal,
    ),
    Verb(
        name="spaces.appealed",
        sentence=_("%(actor)s appeals against being removed from %(space)s"),
        topic="steward",
        steers=True,
        recipients=_stewards_of_community,
        icon="scale",
        url=_the_appeal,
    ),
    Verb(
        name="spaces.appeal_answered",
        sentence=_("Your appeal about %(space)s was answered"),
        topic="membership",
        recipients=_the_person,
        icon="scale",
        url=_the_appeal,
    ),
    Verb(
        name="spaces.ring_offered",
        sentence=_("%(actor)s asks you to come further into %(space)s"),
        topic="membership",
        recipients=_the_person,
        icon="circle-dot",
    ),
    Verb(
        name="spaces.ring_asked",
        sentence=_("%(actor)s would like to come further into %(space)s"),
        topic="steward",
        recipients=_stewards,
        icon="circle-dot",
        url=_the_queue,
    ),
    Verb(
        name="spaces.moved",
        sentence=_("Your place in %(space)s has changed"),
        topic="membership",
        recipients=_the_person,
        icon="circle-dot",
    ),
    Verb(name="spaces.invited", sentence=_("%(actor)s invited somebody to %(space)s")),
    Place(name="today", label=_("Today"), icon="house", url_name="today", order=10),
    Place(name="people", label=_("People"), icon="users", url_name="people", order=90),
    Waiting(name="community_requests", cards=waiting.requests, some=waiting.some_requests),
    Waiting(name="first_weeks", cards=waiting.first_weeks),
    Waiting(name="named", cards=loose_ends.named, some=loose_ends.some_named),
    Waiting(name="drafts", cards=loose_ends.drafts, some=loose_ends.some_drafts),
    Beside(
        name="newcomers",
        template="community/_newcomers.html",
        context=newcomers.beside,
        order=60,
    ),
)
