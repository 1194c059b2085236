"""Reporting something, what became of it, and what was decided about oneself."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from community import keyset, moderation, policies, prose
from community.forms.reports import AppealForm, ReportForm
from community.htmx import load, respond, viewer
from community.models import Item, Media, Member, Message, Report, Rule, Space
from community.operations import measure_appeals
from community.operations import reports as operations
from community.policies import Refused
from community.views.chat import load_message

ORDER = ("-created_at", "-pk")


@login_required
@require_safe
def reports(request: HttpRequest) -> HttpResponse:
    """What the reader reported and what became of it; what was decided about them."""
    member = viewer(request)
    context = {
        "page": keyset.page(
            moderation.mine(member), request.GET.get("cursor"), order=ORDER, size=20
        ),
        "measures": moderation.measures_on(member).order_by("-created_at")[:20],
        "concerns": member.concerns.order_by("-created_at")[:20],
        "is_first": "cursor" not in request.GET,
    }
    return respond(request, "community/reports.html", "community/_reports.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def report_item(request: HttpRequest, pk: int) -> HttpResponse:
    """Report a post or an answer."""
    item = load(Item, request, "author", "space", pk=pk)
    shown = Media.objects.visible_to(viewer(request))
    pictures = list(shown.filter(item=pk, kind=Media.Kind.IMAGE)[:9])
    return _report(request, item, operations.report_item, pictures, f"item={pk}")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def report_message(request: HttpRequest, pk: int, seq: int) -> HttpResponse:
    """Report what was said in a chat: of a conversation, only this one message is read."""
    found = load_message(request, pk, seq)
    return _report(
        request, found, operations.report_message, found.pictures, f"about={found.author_id}"
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def report_person(request: HttpRequest, pk: int) -> HttpResponse:
    """Report somebody, also one whom the reader keeps away."""
    person = moderation.known(pk, viewer(request))
    if person is None:
        raise Http404
    pictures = [person.avatar] if person.avatar else []
    return _report(request, person, operations.report_person, pictures, f"about={pk}")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def report_group(request: HttpRequest, slug: str) -> HttpResponse:
    """Report a group as such."""
    space = load(Space, request, "cover", slug=slug)
    if space.is_root:
        raise Http404
    return _report(
        request, space, operations.report_group, [space.cover] if space.cover else [], ""
    )


def _report(
    request: HttpRequest,
    thing: Any,
    operation: Callable[..., Report],
    pictures: list[Media],
    concern: str,
) -> HttpResponse:
    policies.may(request.user, "report", thing).enforce()
    member = viewer(request)
    form = ReportForm(
        request.POST or None,
        rules=list(Rule.objects.current()),
        pictures=pictures,
        may_hide=isinstance(thing, Item) and bool(moderation.can_hide_at_once(member, thing)),
    )
    if request.method == "POST" and form.is_valid():
        try:
            made = operation(thing, by=request.user, **form.said)
        except Refused as refused:
            form.add_error(None, refused.reason)
        else:
            if request.htmx:
                return render(request, "community/_report_sent.html", {"report": made})
            messages.success(
                request, _("Thank you. Somebody looks at it, and you hear what was decided.")
            )
            return redirect("report", made.pk)
    words = moderation.words_of(thing, reader=viewer(request))
    context = {
        "thing": thing,
        "quoted_title": words["title"],
        "excerpt": prose.plain(words["text"], 280),
        "is_person": isinstance(thing, Member),
        "is_group": isinstance(thing, Space),
        "is_message": isinstance(thing, Message),
        "pictures": pictures,
        "form": form,
        "concern_url": f"{reverse('report_concern')}{'?' + concern if concern else ''}",
        "sent_to": request.path,
    }
    status = 422 if request.method == "POST" else 200
    return respond(
        request, "community/report_thing.html", "community/_report_thing.html", context, status
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def report(request: HttpRequest, pk: int) -> HttpResponse:
    """One report of the reader's own: its state, its outcome, and asking again."""
    found = moderation.mine(request.user).filter(pk=pk).first()
    if found is None:
        raise Http404
    case = found.case
    form = None
    if moderation.can_appeal_kept(request.user, case):
        form = AppealForm(request.POST if request.method == "POST" else None)
        if request.method == "POST" and form.is_valid():
            try:
                measure_appeals.appeal_kept(case, text=form.cleaned_data["text"], by=request.user)
            except Refused as refused:
                form.add_error(None, refused.reason)
            else:
                messages.success(request, _("Sent. Somebody who had no part in it looks at it."))
                return redirect("report", pk)
    context = {
        "report": found,
        "case": case,
        "appeal": case.appeals.filter(by=request.user).first(),
        "form": form,
    }
    status = 422 if form is not None and form.errors else 200
    return respond(request, "community/report.html", "community/_report.html", context, status)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def decision(request: HttpRequest, pk: int) -> HttpResponse:
    """What was decided about the reader or what they wrote: rule, reason, and the appeal."""
    found = moderation.measures_on(request.user).filter(pk=pk).first()
    if found is None:
        raise Http404
    form = None
    verdict = moderation.can_appeal(request.user, found)
    if verdict:
        form = AppealForm(request.POST if request.method == "POST" else None)
        if request.method == "POST" and form.is_valid():
            try:
                measure_appeals.appeal_measure(
                    found, text=form.cleaned_data["text"], by=request.user
                )
            except Refused as refused:
                form.add_error(None, refused.reason)
            else:
                messages.success(request, _("Sent. Somebody who had no part in it looks at it."))
                return redirect("decision", pk)
    context = {
        "measure": found,
        "appeal": getattr(found, "appeal", None),
        "form": form,
        "verdict": verdict,
    }
    status = 422 if form is not None and form.errors else 200
    return respond(request, "community/decision.html", "community/_decision.html", context, status)
