"""Knows whether somebody proved lately who they are, and sends them to do it."""

from __future__ import annotations

import time

from allauth.account import app_settings
from allauth.account.internal.flows.login import get_authentication_records
from allauth.core.exceptions import ReauthenticationRequired
from django.http import HttpRequest


def has_proved(request: HttpRequest) -> bool:
    """Within the last ten minutes, in this browser."""
    since = time.time() - app_settings.REAUTHENTICATION_TIMEOUT
    records = get_authentication_records(request, request.user)
    return any(record["at"] > since for record in records)


def prove_first(request: HttpRequest) -> bool:
    """Whether somebody proved who they are; with ``?prove`` in the address, they go and do it."""
    proved = has_proved(request)
    if "prove" in request.GET and not proved:
        raise ReauthenticationRequired
    return proved
