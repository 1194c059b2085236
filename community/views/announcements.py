"""Announcements: reading one, and for who speaks for a space, planning, sending, looking back."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Prefetch, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language_info
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from community import announcements as policies
from community import desk, governor, keyset, moderation, parts, prose, wordings
from community import thread as threads
from community.forms.announcements import BudgetForm, PlanForm, ScheduleForm
from community.htmx import load, posted, respond, viewer
from community.models import (
    Announcement,
    AnnouncementPlan,
    Comment,
    Community,
    Member,
    Ring,
    Space,
    Volume,
)
from community.operations import announcements as operations
from community.operations import writing as writing_operations
from community.policies import Refused
from community.prepared import prepared
from community.views import comments as comment_views

PLACE = "community.announcements"


# Reading one


@require_safe
def announcement(request: HttpRequest, pk: int) -> HttpResponse:
    """What was announced, in the reader's language, and what was answered."""
    member = viewer(request)
    asked = _announcement(member, pk)
    if not asked:
        if decision := moderation.own_hidden(member, pk):
            return redirect("decision", decision)
        raise Http404
    found = asked[0]
    request.space_id = found.space_id
    language, title, html = found.here
    thread = threads.page(
        found,
        member,
        since=getattr(found, "read_at", None),
        after=request.GET.get("after", ""),
        before=request.GET.get("before", ""),
        at=request.GET.get("at", ""),
    )
    context = {
        "announcement": found,
        "language": language,
        "title": title,
        "html": html,
        "space": found.space,
        "thread": thread,
        "reactions": parts.reactions(
            found, getattr(found, "own", ()), member, may=thread.may_react
        ),
        "volumes": Volume,
        "plan": AnnouncementPlan.objects.visible_to(member).filter(announcement=pk).first(),
    }
    if thread.may_comment:
        context |= _reply_form(request, found, member)
    return respond(request, "community/announcement.html", None, context)


@prepared
def _announcement(reader: Any, pk: int) -> QuerySet:
    return Announcement.objects.for_page(reader).visible_to(reader).filter(pk=pk)[:1]


def _reply_form(request: HttpRequest, found: Announcement, member: Member) -> dict[str, Any]:
    number = request.GET.get("reply", "")
    parent = None
    if number.isdecimal():
        rows = Comment.objects.visible_to(member).filter(item=found.pk, pk=int(number))
        parent = rows.select_related("author").first()
    return comment_views.comment_form(found, member, parent=parent, by_page=parent is not None)


@login_required
@require_POST
def delete_announcement(request: HttpRequest, pk: int) -> HttpResponse:
    """Take it back from where it stands. Who was asked was asked; nobody more will be."""
    found = load(Announcement, request, "space", pk=pk)
    writing_operations.delete_item(found, by=viewer(request))
    messages.success(request, _("Taken away. Nobody more is asked."))
    return redirect(found.space.get_absolute_url())


# Planning


@desk.page(PLACE)
@require_safe
def announcement_plans(request: HttpRequest) -> HttpResponse:
    member = viewer(request)
    spaces = policies.spaces_for(member)
    rows = AnnouncementPlan.objects.visible_to(member).select_related("space", "author")
    page = keyset.page(rows, request.GET.get("cursor"), order=("-changed_at", "-pk"), size=20)
    community = Community.objects.current()
    may_set = policies.can_set_budget(member)
    budget = {"a_day": community.contacts_a_day, "a_week": community.contacts_a_week}
    context = {
        "page": page,
        "spaces": spaces,
        "budget": budget,
        "budget_form": BudgetForm(initial=budget) if may_set else None,
    }
    return respond(request, "community/announcement_plans.html", None, context)


