"""Hostile text in every place where members' words appear, and every page opened in Chromium.

Nothing may run, nothing may be asked of another site, and the content policy may have nothing to
report: it is the second net, and must not be what saved us.
"""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse
from playwright.sync_api import expect

from community import notices, prose
from community.admin import site as admin
from community.models import Activity, Member, OutboxMail
from community.operations import chat
from tests.browser.conftest import Complaints, sign_in
from tests.leaks.matrix import send_all
from tests.planted import HOSTILE, Hostile, make_hostile
from tests.shape.test_access import ROWS, _words

READERS = ("ada", "ruth", "ben", "mo", "sol", "bea", "dana", "lia", "hana")
# Leaving, and pages of packages that show no words of members.
NOT_WALKED = ("/accounts/logout/", "/healthz", "/readyz", "/media/", "/icon/")
TOLD = """() => {
  const hear = (what) => console.error(`RAN: ${what}`);
  Object.defineProperty(window, "__pwn", { set: () => hear("a script") });
  for (const name of ["alert", "confirm", "prompt", "print"]) window[name] = () => hear(name);
  document.addEventListener("securitypolicyviolation", (event) =>
    hear(`${event.violatedDirective} ${event.blockedURI} ${event.sample}`));
}"""
FOUND = (Path(__file__).parent / "found.js").read_text()
MAIL = "http://mail.test/"


@pytest.fixture
def world(transactional_db: None) -> Hostile:
    with transaction.atomic():
        made = make_hostile()
        words = _words(made)
        # Told below, to everybody and at once, without a task for each.
        connection.run_on_commit.clear()
        for activity in Activity.objects.order_by("pk"):
            notices.deliver(activity)
        send_all()
        connection.run_on_commit.clear()
    made.things["words"] = words
    return made


def addresses(world: Hostile) -> dict[str, list[str]]:
    """Who opens what: each address of the access table by the first who may, and what else is."""
    clients = {name: Client(raise_request_exception=False) for name in (*READERS, "guest")}
    for name in READERS:
        clients[name].force_login(Member.objects.get(pk=world.people[name].pk))
    found: dict[str, list[str]] = {name: [] for name in clients}
    for row in ROWS:
        path = row.address.format(**world.things["words"])
        if row.method != "GET" or path.startswith(NOT_WALKED):
            continue
        for name, client in clients.items():
            answer = client.get(path)
            if answer.status_code == 200 and answer["Content-Type"].startswith("text/html"):
                found[name].append(path)
                break
    found["ada"] += [*_more(world), *_searches(), *_admin()]
    found["guest"] += ["/", "/groups/", "/agreements/", "/accounts/login/", "/accounts/signup/"]
    found["guest"] += [f"/people/{quote(one, safe='')}/" for one in _few(6)]
    found["guest"] += [f"/search/?q={quote(one)}" for one in _few(3)]
    return found


def _few(number: int) -> list[str]:
    step = len(HOSTILE) // number
    return HOSTILE[::step][:number]


def _more(world: Hostile) -> list[str]:
    """Places of which there are many: lists to their ends, and what was planted besides."""
    space, room = world.open, world.open.rooms.get(is_first=True)
    found = [
        f"/topics/{world.things['everything'].pk}/",
        f"/items/{world.things['everything'].pk}/history/",
        space.get_absolute_url(),
        f"{space.get_absolute_url()}about/",
        f"{space.get_absolute_url()}people/",
        f"/chat/{room.pk}/",
        f"/chat/{room.pk}/?before=4",
        f"/people/{world.things['crowd'].pk}/",
    ]
    client = Client()
    client.force_login(Member.objects.get(pk=world.ada.pk))
    for start in ("/people/", space.get_absolute_url(), "/", "/notices/", "/groups/"):
        path, seen = start, 0
        while path and seen < 8:
            found.append(path)
            page = client.get(path).content.decode()
            rest = page.partition("cursor=")[2]
            path = f"{start}?cursor={rest.partition(chr(34))[0]}" if rest else ""
            path, seen = path.replace("&amp;", "&"), seen + 1
    return found


