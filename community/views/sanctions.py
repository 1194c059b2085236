"""Measures against people: the page of one's own case, and the pages of those who decide."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from community import case_queue, desk, keyset, safety
from community.forms.sanctions import HearingForm, LiftForm, LimitForm, SuspendForm, WarnForm
from community.htmx import respond, viewer
from community.models import Case, Measure, Member
from community.operations import sanctions as operations
from community.operations import staff
from community.policies import Refused

PLACE = "community.sanctions"
ABOUT_PEOPLE = (Measure.Kind.WARN, Measure.Kind.LIMIT, Measure.Kind.SUSPEND)

FORMS: dict[str, Any] = {
    "warn": (WarnForm, operations.warn, gettext_lazy("Warned. They read it and confirm it.")),
    "limit": (
        LimitForm,
        operations.limit,
        gettext_lazy("Limited. They were told why and until when."),
    ),
    "suspend": (
        SuspendForm,
        operations.suspend,
        gettext_lazy("They were told, and may answer. Their answer will stand here."),
    ),
}


# One's own case


@login_required
@require_safe
def my_case(request: HttpRequest) -> HttpResponse:
    """What was said and decided about the reader, and what they may do."""
    return _my_case(request)


def _my_case(request: HttpRequest, form: Any = None, about: int = 0) -> HttpResponse:
    member = viewer(request)
    rows = list(_measures().filter(member=member).order_by("-created_at", "-pk")[:50])
    for row in rows:
        row.form = None
        if _may_answer(row):
            row.form = form if row.pk == about else HearingForm(auto_id=f"id_{row.pk}_%s")
        if _may_appeal(row):
            row.appeal_url = reverse("decision", args=[row.pk])
    context = {"measures": rows, "person": member}
    return respond(
        request, "community/my_case.html", None, context, status=422 if form is not None else 200
    )


def _may_appeal(row: Measure) -> bool:
    """Whether there is anything to appeal against, and time for it."""
    stands = row.kind == Measure.Kind.WARN or row.begins_at is not None
    return stands and row.lifted_at is None and row.appeal_until > timezone.now()


def _may_answer(row: Measure) -> bool:
    hearing = row.hearing
    open_ = row.takes_answer and hearing.answered_at is None
    return open_ and (row.is_in_force or row.waits or row.kind == Measure.Kind.WARN)


@login_required
@require_POST
def confirm_measure(request: HttpRequest, pk: int) -> HttpResponse:
    """ "I have read it." """
    operations.confirm(_own(request, pk), by=request.user)
    messages.success(request, _("Thank you. The moderators see that you read it."))
    return redirect("my_case")


@login_required
@require_POST
def answer_measure(request: HttpRequest, pk: int) -> HttpResponse:
    """The person's side, for those who decide."""
    measure = _own(request, pk)
    form = HearingForm(request.POST, auto_id=f"id_{pk}_%s")
    if form.is_valid():
        try:
            operations.answer(measure, by=request.user, text=form.cleaned_data["text"])
        except Refused as refused:
            form.add_error("text", refused.reason)
        else:
            messages.success(request, _("Sent. Everybody who decides about this reads it."))
            return redirect("my_case")
    return _my_case(request, form, pk)


def _own(request: HttpRequest, pk: int) -> Measure:
    return _one(_measures().filter(member=viewer(request)), pk)


def _one(rows: QuerySet, pk: int) -> Any:
    """The row of those the reader may open; 404 for all else."""
    found = rows.filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def _measures() -> QuerySet[Measure]:
    return Measure.objects.filter(kind__in=ABOUT_PEOPLE).select_related(
        "hearing", "appeal", "rule", "by", "seconded_by", "lifted_by", "member__avatar"
    )


# Those who decide


