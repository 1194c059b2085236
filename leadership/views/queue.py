"""The welcomer's queue and one newcomer in it; made for a phone first."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Prefetch
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from community.chat_policies import can_write_to
from community.htmx import load, posted, viewer
from community.models import Member
from community.policies import Refused, stewards
from leadership import forms, policies
from leadership.models import Commitment, HandOver, Welcome, Welcomer
from leadership.operations import steps
from leadership.operations import welcomes as operations
from leadership.waiting import clock

State = Welcome.State
MOST = 60


def _row(welcome: Welcome, member: Member) -> Welcome:
    """What a line of the queue shows beside the row itself."""
    welcome.clock = clock(welcome)
    welcome.shared = [
        row.space
        for row in member.memberships_by_space.values()
        if row.space_id in welcome.their_spaces and not row.space.is_root
    ]
    return welcome


def _rows(welcomes: Any, member: Member) -> list[Welcome]:
    """Newcomers with their faces and the groups they share with the reader; three queries."""
    found = list(
        welcomes.select_related("member__avatar", "space", "welcomer__avatar").prefetch_related(
            Prefetch("member__membership_set", to_attr="their_rows")
        )[:MOST]
    )
    for welcome in found:
        welcome.their_spaces = {row.space_id for row in welcome.member.their_rows}
    return [_row(welcome, member) for welcome in found]


@login_required
@require_safe
def welcoming(request: HttpRequest) -> HttpResponse:
    """Whom I welcome, who asks me to take over, and who has nobody yet."""
    member = viewer(request)
    if not member.is_community_member:
        raise Http404
    seen = Welcome.objects.visible_to(member).open().exclude(member=member)
    mine = _rows(seen.filter(welcomer=member).order_by("created_at"), member)
    asked = HandOver.objects.filter(to=member, answered_at=None, welcome__in=seen)
    free = seen.filter(welcomer=None)
    context = {
        "waiting": [one for one in mine if one.state == State.ASSIGNED],
        "known": [one for one in mine if one.state in (State.REACHED, State.HELD)],
        "later": [one for one in mine if one.state == State.NOT_NOW],
        "asked": asked.select_related("welcome__member__avatar", "welcome__space", "by"),
        "free": _rows(free.order_by("created_at"), member),
        "spaces": [
            row.space
            for row in member.memberships_by_space.values()
            if stewards(member, row.space_id) or policies.welcomer_in(member, row.space_id)
        ],
    }
    return render(request, "leadership/welcoming.html", context)


def _load(request: HttpRequest, pk: int) -> Welcome:
    """A welcome the reader may know of; 404 for all else, and for one's own: that has its page."""
    found = load(Welcome, request, "member__avatar", "space", "welcomer__avatar", pk=pk)
    if found.member_id == request.user.pk:
        raise Http404
    return found


_NEXT = {State.ASSIGNED: "wrote", State.REACHED: "talked", State.HELD: "step"}
"""State → the form that is open: what is likely to come next."""


@login_required
@require_safe
def welcome(request: HttpRequest, pk: int) -> HttpResponse:
    """One newcomer: who they are, what was tried, and what comes next."""
    return _page(request, _load(request, pk))


def _page(request: HttpRequest, found: Welcome, **bound: Any) -> HttpResponse:
    member, status = viewer(request), 422 if bound else 200
    found.their_spaces = set(found.member.membership_set.values_list("space", flat=True))
    notes = policies.can_read_notes(member, found)
    knows_profile = Member.objects.visible_to(member).filter(pk=found.member_id).exists()
    context = {
        "welcome": _row(found, member),
        "acts": policies.can_act(member, found),
        "follows": policies.can_follow_up(member, found),
        "takes": policies.can_take(member, found),
        "hands_over": policies.can_hand_over(member, found),
        "gives_up": policies.can_give_up(member, found),
        "leads": stewards(member, found.space_id),
        "asked": found.hand_overs.filter(to=member, answered_at=None).select_related("by").first(),
        "asks": found.hand_overs.filter(answered_at=None).select_related("to").first(),
        "contacts": found.contacts.select_related("by"),
        "conversations": found.conversations.select_related("by") if notes else [],
        "steps": _steps(found, member, *bound.pop("settle", ())) if notes else [],
        "reads_notes": notes,
        "knows_profile": knows_profile,
        "writes": knows_profile and bool(can_write_to(member, found.member)),
        "forms": {
            "wrote": forms.WroteForm(initial={"channel": "mail"}, auto_id=_ids("wrote")),
            "answered": forms.ChannelForm(auto_id=_ids("answered")),
            "talked": forms.TalkedForm(auto_id=_ids("talked")),
            "step": forms.StepForm(auto_id=_ids("step")),
            "not_now": forms.NotNowForm(auto_id=_ids("not_now")),
            "hand_over": forms.HandOverForm(
                people=_others(found, member), auto_id=_ids("hand_over")
            ),
        }
        | bound,
    }
    name = next(iter(bound), "") or _NEXT.get(found.state, "")
    context["first"] = {name: True}
    return render(request, "leadership/welcome.html", context, status=status)


def _steps(found: Welcome, member: Member, about: int = 0, bound: Any = None) -> list[Commitment]:
    """What they promised; with a form where the reader says what became of it."""
    rows = list(found.commitments.all())
    for one in rows:
        may = policies.can_settle(member, one, found)
        fresh = forms.SettleForm(auto_id=f"id_{one.pk}_%s") if may else None
        one.form = bound if bound is not None and one.pk == about else fresh
        one.is_open = one.form is not None and (
            one.form.is_bound or one.due_on <= timezone.localdate()
        )
    return rows


