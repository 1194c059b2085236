"""Knows what is measured: each function is one part of the report, by the name ``ONLY`` uses."""

from __future__ import annotations

import contextlib
import http.client
import json
import re
import signal
import statistics
import subprocess
import sys
import time
from collections.abc import Iterable
from functools import partial
from pathlib import Path
from urllib.parse import quote, urlencode, urlsplit

from benchmarks import load, turns
from benchmarks.fanout import fanout, sockets
from benchmarks.flood import flood
from benchmarks.phone import first_visit, phone
from benchmarks.stage import ROOT, Stage, free_port, served, stage, wait_for
from benchmarks.talk import talk

RUNS = 3
SECONDS = 3
GROWTH = [2_000, 200_000, 1_000_000]
GROWTH_SECONDS = 2


def pages(folder: Path) -> dict:
    """The main pages, signed in, with 1 and 16 clients, beside bare Django on the same server."""
    with stage(folder / "peers", size="peers") as on:
        inside = on.ask_inside()
        found = {}
        with served(on) as site, served(on, "benchmarks.bare") as bare:
            plain = {"bare_one_query": f"{bare}/one/", "bare_list": f"{bare}/rows/"}
            ours = {name: site + page["address"] for name, page in inside["pages"].items()}
            urls = {**plain, **ours}
            runs: dict[str, list] = {name: [] for name in urls}
            for _ in range(RUNS):  # in turn: what the machine does besides meets all of them
                for name, url in urls.items():
                    cookie = "" if name in plain else inside["cookie"]
                    runs[name].append(
                        [
                            load.press(url, cookie=cookie, clients=clients, seconds=SECONDS)
                            for clients in (1, 16)
                        ]
                    )
        for name, pressed in runs.items():
            found[name] = {} if name in plain else dict(inside["pages"][name])
            found[name].update(_told(pressed))
            if name in ours:
                shares = [
                    many.rps / bare.rps
                    for (_, many), (_, bare) in zip(pressed, runs["bare_list"], strict=True)
                ]
                found[name]["of_bare_list"] = [round(share, 3) for share in sorted(shares)]
        return found


def _told(pressed: list) -> dict:
    one = load.median([one for one, _ in pressed])
    many = load.median([many for _, many in pressed])
    return {
        "rps1": round(one.rps, 1),
        "rps16": round(many.rps, 1),
        "p50": round(one.p50, 2),
        "p95": round(one.p95, 2),
        "failed": one.failed + many.failed,
    }


def processor(folder: Path, rounds: int = 15) -> dict:
    """What a page costs Python and PostgreSQL, waiting apart: holds on a busy machine, too."""
    with stage(folder / "peers", size="peers") as on:
        inside = on.ask_inside()
        with (
            turns.worker(on.env, ROOT, "benchmarks.bare") as bare,
            turns.worker(on.env, ROOT, "config.wsgi") as ours,
        ):
            takers = {
                name: partial(ours, page["address"], inside["cookie"])
                for name, page in inside["pages"].items()
            }
            rows = partial(bare, "/rows/")
            return turns.measure({"bare_list": rows} | takers, rows, rounds)


def reply(folder: Path, times: int = 150) -> dict:
    """A comment posted without JavaScript: milliseconds from the request to the redirect.

    Several people take turns: one alone would meet the limit of what one person writes at once.
    """
    with stage(folder / "peers", size="peers") as on:
        inside = on.ask_inside()
        with served(on) as site:
            parts = urlsplit(site)
            connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=20)
            address = f"/topics/{inside['topic']}/"
            forms = [_form(connection, address, cookie) for cookie in inside["writers"]]
            took = []
            for number in range(times + 10):
                action, headers, token = forms[number % len(forms)]
                body = urlencode(
                    {
                        "csrfmiddlewaretoken": token,
                        "text": f"Answer number {number}: we come along.",
                    }
                )
                begun = time.perf_counter()
                connection.request(
                    "POST",
                    action,
                    body,
                    {
                        **headers,
                        "Content-Type": "application/x-www-form-urlencoded",
                        "Origin": site,
                        "Referer": site + quote(address),
                    },
                )
                answer = connection.getresponse()
                answer.read()
                took.append((time.perf_counter() - begun) * 1000)
                if answer.status not in (302, 303):
                    raise SystemExit(f"A reply was answered with {answer.status}.")
        p50, p95 = load.percentiles(took[10:])
        return {"p50": round(p50, 2), "p95": round(p95, 2), "times": times}


