"""The queue of what was reported, one case, and what is decided there."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.text import Truncator, capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from community import case_queue, cases, desk, keyset, policies
from community import moderation as knows
from community.choices import Hinted
from community.forms.reports import AnswerForm, DecideForm, LiftForm, NoteForm
from community.htmx import respond, viewer
from community.models import Case, Measure, MeasureAppeal, Media, Member, Rule, Space
from community.operations import measure_appeals, staff
from community.operations import moderation as operations
from community.policies import Refused

PLACE = "community.moderation"

SHOWS = {
    "waiting": gettext_lazy("Waiting"),
    "mine": gettext_lazy("Mine"),
    "appealed": gettext_lazy("Appeals"),
    "decided": gettext_lazy("Decided"),
    "all": gettext_lazy("All"),
}


@desk.page(PLACE)
@require_safe
def moderation(request: HttpRequest) -> HttpResponse:
    """What waits, or was decided, of what the reader looks after."""
    member = viewer(request)
    show = request.GET.get("show", "waiting")
    if show not in SHOWS:
        show = "waiting"
    context = {
        "page": keyset.page(
            case_queue.queue(member, show=show),
            request.GET.get("cursor"),
            order=case_queue.order(show),
            size=20,
        ),
        "appeals": list(case_queue.appeals_apart(member)[:50])
        if show in ("waiting", "appealed", "all") and "cursor" not in request.GET
        else [],
        "show": show,
        "shows": SHOWS.items(),
        "is_first": "cursor" not in request.GET,
        "moderates": policies.moderates(member),
        "known_spaces": case_queue.known_spaces(member),
        "rules": Rule.objects.current(),
    }
    return respond(request, "community/moderation.html", "community/_moderation.html", context)


def _case(request: HttpRequest, pk: int) -> Case:
    found = knows.full(pk, viewer(request))
    if found is None:
        raise Http404
    return found


@desk.page(PLACE)
@require_safe
def case(request: HttpRequest, pk: int) -> HttpResponse:
    """The thing, who said what about it, and what can be decided."""
    found = _case(request, pk)
    if found.person is not None:
        staff.note_opened_by_moderation(found.person, by=viewer(request))
    return _page(request, found)


def _page(
    request: HttpRequest, found: Case, form: DecideForm | None = None, status: int = 200
) -> HttpResponse:
    member = viewer(request)
    shown = cases.shown(found, member)
    verdict = knows.can_decide(member, found)
    if form is None and verdict:
        form = _decide_form(found, shown, None)
    works = knows.can_work_on(member, found)
    for row in shown.measures:
        row.may_lift = knows.can_lift(member, row)
    appeals = [*found.appeals.all()]
    appeals += [row.appeal for row in shown.measures if hasattr(row, "appeal")]
    context = {
        "case": found,
        "shown": shown,
        "verdict": verdict,
        "works": works,
        "takes": works and found.state in (Case.State.NEW, Case.State.TAKEN),
        "form": form,
        "note_form": NoteForm() if works else None,
        "lift_form": LiftForm(auto_id="lift_%s"),
        "may_review": knows.can_hide_for_review(member, found) and not found.is_hidden,
        "appeals": appeals,
        "notes": found.notes.select_related("by").order_by("created_at", "pk"),
        "member": member,
        "moderates": policies.moderates(member),
        "others": case_queue.queue(member)
        .exclude(pk=found.pk)
        .order_by(*case_queue.LONGEST_FIRST)[:5],
        "known_spaces": case_queue.known_spaces(member),
    }
    return respond(request, "community/case.html", "community/_case.html", context, status)


def _decide_form(found: Case, shown: cases.Shown, data: Any) -> DecideForm:
    return DecideForm(
        data,
        rules=list(Rule.objects.current()),
        may_hide=found.item_id is not None or found.message_id is not None,
        has_picture=found.item_id is None and found.message_id is None and bool(shown.pictures),
        words=[
            (name, Hinted(_label_of(found, name), Truncator(said).chars(200)))
            for name, said in shown.words.items()
        ],
    )


def _label_of(found: Case, name: str) -> str:
    """What the field is called, of the page of a person or of a group."""
    model = Member if found.what == knows.PERSON else Space
    return capfirst(model._meta.get_field(name).verbose_name)


@desk.page(PLACE)
@require_POST
def take_case(request: HttpRequest, pk: int) -> HttpResponse:
    operations.take_case(_case(request, pk), by=request.user)
    return redirect("case", pk)


@desk.page(PLACE)
@require_POST
def release_case(request: HttpRequest, pk: int) -> HttpResponse:
    operations.release_case(_case(request, pk), by=request.user)
    return redirect("case", pk)


@desk.page(PLACE)
@require_POST
def note_case(request: HttpRequest, pk: int) -> HttpResponse:
    operations.note_case(_case(request, pk), text=request.POST.get("text", ""), by=request.user)
    return redirect("case", pk)


@desk.page(PLACE)
@require_POST
def hide_for_review(request: HttpRequest, pk: int) -> HttpResponse:
    """Out of sight this minute; decided within 72 hours."""
    operations.hide_for_review(_case(request, pk), by=request.user)
    messages.success(request, _("Hidden for now. It comes back in 72 hours unless it is decided."))
    return redirect("case", pk)


@desk.page(PLACE)
@require_POST
def decide_case(request: HttpRequest, pk: int) -> HttpResponse:
    """Hide it, take picture or words away, leave it, or say how it was settled."""
    found = _case(request, pk)
    shown = cases.shown(found, viewer(request))
    knows.can_decide(request.user, found).enforce()
    form = _decide_form(found, shown, request.POST)
    if not form.is_valid():
        return _page(request, found, form, 422)
    try:
        _decide(found, form, shown.pictures, request)
    except Refused as refused:
        form.add_error(None, refused.reason)
        return _page(request, found, form, 422)
    messages.success(request, _("Decided. The people concerned hear of it."))
    return redirect("moderation")


def _decide(found: Case, form: DecideForm, pictures: list[Media], request: HttpRequest) -> None:
    reason, by = form.cleaned_data["reason"], request.user
    match form.cleaned_data["decision"]:
        case DecideForm.HIDE:
            operations.hide_reported(found, rule=form.chosen_rule, reason=reason, by=by)
        case DecideForm.PICTURE:
            operations.remove_picture(
                found, medium=pictures[-1], rule=form.chosen_rule, reason=reason, by=by
            )
        case DecideForm.WORDS:
            operations.remove_words(
                found,
                fields=form.cleaned_data["words"],
                rule=form.chosen_rule,
                reason=reason,
                by=by,
            )
        case DecideForm.KEEP:
            operations.keep_reported(found, reason=reason, by=by)
        case DecideForm.OTHERWISE:
            operations.settle_case(found, reason=reason, by=by)


@desk.page(PLACE)
@require_POST
def lift_measure(request: HttpRequest, pk: int) -> HttpResponse:
    """Show again what was hidden."""
    rows = Measure.objects.select_related("case", "item")
    found = rows.filter(pk=pk, case__isnull=False).first()
    if found is None or not knows.sees(request.user, found.case):
        raise Http404
    operations.lift_measure(found, reason=request.POST.get("reason", ""), by=request.user)
    messages.success(request, _("It is back for everybody who could read it."))
    return redirect("case", found.case_id)


@desk.page(PLACE)
@require_http_methods(["GET", "HEAD", "POST"])
def answer_appeal(request: HttpRequest, pk: int) -> HttpResponse:
    """An appeal, what it is against, and the answer of somebody who had no part in it."""
    rows = MeasureAppeal.objects.select_related(
        "by", "answered_by", "case__item", "measure__case__item", "measure__rule", "measure__by"
    )
    appeal = rows.filter(pk=pk).first()
    if appeal is None or not policies.moderates(request.user):
        raise Http404
    against = appeal.case or appeal.measure.case
    member = viewer(request)
    if appeal.by_id in {member.pk, *member.kept_apart_ids}:
        raise Http404
    if against and not knows.sees(member, against):
        raise Http404
    verdict = knows.can_hear(request.user, appeal)
    form = None
    if verdict:
        form = AnswerForm(
            request.POST if request.method == "POST" else None,
            stands=_("It stays as it was decided"),
            changes=_("It should be looked at again: the case is mine now")
            if appeal.measure is None
            else _("It was wrong: undo it"),
        )
        if request.method == "POST" and form.is_valid():
            try:
                measure_appeals.answer_appeal(
                    appeal,
                    upheld=form.cleaned_data["upheld"] == "yes",
                    answer=form.cleaned_data["answer"],
                    by=request.user,
                )
            except Refused as refused:
                form.add_error(None, refused.reason)
            else:
                messages.success(request, _("Answered. The person was told."))
                return redirect("case", against.pk) if against else redirect("moderation")
    context = {
        "appeal": appeal,
        "measure": appeal.measure,
        "case": against,
        "shown": cases.shown(against, viewer(request)) if against else None,
        "verdict": verdict,
        "form": form,
    }
    status = 422 if form is not None and form.errors else 200
    return respond(
        request, "community/answer_appeal.html", "community/_answer_appeal.html", context, status
    )
