"""The desk's page about mail: what waits, which servers ask for patience, who takes none."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from community import desk, keyset, mail_health
from community.htmx import respond, viewer
from community.models import OutboxMail, Suppression
from community.notices import given_up
from community.operations import post as operations

PLACE = "community.mail"


@desk.page(PLACE)
@require_safe
def desk_mail(request: HttpRequest) -> HttpResponse:
    page = keyset.page(
        Suppression.objects.in_force(),
        request.GET.get("cursor"),
        order=("-created_at", "-pk"),
        size=20,
    )
    for row in page.rows:
        row.shown = mail_health.hidden(row.address)
    lost = list(OutboxMail.objects.exclude(failed_at=None).order_by("-failed_at")[:10])
    for row in lost:
        row.shown = mail_health.hidden(row.to)
        row.kind = mail_health.reason(row.error)
    context = {
        "health": mail_health.health(),
        "page": page,
        "lost": lost,
        "given_up": given_up.lost(),
    }
    return respond(request, "community/desk_mail.html", None, context)


@desk.page(PLACE)
@require_POST
def retry_mail(request: HttpRequest) -> HttpResponse:
    """Of one domain (``domain``), or all that waits."""
    number = operations.retry_mail(by=viewer(request), domain=request.POST.get("domain", "")[:255])
    messages.success(
        request,
        ngettext("%(n)s letter is tried again.", "%(n)s letters are tried again.", number)
        % {"n": number},
    )
    return redirect("desk_mail")


@desk.page(PLACE)
@require_POST
def retry_lost(request: HttpRequest) -> HttpResponse:
    """All that was given up on its way to people's list, mailbox or device."""
    number = operations.retry_lost(by=viewer(request))
    messages.success(
        request,
        ngettext("%(n)s notice is tried again.", "%(n)s notices are tried again.", number)
        % {"n": number},
    )
    return redirect("desk_mail")


@desk.page(PLACE)
@require_POST
def end_suppression(request: HttpRequest, pk: int) -> HttpResponse:
    held = Suppression.objects.filter(pk=pk).first()
    if held is None:
        raise Http404
    operations.end_suppression(held, by=viewer(request))
    messages.success(request, _("We write to this address again."))
    return redirect("desk_mail")
