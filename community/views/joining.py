"""Into the community as a whole: walking in, asking, waiting; and for its stewards, answering."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from community import keyset, policies, profiles
from community.forms.people import AnswersForm, ReasonForm
from community.htmx import respond
from community.models import Community, JoinRequest, Space
from community.models.spaces import Asked
from community.operations import membership
from community.policies import Refused

ORDER = ("created_at", "id")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def join(request: HttpRequest) -> HttpResponse:
    """What stands between an account and the community: a step, questions, or time."""
    member = request.user
    if member.is_community_member:
        return redirect("today")
    community = Community.objects.current()
    root = community.space
    mine = JoinRequest.objects.filter(space=root, member=member).order_by("-created_at").first()
    waits = mine is not None and mine.state == Asked.PENDING
    may_join, may_ask = policies.can_join(member, root), policies.can_ask_to_join(member, root)
    form = AnswersForm(
        request.POST if request.method == "POST" else None,
        questions=root.questions if may_ask else [],
    )
    if request.method == "POST" and not waits and form.is_valid():
        try:
            if may_join:
                membership.join(root, by=member)
                return redirect("welcome_groups")
            membership.ask_to_join(root, by=member, answers=form.answers)
        except Refused as refused:
            form.add_error(None, refused.reason)
        else:
            return redirect("join")
    context = {
        "community": community,
        "form": form,
        "asked": mine,
        "waits": waits,
        "may_join": may_join,
        "may_ask": may_ask,
        "stewards": profiles.at_the_door(root) if waits else [],
    }
    return render(request, "community/join.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def withdraw_join(request: HttpRequest) -> HttpResponse:
    mine = JoinRequest.objects.filter(
        space__kind=Space.ROOT, member=request.user, state=Asked.PENDING
    ).first()
    if mine is not None:
        membership.withdraw_request(mine, by=request.user)
    return redirect("join")


# For the stewards of the whole community


@login_required
@require_safe
def community_requests(request: HttpRequest) -> HttpResponse:
    """Who asks to come in, longest waiting first."""
    requests = _queue(request).select_related("member__avatar", "invited_by")
    page = keyset.page(requests, request.GET.get("cursor"), order=ORDER, size=20)
    context = {"page": page, "form": ReasonForm()}
    return respond(
        request, "community/community_requests.html", "community/_community_requests.html", context
    )


def _queue(request: HttpRequest):
    if not policies.steers_community(request.user):
        raise Http404
    return JoinRequest.objects.filter(space__kind=Space.ROOT, state=Asked.PENDING)


@login_required
@require_POST
def accept_join(request: HttpRequest, pk: int) -> HttpResponse:
    asked = _queue(request).select_related("member", "space").filter(pk=pk).first()
    if asked is not None:
        membership.accept_request(asked, by=request.user)
        messages.success(request, _("%(name)s is in.") % {"name": asked.member.display_name})
    return redirect("community_requests")


@login_required
@require_POST
def decline_join(request: HttpRequest, pk: int) -> HttpResponse:
    asked = _queue(request).select_related("member", "space").filter(pk=pk).first()
    form = ReasonForm(request.POST)
    if asked is not None and form.is_valid():
        membership.decline_request(asked, by=request.user, reason=form.cleaned_data["reason"])
        messages.info(
            request,
            _("%(name)s was told that it does not fit now.") % {"name": asked.member.display_name},
        )
    return redirect("community_requests")
