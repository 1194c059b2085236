"""The desk of the data protection lead: questions with their deadline, erasures, legal holds."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from community import desk, keyset, rights
from community.forms.rights import AnswerForm, HoldForm, ReasonForm
from community.htmx import load, respond, viewer
from community.models import Leaving, LegalHold, RightsRequest
from community.operations import leaving
from community.operations import rights as operations
from community.policies import Refused

require_form = require_http_methods(["GET", "HEAD", "POST"])
PLACE = "community.rights"
FIRST_DUE = ("due_at", "pk")
LAST_ANSWERED = ("-answered_at", "-pk")


@desk.page(PLACE)
@require_safe
def rights_desk(request: HttpRequest) -> HttpResponse:
    """Open questions, the first due on top; or those that were answered."""
    answered = request.GET.get("show") == "answered"
    rows = RightsRequest.objects.select_related("member__avatar", "answered_by")
    is_open = RightsRequest.State.OPEN
    rows = rows.exclude(state=is_open) if answered else rows.filter(state=is_open)
    order = LAST_ANSWERED if answered else FIRST_DUE
    found = keyset.page(rows, request.GET.get("cursor"), order=order)
    context = {
        "rows": found.rows,
        "next_cursor": found.next_cursor,
        "is_first": "cursor" not in request.GET,
        "answered": answered,
    }
    return respond(
        request, "community/rights_desk.html", "community/_rights_requests.html", context
    )


@desk.page(PLACE)
@require_form
def rights_request(request: HttpRequest, pk: int) -> HttpResponse:
    """One question: what was asked, and the answer."""
    asked = load(RightsRequest.objects.all(), request, "member", "answered_by", pk=pk)
    form = AnswerForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            operations.answer_request(
                asked,
                by=viewer(request),
                answer=form.cleaned_data["answer"],
                granted=form.cleaned_data["granted"] == "yes",
            )
        except Refused as refused:
            form.add_error(None, refused.reason)
        else:
            messages.success(request, _("Answered. The person was told."))
            return redirect("rights_desk")
    return _shown(request, asked, form)


@desk.page(PLACE)
@require_POST
def erase_person(request: HttpRequest, pk: int) -> HttpResponse:
    """Let everything about the person who asked for it go today."""
    wishes = RightsRequest.objects.filter(what=RightsRequest.What.ERASE)
    asked = load(wishes, request, "member", "answered_by", pk=pk)
    form = ReasonForm(request.POST)
    if form.is_valid():
        try:
            leaving.erase_now(asked.member, by=viewer(request), reason=form.cleaned_data["reason"])
        except Refused as refused:
            form.add_error(None, refused.reason)
        else:
            messages.success(request, _("Their access has ended, and everything is being erased."))
            return redirect("rights_desk")
    return _shown(request, asked, AnswerForm(), erase_form=form)


def _shown(
    request: HttpRequest, asked: RightsRequest, form: AnswerForm, *, erase_form: Any = None
) -> HttpResponse:
    by = viewer(request)
    context = {
        "asked": asked,
        "form": form,
        "erase_form": erase_form or ReasonForm(),
        "verdict": rights.can_answer_request(by, asked),
        "may_erase": rights.can_erase(by, asked.member),
        "left": Leaving.objects.filter(member=asked.member_id).first(),
        "held": LegalHold.objects.standing().filter(member=asked.member_id).exists(),
    }
    wrong = form.errors or (erase_form and erase_form.errors)
    return render(request, "community/rights_request.html", context, status=422 if wrong else 200)


@desk.page(PLACE)
@require_form
def legal_holds(request: HttpRequest) -> HttpResponse:
    """Whose data must not be deleted for now, and why."""
    form = HoldForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            leaving.place_hold(
                form.cleaned_data["who"], by=viewer(request), reason=form.cleaned_data["reason"]
            )
        except Refused as refused:
            form.add_error(None, refused.reason)
        else:
            messages.success(request, _("Nothing about this person is deleted from now on."))
            return redirect("legal_holds")
    found = keyset.page(
        LegalHold.objects.standing().select_related("member__avatar", "placed_by"),
        request.GET.get("cursor"),
        order=("-placed_at", "-pk"),
    )
    context = {
        "form": form,
        "rows": found.rows,
        "next_cursor": found.next_cursor,
        "is_first": "cursor" not in request.GET,
    }
    return respond(
        request,
        "community/legal_holds.html",
        None if form.errors else "community/_legal_holds.html",
        context,
        status=422 if form.errors else 200,
    )


@desk.page(PLACE)
@require_POST
def lift_hold(request: HttpRequest, pk: int) -> HttpResponse:
    hold = load(LegalHold.objects.standing(), request, "member", pk=pk)
    form = ReasonForm(request.POST)
    try:
        if form.is_valid():
            leaving.lift_hold(hold, by=viewer(request), reason=form.cleaned_data["reason"])
            messages.success(request, _("Lifted. What is over goes from now on."))
        else:
            messages.error(request, _("Write down why it is not needed any more."))
    except Refused as refused:
        messages.error(request, refused.reason)
    return redirect("legal_holds")
