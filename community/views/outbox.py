"""The trial's mail, readable without a mail server."""

from __future__ import annotations

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from community.models import OutboxMail

NEWEST = 50


def _only_in_the_trial() -> None:
    if not settings.TRIAL:
        raise Http404


@require_safe
def outbox(request: HttpRequest) -> HttpResponse:
    _only_in_the_trial()
    mails = OutboxMail.objects.order_by("-created_at", "-pk")[:NEWEST]
    return render(request, "community/outbox.html", {"mails": mails})


@require_safe
def outbox_mail(request: HttpRequest, pk: int) -> HttpResponse:
    _only_in_the_trial()
    mail = get_object_or_404(OutboxMail, pk=pk)
    return render(request, "community/outbox_mail.html", {"mail": mail})
