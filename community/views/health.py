"""What a supervisor, a load balancer and a monitor ask: are you alive, can you serve?"""

from __future__ import annotations

import json
import logging
import time
from urllib.parse import urlsplit

from django.conf import settings
from django.core.cache import cache
from django.db import DatabaseError, connection
from django.db.models import Min
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from community import doorbell, live
from community.models import OutboxMail

log = logging.getLogger("community.csp")

OUTBOX_LATE_SECONDS = 600
WORKER_LATE_SECONDS = 90
LIVE_LATE_SECONDS = 60
REPORTS_A_MINUTE = 60


@require_safe
@never_cache
def healthz(request: HttpRequest) -> HttpResponse:
    """200 while this process answers at all; asks nobody else."""
    return HttpResponse("ok\n", content_type="text/plain")


@require_safe
@never_cache
def readyz(request: HttpRequest) -> JsonResponse:
    """503 without the database; “degraded” (200) without Valkey, worker or mail server."""
    parts = {"database": _database()}
    parts["valkey"] = "ok" if _valkey() else "degraded"
    parts["worker"] = _late(doorbell.seconds_since_beat(), WORKER_LATE_SECONDS)
    parts["live"] = _late(live.seconds_since_sign(), LIVE_LATE_SECONDS)
    age = _outbox_age() if parts["database"] == "ok" else None
    parts["outbox"] = _late(age, OUTBOX_LATE_SECONDS)
    if parts["database"] != "ok":
        status = "unavailable"
    elif all(part == "ok" for part in parts.values()):
        status = "ready"
    else:
        status = "degraded"
    return JsonResponse(
        {"status": status, **parts, "outbox_oldest_seconds": age and round(age)},
        status=503 if status == "unavailable" else 200,
    )


def _late(seconds: float | None, longest: float) -> str:
    return "unknown" if seconds is None else "ok" if seconds < longest else "late"


def _database() -> str:
    try:
        with connection.cursor() as cursor:
            cursor.execute("select 1")
    except (DatabaseError, OSError):
        return "unavailable"
    except Exception as error:  # the pool's own time-out is not a DatabaseError
        if type(error).__module__.startswith("psycopg"):
            return "unavailable"
        raise
    return "ok"


def _valkey() -> bool:
    cache.get("readyz")
    return not cache.is_away


def _outbox_age() -> float | None:
    """Seconds the oldest unsent mail has waited; 0 when none waits, or none is meant to leave."""
    if not settings.MAIL_TRANSPORT:
        return 0.0
    try:
        oldest = OutboxMail.objects.waiting().aggregate(at=Min("created_at"))["at"]
    except DatabaseError:
        return None
    return (timezone.now() - oldest).total_seconds() if oldest else 0.0


@csrf_exempt
@require_POST
def csp_report(request: HttpRequest) -> HttpResponse:
    """A browser refused something on one of our pages: one line in the log, nothing kept."""
    minute = f"csp-reports:{int(time.time() // 60)}"
    cache.add(minute, 0, 120)
    if cache.incr(minute) <= REPORTS_A_MINUTE:  # anybody can send some: they must not fill the log
        log.warning("A browser refused %s", _refused(request.read(4096)))
    return HttpResponse(status=204)


def _refused(body: bytes) -> str:
    """What kind of thing and from which host. Never the page it stood on: an address may be a
    secret, and a sample of the text is somebody's."""
    try:
        report = json.loads(body)["csp-report"]
        kind = str(report.get("effective-directive") or report["violated-directive"])[:40]
        source = str(report.get("blocked-uri", ""))
        host = urlsplit(source).hostname or source.partition(":")[0]
        return f"{kind} from {host[:80] or 'the page itself'}"
    except (ValueError, KeyError, TypeError, AttributeError):
        return "something, and its report cannot be read"
