"""Knows who has a desk, which places lie on it, and is the one gate of every page behind it.

A view of the desk says which place it belongs to, and nobody gets past its rule:

    @desk.page("community.rules")
    @require_safe
    def rules(request): …

Whoever has no business there gets the answer of a page that does not exist.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

from community.models import Member
from community.registry import DeskPlace, Due, registry

View = Callable[..., HttpResponse]


@dataclass(frozen=True)
class Desked:
    """A place of somebody's desk, with what waits there."""

    place: DeskPlace
    url: str
    due: Due


def places(member: Member | None) -> list[DeskPlace]:
    """The places where the member has business. Asks the database nothing."""
    if not _is_here(member):
        return []
    return [place for place in registry.ordered("desk") if place.may(member)]


def has_one(member: Member | None) -> bool:
    """For the navigation of every page."""
    return _is_here(member) and any(place.may(member) for place in registry.desk.values())


def _is_here(member: Member | None) -> bool:
    return bool(member and member.is_authenticated and member.is_present)


def laid_out(member: Member) -> list[Desked]:
    """The desk as its page shows it: what waits longest first, then the quiet places in order."""
    found = [
        Desked(place, reverse(place.url_name), _due(place, member)) for place in places(member)
    ]
    waiting = [one for one in found if one.due.number]
    waiting.sort(key=_how_long)
    return waiting + [one for one in found if not one.due.number]


def _how_long(one: Desked) -> tuple[bool, bool, float]:
    """What is overdue first, then what waits longest; what does not say since when comes last."""
    since = one.due.since
    return (not one.due.late, since is None, since.timestamp() if since else 0.0)


def _due(place: DeskPlace, member: Member) -> Due:
    counted = place.count(member) if place.count else 0
    return counted if isinstance(counted, Due) else Due(int(counted))


def page(name: str = "") -> Callable[[View], View]:
    """Decorate a view that belongs to the place of this name; without one, to the desk itself."""

    def gate(view: View) -> View:
        @wraps(view)
        @login_required
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            enter(request, name)
            return view(request, *args, **kwargs)

        guarded.desk_place = name
        return guarded

    return gate


def enter(request: HttpRequest, name: str = "") -> None:
    """Let the signed-in person in, or raise Http404. What the desk asks of everybody is here."""
    mine = places(getattr(request.user, "_wrapped", request.user))
    if not any(place.name == name or not name for place in mine):
        raise Http404
