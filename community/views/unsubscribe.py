"""One click that ends mail of one purpose, signed in or not (RFC 8058): looking asks, posting does.

Mail programs post here by themselves, without cookies and so without a token against forgery; the
signature in the address stands for both. All it can do is less mail for the one it was sent to.
"""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from community.models import Attention, Member
from community.notices import unsubscribing
from community.operations import notices as operations


def _read(token: str) -> tuple[Member, str]:
    found = unsubscribing.read(token)
    if found is None:
        raise Http404
    return found


def _label(purpose: str) -> Any:
    return None if purpose == unsubscribing.DIGEST else Attention(purpose).label


@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """What ends, with a button; or that it has ended, with a way back."""
    member, purpose = _read(token)
    if request.method == "POST":
        operations.end_mail(purpose, by=member)
    context = {"token": token, "label": _label(purpose), "done": request.method == "POST"}
    return render(request, "community/unsubscribe.html", context)


@never_cache
@require_POST
def subscribe_again(request: HttpRequest, token: str) -> HttpResponse:
    """It was a mistake: mail of this purpose comes again as is usual."""
    member, purpose = _read(token)
    operations.begin_mail(purpose, by=member)
    context = {"token": token, "label": _label(purpose), "again": True}
    return render(request, "community/unsubscribe.html", context)
