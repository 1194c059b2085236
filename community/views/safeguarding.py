"""Telling of a concern for somebody's safety, with or without a name, and handling it."""

from __future__ import annotations

import uuid
from typing import Any

from allauth.core.internal import ratelimit
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from community import desk, keyset, moderation
from community import safeguarding as knows
from community.forms.safeguarding import (
    AcknowledgeForm,
    CloseToForm,
    CodeForm,
    ConcernForm,
    ReferForm,
    StepForm,
    WriteForm,
)
from community.htmx import respond, viewer
from community.models import Concern, Item, Member
from community.operations import safeguarding as operations
from community.policies import Refused

PLACE = "community.safeguarding"
ORDER = ("-stirred_at", "-created_at")


# The side of who tells of it


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def report_concern(request: HttpRequest) -> HttpResponse:
    """Tell of it: for everybody, also without an account. Who stays unknown gets a code."""
    member = viewer(request)
    about, item = _meant(request, member)
    team = knows.holders("safeguarding") | knows.holders("safeguarding_bypass")
    form = ConcernForm(
        request.POST or None,
        handlers=list(team.distinct().exclude(pk=member.pk if member else None).order_by("name")),
        signed_in=member is not None,
        known=about is not None or item is not None,
    )
    if request.method == "POST" and form.is_valid():
        if not ratelimit.consume(
            request, app="tequio", action="report_concern", config={"report_concern": "10/h/ip"}
        ):
            form.add_error(None, _("That was a lot at once. Wait an hour, or write to one of us."))
        else:
            by = None if member is None or form.unknown else member
            try:
                made, code = operations.receive_concern(by=by, about=about, item=item, **form.said)
            except Refused as refused:
                form.add_error(None, refused.reason)
            else:
                if by is not None:
                    messages.success(request, _("Thank you. You hear from us within 24 hours."))
                    return redirect("my_concern", made.pk)
                context = {"code": code, "danger": made.category == Concern.Category.DANGER}
                return render(request, "community/concern_code.html", context)
    context = {
        "form": form,
        "about": about,
        "item": item,
        "sent_to": request.get_full_path(),
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "community/report_concern.html", context, status=status)


