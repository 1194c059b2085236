"""What goes out goes to the open internet: no address that somebody gives us leads inside.

A listener on this machine counts who comes. For each forbidden target it must stay alone, even
where the list of known hosts has been widened to let the name through.
"""

from __future__ import annotations

import datetime
import ipaddress
import json
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

import pytest
import requests
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from community import outside, web_push
from community.accounts import abroad
from config.doctor import files as doctor
from tests.community.test_oidc import begin, browser, come_back, nobody_came_in, provider

__all__ = ["browser", "provider"]  # fixtures


class Listener:
    """Something inside that must not be reached; it counts connections and says ``answer``."""

    def __init__(self, answer: bytes = b"", context: ssl.SSLContext | None = None) -> None:
        self.came, self.answer, self.context = 0, answer, context
        self.pause = 0.0
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        while True:
            try:
                found, _from = self.socket.accept()
            except OSError:
                return
            self.came += 1
            threading.Thread(target=self._answer, args=(found,), daemon=True).start()

    def _answer(self, found: socket.socket) -> None:
        try:
            if self.context is not None:
                found = self.context.wrap_socket(found, server_side=True)
            with found:
                found.recv(65_536)
                for letter in [self.answer] if not self.pause else map(bytes, zip(self.answer)):
                    found.sendall(letter)
                    time.sleep(self.pause)
                # What is closed with something unread takes back what it said.
                found.settimeout(2)
                found.shutdown(socket.SHUT_WR)
                while found.recv(65_536):
                    pass
        except OSError:
            pass

    def close(self) -> None:
        self.socket.close()


