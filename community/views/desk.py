"""The desk: what waits for staff and stewards, and the places they may go."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from community import desk as desks
from community import staff
from community.htmx import viewer


@desks.page()
@require_safe
def desk(request: HttpRequest) -> HttpResponse:
    found = desks.laid_out(viewer(request))
    return render(
        request,
        "community/desk.html",
        {
            "waiting": [one for one in found if one.due.number],
            "quiet": [one for one in found if not one.due.number],
            "excepted": staff.works_without(viewer(request)),
        },
    )
