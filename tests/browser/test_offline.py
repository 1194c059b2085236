"""Without a line: the page that the service worker keeps, and the way back."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import look

CONTROLLED = """new Promise((done) => {
  const worker = navigator.serviceWorker;
  if (worker.controller) done();
  else worker.addEventListener("controllerchange", () => done());
})"""


@pytest.mark.parametrize(
    ("language", "words"), [("en", "You are offline"), ("es", "No tienes conexión")]
)
def test_a_page_that_cannot_come_says_so_and_comes_back(visit, north, ada, language, words):
    ada.language = language
    ada.save(update_fields=["language"])
    page = visit(ada, phone=True, language=language, worker=True)
    page.goto("/")
    page.evaluate(CONTROLLED)
    page.context.set_offline(True)
    page.goto("/groups/")
    heading = page.get_by_role("heading", level=1)
    expect(heading).to_contain_text(words)
    assert ada.name not in page.content(), "what stays on a phone says nobody's name"
    assert "Atkinson" in heading.evaluate("e => getComputedStyle(e).fontFamily"), "styled"
    look(page, f"offline-{language}")
    page.context.set_offline(False)
    page.locator("main a.btn").click()
    expect(page.locator("main h1")).not_to_contain_text(words)
    assert page.url.endswith("/groups/")
