"""All groups somebody may know of: searched, filtered, in pages."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Case, IntegerField, Q, QuerySet, Value, When
from django.http import HttpRequest, HttpResponse
from django.utils.http import urlencode
from django.views.decorators.http import require_safe
from django_htmx.http import push_url

from community import feed, keyset
from community import policies as core
from community.context import frame_of
from community.htmx import respond, viewer
from community.models import JoinRequest, Member
from community.models.spaces import Asked
from community.prepared import prepared
from groups import policies, proposals
from groups.forms.groups import DirectoryForm, language_name
from groups.models import Group
from groups.suggestions import near

ORDER = ("-is_awake", "-space__active_at", "-space_id")
SIZE = 24
MOST_FACETS = 2000


@require_safe
def groups(request: HttpRequest) -> HttpResponse:
    """The directory. The same number of queries whatever it lists."""
    member = viewer(request)
    form = DirectoryForm(request.GET)
    asked = form.cleaned_data if form.is_valid() else {}
    cursor = request.GET.get("cursor")
    kept = {name: value for name, value in asked.items() if value}
    if cursor or kept:
        rows = _matching(_listed(member), asked, member).select_related("space__cover")
        page = keyset.page(rows, cursor, order=ORDER, size=SIZE)
    else:
        page = keyset.first_page(_first(member), order=ORDER, size=SIZE)
    _describe(page.rows, member)
    context: dict[str, Any] = {
        "page": page,
        "query": urlencode(kept) + "&" if kept else "",
        "asked": asked,
        "show": asked.get("show") or "all",
        "filtered": any(asked.get(name) for name in ("q", "kind", "area", "language", "state")),
        "near_unknown": asked.get("show") == "near" and not (member and member.area),
        "cursor": cursor,
        "may_start": policies.can_start(member, frame_of(request).community),
    }
    if cursor and request.htmx:
        return respond(request, "groups/_groups_page.html", "groups/_groups_page.html", context)
    context |= {
        "mine": len(member.group_ids) if member else 0,
        "facets": _facets(member, asked),
        "proposals": proposals.waiting_for(member).count() if core.steers_community(member) else 0,
    }
    answer = respond(request, "groups/groups.html", "groups/_groups.html", context)
    return push_url(answer, f"{request.path}?{urlencode(kept)}") if request.htmx else answer


def _listed(member: Member | None) -> QuerySet[Group]:
    """What exists for the viewer and has not ended; one's own proposals too. Who rests is last."""
    rests = When(state=Group.State.DORMANT, then=Value(0))
    awake = Case(rests, default=Value(1), output_field=IntegerField())
    known = Group.objects.visible_to(member).exclude(state=Group.State.ARCHIVED)
    return known.annotate(is_awake=awake)


@prepared
def _first(reader: Any) -> QuerySet[Group]:
    return _listed(reader).select_related("space__cover").order_by(*ORDER)[: SIZE + 1]


def _matching(
    rows: QuerySet[Group], asked: dict[str, Any], member: Member | None
) -> QuerySet[Group]:
    if asked.get("show") == "mine":
        rows = rows.filter(space__in=member.group_ids if member else [])
    if asked.get("show") == "near":
        rows = rows.filter(near(member.area)) if member and member.area else rows.none()
    for word in (asked.get("q") or "").split()[:6]:
        rows = rows.filter(
            Q(space__name__unaccent__icontains=word)
            | Q(space__purpose__unaccent__icontains=word)
            | Q(area__unaccent__icontains=word)
        )
    if asked.get("kind"):
        rows = rows.filter(kind=asked["kind"])
    if asked.get("area"):
        rows = rows.filter(area__iexact=asked["area"])
    if asked.get("language"):
        rows = rows.filter(languages__contains=[asked["language"]])
    if asked.get("state") and core.steers_community(member):
        rows = rows.filter(state=asked["state"])
    return rows


def _describe(rows: Iterable[Group], member: Member | None) -> None:
    """Give each group what its card says of the viewer: member, asked, may join, what is new
    there; one query, and one that the frame has asked already."""
    asked: set[int] = set()
    new: dict[int, int] = {}
    if member is not None:
        new = feed.unread(member) if member.group_ids else {}
        asked = {request.space_id for request in _asked(member)}
    for group in rows:
        group.ring = core.ring_of(member, group.space_id)
        group.asked = group.space_id in asked
        group.may_join = core.can_join(member, group.space)
        group.may_ask = core.can_ask_to_join(member, group.space)
        group.shows_count = policies.can_see_count(member, group)
        group.unread = new.get(group.space_id, 0)
        group.state_word = _state_word(group, member)


def _state_word(group: Group, member: Member | None) -> str:
    """Where it stands, if that is not simply: alive. Who does not care for it is told the rest."""
    everybody = (Group.State.FORMING, Group.State.DORMANT)
    some = (Group.State.PROPOSED, Group.State.NEEDS_SUPPORT)
    if group.state in everybody or (
        group.state in some and (group.ring or core.steers_community(member))
    ):
        return group.get_state_display()
    return ""


@prepared
def _asked(reader: Any) -> QuerySet[JoinRequest]:
    return JoinRequest.objects.filter(member=reader, state=Asked.PENDING).only("space_id")


def _facets(member: Member | None, asked: dict[str, Any]) -> dict[str, Any]:
    """Areas, languages and kinds that occur, for the filters; one query."""
    rows = _listed(member).values_list("area", "languages", "kind").distinct()[:MOST_FACETS]
    areas: set[str] = set()
    languages: set[str] = set()
    kinds: set[str] = set()
    for area, spoken, kind in rows:
        areas.add(area)
        languages.update(spoken)
        kinds.add(kind)
    return {
        "areas": sorted(areas - {""}),
        "languages": sorted((language_name(code), code) for code in languages),
        "states": [one for one in Group.State.choices if one[0] != Group.State.ARCHIVED]
        if core.steers_community(member)
        else [],
        "kinds": [(kind, label) for kind, label in Group.Kind.choices if kind in kinds],
    }
