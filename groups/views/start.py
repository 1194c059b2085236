"""Starting a group in three short steps, and answering proposals."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.db.models import Prefetch
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from community import policies as core
from community.forms.people import ReasonForm
from community.htmx import respond
from community.models import Community, Media, Member, Membership, Ring
from community.operations import drafts, media
from community.policies import Refused
from groups import policies
from groups import proposals as waiting
from groups.forms.groups import DoorsForm, WhereForm, WordsForm
from groups.models import Group
from groups.operations import groups as operations
from groups.views.settings import possible_parents

DRAFT = "group:new"
STEPS = 3


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def start(request: HttpRequest, step: int = 1) -> HttpResponse:
    """One of three steps; what was said so far is a draft, and the last one makes the group."""
    member = request.user
    community = Community.objects.current()
    policies.can_start(member, community).enforce()
    if not 1 <= step <= STEPS:
        raise Http404
    said = _said(request, member)
    if step > 1 and not said.get("name"):
        return redirect("groups:start")
    form = _form(request, step, said, community)
    if request.method == "POST" and "over" in request.POST:
        drafts.discard_draft(DRAFT, by=member)
        return redirect("groups:start")
    if request.method == "POST" and form.is_valid():
        said |= {key: value for key, value in form.cleaned_data.items() if key != "cover"}
        made = None
        if _keep_cover(form, said, member):
            drafts.save_draft(DRAFT, said, by=member)
            if step < STEPS:
                return redirect("groups:start", step + 1)
            made = _make(form, said, member)
        if made is not None:
            return redirect("groups:group", made.space.slug)
    context = {
        "form": form,
        "step": step,
        "steps": range(1, STEPS + 1),
        "said": said,
        "again": request.GET.get("from", ""),
        "areas": community.areas,
        "direct": policies.founds(member),
        "cover": _cover(said, member) if step == STEPS else None,
    }
    status = 422 if form.errors else 200
    return respond(request, "groups/start.html", "groups/_start.html", context, status)


def _said(request: HttpRequest, member: Member) -> dict[str, Any]:
    """The draft; or, to propose again, what a declined proposal of this member said."""
    again = request.GET.get("from")
    if again:
        group = waiting.started_by(member, again)
        if group is not None:
            space = group.space
            return {
                "name": space.name,
                "purpose": space.purpose,
                "kind": group.kind,
                "openness": space.openness,
                "join_policy": space.join_policy,
                "questions": space.questions,
                "area": group.area,
                "languages": group.languages,
                "rhythm": group.rhythm,
            }
    return drafts.draft_at(DRAFT, member)


def _form(request: HttpRequest, step: int, said: dict[str, Any], community: Community) -> Any:
    bound = request.POST if request.method == "POST" and "over" not in request.POST else None
    if step == 1:
        return WordsForm(
            bound,
            initial={"kind": Group.Kind.LOCAL} | said,
            every_kind=policies.founds(request.user),
        )
    if step == 2:
        return DoorsForm(bound, initial={"openness": "open", "join_policy": "open"} | said)
    return WhereForm(
        bound,
        request.FILES if bound is not None else None,
        initial=said,
        parents=possible_parents(request.user),
        areas=community.areas,
    )


def _keep_cover(form: Any, said: dict[str, Any], member: Member) -> bool:
    """Store an uploaded picture and keep its token in the draft. False if it could not be read."""
    picture = form.cleaned_data.get("cover")
    if not picture:
        return True
    try:
        stored = media.store_upload(
            picture, purpose=Media.Purpose.COVER, by=member, alt=said.get("name", "")
        )
    except ValidationError as error:
        form.add_error("cover", error)
        return False
    said["cover"] = stored.token
    return True


def _cover(said: dict[str, Any], member: Member) -> Media | None:
    if not said.get("cover"):
        return None
    return Media.objects.unused().filter(token=said["cover"], owner=member).first()


def _make(form: Any, said: dict[str, Any], member: Member) -> Group | None:
    wanted = set(said.get("parents", ()))
    parents = [parent for parent in possible_parents(member) if parent.pk in wanted]
    names = (
        "purpose",
        "kind",
        "openness",
        "join_policy",
        "questions",
        "area",
        "languages",
        "rhythm",
    )
    try:
        group = operations.start_group(
            said["name"],
            by=member,
            parents=parents,
            **{name: said[name] for name in names if name in said},
        )
        cover = _cover(said, member)
        if cover is not None:
            operations.set_cover(group, cover=cover, by=member)
    except Refused as refused:
        form.add_error(None, refused.reason)
        return None
    drafts.discard_draft(DRAFT, by=member)
    return group


# Proposals, for the stewards of the whole community


@login_required
@require_safe
def proposals(request: HttpRequest) -> HttpResponse:
    """Groups that wait for a yes, longest first, with what their starters said of them."""
    if not core.steers_community(request.user):
        raise Http404
    found = list(
        waiting.waiting_for(request.user)
        .select_related("space__cover", "started_by__avatar")
        .prefetch_related(Prefetch("parents", Group.objects.visible_to(request.user)))
        .order_by("state_changed_at")[:50]
    )
    held = set(
        Membership.objects.filter(
            member__in=[group.started_by_id for group in found if group.started_by_id],
            ring__gte=Ring.CORE,
            space__kind="group",
        )
        .exclude(space__in=[group.pk for group in found])
        .values_list("member_id", flat=True)
    )
    for group in found:
        group.starter_is_known = group.started_by_id in held
    context = {"proposals": found, "form": ReasonForm()}
    return respond(request, "groups/proposals.html", "groups/_proposals.html", context)


def _proposal(request: HttpRequest, pk: int) -> Group | None:
    """The proposal, unless another steward of the community was quicker; 404 for all others."""
    if not core.steers_community(request.user):
        raise Http404
    found = waiting.waiting_for(request.user).filter(pk=pk).first()
    if found is None:
        messages.info(request, _("This proposal has been answered already."))
    return found


@login_required
@require_POST
def approve(request: HttpRequest, pk: int) -> HttpResponse:
    group = _proposal(request, pk)
    if group is None:
        return redirect("groups:proposals")
    try:
        operations.approve_group(group, by=request.user)
    except Refused as refused:
        messages.warning(request, refused.reason)
    else:
        messages.success(request, _("%s can begin. Its starter was told.") % group)
    return redirect("groups:proposals")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def decline(request: HttpRequest, pk: int) -> HttpResponse:
    """Say no to a proposal, with what would make it a yes."""
    group = _proposal(request, pk)
    if group is None:
        return redirect("groups:proposals")
    form = ReasonForm(request.POST or None)
    form.fields["reason"].label = _("Why not like this, and what would make it a yes?")
    form.fields["reason"].required = True
    if request.method == "POST" and form.is_valid():
        try:
            operations.decline_group(group, by=request.user, reason=form.cleaned_data["reason"])
        except Refused as refused:
            form.add_error(None, refused.reason)
        else:
            messages.info(request, _("Answered. Its starter was told why."))
            return redirect("groups:proposals")
    context = {"group": group, "space": group.space, "form": form}
    status = 422 if form.errors else 200
    return respond(request, "groups/decline.html", "groups/_decline.html", context, status)
