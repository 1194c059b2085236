"""Web push: sealed for one browser, signed by the site, sent to nowhere else."""

from __future__ import annotations

import http.client
import json
import threading
from datetime import timedelta
from http.server import ThreadingHTTPServer

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from django.core.cache import cache
from django.utils import timezone

from community import notices, outside, push, sessions, web_push
from community.models import (
    Delivery,
    Member,
    Membership,
    NoticeSettings,
    PushSubscription,
    RoomPerson,
)
from community.operations import chat
from community.operations import push as operations
from community.policies import Refused
from community.web_push import packed, unpacked
from tests import factories
from tests.community.test_chat import say
from tests.push_service import Browser, Service

ENDPOINT = "https://fcm.googleapis.com/fcm/send/abc"


@pytest.fixture
def service(monkeypatch, settings):
    settings.VAPID_KEY = packed(b"\x07" * 32)
    settings.SITE_URL = "https://community.example.org"
    cache.clear()
    Service.got, Service.answers = [], []
    server = ThreadingHTTPServer(("127.0.0.1", 0), Service)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    port = server.server_address[1]
    monkeypatch.setattr(outside, "addresses", lambda host, port: ["142.250.0.1"])
    monkeypatch.setattr(
        outside,
        "_connection",
        lambda host, _port, ip: http.client.HTTPConnection("127.0.0.1", port, timeout=3),
    )
    yield Service
    server.shutdown()
    server.server_close()


@pytest.fixture
def browser() -> Browser:
    return Browser()


def subscribe(member: Member, browser: Browser, endpoint: str = ENDPOINT) -> PushSubscription:
    return operations.add_device(
        member, endpoint=endpoint, key=browser.key, secret=packed(browser.secret), by=member
    )


def notify(ada: Member, ben: Member, north) -> None:
    """ada names ben, who wants such notices on his device at once. The worker is not rung."""
    NoticeSettings.objects.update_or_create(
        member=ben, defaults={"preset": "everything", "quiet_from": None, "quiet_to": None}
    )
    topic = factories.make_topic(north, by=ada, title="The boiler")
    factories.make_comment(topic, by=ada, text=f"@{ben.handle} The boiler is out.")
    notices.deliver(notices.for_telling().latest("pk"))
    assert Delivery.objects.waiting().filter(member=ben, channel="push").count() == 1


def said(service, browser: Browser) -> dict:
    return json.loads(browser.open(service.got[-1][2]))


# Sealing and signing


def test_what_is_sealed_agrees_with_the_example_of_rfc_8291():
    own = ec.derive_private_key(
        int.from_bytes(unpacked("yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"), "big"),
        ec.SECP256R1(),
    )
    sealed = web_push._seal(
        b"When I grow up, I want to be a watermelon",
        "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4",
        "BTBZMqHH6r4Tts7J_aSIgg",
        own,
        unpacked("DGv6ra1nlYgDCS1FRnbzlw"),
        0,
    )
    assert packed(sealed) == (
        "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLoc"
        "InmYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLV"
        "WGNWQexSgSxsj_Qulcy4a-fN"
    )


def test_only_its_browser_opens_it_and_nobody_sees_how_long_it_is(browser):
    short, long = (
        web_push.seal(words, key=browser.key, secret=packed(browser.secret))
        for words in (b"a", b"b" * 1500)
    )
    assert browser.open(long) == b"b" * 1500
    assert len(short) == len(long) <= 4096
    with pytest.raises(Exception, match=""):
        Browser().open(short)


