"""What a monitor is told of requests and sockets: counted in each process, added up when asked for.

Counted by kind of answer and place in the site, never by person, address or search. Only loaded
where METRICS_PORT is set; `config/metrics.py` hands the numbers out.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from socket import gethostname
from time import perf_counter

from django.conf import settings
from django.http import HttpRequest, HttpResponse

# Read by prometheus_client when it is imported: several processes count into files there, named by
# their numbers, which are only their own on one machine and in one container.
_here = settings.METRICS_DIR / f"{gethostname()}-{os.environ.get('METRICS_KIND', 'other')}"
os.environ.setdefault("PROMETHEUS_MULTIPROC_DIR", str(_here))
_here.mkdir(mode=0o700, parents=True, exist_ok=True)

from prometheus_client import Counter, Gauge, Histogram  # noqa: E402

_BUCKETS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5)

requests = Counter("tequio_requests", "Answered requests.", ["method", "app", "status"])
seconds = Histogram("tequio_request_seconds", "Time until the answer.", ["app"], buckets=_BUCKETS)
sockets = Gauge("tequio_sockets", "Open sockets.", multiprocess_mode="livesum")
frames = Counter("tequio_frames", "Frames of rooms, counted for each socket.")
ended = Counter("tequio_sockets_ended", "Sockets that we closed, by reason.", ["why"])
_METHODS = ("GET", "POST", "HEAD")


class NumbersMiddleware:
    """Outermost: what it measures is what the front server waits for."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        began = perf_counter()
        status = "error"
        try:
            response = self.get_response(request)
            status = f"{response.status_code // 100}xx"
            return response
        finally:
            app = _app(request)
            method = request.method if request.method in _METHODS else "other"
            requests.labels(method, app, status).inc()
            seconds.labels(app).observe(perf_counter() - began)


def _app(request: HttpRequest) -> str:
    """The app whose view answered: a handful of words, whatever people ask for."""
    match = request.resolver_match
    return match.func.__module__.partition(".")[0] if match is not None else "none"
