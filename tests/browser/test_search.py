"""Finding what was said and who to ask: on a phone, at a desk, by keyboard, without JavaScript."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests import factories
from tests.browser.conftest import look

FOUND = re.compile(r"/search/\?q=")


@pytest.fixture
def talk(north, ben, cleo):
    letter = factories.make_topic(
        north,
        by=ben,
        title="Carta de las inquilinas del número 14",
        text="Quienes vivimos aquí pedimos que se arregle la caldera antes del invierno. "
        "Las **inquilinas** del cuarto llevan tres semanas sin agua caliente.",
    )
    factories.make_comment(letter, by=ben, text="Otra inquilina firma: la del segundo.")
    factories.make_topic(
        north, by=ben, title="Evictions on Mill Street", text="Two letters came on Monday."
    )
    factories.make_space("Boiler Fund", steward=ben, purpose="Nobody pays for repairs alone")
    return letter


def test_at_a_desk_by_keyboard_alone(visit, talk, ben):
    page = visit(ben)
    page.goto("/people/")
    page.keyboard.press("/")
    page.keyboard.type("Kleo Ocafor", delay=20)
    person = page.locator("#instant a", has_text="Cleo Okafor")
    expect(person).to_be_visible()
    look(page, "search-instant-desk")
    page.keyboard.press("ArrowDown")
    expect(person).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/people/\d+/$"))
    expect(page.locator("h1")).to_contain_text("Cleo Okafor")
    page.keyboard.press("/")
    page.keyboard.type("boyler found", delay=20)
    expect(page.locator("#instant")).to_contain_text("Boiler Fund")
    page.keyboard.press("Escape")
    expect(page.locator("#instant")).to_be_hidden()
    page.keyboard.press("/")
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type("inquilina", delay=20)
    page.keyboard.press("Enter")
    page.wait_for_url(FOUND)
    found = page.locator("#found article")
    expect(found).to_have_count(2)
    expect(found.locator("mark").first).to_have_text(re.compile("inquilinas?"))
    look(page, "search-found-desk")
    page.get_by_role("link", name="Answers").click()
    expect(found).to_have_count(1)
    look(page, "search-answers-desk")


def test_on_a_phone(visit, talk, ben):
    page = visit(ben, phone=True, dark=True)
    page.goto("/")
    page.get_by_role("link", name="Search", exact=True).tap()
    expect(page.locator("#q")).to_be_focused()
    look(page, "search-empty-phone")
    page.locator("#q").press_sequentially("evicton", delay=20)
    better = page.get_by_role("link", name="evictions", exact=True)
    expect(better).to_be_visible()
    look(page, "search-spelling-phone")
    better.tap()
    expect(page.locator("#found article")).to_have_count(1)
    page.locator("#q").fill("cleo ocafor")
    expect(page.locator("#found")).to_contain_text("Cleo Okafor")
    page.locator("#q").fill("reuniones caldera xyz")
    expect(page.locator("#found")).to_contain_text("Nothing found")
    look(page, "search-nothing-phone")
    page.locator("#q").fill("inquilina")
    expect(page.locator("#found article")).to_have_count(2)
    look(page, "search-found-phone")
    page.locator("#found article a").first.tap()
    expect(page.locator("h1")).to_contain_text("Carta de las inquilinas")


def test_without_javascript(visit, talk, ben):
    page = visit(ben, script=False)
    page.goto("/people/")
    page.locator(".top input[name=q]").fill("inquilina")
    page.keyboard.press("Enter")
    expect(page.locator("#found article")).to_have_count(2)
    page.get_by_role("link", name="Topics").click()
    expect(page.locator("#found article")).to_have_count(1)
    page.locator("select[name=since]").select_option("week")
    page.locator("main form button").click()
    expect(page.locator("#found article")).to_have_count(1)
    assert "kind=groups.topic" in page.url


def test_a_page_that_is_not_there_offers_to_search(visit, talk, ben):
    page = visit(ben)
    page.goto("/nothing/here/")
    page.locator("main input[name=q]").fill("inquilina")
    page.keyboard.press("Enter")
    expect(page.locator("#found article")).to_have_count(2)
