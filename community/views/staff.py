"""What staff meet on the site itself: the way to a second factor, and the audit log."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from community import audit, desk, keyset, staff
from community.forms.staff import AuditFilter
from community.htmx import respond, viewer
from community.models import AuditEntry, StaffRole

PAGE = 40


@login_required
@require_safe
def second_factor(request: HttpRequest) -> HttpResponse:
    """Why staff work waits, and where to set up what it waits for."""
    member = viewer(request)
    if not (member.held_roles or staff.is_asked_kindly(member)):
        raise Http404
    return render(
        request,
        "community/second_factor.html",
        {
            "roles": [role.label for role in StaffRole.Role if role in member.held_roles],
            "has_factor": staff.has_factor(member),
            "rests": member.second_factor_missing,
            "used": staff.used(request),
            "excepted": staff.works_without(member),
        },
    )


@desk.page("audit")
@require_safe
def desk_audit(request: HttpRequest) -> HttpResponse:
    """The audit log, as much of it as the reader may see, newest first."""
    member = viewer(request)
    form = AuditFilter(request.GET or None)
    entries = AuditEntry.objects.visible_to(member)
    if form.is_valid():
        entries = form.narrow(entries)
    elif request.GET and form.errors:
        entries = entries.none()
    page = keyset.page(entries, request.GET.get("cursor"), order=("-at", "-pk"), size=PAGE)
    query = request.GET.copy()
    query.pop("cursor", None)
    return respond(
        request,
        "community/desk_audit.html",
        "community/_desk_audit.html",
        {
            "form": form,
            "lines": audit.told_to(member, page.rows),
            "next_cursor": page.next_cursor,
            "query": query.urlencode(),
        },
        status=422 if form.errors else 200,
    )
