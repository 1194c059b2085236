"""deploy/nginx.conf by a TLS connection: what it offers, what it refuses, and no plain way in."""

from __future__ import annotations

import re
import shutil
import socket
import ssl
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID

from tests.shape.sources import ROOT

NGINX = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
pytestmark = pytest.mark.skipif(not NGINX, reason="nginx is not installed here")
HOST = "community.example.org"


def certificate(folder: Path) -> None:
    key = rsa.generate_private_key(65537, 2048)  # with which the weak ones would work
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, HOST)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(HOST)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    (folder / "fullchain.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    (folder / "privkey.pem").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )


def free_port() -> int:
    with closing(socket.socket()) as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


@pytest.fixture(scope="module")
def front(tmp_path_factory) -> Iterator[tuple[int, int, Path]]:
    """nginx with our file, on ports of this machine: (plain, TLS, its certificate)."""
    folder = tmp_path_factory.mktemp("nginx")
    certificate(folder)
    plain, tls = free_port(), free_port()
    text = (ROOT / "deploy" / "nginx.conf").read_text()
    text = re.sub(r"^\s*listen \[::\].*\n", "", text, flags=re.M)
    text = text.replace("listen 80;", f"listen 127.0.0.1:{plain};")
    text = text.replace("listen 443 ssl", f"listen 127.0.0.1:{tls} ssl")
    text = text.replace(f"/etc/letsencrypt/live/{HOST}", str(folder))
    assert text.count("127.0.0.1") >= 4
    config = folder / "nginx.conf"
    config.write_text(
        f"daemon off; pid {folder}/pid; error_log {folder}/error.log;\nevents {{}}\nhttp {{\n"
        + "".join(
            f" {kind}_temp_path {folder}/{kind};\n"
            for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        )
        + text
        + "}\n"
    )
    server = subprocess.Popen([NGINX, "-p", str(folder), "-c", str(config)])
    for _try in range(50):
        with closing(socket.socket()) as probe:
            if not probe.connect_ex(("127.0.0.1", tls)):
                break
        time.sleep(0.1)
    yield plain, tls, folder / "fullchain.pem"
    server.terminate()
    server.wait(10)


def handshake(front, *, lowest=None, highest=None, ciphers: str = "") -> tuple[str, tuple]:
    """(version, cipher) of a connection that trusts the test's own certificate."""
    _plain, tls, trusted = front
    context = ssl.create_default_context(cafile=str(trusted))
    if lowest is not None:
        context.minimum_version = lowest
    if highest is not None:
        context.maximum_version = highest
    if ciphers:
        context.set_ciphers(ciphers)
    with (
        socket.create_connection(("127.0.0.1", tls), timeout=5) as raw,
        context.wrap_socket(raw, server_hostname=HOST) as wrapped,
    ):
        return wrapped.version(), wrapped.cipher()


def test_the_newest_version_is_taken(front):
    version, cipher = handshake(front)
    assert version == "TLSv1.3"
    assert cipher[2] >= 128


def test_the_one_before_is_taken_with_secrecy_for_later(front):
    version, cipher = handshake(front, highest=ssl.TLSVersion.TLSv1_2)
    assert version == "TLSv1.2"
    assert cipher[0].startswith("ECDHE")
    assert any(mode in cipher[0] for mode in ("GCM", "POLY1305"))


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.parametrize("version", ["TLSv1", "TLSv1_1"])
def test_older_versions_are_refused(front, version):
    old = getattr(ssl.TLSVersion, version)
    with pytest.raises(ssl.SSLError):
        handshake(front, lowest=old, highest=old, ciphers="ALL:@SECLEVEL=0")


@pytest.mark.parametrize(
    "weak", ["3DES", "aNULL", "eNULL", "kRSA", "ECDHE+SHA384:!AESGCM", "ECDHE+SHA1"]
)
def test_weak_ciphers_are_refused(front, weak):
    with pytest.raises((ssl.SSLError, OSError)):
        handshake(front, highest=ssl.TLSVersion.TLSv1_2, ciphers=f"{weak}:@SECLEVEL=0")


def test_the_plain_way_leads_to_the_other_one(front):
    plain, _tls, _trusted = front
    with socket.create_connection(("127.0.0.1", plain), timeout=5) as raw:
        raw.sendall(f"GET /me/?x=1 HTTP/1.1\r\nHost: {HOST}\r\nConnection: close\r\n\r\n".encode())
        answer = b"".join(iter(lambda: raw.recv(4096), b"")).decode()
    assert answer.startswith("HTTP/1.1 301")
    assert f"Location: https://{HOST}/me/?x=1\r\n" in answer
    assert "nginx/" not in answer  # which version it is


@pytest.mark.parametrize(
    "request_text",
    [
        # Two lengths, a length beside pieces, and a length that is none: which part is a request?
        "Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello",
        "Content-Length: nonsense\r\n\r\nhello",
        "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\nGET /x HTTP/1.1\r\n\r\n",
        "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
        "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
    ],
)
def test_requests_that_could_be_read_as_two_are_refused(front, request_text):
    _plain, tls, trusted = front
    context = ssl.create_default_context(cafile=str(trusted))
    with (
        socket.create_connection(("127.0.0.1", tls), timeout=5) as raw,
        context.wrap_socket(raw, server_hostname=HOST) as wrapped,
    ):
        head = f"POST /accounts/login/ HTTP/1.1\r\nHost: {HOST}\r\nConnection: close\r\n"
        wrapped.sendall((head + request_text).encode())
        answer = b"".join(iter(lambda: wrapped.recv(4096), b""))
    status = int(answer.split()[1])
    assert status in (400, 501)