def test_a_push_is_signed_for_its_service_alone_and_for_half_a_day(settings):
    settings.VAPID_KEY = packed(b"\x07" * 32)
    settings.SITE_URL = "https://community.example.org"
    scheme, token, key = web_push.authorization(ENDPOINT, now=1000).replace(",", "").split()
    head, claims, signature = token.removeprefix("t=").split(".")
    assert (scheme, key) == ("vapid", f"k={web_push.public_key()}")
    assert json.loads(unpacked(claims)) == {
        "aud": "https://fcm.googleapis.com",
        "exp": 1000 + 12 * 3600,
        "sub": "https://community.example.org",
    }
    raw = unpacked(signature)
    der = encode_dss_signature(int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big"))
    web_push.read_point(key[2:]).verify(der, f"{head}.{claims}".encode(), ec.ECDSA(hashes.SHA256()))


# Where it may go


CLOSED = (
    "127.0.0.1",
    "10.1.2.3",
    "172.16.0.1",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "0.0.0.0",
    "224.0.0.1",
    "255.255.255.255",
    "198.18.0.1",
    "192.0.2.1",
    "192.88.99.1",
    "::1",
    "::",
    "fe80::1",
    "fc00::1",
    "fd12::1",
    "fec0::1",
    "ff02::1",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "::127.0.0.1",
    "64:ff9b::7f00:1",
    "64:ff9b::a00:1",
    "2002:7f00:1::",
    "2002:a00:1::",
    "2001:db8::1",
    "2001:0:7f00:1::1",
    "fe80::1%eth0",
    "nonsense",
    "127.1",
)


@pytest.mark.parametrize("address", CLOSED)
def test_our_own_house_is_closed_whatever_it_is_wrapped_in(address):
    assert not outside.is_open(address)


@pytest.mark.parametrize("address", ["142.250.0.1", "2a00:1450:4001::1", "17.0.0.1"])
def test_the_open_internet_is_open(address):
    assert outside.is_open(address)


@pytest.mark.parametrize(
    "url",
    [
        "https://evil.example/x",
        "http://fcm.googleapis.com/x",
        "https://fcm.googleapis.com:8443/x",
        "https://fcm.googleapis.com.evil.example/x",
        "https://evilpush.apple.com.example/x",
        "https://notpush.apple.com@evil.example/",
        "https://user:pass@fcm.googleapis.com/x",
        "https://127.0.0.1/x",
        "https://[::1]/x",
        "https://2130706433/x",
        "https://fcm.googleapis.com\\@evil.example/",
        "https://fcm.googleapis.com/\r\nHost: evil",
        "https://xpush.apple.com/x",
        "https:///x",
        "ftp://fcm.googleapis.com/",
        "https://fcm.googleapis.com:x/",
        "",
    ],
)
def test_what_is_no_push_service_is_not_gone_to(url):
    with pytest.raises(outside.Closed):
        outside.check(url, web_push.hosts())


@pytest.mark.parametrize(
    "url",
    [
        ENDPOINT,
        "https://updates.push.services.mozilla.com/wpush/v2/abc",
        "https://web.push.apple.com/abc",
        "https://wns2-am3p.notify.windows.com/w/?token=abc",
    ],
)
def test_the_push_services_of_browsers_are_known(url):
    outside.check(url, web_push.hosts())


def test_a_name_that_leads_home_by_only_one_of_its_addresses_is_closed(monkeypatch):
    rows = [(0, 0, 0, "", ("142.250.0.1", 443)), (0, 0, 0, "", ("127.0.0.1", 443))]
    monkeypatch.setattr("socket.getaddrinfo", lambda *args, **kwargs: rows)
    with pytest.raises(outside.Closed):
        outside.addresses("fcm.googleapis.com", 443)


def test_the_name_is_resolved_once_and_that_address_is_gone_to(monkeypatch):
    """A second answer, of a name server that changes its mind, is never asked for."""
    asked, gone = [], []

    def resolve(*args, **kwargs):
        asked.append(args)
        return [(0, 0, 0, "", ("142.250.0.1" if len(asked) == 1 else "127.0.0.1", 443))]

    def leap(address, timeout):
        gone.append(address)
        raise OSError

    monkeypatch.setattr("socket.getaddrinfo", resolve)
    monkeypatch.setattr("socket.create_connection", leap)
    with pytest.raises(outside.Away):
        outside.post(ENDPOINT, b"x", {}, hosts=web_push.hosts())
    assert gone == [("142.250.0.1", 443)]
    assert len(asked) == 1


# Devices


pytestmark = pytest.mark.django_db


def test_who_reads_a_chat_as_it_is_said_is_not_called_for_it(
    ada, ben, north, browser, service, committed, monkeypatch
):
    subscribe(ben, browser)
    NoticeSettings.objects.create(member=ben, quiet_from=None, quiet_to=None)
    room = chat.open_direct([ben], by=ada)
    for is_read in (True, False):
        RoomPerson.objects.filter(room=room, member=ben).update(accepted_at=timezone.now())
        with committed():
            say(room, ada, "Are you there?")
        waiting = Delivery.objects.get(member=ben, channel="push", sent_at=None, dropped_at=None)
        assert waiting.due_at > timezone.now(), "there is time to read it"
        assert push.send_due() == 0
        if is_read:
            chat.mark_read(room, by=ben)
        Delivery.objects.filter(pk=waiting.pk).update(due_at=timezone.now())
        assert push.send_due() == (not is_read)
        waiting.refresh_from_db()
        assert waiting.why == ("read" if is_read else "")


def test_who_has_read_it_before_they_could_be_told_gets_no_notice(ada, ben, north):
    room = chat.open_direct([ben], by=ada)
    RoomPerson.objects.filter(room=room, member=ben).update(accepted_at=timezone.now())
    message = say(room, ada, "Are you there?")
    chat.mark_read(room, by=ben)
    assert notices.deliver(notices.for_telling().get(message=message)) == 0
    assert notices.unread_count(ben) == 0


def test_a_device_is_added_by_its_own_person_with_whole_keys(ben, ada, browser, service):
    device = subscribe(ben, browser)
    assert subscribe(ben, browser).pk == device.pk, "the same browser is the same device"
    for wrong in (
        {"endpoint": "https://evil.example/x"},
        {"key": packed(b"\x04" * 65)},
        {"key": "nonsense"},
        {"secret": "short"},
        {"by": ada},
    ):
        with pytest.raises(Refused):
            operations.add_device(
                ben,
                **{"endpoint": ENDPOINT, "key": browser.key, "secret": packed(browser.secret),
                   "by": ben} | wrong,
            )  # fmt: skip


def test_who_signs_in_where_another_was_takes_the_device_over(ben, fay, browser, service):
    subscribe(ben, browser)
    subscribe(fay, browser)
    assert PushSubscription.objects.get().member == fay


def test_the_page_adds_tries_and_lets_go(as_, ben, fay, browser, service, committed):
    client = as_(ben)
    fields = {"endpoint": ENDPOINT, "key": browser.key, "secret": packed(browser.secret)}
    client.post("/me/notices/devices/add/", fields | {"name": "Firefox Android"})
    device = PushSubscription.objects.get()
    page = client.get("/me/notices/devices/").content.decode()
    assert "Firefox Android" in page
    assert ENDPOINT not in page
    with committed():
        client.post(f"/me/notices/devices/{device.pk}/try/")
    assert said(service, browser)["notification"]["title"] == "It works"
    assert as_(fay).post(f"/me/notices/devices/{device.pk}/remove/").status_code == 404
    as_(ben).post(f"/me/notices/devices/{device.pk}/remove/")
    assert not PushSubscription.objects.exists()


def test_a_browser_that_changes_its_address_keeps_its_place(as_, ben, fay, browser, service):
    client = as_(ben)
    told = {"endpoint": ENDPOINT, "key": browser.key, "secret": packed(browser.secret)}
    client.post("/me/notices/devices/add/", told | {"name": "Phone"})
    other = subscribe(fay, browser, ENDPOINT + "/fay")
    client.post("/me/notices/devices/add/", told | {"endpoint": ENDPOINT + "/new", "renews": "1"})
    device = PushSubscription.objects.get(member=ben)
    assert (device.endpoint, device.name) == (ENDPOINT + "/new", "Phone")
    assert PushSubscription.objects.filter(pk=other.pk).exists()
    script = client.get("/sw.js").content.decode()
    assert "pushsubscriptionchange" in script
    assert "renotify" in script


def test_signing_out_lets_go_of_the_device(as_, ben, browser, service):
    client = as_(ben)
    fields = {"endpoint": ENDPOINT, "key": browser.key, "secret": packed(browser.secret)}
    client.post("/me/notices/devices/add/", fields)
    client.post("/accounts/logout/")
    assert not PushSubscription.objects.exists()


def test_signed_out_everywhere_no_device_is_told(ben, browser, service):
    subscribe(ben, browser)
    sessions.end_all_of(ben)
    assert not PushSubscription.objects.exists()


# Sending


def test_a_push_arrives_and_says_only_that_there_is_something(
    ada, ben, north, browser, service, committed
):
    subscribe(ben, browser)
    notify(ada, ben, north)
    assert push.send_due() == 1
    words = said(service, browser)
    _path, headers, _body = service.got[-1]
    assert words["web_push"] == 8030
    assert words["notification"]["title"] == "Riverside Tenants’ Union"
    assert "boiler" not in json.dumps(words)
    assert words["notification"]["navigate"].startswith("https://community.example.org/")
    assert headers["TTL"] == str(web_push.TTL)
    assert headers["Urgency"] == "high"
    assert 0 < len(headers["Topic"]) <= 32
    assert Delivery.objects.filter(channel="push", sent_at__isnull=False).exists()
    assert push.send_due() == 0, "once"


def test_who_allows_it_reads_what(ada, ben, north, browser, service, committed):
    subscribe(ben, browser)
    notify(ada, ben, north)
    NoticeSettings.objects.filter(member=ben).update(push_shows_content=True)
    push.send_due()
    assert "The boiler" in json.dumps(said(service, browser), ensure_ascii=False)


def test_in_discreet_mode_not_even_the_organisation_is_named(
    ada, ben, north, browser, service, committed
):
    subscribe(ben, browser)
    notify(ada, ben, north)
    NoticeSettings.objects.filter(member=ben).update(push_shows_content=True, discreet=True)
    push.send_due()
    words = said(service, browser)["notification"]
    assert (words["title"], words["body"]) == ("Something new for you", "")
    assert words["navigate"].endswith("/notices/")


def test_who_was_removed_meanwhile_is_not_told(ada, ben, north, browser, service, committed):
    subscribe(ben, browser)
    notify(ada, ben, north)
    Membership.objects.filter(member=ben, space=north).delete()
    Member.objects.filter(pk=ben.pk).update(suspended_until=timezone.now() + timedelta(days=1))
    assert push.send_due() == 0
    assert service.got == []


def test_of_whose_news_nothing_can_be_said_is_tried_again_and_holds_up_nobody(
    ada, ben, north, browser, service, monkeypatch
):
    subscribe(ben, browser)
    notify(ada, ben, north)
    really = push.gather

    def fails(rows, member):
        raise KeyError("community")

    monkeypatch.setattr(push, "gather", fails)
    assert push.send_due() == 0
    waits = Delivery.objects.waiting().get(member=ben, channel="push")
    assert waits.attempts == 1
    monkeypatch.setattr(push, "gather", really)
    Delivery.objects.update(due_at=timezone.now())
    assert push.send_due() == 1


@pytest.mark.parametrize("status", [404, 410])
def test_a_device_that_is_gone_goes(ada, ben, north, browser, service, committed, status):
    subscribe(ben, browser)
    notify(ada, ben, north)
    service.answers = [(status, {})]
    push.send_due()
    assert not PushSubscription.objects.exists()
    assert Delivery.objects.filter(channel="push", why="nowhere").exists()


@pytest.mark.parametrize(("status", "headers"), [(429, {"Retry-After": "120"}), (503, {})])
def test_a_service_that_asks_for_patience_gets_it(
    ada, ben, fay, north, browser, service, committed, status, headers
):
    other = Browser()
    subscribe(ben, browser)
    device = subscribe(ben, other, endpoint="https://fcm.googleapis.com/fcm/send/other")
    notify(ada, ben, north)
    service.answers = [(status, headers)]
    assert push.send_due() == 0
    assert len(service.got) == 1, "the second device of the same service is not even asked"
    waiting = Delivery.objects.get(channel="push", sent_at=None, dropped_at=None, member=ben)
    assert waiting.due_at > timezone.now()
    cache.clear()
    Delivery.objects.filter(pk=waiting.pk).update(due_at=timezone.now() - timedelta(seconds=1))
    assert push.send_due() == 2
    assert device.failures == 0


def test_a_service_that_hangs_is_waited_for_once(ada, ben, north, browser, service, monkeypatch):
    subscribe(ben, browser)
    calls = []

    def hang(*args, **kwargs):
        calls.append(args)
        raise outside.Away("timed out")

    monkeypatch.setattr(outside, "post", hang)
    device = PushSubscription.objects.get()
    words = web_push.Push({"web_push": 8030, "notification": {"title": "x"}})
    assert [push.send(device, words) for _ in range(3)] == [push.NOT_NOW] * 3
    assert len(calls) == 1


def test_a_device_that_refuses_again_and_again_goes(ben, browser, service):
    subscribe(ben, browser)
    words = web_push.Push({"web_push": 8030, "notification": {"title": "x"}})
    for _ in range(push.MOST_FAILURES):
        service.answers = [(403, {})]
        push.send(PushSubscription.objects.get(), words)
    assert not PushSubscription.objects.exists()


def test_without_a_key_nothing_is_pushed_and_the_page_says_so(
    as_, ada, ben, north, committed, settings
):
    settings.VAPID_KEY = ""
    notify(ada, ben, north)
    assert push.send_due() == 0
    assert Delivery.objects.filter(channel="push", why="nowhere").exists()
    assert "cannot push yet" in as_(ben).get("/me/notices/devices/").content.decode()
