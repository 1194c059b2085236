"""Knows whose session ended by the clock in this browser, and keeps the words they send after it.

Their words become their own draft, which they find when they have signed in again and nobody else
ever does. Whoever signed out, or was signed out from elsewhere, is nobody here.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare

from community import drafts as begun
from community.forms.writing import typed
from community.htmx import viewer
from community.models import Member
from community.operations import drafts
from community.policies import Refused

KNOWN_FOR = timedelta(hours=12)
COOKIE = "__Host-lapsed" if settings.SESSION_COOKIE_SECURE else "lapsed"
_SALT = "community.lapsed"


def note(request: HttpRequest) -> None:
    """Before the session that is over by the clock is deleted."""
    request.lapsed = viewer(request)


def tell(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Let the browser hold who it was, for some hours or until somebody signs in."""
    member = getattr(request, "lapsed", None)
    if member is not None:
        said = {"pk": member.pk, "proof": _proof(member)}
        response.set_cookie(
            COOKIE,
            signing.dumps(said, salt=_SALT),
            max_age=KNOWN_FOR,
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
            samesite="Lax",
        )
    elif COOKIE in request.COOKIES and request.user.is_authenticated:
        response.delete_cookie(COOKIE, samesite="Lax")
    return response


def whose(request: HttpRequest) -> Member | None:
    """Who wrote in this browser until the clock ended their session, if that is still known."""
    if (member := getattr(request, "lapsed", None)) is not None:
        return member if member.is_present else None
    try:
        said = signing.loads(request.COOKIES.get(COOKIE, ""), salt=_SALT, max_age=KNOWN_FOR)
    except signing.BadSignature:
        return None
    member = Member.objects.present().filter(pk=said["pk"]).first()
    return member if member and constant_time_compare(said["proof"], _proof(member)) else None


def keep(request: HttpRequest) -> bool:
    """Keep what was sent without a session as its writer's draft; whether that was possible."""
    place = request.POST.get("place", "")
    data: dict[str, Any] = typed(request.POST)
    if not data or not begun.is_place(place) or (member := whose(request)) is None:
        return False
    try:
        drafts.save_draft(place, data, by=member)
    except Refused:
        return False
    return True


def _proof(member: Member) -> str:
    """Changes with the password, as sessions do."""
    return member.get_session_auth_hash()[:20]
