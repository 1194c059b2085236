"""Pytest plugin, loaded before Django's settings: PostgreSQL and Valkey of the tests' own.

With DATABASE_URL and REDIS_URL the tests use those servers, in a database called test_….
"""

from __future__ import annotations

import os
import shutil
import tempfile
from contextlib import ExitStack
from pathlib import Path

import pytest

_open = ExitStack()

# Only the first process starts servers; workers of xdist inherit its environment.
if not os.environ.get("DATABASE_URL") and "PYTEST_XDIST_WORKER" not in os.environ:
    from config import embedded

    _data = Path(tempfile.mkdtemp(prefix="tequio-tests-"))
    os.environ["DATA"] = str(_data)
    _open.callback(shutil.rmtree, _data, ignore_errors=True)
    (_data / "static").mkdir(mode=0o700)
    _open.enter_context(embedded.running(_data, die_with_us=True, careless=True))

# Statics as they are; longer time-outs, because tests hold locks on purpose.
os.environ.setdefault("STATIC_HASHED", "0")
os.environ.setdefault("STATEMENT_TIMEOUT", "30s")
os.environ.setdefault("LOCK_TIMEOUT", "10s")
os.environ.setdefault("HTTPS", "0")
# Each worker counts and clears in a cache of its own.
_worker = os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")
os.environ["CACHE_DB"] = str(3 + int(_worker) % 12)


@pytest.fixture(autouse=True)
def _fresh_cache() -> None:
    """Limits that one test used up do not refuse the next."""
    from django.core.cache import cache

    cache.clear()


def pytest_unconfigure(config: object) -> None:
    _open.close()
