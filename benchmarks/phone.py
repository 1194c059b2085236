"""The site on a telephone, in the system's Chromium: what a first visit weighs, how soon it shows.

The slow telephone has a quarter of this machine's speed, 1.6 Mbit/s and answers after 150 ms.
"""

from __future__ import annotations

import contextlib
import statistics
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from benchmarks.stage import Stage, served, stage

FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
RUNS = 5
SLOWER = 4
LINE = {"latency": 150, "throughput": 1_600_000 / 8}
# The browser's own measures; of shifts those without a touch before them, as the metric has it.
WATCH = """
window.seen = { lcp: 0, cls: 0, inp: 0 };
const look = (type, take, more = {}) => new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) take(entry);
}).observe({ type, buffered: true, ...more });
look("largest-contentful-paint", (entry) => { seen.lcp = entry.startTime; });
look("layout-shift", (entry) => { if (!entry.hadRecentInput) seen.cls += entry.value; });
look("event", (entry) => {
  if (entry.interactionId) seen.inp = Math.max(seen.inp, entry.duration);
}, { durationThreshold: 16 });
"""
# What a thumb does first on each page.
TOUCHED = "main button[aria-pressed], main [popovertarget], main summary, header [popovertarget]"


def first_visit(folder: Path) -> dict:
    """Bytes on the wire of a cold visit to the visitor's home."""
    with _site(folder) as (_on, site), _chromium() as browser:
        page = _page(browser)
        devtools = page.context.new_cdp_session(page)
        devtools.send("Network.enable")
        kinds: dict[str, str] = {}
        sizes: dict[str, float] = {}
        devtools.on(
            "Network.responseReceived",
            lambda event: kinds.__setitem__(event["requestId"], event["type"]),
        )
        devtools.on(
            "Network.loadingFinished",
            lambda event: sizes.__setitem__(event["requestId"], event["encodedDataLength"]),
        )
        page.goto(site, wait_until="load")
        page.wait_for_timeout(1500)
    by_kind: dict[str, float] = {}
    for request, size in sizes.items():
        kind = kinds.get(request, "Other")
        by_kind[kind] = by_kind.get(kind, 0) + size / 1024
    return {
        "css_js_gzip": round(by_kind.get("Stylesheet", 0) + by_kind.get("Script", 0), 1),
        "total": round(sum(by_kind.values()), 1),
        "requests": len(sizes),
        "unit": "KiB",
    }


def phone(folder: Path) -> dict:
    """Largest paint (s), shift, and slowest touch (ms) of cold visits by a slow telephone."""
    with _site(folder) as (on, site), _chromium() as browser:
        inside = on.ask_inside()
        pages = {"visitor": ("/", "")}
        pages |= {name: (one["address"], inside["cookie"]) for name, one in inside["pages"].items()}
        found = {}
        for name, (address, cookie) in pages.items():
            runs = [_visited(browser, site, address, cookie) for _ in range(RUNS)]
            middle = {key: statistics.median(run[key] for run in runs) for key in runs[0]}
            found[name] = {
                "lcp_s": round(middle["lcp"] / 1000, 2),
                "cls": round(middle["cls"], 3),
            }
            if middle["inp"]:  # pages on which there is nothing to touch but links
                found[name]["inp_ms"] = round(middle["inp"])
        return found


def _visited(browser: Any, site: str, address: str, cookie: str) -> dict[str, float]:
    page = _page(browser)
    try:
        if cookie:
            name, value = cookie.split(";")[0].split("=", 1)
            page.context.add_cookies([{"name": name, "value": value, "url": site}])
        devtools = page.context.new_cdp_session(page)
        devtools.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
        devtools.send("Network.enable")
        devtools.send(
            "Network.emulateNetworkConditions",
            {
                "offline": False,
                "latency": LINE["latency"],
                "downloadThroughput": LINE["throughput"],
                "uploadThroughput": LINE["throughput"],
            },
        )
        page.add_init_script(WATCH)
        page.goto(site + address, wait_until="load")
        page.wait_for_timeout(1500)
        lasting = page.evaluate("() => ({ ...window.seen })")
        for touched in page.locator(TOUCHED).all()[:12]:
            if touched.is_visible():
                touched.tap()
                break
        page.wait_for_timeout(800)
        return {**lasting, "inp": page.evaluate("() => window.seen.inp")}
    finally:
        page.context.close()


@contextlib.contextmanager
def _site(folder: Path) -> Iterator[tuple[Stage, str]]:
    """With the compression that is the front server's work elsewhere."""
    with stage(folder / "peers", size="peers") as on:
        packed = replace(on, env={**on.env, "COMPRESS": "1"})
        with served(packed) as site:
            yield packed, site


@contextlib.contextmanager
def _chromium() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path="/usr/bin/chromium", args=FLAGS)
        try:
            yield browser
        finally:
            browser.close()


def _page(browser: Any) -> Any:
    context = browser.new_context(
        viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True
    )
    return context.new_page()
