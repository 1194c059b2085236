"""Appeals against being removed: written by the person, heard by the stewards of the community."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from community import keyset
from community import policies as core
from community.htmx import respond
from community.operations import membership
from community.policies import Refused
from groups import comings
from groups.forms.people import AnswerAppealForm, AppealForm


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def appeal(request: HttpRequest, pk: int) -> HttpResponse:
    """One removal: its reason, what the person says to it, and what was decided."""
    member = request.user
    event = comings.removal(pk, member)
    if event is None:
        raise Http404
    own, hears = event.member_id == member.pk, comings.hears(member, event)
    written = getattr(event, "appeal", None)
    form = None
    if own and written is None:
        form = AppealForm(request.POST or None)
    elif hears and written.answered_at is None:
        form = AnswerAppealForm(request.POST or None)
    if request.method == "POST" and form is not None and form.is_valid():
        try:
            if own:
                membership.appeal(event, by=member, text=form.cleaned_data["text"])
                messages.success(request, _("Sent. People who had no part in it will hear you."))
            else:
                membership.answer_appeal(written, by=member, **form.cleaned_data)
                messages.success(request, _("Answered. The person was told."))
        except Refused as refused:
            form.add_error(None, refused.reason)
        else:
            return redirect("groups:appeal", pk)
    context = {"event": event, "appeal": written, "own": own, "hears": hears, "form": form}
    status = 422 if form is not None and form.errors else 200
    return respond(request, "groups/appeal.html", "groups/_appeal.html", context, status)


@login_required
@require_safe
def appeals(request: HttpRequest) -> HttpResponse:
    """What waits for an answer, and what was decided: for the stewards of the community."""
    if not core.steers_community(request.user):
        raise Http404
    found = comings.appeals_for(request.user).select_related(
        "event__space", "event__member", "event__actor"
    )
    page = keyset.page(found, request.GET.get("cursor"), order=("-created_at", "-id"), size=30)
    return respond(request, "groups/appeals.html", "groups/_appeals.html", {"page": page})
