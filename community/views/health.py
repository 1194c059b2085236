"""What a supervisor, a load balancer and a monitor ask: are you alive, can you serve?"""

from __future__ import annotations

import logging
import time

from django.conf import settings
from django.core.cache import cache
from django.db import DatabaseError, connection
from django.db.models import Min
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from community import doorbell
from community.models import OutboxMail

log = logging.getLogger("community.csp")

OUTBOX_LATE_SECONDS = 600
WORKER_LATE_SECONDS = 90
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
    seconds = doorbell.seconds_since_beat()
    parts["worker"] = (
        "unknown" if seconds is None else "ok" if seconds < WORKER_LATE_SECONDS else "late"
    )
    age = _outbox_age() if parts["database"] == "ok" else None
    parts["outbox"] = "unknown" if age is None else "ok" if age < OUTBOX_LATE_SECONDS else "late"
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
        log.warning("%s", request.read(4096).decode(errors="replace"))
    return HttpResponse(status=204)
