"""The edges of every page: narrow windows, large text, reading from the right, paper, few colours.

Walks the access table, so that a new address is looked at without a line here.
"""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.db import transaction
from playwright.sync_api import expect

from community.models import Member, Membership, Report, Rule
from tests import factories
from tests.browser.conftest import look
from tests.browser.edges import faults
from tests.shape import test_access as table
from tests.world import finish, make_world

# What a person reads; the rest is for programs. The style guide shows parts that no page has so.
NO_PAGE = re.compile(
    r"\.(xml|css|png|svg|js|webmanifest)$|^/(media|healthz|readyz|styleguide|notices/count)"
)
FIRST = ("ada", "ben", "ruth", "mo", "cleo", "guest")

# name: width, size of text, direction
PHONES = {
    "320 px": (320, "", "ltr"),
    "320 px from the right": (320, "", "rtl"),
    "a phone with text at 200 %": (390, "200%", "ltr"),
}
DESKS = {
    "a desk with text at 200 %": (1280, "200%", "ltr"),
    "a desk from the right": (1280, "", "rtl"),
    "a tablet": (820, "", "ltr"),
}
LAY_OUT = """([size, dir]) => {
  const page = document.documentElement;
  page.style.fontSize = size;
  page.dir = dir;
  return new Promise(requestAnimationFrame);
}"""


@pytest.fixture
def pages(db: None) -> list[tuple[Member | None, list[str]]]:
    """Every page of the access table, with somebody who may open it."""
    with transaction.atomic():
        world = finish(make_world(spaces=("open", "closed", "secret")))
        words = table._words(world)
    found: dict[str, list[str]] = {}
    for row in table.ROWS:
        who = next((who for who in FIRST if row.statuses[table.WHO.index(who)] == 200), None)
        if row.method == "GET" and who and not NO_PAGE.search(row.address):
            found.setdefault(who, []).append(row.address.format(**words))
    people = {who: None if who == "guest" else world.people[who] for who in found}
    assert sum(map(len, found.values())) >= 100, "the walk is too short to mean something"
    return [(people[who], addresses) for who, addresses in found.items()]


@pytest.mark.parametrize(
    ("phone", "layouts"), [(True, PHONES), (False, DESKS)], ids=["a dark phone", "a light desk"]
)
def test_every_page_is_sound_and_nothing_sticks_out_or_is_cut_off(visit, pages, phone, layouts):
    found = []
    for member, addresses in pages:
        page = visit(member, phone=phone, dark=phone)
        as_it_came = page.viewport_size
        for address in addresses:
            page.set_viewport_size(as_it_came)
            page.goto(address)
            look(page, f"edges{address.replace('/', '-')}{'phone' if phone else 'desk'}")
            for name, (width, size, direction) in layouts.items():
                page.set_viewport_size({"width": width, "height": 800})
                page.evaluate(LAY_OUT, [size, direction])
                found += [f"{address} on {name}: {fault}" for fault in faults(page)]
    assert found == [], "\n".join(found)


@pytest.mark.parametrize("phone", [True, False], ids=["phone", "desk"])
def test_what_sticks_out_is_found(visit, north, ben, phone):
    """The measure can fail."""
    page = visit(ben, phone=phone)
    page.goto("/me/")
    if phone:
        page.set_viewport_size({"width": 320, "height": 800})
    assert faults(page) == []
    page.evaluate(
        "() => { const b = document.createElement('button'); b.textContent = 'x'.repeat(300);"
        " b.style.whiteSpace = 'nowrap'; document.querySelector('main').append(b);"
        " const p = document.createElement('p'); p.textContent = 'y'.repeat(300); p.style.cssText ="
        " 'inline-size: 20px; overflow: hidden; white-space: nowrap';"
        " document.querySelector('main').append(p); }"
    )
    told = " ".join(faults(page))
    assert "px too wide" in told
    assert "cut off sideways" in told


def test_read_from_the_right_the_frame_is_mirrored(visit, north, ben):
    page = visit(ben)
    page.goto("/")
    page.evaluate("document.documentElement.dir = 'rtl'")
    at = "selector => document.querySelector(selector).getBoundingClientRect().left"
    assert page.evaluate(at, ".side") > page.evaluate(at, ".main") > page.evaluate(at, ".aside")
    page.locator('[popovertarget="me-menu"]').click()
    menu = page.locator("#me-menu").bounding_box()
    assert menu["x"] >= 0
    assert menu["x"] + menu["width"] <= 1280
    page.goto("/me/")
    page.evaluate("document.documentElement.dir = 'rtl'")
    arrow = page.locator("main svg.flip").first
    assert arrow.evaluate("arrow => getComputedStyle(arrow).scale") == "-1 1"


