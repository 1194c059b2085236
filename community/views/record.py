"""My record: what is held about oneself, who looked, a copy of all of it, and the way out."""

from __future__ import annotations

from allauth.account.decorators import reauthentication_required
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.core.files.storage import default_storage
from django.db.models import Exists, OuterRef
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from community import audit, handing, personal, rights
from community import record as records
from community.accounts.proof import prove_first
from community.forms.rights import AskForm, LeaveForm
from community.htmx import load, respond, viewer
from community.models import DataExport, LegalHold, Member, PeopleList, RightsRequest, Space
from community.operations import leaving
from community.operations import rights as operations
from community.policies import Refused
from community.views.media import SANDBOX

require_form = require_http_methods(["GET", "HEAD", "POST"])
# Proved within the last ten minutes, also where somebody left their phone lying about.
proved = reauthentication_required(allow_get=True, app="allauth.account")
proved_always = reauthentication_required(app="allauth.account")
LOOKS = 40


@login_required
@require_safe
def record(request: HttpRequest) -> HttpResponse:
    """Everything held about oneself: why, how long, how much of it; and who looked."""
    member = viewer(request)
    looks = list(audit.looks_at(member)[: LOOKS + 1])
    context = {
        "record": records.of(member),
        "looks": audit.told_to(member, looks[:LOOKS]),
        "more_looks": len(looks) > LOOKS,
        "asked": member.rights_requests.order_by("-created_at")[:20],
        "lists": _lists_with(member),
        "held": LegalHold.objects.standing().filter(member=member).first(),
    }
    return render(request, "community/record.html", context)


def _lists_with(member: Member) -> list[PeopleList]:
    """The newest lists they stood on; ``.told`` where they may still learn of the group."""
    seen = Space.objects.visible_to(member).filter(pk=OuterRef("space"))
    lists = PeopleList.objects.taken_of(member).annotate(told=Exists(seen))
    return list(lists.select_related("space", "by").order_by("-fetched_at")[:20])


@require_safe
def what_we_hold(request: HttpRequest) -> HttpResponse:
    """What is held about people here, why and how long: for everybody, before they join."""
    shelves: dict[str, list[personal.Holding]] = {}
    for holding in personal.holdings():
        shelves.setdefault(holding.shelf, []).append(holding)
    context = {"shelves": [(personal.SHELVES[name], rows) for name, rows in shelves.items()]}
    return render(request, "community/what_we_hold.html", context)


@login_required
@require_form
def record_ask(request: HttpRequest) -> HttpResponse:
    """A question to the data protection lead, who answers within thirty days."""
    form = AskForm(
        request.POST if request.method == "POST" else None,
        initial={"what": request.GET.get("what", RightsRequest.What.QUESTION)},
    )
    if request.method == "POST" and form.is_valid():
        try:
            operations.ask_about_data(by=request.user, **form.cleaned_data)
        except Refused as refused:
            form.add_error(None, refused.reason)
        else:
            messages.success(request, _("Asked. You get an answer within 30 days."))
            return redirect("record")
    return render(
        request, "community/record_ask.html", {"form": form}, status=422 if form.errors else 200
    )


@login_required
@proved
@require_form
def record_download(request: HttpRequest) -> HttpResponse:
    """Have a copy of everything made, and fetch it when it is ready."""
    member, proved_lately = viewer(request), prove_first(request)
    if request.method == "POST":
        operations.ask_for_export(by=member)
        return redirect("record_download")
    mine = DataExport.objects.visible_to(member).order_by("-asked_at").first()
    return respond(
        request,
        "community/record_download.html",
        "community/_record_download.html",
        {"export": mine, "proved": proved_lately},
    )


@login_required
@proved_always
@require_safe
def record_file(request: HttpRequest, token: str) -> HttpResponse:
    """The copy itself: for the person alone, and never kept by anything on the way."""
    export = load(DataExport, request, token=token)
    if export.ready_at is None:
        raise Http404
    name = f"my-record-{timezone.localdate(export.ready_at):%Y-%m-%d}.zip"
    disposition = content_disposition_header(True, name)
    if settings.MEDIA_ACCEL:
        response = handing.by_front_server(
            request, export.stored_as, mime="application/zip", disposition=disposition
        )
    else:
        try:
            file = default_storage.open(export.stored_as)
        except FileNotFoundError as error:
            raise Http404 from error
        response = FileResponse(file, content_type="application/zip")
        response["Content-Length"] = file.size
    operations.note_opened(export, by=request.user)
    response["Content-Disposition"] = disposition
    response["Content-Security-Policy"] = SANDBOX
    response["X-Content-Type-Options"] = "nosniff"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    response["Cache-Control"] = "private, no-store"
    return response


@login_required
@proved
@require_form
def leave(request: HttpRequest) -> HttpResponse:
    """What happens on leaving, and the button that does it."""
    member, proved_lately = viewer(request), prove_first(request)
    form = LeaveForm(request.POST if request.method == "POST" else None, initial={"words": "stay"})
    if request.method == "POST" and form.is_valid():
        try:
            leaving.leave_community(member, words=form.cleaned_data["words"], by=member)
        except Refused as refused:
            form.add_error(None, refused.reason)
        else:
            logout(request)
            return redirect("left")
    context = {
        "form": form,
        "proved": proved_lately,
        "verdict": rights.can_leave_community(member),
        "alone": rights.without_steward(member),
        "until": timezone.now() + personal.AFTER_LEAVING,
    }
    return render(request, "community/leave.html", context, status=422 if form.errors else 200)


@require_safe
def left(request: HttpRequest) -> HttpResponse:
    """The last page: that it is done, and what follows. Says nothing about anybody."""
    return render(request, "community/left.html")
