"""What becomes of a page while PostgreSQL is away: it waits, is read once more, or is told so.

A restart takes a second or two, so a request waits three seconds for a connection. One whose
connection broke under it is read again if it only asked; whoever changes something is told to come
back, because nobody can know whether the change was kept. Once somebody has waited in vain, the
next ones of this process hardly wait: a queue of people who wait three seconds each helps nobody.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable

from django.db import connection, connections
from django.http import HttpRequest, HttpResponse

LOST = "database_was_lost"
WAITED = "database_was_waited_for"
"""What `views/errors.py` notes on a request: the connection broke, or there was none in time."""

PATIENT, QUICK = 3.0, 0.4
_away = False


class AgainMiddleware:
    """Outside of everything that asks the database."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if getattr(request, LOST, False) and request.method in ("GET", "HEAD"):
            response.close()
            for each in connections.all(initialized_only=True):
                each.close_if_unusable_or_obsolete()
            setattr(request, LOST, False)
            response = self.get_response(request)
        if getattr(request, WAITED, False):
            _be_quick()
        elif _away and response.status_code < 500:
            _be_patient()
        return response


def _be_quick() -> None:
    """A new pool tries at once, where the old one tries less and less often."""
    global _away
    options = connection.settings_dict["OPTIONS"].get("pool")
    if options:
        _away = True
        options["timeout"] = QUICK
        with contextlib.suppress(KeyError):  # another thread was quicker
            connection.close_pool()


def _be_patient() -> None:
    global _away
    _away = False
    options = connection.settings_dict["OPTIONS"].get("pool")
    if options:
        options["timeout"] = connection.pool.timeout = PATIENT