def _form(
    connection: http.client.HTTPConnection, address: str, cookie: str
) -> tuple[str, dict[str, str], str]:
    """Where a page's form to answer posts to, with which headers and token."""
    headers = {"Cookie": cookie}
    connection.request("GET", address, headers=headers)
    answer = connection.getresponse()
    html = answer.read().decode()
    form = re.search(r'<form[^>]*action="([^"]*/comments/add/)"[^>]*>(.*?)</form>', html, re.S)
    if form is None:
        raise SystemExit("The topic's page has no form to answer with.")
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', form[2])[1]
    set_now = answer.getheader("Set-Cookie") or ""
    if set_now:
        headers["Cookie"] += "; " + set_now.split(";")[0]
    return form[1], headers, token


def growth(folder: Path) -> dict:
    """The same pages with more and more items: p50 and p95 of one client, the sizes in turn, and
    how many times as long as with the fewest."""
    with contextlib.ExitStack() as stack:
        sites = []
        for items in GROWTH:
            on = stack.enter_context(stage(folder / f"growth-{items}", size="large", items=items))
            inside = on.ask_inside()
            sites.append((stack.enter_context(served(on)), inside))
        found: dict[str, list] = {"items": [inside["items"] for _site, inside in sites]}
        for name in sites[0][1]["pages"]:
            runs = [[_pressed(name, *site) for site in sites] for _ in range(RUNS)]
            for what in ("p50", "p95"):
                times = [[getattr(one, what) for one in run] for run in runs]
                found[f"{name}_{what}"] = [_middle(size) for size in zip(*times, strict=True)]
                found[f"{name}_{what}_ratio"] = [
                    _middle(run[place] / run[0] for run in times) for place in range(len(sites))
                ]
    return found


def _pressed(page: str, site: str, inside: dict) -> load.Load:
    address = inside["pages"][page]["address"]
    return load.press(site + address, cookie=inside["cookie"], seconds=GROWTH_SECONDS)


def _middle(numbers: Iterable[float]) -> float:
    return round(statistics.median(numbers), 2)


def memory(folder: Path) -> float:
    """PSS in MiB of all that ``manage.py up --real`` runs, databases included, when idle."""
    import psutil

    with _up(folder / "peers") as process:
        time.sleep(10)
        seen = {process.pid: psutil.Process(process.pid)}
        data = str((folder / "peers").resolve())
        for other in psutil.process_iter():
            with contextlib.suppress(psutil.Error):
                if data in " ".join(other.cmdline()) or other.pid in seen:
                    seen[other.pid] = other
                    seen.update({child.pid: child for child in other.children(recursive=True)})
        for child in psutil.Process(process.pid).children(recursive=True):
            seen[child.pid] = child
        return round(sum(_pss(pid) for pid in seen), 1)


def _pss(pid: int) -> float:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0.0
    return sum(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024


@contextlib.contextmanager
def _up(folder: Path):
    """``manage.py up --real`` on a folder of its own, filled before."""
    with stage(folder, size="peers") as on:
        port = free_port()
        process = subprocess.Popen(
            [sys.executable, "manage.py", "up", "--real"],
            cwd=ROOT,
            env={**on.env, "PORT": str(port), "STATEMENT_TIMEOUT": "5s"},
            stdout=subprocess.DEVNULL,
        )
        try:
            wait_for(f"http://127.0.0.1:{port}/healthz", 90)
            yield process
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(30)


def cold_start(folder: Path) -> float:
    """Seconds from starting the web process to its first page, databases up, files cached."""
    with stage(folder / "peers", size="peers") as on:
        took = []
        for _ in range(RUNS):
            begun = time.monotonic()
            with served(on) as site:
                wait_for(f"{site}/")
                took.append(time.monotonic() - begun)
        return round(sorted(took)[RUNS // 2], 2)


def deliver(folder: Path) -> dict:
    """Telling 100,000 people of one topic, beside one plain INSERT … SELECT of as many rows."""
    with stage(folder / "telling", size="peers") as on:
        return json.loads(on.run("benchmarks.telling"))


PARTS = {
    "pages": pages,
    "processor": processor,
    "reply": reply,
    "fanout": fanout,
    "talk": talk,
    "sockets": sockets,
    "deliver": deliver,
    "flood": flood,
    "memory": memory,
    "cold_start": cold_start,
    "first_visit": first_visit,
    "phone": phone,
    "growth": growth,
}
KEYS = {"memory": "memory_pss_mib", "cold_start": "cold_start_s"}
__all__ = ["KEYS", "PARTS", "RUNS", "Stage"]
