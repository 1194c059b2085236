"""One command starts everything; one signal ends it."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import psutil
import pytest

import config

ROOT = Path(config.__file__).parent.parent


@pytest.fixture
def port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


def start(folder: Path, port: int) -> subprocess.Popen:
    clean = {
        name: value
        for name, value in os.environ.items()
        if name not in {"DATABASE_URL", "REDIS_URL", "TRIAL", "STATEMENT_TIMEOUT", "LOCK_TIMEOUT"}
    }
    return subprocess.Popen(
        [sys.executable, "manage.py", "up", "--no-demo"],
        cwd=ROOT,
        env=clean | {"DATA": str(folder), "PORT": str(port), "STATIC_HASHED": "0"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def wait_for(up: subprocess.Popen, words: str) -> None:
    said = ""
    for line in up.stdout:
        said += line
        if words in line:
            return
    raise AssertionError(said)


def get(port: int, path: str) -> bytes:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=20) as answer:
        return answer.read()


@pytest.mark.slow
def test_up_serves_mends_itself_and_leaves_no_process(tmp_path, port):
    up = start(tmp_path / "data", port)
    try:
        wait_for(up, "Ctrl-C stops it")
        family = psutil.Process(up.pid).children(recursive=True)
        assert get(port, "/healthz") == b"ok\n"
        assert b"<h1" in get(port, "/outbox/")

        web = next(one for one in family if one.name() == "tequio web")
        web.kill()
        wait_for(up, "web was killed by signal 9; starting it again")
        end = time.monotonic() + 20
        while True:
            try:
                said = json.loads(get(port, "/readyz"))
                break
            except OSError:
                assert time.monotonic() < end
        assert said["database"] == "ok"
        family += psutil.Process(up.pid).children(recursive=True)
    finally:
        up.send_signal(signal.SIGTERM)
        up.communicate(timeout=40)
    assert up.returncode == 0
    assert not [one for one in set(family) if one.is_running()]


def test_a_busy_port_is_told_in_one_sentence(tmp_path):
    with socket.socket() as busy:
        busy.bind(("127.0.0.1", 0))
        busy.listen()
        up = start(tmp_path / "data", busy.getsockname()[1])
        said, _ = up.communicate(timeout=60)
    assert up.returncode == 1
    assert "is in use by another program" in said
    assert "Traceback" not in said


def test_a_killed_supervisor_takes_its_processes_with_it(tmp_path, port):
    up = start(tmp_path / "data", port)
    wait_for(up, "Ctrl-C stops it")
    family = psutil.Process(up.pid).children(recursive=True)
    up.kill()
    up.communicate(timeout=20)
    _, alive = psutil.wait_procs(family, timeout=20)
    assert [one for one in alive if one.status() != psutil.STATUS_ZOMBIE] == []
