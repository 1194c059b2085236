"""What a request owes its maker: language, time zone, an end to old sessions, the first run."""

from __future__ import annotations

import time
from collections.abc import Callable

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone, translation
from django_htmx.http import HttpResponseClientRedirect

from community.models import Member

# Where somebody may go who has not said yet what to call them.
_BEFORE_FIRST_RUN = (
    "/accounts/",
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
            return self.get_response(request)
        if request.user.is_authenticated and _is_too_old(request):
            logout(request)
        member = request.user
        if not member.is_authenticated:
            return self.get_response(request)
        _speak_as(member, request)
        _note_the_day(member)
        if _needs_first_run(request):
            there = reverse("welcome")
            return HttpResponseClientRedirect(there) if request.htmx else redirect(there)
        try:
            response = self.get_response(request)
        finally:
            timezone.deactivate()
        if not request.user.is_authenticated:
            # They signed out: nothing of theirs stays in this browser.
            response.headers["Clear-Site-Data"] = '"cache", "storage"'
        return response


def _is_too_old(request: HttpRequest) -> bool:
    """Whether the session is too old or was idle for too long; else notes that it lives."""
    now, session = time.time(), request.session
    began = session.setdefault("began", now)
    seen = session.setdefault("seen", now)
    idle, longest = settings.SESSION_IDLE.total_seconds(), settings.SESSION_LONGEST.total_seconds()
    if now - seen > idle or now - began > longest:
        return True
    if now - seen > idle / 14:
        session["seen"] = now  # saves the session, which moves its expiry too
    return False


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
