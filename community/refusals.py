"""Knows how a refusal is told: a page with the reason, or for a part of a page a toast."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render, resolve_url
from django_htmx.http import trigger_client_event

from community.policies import Refused


class RefusalMiddleware:
    """Stands last. Turns Refused into 403 with its reason, whatever view it came from.

    A request of htmx that is sent to sign in (the session ended while somebody wrote) answers 401
    instead: the page says so and keeps what was written, where a redirect would swap it away.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.htmx and leads_to_sign_in(response):
            return HttpResponse(status=401)
        return response

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, Refused):
            return None
        if request.htmx:
            told = {"text": str(error.reason), "bad": True}
            return trigger_client_event(HttpResponse(status=403), "toast", told)
        return render(request, "403.html", {"reason": error.reason}, status=403)


def leads_to_sign_in(response: HttpResponse) -> bool:
    """Whether it is a redirect to where one signs in."""
    if not isinstance(response, HttpResponseRedirect):
        return False
    return response.url.partition("?")[0] == resolve_url(settings.LOGIN_URL)
