"""The nouns, verbs, tabs, places and waiting cards that groups bring."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from community.models import Activity, Member, Membership, Ring, Space, Volume
from community.policies import steers_community
from community.prepared import prepared
from community.registry import (
    Act,
    Beside,
    Creation,
    DeskPlace,
    Kind,
    Lens,
    Place,
    SpaceKind,
    Tab,
    Verb,
    Waiting,
    registry,
)
from groups import holdings, questions, suggestions, waiting  # noqa: F401
from groups.models import Group, Topic
from groups.rows import topic_card


def _nearness(space: Space) -> int:
    """A region speaks for many groups: it stands back behind one's own."""
    return 2 if Group.objects.filter(pk=space.pk, kind=Group.Kind.REGION).exists() else 1


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
        attention="person",
        recipients=_stewards_of_community,
        icon="sprout",
        url=lambda activity: reverse("groups:proposals"),
    ),
    Verb(
        name="groups.started",
        sentence=_("%(actor)s started %(space)s"),
        topic="groups",
        attention="groups",
        recipients=_stewards_and_parents,
        why=_("you are a steward"),
        icon="sprout",
    ),
    *(
        Verb(
            name=f"groups.{name}",
            sentence=sentence,
            topic="groups",
            attention="person",
            recipients=_starter,
            why=_("you proposed this group"),
            icon="sprout",
        )
        for name, sentence in (
            ("approved", _("%(actor)s said yes: %(space)s can begin")),
            ("declined", _("%(actor)s answered your proposal of %(space)s: not like this")),
        )
    ),
    Verb(name="groups.updated", sentence=_("%(actor)s changed how %(space)s describes itself")),
    Verb(
        name="groups.openness_changed",
        sentence=_("%(actor)s changed who sees %(space)s"),
        topic="groups",
        attention="groups",
        recipients=_taking_part,
        icon="door-open",
    ),
    Verb(
        name="groups.state_changed",
        sentence=_("%(actor)s changed where %(space)s stands"),
        topic="groups",
        attention="groups",
        recipients=_stewards,
        why=_("you are a steward"),
        icon="sprout",
        url=lambda activity: reverse("groups:state", args=[activity.space.slug]),
    ),
    Verb(
        name="groups.charter_adopted",
        sentence=_("%(space)s has a new version of its charter"),
        topic="groups",
        attention="groups",
        recipients=_taking_part,
        icon="scroll-text",
        url=lambda activity: reverse("groups:about", args=[activity.space.slug]) + "#charter",
    ),
    SpaceKind(
        name=Space.GROUP,
        home="groups:group",
        people="groups:people",
        join="groups:join",
        appeal="groups:appeal",
        ask="groups:ask",
        suggested=suggestions.suggested,
        frame="groups.views.frame.around_tab",
        frame_template="groups/group.html",
        nearness=_nearness,
    ),
    SpaceKind(
        name=Space.ROOT,
        home="groups:place",
        people="groups:people",
        join="groups:place",
        appeal="groups:appeal",
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
    DeskPlace(
        name="groups.proposals",
        label=_("New groups"),
        icon="sprout",
        url_name="groups:proposals",
        may=steers_community,
        count=waiting.proposals_due,
        order=12,
        hint=_("Groups that wait for a yes."),
    ),
    DeskPlace(
        name="groups.few_stewards",
        label=_("One steward or none"),
        icon="flag",
        url_name="groups:few_stewards",
        may=steers_community,
        count=waiting.few_stewards_due,
        order=16,
        hint=_("Groups that one person holds alone, or nobody."),
    ),
    DeskPlace(
        name="groups.everybody",
        label=_("Everybody and their rings"),
        icon="users",
        url_name="groups:everybody",
        may=steers_community,
        order=69,
        hint=_("Who is in the community and how far in; offering places, and removing people."),
    ),
    DeskPlace(
        name="groups.appeals",
        label=_("Appeals of removed people"),
        icon="scale",
        url_name="groups:appeals",
        may=steers_community,
        count=waiting.appeals_due,
        order=14,
        hint=_("People who were removed from a group and want to be heard."),
    ),
    Waiting(name="groups.offers", cards=waiting.offers, some=waiting.some_offers),
    Waiting(name="groups.requests", cards=waiting.requests, some=waiting.some_requests),
    Waiting(name="groups.ring_asks", cards=waiting.ring_asks, some=waiting.some_ring_asks),
    Waiting(name="groups.proposals", cards=waiting.proposals, some=waiting.some_proposals),
    Waiting(name="groups.first_talks", cards=waiting.first_talks, some=waiting.some_first_talks),
    Waiting(name="groups.care", cards=waiting.care),
)


