"""The people of a group: who they are, and what stewards do with and for them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_safe

from community import desk, keyset, profiles
from community import policies as core
from community import steward_policies as holding
from community.htmx import posted, respond, viewer
from community.models import (
    JoinRequest,
    Member,
    Membership,
    Ring,
    RingProposal,
    Space,
    Vouch,
)
from community.models.spaces import Asked
from community.operations import membership as operations
from community.operations import rings
from community.operations import stewards as stewardship
from community.policies import Refused
from groups import comings, policies
from groups.forms.people import LowerForm, RemoveForm, RemoveLastStewardForm, RingForm
from groups.heirs import heirs
from groups.models import Group
from groups.views import frame

ORDER = ("-ring", "member__name", "id")
NEW_FOR_DAYS = 14
SIZE = 40
MOST_HEIRS = 200


@require_safe
def people(request: HttpRequest, slug: str) -> HttpResponse:
    """Who is here, by ring; with requests on top and actions beside for stewards."""
    space, group = frame.load_place(request, slug)
    if group is None:
        return everybody(request)
    member = viewer(request)
    policies.can_see_inside(member, group).enforce()
    policies.can_see_people(member, group).enforce()
    manages = bool(core.can_manage(member, space))
    context = _listing(request, space, member, manages=manages)
    rows = context["rows"]
    if request.htmx and not request.htmx.boosted:
        _tell_roles(rows, group, offers=_offers(rows, space) if manages else {})
        return _part(request, context)
    context |= frame.group_context(request, group, "people")
    _tell_roles(rows, group, offers=context["needs"].get("offers", {}))
    guarded = space.join_policy == space.JoinPolicy.VOUCHER
    if manages or guarded:
        known = context["needs"].get("requests")
        context["requests"] = _requests(group, member, known=known, guarded=guarded)
    page_name = "groups/people_and_rings.html" if manages else "groups/people.html"
    return respond(request, page_name, None, context)


@desk.page("groups.everybody")
@require_safe
def everybody(request: HttpRequest) -> HttpResponse:
    """Who is in the whole community, by ring: for its stewards."""
    space = Space.objects.root()
    context = _listing(request, space, viewer(request), manages=True)
    _tell_roles(context["rows"], None, offers=_offers(context["rows"], space))
    if request.htmx and not request.htmx.boosted:
        return _part(request, context)
    return respond(request, "groups/everybody.html", None, context)


def _part(request: HttpRequest, context: dict[str, Any]) -> HttpResponse:
    fragment = "groups/_people_rows.html" if request.GET.get("cursor") else "groups/_people.html"
    return respond(request, fragment, fragment, context)


def _listing(
    request: HttpRequest, space: Space, member: Member | None, *, manages: bool
) -> dict[str, Any]:
    """The people of a space as the viewer sees them, narrowed by ring and by name."""
    counts = _counts(space)
    ring = request.GET.get("ring", "")
    asked_ring = int(ring) if ring.isdecimal() and int(ring) in counts else None
    query = " ".join(request.GET.get("q", "").split())[:80]
    everybody = Membership.objects.filter(space=space)
    if asked_ring is not None:
        everybody = everybody.filter(ring=asked_ring)
    # Who keeps away from a steward, or never said their name, is in the group all the same.
    shown = everybody if manages else everybody.filter(member__in=Member.objects.visible_to(member))
    hidden = 0
    if query:
        shown = shown.filter(member__name__unaccent__icontains=query)
    elif not request.GET.get("cursor"):
        everybody_counted = counts[asked_ring] if asked_ring else sum(counts.values())
        hidden = everybody_counted - shown.count()
    page = keyset.page(
        shown.select_related("member__avatar"), request.GET.get("cursor"), order=ORDER, size=SIZE
    )
    profiles.reveal([row.member for row in page.rows], member)
    narrowed = urlencode({k: v for k, v in (("ring", asked_ring), ("q", query)) if v})
    return {
        "space": space,
        "page": page,
        "rows": page.rows,
        "counts": _segments(counts),
        "asked_ring": asked_ring,
        "q": query,
        "query": f"{narrowed}&" if narrowed else "",
        "hidden": hidden,
        "manages": manages,
        "today": timezone.localdate(),
        "yesterday": timezone.localdate() - timedelta(days=1),
    }


def _counts(space: Space) -> dict[int, int]:
    found = Membership.objects.filter(space=space).values_list("ring").annotate(n=Count("pk"))
    return {ring.value: 0 for ring in Ring if ring} | dict(found.order_by())


def _segments(counts: dict[int, int]) -> list[dict[str, Any]]:
    labels = {
        Ring.STEWARD: pgettext("people of a ring", "Stewards"),
        Ring.CORE: pgettext("people of a ring", "Core"),
        Ring.PARTICIPANT: pgettext("people of a ring", "Take part"),
        Ring.FOLLOWER: pgettext("people of a ring", "Followers"),
    }
    rows = [{"ring": None, "label": pgettext("people of a ring", "All"), "n": sum(counts.values())}]
    return rows + [
        {"ring": ring.value, "label": label, "n": counts[ring]} for ring, label in labels.items()
    ]


def _offers(rows: list[Membership], space: Space) -> dict[int, RingProposal]:
    """{member: the place offered to them}, of these rows."""
    waiting = RingProposal.objects.filter(
        space=space, state=Asked.PENDING, member__in=[row.member_id for row in rows]
    )
    return {offer.member_id: offer for offer in waiting if offer.is_offer}


def _tell_roles(
    rows: list[Membership], group: Group | None, *, offers: dict[int, RingProposal]
) -> None:
    """Give each row what stands under the name, and the offer that waits for an answer."""
    new_since = timezone.now() - timedelta(days=NEW_FOR_DAYS)
    for row in rows:
        row.offer = offers.get(row.member_id)
        row.is_new = row.joined_at > new_since and row.joined_via != Membership.Via.FOUNDED
        row.roles = _roles(row.member_id, group) if group else []


def _roles(member: int, group: Group) -> list[str]:
    return [
        label
        for holder, label in (
            (group.welcomer_id, _("Welcomes new people")),
            (group.safety_contact_id, _("Safety contact")),
            (group.liaison_id, _("Contact in the organisation")),
        )
        if holder == member
    ]


def _requests(
    group: Group, member: Member, *, known: list[JoinRequest] | None, guarded: bool
) -> list[JoinRequest]:
    """Who waits at the door, longest first, with those who vouch for them."""
    rows = known
    if rows is None:
        rows = list(
            JoinRequest.objects.filter(space=group.space, state=Asked.PENDING)
            .select_related("member__avatar", "invited_by")
            .with_vouches()
            .order_by("created_at")[:99]
        )
    mine: set[int] = set()
    if guarded:
        vouches = Vouch.objects.filter(request__in=[row.pk for row in rows], member=member)
        mine = set(vouches.values_list("request_id", flat=True))
    for row in rows:
        row.mine = row.pk in mine
        row.needs = Vouch.VOUCHES_NEEDED
    return rows


@login_required
@require_safe
def log(request: HttpRequest, slug: str) -> HttpResponse:
    """Who came, moved and went, and why: for the stewards."""
    space, _group = frame.load_place(request, slug)
    core.can_manage(request.user, space).enforce()
    events = comings.log(space)
    page = keyset.page(events, request.GET.get("cursor"), order=("-created_at", "-id"), size=50)
    for event in page.rows:
        event.before = Ring(event.ring_before).label if event.ring_before else ""
        event.after = Ring(event.ring_after).label if event.ring_after else ""
    context = {"space": space, "page": page}
    return respond(request, "groups/log.html", "groups/_log.html", context)


def _person_here(request: HttpRequest, space: Space, pk: int) -> Membership:
    """Somebody of the space for its stewards, a steward of it also for those of the community."""
    found = (
        Membership.objects.filter(space=space, member=pk)
        .select_related("member__avatar", "space")
        .first()
    )
    holds = found is not None and found.ring >= Ring.STEWARD
    if not (holds and holding.can_oversee(request.user, space)):
        core.can_manage(request.user, space).enforce()
    if found is None:
        raise Http404
    return found


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def ring(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Offer somebody another place; they answer."""
    space, _group = frame.load_place(request, slug)
    person = _person_here(request, space, pk)
    core.can_manage(request.user, space).enforce()
    form = RingForm(request.POST or None, now=person.ring, initial={"ring": _next(person.ring)})
    if request.method == "POST" and form.is_valid():
        try:
            rings.offer_ring(person, by=request.user, **form.cleaned_data)
        except Refused as refused:
            form.add_error(None, refused.reason)
        else:
            messages.success(
                request,
                _("You have asked %(name)s. They will answer.")
                % {"name": person.member.display_name},
            )
            return redirect("groups:people", slug)
    context = {"space": space, "person": person, "form": form} | {
        "may_remove": holding.can_remove(request.user, person),
        "may_lower": holding.can_lower(request.user, person),
    }
    status = 422 if form.errors else 200
    return respond(request, "groups/ring.html", "groups/_ring.html", context, status)


