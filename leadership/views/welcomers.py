"""Who welcomes in a space, taking it on and putting it down; for its stewards, how it goes."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Count, F, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from community import desk
from community.htmx import load, posted, viewer
from community.models import Member, Ring, Space
from community.models.people import still_here
from community.policies import Refused
from community.registry import registry
from leadership import choosing, forms, policies
from leadership.models import REACHED_WITHIN, Welcome, Welcomer
from leadership.operations import welcomers as operations
from leadership.waiting import clock

MOST = 100


def _load(request: HttpRequest, slug: str) -> Space:
    """A space the reader takes part in; for everybody else this page does not exist."""
    space = load(Space, request, slug=slug)
    if not policies.can_see_welcomers(viewer(request), space):
        raise Http404
    return space


@desk.page("leadership.welcome")
@require_safe
def community_welcome(request: HttpRequest) -> HttpResponse:
    """The desk's way to the welcome of the whole community."""
    return redirect("leadership:welcomers", slug=Space.objects.root().slug)


@login_required
@require_safe
def welcomers(request: HttpRequest, slug: str) -> HttpResponse:
    return _page(request, _load(request, slug))


def _page(request: HttpRequest, space: Space, **bound: Any) -> HttpResponse:
    member = viewer(request)
    rows = list(_rows(space))
    mine = next((row for row in rows if row.membership.member_id == member.pk), None)
    leads = policies.can_lead_welcomes(member, space)
    said = (
        {"languages": mine.languages, "at_once": mine.at_once}
        if mine
        else {"languages": [member.language]}
    )
    context = {
        "space": space,
        "rows": [row for row in rows if row.accepted_at],
        "asked_people": [row for row in rows if not row.accepted_at],
        "mine": mine,
        "volunteers": policies.can_volunteer(member, space),
        "leads": leads,
        "newcomers": _newcomers(member, space) if leads else [],
        "numbers": _numbers(space) if leads else {},
        "form": bound.get("form") or forms.WelcomerForm(initial=said),
        "away_form": bound.get("away_form")
        or forms.AwayForm(
            initial={"until": mine.away_until if mine else None}, auto_id="id_away_%s"
        ),
        "ask_form": bound.get("ask_form")
        or (forms.AskForm(people=_askable(member, space), auto_id="id_ask_%s") if leads else None),
    }
    status = 422 if bound else 200
    kind = registry.space_kinds.get(space.kind)
    if kind is None or not kind.frame:
        return render(request, "leadership/welcome_of_all.html", context, status=status)
    around = kind.around(request, space, "welcome")
    return render(request, "leadership/welcomers.html", around | context, status=status)


def _rows(space: Space) -> QuerySet:
    """Who welcomes here or was asked to, each with what they have in hand here; one query."""
    return (
        Welcomer.objects.filter(still_here("membership__member__"), membership__space=space)
        .select_related("membership__member__avatar")
        .annotate(
            load=Count(
                "membership__member__welcoming",
                filter=Q(
                    membership__member__welcoming__closed_at=None,
                    membership__member__welcoming__state__in=choosing.IN_HAND,
                ),
            )
        )
        .order_by("membership__member__name", "pk")
    )


def _newcomers(member: Member, space: Space) -> list[Welcome]:
    """Who is new here: those nobody has reached first, the longest waiting on top."""
    rows = (
        Welcome.objects.visible_to(member)
        .open()
        .filter(space=space)
        .select_related("member__avatar", "welcomer")
        .order_by("created_at")[:MOST]
    )
    found = sorted(rows, key=lambda one: (not one.is_overdue, not one.is_waiting, one.created_at))
    for one in found:
        one.clock = clock(one)
    return found


def _numbers(space: Space) -> dict[str, int]:
    """How many of those who came in the last 90 days were reached in time."""
    since = timezone.now() - timedelta(days=90)
    came = Welcome.objects.filter(
        space=space, created_at__gt=since, created_at__lt=timezone.now() - REACHED_WITHIN
    )
    in_time = Q(reached_at__lte=F("created_at") + REACHED_WITHIN)
    return came.aggregate(all=Count("pk"), in_time=Count("pk", filter=in_time))


def _askable(member: Member, space: Space) -> list[Member]:
    """People who take part here and do not welcome yet."""
    return list(
        Member.objects.filter(
            membership__space=space,
            membership__ring__gte=Ring.PARTICIPANT,
            membership__welcomer=None,
        )
        .visible_to(member)
        .exclude(pk=member.pk)
        .order_by("name")[:300]
    )


@login_required
@require_POST
def volunteer(request: HttpRequest, slug: str) -> HttpResponse:
    """Take it on, or change in which languages and how many at once."""
    space, member = _load(request, slug), viewer(request)
    form = forms.WelcomerForm(posted(request))
    if form.is_valid():
        change = policies.welcomer_in(member, space)
        act = operations.change_welcoming if change else operations.volunteer
        try:
            act(space, by=member, **form.cleaned_data)
        except Refused as refused:
            form.add_error(None, refused.reason)
        else:
            messages.success(request, _("Saved.") if change else _("Thank you. You welcome here."))
            return redirect("leadership:welcomers", slug=slug)
    return _page(request, space, form=form)


@login_required
@require_POST
def ask(request: HttpRequest, slug: str) -> HttpResponse:
    """A steward asks somebody."""
    space, member = _load(request, slug), viewer(request)
    policies.can_ask_to_welcome(member, space).enforce()
    people = _askable(member, space)
    form = forms.AskForm(posted(request), people=people, auto_id="id_ask_%s")
    if form.is_valid():
        person = next(one for one in people if one.pk == form.cleaned_data["person"])
        try:
            operations.ask_to_welcome(space, person=person, by=member)
        except Refused as refused:
            form.add_error(None, refused.reason)
        else:
            messages.success(request, _("%(name)s was asked.") % {"name": person.display_name})
            return redirect("leadership:welcomers", slug=slug)
    return _page(request, space, ask_form=form)


@login_required
@require_POST
def answer_ask(request: HttpRequest, slug: str) -> HttpResponse:
    space, member = _load(request, slug), viewer(request)
    try:
        if request.POST.get("answer") == "yes":
            operations.answer_ask(space, by=member, yes=True)
            messages.success(request, _("Thank you. You welcome here."))
        else:
            operations.answer_ask(space, by=member, yes=False)
    except Refused as refused:
        messages.error(request, refused.reason)
    return redirect("leadership:welcomers", slug=slug)


@login_required
@require_POST
def away(request: HttpRequest, slug: str) -> HttpResponse:
    space, form = _load(request, slug), forms.AwayForm(posted(request), auto_id="id_away_%s")
    if form.is_valid():
        try:
            operations.rest(space, by=viewer(request), until=form.cleaned_data["until"])
        except Refused as refused:
            form.add_error(None, refused.reason)
        else:
            messages.success(request, _("Saved."))
            return redirect("leadership:welcomers", slug=slug)
    return _page(request, space, away_form=form)


@login_required
@require_POST
def stop(request: HttpRequest, slug: str) -> HttpResponse:
    space = _load(request, slug)
    try:
        operations.stop_welcoming(space, by=viewer(request))
    except Refused as refused:
        messages.error(request, refused.reason)
    else:
        messages.success(request, _("You put it down. Thank you for what you did."))
    return redirect("leadership:welcomers", slug=slug)