@desk.page(PLACE)
@require_safe
def sanctioned(request: HttpRequest) -> HttpResponse:
    """What waits for a second yes, and what holds now; newest first."""
    member = viewer(request)
    rows = _measures().exclude(member=member)
    waiting = rows.waiting().filter(kind=Measure.Kind.SUSPEND)
    held = Exists(Measure.objects.in_force().filter(pk=OuterRef("pk")))
    unread = Q(kind=Measure.Kind.WARN, hearing__confirmed_at=None, lifted_at=None)
    now = rows.filter(Q(held) & ~Q(kind=Measure.Kind.WARN) | unread).exclude(
        pk__in=waiting.values("pk")
    )
    page = keyset.page(now, request.GET.get("cursor"), order=("-created_at", "-pk"), size=30)
    context = {
        "waiting": list(waiting.order_by("created_at")[:50]) if "cursor" not in request.GET else [],
        "page": page,
        "appealed": case_queue.opens(member, page.rows),
    }
    return respond(request, "community/sanctioned.html", None, context)


@desk.page(PLACE)
@require_safe
def sanctioned_person(request: HttpRequest, pk: int) -> HttpResponse:
    """What was decided about somebody, and what can be done now."""
    person = _person(request, pk)
    measures = list(_measures().filter(member=person).order_by("-created_at", "-pk")[:50])
    staff.note_opened_by_moderation(person, by=viewer(request))
    context = {
        "person": person,
        "measures": measures,
        "appealed": case_queue.opens(viewer(request), measures),
        "verdict": safety.can_sanction(viewer(request), person),
        "case": request.GET.get("case", ""),
        "came": person.membership_set.filter(space__kind="community")
        .select_related("invited_by")
        .first(),
    }
    return respond(request, "community/sanctioned_person.html", None, context)


@desk.page(PLACE)
@require_http_methods(["GET", "HEAD", "POST"])
def sanction(request: HttpRequest, pk: int, what: str) -> HttpResponse:
    """Warn, limit or suspend somebody; ``?case=`` says out of which case."""
    person = _person(request, pk)
    if what not in FORMS:
        raise Http404
    safety.can_sanction(viewer(request), person).enforce()
    make_form, operation, done = FORMS[what]
    form = make_form(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            operation(person, by=request.user, case=_case(request, person), **form.cleaned_data)
        except Refused as refused:
            form.add_error(None, refused.reason)
        else:
            messages.success(request, str(done))
            return redirect("sanctioned_person", pk)
    context = {"person": person, "form": form, "what": what, "case": request.GET.get("case", "")}
    status = 422 if request.method == "POST" else 200
    return respond(request, "community/sanction.html", "community/_sanction.html", context, status)


def _case(request: HttpRequest, person: Member) -> Case | None:
    number = request.GET.get("case", "")
    if not number.isdecimal():
        return None
    return Case.objects.for_moderator(viewer(request)).filter(pk=number, person=person).first()


@desk.page(PLACE)
@require_POST
def second_sanction(request: HttpRequest, pk: int) -> HttpResponse:
    """The second pair of eyes says yes."""
    measure = _theirs(request, pk)
    operations.second(measure, by=request.user)
    messages.success(request, _("It holds from now on. The person was told."))
    return redirect("sanctioned_person", measure.member_id)


@desk.page(PLACE)
@require_http_methods(["GET", "HEAD", "POST"])
def lift_sanction(request: HttpRequest, pk: int) -> HttpResponse:
    """End it early, or let a proposal go."""
    measure = _theirs(request, pk)
    safety.can_sanction(viewer(request), measure.member).enforce()
    form = LiftForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            operations.lift(measure, by=request.user, reason=form.cleaned_data["reason"])
        except Refused as refused:
            form.add_error(None, refused.reason)
        else:
            messages.success(request, _("Lifted. The person was told."))
            return redirect("sanctioned_person", measure.member_id)
    context = {"measure": measure, "person": measure.member, "form": form}
    status = 422 if request.method == "POST" else 200
    return respond(request, "community/lift.html", "community/_lift.html", context, status)


def _person(request: HttpRequest, pk: int) -> Member:
    return _one(safety.people_for(viewer(request)).select_related("avatar"), pk)


def _theirs(request: HttpRequest, pk: int) -> Measure:
    """A measure about anybody but oneself: one's own is read on My case."""
    return _one(_measures().exclude(member=viewer(request)), pk)
