"""In a real browser, without a content policy to save us, hostile text runs and loads nothing."""

from __future__ import annotations

from typing import Any

from community import prose
from tests.community.xss import CORPUS, TOKEN

SITE = "http://community.test"
FOUND = """() => ({
  ran: "__pwn" in window,
  schemes: [...document.links].map((link) => link.protocol),
  hooks: document.querySelectorAll(
    "[id], [name], [style], [onclick], [onerror], [onload], [hx-get], [data-hx-get], [srcset]"
  ).length,
  tags: [...document.body.querySelectorAll("*")].map((one) => one.localName),
  outside: document.body.children.length,
})"""
ALIEN = {"script", "style", "iframe", "object", "embed", "form", "input", "button", "svg", "math"}


class Upload:
    width, height, alt = 640, 400, "The boiler"

    def url(self, rendition: str = "medium") -> str:
        return f"/media/{TOKEN}/{rendition}/"


def test_hostile_text_runs_and_loads_nothing(chromium: Any) -> None:
    page = chromium.new_page()
    asked, dialogs, shown = [], [], {"html": ""}

    def answer(route: Any) -> None:
        if route.request.url == f"{SITE}/":
            body = f"<!doctype html><meta charset=utf-8><title>x</title><div>{shown['html']}</div>"
            route.fulfill(body=body, content_type="text/html; charset=utf-8")
        else:
            asked.append(route.request.url)
            route.abort()

    page.route("**/*", answer)
    page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    for payload in CORPUS:
        text = f"{payload}\n\n> {payload}\n\n@ada ![{payload[:80]}](media:{TOKEN})"
        shown["html"] = prose.render(text, people={"ada": (7, payload)}, media={TOKEN: Upload()})
        asked.clear()
        page.goto(f"{SITE}/")
        found = page.evaluate(FOUND)
        assert not found["ran"], payload
        assert not dialogs, payload
        assert found["hooks"] == 0, payload
        assert found["outside"] == 1, payload
        assert ALIEN.isdisjoint(found["tags"]), payload
        assert set(found["schemes"]) <= {"http:", "https:", "mailto:"}, payload
        # A link that leads to this host is one of ours; nothing but our own picture is loaded.
        assert {address for address in asked if not address.endswith("/favicon.ico")} <= {
            f"{SITE}/media/{TOKEN}/medium/"
        }, payload
    page.close()
