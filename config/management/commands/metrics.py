"""`manage.py metrics`: the process that hands out numbers to a monitor."""

from __future__ import annotations

import contextlib
import os
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError


class Command(BaseCommand):
    help = "Serves /metrics for Prometheus on METRICS_PORT, for this machine alone."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.METRICS_PORT:
            raise CommandError("METRICS_PORT is not set, so nothing is counted. Set it to 9187.")
        from config import metrics

        with contextlib.suppress(KeyboardInterrupt):
            metrics.serve(os.environ.get("METRICS_HOST") or "127.0.0.1", settings.METRICS_PORT)
