"""Finding things: the page, and the short list that opens while somebody types."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from allauth.core.internal import ratelimit
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from django_htmx.http import push_url

from community import alike, spelling, stems, whom_to_ask
from community import search as finding
from community.context import frame_of
from community.forms.search import SearchForm
from community.htmx import respond, viewer
from community.models import Member, Space

GUESTS = "60/m/ip"
"""How often somebody without an account may ask."""
PEOPLE, GROUPS = "people", "groups"
MOST_NAMES = 30


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """What fits, the best or the newest first; narrowed by kind, group and time. The same queries
    for every list."""
    if refusal := _too_often(request):
        return refusal
    member = viewer(request)
    form = SearchForm(request.GET)
    chosen = form.asked
    cursor = request.GET.get("cursor")
    space = _space(member, chosen["group"])
    tabs = _tabs(member)
    kind = chosen["kind"] if chosen["kind"] in dict(tabs) else ""
    asked = stems.read(chosen["q"])
    where = finding.Where(kind, space, chosen["since"], chosen["order"])
    kept = {
        "q": asked.typed,
        "group": space.slug if space else "",
        "since": chosen["since"],
        "order": chosen["order"],
    }
    context: dict[str, Any] = {
        "asked": asked,
        "kind": kind,
        "group": space.slug if space else "",
        "since": chosen["since"],
        "order": chosen["order"],
        "of_names": kind in (PEOPLE, GROUPS),
        "query": urlencode({k: v for k, v in {**kept, "kind": kind}.items() if v}),
        "is_first": not cursor,
        "page": _items(member, asked, where, cursor),
    }
    if cursor and request.htmx:
        return render(request, "community/_search_rows.html", context)
    names = _names(member, asked, kind, narrowed=bool(space or chosen["since"]))
    few = len(context["page"].rows) < finding.FEW and kind not in (PEOPLE, GROUPS)
    context |= {
        "tabs": [
            (name, label, urlencode({k: v for k, v in {**kept, "kind": name}.items() if v}))
            for name, label in tabs
        ],
        "names": names,
        "found": len(context["page"].rows) + len(names.people) + len(names.groups),
        "better": spelling.did_you_mean(member, asked) if few and asked else "",
        "groups": _groups(request, space),
        "spans": [
            ("week", _("Past week")),
            ("month", _("Past month")),
            ("year", _("Past year")),
        ],
        "orders": [("", _("Best match first")), (finding.NEWEST, _("Newest first"))],
    }
    answer = respond(request, "community/search.html", "community/_search.html", context)
    return push_url(answer, f"{request.path}?{context['query']}") if request.htmx else answer


@require_safe
def search_instant(request: HttpRequest) -> HttpResponse:
    """A handful of people, groups and titles for what was typed so far; a page to whoever opens it
    as one."""
    if not request.htmx:
        return search(request)
    if refusal := _too_often(request):
        return refusal
    member = viewer(request)
    asked = stems.read(SearchForm(request.GET).asked["q"], unfinished=True)
    names, found = alike.names(member, asked), finding.by_title(member, asked)
    context = {
        "asked": asked,
        "names": names,
        "found": found,
        "many": len(names.people) + len(names.groups) + len(found),
    }
    short = "community/_search_instant.html"
    return respond(request, short, short, context)


def _too_often(request: HttpRequest) -> HttpResponse | None:
    """Guests only: whoever has an account can be spoken to."""
    if request.user.is_authenticated or not request.GET.get("q"):
        return None
    return ratelimit.consume_or_429(
        request, app="community", action="search", config={"search": GUESTS}, limit_get=True
    )


def _space(member: Member | None, slug: str) -> Space | None:
    """A group that the reader may know of; any other name is no filter at all."""
    found = Space.objects.visible_to(member).exclude(kind=Space.ROOT)
    return found.filter(slug=slug).first() if slug else None


def _groups(request: HttpRequest, chosen: Space | None) -> list[tuple[str, str]]:
    """What one may choose from: one's own groups, and the one that is chosen."""
    mine = [(group.slug, group.name) for group in frame_of(request).my_groups]
    other = [(chosen.slug, chosen.name)] if chosen else []
    return [*(one for one in other if one not in mine), *mine]


def _tabs(member: Member | None) -> list[tuple[str, Any]]:
    kinds = [(kind.name, kind.plural or kind.label) for kind in finding.searchable()]
    people = [(PEOPLE, _("People"))] if member is not None and member.is_community_member else []
    return [("", _("All")), *kinds, *people, (GROUPS, _("Groups"))]


def _items(
    member: Member | None, asked: stems.Asked, where: finding.Where, cursor: str | None
) -> finding.Page:
    if where.kind in (PEOPLE, GROUPS):
        return finding.Page([], "")
    return finding.items(member, asked, where, cursor)


def _names(member: Member | None, asked: stems.Asked, kind: str, *, narrowed: bool):
    """A few beside everything; all on their own tab; none where something else was chosen."""
    few = 0 if kind or narrowed else 3
    most = {PEOPLE: (MOST_NAMES, 0), GROUPS: (0, MOST_NAMES)}
    people, groups = most.get(kind, (few, few))
    named = alike.names(member, asked, people=people, groups=groups)
    return whom_to_ask.besides(named, member, asked, people=people, groups=groups)
