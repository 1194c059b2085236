"""Knows how to ask one address many times: wrk where there is one, else a small client of our own.

Loopback only, bounded in time, and it says so when an answer was not a 200.
"""

from __future__ import annotations

import http.client
import re
import shutil
import statistics
import subprocess
import tempfile
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

_REPORT = """
done = function(summary, latency, requests)
  local e = summary.errors
  io.write(string.format("RESULT %d %d %d %d %d\\n", summary.requests, summary.duration,
    latency:percentile(50), latency:percentile(95),
    e.status + e.connect + e.read + e.write + e.timeout))
end
"""


@dataclass(frozen=True)
class Load:
    """What one address stood: requests a second, milliseconds at p50 and p95, failed requests."""

    rps: float
    p50: float
    p95: float
    failed: int


def press(url: str, *, cookie: str = "", clients: int = 1, seconds: float = 5) -> Load:
    """Ask ``url`` for ``seconds`` with ``clients`` at once, after a short warm-up."""
    if urlsplit(url).hostname != "127.0.0.1":
        raise ValueError("Only this machine may be measured.")
    with_wrk = shutil.which("wrk") is not None
    run = _wrk if with_wrk else _threads
    run(url, cookie, min(clients, 4), 1)
    return run(url, cookie, clients, seconds)


def _wrk(url: str, cookie: str, clients: int, seconds: float) -> Load:
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder) / "report.lua"
        script.write_text(_REPORT)
        command = ["wrk", "-t1", f"-c{clients}", f"-d{max(1, round(seconds))}s", "--timeout", "20s"]
        command += ["-s", str(script), "-H", f"Cookie: {cookie}", url]
        said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    requests, micros, p50, p95, failed = map(int, re.search(r"RESULT (.*)", said)[1].split())
    return Load(requests / micros * 1e6, p50 / 1000, p95 / 1000, failed)


def _threads(url: str, cookie: str, clients: int, seconds: float) -> Load:
    parts, times, failed = urlsplit(url), [], []
    end = time.monotonic() + seconds

    def ask() -> None:
        connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=20)
        while time.monotonic() < end:
            begun = time.perf_counter()
            connection.request("GET", parts.path or "/", headers={"Cookie": cookie})
            answer = connection.getresponse()
            answer.read()
            times.append((time.perf_counter() - begun) * 1000)
            if answer.status != 200:
                failed.append(answer.status)

    threads = [threading.Thread(target=ask) for _ in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return Load(len(times) / seconds, *percentiles(times), len(failed))


def percentiles(times: list[float]) -> tuple[float, float]:
    """p50 and p95 of some milliseconds."""
    ordered = sorted(times)
    return statistics.median(ordered), ordered[min(len(ordered) - 1, int(len(ordered) * 0.95))]


def median(loads: list[Load]) -> Load:
    """The middle of several runs, value by value; failures are summed."""
    return Load(
        statistics.median(load.rps for load in loads),
        statistics.median(load.p50 for load in loads),
        statistics.median(load.p95 for load in loads),
        sum(load.failed for load in loads),
    )
