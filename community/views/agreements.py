"""What we agree on: read by everybody, accepted by members, written at the desk."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Count, Max, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from community import desk, prose, rulebook
from community.forms.agreements import NewAgreementForm, VersionForm
from community.htmx import posted, viewer
from community.models import Acceptance, Agreement, AgreementVersion, Member
from community.operations import agreements as operations
from community.policies import Refused

gate = desk.page("community.agreements")


@require_safe
def agreements(request: HttpRequest) -> HttpResponse:
    """Everything that holds, and for members what of it they accepted."""
    member = viewer(request)
    versions = list(
        AgreementVersion.objects.in_force()
        .select_related("agreement")
        .prefetch_related("texts")
        .order_by("agreement__position", "agreement")
    )
    accepted = _accepted(member, versions)
    context = {"rows": [(version, accepted.get(version.pk)) for version in versions]}
    return render(request, "community/agreements.html", context)


def _accepted(member: Member | None, versions: list[AgreementVersion]) -> dict[int, Acceptance]:
    if member is None:
        return {}
    mine = Acceptance.objects.filter(member=member, version__in=versions, withdrawn_at=None)
    return {row.version_id: row for row in mine}


@require_safe
def agreement(request: HttpRequest, slug: str, number: int | None = None) -> HttpResponse:
    """One paper: the version that holds, or an earlier one, and what changed when."""
    versions = list(
        AgreementVersion.objects.published()
        .filter(agreement__slug=slug)
        .select_related("agreement")
        .prefetch_related("texts")
        .order_by("-number")
    )
    shown = next((one for one in versions if number in (None, one.number)), None)
    if shown is None:
        raise Http404
    member = viewer(request)
    context = {
        "agreement": shown.agreement,
        "version": shown,
        "words": shown.words,
        "html": prose.render(shown.words.text),
        "versions": versions,
        "is_newest": shown is versions[0],
        "one_version": number is not None,
        "accepted": _accepted(member, [shown]).get(shown.pk),
    }
    return render(request, "community/agreement.html", context)


def _published(slug: str) -> Agreement:
    found = Agreement.objects.filter(slug=slug, versions__published_at__isnull=False).first()
    if found is None:
        raise Http404
    return found


@login_required
@require_POST
def accept_agreement(request: HttpRequest, slug: str) -> HttpResponse:
    """Yes to the version that was on the page."""
    number = request.POST.get("version", "")
    version = (
        AgreementVersion.objects.published()
        .filter(agreement=_published(slug), number=int(number) if number.isdecimal() else 0)
        .first()
    )
    if version is None:
        return redirect("agreement", slug=slug)
    operations.accept(version, by=viewer(request), language=get_language() or "")
    messages.success(request, _("Thank you. Your yes is kept with the version you read."))
    return redirect("agreement", slug=slug)


@login_required
@require_POST
def withdraw_agreement(request: HttpRequest, slug: str) -> HttpResponse:
    operations.withdraw(_published(slug), by=viewer(request))
    messages.success(request, _("You took your consent back."))
    return redirect("agreement", slug=slug)


# At the desk


@gate
@require_safe
def desk_agreements(request: HttpRequest) -> HttpResponse:
    """Every paper with the version that holds, and how many of the members accepted it."""
    papers = Agreement.objects.prefetch_related("versions__texts").annotate(
        newest=Max("versions__number", filter=Q(versions__published_at__isnull=False))
    )
    counts = dict(
        AgreementVersion.objects.in_force()
        .annotate(
            said_yes=Count(
                "acceptances",
                filter=Q(acceptances__withdrawn_at=None, acceptances__member__is_active=True),
            )
        )
        .values_list("agreement", "said_yes")
    )
    members = rulebook.people().count()
    context = {
        "rows": [(paper, counts.get(paper.pk, 0)) for paper in papers],
        "members": members,
    }
    return render(request, "community/desk_agreements.html", context)


@gate
@require_http_methods(["GET", "HEAD", "POST"])
def new_agreement(request: HttpRequest) -> HttpResponse:
    form = NewAgreementForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            made = operations.add_agreement(
                kind=form.cleaned_data["kind"],
                required=form.cleaned_data["required"],
                words=form.words,
                by=viewer(request),
            )
        except Refused as refused:
            form.add_error(None, refused.reason)
        else:
            messages.success(request, _("The draft is kept. Nobody is asked yet."))
            return redirect("edit_agreement", slug=made.slug)
    status = 422 if form.errors else 200
    return render(request, "community/new_agreement.html", {"form": form}, status=status)


@gate
@require_http_methods(["GET", "HEAD", "POST"])
def edit_agreement(request: HttpRequest, slug: str) -> HttpResponse:
    """The next version: written, looked at, and published when it is ready."""
    found = _any(slug)
    form = VersionForm(posted(request), initial=_initial(found))
    if request.method == "POST" and form.is_valid():
        try:
            operations.draft_version(
                found,
                words=form.words,
                changes=form.cleaned_data["changes"],
                needed_from=form.cleaned_data["needed_from"],
                by=viewer(request),
            )
            if "publish" in request.POST:
                operations.publish(found, by=viewer(request))
        except Refused as refused:
            form.add_error(None, refused.reason)
        else:
            if "publish" in request.POST:
                messages.success(request, _("It holds now. Everybody is asked to read it."))
                return redirect("desk_agreements")
            messages.success(request, _("The draft is kept."))
            return redirect("edit_agreement", slug=slug)
    if not found.required:
        form.fields.pop("needed_from")
    context = {"agreement": found, "form": form, "draft": _newest(found)}
    status = 422 if form.errors else 200
    return render(request, "community/edit_agreement.html", context, status=status)


@gate
@require_POST
def retire_agreement(request: HttpRequest, slug: str) -> HttpResponse:
    operations.retire_agreement(_any(slug), by=viewer(request))
    return redirect("desk_agreements")


def _any(slug: str) -> Agreement:
    found = Agreement.objects.filter(slug=slug).first()
    if found is None:
        raise Http404
    return found


def _newest(found: Agreement) -> AgreementVersion | None:
    return found.versions.prefetch_related("texts").order_by("-number").first()


def _initial(found: Agreement) -> dict[str, Any]:
    """The draft as it stands, or the words of the last version to go on from."""
    newest = _newest(found)
    said: dict[str, Any] = {}
    for text in newest.texts.all() if newest else ():
        said |= {f"title_{text.language}": text.title, f"text_{text.language}": text.text}
    if newest and newest.published_at is None:
        said |= {"changes": newest.changes, "needed_from": newest.needed_from}
    return said
