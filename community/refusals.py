"""Knows how a refusal is told: a page with the reason, or for a part of a page a toast."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render, resolve_url
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django_htmx.http import trigger_client_event

from community import lapsed
from community.policies import Refused


class RefusalMiddleware:
    """Stands last. Turns Refused into 403 with its reason, whatever view it came from.

    A request of htmx that is sent to sign in (the session ended while somebody wrote) answers 401
    instead: the page says so and keeps what was written, where a redirect would swap it away.
    Words that came by a plain form become their writer's draft, or are shown to be copied.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.htmx and leads_to_sign_in(response):
            return HttpResponse(status=401)
        if request.method == "POST" and request.POST.get("text") and leads_to_sign_in(response):
            return _with_the_words(request)
        return response

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, Refused):
            return None
        if request.htmx:
            told = {"text": str(error.reason), "bad": True}
            return trigger_client_event(HttpResponse(status=403), "toast", told)
        return render(request, "403.html", {"reason": error.reason}, status=403)


def _with_the_words(request: HttpRequest) -> HttpResponse:
    """Through signing in back to the page that the form stands on, with what was written there."""
    there = _page_of_the_form(request)
    if not lapsed.keep(request):
        words = "\n\n".join(filter(None, map(request.POST.get, ("title", "text"))))
        return render(request, "signed_out.html", {"words": words, "next": there}, status=401)
    told = _("Your session has ended. What you wrote is kept: sign in, and it stands there again.")
    messages.info(request, told)
    return redirect_to_login(there)


def _page_of_the_form(request: HttpRequest) -> str:
    asked = request.META.get("HTTP_REFERER", "")
    if not url_has_allowed_host_and_scheme(asked, {request.get_host()}):
        return reverse("drafts")
    parts = urlsplit(asked)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


def leads_to_sign_in(response: HttpResponse) -> bool:
    """Whether it is a redirect to where one signs in."""
    if not isinstance(response, HttpResponseRedirect):
        return False
    return response.url.partition("?")[0] == resolve_url(settings.LOGIN_URL)
