"""The home: for members what waits and what is new; for visitors, what this organisation is."""

from __future__ import annotations

import zoneinfo
from typing import Any

from django.db.models import Case, QuerySet, When
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from community import feed, waiting
from community.context import frame_of
from community.htmx import respond, viewer
from community.models import Community, Member, Space
from community.prepared import prepared
from community.registry import WaitingCard, registry

MOST_WAITING = 7
TOLD_FROM = 20
"""From this many people on, visitors are told how many a group has."""


@require_safe
def today(request: HttpRequest) -> HttpResponse:
    if not request.user.is_authenticated:
        return _home(request)
    member = viewer(request)
    if not member.is_community_member:
        return redirect("join")
    cursor, lens = request.GET.get("cursor"), request.GET.get("show", "")
    found = feed.for_member(member, cursor, lens=lens)
    if request.htmx and cursor:
        context = {"feed": found, "lens": lens, "member": member}
        return render(request, "community/_feed.html", context)
    lenses = [lens for kind in registry.kinds.values() if kind.in_feed for lens in kind.lenses]
    context = {
        "feed": found,
        "lens": lens,
        "lenses": lenses,
        "lens_label": next((one.label for one in lenses if one.name == lens), ""),
        "waiting": waiting.drawn(_waiting(member)) if not cursor else [],
        "beside": _beside(member) if not cursor else [],
        "greeting": _greeting(request),
        "is_first": not cursor,
        "share": registry.creations.get("topic"),
    }
    return respond(request, "community/today.html", None, context)


def _waiting(member: Member) -> list[WaitingCard]:
    known = _what_waits(member)[0]
    cards = [
        card
        for name, source in registry.waiting.items()
        if source.some is None or getattr(known, _flag(name))
        for card in source.cards(member)
    ]
    cards.sort(key=lambda card: card.urgency)
    return cards[:MOST_WAITING]


@prepared
def _what_waits(reader: Any) -> QuerySet:
    """Of every source that can tell, whether it has something: one query instead of many."""
    flags = {
        _flag(name): Case(When(source.some(reader), then=True), default=False)
        for name, source in registry.waiting.items()
        if source.some is not None
    }
    return Member.objects.filter(pk=reader.pk).only("pk").annotate(**flags)


def _flag(name: str) -> str:
    return f"waits_{name.replace('.', '_')}"


def _beside(member: Member) -> list[Any]:
    return [part for entry in registry.ordered("beside") if (part := entry.part(member))]


def _greeting(request: HttpRequest) -> str:
    """By the clock of the reader, or of the community where they have not said theirs."""
    member = request.user
    name = member.display_name.split()[0]
    zone = member.tzinfo or _zone_of(frame_of(request).community)
    hour = timezone.localtime(timezone.now(), zone).hour
    if 5 <= hour < 12:
        return _("Good morning, %(name)s") % {"name": name}
    if 12 <= hour < 18:
        return _("Good afternoon, %(name)s") % {"name": name}
    return _("Good evening, %(name)s") % {"name": name}


def _zone_of(community: Community | None) -> Any:
    try:
        return zoneinfo.ZoneInfo(community.timezone)
    except (AttributeError, zoneinfo.ZoneInfoNotFoundError, ValueError):
        return timezone.get_default_timezone()


def _home(request: HttpRequest) -> HttpResponse:
    """The organisation's public home: who we are, groups to look into, what we have to tell."""
    hides = Community.objects.current().home_hides
    groups = (
        Space.objects.visible_to(None)
        .exclude(kind=Space.ROOT)
        .filter(closed_at=None)
        .select_related("cover")
        .order_by("-active_at")[:6]
    )
    context = {
        "groups": [] if "groups" in hides else list(groups),
        "told_from": TOLD_FROM,
        "stories": [] if "stories" in hides else feed.on_the_web(),
        "hides": hides,
    }
    return render(request, "community/home.html", context)
