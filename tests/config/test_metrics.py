"""Numbers for a monitor: counted by kind, never by person, on a port of their own."""

from __future__ import annotations

import http.client
import os
import socket
import subprocess
import sys
import time

import pytest

from tests.shape.sources import ROOT

COUNT = """
import os, django
os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
django.setup()
from django.http import HttpResponse
from django.test import RequestFactory
from community.numbers import NumbersMiddleware
seen = NumbersMiddleware(lambda request: HttpResponse(status=int(request.GET["s"])))
for status in (200, 200, 404, 503):
    seen(RequestFactory().get(f"/people/ada-mensah/?q=secret&s={status}"))
"""
pytestmark = pytest.mark.slow


@pytest.fixture
def environment(tmp_path, settings):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    # The servers of these tests; the tables are looked for in the database of this test run.
    return os.environ | {
        "METRICS_PORT": str(port),
        "METRICS_DIR": str(tmp_path / "metrics"),
        "DJANGO_SETTINGS_MODULE": "config.settings",
    }


def ask(port: str, path: str) -> tuple[int, str]:
    connection = http.client.HTTPConnection("127.0.0.1", int(port), timeout=10)
    connection.request("GET", path)
    answer = connection.getresponse()
    return answer.status, answer.read().decode()


def test_two_processes_count_and_a_third_adds_up(environment):
    for _ in range(2):
        subprocess.run([sys.executable, "-c", COUNT], cwd=ROOT, env=environment, check=True)
    server = subprocess.Popen(
        [sys.executable, "manage.py", "metrics"], cwd=ROOT, env=environment | {"TRIAL": "0"}
    )
    try:
        end = time.monotonic() + 30
        while True:
            try:
                status, text = ask(environment["METRICS_PORT"], "/metrics")
                break
            except OSError:
                assert time.monotonic() < end
                time.sleep(0.2)
        assert status == 200
        assert 'tequio_requests_total{app="none",method="GET",status="2xx"} 4.0' in text
        assert 'tequio_requests_total{app="none",method="GET",status="5xx"} 2.0' in text
        assert "tequio_request_seconds_bucket" in text
        assert 'tequio_up{part="valkey"} 1.0' in text
        assert "ada" not in text
        assert "secret" not in text
        assert ask(environment["METRICS_PORT"], "/")[0] == 404
    finally:
        server.terminate()
        server.wait(10)


@pytest.mark.django_db
def test_the_site_itself_has_no_page_of_numbers(client, community):
    assert client.get("/metrics").status_code == 404
