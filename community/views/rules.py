"""The rules of the house, and the numbers of what was decided by them: for everybody."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from community import desk, transparency
from community.forms.reports import RuleForm
from community.htmx import respond
from community.models import Rule
from community.operations import rules as operations

PLACE = "community.rules"


@require_safe
def public_log(request: HttpRequest) -> HttpResponse:
    """How often what was decided, month by month; nobody's name, and no small number."""
    context = {"months": transparency.months(), "rules": Rule.objects.current()}
    return render(request, "community/public_log.html", context)


@desk.page(PLACE)
@require_http_methods(["GET", "HEAD", "POST"])
def rules(request: HttpRequest) -> HttpResponse:
    """The rules, and a new one."""
    form = RuleForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        operations.add_rule(by=request.user, **form.cleaned_data)
        messages.success(request, _("The rule holds from now on."))
        return redirect("rules")
    context = {"rules": Rule.objects.current(), "form": form}
    status = 422 if form.errors else 200
    return respond(request, "community/rules.html", "community/_rules.html", context, status)


def _rule(pk: int) -> Rule:
    found = Rule.objects.current().filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


@desk.page(PLACE)
@require_http_methods(["GET", "HEAD", "POST"])
def edit_rule(request: HttpRequest, pk: int) -> HttpResponse:
    """Word a rule better."""
    found = _rule(pk)
    form = RuleForm(
        request.POST if request.method == "POST" else None,
        initial={"title": found.title, "text": found.text},
    )
    if request.method == "POST" and form.is_valid():
        operations.word_rule(found, by=request.user, **form.cleaned_data)
        messages.success(request, _("It reads so from now on."))
        return redirect("rules")
    context = {"rule": found, "form": form}
    status = 422 if form.errors else 200
    return respond(
        request, "community/edit_rule.html", "community/_edit_rule.html", context, status
    )


@desk.page(PLACE)
@require_POST
def retire_rule(request: HttpRequest, pk: int) -> HttpResponse:
    """It holds no more; what was decided by it keeps it."""
    operations.retire_rule(_rule(pk), by=request.user)
    messages.success(request, _("The rule does not hold any more."))
    return redirect("rules")


@desk.page(PLACE)
@require_POST
def move_rule(request: HttpRequest, pk: int) -> HttpResponse:
    """One place up or down."""
    step = -1 if request.POST.get("step") == "-1" else 1
    operations.move_rule(_rule(pk), step=step, by=request.user)
    return redirect("rules")
