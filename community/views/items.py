"""What readers do with an item: react, keep it, follow it, have read it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Exists, OuterRef
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from community import keyset, parts, shown
from community.htmx import load, respond, viewer
from community.models import Bookmark, Follow, Item, Member, Reaction, Space
from community.operations import reading
from community.registry import registry
from community.thread import read_moment

ORDER = ("-created_at", "-pk")
MOST_NAMES = 60


def back(request: HttpRequest, item: Item | None = None) -> HttpResponse:
    """To where the form stood, else to the item."""
    goal = request.POST.get("next", "")
    if goal.startswith("/") and url_has_allowed_host_and_scheme(goal, allowed_hosts=None):
        return redirect(goal)
    return redirect(registry.kind(item.kind).address(item.pk) if item else "/")


@login_required
@require_POST
def react(request: HttpRequest, pk: int) -> HttpResponse:
    """Put a reaction or take it back."""
    item = load(Item, request, pk=pk)
    reading.react(item, emoji=request.POST.get("emoji", ""), by=request.user)
    if not request.htmx:
        return back(request, item)
    item = load(Item, request, pk=pk)
    own = Reaction.objects.filter(item=item, member=request.user)
    part = parts.reactions(item, own.values_list("emoji", flat=True), request.user)
    return render(request, "community/_reactions.html", {"part": part})


@login_required
@require_safe
def reacted(request: HttpRequest, pk: int) -> HttpResponse:
    """Who reacted, of those the reader may see and wants to hear of; the others as a number."""
    item = load(Item, request, pk=pk)
    member = viewer(request)
    rows = Reaction.objects.filter(item=item, member__in=Member.objects.visible_to(member))
    rows = rows.exclude(member__in=member.muted_ids).select_related("member__avatar")
    people: dict[str, list[Member]] = {}
    for row in rows.order_by("-created_at", "-pk")[:MOST_NAMES]:
        people.setdefault(row.emoji, []).append(row.member)
    groups = [
        (emoji, people.get(emoji, []), max(0, n - len(people.get(emoji, ()))))
        for emoji, n in item.reactions
    ]
    context = {"groups": groups, "address": registry.kind(item.kind).address(item.pk)}
    return respond(request, "community/reacted.html", "community/_reacted.html", context)


@login_required
@require_POST
def bookmark(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep for later, or let go."""
    item = load(Item, request, pk=pk)
    kept = reading.bookmark(item, by=request.user)
    if not request.htmx:
        messages.success(request, _("Kept in your bookmarks.") if kept else _("Let go."))
        return back(request, item)
    return render(request, "community/_bookmark.html", {"thing": item, "kept": kept})


@login_required
@require_POST
def follow(request: HttpRequest, pk: int) -> HttpResponse:
    """How much to hear of it."""
    item = load(Item, request, pk=pk)
    found: Follow = reading.follow(item, volume=request.POST.get("volume", ""), by=request.user)
    if not request.htmx:
        return back(request, item)
    return render(request, "community/_follow.html", {"thing": item, "volume": found.volume})


@login_required
@require_POST
def read(request: HttpRequest, pk: int) -> HttpResponse:
    """Everything in it has been read, up to what the page that says so did not show."""
    item = load(Item, request, pk=pk)
    reading.mark_read(item, until=read_moment(request.POST.get("until", "")), by=request.user)
    return HttpResponse(status=204) if request.htmx else back(request, item)


@login_required
@require_POST
def read_space(request: HttpRequest, slug: str) -> HttpResponse:
    """Everything in a group up to now has been seen."""
    space = load(Space, request, slug=slug)
    reading.mark_space_read(space, by=request.user)
    messages.success(request, _("You are up to date here."))
    return redirect(space.get_absolute_url())


@login_required
@require_safe
def bookmarks(request: HttpRequest) -> HttpResponse:
    """What the reader kept for later, of what they may still see; newest first."""
    member = viewer(request)
    visible = Item.objects.visible_to(member).filter(pk=OuterRef("item"))
    rows = Bookmark.objects.filter(Exists(visible), member=member)
    found = keyset.page(rows, request.GET.get("cursor"), order=ORDER, size=20)
    briefs: dict[int, Any] = shown.briefs(member, [row.item_id for row in found.rows])
    context = {
        "briefs": [briefs[row.item_id] for row in found.rows if row.item_id in briefs],
        "next_cursor": found.next_cursor,
        "is_first": "cursor" not in request.GET,
    }
    return respond(request, "community/bookmarks.html", "community/_bookmarks.html", context)
