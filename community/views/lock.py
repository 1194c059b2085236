"""The link in a letter of safety: looking asks, posting locks the account it was written to."""

from __future__ import annotations

from django.contrib.auth import logout
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from community.accounts import lock
from community.operations import locking


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def lock_account(request: HttpRequest, token: str) -> HttpResponse:
    """What it does, with a button; then that it is done, and how one comes back."""
    member = lock.read(token)
    if member is None:
        raise Http404
    if request.method == "POST":
        locking.lock_account(member, by=member)
        if request.user == member:
            logout(request)
    context = {"token": token, "done": request.method == "POST"}
    return render(request, "community/lock_account.html", context)
