"""Knows where a request came from; the one place that does."""

from __future__ import annotations

from allauth.core.internal.httpkit import get_client_ip
from django.core.exceptions import ImproperlyConfigured, PermissionDenied
from django.http import HttpRequest


def client_ip(request: HttpRequest) -> str:
    """The address a request came from, as far as somebody we trust says so.

    Of X-Forwarded-For only the part counts that our own front servers wrote (TRUSTED_PROXIES says
    how many there are): whatever a client puts before it moves nothing. A request that came past
    them, or with something else in that place, is refused.
    """
    try:
        address = get_client_ip(request)
    except ImproperlyConfigured:
        address = None
    if not address:
        raise PermissionDenied("Where this request comes from cannot be said.")
    return address