def _ids(name: str) -> str:
    """Several forms stand on the page: each field has an id of its own."""
    return f"id_{name}_%s"


def _others(found: Welcome, member: Member) -> list[Member]:
    """Who could go on: people on duty in the space whom the newcomer has not turned down."""
    rows = (
        Welcomer.objects.on_duty()
        .filter(membership__space=found.space_id)
        .exclude(membership__member__in=[found.member_id, found.welcomer_id])
        .exclude(membership__member__in=found.member.kept_apart_ids)
        .exclude(membership__member__in=found.refusals.values("welcomer"))
        .select_related("membership__member")
    )
    return [row.membership.member for row in rows]


def _do(
    request: HttpRequest,
    pk: int,
    name: str,
    form: Callable[[Welcome], Any],
    act: Callable[..., Any],
    done: str,
) -> HttpResponse:
    """A form of the page: done and back, or the page again with what is missing."""
    found = _load(request, pk)
    made = form(found)
    if made.is_valid():
        try:
            act(found, by=viewer(request), **made.cleaned_data)
        except Refused as refused:
            made.add_error(None, refused.reason)
        else:
            messages.success(request, done)
            return redirect("leadership:welcome", pk=pk)
    return _page(request, found, **{name: made})


def _typed(request: HttpRequest, name: str, kind: type) -> Callable[[Welcome], Any]:
    return lambda _found: kind(posted(request), auto_id=_ids(name))


@login_required
@require_POST
def wrote(request: HttpRequest, pk: int) -> HttpResponse:
    done = _("Written down. Now it is their turn.")
    return _do(
        request, pk, "wrote", _typed(request, "wrote", forms.WroteForm), operations.write_to, done
    )


@login_required
@require_POST
def answered(request: HttpRequest, pk: int) -> HttpResponse:
    done = _("Good. You are in touch.")
    return _do(
        request,
        pk,
        "answered",
        _typed(request, "answered", forms.ChannelForm),
        operations.heard_from,
        done,
    )


@login_required
@require_POST
def talked(request: HttpRequest, pk: int) -> HttpResponse:
    done = _("Written down. What could be their first step?")
    return _do(
        request, pk, "talked", _typed(request, "talked", forms.TalkedForm), operations.talked, done
    )


@login_required
@require_POST
def step(request: HttpRequest, pk: int) -> HttpResponse:
    done = _("They have arrived. Thank you.")
    return _do(request, pk, "step", _typed(request, "step", forms.StepForm), steps.agree_step, done)


@login_required
@require_POST
def settle(request: HttpRequest, pk: int, step: int) -> HttpResponse:
    """A first step was kept, or was not."""
    found = _load(request, pk)
    one = found.commitments.filter(pk=step).first()
    if one is None or not policies.can_read_notes(viewer(request), found):
        raise Http404
    form = forms.SettleForm(posted(request), auto_id=f"id_{one.pk}_%s")
    if form.is_valid():
        try:
            steps.settle_step(one, by=viewer(request), **form.cleaned_data)
        except Refused as refused:
            form.add_error(None, refused.reason)
        else:
            messages.success(request, _("Written down. They can read it."))
            return redirect("leadership:welcome", pk=pk)
    return _page(request, found, settle=(one.pk, form))


@login_required
@require_POST
def not_now(request: HttpRequest, pk: int) -> HttpResponse:
    done = _("Nobody asks before that day.")
    return _do(
        request,
        pk,
        "not_now",
        _typed(request, "not_now", forms.NotNowForm),
        operations.not_now,
        done,
    )


@login_required
@require_POST
def hand_over(request: HttpRequest, pk: int) -> HttpResponse:
    member = viewer(request)

    def form(found: Welcome) -> Any:
        return forms.HandOverForm(
            posted(request), people=_others(found, member), auto_id=_ids("hand_over")
        )

    def act(found: Welcome, *, by: Member, to: int, reason: str) -> None:
        person = next(one for one in _others(found, member) if one.pk == to)
        operations.hand_over(found, to=person, reason=reason, by=by)

    return _do(request, pk, "hand_over", form, act, _("They were asked."))


@login_required
@require_POST
def give_up(request: HttpRequest, pk: int) -> HttpResponse:
    return _at_once(request, pk, operations.give_up, _("They can still write to you."))


@login_required
@require_POST
def take(request: HttpRequest, pk: int) -> HttpResponse:
    """Also for those who see only that somebody waits: people who welcome in the space."""
    return _at_once(request, pk, operations.take, _("They are yours to welcome."))


@login_required
@require_POST
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    found, yes = _load(request, pk), request.POST.get("answer") == "yes"
    try:
        operations.answer_hand_over(found, yes=yes, by=viewer(request))
    except Refused as refused:
        messages.error(request, refused.reason)
    if yes:
        return redirect("leadership:welcome", pk=pk)
    return redirect("leadership:welcoming")


def _at_once(request: HttpRequest, pk: int, act: Callable[..., Any], done: str) -> HttpResponse:
    found = _load(request, pk)
    try:
        act(found, by=viewer(request))
    except Refused as refused:
        messages.error(request, refused.reason)
        return redirect("leadership:welcoming")
    messages.success(request, done)
    return redirect("leadership:welcome", pk=pk)