# Talk


def topic_rows(ids: Iterable[int]) -> dict[int, Topic]:
    """Topics for cards, with all that a card shows; one query."""
    return {topic.pk: topic for topic in _topics(tuple(ids))}


@prepared
def _topics(ids: tuple[int, ...]) -> QuerySet:
    return Topic.objects.for_cards().filter(pk__in=ids)


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


def _told_of(activity: Activity):
    """The one whose words it is about."""
    return Member.objects.filter(pk=activity.data.get("member"))


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
        plural=_("Topics"),
        icon="message-square",
        hue="talk",
        part=topic_card,
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
        attention="groups",
        recipients=_ears,
        icon="message-square",
    ),
    Verb(
        name="topics.answered",
        sentence=_("%(actor)s chose the answer to “%(title)s”"),
        topic="replies",
        attention="groups",
        recipients=_followers,
        icon="circle-check",
    ),
    Verb(
        name="topics.closed",
        sentence=_("%(actor)s closed “%(title)s”"),
        topic="replies",
        attention="groups",
        recipients=_followers,
        icon="lock",
    ),
    Verb(name="topics.reopened", sentence=_("%(actor)s opened “%(title)s” again")),
    *(
        Verb(
            name=f"topics.{name}",
            sentence=sentence,
            topic=topic,
            attention="person",
            recipients=_told_of,
            why=_("it is about your own words"),
            icon=icon,
        )
        for name, sentence, topic, icon in (
            (
                "moved_here",
                _("%(actor)s moved your topic “%(title)s” to %(space)s"),
                "replies",
                "layers",
            ),
            (
                "moved_away",
                _("%(actor)s moved your topic “%(title)s” to another group"),
                "membership",
                "layers",
            ),
            (
                "split",
                _("%(actor)s made your answer a topic of its own: “%(title)s”"),
                "replies",
                "message-square",
            ),
            (
                "merged",
                _("%(actor)s put your topic “%(merged)s” into “%(title)s”"),
                "replies",
                "messages-square",
            ),
            (
                "put_back",
                _("%(actor)s put your answer back into “%(title)s”"),
                "replies",
                "messages-square",
            ),
            (
                "parted",
                _("%(actor)s made “%(title)s” a topic of its own again"),
                "replies",
                "message-square",
            ),
        )
    ),
    Verb(name="topics.moved", sentence=_("%(actor)s changed who sees “%(title)s”"), icon="eye"),
    Act("topics.moved_group", _("Moved a topic to another group")),
    Act("topics.moved_back", _("Moved a topic back")),
    Act("topics.split", _("Made a topic of its own out of answers")),
    Act("topics.merged", _("Merged two topics")),
    Act("topics.put_back", _("Put answers back that were a topic of their own")),
    Act("topics.parted", _("Took a merged topic apart again")),
    Creation(
        name="topic", label=_("New topic"), icon="square-pen", url_name="groups:share", order=10
    ),
    Creation(name="group", label=_("New group"), icon="users", url_name="groups:start", order=80),
    Waiting(name="groups.questions", cards=questions.cards, some=questions.some),
    Beside(name="questions", part=questions.beside, order=20),
)
