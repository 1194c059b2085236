"""Members by the rule book: a list with filters, one person's history, moving one or many."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from community import desk, keyset, policies, rulebook
from community.forms.status import MembersForm, MoveForm
from community.htmx import posted, respond, viewer
from community.models import Member, MembershipStatus, Status, StatusEvent
from community.operations import staff
from community.operations import status as operations
from community.policies import Refused

gate = desk.page("community.members")

MOST_AT_ONCE = 200
ORDER = ("lower_name", "id")


@gate
@require_safe
def desk_members(request: HttpRequest) -> HttpResponse:
    """Everybody, by name; narrowed by status and by what is in the name."""
    form = MembersForm(request.GET)
    said = form.cleaned_data if form.is_valid() else {"q": "", "status": ""}
    rows = rulebook.people().select_related("avatar")
    if said["q"]:
        rows = rows.filter(name__icontains=said["q"])
    if said["status"]:
        rows = rows.filter(status=said["status"])
    page = keyset.page(rows, request.GET.get("cursor"), order=ORDER, size=40)
    for row in page.rows:
        row.status_label = Status(row.status).label
    context = {
        "page": page,
        "said": said,
        "filters": _filters(said),
        "move": MoveForm(ways=Status.values),
    }
    return respond(request, "community/desk_members.html", "community/_desk_members.html", context)


def _filters(said: dict[str, str]) -> list[tuple[str, Any, int, bool]]:
    """(status, label, how many, whether chosen): everybody first, then what somebody has."""
    counts = dict(rulebook.people().order_by().values_list("status").annotate(n=Count("pk")))
    found = [("", _("Everybody"), sum(counts.values()), not said["status"])]
    return found + [
        (value, label, counts[value], value == said["status"])
        for value, label in Status.choices
        if counts.get(value) or value == said["status"]
    ]


def _load(pk: int) -> Member:
    found = rulebook.people().select_related("avatar").filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


@gate
@require_http_methods(["GET", "HEAD", "POST"])
def desk_member(request: HttpRequest, pk: int) -> HttpResponse:
    """Where one person stands, how they came there, and the next move."""
    person, by = _load(pk), viewer(request)
    staff.note_standing_opened(person, by=by)
    verdict = policies.can_change_status(by, person)
    form = MoveForm(posted(request), ways=rulebook.ways_on(person))
    if request.method == "POST" and form.is_valid():
        try:
            operations.change_status(person, by=by, **form.cleaned_data)
        except Refused as refused:
            form.add_error(None, refused.reason)
        else:
            messages.success(request, _("It is written down."))
            return redirect("desk_member", pk=pk)
    context = {
        "person": person,
        "held": MembershipStatus.objects.filter(member=person).first(),
        "events": StatusEvent.objects.filter(member=person)
        .select_related("by")
        .order_by("-on", "-pk"),
        "form": form,
        "verdict": verdict,
    }
    status = 422 if form.errors else 200
    return render(request, "community/desk_member.html", context, status=status)


@gate
@require_POST
def move_members(request: HttpRequest) -> HttpResponse:
    """Several at once: first what it would do, then, said again, done."""
    by = viewer(request)
    keys = [int(key) for key in request.POST.getlist("member") if key.isdecimal()][:MOST_AT_ONCE]
    members = list(
        rulebook.people().select_related("avatar").filter(pk__in=keys).order_by("lower_name")
    )
    form = MoveForm(request.POST, ways=Status.values)
    if not members:
        messages.info(request, _("Choose the people first."))
        return redirect("desk_members")
    if form.is_valid() and "confirmed" in request.POST:
        moved = operations.change_statuses(members, by=by, **form.cleaned_data)
        messages.success(
            request,
            ngettext("%(n)s person was moved.", "%(n)s people were moved.", len(moved))
            % {"n": len(moved)},
        )
        return redirect("desk_members")
    to = form.cleaned_data.get("to")
    steps = rulebook.preview(members, to=to, by=by) if to else []
    context = {
        "form": form,
        "members": members,
        "steps": steps,
        "going": sum(bool(step.verdict) for step in steps),
    }
    status = 422 if form.errors else 200
    return render(request, "community/move_members.html", context, status=status)