def _searches() -> list[str]:
    """What was looked for stands on the page, and so do excerpts with what was found marked."""
    found = ["/search/?q=soon", "/search/?q=soon&order=new", "/search/?q=script+onerror"]
    found += [f"/search/?q=soon&kind={kind}" for kind in ("people", "groups", "community.comment")]
    joined = [" ".join(HOSTILE[at : at + 6])[:190] for at in range(0, len(HOSTILE), 24)]
    found += [f"/search/?q={quote(one)}" for one in joined]
    found += [f"/search/instant/?q={quote(one)}" for one in ["soon", "x svg", *joined[:3]]]
    found += [f"/chat/search/?q={quote(one)}" for one in ("soon", joined[0])]
    tricks = [quote(one) for one in _few(5)]
    found += [f"/people/?q={one}&area={one}" for one in tricks[:2]]
    found += [f"/groups/?q={one}&area={one}&lens={one}" for one in tricks[:2]]
    found += [f"/share/?title={one}&text={one}&url={one}" for one in tricks[:3]]
    found += [f"/{one}/" for one in tricks] + [f"/groups/{tricks[0]}/", f"/topics/{tricks[1]}/"]
    return found + [f"/notices/?cursor={tricks[0]}", f"/desk/audit/?person={tricks[1]}"]


def _admin() -> list[str]:
    root, found = f"/{settings.ADMIN_URL}", []
    for model in admin._registry:
        base = f"{root}community/{model._meta.model_name}/"
        found += [base, f"{base}?q={quote(HOSTILE[5])}"]
        newest = model._default_manager.order_by("-pk").values_list("pk", flat=True)[:2]
        found += [f"{base}{pk}/change/" for pk in newest]
    return [root, *found]


class Walk:
    """A browser that opens pages one after another, and tells what it heard and found."""

    def __init__(self, chromium: Any, site: str, member: Member | None) -> None:
        self.heard, self.faults, self.pages = Complaints(), [], 0
        self.context = chromium.new_context(base_url=site, reduced_motion="reduce")
        self.context.set_default_timeout(45_000)
        self.context.add_init_script(f"({TOLD})()")
        self.context.on(
            "dialog", lambda dialog: (self.heard.said.append("dialog"), dialog.dismiss())
        )
        self.heard.listen(self.context, site)
        if member is not None:
            sign_in(self.context, member, site)
        self.page = self.context.new_page()

    def _dialog(self, dialog: Any) -> None:
        self.heard.said.append(f"a dialog: {dialog.message}")
        dialog.dismiss()

    def open(self, path: str) -> None:
        self.page.goto(path, wait_until="load")
        self.look(path)

    def look(self, what: str) -> None:
        self.pages += 1
        self.faults += [f"{what}: {fault}" for fault in self.page.evaluate(FOUND)]
        self.faults += [f"{what}: {said}" for said in self.heard.said]
        self.heard.said.clear()

    def close(self) -> None:
        self.page.wait_for_timeout(200)  # what comes late
        self.look("at the end")
        self.context.close()


def test_no_words_of_anybody_run_anywhere(world, chromium, site, capsys):
    began, faults, pages = time.monotonic(), [], 0
    for name, paths in addresses(world).items():
        if not paths:
            continue
        member = None if name == "guest" else world.people[name]
        walk = Walk(chromium, site, member)
        if name == "ada":
            _by_hand(world, walk)
        for path in dict.fromkeys(paths):
            walk.open(path)
        walk.close()
        faults, pages = faults + walk.faults, pages + walk.pages
    letters = _letters(chromium, faults)
    with capsys.disabled():
        print(  # noqa: T201
            f"\nhostile text: {len(HOSTILE)} strings, {sum(world.planted.values())} places beside"
            f" the lists, {pages} pages, {letters} letters, {time.monotonic() - began:.0f} s"
        )
    assert faults == [], "\n".join(faults[:40])
    assert pages > 250
    assert letters > 20


