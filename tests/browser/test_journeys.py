"""The ways people go: coming in and speaking, asking and being let in, starting a group.

Each is walked on a phone in the light, at a desk in the dark and in Spanish, with the keyboard
alone, and (where a newcomer may need it) without JavaScript. On the way every page is looked at.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from community.models import (
    JoinRequest,
    Member,
    Membership,
    Notice,
    OutboxMail,
    Ring,
    RingProposal,
    Space,
)
from groups.models import Topic
from tests import factories
from tests.browser.conftest import look
from tests.browser.hands import Keyboard, Pointer

CODE = re.compile(r"^\s*([A-Z0-9]{4}-[A-Z0-9]{4})\s*$", re.MULTILINE)


@dataclass(frozen=True)
class Way:
    """How a journey is walked."""

    name: str
    phone: bool = False
    dark: bool = False
    language: str = "en"
    keyboard: bool = False
    script: bool = True

    def open(self, visit: Callable[..., Any], member: Member | None = None) -> Any:
        return visit(
            member,
            phone=self.phone,
            dark=self.dark,
            language=self.language,
            script=self.script,
        )

    def hand(self, page: Any) -> Pointer:
        return Keyboard(page) if self.keyboard else Pointer(page)

    def look(self, page: Any, step: str) -> None:
        look(page, f"{step}-{self.name}", script=self.script)


PHONE = Way("phone", phone=True)
DESK = Way("desk-dark-es", dark=True, language="es")
KEYS = Way("keys", keyboard=True)
PLAIN = Way("plain-phone-dark-es", phone=True, dark=True, language="es", script=False)
WITH_SCRIPT = [PHONE, DESK, KEYS]
ALL = [*WITH_SCRIPT, PLAIN]


def ways(which: list[Way]) -> Any:
    return pytest.mark.parametrize("way", which, ids=lambda way: way.name)


def code_for(email: str) -> str:
    """The code in the newest mail to an address."""
    mail = OutboxMail.objects.filter(to=email).order_by("-pk").first()
    assert mail is not None, f"no mail to {email}"
    found = CODE.search(mail.body_text)
    assert found, mail.body_text
    return found[1]


def come_in(way: Way, page: Any, email: str, name: str) -> None:
    """From the front door through the code and the first run; the page then shows the groups."""
    hand = way.hand(page)
    if "/accounts/signup/" not in page.url:
        page.goto("/")
        way.look(page, "visitor")
        hand.go('main a[href*="/accounts/signup/"]')
    page.wait_for_url("**/accounts/signup/**")
    way.look(page, "join")
    hand.write('input[name="email"]', email)
    hand.go('main form[action*="signup"] button')
    page.wait_for_url("**/accounts/**/confirm/")
    way.look(page, "code")
    hand.write('input[name="code"]', code_for(email))
    hand.go("main form button")
    page.wait_for_url("**/welcome/**")
    way.look(page, "welcome-1")
    hand.write('input[name="name"]', name)
    hand.go("main form button.btn")
    page.wait_for_url("**/welcome/2/")
    way.look(page, "welcome-2")
    hand.go("main form button.btn")
    page.wait_for_url("**/welcome/3/")
    way.look(page, "welcome-3")
    hand.go("main form button.btn")


@ways(ALL)
def test_a_newcomer_joins_speaks_and_is_answered(way, visit, north, ada, picture):
    page = way.open(visit)
    hand = way.hand(page)
    come_in(way, page, "nina@example.org", "Nina Newman")
    page.wait_for_url("**/welcome/groups/")
    assert page.locator("html").get_attribute("lang") == way.language
    way.look(page, "welcome-groups")
    hand.go(f'form[action$="/groups/{north.slug}/join/"] button')
    if way.script:  # joined in place
        hand.go(f"a#joined-{north.pk}")
    page.wait_for_url(f"**/groups/{north.slug}/")
    way.look(page, "group")

    hand.go(f'main a[href$="/groups/{north.slug}/new/"]')
    page.wait_for_url("**/new/")
    hand.write('input[name="title"]', "Our radiators are cold")
    if way.script:
        hand.type('textarea[name="text"]', "Hello @Ada")
        page.locator("[role=option]").first.wait_for()
        page.keyboard.press("Enter")
        page.keyboard.type("does yours work?")
    else:
        hand.write('textarea[name="text"]', f"Hello @{ada.handle} does yours work?")
    hand.attach('input[type="file"]', picture)
    if way.script:
        page.locator("[data-tiles] img").first.wait_for()
    way.look(page, "new-topic")
    hand.go('#topic-form button[type="submit"]')
    page.wait_for_url("**/topics/*/")
    topic = Topic.objects.get()
    page.locator(f'.prose a[href="/people/{ada.pk}/"], .prose .mention').first.wait_for()
    shown = page.locator('main img[src*="/media/"]').first
    shown.wait_for()
    if way.script:
        page.wait_for_function("e => e.complete && e.naturalWidth > 0", arg=shown.element_handle())
    way.look(page, "topic")

    # Ada is told of it, and answers.
    hers = way.open(visit, ada)
    hers.goto("/notices/")
    way.look(hers, "notices")
    hers.goto(topic.get_absolute_url())
    her_hand = way.hand(hers)
    her_hand.write('form[action$="/comments/add/"] textarea[name="text"]', "Ours are cold too.")
    her_hand.go('form[action$="/comments/add/"] button[type="submit"]')
    hers.get_by_text("Ours are cold too.").first.wait_for()
    way.look(hers, "answered")

    page.goto("/notices/")
    way.look(page, "notices-of-the-newcomer")
    hand.go('main .notice a[href$="/open/"]')
    page.wait_for_url(f"**{topic.get_absolute_url()}**")
    page.get_by_text("Ours are cold too.").first.wait_for()
    page.goto("/")
    page.get_by_text("Our radiators are cold").first.wait_for()
    way.look(page, "today")


@ways(ALL)
def test_somebody_asks_is_let_in_and_sees(way, visit, north, ada, cleo):
    closed = factories.make_space(
        "Night Shift", steward=ada, openness="closed", questions=["Where do you work?"]
    )
    ada.forget()
    factories.make_topic(closed, by=ada, title="Only for us", text="Rotas for March.")
    for member in (ada, cleo):
        Member.objects.filter(pk=member.pk).update(language=way.language)
    page = way.open(visit, cleo)
    hand = way.hand(page)
    page.goto("/groups/")
    way.look(page, "groups")
    hand.go(f'main a[href$="/groups/{closed.slug}/"]')
    page.wait_for_url(f"**/groups/{closed.slug}/")
    assert page.get_by_text("Only for us").count() == 0
    way.look(page, "closed-from-outside")
    hand.go(f'main a[href$="/groups/{closed.slug}/ask/"]')
    page.wait_for_url("**/ask/")
    way.look(page, "ask")
    hand.write('main form [name="answer_0"]', "At the depot, at night.")
    hand.go(f'main form[action$="/groups/{closed.slug}/ask/"] button')
    _until(page, JoinRequest.objects.filter(member=cleo).exists)

    hers = way.open(visit, ada)
    her_hand = way.hand(hers)
    hers.goto("/")
    way.look(hers, "today-of-a-steward")
    hers.goto(f"/groups/{closed.slug}/people/")
    hers.get_by_text("At the depot, at night.").first.wait_for()
    way.look(hers, "requests")
    her_hand.go('form[action$="/accept/"] button')
    held = Membership.objects.filter(space=closed, member=cleo)
    _until(hers, held.exists)
    _until(hers, Notice.objects.filter(member=cleo).exists)  # told once that is committed

    page.goto("/notices/")
    hand.go('main .notice a[href$="/open/"]')
    page.wait_for_url(f"**/groups/{closed.slug}/**")
    hand.go('main a[href^="/topics/"]')
    page.get_by_text("Rotas for March.").first.wait_for()
    way.look(page, "let-in")


@ways(WITH_SCRIPT)
def test_a_steward_starts_a_group_invites_and_moves_somebody_to_the_core(
    way, visit, north, ada, cleo
):
    for member in (ada, cleo):
        Member.objects.filter(pk=member.pk).update(language=way.language)
    page = way.open(visit, ada)
    hand = way.hand(page)
    page.goto("/groups/")
    hand.go('main a[href$="/groups/start/"]')
    page.wait_for_url("**/groups/start/**")
    way.look(page, "start-1")
    hand.write('input[name="name"]', "Warm Homes")
    hand.write('[name="purpose"]', "Heating that works, before winter.")
    hand.go('main form[action*="/groups/start/"] button.btn')
    page.wait_for_url("**/groups/start/2/")
    way.look(page, "start-2")
    hand.choose('input[name="openness"][value="closed"]')
    hand.choose('input[name="join_policy"][value="invite"]')
    hand.go('main form[action*="/groups/start/"] button.btn')
    page.wait_for_url("**/groups/start/3/")
    way.look(page, "start-3")
    hand.go('main form[action*="/groups/start/"] button.btn')
    page.wait_for_url("**/groups/warm-homes/")
    way.look(page, "started")

    hand.go('main a[href$="/groups/warm-homes/invite/"]')
    page.wait_for_url("**/invite/")
    way.look(page, "invite")
    hand.go("#by-link form button.btn")
    link = page.locator("#invitation-link")
    link.wait_for()
    way.look(page, "invite-link")
    address = link.input_value()

    theirs = way.open(visit, cleo)
    their_hand = way.hand(theirs)
    theirs.goto(re.sub(r"^https?://[^/]+", "", address))
    way.look(theirs, "invited")
    their_hand.go('form[action*="/invitations/"] button.btn')
    theirs.wait_for_url("**/groups/warm-homes/**")

    page.goto("/groups/warm-homes/people/")
    way.look(page, "people-and-rings")
    hand.go(f'main a[href$="/people/{cleo.pk}/ring/"]')
    page.wait_for_url("**/ring/")
    way.look(page, "offer")
    hand.choose(f'input[name="ring"][value="{Ring.CORE.value}"]')
    hand.go('main form[action$="/ring/"] button.btn')
    _until(page, RingProposal.objects.filter(member=cleo).exists)

    theirs.goto("/groups/warm-homes/")
    way.look(theirs, "offered")
    their_hand.go('form[action*="/moves/"][action$="/accept/"] button')
    held = Membership.objects.filter(
        space=Space.objects.get(slug="warm-homes"), member=cleo, ring=Ring.CORE
    )
    _until(theirs, held.exists)


def _until(page: Any, true: Callable[[], bool], seconds: float = 30) -> None:
    for _try in range(int(seconds * 10)):
        if true():
            return
        page.wait_for_timeout(100)
    raise AssertionError("it did not happen in time")
