"""The first minute: three short steps, each one form, and then the groups that are near."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.views.decorators.http import require_http_methods, require_safe

from community import prose
from community.accounts.adapter import INVITATION
from community.forms.people import NameForm, SeenForm, WishesForm
from community.models import AgreementVersion, Community, Space
from community.operations import agreements, invitations, membership, people
from community.policies import Refused
from community.registry import registry

STEPS = 3
NEAR = 6


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def welcome(request: HttpRequest, step: int = 1) -> HttpResponse:
    """One step: shown, or saved and on to the next. Can be walked again at any time."""
    if not 1 <= step <= STEPS:
        raise Http404
    if step > 1 and not request.user.name:
        return redirect("welcome")
    community = Community.objects.current()
    form = _form(request, step, community)
    if request.method == "POST" and form.is_valid():
        try:
            _save(request, step, form.cleaned_data)
        except Refused as refused:
            form.add_error(None, refused.reason)
        else:
            if step < STEPS:
                return redirect("welcome_step", step=step + 1)
            return redirect("welcome_groups" if request.user.is_community_member else "join")
    context = {"form": form, "step": step, "steps": range(1, STEPS + 1), "community": community}
    return render(
        request, f"community/welcome_{step}.html", context, status=422 if form.errors else 200
    )


def _form(request: HttpRequest, step: int, community: Community) -> Any:
    member, data = request.user, request.POST if request.method == "POST" else None
    match step:
        case 1:
            fields = ("name", "pronouns", "language")
            initial = {field: getattr(member, field) for field in fields}
            return NameForm(data, initial=initial, papers=_papers(member))
        case 2:
            fields = ("profile_seen_by", "in_directory")
            return SeenForm(data, initial={field: getattr(member, field) for field in fields})
    initial = {"area": member.area, "wants": member.wants}
    return WishesForm(data, initial=initial, community=community)


def _papers(member: Any) -> list[AgreementVersion]:
    """What one agrees with before coming in."""
    papers = AgreementVersion.objects.unanswered_by(member).filter(agreement__required=True)
    papers = papers.select_related("agreement").prefetch_related("texts")
    return list(papers.order_by("agreement__position"))


def _save(request: HttpRequest, step: int, said: dict[str, Any]) -> None:
    member = request.user
    match step:
        case 1:
            read_in = translation.get_language() or ""
            names = ("name", "pronouns", "language")
            people.introduce(member, by=member, **{name: said[name] for name in names})
            for version in _papers(member):
                if said.get(f"accept_{version.pk}"):
                    agreements.accept(version, by=member, language=read_in)
            translation.activate(member.language)
            come_in(request)
        case 2:
            people.choose_privacy(member, by=member, **said)
        case 3:
            people.finish_first_run(
                member, by=member, area=said["area"], wants=said.get("wants", [])
            )


def come_in(request: HttpRequest) -> None:
    """Through the door they came to: their invitation, or the open door of the community."""
    member = request.user
    token = request.session.pop(INVITATION, None)
    if token:
        try:
            invitations.use_invitation(token, by=member)
        except Refused as refused:
            messages.warning(request, refused.reason)
    root = Community.objects.current().space
    if not member.is_community_member and root.join_policy == Space.JoinPolicy.OPEN:
        membership.join(root, by=member)


@login_required
@require_safe
def welcome_groups(request: HttpRequest) -> HttpResponse:
    """Groups for somebody new, as the apps that bring them suggest: the near ones first."""
    member = request.user
    groups = [
        space
        for kind in registry.space_kinds.values()
        if kind.suggested
        for space in kind.suggested(member, NEAR)
    ]
    mine = [row.space for pk, row in member.memberships_by_space.items() if not row.space.is_root]
    words = prose.render(Community.objects.current().welcome, short=True)
    context = {"groups": groups, "mine": mine, "words": words}
    return render(request, "community/welcome_groups.html", context)
