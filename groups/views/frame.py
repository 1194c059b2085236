"""Knows what every page of a group shows around its tab: head, tabs, and the right column."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone

from community import policies as core
from community import prose
from community.htmx import respond, viewer
from community.models import JoinRequest, Member, Membership, Ring, RingProposal, Space
from community.models.people import face, still_here
from community.models.spaces import Asked
from community.prepared import prepared
from groups import checklist, policies, tabs
from groups.head import head
from groups.models import Charter, Group, Parentage

REMEMBERED = timedelta(days=30)
"""How long a no is shown at the door to whoever asked."""


def load_group(request: HttpRequest, slug: str) -> Group:
    """The group of this address with its space and cover, if it exists for the viewer; else 404."""
    found = _group(viewer(request), slug)
    if not found:
        raise Http404
    return found[0]


def load_place(request: HttpRequest, slug: str) -> tuple[Space, Group | None]:
    """A group as ``load_group`` finds it, or for its people the whole community; else 404."""
    found = _group(viewer(request), slug)
    if found:
        return found[0].space, found[0]
    member = viewer(request)
    root = Space.objects.root() if member else None
    if root is None or root.slug != slug or not (member.root_ring or core.can_manage(member, root)):
        raise Http404
    return root, None


@prepared
def _group(reader: Any, slug: str) -> QuerySet:
    """With what the frame would otherwise ask to learn that there is none of it."""
    waiting = {"space": OuterRef("pk"), "state": Asked.PENDING}
    related = Parentage.objects.filter(Q(parent=OuterRef("pk")) | Q(child=OuterRef("pk")))
    return (
        Group.objects.visible_to(reader)
        .select_related("space__cover", "liaison")
        .annotate(
            stewards=_stewards(),
            has_requests=Exists(JoinRequest.objects.filter(**waiting)),
            has_proposals=Exists(RingProposal.objects.filter(**waiting)),
            has_relatives=Exists(related),
        )
        .filter(space__slug=slug)[:1]
    )


def _stewards() -> Any:
    """How many hold the group now, whether the viewer may see them or not."""
    present = still_here("member__")
    held = Membership.objects.filter(present, space=OuterRef("pk"), ring=Ring.STEWARD)
    return Coalesce(Subquery(held.values("space").annotate(n=Count("pk")).values("n")), 0)


def load_inside(request: HttpRequest, slug: str) -> Group:
    """A group the viewer may look into; Refused for one they only know of, 404 for the rest."""
    group = load_group(request, slug)
    policies.can_see_inside(viewer(request), group).enforce()
    return group


def door(request: HttpRequest, group: Group) -> HttpResponse:
    """What somebody sees who knows of the group and may not look inside: its head and its About."""
    context = group_context(request, group, "about") | {"outside": True}
    return respond(request, "groups/about.html", "groups/_about.html", context)


def group_context(request: HttpRequest, group: Group, tab: str) -> dict[str, Any]:
    """Everything the frame shows, in four queries, or five for stewards, whatever the group holds.

    Stewards, charter, parents and branches, the viewer's own request or proposal; for those who
    steward it also what waits (requests, ring asks) and, while it is forming, its checklist.
    """
    member, space = viewer(request), group.space
    membership = member.memberships_by_space.get(space.pk) if member else None
    ring = membership.ring if membership else Ring.WEB
    inside = bool(policies.can_see_inside(member, group))
    manages = bool(core.can_manage(member, space))
    cares = bool(policies.can_care_for(member, group))
    charter = next(iter(_charter(group.pk)), None) if inside or cares else None
    parents, branches = _relatives(group, member)
    proposals = []
    if membership and group.has_proposals:
        proposals = _open_proposals(member, space, all_of_them=manages)
    needs = _needs(group, proposals) if manages else {}
    steps: list[checklist.Step] = []
    if group.state == Group.State.FORMING and (cares or ring >= Ring.PARTICIPANT):
        steps = checklist.steps(
            group, known=checklist.facts(group), has_charter=charter is not None
        )
    request_of_mine = _newest_request(member, space) if member and not membership else None
    context = {
        "group": group,
        "space": space,
        "membership": membership,
        "ring": ring,
        "inside": inside,
        "tab": tab,
        "tabs": tabs.shown(space, tab, ring=ring, inside=inside),
        "holders": _holders(member, space.pk),
        "charter": charter,
        "charter_excerpt": prose.plain(charter.norms or charter.purpose, 240) if charter else "",
        "parents": parents,
        "branches": branches,
        "needs": needs,
        "checklist": steps,
        "checklist_done": sum(step.done for step in steps),
        "shows_count": policies.can_see_count(member, group),
        "may_join": core.can_join(member, space),
        "may_ask": core.can_ask_to_join(member, space),
        "may_invite": core.can_invite(member, space),
        "may_manage": manages,
        "may_care": cares,
        "asked": request_of_mine if _is(request_of_mine, Asked.PENDING) else None,
        "declined": request_of_mine if _is(request_of_mine, Asked.DECLINED) else None,
        "proposal": next((p for p in proposals if p.member_id == member.pk), None),
        "outside": not inside,
    }
    context["head"] = head(group, member, context)
    return context


def around_tab(request: HttpRequest, space: Space, tab: str) -> dict[str, Any]:
    """What stands around a tab that another app brings, for a group the reader may look into."""
    group = load_inside(request, space.slug)
    return group_context(request, group, tab)


@prepared
def _charter(group: int) -> QuerySet:
    return Charter.objects.filter(group=group)[:1]


@prepared
def _holders(reader: Any, space: int) -> QuerySet:
    """Stewards as the reader may see them, the longest there first."""
    return (
        Member.objects.visible_to(reader)
        .filter(membership__space=space, membership__ring=Ring.STEWARD)
        .select_related("avatar")
        .only(*face())
        .order_by("membership__joined_at")[:6]
    )


def _relatives(group: Group, member: Member | None) -> tuple[list[Group], list[Group]]:
    """Groups above and below this one, of those that exist for the viewer; one query at most."""
    if not group.has_relatives:
        return [], []
    links = _links(member, group.pk)
    above = [link.parent for link in links if link.child_id == group.pk]
    below = [link.child for link in links if link.parent_id == group.pk]
    return above, below


@prepared
def _links(reader: Any, group: int) -> QuerySet:
    known = Space.objects.visible_to(reader)
    return (
        Parentage.objects.filter(
            Q(parent=group, child__space__in=known) | Q(child=group, parent__space__in=known)
        )
        .exclude(parent=group, child__state=Group.State.ARCHIVED)
        .select_related("parent__space", "child__space")
        .order_by("child__space__name", "parent__space__name")
    )


def _needs(group: Group, proposals: list[RingProposal]) -> dict[str, Any]:
    """What waits for the stewards: people at the door, people who want to come further in."""
    requests = (
        []
        if not group.has_requests
        else list(
            JoinRequest.objects.filter(space=group.pk, state=Asked.PENDING)
            .select_related("member__avatar", "invited_by")
            .with_vouches()
            .order_by("created_at")[:99]
        )
    )
    return {
        "requests": requests,
        "ring_asks": [proposal for proposal in proposals if not proposal.is_offer],
        "offers": {p.member_id: p for p in proposals if p.is_offer},
        "single_steward": group.stewards < Group.STEWARDS_WANTED,
    }


def _newest_request(member: Member, space: Space) -> JoinRequest | None:
    """What became of the last time the viewer asked, while they may still be waiting to read it."""
    since = timezone.now() - REMEMBERED
    newest = JoinRequest.objects.filter(space=space, member=member).order_by("-created_at").first()
    if newest is None or (newest.decided_at and newest.decided_at < since):
        return None
    return newest


def _is(request: JoinRequest | None, state: str) -> bool:
    return request is not None and request.state == state


def _open_proposals(member: Member, space: Space, *, all_of_them: bool) -> list[RingProposal]:
    """Moves between rings that wait for a yes: the viewer's own, or for stewards everybody's."""
    found = RingProposal.objects.filter(space=space, state=Asked.PENDING)
    if not all_of_them:
        found = found.filter(member=member)
    return list(found.select_related("member__avatar", "proposed_by").order_by("created_at")[:200])
