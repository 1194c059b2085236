"""Knows what one page costs the processor, on a machine that has other things to do.

``python -m benchmarks.turns config.wsgi`` is a worker without a socket: it reads addresses (and,
after a tab, the cookies to send), asks the application for each a few times, and answers with the
nanoseconds that this process and its PostgreSQL ran for one of them. Waiting counts nothing, so
that pages can be compared whatever else runs; `measure` lets several workers take turns.
"""

from __future__ import annotations

import contextlib
import importlib
import io
import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

ASKS = 4
"""Requests of one turn, as a worker under load gets several of a kind."""
WARM = 3
"""Rounds that do not count: templates are read, questions composed, plans made."""


# Inside a worker


def main() -> None:
    module = sys.argv[1]
    application: Callable = importlib.import_module(module).application
    for line in sys.stdin:
        address, _, cookie = line.rstrip("\n").partition("\t")
        print(json.dumps(_turn(application, address, cookie)), flush=True)


def _turn(application: Callable, address: str, cookie: str) -> dict:
    from django.db import connection

    answers = []
    ran, asked = time.process_time_ns(), _database_ran(connection)
    for _ in range(ASKS):
        answers.append(_ask(application, address, cookie))
    ran, asked = time.process_time_ns() - ran, _database_ran(connection) - asked
    status, size = answers[-1]
    return {"status": status, "bytes": size, "python": ran / ASKS, "postgres": asked / ASKS}


def _ask(application: Callable, address: str, cookie: str) -> tuple[int, int]:
    path, _, query = address.partition("?")
    said: list[str] = []
    body = application(
        {
            "REQUEST_METHOD": "GET",
            "PATH_INFO": path,
            "QUERY_STRING": query,
            "SERVER_NAME": "127.0.0.1",
            "SERVER_PORT": "80",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "REMOTE_ADDR": "127.0.0.1",
            "HTTP_HOST": "127.0.0.1",
            "HTTP_COOKIE": cookie,
            "wsgi.url_scheme": "http",
            "wsgi.input": io.BytesIO(),
            "wsgi.errors": sys.stderr,
        },
        lambda status, headers, error=None: said.append(status),
    )
    size = sum(map(len, body))
    body.close()
    return int(said[0][:3]), size


_backends: set[int] = set()


def _database_ran(connection: object) -> int:
    """Nanoseconds that the PostgreSQL process of this worker has run so far."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        _backends.add(cursor.fetchone()[0])
    connection.close()  # back to the pool: as after every request
    if len(_backends) > 1:
        raise SystemExit("A worker without load should have one connection to PostgreSQL.")
    return sum(int(Path(f"/proc/{pid}/schedstat").read_text().split()[0]) for pid in _backends)


# Outside


@contextlib.contextmanager
def worker(env: dict[str, str], root: Path, module: str) -> Iterator[Callable[..., dict]]:
    """A worker of that application; yields what lets it take a turn."""
    process = subprocess.Popen(
        [sys.executable, "-m", "benchmarks.turns", module],
        cwd=root,
        env={**env, "DB_POOL": "1"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )

    def take(address: str, cookie: str = "") -> dict:
        print(address, cookie, sep="\t", file=process.stdin, flush=True)
        answer = json.loads(process.stdout.readline() or "{}")
        if answer.get("status") != 200:
            raise SystemExit(f"{address} was answered with {answer.get('status')}.")
        return answer

    try:
        yield take
    finally:
        process.stdin.close()
        process.wait(20)


def measure(
    takers: dict[str, Callable[[], dict]], beside: Callable[[], dict], rounds: int
) -> dict[str, dict]:
    """What each costs, in milliseconds, and how many times that the page ``beside`` it can be had.

    Before each turn of a page the one beside it has its own, so that both meet the same machine.
    """
    seen: dict[str, list[tuple[dict, dict]]] = {name: [] for name in takers}
    for number in range(rounds + WARM):
        for name, take in takers.items():
            pair = (take(), beside())
            if number >= WARM:
                seen[name].append(pair)
    return {name: _told(pairs) for name, pairs in seen.items()}


def _told(pairs: list[tuple[dict, dict]]) -> dict:
    shares = sorted(_whole(other) / _whole(own) for own, other in pairs)
    in_python = sorted(other["python"] / own["python"] for own, other in pairs)
    last = len(pairs) - 1
    return {
        "python_ms": _middle([own["python"] for own, _other in pairs]),
        "postgres_ms": _middle([own["postgres"] for own, _other in pairs]),
        "html": pairs[-1][0]["bytes"],
        "of_bare_list": round(statistics.median(shares), 3),
        "of_bare_list_between": [round(shares[last // 10], 3), round(shares[last * 9 // 10], 3)],
        "of_bare_list_in_python": round(statistics.median(in_python), 3),
    }


def _whole(turn: dict) -> float:
    return turn["python"] + turn["postgres"]


def _middle(nanoseconds: list[float]) -> float:
    return round(statistics.median(nanoseconds) / 1e6, 2)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    main()
