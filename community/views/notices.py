"""The bell: what happened that concerns the reader, by the thing it is about, and why they hear."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from community import chat, keyset
from community import notices as told
from community.htmx import respond, viewer
from community.models import Room
from community.notices import offers
from community.notices.choosing import ABOUT, wants_of
from community.operations import notices as operations
from community.policies import Refused
from community.prepared import prepared

ORDER = ("-created_at", "-pk")
SIZE = 40
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@login_required
@require_safe
def notices(request: HttpRequest) -> HttpResponse:
    """Newest first. What the reader may not see any more is not shown."""
    cursor, only_unread = request.GET.get("cursor"), request.GET.get("show") == "unread"
    if cursor:
        rows = told.for_page(request.user, only_unread=only_unread)
        found = keyset.page(rows, cursor, order=ORDER, size=SIZE)
    else:
        newest = _newest(viewer(request), only_unread=only_unread)
        found = keyset.first_page(newest, order=ORDER, size=SIZE)
    bundles = told.by_thing(told.gather(found.rows, request.user))
    for bundle in bundles:
        bundle.first.offers = offers.of_line(bundle.first)
    context = {
        "told": bundles,
        "next_cursor": found.next_cursor,
        "is_first": "cursor" not in request.GET,
        "only_unread": only_unread,
    }
    return respond(request, "community/notices.html", "community/_notices.html", context)


@prepared
def _newest(reader: Any, *, only_unread: bool) -> QuerySet:
    rows = told.for_page(reader, only_unread=only_unread)
    return rows.order_by(*ORDER)[: SIZE + 1]


@login_required
@require_safe
def count_notices(request: HttpRequest) -> HttpResponse:
    """How many are new, and in how many rooms: for open pages that were told that something is."""
    member = request.user
    rooms = chat.with_news(Room.objects.visible_to(member), member)[: chat.MANY + 1]
    return JsonResponse({"unread": told.unread_count(member), "rooms": rooms.count()})


@login_required
@require_POST
def read_notices(request: HttpRequest) -> HttpResponse:
    """Mark some as read, or without ``notice`` all of them; then go on to ``next``."""
    pks = [int(pk) for pk in request.POST.getlist("notice") if pk.isdecimal()]
    number, at = operations.mark_read(pks or None, by=request.user)
    goal = request.POST.get("next", "")
    if goal.startswith("/") and url_has_allowed_host_and_scheme(goal, allowed_hosts=None):
        return redirect(goal)
    if number:
        moment = (at - _EPOCH) // timedelta(microseconds=1)
        words = ngettext("%(n)s notice is read.", "%(n)s notices are read.", number)
        undo = reverse("unread_notices", args=[moment])
        messages.success(request, words % {"n": number}, extra_tags=f"undo:{undo}")
    return redirect("notices")


@login_required
@require_POST
def unread_notices(request: HttpRequest, moment: int) -> HttpResponse:
    """Take back what was marked as read at that moment."""
    try:
        at = _EPOCH + timedelta(microseconds=moment)
    except OverflowError as error:
        raise Http404 from error
    operations.mark_unread(at, by=request.user)
    return redirect("notices")


@login_required
@require_safe
def open_notice(request: HttpRequest, pk: int) -> HttpResponse:
    """Go on to what it is about, from the list, a mail or a device; it is read by that."""
    notice = told.for_page(request.user).filter(pk=pk).first()
    lines = told.gather([notice], request.user) if notice is not None else []
    if not lines:
        raise Http404
    if request.method == "GET" and notice.read_at is None:
        operations.mark_read([pk], by=request.user)
    return redirect(lines[0].url)


@login_required
@require_safe
def why_notice(request: HttpRequest, pk: int) -> HttpResponse:
    """Why this one came, and what to change so that such do not, or come otherwise."""
    notice = told.for_page(request.user).filter(pk=pk).first()
    lines = told.gather([notice], request.user) if notice is not None else []
    if not lines:
        raise Http404
    context = {
        "line": lines[0],
        "notice": notice,
        "about": ABOUT[notice.attention],
        "offers": offers.of_line(lines[0]),
        "ways": offers.of_way(notice, wants_of(request.user)),
        "always": offers.always_comes(notice),
    }
    return render(request, "community/why_notice.html", context)


@login_required
@require_POST
def change_notice(request: HttpRequest, pk: int, what: str, value: str) -> HttpResponse:
    """Change exactly what brought this one; one step back is offered."""
    notice = told.for_page(request.user).filter(pk=pk).first()
    if notice is None or what not in offers.WHATS:
        raise Http404
    try:
        before, words = operations.change_source(notice, what=what, value=value, by=request.user)
    except Refused as refused:
        messages.error(request, refused.reason)
        return redirect("why_notice", pk=pk)
    undo = offers.address(pk, what, before)
    messages.success(request, words, extra_tags=f"undo:{undo}")
    return redirect("notices")
