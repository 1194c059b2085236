"""Does this container do its work? Asked by Docker; ends with 0 or 1.

`healthcheck.py` asks the page server of this container for /healthz; `healthcheck.py worker` looks
for the sign that a worker left in the last minutes.
"""

from __future__ import annotations

import http.client
import json
import os
import sys
import time

SILENT_FOR = 180


def pages() -> bool:
    host = os.environ.get("ALLOWED_HOSTS", "localhost").split(",")[0].strip().lstrip(".")
    connection = http.client.HTTPConnection(
        "127.0.0.1", int(os.environ.get("PORT", "8000")), timeout=4
    )
    connection.request("GET", "/healthz", headers={"Host": host})
    return connection.getresponse().status == 200


def worker() -> bool:
    import redis

    server = os.environ["REDIS_URL"].rstrip("/")
    with redis.Redis.from_url(f"{server}/{os.environ.get('CACHE_DB') or 1}") as client:
        at = client.get("tequio:1:heartbeat:worker")
    return at is not None and time.time() - float(json.loads(at)) < SILENT_FOR


if __name__ == "__main__":
    try:
        well = worker() if sys.argv[1:] == ["worker"] else pages()
    except Exception as error:
        sys.exit(f"{type(error).__name__}: {error}")
    sys.exit(0 if well else "It answers, but not well.")
