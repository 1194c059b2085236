"""The verbs, places, tabs and waiting cards that welcoming brings."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from community.models import Activity, Member, Ring
from community.registry import DeskPlace, Place, Tab, Verb, Waiting, registry
from leadership import holdings as holdings  # declares what is held about people
from leadership import policies, waiting


def _the_person(activity: Activity) -> Any:
    return Member.objects.filter(pk=activity.data.get("member"))


def _queue(activity: Activity) -> str:
    return reverse("leadership:welcoming")


def _stewards_told(activity: Activity) -> Any:
    """Those who lead the space, but for whom the newcomer keeps away or is kept away by."""
    newcomer = Member.objects.filter(pk=activity.data["member"]).first()
    stewards = Member.objects.filter(
        membership__space=activity.space_id, membership__ring=Ring.STEWARD
    )
    return stewards.exclude(pk__in=newcomer.kept_apart_ids) if newcomer else stewards.none()


def _who_welcomes(activity: Activity) -> str:
    return reverse("leadership:welcomers", args=[activity.space.slug])


def _mine(activity: Activity) -> str:
    return reverse("leadership:my_welcome")


registry.add(
    Verb(
        name="welcomers.asked",
        sentence=_("%(actor)s asks you to welcome people in %(space)s"),
        topic="membership",
        attention="person",
        recipients=_the_person,
        icon="hand-helping",
        url=lambda activity: reverse("leadership:welcomers", args=[activity.space.slug]),
    ),
    Verb(
        name="welcomes.given",
        sentence=_("%(name)s is new. You welcome them"),
        topic="membership",
        attention="promise",
        recipients=_the_person,
        why=_("you welcome people here"),
        icon="hand-helping",
        url=_queue,
    ),
    Verb(
        name="welcomes.promised",
        sentence=_("%(name)s will welcome you"),
        topic="membership",
        attention="person",
        recipients=_the_person,
        icon="smile",
        url=_mine,
    ),
    Verb(
        name="welcomes.handed_over",
        sentence=_("%(actor)s asks you to welcome %(name)s"),
        topic="membership",
        attention="person",
        recipients=_the_person,
        why=_("you welcome people here"),
        icon="hand-helping",
        url=lambda activity: reverse("leadership:welcome", args=[activity.data["welcome"]]),
    ),
    Verb(
        name="welcomes.step_agreed",
        sentence=_("%(actor)s wrote down the first step you agreed on"),
        topic="membership",
        attention="promise",
        recipients=_the_person,
        icon="sprout",
        url=_mine,
    ),
    Verb(
        name="welcomes.late",
        sentence=_("%(name)s is new and was not reached within two days, though somebody has them"),
        topic="steward",
        attention="promise",
        recipients=_stewards_told,
        icon="bell-ring",
        url=_who_welcomes,
    ),
    Verb(
        name="welcomes.nobody_yet",
        sentence=_("%(name)s is new and was not reached within two days: nobody has them yet"),
        topic="steward",
        attention="promise",
        recipients=_stewards_told,
        icon="bell-ring",
        url=_who_welcomes,
    ),
    Place(
        name="welcoming",
        label=_("Welcome queue"),
        icon="hand-helping",
        url_name="leadership:welcoming",
        order=92,
        on_phone=False,
        count=waiting.count,
        may=policies.welcomes_somewhere,
    ),
    Tab(
        name="welcome",
        label=_("Welcoming"),
        icon="hand-helping",
        url_name="leadership:welcomers",
        order=85,
        min_ring=Ring.PARTICIPANT,
    ),
    DeskPlace(
        name="leadership.welcome",
        label=_("Welcoming"),
        icon="hand-helping",
        url_name="leadership:community_welcome",
        may=policies.looks_after_welcomes,
        count=waiting.due,
        order=16,
        hint=_("People who are new, and who meets them."),
    ),
    Waiting(name="welcomes.mine", cards=waiting.newcomers, some=waiting.some_newcomers),
    Waiting(name="welcomes.asked", cards=waiting.hand_overs, some=waiting.some_hand_overs),
    Waiting(name="welcomers.asked", cards=waiting.asks, some=waiting.some_asks),
    Waiting(name="welcomes.late", cards=waiting.late, some=waiting.some_late),
    Waiting(name="welcomes.step", cards=waiting.steps, some=waiting.some_steps),
    Waiting(name="welcomes.step_due", cards=waiting.steps_due, some=waiting.some_steps_due),
    Waiting(name="welcomes.again", cards=waiting.touches, some=waiting.some_touches),
    Waiting(name="welcomes.promised", cards=waiting.promised, some=waiting.some_promised),
)
registry.follow("spaces.joined", "leadership.tasks.welcome_newcomer")
registry.follow("people.arrived", "leadership.tasks.welcome_newcomer")
