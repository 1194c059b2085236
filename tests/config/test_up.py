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


def start(folder: Path, port: int, *words: str, hashed: str = "0") -> subprocess.Popen:
    clean = {
        name: value
        for name, value in os.environ.items()
        if name not in {"DATABASE_URL", "REDIS_URL", "TRIAL", "STATEMENT_TIMEOUT", "LOCK_TIMEOUT"}
    }
    return subprocess.Popen(
        [sys.executable, "manage.py", "up", *(words or ["--no-demo"])],
        cwd=ROOT,
        env=clean | {"DATA": str(folder), "PORT": str(port), "STATIC_HASHED": hashed},
        start_new_session=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def wait_for(up: subprocess.Popen, words: str) -> str:
    said = ""
    for line in up.stdout:
        said += line
        if words in line:
            return said
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


@pytest.mark.slow
def test_the_first_start_is_all_that_a_newcomer_sees(tmp_path, port):
    """With the demo and statics as they are served: no error, a page, and Ctrl-C ends it all."""
    up = start(tmp_path / "data", port, "--host", "127.0.0.1", hashed="1")
    said = wait_for(up, "Ctrl-C stops it")
    family = psutil.Process(up.pid).children(recursive=True)
    assert "ERROR" not in said
    assert "Traceback" not in said
    assert "@riverside.example" in said
    page = get(port, "/").decode()
    assert "Riverside Tenants" in page
    os.killpg(up.pid, signal.SIGINT)
    said, _ = up.communicate(timeout=40)
    assert "Traceback" not in said
    assert up.returncode in (0, 130)
    assert not [one for one in family if one.is_running()]


def _at_work(family: list[psutil.Process]) -> list[psutil.Process]:
    """Those that have not ended a moment later. What is left of an end nobody has looked at yet
    (``ZOMBIE``) is no process at work: who adopts it may take their time."""
    end = time.monotonic() + 5
    while True:
        alive = [one for one in family if one.is_running() and one.status() != psutil.STATUS_ZOMBIE]
        if not alive or time.monotonic() > end:
            return alive
        time.sleep(0.05)


@pytest.mark.slow
def test_ctrl_c_while_it_prepares_ends_it_in_one_word(tmp_path, port):
    up = start(tmp_path / "data", port, "--host", "127.0.0.1")
    wait_for(up, "Filling the demo community")
    time.sleep(1)
    family = psutil.Process(up.pid).children(recursive=True)
    os.killpg(up.pid, signal.SIGINT)
    said, _ = up.communicate(timeout=40)
    assert said.strip() == "Stopped."
    assert up.returncode == 130
    assert _at_work(family) == []


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
