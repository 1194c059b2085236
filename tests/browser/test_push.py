"""Web push from the devices page to the notification: our side whole, and of the push service's
side a stand-in over TLS that opens what was sealed for the browser."""

from __future__ import annotations

import json

import pytest
from playwright.sync_api import expect

from community import outside, web_push
from community.models import Delivery, NoticeSettings, PushSubscription
from community.web_push import packed, unpacked
from tests import factories
from tests.browser.conftest import look
from tests.push_service import Browser, Service, over_tls

HOST = "push.example.org"
# What Chromium would get from its push service, which no test machine reaches.
SUBSCRIBES = """({endpoint, key, secret}) => {
  const bytes = (word) => Uint8Array.from(
    atob(word.replace(/-/g, "+").replace(/_/g, "/")), (one) => one.charCodeAt(0)).buffer;
  PushManager.prototype.getSubscription = async () => null;
  PushManager.prototype.subscribe = async (options) => {
    await window.asked({visible: options.userVisibleOnly, key: [...options.applicationServerKey]});
    return {endpoint, getKey: (name) => bytes(name === "auth" ? secret : key)};
  };
}"""
SHOWN = """async () => {
  const worker = await navigator.serviceWorker.ready;
  return (await worker.getNotifications()).map(
    ({title, body, tag, lang, data}) => ({title, body, tag, lang, url: data?.url}));
}"""


@pytest.fixture
def service(settings, monkeypatch, site, tmp_path):
    """A push service over TLS that the site knows, as settings may name one."""
    settings.VAPID_KEY = packed(b"\x07" * 32)
    settings.SITE_URL = site
    with over_tls(HOST, tmp_path) as (port, certificate):
        settings.PUSH_HOSTS = [f"{HOST}:{port}"]
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        # Only this is not as it is: names that lead to this machine are closed otherwise.
        monkeypatch.setattr(outside, "addresses", lambda host, port: ["127.0.0.1"])
        yield f"https://{HOST}:{port}/send/abc"


@pytest.fixture
def browser() -> Browser:
    return Browser()


def worker_of(page, site):
    """A line to the page's service worker: how Chromium hands it what was pushed."""
    line, found = page.context.new_cdp_session(page), []
    line.on(
        "ServiceWorker.workerRegistrationUpdated",
        lambda event: found.extend(one["registrationId"] for one in event["registrations"]),
    )
    line.send("ServiceWorker.enable")
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.evaluate("""new Promise((done) => {
      const worker = navigator.serviceWorker;
      if (worker.controller) done();
      else worker.addEventListener("controllerchange", () => done());
    })""")
    assert found

    def push(data: str) -> None:
        before = len(page.evaluate(SHOWN))
        for _try in range(4):  # now and then Chromium loses what its tools deliver
            line.send(
                "ServiceWorker.deliverPushMessage",
                {"origin": site, "registrationId": found[-1], "data": data},
            )
            for _moment in range(40):
                if len(page.evaluate(SHOWN)) > before:
                    return
                page.wait_for_timeout(100)

    return push


def notifications(page, number: int) -> list[dict]:
    for _try in range(200):  # it is shown when its icon is there
        shown = page.evaluate(SHOWN)
        if len(shown) >= number:
            break
        page.wait_for_timeout(100)
    assert len(shown) == number
    return shown


def clicked(page) -> str:
    """The address that a click on the notification opens, or shows again where it is open."""
    worker = page.context.service_workers[0]
    return worker.evaluate("""async () => {
      const [notification] = await self.registration.getNotifications();
      return new Promise((opened) => {
        self.clients.openWindow = async (url) => opened(url);
        WindowClient.prototype.focus = async function () { opened(`again ${this.url}`); };
        self.dispatchEvent(new NotificationEvent("notificationclick", {notification}));
      });
    }""")


def get_notices_here(page, endpoint, browser):
    values = {"endpoint": endpoint, "key": browser.key, "secret": packed(browser.secret)}
    asked: list[dict] = []
    page.context.expose_function("asked", lambda what: asked.append(what))
    page.context.add_init_script(f"({SUBSCRIBES})({json.dumps(values)})")
    page.goto("/me/notices/devices/")
    page.get_by_role("button", name="Get notices here").click()
    expect(page.locator("#toasts")).to_contain_text("Notices reach this device from now on.")
    return asked


