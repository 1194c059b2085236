"""The bell in two browsers: what one writes, the other is told of, says why, and can change."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests import factories
from tests.browser.conftest import look
from tests.browser.hands import Pointer

BELL = "a[data-bell]"


def open_and_listening(page, address):
    page.goto(address)
    expect(page.locator("html")).to_have_attribute("data-line", "open", timeout=15_000)
    page.evaluate("window.stayed = true")
    return page


def counts(page, number: int) -> None:
    bell = page.locator(BELL)
    if number:
        expect(bell.locator(".count")).to_have_text(str(number))
        expect(bell).to_have_attribute("aria-label", f"Notices, {number} new")
    else:
        expect(bell.locator(".count:visible")).to_have_count(0)
        expect(bell).to_have_attribute("aria-label", "Notices")


def answer(page, topic, text):
    page.goto(topic.get_absolute_url())
    form = 'form[action$="/comments/add/"]'
    hand = Pointer(page)
    hand.write(f'{form} textarea[name="text"]', text)
    hand.go(f'{form} button[type="submit"]')
    expect(page.get_by_text(text.partition(" ")[2]).first).to_be_visible()


@pytest.mark.parametrize("phone", [True, False], ids=["phone", "desktop"])
def test_somebody_who_is_named_hears_of_it_and_why_and_changes_exactly_that(
    visit, north, ada, ben, phone
):
    boiler = factories.make_topic(north, by=ada, title="The boiler")
    garden = factories.make_topic(north, by=ada, title="The garden")
    hers, his = visit(ada, phone=not phone), visit(ben, phone=phone)
    other_tab = his.context.new_page()
    for page, address in ((his, "/me/"), (other_tab, "/people/")):
        open_and_listening(page, address)
        counts(page, 0)

    answer(hers, boiler, f"@{ben.handle} is it warm at yours?")
    for page in (his, other_tab):
        counts(page, 1)
    answer(hers, boiler, f"@{ben.handle} the landlord is here now.")
    answer(hers, garden, f"@{ben.handle} who waters it?")
    for page in (his, other_tab):
        counts(page, 3)
        assert page.evaluate("window.stayed"), "nothing was loaded again"

    # By thing, with why each came.
    his.locator(BELL).click()
    expect(his.get_by_role("heading", name="Notices", level=1)).to_be_visible()
    expect(his.locator(".notice[data-unread]")).to_have_count(2)
    of_boiler = his.locator(".notice", has_text="The boiler")
    expect(of_boiler.locator("h2")).to_contain_text("Ada Mensah named you in “The boiler”")
    expect(of_boiler.locator(".notice__also li")).to_have_count(1)
    look(his, f"bell-list-{'phone' if phone else 'desktop'}")
    of_boiler.locator(".meta .quiet-link").click()
    expect(his.locator("main")).to_contain_text("You get this because you were named")
    look(his, f"bell-why-{'phone' if phone else 'desktop'}")

    # Exactly that is changed, and nothing else.
    his.get_by_role("button", name="Nothing more of this conversation").click()
    expect(his.locator("#toasts")).to_be_visible()
    expect(his.locator("html")).to_have_attribute("data-line", "open", timeout=15_000)
    answer(hers, boiler, f"@{ben.handle} it is warm again.")
    answer(hers, garden, f"@{ben.handle} and who weeds it?")
    counts(his, 4)
    counts(other_tab, 4)

    # Reading on one page counts down on the other, and back.
    his.goto("/notices/")
    of_garden = his.locator(".notice", has_text="The garden")
    of_garden.get_by_role("button", name="Mark as read").click()
    expect(his.locator("#toasts")).to_contain_text("2 notices are read.")
    counts(his, 2)
    counts(other_tab, 2)
    his.locator("#toasts").get_by_role("button", name="Undo").click()
    expect(his.locator(".notice[data-unread]")).to_have_count(2)
    counts(his, 4)
    counts(other_tab, 4)
    his.get_by_role("button", name="Mark all as read").click()
    expect(his.locator(".notice[data-unread]")).to_have_count(0)
    counts(his, 0)
    counts(other_tab, 0)
    assert other_tab.evaluate("window.stayed"), "nothing was loaded again"


def test_what_is_changed_is_changed_back_with_undo(visit, north, ada, ben):
    boiler = factories.make_topic(north, by=ada, title="The boiler")
    page = visit(ben)
    factories.make_comment(boiler, by=ada, text=f"@{ben.handle} is it warm?")
    page.goto("/notices/")
    page.get_by_role("button", name="Hear less like this").click()
    page.get_by_role("button", name="Nothing more of this conversation").click()
    page.locator("#toasts").get_by_role("button", name="Undo").click()
    factories.make_comment(boiler, by=ada, text=f"@{ben.handle} is it warm now?")
    page.reload()
    counts(page, 2)


def test_what_was_told_while_the_line_was_away_is_counted_when_it_is_back(
    visit, north, ada, ben, complaints
):
    boiler = factories.make_topic(north, by=ada, title="The boiler")
    page = open_and_listening(visit(ben), "/me/")
    page.context.set_offline(True)
    page.evaluate("dispatchEvent(new Event('offline'))")
    expect(page.locator("html")).not_to_have_attribute("data-line", "open")
    factories.make_comment(boiler, by=ada, text=f"@{ben.handle} is it warm?")
    page.context.set_offline(False)
    page.evaluate("dispatchEvent(new Event('online'))")
    counts(page, 1)
    complaints.said[:] = [one for one in complaints.said if "INTERNET_DISCONNECTED" not in one]


def test_an_open_list_of_notices_says_that_more_came_and_shows_it(visit, north, ada, ben):
    topic = factories.make_topic(north, by=ada, title="The boiler")
    hers, his = visit(ada), visit(ben, phone=True)
    open_and_listening(his, "/notices/")
    more = his.get_by_role("link", name="Show what just came")
    expect(more).to_be_hidden()
    answer(hers, topic, f"@{ben.handle} is it warm at yours?")
    expect(more).to_be_visible()
    assert his.evaluate("window.stayed"), "what is read stays where it is"
    look(his, "notices-more")
    more.click()
    expect(his.locator(".notice")).to_have_count(1)
    expect(more).to_be_hidden()
