"""Knows how a view answers: visible or absent, page or fragment."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers

from community.models import Item
from community.prepared import prepared
from community.registry import registry


def load(model: Any, request: HttpRequest, *related: str, **lookup: Any) -> Any:
    """The one visible row that matches, with ``related`` joined; 404 for all else.

    ``model`` is a model with ``visible_to`` or a queryset of one. The only way to get such a row
    in a view: what may not be seen answers exactly like what does not exist.
    """
    if not isinstance(model, QuerySet) and list(lookup) == ["pk"]:
        found = next(iter(_one(viewer(request), lookup["pk"], model=model, related=related)), None)
    else:
        rows: QuerySet = model if isinstance(model, QuerySet) else model.objects.all()
        rows = rows.select_related(*related) if related else rows
        found = rows.visible_to(viewer(request)).filter(**lookup).first()
    if found is None:
        raise Http404
    return found


@prepared
def _one(reader: Any, pk: int, *, model: Any, related: tuple[str, ...]) -> QuerySet:
    rows = model.objects.select_related(*related) if related else model.objects.all()
    return rows.visible_to(reader).filter(pk=pk)[:1]


def load_kind(request: HttpRequest, pk: int, *related: str) -> Any:
    """A visible item as its own kind (a Topic, not an Item); 404 for all else."""
    found = next(iter(_kind(pk)), None)
    model = registry.kind(found.kind).model if found else ""
    if not model:
        raise Http404
    return load(apps.get_model(model), request, *related, pk=pk)


@prepared
def _kind(pk: int) -> QuerySet:
    return Item.objects.filter(pk=pk).only("kind")


def load_gone(request: HttpRequest, model: Any, pk: int) -> Any:
    """One that was taken away, for those who may bring it back; 404 for all else."""
    found = model.objects.restorable_by(viewer(request)).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def viewer(request: HttpRequest) -> Any:
    """The signed-in member, or None. The row itself: a lazy wrapper costs at every attribute."""
    user = request.user
    return getattr(user, "_wrapped", user) if user.is_authenticated else None


def posted(request: HttpRequest) -> Any:
    """What was sent, also if it is empty; None for a page that is only looked at."""
    return request.POST if request.method == "POST" else None


def respond(
    request: HttpRequest,
    page: str,
    fragment: str | None = None,
    context: dict[str, Any] | None = None,
    status: int = 200,
) -> HttpResponse:
    """The page, or for an htmx request that swaps a part of it, the fragment alone."""
    partial = fragment and request.htmx and not request.htmx.boosted
    answer = render(request, fragment if partial else page, context or {}, status=status)
    patch_vary_headers(answer, ["HX-Request"])
    return answer
