"""A connection that breaks under a page: what only asks is asked again, once."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from django.db import OperationalError, connection, connections
from django.http import HttpResponse
from django.test import RequestFactory
from psycopg_pool import PoolTimeout

from community import again
from community.again import AgainMiddleware
from community.views import errors

pytestmark = pytest.mark.django_db


class Site:
    """Answers as Django does: an error inside is a page by `server_error`."""

    def __init__(self, *failures: Exception):
        self.failures = list(failures)
        self.asked = 0

    def __call__(self, request):
        self.asked += 1
        if not self.failures:
            return HttpResponse("fine")
        try:
            raise self.failures.pop(0)
        except Exception:
            return errors.server_error(request)


def waited() -> OperationalError:
    error = OperationalError("no connection after 3 s")
    error.__cause__ = PoolTimeout()
    return error


@pytest.mark.parametrize(
    ("method", "failures", "asked", "status"),
    [
        ("get", [OperationalError("server closed the connection")], 2, 200),
        ("head", [OperationalError("server closed the connection")], 2, 200),
        ("get", [OperationalError("closed"), OperationalError("closed again")], 2, 503),
        ("get", [waited()], 1, 503),
        ("get", [ZeroDivisionError()], 1, 500),
        ("post", [OperationalError("server closed the connection")], 1, 503),
        ("get", [], 1, 200),
    ],
)
def test_only_what_asks_is_asked_again_and_only_once(method, failures, asked, status):
    site = Site(*failures)
    response = AgainMiddleware(site)(getattr(RequestFactory(), method)("/"))
    assert (site.asked, response.status_code) == (asked, status)


@pytest.fixture
def pool(monkeypatch):
    """The options of a pool, on the connection that the tests use without one."""
    kind, options, closed = type(connections["default"]), {"timeout": again.PATIENT}, []
    monkeypatch.setitem(connection.settings_dict["OPTIONS"], "pool", options)
    monkeypatch.setattr(kind, "pool", SimpleNamespace(timeout=again.PATIENT))
    monkeypatch.setattr(kind, "close_pool", lambda self: closed.append(1))
    yield options, closed
    again._away = False


def test_once_somebody_waited_in_vain_the_next_hardly_wait_until_it_is_back(pool):
    options, closed = pool
    site = Site(waited(), waited())
    middleware = AgainMiddleware(site)
    for _ in range(2):
        assert middleware(RequestFactory().get("/")).status_code == 503
        assert options["timeout"] == again.QUICK
    assert len(closed) == 2, "a new pool tries at once"
    assert middleware(RequestFactory().get("/")).status_code == 200
    assert options["timeout"] == connection.pool.timeout == again.PATIENT
