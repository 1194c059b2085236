"""The site as it is delivered, and the system's Chromium to look at it.

Statics are collected with hashed names, the content policy is on, and whatever a page says to the
console, to the policy's address or to another site fails the test that opened it.
"""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command
from django.core.signals import setting_changed
from django.core.wsgi import get_wsgi_application
from django.db import connection

from community.models import Member
from config.pages import Pages
from tests.live.pages import Live
from tests.personas import as_  # noqa: F401  fixture

FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage",
    "--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream",
]  # fmt: skip
PHONE, DESKTOP = {"width": 390, "height": 844}, {"width": 1280, "height": 800}
# Playwright looks for its own browsers otherwise.
CHROMIUM = next(
    (
        path
        for name in ("chromium", "chromium-browser", "google-chrome")
        if (path := shutil.which(name))
    ),
    None,
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.slow)
            item.add_marker(pytest.mark.django_db(transaction=True))
            item.add_marker(pytest.mark.xdist_group("browser"))


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """The system's Chromium; without one these tests are skipped, but fail where CI=true."""
    if CHROMIUM is None:
        sentence = "There is no Chromium on this machine: install the package chromium."
        if os.environ.get("CI", "").lower() == "true":
            pytest.fail(sentence, pytrace=False)
        pytest.skip(sentence)
    from playwright.sync_api import expect, sync_playwright

    expect.set_options(timeout=20_000)
    # Playwright's loop runs in this thread; Django takes that for asynchronous code.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def site(django_db_setup: None, django_db_blocker: Any) -> Iterator[str]:
    """The address of a running site, pages and sockets, with collected, hashed statics."""
    root = tempfile.mkdtemp(prefix="tequio-static-")
    settings.STATIC_ROOT = root
    storages = {"staticfiles": {"BACKEND": "config.statics.HashedStatics"}}
    settings.STORAGES = settings.STORAGES | storages
    settings.WHITENOISE_USE_FINDERS = False
    settings.WHITENOISE_MAX_THREADS = 2
    # What a test before kept of statics, from when their names had no hash, is forgotten.
    setting_changed.send(settings, setting="STORAGES", value=settings.STORAGES, enter=True)
    call_command("collectstatic", interactive=False, verbosity=0)
    for host in ("localhost", "127.0.0.1", "testserver"):
        if host not in settings.ALLOWED_HOSTS:
            settings.ALLOWED_HOSTS.append(host)
    # Made now: WhiteNoise looks at the collected files when it is loaded.
    running = Live.shared()
    running.pages = Pages(get_wsgi_application(), threads=4)
    with django_db_blocker.unblock():
        yield f"http://{running.host}"
    shutil.rmtree(root, ignore_errors=True)


@pytest.fixture(autouse=True)
def at_rest(transactional_db: None) -> Iterator[None]:
    """What pages that were closed still had in hand is done before the tables are emptied."""
    yield
    end = time.monotonic() + 20
    while time.monotonic() < end:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
                " AND backend_type = 'client backend' AND pid <> pg_backend_pid()"
                " AND state <> 'idle'"
            )
            if not cursor.fetchone()[0]:
                return
        time.sleep(0.1)


@dataclass
class Complaints:
    """What a page said that no page may say."""

    said: list[str] = field(default_factory=list)

    def listen(self, context: Any, site: str) -> None:
        context.on("console", self._console)
        context.on("weberror", lambda error: self.said.append(f"error: {error.error}"))
        context.on("request", lambda request: self._request(request, site))
        context.on("response", self._response)

    def _console(self, message: Any) -> None:
        # A refused form answers 422, which Chromium reports as a failed load.
        harmless = "Failed to load resource" in message.text and any(
            f"status of {code}" in message.text for code in (403, 404, 422)
        )
        harmless = harmless or "Service Worker registration blocked" in message.text
        harmless = harmless or "net::ERR_INTERNET_DISCONNECTED" in message.text  # a test's wish
        # The sockets are another process, which these tests do without.
        harmless = harmless or ("WebSocket" in message.text and "/ws/" in message.text)
        if message.type in ("error", "warning") and not harmless:
            self.said.append(f"console {message.type}: {message.text}")

    def _request(self, request: Any, site: str) -> None:
        if "/csp-report/" in request.url:
            self.said.append(f"policy: {request.post_data}")
        if not request.url.startswith((site, "data:", "blob:", "about:")):
            self.said.append(f"another site: {request.url}")

    def _response(self, response: Any) -> None:
        if response.status >= 500 or (response.status >= 400 and "/static/" in response.url):
            self.said.append(f"{response.status}: {response.url}")


