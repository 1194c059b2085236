"""A lost second factor: the person's own page, the link that stops it, and the helpers' desk."""

from __future__ import annotations

from typing import Any

from allauth.account.decorators import reauthentication_required
from allauth.account.stages import LoginStageController
from allauth.mfa.stages import AuthenticateStage
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from community import desk, keyset, staff
from community import recovery as rules
from community.forms.recovery import YesForm
from community.forms.staff import ReasonForm
from community.htmx import load, posted, respond, viewer
from community.models import Member, Recovery
from community.operations import recovery as operations
from community.policies import Refused

require_form = require_http_methods(["GET", "HEAD", "POST"])
proved = reauthentication_required(allow_get=True, app="allauth.account")
PLACE = "community.recoveries"


# The person: signed in, or between the first and the second factor


def _whose(request: HttpRequest) -> Member | None:
    if (member := viewer(request)) is not None:
        return member
    stage = LoginStageController.enter(request, AuthenticateStage.key)
    return stage.login.user if stage else None


@never_cache
@require_form
def lost_factor(request: HttpRequest) -> HttpResponse:
    """How one gets back in, and how far that has come."""
    member = _whose(request)
    if member is None:
        return redirect("account_login")
    asked = Recovery.objects.open().filter(member=member).first()
    refused: Any = ""
    if request.method == "POST" and asked is None:
        try:
            operations.ask_recovery(by=member)
        except Refused as why:
            refused = why.reason
        else:
            return redirect("lost_factor")
    if asked is None and not staff.has_factor(member):
        return redirect("mfa_index" if request.user.is_authenticated else "account_login")
    yeses = asked.yeses.select_related("by__avatar").order_by("at") if asked else ()
    context = {
        "person": member,
        "asked": asked,
        "yeses": yeses,
        "verdict": rules.can_ask(member),
        "ready": rules.can_finish(member, asked) if asked and asked.is_ready else None,
        "helped": asked is not None or rules.can_be_helped(member),
        "refused": refused,
        "needed": rules.NEEDED,
        "wait": rules.wait_in_words(),
    }
    return render(request, "community/lost_factor.html", context, status=403 if refused else 200)


@never_cache
@require_POST
def finish_recovery(request: HttpRequest) -> HttpResponse:
    """The lock comes off, every session ends, and one signs in anew."""
    member = _whose(request)
    if member is None:
        return redirect("account_login")
    asked = Recovery.objects.filter(member=member, closed_at=None).first()
    if asked is None:
        return redirect("lost_factor")
    try:
        operations.finish_recovery(asked, by=member)
    except Refused as why:
        messages.error(request, why.reason)
        return redirect("lost_factor")
    logout(request)
    messages.success(request, _("The second lock is off. Sign in, and set up a new one."))
    return redirect("account_login")


@never_cache
@require_POST
def stop_own_recovery(request: HttpRequest) -> HttpResponse:
    """Signed in, or between the factors: whoever asked takes it back."""
    member = _whose(request)
    asked = Recovery.objects.open().filter(member=member).first() if member else None
    if asked is not None:
        operations.stop_recovery(asked, by=member)
        messages.success(request, _("Stopped. Your second lock stays on."))
    return redirect("lost_factor")


@never_cache
@require_form
def stop_recovery(request: HttpRequest, token: str) -> HttpResponse:
    """The link of the letter: looking at it does nothing, for mail scanners open every link."""
    asked = Recovery.objects.for_stop(token).first()
    stopped = False
    if request.method == "POST" and asked is not None:
        operations.stop_recovery(asked, by=None)
        stopped = True
    status = 200 if asked is not None else 404
    context = {"asked": asked, "stopped": stopped, "token": token}
    return render(request, "community/stop_recovery.html", context, status=status)


# The helpers


@desk.page(PLACE)
@require_safe
def recoveries(request: HttpRequest) -> HttpResponse:
    """Who asks to be let in again, the longest wait on top."""
    rows = Recovery.objects.visible_to(viewer(request)).select_related("member__avatar")
    found = keyset.page(
        rows.prefetch_related("yeses"), request.GET.get("cursor"), order=("asked_at", "pk")
    )
    context = {
        "rows": found.rows,
        "next_cursor": found.next_cursor,
        "is_first": "cursor" not in request.GET,
        "needed": rules.NEEDED,
    }
    return respond(request, "community/recoveries.html", "community/_recoveries.html", context)


@desk.page(PLACE)
@proved
@require_form
def recovery(request: HttpRequest, pk: int) -> HttpResponse:
    """One request: who asks, who has answered for them, and one's own answer."""
    by = viewer(request)
    asked = load(Recovery.objects.all(), request, "member__avatar", pk=pk)
    form = YesForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            operations.confirm_recovery(asked, by=by, **form.cleaned_data)
        except Refused as refused:
            form.add_error(None, refused.reason)
        else:
            messages.success(request, _("Written down. Thank you."))
            return redirect("recoveries")
    return _shown(request, asked, form)


@desk.page(PLACE)
@proved
@require_POST
def refuse_recovery(request: HttpRequest, pk: int) -> HttpResponse:
    asked = load(Recovery.objects.all(), request, "member__avatar", pk=pk)
    form = ReasonForm(request.POST)
    if form.is_valid():
        try:
            operations.refuse_recovery(
                asked, by=viewer(request), reason=form.cleaned_data["reason"]
            )
        except Refused as refused:
            form.add_error(None, refused.reason)
        else:
            messages.success(request, _("Refused. The second lock stays on."))
            return redirect("recoveries")
    return _shown(request, asked, YesForm(), reason_form=form)


def _shown(
    request: HttpRequest, asked: Recovery, form: YesForm, *, reason_form: ReasonForm | None = None
) -> HttpResponse:
    context = {
        "asked": asked,
        "form": form,
        "reason_form": reason_form
        or ReasonForm(question=_("Why do you refuse it?"), auto_id="refuse_%s"),
        "yeses": asked.yeses.select_related("by__avatar").order_by("at"),
        "verdict": rules.can_confirm(viewer(request), asked),
        "needed": rules.NEEDED,
    }
    wrong = form.errors or (reason_form and reason_form.errors)
    return render(request, "community/recovery.html", context, status=422 if wrong else 200)
