"""Knows how soon what one person does in a room is seen by another: two browsers on one site.

From the key, the click or the sent form in one Chromium until the other has drawn it. Pages,
sockets, the database, Valkey and both browsers share the machine; the demo has filled the room.
"""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from benchmarks import load
from benchmarks.stage import ROOT, free_port, stage, wait_for

TIMES, WARM = 20, 3
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync",
    "--disable-component-update", "--disable-background-timer-throttling",
    "--disable-renderer-backgrounding", "--disable-backgrounding-occluded-windows",
]  # fmt: skip
# Promises the moment at which the page has drawn what the condition asks for.
SEES = """([selector, text]) => {
  const says = (part) => part.textContent.includes(text);
  const is = () => [...document.querySelectorAll(selector)].some(says);
  window.seen = new Promise((done) => {
    const look = () => is() && requestAnimationFrame(() => {
      watch.disconnect();
      done(performance.timeOrigin + performance.now());
    });
    const watch = new MutationObserver(look);
    watch.observe(document.body, {childList: true, subtree: true, characterData: true});
    look();
  });
}"""
# Every key and click that sends something leaves its moment.
NOTES = """() => {
  const now = () => { window.did = performance.timeOrigin + performance.now(); };
  for (const name of ["keydown", "click"]) addEventListener(name, now, true);
}"""
POSTS = """([url, values]) => {
  window.did = performance.timeOrigin + performance.now();
  const body = new URLSearchParams(values);
  const token = document.querySelector("meta[name=csrf-token]").content;
  return fetch(url, {method: "POST", body, headers: {"X-CSRFToken": token}}).then((a) => a.status);
}"""
ANSWERS = """(seq) => {
  const field = document.createElement("input");
  Object.assign(field, {type: "hidden", name: "reply_to", value: seq, className: "say__reply"});
  document.querySelector("form[data-say]").append(field);
}"""


def talk(folder: Path) -> dict:
    """A message, reply, reaction, edit and deletion: milliseconds until the other page shows it."""
    from playwright.sync_api import sync_playwright

    with stage(folder / "peers", size="peers") as on:
        found = json.loads(on.run("benchmarks.members", "2"))
        with _up(on) as site, sync_playwright() as driver:
            browsers = [
                driver.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
                for _ in range(2)
            ]
            pages = [
                _enter(browser, site, found["room"], cookie)
                for browser, cookie in zip(browsers, found["cookies"], strict=True)
            ]
            took = _measured(pages, found["room"])
            for browser in browsers:
                browser.close()
    told = {"times": TIMES}
    for act, times in took.items():
        p50, p95 = load.percentiles(times[WARM:])
        told[act] = {"p50": round(p50, 1), "p95": round(p95, 1), "max": round(max(times[WARM:]), 1)}
    return told


@contextmanager
def _up(on: Any) -> Any:
    """The site as ``manage.py up`` runs it: pages and sockets behind one address."""
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "manage.py", "up"],
        cwd=ROOT, env={**on.env, "PORT": str(port)}, stdout=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        wait_for(f"http://127.0.0.1:{port}/healthz", 90)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)


def _enter(browser: Any, site: str, room: int, cookie: str) -> Any:
    context = browser.new_context(base_url=site, viewport={"width": 1280, "height": 800})
    name, _, value = cookie.partition("=")
    host = urlsplit(site).hostname
    context.add_cookies([{"name": name, "value": value, "domain": host, "path": "/"}])
    context.add_init_script(f"({NOTES})()")
    page = context.new_page()
    page.goto(f"/chat/{room}/")
    page.wait_for_selector("[data-chat][data-joined]", timeout=60_000)
    return page


def _measured(pages: list[Any], room: int) -> dict[str, list[float]]:
    """Both take turns: what one person may write at once is limited."""
    took: dict[str, list[float]] = {}
    for number in range(TIMES + WARM):
        does, sees = pages[number % 2], pages[1 - number % 2]
        for act, took_ms in _turn(does, sees, f"/chat/{room}", number):
            took.setdefault(act, []).append(took_ms)
    return took


def _turn(does: Any, sees: Any, room: str, number: int) -> Iterator[tuple[str, float]]:
    def seen_after(selector: str, text: str, do: Callable[[], Any]) -> float:
        sees.evaluate(SEES, [selector, text])
        do()
        at = sees.evaluate("window.seen")
        took = at - does.evaluate("window.did")
        does.wait_for_timeout(250)
        return took

    said, answer = f"We meet at the gate, number {number}.", f"We bring tea, number {number}."
    yield "message", seen_after(".message__text", said, lambda: _write(does, said))
    seq = sees.locator("#messages li[data-seq]").last.get_attribute("data-seq")
    does.evaluate(ANSWERS, seq)
    yield "reply", seen_after(".message__text", answer, lambda: _write(does, answer))
    row, address = f"#m{seq}", f"{room}/{seq}"
    sees.evaluate(POSTS, [f"{address}/react/", {"emoji": "❤️"}])
    react = does.locator(f"{row} .react")
    yield "reaction", seen_after(f"{row} .react [data-count]", "2", react.click)
    edited = f"We meet at the bridge, number {number}."
    change = [f"{address}/edit/", {"text": edited}]
    yield "edit", seen_after(f"{row} .message__text", edited, lambda: does.evaluate(POSTS, change))
    take = [f"{address}/delete/", {}]
    yield "deletion", seen_after(f"{row} .message__gone", "", lambda: does.evaluate(POSTS, take))


def _write(page: Any, text: str) -> None:
    page.locator("#say-text").fill(text)
    page.locator("#say-text").press("Enter")
