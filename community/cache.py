"""A cache that may go away: Valkey, and for five seconds after an error this process's memory.

Sign-in counts its attempts in the cache. With Django's own backend it is down when Valkey is;
with one that swallows errors everybody is refused (or nobody). Here the limits keep working,
per process, until Valkey is back.
"""

from __future__ import annotations

import json
import logging
import time

from django.core.cache.backends.locmem import LocMemCache
from django.core.cache.backends.redis import RedisCache
from django.core.serializers.json import DjangoJSONEncoder
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

log = logging.getLogger(__name__)

TIMEOUT_SECONDS = 0.25
FALLBACK_SECONDS = 5.0

_away_until: dict[str, float] = {}  # by address: the instances of all threads share the verdict


class JsonSerializer:
    """JSON, not pickle: whoever can write to Valkey must not be able to run code here."""

    def dumps(self, value):
        if type(value) is int:  # stays a number for INCR
            return value
        return json.dumps(value, cls=DjangoJSONEncoder, separators=(",", ":")).encode()

    def loads(self, data):
        return json.loads(data)


def _either(name: str):
    def call(self, *args, **kwargs):
        if time.monotonic() >= _away_until.get(self._address, 0.0):
            try:
                return getattr(RedisCache, name)(self, *args, **kwargs)
            except (RedisError, OSError) as error:
                _away_until[self._address] = time.monotonic() + FALLBACK_SECONDS
                log.warning("Valkey is away, the cache is this process's memory: %s", error)
        return getattr(self._memory, name)(*args, **kwargs)

    call.__name__ = name
    return call


class ResilientCache(RedisCache):
    """Django's Redis backend, in JSON, with quarter-second patience and a fallback in memory."""

    def __init__(self, server, params):
        options = {
            "serializer": JsonSerializer,
            "socket_timeout": TIMEOUT_SECONDS,
            "socket_connect_timeout": TIMEOUT_SECONDS,
            "retry": Retry(NoBackoff(), 0),
        }
        params = params | {"OPTIONS": options | params.get("OPTIONS", {})}
        super().__init__(server, params)
        self._address = str(server)
        self._memory = LocMemCache(f"fallback:{server}", {**params, "OPTIONS": {}})

    add = _either("add")
    get = _either("get")
    set = _either("set")
    touch = _either("touch")
    delete = _either("delete")
    get_many = _either("get_many")
    has_key = _either("has_key")
    incr = _either("incr")
    set_many = _either("set_many")
    delete_many = _either("delete_many")
    clear = _either("clear")

    @property
    def is_away(self) -> bool:
        return time.monotonic() < _away_until.get(self._address, 0.0)