def test_on_paper_there_is_what_was_written_and_no_navigation(visit, north, ada, ben):
    topic = factories.make_topic(north, by=ben, title="The boiler", text="Nine days.")
    factories.make_comment(topic, by=ada, text="Thank you.")
    page = visit(ben, dark=True)
    page.emulate_media(media="print")
    for address, said in (
        (f"/topics/{topic.pk}/", ["The boiler", "Nine days.", "Thank you."]),
        (north.get_absolute_url(), ["North Side", "The boiler"]),
        (f"{north.get_absolute_url()}about/", ["North Side"]),
        ("/me/record/", ["My record", "So that people know whom they"]),
    ):
        page.goto(address)
        printed = page.inner_text("main")
        for words in said:
            assert words in printed, f"{address}: {words}"
        shown = page.locator(
            "nav:visible, button:visible, input:not([type=hidden]):visible, textarea:visible,"
            " .btn:visible, .top:visible, .foot:visible, .toasts > *:visible"
        )
        assert shown.count() == 0, f"{address}: {shown.first.evaluate('e => e.outerHTML')[:200]}"
        assert page.evaluate("getComputedStyle(document.body).color") == "rgb(0, 0, 0)"
        assert page.evaluate("getComputedStyle(document.body).backgroundColor") in (
            "rgb(255, 255, 255)",
            "rgba(0, 0, 0, 0)",
        )


def test_with_few_colours_what_is_chosen_and_pressed_still_shows(visit, north, ben):
    page = visit(ben, forced_colors="active")
    page.goto("/me/look/")
    edge = "e => { const s = getComputedStyle(e); return [s.outlineStyle, s.borderTopStyle]; }"
    assert page.locator(".choice:has(:checked)").first.evaluate(edge)[0] == "solid"
    assert page.locator(".choice:not(:has(:checked))").first.evaluate(edge) == ["none", "solid"]
    assert page.locator("main .btn").first.evaluate(edge)[1] == "solid"
    page.goto("/groups/")
    assert page.locator(".seg [aria-current]").evaluate(edge)[0] == "solid"
    assert page.locator("main .search").first.evaluate(edge)[1] == "solid"


@pytest.mark.parametrize("less", [True, False])
def test_things_move_only_for_those_who_like_it(visit, north, ben, ada, less):
    page = visit(ben)
    page.emulate_media(reduced_motion="reduce" if less else "no-preference")
    page.goto(f"/people/{ada.pk}/")
    page.evaluate(
        "() => { window.ran = 0; for (const name of ['transitionrun', 'animationstart'])"
        " document.addEventListener(name, event => { const all = event.target.getAnimations();"
        " ran += all.some(one => one.effect.getComputedTiming().duration > 20) ? 1 : 0; }, true); }"
    )
    page.locator('[popovertarget="person-menu"]').click()
    page.locator("#person-menu a[data-sheet]").click()
    page.locator("#sheet form").wait_for()
    page.wait_for_timeout(300)
    assert (page.evaluate("window.ran") == 0) is less


OVER = """() => {
  const box = document.querySelector('#toasts .toast');
  if (!box) return ['no toast'];
  const those = 'main a, main button, main input, main textarea, .fab, .tabbar a';
  return [...document.querySelectorAll(those)]
    .filter(e => e.checkVisibility()).filter(e => {
      const at = e.getBoundingClientRect();
      const x = at.left + at.width / 2, y = at.top + at.height / 2;
      return y > 0 && y < innerHeight && document.elementFromPoint(x, y)?.closest('#toasts');
    }).map(e => e.outerHTML.slice(0, 120));
}"""


def test_a_toast_on_a_phone_covers_no_button(visit, north, ada, ben):
    page = visit(ben, phone=True)
    for address, button in (
        (f"/people/{ada.pk}/", 'form[action$="/mute/"] button'),
        (f"{north.get_absolute_url()}place/", 'main form[action$="/volume/"] .btn'),
    ):
        page.goto(address)
        if "people" in address:
            page.locator('[popovertarget="person-menu"]').tap()
        page.locator(button).first.tap()
        page.locator("#toasts .toast").wait_for()
        assert page.evaluate(OVER) == []
        look(page, "toast-phone")


