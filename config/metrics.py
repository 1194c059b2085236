"""Hands out numbers to a monitor, on a port of its own that is meant for this machine alone.

A process beside `web`: it adds up what the processes counted (community/numbers.py), and looks at
the state of the site when it is asked. Text as Prometheus reads it, at /metrics.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.db import close_old_connections, connection
from django.db.models import Min
from django.utils import timezone
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector

from community import doorbell
from community.models import Activity, OutboxMail
from config import release
from config.backup import shelf

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"


class Processes:
    """What every process counted, each machine and sort of process in a folder of its own."""

    def collect(self) -> Iterator[Metric]:
        files = [str(path) for path in settings.METRICS_DIR.glob("*/*.db")]
        yield from MultiProcessCollector.merge(files, accumulate=True)


class Site:
    """The state of the site at this moment; a part that does not answer is told as 0 in `up`."""

    def collect(self) -> Iterator[GaugeMetricFamily]:
        up = GaugeMetricFamily("tequio_up", "1 if the part answers.", labels=["part"])
        found: dict[str, float | None] = {}
        try:
            found |= _of_the_database()
            up.add_metric(["database"], 1)
        except Exception:
            up.add_metric(["database"], 0)
        cache.get("metrics")
        up.add_metric(["valkey"], 0 if cache.is_away else 1)
        yield up
        found["tequio_worker_heartbeat_age_seconds"] = doorbell.seconds_since_beat()
        newest = next(iter(shelf.kept(settings.BACKUP_DIR)), None)
        if newest is not None:
            age = datetime.now(UTC) - newest.taken_at
            found["tequio_backup_age_seconds"] = age.total_seconds()
        for name, value in found.items():
            if value is not None:
                yield GaugeMetricFamily(name, _HELP[name], value=value)
        about = GaugeMetricFamily("tequio_release_info", "The release.", labels=["release"])
        about.add_metric([release.version()], 1)
        yield about


_HELP = {
    "tequio_worker_heartbeat_age_seconds": "Seconds since the worker last gave a sign.",
    "tequio_backup_age_seconds": "Seconds since the newest backup was made.",
    "tequio_outbox_waiting": "Letters that wait to leave.",
    "tequio_outbox_oldest_seconds": "How long the oldest of them has waited.",
    "tequio_outbox_given_up": "Letters that were given up and are still kept.",
    "tequio_activities_untold": "What happened and nobody was told of yet.",
    "tequio_database_connections": "Connections to the database.",
    "tequio_database_bytes": "Size of the database.",
}


def _of_the_database() -> dict[str, float | None]:
    now = timezone.now()
    waiting = OutboxMail.objects.waiting()
    oldest = waiting.aggregate(at=Min("created_at"))["at"]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT (SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()),"
            " pg_database_size(current_database())"
        )
        connections, size = cursor.fetchone()
    return {
        "tequio_outbox_waiting": waiting.count(),
        "tequio_outbox_oldest_seconds": (now - oldest).total_seconds() if oldest else 0,
        "tequio_outbox_given_up": OutboxMail.objects.exclude(failed_at=None).count(),
        "tequio_activities_untold": Activity.objects.filter(told_at=None).count(),
        "tequio_database_connections": connections,
        "tequio_database_bytes": size,
    }


def text() -> bytes:
    registry = CollectorRegistry()
    registry.register(Site())
    registry.register(Processes())
    return generate_latest(registry)


class _Door(BaseHTTPRequestHandler):
    server_version, sys_version = "tequio", ""
    timeout = 10

    def do_GET(self) -> None:
        if self.path != "/metrics":
            self.send_error(404)
            return
        close_old_connections()
        try:
            body = text()
        finally:
            connection.close()
        self.send_response(200)
        self.send_header("Content-Type", CONTENT_TYPE)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: Any) -> None:
        """Who asked, and when, is nobody's business."""


def serve(host: str, port: int) -> None:
    """Until the process is told to end."""
    with ThreadingHTTPServer((host, port), _Door) as server:
        server.serve_forever()
