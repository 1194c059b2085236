"""The stewards of a group, for those of the whole community: who holds it, and if nobody does."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from community import desk, keyset
from community import steward_policies as policies
from community.htmx import posted, respond, viewer
from community.models import Membership, Ring
from community.operations import stewards as operations
from community.policies import Refused
from groups import waiting
from groups.forms.people import SuccessorForm
from groups.heirs import heirs
from groups.views import frame

MOST_HEIRS = 200


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def stewards(request: HttpRequest, slug: str) -> HttpResponse:
    """Everybody who holds the group; where nobody does, who shall."""
    group = frame.load_group(request, slug)
    space, member = group.space, request.user
    policies.can_oversee(member, space).enforce()
    vacant = policies.can_name_steward(member, space)
    could = {heir.member_id: heir for heir in heirs(space)[:MOST_HEIRS]} if vacant else {}
    form = SuccessorForm(posted(request), heirs=list(could.values()))
    if request.method == "POST":
        vacant.enforce()
        if form.is_valid():
            try:
                named = operations.name_steward(could[form.cleaned_data["successor"]], by=member)
            except Refused as refused:
                form.add_error(None, refused.reason)
            else:
                messages.success(
                    request,
                    _("%(name)s holds the group now.") % {"name": named.member.display_name},
                )
                return redirect("groups:stewards", slug)
    rows = list(
        Membership.objects.filter(space=space, ring=Ring.STEWARD)
        .select_related("member__avatar")
        .order_by("joined_at")[:MOST_HEIRS]
    )
    for row in rows:
        row.is_own = row.member_id == member.pk
    context = {
        "group": group,
        "space": space,
        "rows": rows,
        "vacant": vacant,
        "form": form,
        "heirs": could,
    }
    status = 422 if form.errors else 200
    return respond(request, "groups/stewards.html", "groups/_stewards.html", context, status)


@desk.page("groups.few_stewards")
@require_safe
def few_stewards(request: HttpRequest) -> HttpResponse:
    """Groups that one steward holds, or none: those without one first."""
    rows = waiting.few_stewards(viewer(request)).select_related("space")
    page = keyset.page(rows, request.GET.get("cursor"), order=("stewards", "space_id"), size=40)
    context = {"page": page}
    return respond(request, "groups/few_stewards.html", "groups/_few_stewards.html", context)
