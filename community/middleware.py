"""What a request owes its maker: language, time zone, an end to old sessions, the first run.

Somebody who is suspended is a visitor from here on, but for their own case and settings.
"""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus

from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django_htmx.http import HttpResponseClientRedirect

from community import lapsed, lockdown, sessions, staff
from community.models import Member
from community.refusals import leads_to_sign_in

# What a visitor reaches while the doors are shut: signing in, and what it needs.
_FOR_EVERYBODY = (
    "/accounts/",
    "/csp-report/",
    "/healthz",
    "/i18n/",
    "/icon/",
    "/manifest",
    "/offline/",
    "/readyz",
    "/static/",
    "/sw.js",
    "/theme/",
)

# Where somebody who is suspended goes as themselves; everywhere else they are a visitor.
_WHILE_SUSPENDED = (
    "/accounts/",
    "/agreements/",
    "/icon/",
    "/csp-report/",
    "/healthz",
    "/i18n/",
    "/me/",
    "/media/",
    "/readyz",
    "/reports/decisions/",
    "/static/",
    "/theme/",
)

# Where somebody may go who has not said yet what to call them.
_BEFORE_FIRST_RUN = (
    "/accounts/",
    "/agreements/",
    "/icon/",
    "/csp-report/",
    "/healthz",
    "/i18n/",
    "/invitations/",
    "/manifest",
    "/media/",
    "/offline/",
    "/outbox/",
    "/readyz",
    "/static/",
    "/sw.js",
    "/theme/",
    "/welcome/",
)


class MemberMiddleware:
    """Stands after authentication and HtmxMiddleware; costs no query, but one on a new day."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if settings.SESSION_COOKIE_NAME not in request.COOKIES:
            return lapsed.tell(request, self._visited(request))
        if request.user.is_authenticated and sessions.is_over(request):
            lapsed.note(request)
            logout(request)
        member = request.user
        if not member.is_authenticated:
            return lapsed.tell(request, self._visited(request))
        _speak_as(member, request)
        _note_the_day(member)
        staff.ask_for_second_factor(request)
        if member.is_suspended:
            return self._as_visitor(request)
        if _needs_first_run(request):
            there = reverse("welcome")
            return HttpResponseClientRedirect(there) if request.htmx else redirect(there)
        if staff.leads_elsewhere(request):
            there = reverse("second_factor")
            return HttpResponseClientRedirect(there) if request.htmx else redirect(there)
        try:
            response = self.get_response(request)
        finally:
            timezone.deactivate()
        return lapsed.tell(request, _cleared(request, response))

    def _visited(self, request: HttpRequest) -> HttpResponse:
        """What a visitor gets: while the doors are shut to them, those alone."""
        if not request.path_info.startswith(_FOR_EVERYBODY) and lockdown.shuts_out_visitors():
            answer = render(request, "shut.html", status=HTTPStatus.SERVICE_UNAVAILABLE)
            answer.headers["Retry-After"] = "3600"
            return answer
        return self.get_response(request)

    def _as_visitor(self, request: HttpRequest) -> HttpResponse:
        """What a suspended person gets: their own case and settings, else what a visitor gets."""
        if request.path_info.startswith(_WHILE_SUSPENDED):
            return _cleared(request, self.get_response(request))
        request.suspended = request.user
        request.user = AnonymousUser()
        try:
            response = self._visited(request)
        finally:
            timezone.deactivate()
        if leads_to_sign_in(response) or response.status_code == HTTPStatus.UNAUTHORIZED:
            there = reverse("my_case")
            return HttpResponseClientRedirect(there) if request.htmx else redirect(there)
        return response


def _cleared(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Of whoever signed out in this request nothing stays in the browser."""
    if not request.user.is_authenticated:
        response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response


def _speak_as(member: Member, request: HttpRequest) -> None:
    if member.language in dict(settings.LANGUAGES):
        translation.activate(member.language)
        request.LANGUAGE_CODE = member.language
    if member.tzinfo is not None:
        timezone.activate(member.tzinfo)


def _note_the_day(member: Member) -> None:
    today = timezone.localdate()
    if member.last_seen_on is None or member.last_seen_on < today:
        Member.objects.filter(pk=member.pk).update(last_seen_on=today)
        member.last_seen_on = today


def _needs_first_run(request: HttpRequest) -> bool:
    if request.user.onboarded_at is not None:
        return False
    admin = settings.ADMIN_URL and request.path_info.startswith(f"/{settings.ADMIN_URL}")
    return not (admin or request.path_info.startswith(_BEFORE_FIRST_RUN))
