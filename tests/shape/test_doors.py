"""What no address may do: change by GET, change without a token, or send people elsewhere."""

from __future__ import annotations

import re
from types import SimpleNamespace
from urllib.parse import urljoin, urlsplit

import pytest
from django.test import Client
from django.urls import resolve

from tests.shape.access import WHO
from tests.shape.test_access import ROWS, place  # noqa: F401  fixture
from tests.world import rolled_back

pytestmark = pytest.mark.django_db

# Reports come from browsers, which send no token with them; they are only logged. Mail programs end
# mail with one click (RFC 8058): the address itself is signed.
WITHOUT_TOKEN = {"csp-report/", "unsubscribe/<str:token>/"}


def post_paths(place: SimpleNamespace) -> list[str]:  # noqa: F811
    return sorted({row.address.format(**place.words) for row in ROWS if row.method == "POST"})


@pytest.mark.parametrize(
    "headers", [{}, {"Origin": "https://evil.example"}], ids=["no token", "foreign"]
)
def test_no_post_is_taken_without_a_token(place, headers):  # noqa: F811
    from community.models import Member

    taken = []
    for who in ("guest", "ada"):
        client = Client(enforce_csrf_checks=True, raise_request_exception=False)
        if who != "guest":
            client.force_login(Member.objects.get(pk=place.world.people[who].pk))
        for path in post_paths(place):
            for method in ("post", "put", "delete", "patch") if not headers else ("post",):
                with rolled_back():
                    status = getattr(client, method)(path, headers=headers).status_code
                if status != 403 and resolve(path).route not in WITHOUT_TOKEN:
                    taken.append(f"{who}: {method.upper()} {path} → {status}")
    assert taken == []


WRITES = re.compile(r'^\s*(?:INSERT INTO|UPDATE|DELETE FROM|TRUNCATE)\s+"?(\w+)', re.IGNORECASE)
# Reading moves one's own markers, and the day one was here: nothing that another person reads, but
# for one line: that somebody opened a page about a person that only their office opens for them.
OWN_MARKERS = {
    "django_session", "usersessions_usersession", "community_readmark", "community_notice",
    "community_membership", "community_member", "community_roomperson", "community_auditentry",
}  # fmt: skip


@pytest.mark.parametrize("who", ["guest", "cleo", "ada", "ruth"])
def test_reading_changes_nothing(place, queries, who):  # noqa: F811
    client = place.clients[who]
    changed = []
    for row in ROWS:
        if row.method == "GET":
            path = row.address.format(**place.words)
            with rolled_back(), queries() as asked:
                client.get(path)
                client.get(path, headers={"HX-Request": "true"})
            for query in asked.captured_queries:
                written = WRITES.match(query["sql"])
                if written and written[1] not in OWN_MARKERS:
                    changed.append(f"{path}: {query['sql'][:120]}")
                if written and query["sql"].lstrip().upper().startswith("DELETE"):
                    changed.append(f"{path}: {query['sql'][:120]}")
    assert changed == []


ELSEWHERE = [
    "//evil.example", "\\\\evil.example", "/\\evil.example", "https://evil.example",
    "http:evil.example", "http:///evil.example", "https:/evil.example", "javascript:alert(1)",
    "data:text/html,x", "https://testserver@evil.example", "https://testserver.evil.example",
    "https://evil.example/testserver", "///evil.example", "/%09/evil.example", "/%5cevil.example",
    "//evil%E3%80%82example", "ｈttps://evil.example", " https://evil.example",
    "\thttps://evil.example", "https://evil.example#@testserver", "//testserver@evil.example",
]  # fmt: skip
NAMES = ("next", "back", "to", "return", "redirect", "return_to", "url", "HTTP_REFERER")


INSIDE = "/people/?marker=1"


def _ask(place: SimpleNamespace, who: str, row: SimpleNamespace, target: str) -> str:  # noqa: F811
    """Where the answer sends somebody who asked to be sent to ``target``."""
    client = place.clients[who]
    path = row.address.format(**place.words)
    data = dict.fromkeys(NAMES, target)
    headers = {"Referer": target} if target.isascii() and target.isprintable() else {}
    kept = client.cookies.copy()
    with rolled_back():
        answer = getattr(client, row.method.lower())(path, data, headers=headers)
    client.cookies = kept
    names = ("Location", "HX-Redirect", "HX-Location", "HX-Push-Url", "Refresh")
    return " ".join(answer.headers.get(name, "") for name in names)


def _leads_out(location: str) -> bool:
    """Whether a browser would leave the site; an encoded path of our own is harmless."""
    addresses = [part.replace("\\", "/") for part in location.split(" ") if part]
    found = [urlsplit(urljoin("http://testserver/here/", part)) for part in addresses]
    return any(one.scheme != "http" or one.hostname != "testserver" for one in found)


def test_nobody_is_sent_to_another_site(place):  # noqa: F811
    """One foreign target everywhere; the whole corpus where a target of our own is followed."""
    sent, follows = [], []
    for who in ("guest", "ada"):
        for row in ROWS:
            if row.method == "GET" and row.statuses[WHO.index(who)] not in (301, 302):
                continue
            if _leads_out(_ask(place, who, row, "https://evil.example/")):
                sent.append(f"{who}: {row.method} {row.address} → https://evil.example/")
            if _ask(place, who, row, INSIDE).strip().startswith(INSIDE):
                follows.append((who, row))
    assert follows, "some address follows next=, or this test looks at nothing"
    for who, row in follows:
        for elsewhere in ELSEWHERE:
            location = _ask(place, who, row, elsewhere)
            if _leads_out(location):
                sent.append(f"{who}: {row.method} {row.address} → {elsewhere}: {location}")
    assert sent == []
