"""The desk of lists: asking for one, agreeing to it, fetching it, and whose copy turned up."""

from __future__ import annotations

from typing import Any

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from community import desk, keyset
from community import lists as rules
from community.forms.lists import ListForm, WhoseForm
from community.forms.staff import ReasonForm
from community.htmx import load, posted, respond, viewer
from community.models import PeopleList
from community.operations import lists as operations
from community.policies import Refused

require_form = require_http_methods(["GET", "HEAD", "POST"])
proved = reauthentication_required(allow_get=True, app="allauth.account")
PLACE = "community.lists"


@desk.page(PLACE)
@proved
@require_form
def people_lists(request: HttpRequest) -> HttpResponse:
    """Lists that were asked for, and the form to ask for one."""
    by = viewer(request)
    form = ListForm(posted(request), places=rules.places_for(by), addresses=rules.guards(by))
    if request.method == "POST" and form.is_valid():
        given = {"with_email": False} | form.cleaned_data
        try:
            asked = operations.ask_for_list(given.pop("space"), by=by, **given)
        except Refused as refused:
            form.add_error(None, refused.reason)
        else:
            return redirect("people_list", asked.pk)
    found = keyset.page(
        PeopleList.objects.visible_to(by).select_related("by__avatar", "space"),
        request.GET.get("cursor"),
        order=("-asked_at", "-pk"),
    )
    context = {
        "form": form,
        "guards": rules.guards(by),
        "whose_form": WhoseForm(auto_id="whose_%s"),
        "rows": found.rows,
        "next_cursor": found.next_cursor,
        "is_first": "cursor" not in request.GET,
    }
    part = None if form.errors else "community/_people_lists.html"
    status = 422 if form.errors else 200
    return respond(request, "community/people_lists.html", part, context, status=status)


@desk.page(PLACE)
@require_safe
def people_list(request: HttpRequest, pk: int) -> HttpResponse:
    return _shown(request, _loaded(request, pk))


def _loaded(request: HttpRequest, pk: int) -> PeopleList:
    return load(PeopleList.objects.all(), request, "by__avatar", "space", "agreed_by", pk=pk)


def _shown(
    request: HttpRequest, asked: PeopleList, form: ReasonForm | None = None, status: int = 200
) -> HttpResponse:
    by = viewer(request)
    context = {
        "asked": asked,
        "fetching": rules.can_fetch(by, asked),
        "agreeing": rules.can_agree(by, asked),
        "form": form or ReasonForm(question=_("Why do you refuse it?")),
        "guards": rules.guards(by),
    }
    return render(request, "community/people_list.html", context, status=status)


@desk.page(PLACE)
@proved
@require_POST
def agree_list(request: HttpRequest, pk: int) -> HttpResponse:
    asked = _loaded(request, pk)
    try:
        operations.agree_to_list(asked, by=viewer(request))
        messages.success(request, _("Agreed. It can be fetched for a day."))
    except Refused as refused:
        messages.error(request, refused.reason)
    return redirect("people_list", pk)


@desk.page(PLACE)
@proved
@require_POST
def refuse_list(request: HttpRequest, pk: int) -> HttpResponse:
    asked, form = _loaded(request, pk), ReasonForm(request.POST)
    if form.is_valid():
        try:
            operations.refuse_list(asked, by=viewer(request), reason=form.cleaned_data["reason"])
        except Refused as refused:
            form.add_error(None, refused.reason)
        else:
            messages.success(request, _("Refused."))
            return redirect("people_list", pk)
    return _shown(request, asked, form, status=422)


@desk.page(PLACE)
@proved
@require_POST
def fetch_list(request: HttpRequest, pk: int) -> HttpResponse:
    """The file itself. By POST, for it leaves a trace."""
    asked = _loaded(request, pk)
    try:
        text = operations.fetch_list(asked, by=viewer(request))
    except Refused as refused:
        messages.error(request, refused.reason)
        return redirect("people_list", pk)
    response = HttpResponse(text, content_type="text/csv; charset=utf-8")
    name = f"people-{asked.space.slug}-{timezone.localdate():%Y-%m-%d}.csv"
    response["Content-Disposition"] = content_disposition_header(True, name)
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response


@desk.page(PLACE)
@require_POST
def whose_list(request: HttpRequest) -> HttpResponse:
    """Which copy the lines are of, for those who guard data."""
    by, form = viewer(request), WhoseForm(request.POST)
    found: Any = None
    if rules.guards(by) and form.is_valid():
        found = rules.whose(form.cleaned_data["text"])
    if found is None:
        messages.error(request, _("No list of ours holds a made-up person of those lines."))
        return redirect("people_lists")
    return redirect("people_list", found.pk)
