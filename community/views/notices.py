"""The bell: what happened that concerns the reader, gathered by the thing it is about."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from community import keyset
from community import notices as told
from community.htmx import respond
from community.operations import reading

ORDER = ("-created_at", "-pk")
SIZE = 40


@login_required
@require_safe
def notices(request: HttpRequest) -> HttpResponse:
    """Newest first. What the reader may not see any more is not shown."""
    rows = told.for_page(request.user)
    if request.GET.get("show") == "unread":
        rows = rows.filter(read_at=None)
    found = keyset.page(rows, request.GET.get("cursor"), order=ORDER, size=SIZE)
    context = {
        "told": told.gather(found.rows, request.user),
        "next_cursor": found.next_cursor,
        "is_first": "cursor" not in request.GET,
        "only_unread": request.GET.get("show") == "unread",
    }
    return respond(request, "community/notices.html", "community/_notices.html", context)


@login_required
@require_POST
def read_notices(request: HttpRequest) -> HttpResponse:
    """Mark some as read, or without ``notice`` all of them; then go on to ``next``."""
    pks = [int(pk) for pk in request.POST.getlist("notice") if pk.isdecimal()]
    reading.mark_notices_read(pks or None, by=request.user)
    goal = request.POST.get("next", "")
    if goal.startswith("/") and url_has_allowed_host_and_scheme(goal, allowed_hosts=None):
        return redirect(goal)
    return redirect("notices")
