"""The nouns, verbs, tabs, places and waiting cards that groups bring."""

from __future__ import annotations

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from community.models import Activity, Member, Ring, Space
from community.registry import Place, Tab, Verb, Waiting, registry
from groups import waiting


def _stewards_of_community(activity: Activity):
    return Member.objects.filter(membership__space__kind=Space.ROOT, membership__ring=Ring.STEWARD)


def _starter(activity: Activity):
    return Member.objects.filter(pk=activity.space.group.started_by_id)


def _stewards(activity: Activity):
    return Member.objects.filter(
        membership__space=activity.space_id, membership__ring=Ring.STEWARD
    )


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
        recipients=_stewards_of_community,
        icon="sprout",
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
    ),
    Verb(
        name="groups.charter_adopted",
        sentence=_("%(space)s has a new version of its charter"),
        topic="groups",
        recipients=_taking_part,
        icon="scroll-text",
    ),
    Place(name="groups", label=_("Groups"), icon="layers", url_name="groups:groups", order=20),
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
    Waiting(name="groups.offers", cards=waiting.offers),
    Waiting(name="groups.requests", cards=waiting.requests),
    Waiting(name="groups.ring_asks", cards=waiting.ring_asks),
    Waiting(name="groups.proposals", cards=waiting.proposals),
    Waiting(name="groups.care", cards=waiting.care),
)
