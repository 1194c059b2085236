"""Knows what chat costs at its worst: one room, five hundred pages, what is said reaches all.

The whole path is measured: a frame comes in, the session's member is asked for, the message is
stored, drawn and handed to every socket. Beside it, on the same uvicorn, a loop over raw sockets.
Both are also told in processor time for one message, which holds on a busy machine, too.
"""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import psutil

from benchmarks.stage import ROOT, Stage, free_port, stage
from config import embedded

SOCKETS, RATE, SECONDS, RUNS = 500, 20, 5, 3
LETTERS = 60
HELD = (500, 2_000)
A_PERSON = 5
"""So many pages one person may have open."""
SETTLE_SECONDS = 8
MEMORY_MIB = 512


class Served(NamedTuple):
    port: int
    pid: int


def fanout(folder: Path) -> dict:
    """500 sockets in a room: deliveries a second, and how late they are at 20 messages a second."""
    with stage(folder / "peers", size="peers") as on:
        room = json.loads(on.run("benchmarks.members", str(SOCKETS // 5)))
        behind = {
            "postgres": [embedded.Postgres(on.data).pid()],
            "valkey": [embedded.Valkey(on.data).pid()],
        }
        found: dict[str, list[dict]] = {"one": [], "two": [], "raw": []}
        with _live(on) as one, _live(on) as other, _raw() as raw:
            for _ in range(RUNS):
                found["raw"].append(_crowd([raw]))
                found["one"].append(_crowd([one], behind, **room))
                found["two"].append(_crowd([one, other], behind, **room))
        return _told(found)


def _told(found: dict[str, list[dict]]) -> dict:
    missing = sum(
        run[part]["of"] - run[part]["heard"]
        for runs in found.values() for run in runs for part in ("paced", "saturated")
    )  # fmt: skip
    return {
        "sockets": SOCKETS,
        "per_s": _middle(found["one"], "saturated", "per_s"),
        "p50": _middle(found["one"], "paced", "p50"),
        "p99": _middle(found["one"], "paced", "p99"),
        "raw_per_s": _middle(found["raw"], "saturated", "per_s"),
        "raw_p99": _middle(found["raw"], "paced", "p99"),
        "of_raw": _shares(found["one"], found["raw"], _rate),
        "of_raw_processor": _shares(found["raw"], found["one"], _ran),
        "two_per_s": _middle(found["two"], "saturated", "per_s"),
        "two_p99": _middle(found["two"], "paced", "p99"),
        "two_of_raw": _shares(found["two"], found["raw"], _rate),
        "missing": missing,
        "one_ms": _ms(found["one"]),
        "two_ms": _ms(found["two"]),
        "raw_ms": _ms(found["raw"]),
    }


def _rate(run: dict) -> float:
    return run["saturated"]["per_s"]


def _ran(run: dict) -> float:
    """Milliseconds that the process with the sockets ran for one message."""
    return run["saturated"]["ms"]["live"]


def _shares(runs: list[dict], others: list[dict], told: Callable[[dict], float]) -> list[float]:
    """Each run as a part of the one beside it, the smallest first."""
    return sorted(round(told(a) / told(b), 2) for a, b in zip(runs, others, strict=True))


def _ms(runs: list[dict]) -> dict[str, float]:
    """Processor time of each process for one message, in the middle run."""
    names = runs[0]["saturated"]["ms"]
    return {
        name: sorted(run["saturated"]["ms"][name] for run in runs)[len(runs) // 2] for name in names
    }


def _middle(runs: list[dict], part: str, key: str) -> float:
    return sorted(run[part][key] for run in runs)[len(runs) // 2]


def _crowd(at: list[Served], behind: dict[str, list] | None = None, **plan: object) -> dict:
    plan = _plan(at, watched={"live": [one.pid for one in at], **(behind or {})}, **plan)
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.crowd"],
        cwd=ROOT, input=json.dumps(plan) + "\n", capture_output=True, text=True,
    )  # fmt: skip
    if done.returncode:
        raise SystemExit(f"The crowd did not come together: {done.stderr[-500:]}")
    return json.loads(done.stdout)


def _plan(at: list[Served], **more: object) -> dict:
    return {
        "url": f"http://127.0.0.1:{at[0].port}/ws/", "ports": [one.port for one in at],
        "cookies": [], "room": None, "sockets": SOCKETS, "speakers": 100, "rate": RATE,
        "seconds": SECONDS, "letters": LETTERS, "hold": False, "watched": {}, **more,
    }  # fmt: skip


def sockets(folder: Path) -> dict:
    """What open sockets cost a `live` process in memory, each signed in and in a room."""
    with stage(folder / "sockets", size="peers") as on, contextlib.ExitStack() as crowds:
        room = json.loads(on.run("benchmarks.members", str(HELD[-1] // A_PERSON)))
        live = crowds.enter_context(_live(on))
        process = psutil.Process(live.pid)
        held, mib, ran = [0], [process.memory_info().rss / 2**20], 0.0
        for number in HELD:
            people = slice(held[-1] // A_PERSON, number // A_PERSON)
            plan = _plan([live], sockets=number - held[-1], hold=True, **room)
            begun = process.cpu_times()
            crowds.enter_context(_held(plan | {"cookies": room["cookies"][people]}))
            ran += sum(process.cpu_times()[:2]) - sum(begun[:2])
            held.append(number)
            mib.append(process.memory_info().rss / 2**20)
    each = (mib[-1] - mib[1]) / (held[-1] - held[1])
    return {
        "held": held,
        "mib": [round(one, 1) for one in mib],
        "kib_each": round(each * 1024, 1),
        "in_512_mib": int(held[1] + (MEMORY_MIB - mib[1]) / each),
        "ms_to_open": round(ran / held[-1] * 1000, 2),
    }


@contextlib.contextmanager
def _held(plan: dict) -> Iterator[None]:
    """A crowd that comes together and waits. Stops the run where one of it was sent away."""
    crowd = subprocess.Popen(
        [sys.executable, "-m", "benchmarks.crowd"],
        cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    print(json.dumps(plan), file=crowd.stdin, flush=True)
    if not crowd.stdout.readline():
        raise SystemExit("The crowd did not come together.")
    time.sleep(SETTLE_SECONDS)
    try:
        yield
    finally:
        told = json.loads(crowd.communicate("\n", timeout=60)[0])
    if told["lost"]:
        raise SystemExit(f"{told['lost']} sockets were lost.")


@contextlib.contextmanager
def _live(on: Stage, **more: str) -> Iterator[Served]:
    port = free_port()
    env = {**on.env, "LIVE_PORT": str(port), "DB_POOL": "8", **more}
    with _process([sys.executable, "-m", "config.live"], env, port) as pid:
        yield Served(port, pid)


@contextlib.contextmanager
def _raw() -> Iterator[Served]:
    port = free_port()
    command = [
        sys.executable, "-m", "uvicorn", "benchmarks.raw:application", "--port", str(port),
        "--lifespan", "off", "--log-level", "error", "--ws-per-message-deflate", "false",
    ]  # fmt: skip
    with _process(command, None, port) as pid:
        yield Served(port, pid)


@contextlib.contextmanager
def _process(command: list[str], env: dict[str, str] | None, port: int) -> Iterator[int]:
    process = subprocess.Popen(command, cwd=ROOT, env=env)
    try:
        _wait_for_port(port)
        yield process.pid
    finally:
        process.terminate()
        process.wait(30)


def _wait_for_port(port: int) -> None:
    import socket

    end = time.monotonic() + 60
    while time.monotonic() < end:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.05)
    raise TimeoutError(f"Nobody listens on {port}.")