@pytest.fixture
def inside() -> Iterator[Listener]:
    found = Listener(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")
    yield found
    found.close()


@pytest.fixture
def leaps(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Every address a socket of ours connects to."""
    found: list[Any] = []
    real = socket.socket.connect

    def connect(self: socket.socket, address: Any) -> None:
        found.append(address)
        return real(self, address)

    monkeypatch.setattr(socket.socket, "connect", connect)
    return found


def answers_with(monkeypatch: pytest.MonkeyPatch, *answers: list[str]) -> list[str]:
    """A name server that says these addresses, one list after another; who asked is returned."""
    asked: list[str] = []
    real = socket.getaddrinfo

    def resolve(host: str, port: int, *args: Any, **kwargs: Any) -> list[tuple]:
        if any(host in said for said in answers):
            return real(host, port, *args, **kwargs)  # a number already
        asked.append(host)
        said = answers[min(len(asked), len(answers)) - 1]
        kinds = [socket.AF_INET6 if ":" in one else socket.AF_INET for one in said]
        return [
            (kind, socket.SOCK_STREAM, 6, "", (one, port))
            for kind, one in zip(kinds, said, strict=True)
        ]

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    return asked


# Written as numbers: what the machine's own resolver makes of them is the address.
SPELLED = (
    "127.0.0.1", "127.1", "127.0.1", "127.255.255.254", "2130706433", "0x7f000001", "0x7f.0.0.1",
    "0x7f.1", "017700000001", "0177.0.0.1", "0177.1", "0", "0.0.0.0", "0x0", "127.0.0.1.",
    "[::1]", "[::]", "[0:0:0:0:0:0:0:1]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[::127.0.0.1]",
    "[::ffff:0:127.0.0.1]", "[64:ff9b::127.0.0.1]", "[64:ff9b:1::7f00:1]", "[2002:7f00:1::]",
    "10.0.0.1", "0xa.0.0.1", "167772161", "172.16.0.1", "172.31.255.254", "192.168.1.1",
    "3232235777", "169.254.169.254", "2852039166", "0xa9fea9fe", "0251.0376.0251.0376",
    "[::ffff:169.254.169.254]", "[::ffff:a9fe:a9fe]", "[64:ff9b::a9fe:a9fe]", "[fd00:ec2::254]",
    "100.100.100.200", "192.0.0.192", "168.63.129.16", "100.64.0.1", "198.18.0.1", "192.0.2.7",
    "198.51.100.7", "203.0.113.7", "192.88.99.1", "224.0.0.1", "239.255.255.250", "240.0.0.1",
    "255.255.255.255", "[fc00::1]", "[fd12:3456::1]", "[fe80::1]", "[fe80::1%25lo]", "[fec0::1]",
    "[ff02::1]", "[2001:db8::1]", "[2001:0:7f00:1::1]", "[100::1]", "[3fff::1]", "[5f00::1]",
    "[2002:a00:1::]", "[2002:a9fe:a9fe::]",
)  # fmt: skip
# What a name server may say for a name that looks like any other.
BEHIND = tuple(host.strip("[]") for host in SPELLED if ":" in host or host.count(".") == 3)
NAMES = ("localhost", "localhost.", "LOCALHOST", "ip6-localhost", "router.lan", "db", "valkey")


def test_the_table_is_long_enough():
    assert len(SPELLED) >= 60
    assert len(set(SPELLED)) == len(SPELLED)


@pytest.mark.parametrize("host", SPELLED)
def test_a_number_that_leads_inside_is_refused_before_any_connection(inside, leaps, host):
    """Even from an operator's own list: the address decides, however it is spelled."""
    known = host.strip("[]").rstrip(".")
    hosts = [known, f"{known}:{inside.port}"]
    for url in (f"https://{host}/x", f"https://{host}:{inside.port}/x"):
        with pytest.raises((outside.Closed, outside.Away)):
            outside.post(url, b"x", {}, hosts=hosts)
        with pytest.raises(outside.Closed):
            outside.post(url, b"x", {}, hosts=web_push.hosts())
    assert (leaps, inside.came) == ([], 0)


@pytest.mark.parametrize("address", [one for one in BEHIND if "%" not in one])
def test_a_name_whose_address_is_inside_is_refused_before_any_connection(
    inside, leaps, monkeypatch, address
):
    try:
        ipaddress.ip_address(address)
    except ValueError:
        pytest.skip("a spelling of a number, and no address that a name server says")
    for said in ([address], ["142.250.0.1", address], [address, "142.250.0.1"]):
        answers_with(monkeypatch, said)
        with pytest.raises(outside.Closed):
            outside.post(f"https://a.example:{inside.port}/", b"x", {},
                         hosts=[f"a.example:{inside.port}"])  # fmt: skip
        with pytest.raises(requests.RequestException):
            abroad.Session().get("https://a.example/token")
    assert (leaps, inside.came) == ([], 0)


@pytest.mark.parametrize("host", NAMES)
def test_names_of_our_own_house_are_refused_before_any_connection(inside, leaps, monkeypatch, host):
    answers_with(monkeypatch, ["127.0.0.1"])
    known = host.rstrip(".").lower()
    with pytest.raises(outside.Closed):
        outside.post(f"https://{host}:{inside.port}/", b"x", {}, hosts=[f"{known}:{inside.port}"])
    with pytest.raises(requests.RequestException):
        abroad.Session().get(f"https://{host}/")
    assert (leaps, inside.came) == ([], 0)


ODD = (
    "http://fcm.googleapis.com/x",
    "HTTP://fcm.googleapis.com/x",
    "ftp://fcm.googleapis.com/x",
    "file:///etc/passwd",
    "gopher://fcm.googleapis.com:6379/_FLUSHALL",
    "dict://fcm.googleapis.com:11211/stat",
    "ldap://fcm.googleapis.com/x",
    "data:text/plain,x",
    "unix:///run/valkey.sock",
    "jar:https://fcm.googleapis.com!/x",
    "//fcm.googleapis.com/x",
    "https:fcm.googleapis.com/x",
    "https:/fcm.googleapis.com/x",
    "https:///fcm.googleapis.com/x",
    "https://fcm.googleapis.com:22/x",
    "https://fcm.googleapis.com:80/x",
    "https://fcm.googleapis.com:6379/x",
    "https://fcm.googleapis.com:65536/x",
    "https://fcm.googleapis.com:-1/x",
    "https://fcm.googleapis.com:４４３x/x",
    "https://user@fcm.googleapis.com/x",
    "https://:word@fcm.googleapis.com/x",
    "https://fcm.googleapis.com@127.0.0.1/x",
    "https://fcm.googleapis.com:443@127.0.0.1/x",
    "https://127.0.0.1\\@fcm.googleapis.com/x",
    "https://fcm.googleapis.com\\@127.0.0.1/x",
    "https://127.0.0.1#@fcm.googleapis.com/x",
    "https://127.0.0.1?@fcm.googleapis.com/x",
    "https://127.0.0.1;@fcm.googleapis.com/x",
    "https://fcm.googleapis.com.127.0.0.1.nip.io/x",
    "https://127.0.0.1.push.apple.com.evil.example/x",
    "https://fcm.googleapis.com%00.evil.example/x",
    "https://fcm.googleapis.com%2f@127.0.0.1/x",
    "https://%31%32%37.0.0.1/x",
    "https://①②⑦.⓪.⓪.①/x",
    "https://fcm。googleapis。com/x",
    "https://ｆcm.googleapis.com/x",
    "https://fcm.googleapis.com /x",
    "https://fcm.googleapis.com/\r\nHost: 127.0.0.1",
    "https://fcm.googleapis.com\t/x",
    " https://fcm.googleapis.com/x",
    "https://[fcm.googleapis.com]/x",
    "https://[::1]@fcm.googleapis.com/x",
    "https://.push.apple.com@127.0.0.1/x",
    "https://evilpush.apple.com/x",
    "https://push.apple.com/x",
    "",
)


@pytest.mark.parametrize("url", ODD)
def test_other_schemes_doors_and_tricks_with_names_are_refused(inside, leaps, monkeypatch, url):
    """Closed is said before a name is even looked up."""
    asked = answers_with(monkeypatch, ["127.0.0.1"])
    with pytest.raises(outside.Closed):
        outside.post(url, b"x", {}, hosts=web_push.hosts())
    with pytest.raises(requests.RequestException):
        abroad.Session().get(url)
    assert (leaps, inside.came) == ([], 0)
    assert "fcm.googleapis.com" not in asked[:-1]


def test_a_name_that_changes_its_mind_is_asked_once(inside, leaps, monkeypatch):
    """Rebinding: open for the look, inside for the leap. The leap goes where the look went."""
    monkeypatch.setattr(outside, "PATIENCE", 0.2)
    monkeypatch.setattr(abroad, "PATIENCE", 0.2)
    there = "192.0.2.1"  # leads nowhere, and stands for the open internet here
    monkeypatch.setattr(outside, "is_open", lambda address: address == there)
    asked = answers_with(monkeypatch, [there], ["127.0.0.1"])
    with pytest.raises(outside.Away):
        outside.post("https://fcm.googleapis.com/x", b"x", {}, hosts=web_push.hosts())
    assert asked == ["fcm.googleapis.com"]
    asked = answers_with(monkeypatch, [there], ["127.0.0.1"])
    with pytest.raises(requests.RequestException):
        abroad.Session().get("https://a.example/token")
    assert asked == ["a.example"]
    assert {address[0] for address in leaps} == {there}
    assert inside.came == 0


# A service that is where it should be, and sends us on


@pytest.fixture
def service(tmp_path, monkeypatch) -> Iterator[Callable[..., Listener]]:
    """``service(b"HTTP/1.1 …")``: push.example.org over TLS on this machine, and trusted."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "push.example.org")])
    now = datetime.datetime.now(datetime.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("push.example.org")]), False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), True)
        .sign(key, hashes.SHA256())
    )
    paper = tmp_path / "push.pem"
    paper.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + certificate.public_bytes(serialization.Encoding.PEM)
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(paper)
    monkeypatch.setenv("SSL_CERT_FILE", str(paper))
    monkeypatch.setattr(outside, "is_open", lambda address: address == "127.0.0.1")
    answers_with(monkeypatch, ["127.0.0.1"])
    made: list[Listener] = []

    def start(answer: bytes) -> Listener:
        made.append(Listener(answer, context))
        return made[-1]

    yield start
    for one in made:
        one.close()


def to(service: Listener, path: str = "/x") -> outside.Answer:
    there = f"push.example.org:{service.port}"
    return outside.post(f"https://{there}{path}", b"x", {}, hosts=[there])


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_where_a_service_sends_us_on_to_nobody_comes(inside, service, status):
    for target in (f"http://127.0.0.1:{inside.port}/", f"//127.0.0.1:{inside.port}/", "file:///"):
        found = service(f"HTTP/1.1 {status} On\r\nLocation: {target}\r\n\r\n".encode())
        assert to(found).status == status
        assert found.came == 1
    assert inside.came == 0


def test_a_service_with_another_certificate_is_away(service):
    found = service(b"HTTP/1.1 201 Created\r\n\r\n")
    there = f"other.example.org:{found.port}"
    with pytest.raises(outside.Away):
        outside.post(f"https://{there}/", b"x", {}, hosts=[there])


def test_who_answers_a_letter_at_a_time_is_cut_off(service, monkeypatch):
    monkeypatch.setattr(outside, "LONGEST", 0.6)
    found = service(b"HTTP/1.1 201 Created\r\nX: " + b"a" * 1000)
    found.pause = 0.05
    began = time.monotonic()
    with suppress(outside.Away):
        to(found)
    assert time.monotonic() - began < 3


def test_what_follows_the_head_is_not_waited_for(service):
    found = service(b"HTTP/1.1 201 Created\r\nContent-Length: 9999999\r\n\r\nabc")
    began = time.monotonic()
    assert to(found).status == 201
    assert time.monotonic() - began < 2


# The sign-in service that the operator named, and what it names in turn


@pytest.mark.django_db
@pytest.mark.parametrize("which", ["token_endpoint", "userinfo_endpoint", "jwks_uri"])
@pytest.mark.parametrize(
    "target",
    [
        "http://127.0.0.1:{port}/",
        "https://127.0.0.1:{port}/",
        "https://localhost/",
        "http://a.example/",
        "https://a.example:6379/",
        "https://user@a.example/",
        "{named}@127.0.0.1:{port}/",
        "{named}.127.0.0.1:{port}/",
        "file:///etc/passwd",
    ],
)
def test_a_sign_in_service_cannot_send_us_inside(
    browser, provider, inside, monkeypatch, which, target
):
    real = provider.answer

    def lying(path: str, form: dict) -> dict:
        said = real(path, form)
        if which in said:
            said[which] = target.format(port=inside.port, named=provider.address)
        return said

    asked = begin(browser)
    monkeypatch.setattr(provider, "answer", lying)
    assert come_back(browser, asked).status_code in (200, 401, 403)
    nobody_came_in(browser)
    assert inside.came == 0


@pytest.mark.django_db
def test_a_service_that_cannot_be_asked_is_said_to_be_so(browser, provider, inside):
    """Nobody is shown an error of the site because another site sends us on, or is away."""

    def sends_on(path: str, form: dict) -> dict:
        raise OSError

    provider.answer = sends_on
    answer = browser.post("/accounts/oidc/sso/login/")
    assert answer.status_code in (200, 401, 403)


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_a_sign_in_service_that_sends_on_is_not_followed(inside, settings, status):
    head = f"HTTP/1.1 {status} On\r\nLocation: http://127.0.0.1:{inside.port}/\r\n\r\n"
    named = Listener(head.encode())
    settings.SOCIAL_ORIGINS = [f"http://127.0.0.1:{named.port}"]
    with pytest.raises(abroad.Elsewhere):
        abroad.Session().get(f"http://127.0.0.1:{named.port}/.well-known/openid-configuration")
    with pytest.raises(abroad.Elsewhere):
        abroad.Session().post(f"http://127.0.0.1:{named.port}/token", data={"code": "x"})
    named.close()
    assert (named.came, inside.came) == (2, 0)


def test_only_so_much_of_an_answer_is_unpacked(settings):
    import gzip

    bomb = gzip.compress(b"[" + b" " * 50_000_000 + b"]")
    head = f"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: {len(bomb)}\r\n\r\n"
    named = Listener(head.encode() + bomb)
    settings.SOCIAL_ORIGINS = [f"http://127.0.0.1:{named.port}"]
    with pytest.raises(abroad.Elsewhere):
        abroad.Session().get(f"http://127.0.0.1:{named.port}/keys")
    named.answer = b"HTTP/1.1 200 OK\r\n\r\n" + json.dumps({"keys": []}).encode()
    assert abroad.Session().get(f"http://127.0.0.1:{named.port}/keys").json() == {"keys": []}
    named.close()


def test_no_proxy_of_the_surroundings_is_asked(inside, monkeypatch):
    for name in ("HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY", "https_proxy", "http_proxy"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{inside.port}")
    answers_with(monkeypatch, ["10.0.0.1"])
    with pytest.raises(requests.RequestException):
        abroad.Session().get("https://a.example/")
    assert doctor._answers("http://10.0.0.1:1/") is False
    assert inside.came == 0


# The store of uploads


@pytest.mark.parametrize("status", [301, 302, 307])
def test_a_store_that_sends_on_is_not_followed(inside, status):
    from config.media import S3Media

    head = f"HTTP/1.1 {status} On\r\nLocation: http://127.0.0.1:{inside.port}/x\r\n"
    store = Listener(
        (head + "x-amz-bucket-region: eu-west-1\r\nContent-Length: 0\r\n\r\n").encode()
    )
    address = f"http://127.0.0.1:{store.port}"
    media = S3Media(
        bucket_name="uploads",
        access_key="key",
        secret_key="word",
        endpoint_url=address,
        region_name="us-east-1",
    )
    with pytest.raises(OSError, match="store of uploads"):
        media.open("ab/cd/file").read()
    assert doctor._answers(f"{address}/uploads/x") is False
    store.close()
    assert store.came >= 2
    assert inside.came == 0
