"""The nouns, verbs, tabs, places and waiting cards that groups bring."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from community.models import Activity, Member, Membership, Ring, Space, Volume
from community.registry import Beside, Creation, Kind, Lens, Place, Tab, Verb, Waiting, registry
from groups import questions, waiting
from groups.models import Topic


def _stewards_of_community(activity: Activity):
    return Member.objects.filter(membership__space__kind=Space.ROOT, membership__ring=Ring.STEWARD)


def _starter(activity: Activity):
    return Member.objects.filter(pk=activity.space.group.started_by_id)


def _stewards(activity: Activity):
    return Member.objects.filter(membership__space=activity.space_id, membership__ring=Ring.STEWARD)


def _taking_part(activity: Activity):
    return Member.objects.filter(
        membership__space=activity.space_id, membership__ring__gte=Ring.PARTICIPANT
    )


def _stewards_and_parents(activity: Activity):
    """Those who hold the group, and those who hold the groups above it."""
    above = Q(membership__space__in=activity.space.group.parents.values("pk"))
    here = Q(membership__space=activity.space_id)
    return Member.objects.filter(above | here, membership__ring=Ring.STEWARD)


registry.add(
    Verb(
        name="groups.proposed",
        sentence=_("%(actor)s proposes a new group: %(space)s"),
        topic="steward",
        steers=True,
        recipients=_stewards_of_community,
        icon="sprout",
        url=lambda activity: reverse("groups:proposals"),
    ),
    Verb(
        name="groups.started",
        sentence=_("%(actor)s started %(space)s"),
        topic="groups",
        recipients=_stewards_and_parents,
        icon="sprout",
    ),
    Verb(
        name="groups.approved",
        sentence=_("%(actor)s said yes: %(space)s can begin"),
        topic="groups",
        recipients=_starter,
        icon="sprout",
    ),
    Verb(
        name="groups.declined",
        sentence=_("%(actor)s answered your proposal of %(space)s: not like this"),
        topic="groups",
        recipients=_starter,
        icon="sprout",
    ),
    Verb(name="groups.updated", sentence=_("%(actor)s changed how %(space)s describes itself")),
    Verb(
        name="groups.openness_changed",
        sentence=_("%(actor)s changed who sees %(space)s"),
        topic="groups",
        recipients=_taking_part,
        icon="door-open",
    ),
    Verb(
        name="groups.state_changed",
        sentence=_("%(actor)s changed where %(space)s stands"),
        topic="groups",
        recipients=_stewards,
        icon="sprout",
        url=lambda activity: reverse("groups:state", args=[activity.space.slug]),
    ),
    Verb(
        name="groups.charter_adopted",
        sentence=_("%(space)s has a new version of its charter"),
        topic="groups",
        recipients=_taking_part,
        icon="scroll-text",
        url=lambda activity: reverse("groups:about", args=[activity.space.slug]) + "#charter",
    ),
    Place(
        name="groups",
        label=_("Groups"),
        icon="layers",
        url_name="groups:groups",
        order=20,
        count=lambda frame: frame.unread_in_groups,
    ),
    Tab(
        name="talk",
        label=_("Talk"),
        icon="messages-square",
        url_name="groups:group",
        order=10,
        switchable=False,
    ),
    Tab(
        name="people",
        label=_("People"),
        icon="users",
        url_name="groups:people",
        order=80,
        min_ring=Ring.PARTICIPANT,
    ),
    Tab(
        name="about",
        label=_("About"),
        icon="info",
        url_name="groups:about",
        order=90,
        switchable=False,
    ),
    Waiting(name="groups.offers", cards=waiting.offers, some=waiting.some_offers),
    Waiting(name="groups.requests", cards=waiting.requests, some=waiting.some_requests),
    Waiting(name="groups.ring_asks", cards=waiting.ring_asks, some=waiting.some_ring_asks),
    Waiting(name="groups.proposals", cards=waiting.proposals, some=waiting.some_proposals),
    Waiting(name="groups.care", cards=waiting.care),
)


# Talk


def topic_rows(ids: Iterable[int]) -> dict[int, Topic]:
    """Topics for cards, with all that a card shows; one query."""
    return Topic.objects.for_cards().in_bulk(list(ids))


def _deaf(activity: Activity) -> Q:
    """Those who want to hear nothing of the group."""
    muted = Membership.objects.filter(space=activity.space_id, volume=Volume.MUTE)
    return Q(pk__in=muted.values("member"))


def _ears(activity: Activity):
    """People who want to hear of every new topic of the group, and those it names."""
    loud = Membership.objects.filter(space=activity.space_id, volume=Volume.ALL)
    named = activity.item.mentions.values("member")
    people = Q(pk__in=loud.values("member")) | Q(pk__in=named)
    return Member.objects.filter(people).exclude(_deaf(activity))


def _followers(activity: Activity):
    """Those who follow the topic loudly, and whoever's comment became the answer."""
    loud = activity.item.follows.filter(volume=Volume.ALL)
    silenced = activity.item.follows.filter(volume=Volume.MUTE)
    people = Q(pk__in=loud.values("member")) | Q(pk=activity.data.get("answerer"))
    heard = Member.objects.filter(people).exclude(pk__in=silenced.values("member"))
    return heard.exclude(_deaf(activity))


registry.add(
    Kind(
        name=Topic.KIND,
        model="groups.Topic",
        label=_("Topic"),
        icon="message-square",
        hue="talk",
        card="groups/_topic_card.html",
        policies="groups.policies",
        text=lambda topic: topic.text,
        personal=("title", "text"),
        children=topic_rows,
        lenses=(
            Lens("questions", _("Questions"), {"topic__template": "question"}),
            Lens("experiences", _("Experiences"), {"topic__template": "experience"}),
            Lens("debriefs", _("Debriefs"), {"topic__template": "debrief"}),
        ),
        url_name="groups:topic",
    ),
    Verb(
        name="topics.posted",
        sentence=_("%(actor)s started “%(title)s”"),
        topic="talk",
        recipients=_ears,
        icon="message-square",
    ),
    Verb(
        name="topics.answered",
        sentence=_("%(actor)s chose the answer to “%(title)s”"),
        topic="replies",
        recipients=_followers,
        icon="circle-check",
    ),
    Verb(
        name="topics.closed",
        sentence=_("%(actor)s closed “%(title)s”"),
        topic="replies",
        recipients=_followers,
        icon="lock",
    ),
    Verb(name="topics.reopened", sentence=_("%(actor)s opened “%(title)s” again")),
    Verb(name="topics.moved", sentence=_("%(actor)s changed who sees “%(title)s”"), icon="eye"),
    Creation(
        name="topic", label=_("New topic"), icon="square-pen", url_name="groups:share", order=10
    ),
    Creation(name="group", label=_("New group"), icon="users", url_name="groups:start", order=80),
    Waiting(name="groups.questions", cards=questions.cards, some=questions.some),
    Beside(
        name="questions", template="groups/_open_questions.html", context=questions.beside, order=20
    ),
)
