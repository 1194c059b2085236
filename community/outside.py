"""Knows how to reach an address that somebody outside gave us, without reaching into our own house.

Host and port are asked of a list first. Then the name is resolved once, every address it has must
lie on the open internet, and the connection goes to one of exactly these: an answer that changes
between the look and the leap changes nothing. No redirects, no proxies, little patience: whoever
answers a letter at a time is cut off, and nothing they say beyond its head is read.
"""

from __future__ import annotations

import http.client
import ipaddress
import socket
import ssl
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from urllib.parse import urlsplit

PATIENCE = 5.0
"""Seconds for each step: to connect, to be understood, to be answered."""
LONGEST = 10.0
"""Seconds for all of it."""

_CLOSED = [
    ipaddress.ip_network(net)
    for net in (
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",
        "127.0.0.0/8",
        "168.63.129.16/32",  # the inside of one large cloud, behind an address that looks open
        "169.254.0.0/16",
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.88.99.0/24",
        "192.168.0.0/16",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/4",
        "240.0.0.0/4",
        "::/128",
        "::1/128",
        "::ffff:0:0:0/96",
        "64:ff9b:1::/48",
        "100::/64",
        "2001::/23",
        "2001:db8::/32",
        "3fff::/20",
        "5f00::/16",
        "fc00::/7",
        "fe80::/10",
        "fec0::/10",
        "ff00::/8",
    )
]
_CARRIES_FOUR = [  # networks of IPv6 in which an address of IPv4 stands, and where
    (ipaddress.ip_network("::ffff:0:0/96"), 0),
    (ipaddress.ip_network("::/96"), 0),
    (ipaddress.ip_network("64:ff9b::/96"), 0),
    (ipaddress.ip_network("2002::/16"), 80),
]


class Closed(Exception):
    """Not an address we go to."""


class Away(Exception):
    """Nobody answered there, or not in time."""


@dataclass(frozen=True)
class Answer:
    status: int
    headers: Mapping[str, str]


def is_open(address: str) -> bool:
    """Whether an IP address lies on the open internet, whatever is wrapped in it."""
    try:
        found = ipaddress.ip_address(address.split("%")[0])
    except ValueError:
        return False
    if found.version == 6:
        for net, shift in _CARRIES_FOUR:
            if found in net:
                inner = ipaddress.IPv4Address((int(found) >> shift) & 0xFFFFFFFF)
                return is_open(str(inner))
    return not any(found in net for net in _CLOSED if net.version == found.version)


def check(url: str, hosts: list[str]) -> tuple[str, int, str]:
    """Host, port and path of an address that is on the list; Closed for every other.

    A name in ``hosts`` that begins with a dot stands for all below it.
    """
    try:
        parts = urlsplit(url)
        host, port = (parts.hostname or "").rstrip("."), parts.port or 443
    except ValueError:
        raise Closed(url) from None
    strange = parts.username or parts.password or parts.scheme != "https" or parts.fragment
    if strange or not host or not host.isascii() or any(one in url for one in "\\\r\n\t "):
        raise Closed(host)
    named = host if port == 443 else f"{host}:{port}"
    known = any(named == one or (one.startswith(".") and named.endswith(one)) for one in hosts)
    if not known:
        raise Closed(host)
    path = parts.path or "/"
    return host, port, f"{path}?{parts.query}" if parts.query else path


def addresses(host: str, port: int) -> list[str]:
    """Where the name leads; Closed if only one of them is not on the open internet."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except OSError as error:
        raise Away(str(error)) from error
    ips = list(dict.fromkeys(str(row[4][0]) for row in found))
    if not ips or not all(map(is_open, ips)):
        raise Closed(host)
    return ips


def post(url: str, body: bytes, headers: Mapping[str, str], *, hosts: list[str]) -> Answer:
    """Send bytes there. Raises Closed or Away."""
    host, port, path = check(url, hosts)
    ips = addresses(host, port)
    connection = _connection(host, port, ips[0])
    try:
        connection.connect()
        with _cut_off_after(LONGEST, connection):
            connection.request("POST", path, body=body, headers=dict(headers))
            answer = connection.getresponse()
        return Answer(answer.status, dict(answer.getheaders()))
    except (OSError, http.client.HTTPException) as error:
        raise Away(type(error).__name__) from error
    finally:
        connection.close()


@contextmanager
def _cut_off_after(seconds: float, connection: http.client.HTTPConnection) -> Iterator[None]:
    """Every letter that comes would begin the wait for the next anew; this ends it."""
    cord = socket.socket(fileno=socket.dup(connection.sock.fileno()))

    def cut() -> None:
        with suppress(OSError):
            cord.shutdown(socket.SHUT_RDWR)

    clock = threading.Timer(seconds, cut)
    clock.daemon = True
    clock.start()
    try:
        yield
    finally:
        clock.cancel()
        cord.close()


class _Pinned(http.client.HTTPSConnection):
    """Goes to the address that was checked, and asks it for the certificate of the name."""

    def __init__(self, host: str, port: int, ip: str) -> None:
        context = ssl.create_default_context()
        super().__init__(host, port, timeout=PATIENCE, context=context)
        self.ip = ip

    def connect(self) -> None:
        plain = socket.create_connection((self.ip, self.port), PATIENCE)
        try:
            self.sock = self._context.wrap_socket(plain, server_hostname=self.host)
        except OSError:
            plain.close()
            raise


def _connection(host: str, port: int, ip: str) -> http.client.HTTPConnection:
    return _Pinned(host, port, ip)