@pytest.fixture
def rule(community: Any) -> Rule:
    return factories.make_rule("Nobody is shouted at")


@pytest.mark.parametrize("phone", [True, False], ids=["phone", "desk"])
def test_a_report_is_made_over_the_thing_it_is_about(visit, north, ada, ben, rule, phone):
    page = visit(ben, phone=phone, dark=not phone)
    page.goto(f"/people/{ada.pk}/")
    here = page.url
    opener = page.locator('[popovertarget="person-menu"]')
    sheet = page.locator("#sheet")

    def open_it() -> None:
        opener.focus()
        page.keyboard.press("Enter")
        page.locator("#person-menu a[data-sheet]").focus()
        page.keyboard.press("Enter")
        sheet.locator("h1").wait_for()

    open_it()
    expect(sheet.locator("h1")).to_be_focused()
    look(page, f"report-sheet-{'phone' if phone else 'desk'}")
    sheet.locator("textarea").fill("In the stairwell, twice.")
    page.keyboard.press("Escape")
    sheet.wait_for(state="hidden")
    expect(opener).to_be_focused()

    # What was written is still there, and what is missing is said inside.
    open_it()
    assert sheet.locator("textarea").input_value() == "In the stairwell, twice."
    sheet.locator("form").evaluate("form => { form.noValidate = true; }")
    sheet.locator("form button.btn").click()
    sheet.locator(".error").first.wait_for()
    assert page.url == here
    assert sheet.is_visible()
    expect(sheet.locator(":focus")).to_be_visible()
    look(page, f"report-sheet-422-{'phone' if phone else 'desk'}")
    assert sheet.locator("textarea").input_value() == "In the stairwell, twice."

    sheet.locator(f'input[name="rule"][value="{rule.pk}"]').check(force=True)
    sheet.locator('input[name="wish"][value="talk"]').check(force=True)
    sheet.locator("form button.btn").click()
    sheet.locator("#report-sent").wait_for()
    expect(sheet.locator("h1")).to_be_focused()
    look(page, f"report-sheet-sent-{'phone' if phone else 'desk'}")
    assert Report.objects.get().words == "In the stairwell, twice."
    sheet.locator("#report-sent [data-closes]").click()
    sheet.wait_for(state="hidden")
    assert page.url == here
    open_it()
    assert sheet.locator("textarea").input_value() == ""


def test_without_scripts_a_report_has_a_page_of_its_own(visit, north, ada, ben, rule):
    page = visit(ben, script=False)
    page.goto(f"/people/{ada.pk}/")
    assert page.locator("#sheet").is_hidden()
    page.goto(page.locator("#person-menu a[data-sheet]").get_attribute("href"))
    page.locator(f'input[name="rule"][value="{rule.pk}"]').check(force=True)
    page.locator('input[name="wish"][value="talk"]').check(force=True)
    page.locator("main form button.btn").click()
    page.wait_for_url(f"**/reports/{Report.objects.get().pk}/")


def test_one_joins_several_groups_without_losing_the_list(visit, north, ada, cleo):
    south = factories.make_space("South Side", steward=ada, purpose="Warm homes in the south")
    page = visit(cleo)
    page.goto("/groups/")
    here = page.url
    for space in (north, south):
        page.locator(f"#joined-{space.pk} button").click()
        link = page.locator(f"a#joined-{space.pk}")
        expect(link).to_be_focused()
        assert Membership.objects.filter(space=space, member=cleo).exists()
    assert page.url == here
    page.goto(north.get_absolute_url())
    page.locator('[popovertarget^="volume-"]').click()
    page.locator(".menu a[data-sheet]").click()
    sheet = page.locator("#sheet")
    sheet.locator("h1", has_text="Leave North Side?").wait_for()
    sheet.locator("a.btn--quiet").click()
    page.wait_for_url(f"**{north.get_absolute_url()}")
    page.locator('[popovertarget^="volume-"]').click()
    page.locator(".menu a[data-sheet]").click()
    sheet.locator("form button").click()
    page.wait_for_url("**/groups/")
    assert not Membership.objects.filter(space=north, member=cleo).exists()
