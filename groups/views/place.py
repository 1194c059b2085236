"""One's own place in a group: how much one hears, how deep one is in, and going."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Exists, OuterRef
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from community.htmx import respond
from community.models import Member, Membership, Ring, RingProposal, Space
from community.models.people import still_here
from community.models.spaces import Asked
from community.operations import membership, resting, rings
from community.policies import Refused
from groups import comings
from groups.forms.people import PLACES, AskRingForm, RestForm
from groups.heirs import heirs
from groups.models import Group
from groups.views import frame


def _mine(request: HttpRequest, slug: str) -> tuple[Group, Membership]:
    group = frame.load_group(request, slug)
    return group, _my_row(request.user, group.space)


def _my_row(member: Member, space: Space) -> Membership:
    mine = member.memberships_by_space.get(space.pk)
    if mine is None:
        raise Http404
    return mine


@login_required
@require_safe
def place(request: HttpRequest, slug: str) -> HttpResponse:
    """Where I stand in this group or in the whole community, and what I can change about it."""
    return _page(request, *frame.load_place(request, slug), RestForm())


def _page(
    request: HttpRequest, space: Space, group: Group | None, rest_form: RestForm
) -> HttpResponse:
    mine = _my_row(request.user, space)
    context = {
        "rest_form": rest_form,
        "ladder": [
            {
                "ring": ring,
                "label": hint.label,
                "hint": hint.hint,
                "now": ring == mine.ring,
                "back": ring < mine.ring,
                "ask": mine.ring < ring < Ring.STEWARD and group is not None,
            }
            for ring, hint in PLACES
        ],
        "volumes": Membership.Volume.choices,
        "moved": comings.moved_by_another(mine),
    }
    if group is not None:
        context |= frame.group_context(request, group, "")
        status = 422 if rest_form.errors else 200
        return respond(request, "groups/place.html", "groups/_place.html", context, status)
    waiting = RingProposal.objects.filter(space=space, member=mine.member_id, state=Asked.PENDING)
    context |= {"space": space, "proposal": waiting.select_related("proposed_by").first()}
    return respond(request, "groups/place_of_all.html", "groups/_place.html", context)


@login_required
@require_POST
def volume(request: HttpRequest, slug: str) -> HttpResponse:
    """How much I hear of this group."""
    group, _mine_there = _mine(request, slug)
    membership.set_volume(group.space, volume=request.POST.get("volume", ""), by=request.user)
    messages.success(request, _("Noted. You hear of %s as you chose.") % group.space.name)
    return redirect("groups:group", slug)


@login_required
@require_POST
def rest(request: HttpRequest, slug: str) -> HttpResponse:
    """Rest in this group until a day, or be back."""
    group, _mine_there = _mine(request, slug)
    if "back" in request.POST:
        resting.rest(group.space, until=None, by=request.user)
        messages.success(request, _("Welcome back."))
        return redirect("groups:place", slug)
    form = RestForm(request.POST)
    if form.is_valid():
        try:
            resting.rest(group.space, until=form.cleaned_data["until"], by=request.user)
        except Refused as refused:
            form.add_error("until", refused.reason)
        else:
            messages.success(request, _("Rest well. Your place stays yours."))
            return redirect("groups:place", slug)
    return _page(request, group.space, group, form)


@login_required
@require_POST
def move(request: HttpRequest, slug: str) -> HttpResponse:
    """Ask to come further in, or step back at once."""
    space, group = frame.load_place(request, slug)
    mine = _my_row(request.user, space)
    form = AskRingForm(request.POST)
    if not form.is_valid():
        raise Http404
    wanted, note = form.cleaned_data["ring"], form.cleaned_data["note"]
    try:
        if wanted < mine.ring:
            rings.step_back(space, ring=wanted, by=request.user)
            messages.success(request, _("Done. You can come further in again at any time."))
        elif group is None:
            raise Refused(_("Into this ring of the community you are asked by its stewards."))
        else:
            rings.ask_for_ring(space, ring=wanted, by=request.user, note=note)
            messages.success(request, _("You have asked. A steward will answer."))
    except Refused as refused:
        messages.warning(request, refused.reason)
    return redirect("groups:place", slug)


@login_required
@require_POST
def answer_move(request: HttpRequest, slug: str, pk: int, answer: str) -> HttpResponse:
    """Say yes or no to an offered or asked-for place, or take one's own proposal back."""
    space, group = frame.load_place(request, slug)
    proposal = (
        RingProposal.objects.filter(pk=pk, space=space)
        .select_related("space", "member", "proposed_by")
        .first()
    )
    verbs = {
        "accept": rings.accept_proposal,
        "decline": rings.decline_proposal,
        "withdraw": rings.withdraw_proposal,
    }
    known = proposal is not None and (
        request.user.pk in (proposal.member_id, proposal.proposed_by_id)
        or request.user.rings.get(space.pk, 0) >= Ring.STEWARD
    )
    if not known or answer not in verbs:
        raise Http404
    try:
        verbs[answer](proposal, by=request.user)
    except Refused as refused:
        messages.warning(request, refused.reason)
    else:
        messages.success(request, _answered(proposal, answer, request.user))
    if proposal.member_id != request.user.pk:
        return redirect("groups:people", slug)
    return redirect("groups:group" if group else "groups:place", slug)


def _answered(proposal: RingProposal, answer: str, member: Member) -> str:
    ring = proposal.get_ring_display()
    if answer == "withdraw":
        return _("Taken back.")
    if answer == "decline":
        return _("You said no. That is all right.")
    if proposal.member_id == member.pk:
        return _("Your place is now: %(ring)s.") % {"ring": ring}
    return _("%(name)s: %(ring)s.") % {"name": proposal.member.display_name, "ring": ring}


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def leave(request: HttpRequest, slug: str) -> HttpResponse:
    """Go; or, as the last steward, first hand over."""
    group, mine = _mine(request, slug)
    refusal = ""
    if request.method == "POST":
        try:
            membership.leave(group.space, by=request.user)
        except Refused as refused:
            refusal = refused.reason
        else:
            messages.success(request, _("You have left %s.") % group.space.name)
            return redirect("groups:groups")
    others = Membership.objects.filter(space=group.space).exclude(member=request.user)
    stewards = others.filter(still_here("member__"), ring=Ring.STEWARD)
    last = mine.ring == Ring.STEWARD and not stewards.exists()
    context = {
        "group": group,
        "space": group.space,
        "membership": mine,
        "last_steward": last,
        "alone": last and not others.exists(),
        "heirs": _heirs(group, request.user) if last else [],
        "refusal": refusal,
    }
    status = 422 if refusal else 200
    return respond(request, "groups/leave.html", "groups/_leave.html", context, status)


def _heirs(group: Group, member: Member) -> list[Membership]:
    """Who could hold the group: those furthest in first, with what has been offered to them."""
    offered = RingProposal.objects.filter(
        space=group.space,
        member=OuterRef("member"),
        ring=Ring.STEWARD,
        state=Asked.PENDING,
    )
    known = heirs(group.space).filter(member__in=Member.objects.visible_to(member))
    return list(known.annotate(offered=Exists(offered))[:12])
