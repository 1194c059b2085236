"""What people see when we fail: 503 while the database is away, 500 for a mistake of ours."""

from __future__ import annotations

import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template import loader
from psycopg_pool import PoolTimeout

from community import again

# Others were changing the same thing for too long: no lock in time, a deadlock, a lost race.
_BUSY = {"55P03", "40P01", "40001"}


def server_error(request: HttpRequest) -> HttpResponse:
    error = sys.exc_info()[1]
    away = waited = busy = False
    while error is not None:
        waited = waited or isinstance(error, PoolTimeout)
        away = away or isinstance(error, PoolTimeout | InterfaceError)
        if isinstance(error, OperationalError):
            away = away or _is_about_the_connection(error)
            busy = busy or getattr(error.__cause__, "sqlstate", None) in _BUSY
        error = error.__cause__
    setattr(request, again.LOST, away and not waited)
    setattr(request, again.WAITED, waited)
    away = away or busy
    status = 503 if away else 500
    response = HttpResponse(loader.render_to_string(f"{status}.html"), status=status)
    if away:
        response["Retry-After"] = "10"
    return response


def _is_about_the_connection(error: OperationalError) -> bool:
    """A statement that took too long is also an OperationalError, but it has an SQLSTATE."""
    state = getattr(error.__cause__, "sqlstate", None)
    return state is None or state.startswith(("08", "57P"))