def _meant(request: HttpRequest, member: Member | None) -> tuple[Member | None, Item | None]:
    """Whom or what the address names, of what the reader may see."""
    about, item = request.GET.get("about", ""), request.GET.get("item", "")
    person = (
        moderation.known(int(about), member) if member is not None and _is_number(about) else None
    )
    if person is not None and person == member:
        person = None
    found = None
    if _is_number(item):
        found = Item.objects.visible_to(member).filter(pk=int(item)).first()
    return person, found


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 18


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def concern_code(request: HttpRequest) -> HttpResponse:
    """Come back with the code: read the answers, write again. The code is never in an address."""
    form = CodeForm(request.POST or None)
    found, problem = None, ""
    if request.method == "POST" and form.is_valid():
        if not ratelimit.consume(
            request, app="tequio", action="concern_code", config={"concern_code": "30/h/ip"}
        ):
            form.add_error(None, _("That was a lot at once. Wait an hour, then try again."))
        else:
            found = knows.with_code(form.cleaned_data["code"])
            if found is None:
                form.add_error("code", _("This code opens nothing. Look at it again."))
    if found is None:
        status = 422 if request.method == "POST" else 200
        return render(request, "community/enter_code.html", {"form": form}, status=status)
    if request.POST.get("text", "").strip():
        try:
            operations.write_to_handlers(found, text=request.POST["text"], by=None)
        except Refused as refused:
            problem = refused.reason
        found.refresh_from_db()
    context = {
        "concern": found,
        "code": form.cleaned_data["code"],
        "entries": knows.conversation(found),
        "form": WriteForm(),
        "problem": problem,
    }
    return render(request, "community/my_concern.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def my_concern(request: HttpRequest, concern: uuid.UUID) -> HttpResponse:
    """The reader's own: its state, the answers, writing again."""
    found = request.user.concerns.filter(pk=concern).first()
    if found is None:
        raise Http404
    form = WriteForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        operations.write_to_handlers(found, text=form.cleaned_data["text"], by=request.user)
        return redirect("my_concern", concern)
    context = {"concern": found, "entries": knows.conversation(found), "form": form}
    status = 422 if form.errors else 200
    return render(request, "community/my_concern.html", context, status=status)


# The side of who handles it


@desk.page(PLACE)
@require_safe
def safeguarding(request: HttpRequest) -> HttpResponse:
    """What the reader handles: nobody else's, and nothing of which they may not know."""
    show = "closed" if request.GET.get("show") == "closed" else "open"
    rows = knows.queue(viewer(request), show=show)
    context = {
        "page": keyset.page(rows, request.GET.get("cursor"), order=ORDER, size=20),
        "show": show,
        "is_first": "cursor" not in request.GET,
    }
    return respond(request, "community/safeguarding.html", "community/_safeguarding.html", context)


def _concern(request: HttpRequest, concern: uuid.UUID) -> Concern:
    rows = Concern.objects.visible_to(viewer(request))
    found = (
        rows.filter(pk=concern)
        .select_related("about__avatar", "reporter__avatar", "handler")
        .first()
    )
    if found is None:
        raise Http404
    return found


@desk.page(PLACE)
@require_safe
def concern(request: HttpRequest, concern: uuid.UUID) -> HttpResponse:
    """One concern: what was said, what was done, and the next step."""
    return _page(request, _concern(request, concern))


def _page(request: HttpRequest, found: Concern, status: int = 200, **forms: Any) -> HttpResponse:
    context = {
        "concern": found,
        "entries": found.entries.select_related("by").order_by("created_at", "pk"),
        "acknowledge_form": None if found.acknowledged_at else AcknowledgeForm(auto_id="ack_%s"),
        "step_form": StepForm(steps=knows.steps(found), auto_id="step_%s"),
        "write_form": WriteForm(auto_id="write_%s"),
        "note_form": WriteForm(auto_id="note_%s"),
        "refer_form": ReferForm(auto_id="refer_%s"),
        "close_form": CloseToForm(people=_team(), auto_id="close_%s"),
        **forms,
    }
    return render(request, "community/concern.html", context, status=status)


def _team() -> list[Member]:
    team = knows.holders("safeguarding") | knows.holders("safeguarding_bypass")
    return list((team | knows.holders("admin")).distinct().order_by("name"))


@desk.page(PLACE)
@require_POST
def acknowledge_concern(request: HttpRequest, concern: uuid.UUID) -> HttpResponse:
    found = _concern(request, concern)
    text = request.POST.get("text", "")
    operations.acknowledge_concern(found, text=text, by=request.user)
    messages.success(request, _("Acknowledged. Whoever wrote reads it now."))
    return redirect("concern", concern)


@desk.page(PLACE)
@require_POST
def step_concern(request: HttpRequest, concern: uuid.UUID) -> HttpResponse:
    found = _concern(request, concern)
    form = StepForm(request.POST, steps=knows.steps(found), auto_id="step_%s")
    if not form.is_valid():
        return _page(request, found, 422, step_form=form)
    operations.step_concern(found, by=request.user, **form.cleaned_data)
    return redirect("concern", concern)


@desk.page(PLACE)
@require_POST
def note_concern(request: HttpRequest, concern: uuid.UUID) -> HttpResponse:
    found = _concern(request, concern)
    operations.note_concern(found, text=request.POST.get("text", ""), by=request.user)
    return redirect("concern", concern)


@desk.page(PLACE)
@require_POST
def answer_reporter(request: HttpRequest, concern: uuid.UUID) -> HttpResponse:
    found = _concern(request, concern)
    operations.answer_reporter(found, text=request.POST.get("text", ""), by=request.user)
    messages.success(request, _("Sent. They read it when they come back."))
    return redirect("concern", concern)


@desk.page(PLACE)
@require_POST
def refer_concern(request: HttpRequest, concern: uuid.UUID) -> HttpResponse:
    found = _concern(request, concern)
    form = ReferForm(request.POST, auto_id="refer_%s")
    if not form.is_valid():
        return _page(request, found, 422, refer_form=form)
    operations.refer_concern(found, by=request.user, **form.cleaned_data)
    return redirect("concern", concern)


@desk.page(PLACE)
@require_POST
def close_to(request: HttpRequest, concern: uuid.UUID) -> HttpResponse:
    """Lead it past somebody who is connected; that may be oneself."""
    found = _concern(request, concern)
    form = CloseToForm(request.POST, people=_team(), auto_id="close_%s")
    if not form.is_valid():
        return _page(request, found, 422, close_form=form)
    person = form.people[form.cleaned_data["person"]]
    operations.close_to(found, person=person, by=request.user)
    messages.success(request, _("From now on it does not exist for them."))
    return redirect("safeguarding")
