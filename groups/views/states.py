"""Where a group stands: its checklist, its contact in the organisation, rest and end."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from community import policies as core
from community.htmx import respond
from community.models import Member, Membership, Ring
from community.policies import Refused
from community.steward_policies import can_oversee
from groups import checklist, policies
from groups.forms.care import ArchiveForm, LiaisonForm, StateForm
from groups.models import Group
from groups.operations import groups as operations
from groups.views import frame

State = Group.State


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def state(request: HttpRequest, slug: str) -> HttpResponse:
    """What a forming group still needs, and the next state it can go to."""
    group = frame.load_group(request, slug)
    member = request.user
    may_care = policies.can_care_for(member, group)
    if not (may_care or core.ring_of(member, group.pk) >= Ring.PARTICIPANT):
        may_care.enforce()
    form = liaison_form = None
    liaisons = _possible_liaisons(group, member)
    if policies.can_name_liaison(member, group):
        liaison_form = LiaisonForm(
            request.POST if request.POST.get("form") == "liaison" else None,
            people=liaisons,
            initial={"liaison": group.liaison_id, "met_at": group.liaison_met_at},
        )
    if request.method == "POST" and request.POST.get("form") == "liaison" and liaison_form:
        chosen = {person.pk: person for person in liaisons}
        if liaison_form.is_valid():
            done = _try(
                liaison_form,
                operations.name_liaison,
                group,
                by=member,
                liaison=chosen.get(liaison_form.cleaned_data["liaison"]),
                met_at=liaison_form.cleaned_data["met_at"],
            )
            if done:
                messages.success(request, _("Noted."))
                return redirect("groups:state", slug)
    elif request.method == "POST":
        may_care.enforce()
        form = StateForm(request.POST)
        if form.is_valid():
            done = _try(form, operations.change_state, group, by=member, **form.cleaned_data)
            if done:
                messages.success(
                    request,
                    _("%(group)s: %(state)s.")
                    % {"group": done.space.name, "state": done.get_state_display()},
                )
                return redirect("groups:state", slug)
    failed = (form and form.errors) or (liaison_form and liaison_form.errors)
    context = {
        "group": group,
        "space": group.space,
        "checklist": checklist.of(group),
        "moves": _moves(group, member) if may_care else [],
        "forming": group.state == State.FORMING,
        "form": form,
        "liaison_form": liaison_form,
        "liaison": Member.objects.visible_to(member).filter(pk=group.liaison_id).first(),
        "may_archive": policies.can_archive(member, group),
        "may_manage": core.can_manage(member, group.space),
        "may_oversee": can_oversee(member, group.space),
    }
    context["checklist_done"] = sum(step.done for step in context["checklist"])
    status = 422 if failed else 200
    return respond(request, "groups/state.html", "groups/_state.html", context, status)


def _moves(group: Group, member: Member) -> list[dict[str, Any]]:
    """The states the group can go to by this member's word."""
    words = {
        State.ACTIVE: (
            _("It is active"),
            _("Everything is settled; it does what it is for."),
            _("Say that it is active"),
        ),
        State.NEEDS_SUPPORT: (
            _("It needs support"),
            _("Its people and the stewards of the community see it, and what would help."),
            _("Say that it needs support"),
        ),
        State.DORMANT: (
            _("It rests"),
            _("Nothing happens for a while. It can wake up at any time."),
            _("Let it rest"),
        ),
        State.FORMING: (
            _("It begins again"),
            _("It forms anew, and what was said before is kept."),
            _("Open it again"),
        ),
    }
    steers = core.steers_community(member)
    return [
        {
            "to": to.value,
            "label": words[to][0],
            "hint": words[to][1],
            "do": words[to][2],
            "reason": to in operations.WITH_REASON,
        }
        for (now, to), who in operations.TRANSITIONS.items()
        if now == group.state and (who == operations.OWN or steers)
    ]


def _possible_liaisons(group: Group, viewer: Member) -> list[Member]:
    """Stewards of the whole community and of the groups above this one, and who it is now."""
    above = group.parents.visible_to(viewer).values("pk")
    stewards = Membership.objects.filter(ring=Ring.STEWARD)
    root = stewards.filter(space__kind="community").values("member")
    parents = stewards.filter(space__in=above).values("member")
    found = Member.objects.visible_to(viewer)
    return list(
        (
            found.filter(pk__in=root)
            | found.filter(pk__in=parents)
            | found.filter(pk=group.liaison_id)
        ).order_by("name")[:200]
    )


def _try(form: Any, operation: Any, group: Group, **said: Any) -> Group | None:
    try:
        return operation(group, **said)
    except Refused as refused:
        form.add_error(None, refused.reason)
        return None


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def archive(request: HttpRequest, slug: str) -> HttpResponse:
    """End a group by typing its name."""
    group = frame.load_group(request, slug)
    policies.can_archive(request.user, group).enforce()
    form = ArchiveForm(request.POST or None)
    if (
        request.method == "POST"
        and form.is_valid()
        and _try(form, operations.archive, group, by=request.user, **form.cleaned_data)
    ):
        messages.info(request, _("%s has ended. What was said stays readable.") % group)
        return redirect("groups:group", slug)
    context = {"group": group, "space": group.space, "form": form}
    status = 422 if form.errors else 200
    return respond(request, "groups/archive.html", "groups/_archive.html", context, status)
