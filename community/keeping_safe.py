"""The verbs, and the places on the desk, of moderation and of safeguarding."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from community import case_queue, moderation, safeguarding
from community.models import Activity, Case, Concern, MeasureAppeal, Member
from community.policies import moderates, steers_community
from community.registry import DeskPlace, Verb, registry


def _deciders(activity: Activity) -> Any:
    case = Case.objects.filter(pk=activity.data.get("case")).first()
    return moderation.deciders(case) if case is not None else Member.objects.none()


def _reporters(activity: Activity) -> Any:
    return Member.objects.filter(reports__case=activity.data.get("case"))


def _hearers(activity: Activity) -> Any:
    case = Case.objects.filter(pk=activity.data.get("case")).first()
    appeal = MeasureAppeal.objects.select_related("by").filter(pk=activity.data.get("appeal"))
    by = next((row.by for row in appeal if row.by is not None), None)
    apart = by.kept_apart_ids if by is not None else []
    return moderation.hearers(case, [*activity.data.get("had_part", []), *apart])


def _handlers(activity: Activity) -> Any:
    concern = Concern.objects.filter(pk=activity.data.get("concern")).first()
    return safeguarding.handlers(concern) if concern is not None else Member.objects.none()


def _the_person(activity: Activity) -> Any:
    return Member.objects.filter(pk=activity.data.get("member"))


def _the_case(activity: Activity) -> str:
    case = activity.data.get("case")
    return reverse("case", args=[case]) if case else reverse("moderation")


def _the_appeal(activity: Activity) -> str:
    appeal = MeasureAppeal.objects.filter(pk=activity.data.get("appeal")).first()
    return reverse("answer_appeal", args=[appeal.pk]) if appeal else reverse("moderation")


def _the_decision(activity: Activity) -> str:
    measure = activity.data.get("measure")
    return reverse("decision", args=[measure]) if measure else reverse("reports")


def _the_concern(activity: Activity) -> str:
    return reverse("concern", args=[activity.data["concern"]])


def _my_concern(activity: Activity) -> str:
    return reverse("my_concern", args=[activity.data["concern"]])


registry.add(
    Verb(
        name="reports.opened",
        sentence=_("Something was reported"),
        topic="moderation",
        attention="person",
        recipients=_deciders,
        discreet=True,
        icon="flag",
        url=_the_case,
    ),
    Verb(
        name="reports.answered",
        sentence=_("What you reported was decided"),
        topic="membership",
        attention="right",
        recipients=_reporters,
        discreet=True,
        icon="flag",
        url=lambda _activity: reverse("reports"),
    ),
    Verb(
        name="moderation.hid",
        sentence=_("Something of yours was hidden: %(title)s"),
        topic="membership",
        attention="right",
        recipients=_the_person,
        icon="eye-off",
        url=_the_decision,
    ),
    Verb(
        name="moderation.lifted",
        sentence=_("A decision about you is over: %(title)s"),
        topic="membership",
        attention="right",
        recipients=_the_person,
        icon="eye",
        url=_the_decision,
    ),
    Verb(
        name="moderation.appealed",
        sentence=_("Somebody asks to look at a decision again"),
        topic="moderation",
        attention="person",
        recipients=_hearers,
        icon="scale",
        url=_the_appeal,
    ),
    Verb(
        name="moderation.appeal_answered",
        sentence=_("Your appeal was answered"),
        topic="membership",
        attention="right",
        recipients=_the_person,
        icon="scale",
        url=_the_decision,
    ),
    Verb(
        name="safeguarding.received",
        sentence=_("Somebody wrote about a safeguarding concern"),
        topic="safeguarding",
        attention="security",
        recipients=_handlers,
        mailed=lambda _activity: True,
        discreet=True,
        icon="hand-helping",
        url=_the_concern,
    ),
    Verb(
        name="safeguarding.answered",
        sentence=_("There is an answer to your concern"),
        topic="membership",
        attention="right",
        recipients=_the_person,
        discreet=True,
        icon="hand-helping",
        url=_my_concern,
    ),
    DeskPlace(
        name="community.moderation",
        label=_("Reports"),
        icon="flag",
        url_name="moderation",
        may=moderation.looks_after,
        count=case_queue.due,
        order=20,
        hint=_("What people reported, and what was decided."),
        hue="act",
    ),
    DeskPlace(
        name="community.rules",
        label=_("Rules"),
        icon="scale",
        url_name="rules",
        may=lambda member: steers_community(member) or moderates(member),
        order=60,
        hint=_("What holds here, in plain words."),
        hue="guide",
    ),
    DeskPlace(
        name="community.safeguarding",
        label=_("Safeguarding"),
        icon="hand-helping",
        url_name="safeguarding",
        may=safeguarding.has_desk,
        count=safeguarding.due,
        order=15,
        hint=_("Concerns for somebody’s safety."),
        hue="guide",
    ),
)