def _by_hand(world: Hostile, walk: Walk) -> None:
    """Where scripts of ours write on the page: suggestions, previews, errors, what comes live."""
    page, room = walk.page, world.open.rooms.get(is_first=True)
    page.goto(f"/groups/{world.open.slug}/new/")
    page.fill("input[name=title]", "\"'><svg onload=window.__pwn=1>")
    area = page.locator("tq-editor textarea").first
    area.press_sequentially("@x", delay=10)
    page.locator("[role=option]").first.wait_for()
    walk.look("suggestions for @")
    area.fill("\n\n".join(HOSTILE)[:19_000])
    page.locator("tq-editor [data-preview-toggle]").first.click()
    expect(page.locator("tq-editor [data-preview] p").first).to_be_visible()
    walk.look("the preview")
    page.goto("/people/")
    page.keyboard.press("/")
    with page.expect_response("**/search/instant/**"):
        page.keyboard.type("script", delay=10)
    page.wait_for_timeout(300)
    walk.look("search while typing")
    page.goto(f"/chat/{room.pk}/")
    expect(page.locator("[data-chat][data-joined]")).to_have_count(1)
    ben = Member.objects.get(pk=world.ben.pk)
    for number in range(0, len(HOSTILE), 40):
        text = "\n\n".join(HOSTILE[number : number + 40])[:3900]
        chat.post_message(room, text=f"live{number} {text}", client_id=uuid.uuid4(), by=ben)
        page.locator("#messages .message", has_text=f"live{number} ").wait_for()
    walk.look("what comes live")


def _letters(chromium: Any, faults: list[str]) -> int:
    """Every mail that went out, without any policy: mail readers have none."""
    context = chromium.new_context()
    context.add_init_script(f"({TOLD})()")
    shown, asked = {"html": ""}, []

    def answer(route: Any) -> None:
        if route.request.url == MAIL:
            route.fulfill(body=shown["html"], content_type="text/html; charset=utf-8")
        else:
            asked.append(route.request.url)
            route.abort()

    context.route("**/*", answer)
    page = context.new_page()
    page.on("console", lambda said: "RAN" in said.text and faults.append(f"a mail: {said.text}"))
    number = 0
    bodies = OutboxMail.objects.exclude(body_html="").values_list("subject", "body_html")
    for subject, shown["html"] in bodies.order_by("-pk")[:120]:
        page.goto(MAIL)
        own = page.evaluate(FOUND)
        faults += [f"the mail “{subject[:60]}”: {fault}" for fault in own]
        number += 1
    ours = ("/favicon.ico", "/icon/")
    faults += [f"a mail asks {url}" for url in asked if not any(one in url for one in ours)]
    context.close()
    return number


PLANTED: dict[str, Callable[[str], str]] = {
    "runs at once": lambda text: f"{text}<img src=x onerror=window.__pwn=1>",
    "loads from elsewhere": lambda text: f"{text}<img src=https://evil.example/pixel.gif>",
    "waits for a click": lambda text: f"{text}<a href=javascript:alert(1)>x</a>",
    "takes the form away": lambda text: f"{text}<form action=https://evil.example></form>",
    "wears a style": lambda text: f"{text}<p style=color:red>x</p>",
}


@pytest.mark.parametrize("how", PLANTED)
def test_a_mistake_is_noticed(north, ben, chromium, site, monkeypatch, how):
    """The walk can fail: cleaned text with one hole in it, each kind of hole by itself."""
    from tests import factories

    clean = prose.render
    monkeypatch.setattr(prose, "render", lambda *a, **kw: PLANTED[how](clean(*a, **kw)))
    topic = factories.make_topic(north, by=ben, text="Harmless.")
    walk = Walk(chromium, site, ben)
    walk.open(reverse("groups:topic", args=[topic.pk]))
    walk.close()
    assert walk.faults
