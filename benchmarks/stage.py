"""Knows how to put the site on a stage: data of a size, and the production servers on it."""

from __future__ import annotations

import contextlib
import json
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from config import embedded

ROOT = Path(__file__).resolve().parent.parent
WORKERS = 2


@dataclass(frozen=True)
class Stage:
    """A data folder whose database holds a data set, with its servers running."""

    data: Path
    env: dict[str, str]

    def manage(self, *words: str, quiet: bool = True) -> None:
        subprocess.run(
            [sys.executable, "manage.py", *words],
            cwd=ROOT,
            env=self.env,
            check=True,
            stdout=subprocess.DEVNULL if quiet else None,
        )

    def ask_inside(self) -> dict:
        """Sessions, addresses, queries and bytes, as the site itself sees them."""
        return json.loads(self.run("benchmarks.inside"))

    def run(self, module: str, *words: str) -> str:
        """What a module of ours prints in the site's environment."""
        return subprocess.run(
            [sys.executable, "-m", module, *words],
            cwd=ROOT,
            env=self.env,
            check=True,
            stdout=subprocess.PIPE,
            text=True,
        ).stdout


@contextlib.contextmanager
def stage(folder: Path, *, size: str, items: int | None = None) -> Iterator[Stage]:
    """The servers on ``folder``, filled once with the demo of that size (kept for later runs)."""
    folder = folder.resolve()
    env = {
        **os.environ,
        "DATA": str(folder),
        "TRIAL": "1",
        "HTTPS": "0",
        "COMPRESS": "0",  # the front server's work, and bare Django does not do it either
        "STATEMENT_TIMEOUT": "600s",
        "DJANGO_SETTINGS_MODULE": "config.settings",
    }
    with embedded.running(folder):
        found = Stage(folder, env)
        mark = folder / "run" / f"filled-{size}-{items or 0}"
        if not mark.exists():
            found.manage("migrate", "--verbosity", "0")
            found.manage("demo", "--size", size, *(["--items", str(items)] if items else []))
            with embedded.Postgres(folder).connect(embedded.DATABASE) as connection:
                connection.execute("VACUUM ANALYZE")
            mark.touch()
        found.manage("collectstatic", "--no-input", "--verbosity", "0")  # the code may be newer
        yield Stage(folder, {**env, "STATEMENT_TIMEOUT": "5s"})


@contextlib.contextmanager
def served(on: Stage, application: str = "config.wsgi") -> Iterator[str]:
    """The application behind the production web server; yields its address."""
    port = free_port()
    process = subprocess.Popen(
        [
            sys.executable, "-m", "gunicorn", application, "--workers", str(WORKERS),
            "--bind", f"127.0.0.1:{port}", "--worker-tmp-dir", "/dev/shm", "--log-level", "error",
        ],
        cwd=ROOT,
        env={**on.env, "PORT": str(port), "DB_POOL": "1"},  # as config/gunicorn.py has it
    )  # fmt: skip
    address = f"http://127.0.0.1:{port}"
    try:
        wait_for(f"{address}/healthz" if application == "config.wsgi" else f"{address}/one/")
        yield address
    finally:
        process.terminate()
        process.wait(20)


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


def wait_for(url: str, seconds: float = 60) -> float:
    """Seconds until the address answers. Raises TimeoutError."""
    begun = time.monotonic()
    while time.monotonic() - begun < seconds:
        try:
            with urllib.request.urlopen(url, timeout=5):
                return time.monotonic() - begun
        except OSError:
            time.sleep(0.02)
    raise TimeoutError(f"{url} did not answer within {seconds} seconds.")
