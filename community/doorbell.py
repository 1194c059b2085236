"""Ringing for the worker, so that it may be missed.

The truth about work to be done is always a row in PostgreSQL; a Celery message only says “look
now”. Every task of the site is of this class (config/celery.py), so the one way to ask for work
is the usual one,

    deliver_mail.delay_on_commit(…)

and it can neither break nor delay the request: Valkey gets half a second, an error is logged and
swallowed, and for five seconds nobody tries again. What was not rung for is found by the clock,
which is why every task that matters has a line in the table of config/celery.py.
"""

from __future__ import annotations

import logging
import time
from typing import ClassVar

from celery.contrib.django.task import DjangoTask
from django.core.cache import cache
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

log = logging.getLogger(__name__)

QUIET_SECONDS = 5.0
HEARTBEAT = "heartbeat:worker"


class Doorbell(DjangoTask):
    """A task whose publishing never raises; use `delay_on_commit`, never `delay`."""

    abstract = True
    silent: ClassVar[frozenset[str]] = frozenset()
    """Names of tasks that are not rung for: the clock comes back to what they would have done."""
    _quiet_until = 0.0

    def apply_async(self, *args, **kwargs):
        if self.name in Doorbell.silent:
            return None
        if self.app.conf.task_always_eager:
            return super().apply_async(*args, **kwargs)
        # The cache lies in the same server: whoever waited for it in vain need not wait again.
        if time.monotonic() < Doorbell._quiet_until or cache.is_away:
            return None
        kwargs.setdefault("retry", False)
        kwargs.setdefault("ignore_result", True)
        try:
            return super().apply_async(*args, **kwargs)
        except (OperationalError, RedisError, OSError) as error:
            Doorbell._quiet_until = time.monotonic() + QUIET_SECONDS
            log.warning("The worker was not rung for %s: %s", self.name, error)
            return None


def beat() -> None:
    """Called by the worker every few seconds: `/readyz` sees that somebody is at work."""
    cache.set(HEARTBEAT, time.time(), 3600)


def seconds_since_beat() -> float | None:
    """None when no beat is known: the worker never ran, or Valkey is away."""
    at = cache.get(HEARTBEAT)
    return None if at is None else max(0.0, time.time() - at)
