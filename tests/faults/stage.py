"""The whole site as it runs for real, on servers of its own: two of what may be two, and a front.

Everything is a process that a test can kill, stop and start again, as a supervisor would.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from config import embedded
from tests.faults import nginx
from tests.shape.sources import ROOT

UP_SECONDS = 60.0
WITHOUT_VALKEY = ["killed", "hung", "emptied", "full"]
KEY = "a passphrase for the drill"
SEED = int(os.environ.get("FAULTS_SEED") or 20261122)
"""Of all moments that are chosen by chance; printed, so that a run can be had again."""
MESSAGES = int(os.environ.get("FAULTS_MESSAGES") or 2000)
"""Said in a chat while its parts are killed; 10000 takes about a quarter of an hour."""


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


@dataclass
class Process:
    name: str
    command: list[str]
    env: dict[str, str]
    log: Path
    popen: subprocess.Popen | None = field(default=None)

    def start(self) -> None:
        with open(self.log, "ab") as log:
            self.popen = subprocess.Popen(
                self.command, cwd=ROOT, env=self.env, stdout=log, stderr=log, start_new_session=True
            )

    def signal(self, sign: int) -> None:
        """To it and to all it started."""
        os.killpg(self.popen.pid, sign)

    def kill(self) -> None:
        self.signal(signal.SIGKILL)
        self.popen.wait(10)

    def stop(self) -> None:
        if self.popen is not None and self.popen.poll() is None:
            self.signal(signal.SIGTERM)
            try:
                self.popen.wait(10)
            except subprocess.TimeoutExpired:
                self.kill()


class Stage:
    """The site on a data folder; `address` is that of the front server."""

    def __init__(self, data: Path, smtp_port: int):
        self.data = data
        self.log = data / "log"
        self.front_port, self.live_port = free_port(), free_port()
        self.page_ports = [free_port(), free_port()]
        self.address = f"http://127.0.0.1:{self.front_port}"
        inherited = {
            name: value
            for name, value in os.environ.items()
            if name
            not in {"DATABASE_URL", "REDIS_URL", "STATEMENT_TIMEOUT", "LOCK_TIMEOUT", "CACHE_DB"}
        }
        self.env = inherited | {
            "DATA": str(data), "HTTPS": "0", "COMPRESS": "0", "STATIC_HASHED": "0", "TRIAL": "0",
            "ALLOWED_HOSTS": "localhost,127.0.0.1", "TRUSTED_PROXIES": "1",
            "EMAIL_URL": f"smtp://127.0.0.1:{smtp_port}", "MAIL_PACE": "100000", "BACKUP_KEY": KEY,
        }  # fmt: skip
        self.processes = {process.name: process for process in self._processes()}

    def _processes(self) -> Iterator[Process]:
        python = [sys.executable, "-m"]
        celery = [*python, "celery", "--app", "config"]
        for number, port in enumerate(self.page_ports, 1):
            yield self._process(
                f"web{number}",
                [*python, "gunicorn", "--config", "config/gunicorn.py", "config.wsgi"],
                PORT=str(port), WEB_WORKERS="2", STATEMENT_TIMEOUT="5s",
            )  # fmt: skip
        yield self._process(
            "live",
            [*python, "config.live"],
            LIVE_PORT=str(self.live_port), STATEMENT_TIMEOUT="5s",
        )  # fmt: skip
        for number in (1, 2):
            yield self._process(
                f"worker{number}",
                [*celery, "worker", "--concurrency", "1", "--without-gossip", "--without-mingle",
                 "--loglevel", "WARNING", "--hostname", f"worker{number}@here"],
                STATEMENT_TIMEOUT="60s", CONN_MAX_AGE="60",
            )  # fmt: skip
        yield self._process(
            "beat",
            [*celery, "beat", "--scheduler", "celery.beat:Scheduler", "--loglevel", "WARNING"],
        )
        yield self._process("front", self._front(python))

    def _front(self, python: list[str]) -> list[str]:
        """nginx as we ship it; where it is not installed, a small one of the tests."""
        port, pages, live = self.front_port, self.page_ports, self.live_port
        if nginx.NGINX:
            return nginx.command(self.data / "nginx", port=port, pages=pages, live=live)
        return [*python, "tests.faults.front", str(port), ",".join(map(str, pages)), str(live)]

    def _process(self, name: str, command: list[str], **env: str) -> Process:
        return Process(name, command, self.env | env, self.log / f"{name}.log")

    def __getitem__(self, name: str) -> Process:
        return self.processes[name]

    def start(self) -> None:
        for process in self.processes.values():
            process.start()
        for port in [*self.page_ports, self.live_port, self.front_port]:
            wait_until(lambda port=port: healthy(port), UP_SECONDS, f"port {port} answers")

    def stop(self) -> None:
        for process in reversed(self.processes.values()):
            process.stop()

    def manage(self, *words: str, **env: str) -> str:
        done = subprocess.run(
            [sys.executable, "manage.py", *words],
            cwd=ROOT, env=self.env | env, capture_output=True, text=True,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def inside(self, verb: str, argument: Any = None) -> Any:
        done = subprocess.run(
            [sys.executable, "-m", "tests.faults.inside", verb, json.dumps(argument)],
            cwd=ROOT, env=self.env, capture_output=True, text=True,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout + done.stderr
        return json.loads(done.stdout)

    @contextmanager
    def without_valkey(self, how: str) -> Iterator[None]:
        """Valkey is killed, hung, emptied or full, until the end of the block."""
        break_it, mend_it = self._ways(how)
        break_it()
        try:
            yield
        finally:
            mend_it()

    def _ways(self, how: str) -> tuple[Callable[[], object], Callable[[], object]]:
        valkey, pid = self.valkey, self.valkey.pid()

        def empty() -> None:
            with valkey._client() as client:
                client.flushall()

        def most(memory: str, policy: str = "noeviction") -> None:
            with valkey._client() as client:
                client.config_set("maxmemory-policy", policy)
                client.config_set("maxmemory", memory)

        with valkey._client() as client:
            usual = client.config_get("maxmemory*")
        return {
            "killed": (
                lambda: os.kill(pid, signal.SIGKILL),
                lambda: valkey.start(die_with_us=True),
            ),
            "hung": (lambda: os.kill(pid, signal.SIGSTOP), lambda: os.kill(pid, signal.SIGCONT)),
            "emptied": (empty, lambda: None),
            "full": (
                lambda: most("1mb"),
                lambda: most(usual["maxmemory"], usual["maxmemory-policy"]),
            ),
        }[how]

    @property
    def postgres(self) -> embedded.Postgres:
        return embedded.Postgres(self.data)

    @property
    def valkey(self) -> embedded.Valkey:
        return embedded.Valkey(self.data)


def healthy(port: int) -> bool:
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}/healthz", headers={"X-Forwarded-For": "198.51.100.7"}
    )
    try:
        with urllib.request.urlopen(request, timeout=5) as answer:
            return answer.status == 200
    except OSError:
        return False


def wait_until(is_so, seconds: float, what: str, *, seen=lambda: "") -> float:
    """``seen`` is what stands there instead, for who reads that it failed."""
    began = time.monotonic()
    while time.monotonic() - began < seconds:
        if is_so():
            return time.monotonic() - began
        time.sleep(0.1)
    raise AssertionError(f"After {seconds:.0f} s still not: {what}. {seen()}")


@contextmanager
def filled(data: Path, smtp_port: int) -> Iterator[Stage]:
    """Servers with 200 people, 5,000 posts and some files on them; no process of the site yet."""
    data.mkdir(mode=0o700, parents=True)
    with embedded.running(data, die_with_us=True):
        stage = Stage(data, smtp_port)
        stage.log.mkdir(exist_ok=True)
        stage.manage("migrate", "--verbosity", "0")
        stage.manage("demo", "--size", "peers", "--verbosity", "0")
        stage.inside("upload", 20)
        yield stage
