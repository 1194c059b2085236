"""The machinery of the browser tests: the site is served as delivered, and complaints are heard."""

from __future__ import annotations

import re

import pytest

from tests.browser.conftest import Complaints, look


def test_the_front_door_opens_for_a_visitor(community, visit):
    for phone, dark in ((True, False), (False, True)):
        page = visit(phone=phone, dark=dark)
        answer = page.goto("/")
        assert answer.status == 200
        assert "require-trusted-types-for" in answer.headers["content-security-policy"]
        named = [link.get_attribute("href") for link in page.locator("link[rel=stylesheet]").all()]
        assert re.fullmatch(r"/static/css/site\.[0-9a-f]{12}\.css", named[0])
        sprites = page.locator("svg use").first.get_attribute("href")
        assert re.match(r"/static/img/\w+\.[0-9a-f]{12}\.svg#", sprites)
        look(page, f"home-{'phone' if phone else 'desktop'}-{'dark' if dark else 'light'}")


def test_a_complaint_is_heard(community, chromium, site):
    """The collector can fail: an inline script against the policy, another site, an error."""
    heard = Complaints()
    context = chromium.new_context(base_url=site)
    heard.listen(context, site)
    page = context.new_page()
    page.goto("/")
    page.evaluate(
        "() => { const p = document.createElement('p'); document.body.append(p);"
        " p.setAttribute('style', 'color: red');"
        " try { p.innerHTML = '<b>x</b>'; p.setAttribute('onclick', 'x()'); } catch {}"
        " const i = new Image(); i.src = 'http://localhost:1/other.png';"
        " setTimeout(() => { throw new Error('broken'); }); }"
    )
    page.wait_for_timeout(500)
    context.close()
    everything = " ".join(heard.said)
    for word in ("policy:", "another site:", "broken"):
        assert word in everything


def test_axe_finds_what_is_planted(community, visit):
    page = visit()
    page.goto("/")
    page.evaluate(
        "() => { const i = document.createElement('input'); i.type = 'text';"
        " document.querySelector('main').append(i); }"
    )
    with pytest.raises(AssertionError, match="axe on planted"):
        look(page, "planted")