def _next(ring: int) -> int:
    return min(ring + 1, Ring.STEWARD) if ring < Ring.STEWARD else Ring.CORE


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def remove(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Send somebody away, with a reason they read and can appeal."""
    space, _group = frame.load_place(request, slug)
    person = _person_here(request, space, pk)
    holding.can_remove(request.user, person).enforce()
    last, could = _is_last_steward(person), {}
    if last:
        could = {heir.member_id: heir for heir in heirs(space)[:MOST_HEIRS]}
        form = RemoveLastStewardForm(posted(request), heirs=list(could.values()))
    else:
        form = RemoveForm(posted(request))
    if request.method == "POST" and form.is_valid():
        said = {"by": request.user, "reason": form.cleaned_data["reason"]}
        try:
            if last:
                successor = could[form.cleaned_data["successor"]]
                stewardship.replace_steward(person, successor=successor, **said)
            else:
                operations.remove(person, **said)
        except Refused as refused:
            form.add_error(None, refused.reason)
        else:
            messages.info(
                request,
                _("%(name)s is no longer in %(group)s.")
                % {"name": person.member.display_name, "group": space.name},
            )
            request.user.forget()
            manages = core.can_manage(request.user, space)
            return redirect("groups:people" if manages else "groups:stewards", slug)
    context = {"space": space, "person": person, "form": form} | {
        "manages": core.can_manage(request.user, space)
    }
    status = 422 if form.errors else 200
    return respond(request, "groups/remove.html", "groups/_remove.html", context, status)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def lower(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Give somebody of the whole community a place further out, with a reason they read."""
    space, _group = frame.load_place(request, slug)
    core.can_manage(request.user, space).enforce()
    person = _person_here(request, space, pk)
    holding.can_lower(request.user, person).enforce()
    form = LowerForm(posted(request), now=person.ring)
    if request.method == "POST" and form.is_valid():
        try:
            stewardship.lower(person, by=request.user, **form.cleaned_data)
        except Refused as refused:
            form.add_error(None, refused.reason)
        else:
            messages.info(request, _("%(name)s was told.") % {"name": person.member.display_name})
            return redirect("groups:people", slug)
    context = {"space": space, "person": person, "form": form}
    status = 422 if form.errors else 200
    return respond(request, "groups/lower.html", "groups/_lower.html", context, status)


def _is_last_steward(person: Membership) -> bool:
    if person.ring < Ring.STEWARD or person.space.is_root:
        return False
    return not holding.stewards_here(person.space).exclude(pk=person.pk).exists()