@desk.page(PLACE)
@require_http_methods(["GET", "HEAD", "POST"])
def new_announcement(request: HttpRequest) -> HttpResponse:
    """Write one: for which space, from which wording, then words and people."""
    member = viewer(request)
    spaces = policies.spaces_for(member)
    chosen = [space for space in spaces if space.slug == request.GET.get("space")]
    if not chosen and len(spaces) > 1:
        context, status = {"spaces": spaces}, 422 if request.method == "POST" else 200
        return respond(request, "community/announcement_space.html", None, context, status)
    space = (chosen or spaces or [None])[0]
    if space is None:
        raise Http404
    core_words = wordings.begin(request.GET.get("wording", ""), wordings.languages())
    form = _form(request, member, space, initial=_typed(core_words))
    if request.method == "POST" and form.is_valid():
        try:
            plan = operations.write_plan(space, by=member, words=form.words(), **form.segment())
            messages.success(request, _("Kept. Look at it, send it to yourself, then let it go."))
            return redirect(plan)
        except Refused as refused:
            form.add_error(None, refused.reason)
    context = {
        "form": form,
        "space": space,
        "wordings": wordings.WORDINGS,
        "wording": request.GET.get("wording", ""),
        "plan": None,
    }
    return _form_page(request, context)


@desk.page(PLACE)
@require_http_methods(["GET", "HEAD", "POST"])
def change_announcement(request: HttpRequest, pk: int) -> HttpResponse:
    member, plan = viewer(request), _plan(request, pk)
    policies.can_change_plan(member, plan).enforce()
    initial = _typed(plan.words) | {
        "min_ring": plan.min_ring,
        "spaces": plan.to_spaces.all(),
        "rings": plan.to_rings,
        "languages": plan.to_languages,
        "areas": plan.to_areas,
        "deadline_at": plan.deadline_at,
    }
    form = _form(request, member, plan.space, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            segment = form.segment() | {"about": plan.about}
            operations.change_plan(plan, by=member, words=form.words(), **segment)
            return redirect(plan)
        except Refused as refused:
            form.add_error(None, refused.reason)
    return _form_page(request, {"form": form, "space": plan.space, "plan": plan})


@desk.page(PLACE)
@require_POST
def announcement_reach(request: HttpRequest, slug: str) -> HttpResponse:
    """Whom it would reach, while whom it is for is still being chosen."""
    member = viewer(request)
    space = next((one for one in policies.spaces_for(member) if one.slug == slug), None)
    if space is None:
        raise Http404
    form = _form(request, member, space, initial={})
    form.full_clean()
    context = {"space": space, "reach": _reach(form, space, member)}
    return render(request, "community/_announcement_reach.html", context)


def _reach(form: PlanForm, space: Space, member: Member) -> str:
    """Whom what is chosen would reach, or what is wrong with it, in one sentence."""
    try:
        return operations.foresee(space, by=member, **form.segment()).sentence
    except Refused as refused:
        return str(refused.reason)


def _form(request: HttpRequest, member: Member, space: Space, *, initial: dict) -> PlanForm:
    return PlanForm(
        posted(request),
        initial=initial,
        community=Community.objects.current(),
        space=space,
        spaces=policies.spaces_to_ask(member),
        rings=policies.rings_for(member, space),
    )


def _form_page(request: HttpRequest, context: dict[str, Any]) -> HttpResponse:
    form, space = context["form"], context["space"]
    context |= {
        "languages": [
            (_own_name(code), code, title, text) for code, title, text in form.by_language()
        ],
        "links_url": f"{reverse('item_links')}?space={space.pk}&ring={Ring.FOLLOWER:d}",
        "preview_url": f"{reverse('preview')}?space={space.pk}",
        "reach": _reach(form, space, viewer(request)),
    }
    status = 422 if request.method == "POST" else 200
    return respond(request, "community/announcement_form.html", None, context, status)


def _typed(words: dict[str, dict[str, str]]) -> dict[str, str]:
    return {f"{part}_{code}": said for code, both in words.items() for part, said in both.items()}


def _own_name(code: str) -> str:
    return get_language_info(code)["name_local"]


@desk.page(PLACE)
@require_safe
def announcement_plan(request: HttpRequest, pk: int) -> HttpResponse:
    """How it reads in every language, whom it reaches, when it goes, what came of it."""
    return _plan_page(request, _plan(request, pk))


def _plan_page(request: HttpRequest, plan: AnnouncementPlan, form: Any = None) -> HttpResponse:
    member, community = viewer(request), Community.objects.current()
    context = {
        "plan": plan,
        "space": plan.space,
        "previews": _previews(plan, community),
        "missing": [
            _own_name(code) for code, _name in community.offered_languages if code not in plan.words
        ],
        "written_in": _own_name(plan.language),
        "places": wordings.places(plan.words),
        "asks": _asks(plan),
        "may_change": policies.can_change_plan(member, plan),
        "may_stop": policies.can_stop(member, plan),
        "forecast": governor.forecast(plan) if plan.is_open else None,
        "result": None if plan.is_open else governor.result(plan),
        "schedule_form": form or ScheduleForm(initial={"at": plan.send_at}),
    }
    return respond(request, "community/announcement_plan.html", None, context, 422 if form else 200)


def _previews(plan: AnnouncementPlan, community: Community) -> list[dict[str, str]]:
    return [
        {
            "code": code,
            "name": _own_name(code),
            "title": plan.words[code]["title"],
            "html": prose.render(plan.words[code]["text"]),
        }
        for code, _name in community.offered_languages
        if code in plan.words
    ]


def _asks(plan: AnnouncementPlan) -> list[str]:
    """What narrows whom it is for, in words."""
    from community.forms.announcements import ASKED

    groups = [space.name for space in plan.to_spaces.all()]
    found = [", ".join(groups)] if groups else []
    if plan.to_rings:
        found.append(", ".join(str(label) for ring, label in ASKED if ring in plan.to_rings))
    if plan.to_languages:
        found.append(", ".join(_own_name(code) for code in plan.to_languages))
    if plan.to_areas:
        found.append(", ".join(plan.to_areas))
    return found


@desk.page(PLACE)
@require_POST
def test_announcement(request: HttpRequest, pk: int) -> HttpResponse:
    plan = _plan(request, pk)
    operations.test_plan(plan, by=viewer(request))
    messages.success(request, _("Sent to you alone. Look into your mail."))
    return redirect(plan)


@desk.page(PLACE)
@require_POST
def schedule_announcement(request: HttpRequest, pk: int) -> HttpResponse:
    """At a moment to come (``at``); without one it waits for nobody any more."""
    plan = _plan(request, pk)
    if "never" in request.POST:
        operations.unschedule_plan(plan, by=viewer(request))
        messages.success(request, _("It does not begin by itself any more."))
        return redirect(plan)
    policies.can_change_plan(viewer(request), plan).enforce()
    form = ScheduleForm(request.POST)
    if form.is_valid():
        try:
            operations.schedule_plan(plan, at=form.cleaned_data["at"], by=viewer(request))
            messages.success(request, _("It begins by itself then."))
            return redirect(plan)
        except Refused as refused:
            form.add_error("at", refused.reason)
    return _plan_page(request, plan, form)


@desk.page(PLACE)
@require_POST
def send_announcement(request: HttpRequest, pk: int) -> HttpResponse:
    plan = operations.send_plan(_plan(request, pk), by=viewer(request))
    messages.success(request, _("It is on its way."))
    return redirect(plan)


@desk.page(PLACE)
@require_POST
def stop_announcement(request: HttpRequest, pk: int) -> HttpResponse:
    plan = operations.stop_plan(_plan(request, pk), by=viewer(request))
    messages.success(request, _("Stopped. Nobody more is asked."))
    return redirect(plan)


@desk.page(PLACE)
@require_POST
def discard_announcement(request: HttpRequest, pk: int) -> HttpResponse:
    operations.discard_plan(_plan(request, pk), by=viewer(request))
    messages.success(request, _("The draft is gone."))
    return redirect("announcement_plans")


@desk.page(PLACE)
@require_POST
def contact_budget(request: HttpRequest) -> HttpResponse:
    """How often all senders together may ask one person."""
    policies.can_set_budget(viewer(request)).enforce()
    form = BudgetForm(request.POST)
    if not form.is_valid():
        messages.error(
            request, _("Choose 1 to 5 a day, and no fewer and at most 14 in seven days.")
        )
        return redirect("announcement_plans")
    operations.set_contact_budget(
        Community.objects.current(), by=viewer(request), **form.cleaned_data
    )
    messages.success(request, _("Saved."))
    return redirect("announcement_plans")


def _plan(request: HttpRequest, pk: int) -> AnnouncementPlan:
    rows = AnnouncementPlan.objects.select_related("space", "author", "announcement")
    return load(rows.prefetch_related(Prefetch("to_spaces")), request, pk=pk)
