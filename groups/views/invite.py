"""Inviting people into a group."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from community.views.invitations import invite_to, revoke_from
from groups.views import frame


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def invite(request: HttpRequest, slug: str) -> HttpResponse:
    group = frame.load_group(request, slug)
    return invite_to(
        request,
        group.space,
        here=reverse("groups:invite", args=[slug]),
        back=group.get_absolute_url(),
        revoke=lambda pk: reverse("groups:revoke", args=[slug, pk]),
    )


@login_required
@require_POST
def revoke(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    group = frame.load_group(request, slug)
    return revoke_from(request, group.space, pk, reverse("groups:invite", args=[slug]))
