"""Coming into a group: joining, asking, being answered."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST
from django_htmx.http import trigger_client_event

from community import policies as core
from community.forms.people import AnswersForm, ReasonForm
from community.htmx import respond
from community.models import JoinRequest, Ring
from community.models.spaces import Asked
from community.operations import membership
from community.policies import Refused
from groups.models import Group
from groups.views import frame


@login_required
@require_POST
def join(request: HttpRequest, slug: str) -> HttpResponse:
    """Walk into an open group: to take part, or with ``ring=1`` to follow."""
    group = frame.load_group(request, slug)
    ring = _asked_ring(request)
    follows = ring == Ring.FOLLOWER
    membership.join(group.space, by=request.user, ring=ring)
    if request.htmx:
        return _joined(request, group)
    messages.success(
        request,
        (_("You follow %(group)s now.") if follows else _("Welcome to %(group)s."))
        % {"group": group.space.name},
    )
    return redirect("groups:group", slug)


def _asked_ring(request: HttpRequest) -> Ring:
    follows = request.POST.get("ring") == str(Ring.FOLLOWER.value)
    return Ring.FOLLOWER if follows else Ring.PARTICIPANT


def _joined(request: HttpRequest, group: Group) -> HttpResponse:
    """For a list of groups: in place of the button, the way in; one can join the next one there."""
    answer = render(request, "groups/_joined.html", {"space": group.space})
    told = {"text": _("Welcome to %(group)s.") % {"group": group.space.name}}
    return trigger_client_event(answer, "toast", told)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest, slug: str) -> HttpResponse:
    """The questions of a group, for those who want in; with ``ring=1`` to follow it."""
    group = frame.load_group(request, slug)
    member, space = request.user, group.space
    if core.ring_of(member, space):
        return redirect("groups:group", slug)
    core.can_ask_to_join(member, space).enforce()
    form = AnswersForm(request.POST or None, questions=space.questions)
    if request.method == "POST" and (form.is_valid() or not space.questions):
        try:
            membership.ask_to_join(
                space,
                by=member,
                answers=form.answers if space.questions else [],
                ring=_asked_ring(request),
            )
        except Refused as refused:
            form.add_error(None, refused.reason)
        else:
            messages.success(
                request, _("You have asked. The stewards of %s will answer.") % space.name
            )
            return redirect("groups:group", slug)
    context = frame.group_context(request, group, "about") | {"form": form}
    status = 422 if form.errors else 200
    return respond(request, "groups/ask.html", "groups/_ask.html", context, status)


def _open_request(request: HttpRequest, group: Group, pk: int) -> JoinRequest:
    """A request at this group's door, for whoever made it or may know of it; else 404."""
    found = (
        JoinRequest.objects.filter(pk=pk, space=group.pk).select_related("space", "member").first()
    )
    ring = core.ring_of(request.user, group.pk)
    if found is None or (ring < Ring.PARTICIPANT and found.member_id != request.user.pk):
        raise Http404
    return found


@login_required
@require_POST
def accept(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    group = frame.load_group(request, slug)
    asked = _open_request(request, group, pk)
    core.can_manage(request.user, group.space).enforce()
    try:
        membership.accept_request(asked, by=request.user)
    except Refused as refused:
        messages.warning(request, refused.reason)
    else:
        messages.success(
            request,
            _("%(name)s is in. Say hello.") % {"name": asked.member.display_name},
        )
    return redirect("groups:people", slug)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def refuse(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Say no to somebody who asks, with a reason they read."""
    group = frame.load_group(request, slug)
    asked = _open_request(request, group, pk)
    core.can_manage(request.user, group.space).enforce()
    if asked.state != Asked.PENDING:
        messages.info(request, _("Somebody has answered this request already."))
        return redirect("groups:people", slug)
    form = ReasonForm(request.POST or None)
    form.fields["reason"].label = _("Why not now? They read this.")
    if request.method == "POST" and form.is_valid():
        try:
            membership.decline_request(asked, by=request.user, reason=form.cleaned_data["reason"])
        except Refused as refused:
            messages.warning(request, refused.reason)
        else:
            messages.info(request, _("%(name)s was told.") % {"name": asked.member.display_name})
        return redirect("groups:people", slug)
    context = {"group": group, "space": group.space, "asked": asked, "form": form}
    status = 422 if form.errors else 200
    return respond(request, "groups/refuse.html", "groups/_refuse.html", context, status)


@login_required
@require_POST
def withdraw(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    group = frame.load_group(request, slug)
    asked = _open_request(request, group, pk)
    try:
        membership.withdraw_request(asked, by=request.user)
    except Refused as refused:
        messages.warning(request, refused.reason)
    else:
        messages.info(request, _("You have taken your request back."))
    return redirect("groups:group", slug)


@login_required
@require_POST
def vouch(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    group = frame.load_group(request, slug)
    asked = _open_request(request, group, pk)
    try:
        membership.vouch(asked, by=request.user)
    except Refused as refused:
        messages.warning(request, refused.reason)
    else:
        messages.success(
            request, _("You vouch for %(name)s.") % {"name": asked.member.display_name}
        )
    return redirect("groups:people", slug)
