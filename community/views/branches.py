"""Who came by whose invitation, and measures for a whole branch of it: for moderators."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from community import desk, invited, keyset, safety
from community.forms.sanctions import BranchForm
from community.htmx import respond, viewer
from community.models import Branch, Membership, Space
from community.operations import branches as operations
from community.operations import staff
from community.policies import Refused

PLACE = "community.invitation_tree"
MOST = 300
"""People of a branch that its page shows."""


@desk.page(PLACE)
@require_safe
def invitation_tree(request: HttpRequest) -> HttpResponse:
    """Those whose invitations brought people lately, most first; and branches to decide about."""
    page = keyset.page(
        invited.brought_lately().select_related("avatar"),
        request.GET.get("cursor"),
        order=("-brought", "-pk"),
        size=30,
    )
    waiting = Branch.objects.for_moderator(viewer(request)).filter(decided_at=None)
    context = {
        "page": page,
        "branches": list(waiting.select_related("person", "rule", "by")[:30])
        if "cursor" not in request.GET
        else [],
    }
    return respond(request, "community/invitation_tree.html", None, context)


@desk.page(PLACE)
@require_http_methods(["GET", "HEAD", "POST"])
def invitation_branch(request: HttpRequest, pk: int) -> HttpResponse:
    """Somebody, by whom they came, and everybody who came by them; a measure for all of them."""
    person = safety.people_for(viewer(request)).filter(pk=pk).first()
    if person is None:
        raise Http404
    staff.note_opened_by_moderation(person, by=viewer(request))
    depths = invited.below(person)
    root = Space.objects.root()
    held = (
        Membership.objects.filter(space=root, member__in=list(depths))
        .select_related("member__avatar", "invited_by")
        .order_by("joined_at", "pk")
    )
    verdict = safety.can_sanction(viewer(request), person)
    form = BranchForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            operations.propose_branch(person, by=request.user, **form.said)
        except Refused as refused:
            form.add_error(None, refused.reason)
        else:
            messages.success(request, _("Proposed. Another moderator has to agree."))
            return redirect("invitation_branch", pk)
    rows = [row for row in held if row.member_id != pk]
    context = {
        "person": person,
        "above": invited.above(person),
        "tree": invited.as_tree(person.pk, rows)[:MOST],
        "number": len(rows),
        "form": form,
        "verdict": verdict,
        "branch": Branch.objects.filter(person=person, decided_at=None)
        .select_related("rule", "by")
        .first(),
    }
    status = 422 if request.method == "POST" else 200
    return respond(request, "community/invitation_branch.html", None, context, status)


@desk.page(PLACE)
@require_POST
def agree_branch(request: HttpRequest, pk: int) -> HttpResponse:
    """The second pair of eyes says yes."""
    branch = _branch(request, pk)
    done = operations.agree_branch(branch, by=request.user)
    messages.success(
        request,
        _("It holds for %(n)s people from now on, and their invitations ended.")
        % {"n": done.reached},
    )
    return redirect("invitation_branch", branch.person_id)


@desk.page(PLACE)
@require_POST
def refuse_branch(request: HttpRequest, pk: int) -> HttpResponse:
    """Let it go."""
    branch = _branch(request, pk)
    operations.refuse_branch(branch, by=request.user)
    messages.success(request, _("Let go. Nothing happens to anybody."))
    return redirect("invitation_branch", branch.person_id)


def _branch(request: HttpRequest, pk: int) -> Branch:
    found = Branch.objects.for_moderator(viewer(request)).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found