@pytest.fixture
def complaints() -> Iterator[Complaints]:
    heard = Complaints()
    yield heard
    assert heard.said == []


@pytest.fixture
def visit(chromium: Any, site: str, complaints: Complaints) -> Iterator[Callable[..., Any]]:
    """``visit(ben, phone=True, dark=True)``: a page of a browser of their own, signed in or not."""
    contexts = []

    def open_page(
        member: Member | None = None,
        *,
        phone: bool = False,
        dark: bool = False,
        language: str = "en",
        script: bool = True,
        worker: bool = False,
        **options: Any,
    ) -> Any:
        """The service worker stays away where it is not asked for: it answers every going on, and
        in some runs one page waited for ever for the next. That it is the cause is a guess."""
        context = chromium.new_context(
            base_url=site,
            viewport=PHONE if phone else DESKTOP,
            is_mobile=phone,
            has_touch=phone,
            color_scheme="dark" if dark else "light",
            locale={"en": "en-GB", "es": "es-ES"}[language],
            java_script_enabled=script,
            reduced_motion="reduce",
            service_workers="allow" if worker else "block",
            **options,
        )
        context.set_default_timeout(45_000)
        complaints.listen(context, site)
        contexts.append(context)
        if member is not None:
            sign_in(context, member, site)
        return context.new_page()

    yield open_page
    for context in contexts:
        context.close()


def sign_in(context: Any, member: Member, site: str) -> None:
    """Give the browser the session that signing in gives."""
    from django.test import Client

    client = Client()
    client.force_login(member)
    cookie = client.cookies[settings.SESSION_COOKIE_NAME]
    context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": site}])


@pytest.fixture
def phone(visit: Callable[..., Any]) -> Any:
    return visit(phone=True)


@pytest.fixture
def desktop(visit: Callable[..., Any]) -> Any:
    return visit()


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    from tests.factories import picture as draw

    path = tmp_path / "garden.png"
    path.write_bytes(draw((320, 200)))
    return path


AXE = Path(__file__).parent / "vendor" / "axe-4.14.1.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"]


def look(page: Any, name: str, *, script: bool = True) -> None:
    """axe finds nothing serious and nothing sticks out sideways; a picture is kept for the eye.

    Without JavaScript axe cannot run: the page is the same one that it saw with it.
    """
    if script:
        page.evaluate("scrollTo(0, 0)")  # what the bar on top lies over is not too small
    keep(page, name)
    if script:
        page.evaluate(AXE.read_text())
        found = page.evaluate(
            "rules => axe.run(document, {runOnly: {type: 'tag', values: rules}, resultTypes:"
            " ['violations']}).then(r => r.violations.map(v => ({id: v.id, impact: v.impact,"
            " nodes: v.nodes.map(n => n.html.slice(0, 160) + ' ' + (n.failureSummary || '')"
            ".replace(/\\s+/g, ' ').slice(0, 200))})))",
            RULES,
        )
        serious = [fault for fault in found if fault["impact"] in ("serious", "critical")]
        assert serious == [], f"axe on {name}: {serious}"
        wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        assert wide <= 0, f"{name} is {wide} px too wide"


def keep(page: Any, name: str) -> None:
    folder = os.environ.get("SHOTS")
    if folder:
        Path(folder).mkdir(parents=True, exist_ok=True)
        page.screenshot(path=f"{folder}/{name}.png", full_page=True)
