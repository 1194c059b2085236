"""Pytest plugin, loaded before Django's settings: PostgreSQL and Valkey of the tests' own.

With DATABASE_URL and REDIS_URL the tests use those servers, in a database called test_….
"""

from __future__ import annotations

import os
import shutil
import tempfile
from contextlib import ExitStack
from pathlib import Path

_open = ExitStack()

# Only the first process starts servers; workers of xdist inherit its environment.
if not os.environ.get("DATABASE_URL") and "PYTEST_XDIST_WORKER" not in os.environ:
    from config import embedded

    _data = Path(tempfile.mkdtemp(prefix="tequio-tests-"))
    os.environ["DATA"] = str(_data)
    _open.callback(shutil.rmtree, _data, ignore_errors=True)
    _open.enter_context(embedded.running(_data))

# Statics as they are; longer time-outs, because tests hold locks on purpose.
os.environ.setdefault("STATIC_HASHED", "0")
os.environ.setdefault("STATEMENT_TIMEOUT", "30s")
os.environ.setdefault("LOCK_TIMEOUT", "10s")
os.environ.setdefault("HTTPS", "0")


def pytest_unconfigure(config: object) -> None:
    _open.close()
