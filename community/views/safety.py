"""What waits to be read before others see it, and the lock on the doors of the site."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from community import desk, floods, keyset, lockdown
from community.forms.safety import LockDownForm, RefuseHeldForm
from community.htmx import respond, viewer
from community.models import Comment, Held, Item, LockDown, Member, Space
from community.operations import holding
from community.operations import lockdown as operations
from community.policies import Refused
from community.registry import registry

HELD, LOCK = "community.held", "community.lock_down"


# What is held


@login_required
@require_safe
def my_held(request: HttpRequest) -> HttpResponse:
    """What the reader wrote and nobody else sees yet, or never: with why."""
    rows = _held().filter(item__author=viewer(request), item__deleted_at=None)
    rows = _worded(list(rows.exclude(let_through=True).order_by("-created_at", "-pk")[:50]))
    _as_known_to(viewer(request), rows)
    return respond(request, "community/my_held.html", None, {"rows": rows})


def _as_known_to(member: Member, rows: list[Held]) -> None:
    """Names of groups and titles only where the author may still know them; two queries."""
    spaces = Space.objects.visible_to(member).filter(pk__in=[row.item.space_id for row in rows])
    known = set(spaces.values_list("pk", flat=True))
    answered = [row.item.comment.item_id for row in rows if hasattr(row.item, "comment")]
    items = Item.objects.visible_to(member).filter(pk__in=answered)
    read = set(items.values_list("pk", flat=True))
    for row in rows:
        row.place = row.item.space.name if row.item.space_id in known else ""
        if hasattr(row.item, "comment") and row.item.comment.item_id not in read:
            row.where = ""


@desk.page(HELD)
@require_safe
def held(request: HttpRequest) -> HttpResponse:
    """What waits for the reader to look at, oldest first."""
    return _queue(request)


def _queue(request: HttpRequest, form: Any = None, about: int = 0) -> HttpResponse:
    rows = _held().for_decision(viewer(request)).waiting()
    page = keyset.page(rows, request.GET.get("cursor"), order=("created_at", "pk"), size=20)
    _worded(page.rows)
    for row in page.rows:
        row.form = form if row.pk == about else RefuseHeldForm(auto_id=f"id_{row.pk}_%s")
    status = 200 if form is None else 422
    return respond(request, "community/held.html", None, {"page": page}, status=status)


@desk.page(HELD)
@require_POST
def let_through(request: HttpRequest, pk: int) -> HttpResponse:
    """Others may read it."""
    holding.let_through(_one(request, pk), by=request.user)
    messages.success(request, _("Let through. Others read it now."))
    return redirect("held")


@desk.page(HELD)
@require_POST
def refuse_held(request: HttpRequest, pk: int) -> HttpResponse:
    """It stays away, and its author reads why."""
    found = _one(request, pk)
    form = RefuseHeldForm(request.POST, auto_id=f"id_{pk}_%s")
    if form.is_valid():
        try:
            holding.refuse(found, by=request.user, reason=form.cleaned_data["reason"])
        except Refused as refused:
            form.add_error("reason", refused.reason)
        else:
            messages.success(request, _("It stays away. Its author reads why."))
            return redirect("held")
    return _queue(request, form, pk)


def _one(request: HttpRequest, pk: int) -> Held:
    found = Held.objects.for_decision(viewer(request)).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def _held() -> Any:
    return Held.objects.select_related(
        "item__space", "item__author__avatar", "item__comment__item"
    ).defer("item__search", "item__comment__search", "item__comment__item__search")


def _worded(rows: list[Held]) -> list[Held]:
    """Each with its ``words`` and the title of ``where`` it was written; two queries at most."""
    kinds: dict[str, list[int]] = {}
    for row in rows:
        kinds.setdefault(row.item.kind, []).append(row.pk)
    found: dict[int, Any] = {}
    for name, pks in kinds.items():
        load = registry.kind(name).children
        if name == "community.comment":
            found |= Comment.objects.defer("search").in_bulk(pks)
        elif load is not None:
            found |= load(pks)
    for row in rows:
        thing = found.get(row.pk)
        row.words = getattr(thing, "html", "")
        answered = getattr(row.item, "comment", None)
        row.where = answered.item.title if answered else ""
    return rows


# The lock on the doors


@desk.page(LOCK)
@require_http_methods(["GET", "HEAD", "POST"])
def lock_down(request: HttpRequest) -> HttpResponse:
    """Shut the doors, see whether they are shut and why, and how it was before."""
    form = LockDownForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            operations.begin(by=request.user, **form.cleaned_data)
        except Refused as refused:
            form.add_error(None, refused.reason)
        else:
            messages.success(request, _("The doors are shut. Everybody reads why."))
            return redirect("lock_down")
    context = {
        "now": lockdown.now(),
        "form": form,
        "joins": floods.joins_lately(),
        "many": floods.MANY_JOINS,
        "before": list(
            LockDown.objects.exclude(lifted_at=None)
            .select_related("by", "lifted_by")
            .order_by("-began_at")[:20]
        ),
    }
    status = 422 if request.method == "POST" else 200
    return respond(
        request, "community/lock_down.html", "community/_lock_down.html", context, status
    )


@desk.page(LOCK)
@require_POST
def lift_lock_down(request: HttpRequest) -> HttpResponse:
    """Open the doors again."""
    operations.lift(by=request.user)
    messages.success(request, _("The doors are open again. What waits still waits to be read."))
    return redirect("lock_down")