SAYS = {
    "nothing": ({}, "Riverside Tenants’ Union", "There is something new for you.", "/notices/"),
    "what": (
        {"push_shows_content": True}, "Ada Mensah named you in “The boiler”", "is it warm?",
        "/notices/",
    ),
    "not even who": (
        {"push_shows_content": True, "discreet": True}, "Something new for you", "", "/notices/",
    ),
}  # fmt: skip


@pytest.mark.parametrize("allows", SAYS)
def test_a_push_goes_all_the_way_from_the_button_to_the_page_it_opens(
    visit, site, service, browser, north, ada, ben, allows
):
    wants, title, body, where = SAYS[allows]
    page = visit(ben, phone=allows != "what", permissions=["notifications"], worker=True)
    get_notices_here(page, service, browser)
    NoticeSettings.objects.update_or_create(
        member=ben,
        defaults={"preset": "everything", "quiet_from": None, "quiet_to": None} | wants,
    )
    device = PushSubscription.objects.get(member=ben)
    assert (device.endpoint, device.key) == (service, browser.key)
    expect(page.get_by_text("this one")).to_be_visible()
    look(page, "push-devices")

    topic = factories.make_topic(north, by=ada, title="The boiler")
    factories.make_comment(topic, by=ada, text=f"@{ben.handle} is it warm?")
    assert Delivery.objects.filter(member=ben, channel="push", sent_at__isnull=False).exists()
    path, headers, sealed = Service.got[-1]
    assert path == "/send/abc"
    assert headers["Content-Encoding"] == "aes128gcm"
    words = browser.open(sealed).decode()

    worker_of(page, site)(words)
    [shown] = notifications(page, 1)
    assert shown["title"] == title
    assert body in shown["body"]
    assert (body == "") == (shown["body"] == "")
    assert shown["lang"] == "en"
    if allows != "what":
        assert "boiler" not in words
    url = clicked(page)
    assert url.startswith(site + where)
    page.goto(url)
    expect(page.locator("main")).to_contain_text("The boiler")


def test_what_the_browser_is_asked_for_is_shown_to_people_and_signed_by_this_site(
    visit, service, browser, ben
):
    page = visit(ben, permissions=["notifications"], worker=True)
    [asked] = get_notices_here(page, service, browser)
    assert asked["visible"] is True
    assert bytes(asked["key"]) == unpacked(web_push.public_key())


def test_try_it_shows_that_it_works(visit, site, service, browser, ben):
    page = visit(ben, permissions=["notifications"], worker=True)
    get_notices_here(page, service, browser)
    page.get_by_role("button", name="Try it").click()
    expect(page.locator("#toasts")).to_contain_text("On its way.")
    worker_of(page, site)(browser.open(Service.got[-1][2]).decode())
    assert notifications(page, 1)[0]["title"] == "It works"
    assert clicked(page) == f"again {site}/me/notices/devices/"


@pytest.mark.parametrize("data", ["", "no JSON", "[]", '{"notification": {}}'])
def test_whatever_is_pushed_something_is_shown(visit, site, ben, data):
    page = visit(ben, permissions=["notifications"], worker=True)
    page.goto("/me/")
    worker_of(page, site)(data)
    [shown] = notifications(page, 1)
    assert shown["title"] == "Something new for you"
    assert clicked(page) == f"{site}/notices/"


def test_a_notification_opens_no_other_site(visit, site, ben):
    page = visit(ben, permissions=["notifications"], worker=True)
    page.goto("/me/")
    evil = {"notification": {"title": "Win", "navigate": "https://evil.example/"}}
    worker_of(page, site)(json.dumps(evil))
    notifications(page, 1)
    assert clicked(page) == site


def test_a_browser_that_says_no_is_taken_at_its_word(visit, service, ben, complaints):
    """What Chromium itself answers here: these windows are private ones, which get no pushes."""
    page = visit(ben, worker=True)
    page.goto("/me/notices/devices/")
    page.get_by_role("button", name="Get notices here").click()
    expect(page.locator("[data-push-says]")).to_contain_text("This browser said no.")
    assert not PushSubscription.objects.exists()
    complaints.said[:] = [one for one in complaints.said if "incognito" not in one]
