"""What no address may do: change by GET, change without a token, or send people elsewhere."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from django.apps import apps
from django.db import connection
from django.test import Client
from django.urls import resolve

from tests.shape.access import WHO
from tests.shape.test_access import ROWS, place  # noqa: F401  fixture
from tests.world import rolled_back

pytestmark = pytest.mark.django_db

# Reports come from browsers, which send no token with them; they are only logged.
WITHOUT_TOKEN = {"csp-report/"}


def post_paths(place: SimpleNamespace) -> list[str]:  # noqa: F811
    return sorted({row.address.format(**place.words) for row in ROWS if row.method == "POST"})


@pytest.mark.parametrize(
    "headers", [{}, {"Origin": "https://evil.example"}], ids=["no token", "foreign"]
)
def test_no_post_is_taken_without_a_token(place, headers):  # noqa: F811
    from community.models import Member

    taken = []
    for who in ("guest", "ben", "ada", "ruth"):
        client = Client(enforce_csrf_checks=True, raise_request_exception=False)
        if who != "guest":
            client.force_login(Member.objects.get(pk=place.world.people[who].pk))
        for path in post_paths(place):
            for method in ("post", "put", "delete", "patch"):
                with rolled_back():
                    status = getattr(client, method)(path, headers=headers).status_code
                if status != 403 and resolve(path).route not in WITHOUT_TOKEN:
                    taken.append(f"{who}: {method.upper()} {path} → {status}")
    assert taken == []


def _counts() -> dict[str, tuple]:
    """Rows and, where there is one, the newest change of every table but sessions and markers."""
    tables = {}
    skipped = {"django_session", "usersessions_usersession", "django_migrations"}
    with connection.cursor() as cursor:
        for model in apps.get_models(include_auto_created=True):
            table = model._meta.db_table
            if model._meta.managed and table not in skipped and not model._meta.proxy:
                rows = "SELECT count(*), md5(string_agg(t::text, E'\\n' ORDER BY t::text))"
                cursor.execute(f'{rows} FROM "{table}" t')
                tables[table] = cursor.fetchone()
    return tables


# Reading moves one's own markers, and the day one was here: nothing that another person reads.
OWN_MARKERS = {"community_readmark", "community_notice", "community_membership", "community_member"}


@pytest.mark.parametrize("who", WHO)
def test_reading_changes_nothing(place, who):  # noqa: F811
    client = place.clients[who]
    changed = []
    before = _counts()
    for row in ROWS:
        if row.method == "GET":
            path = row.address.format(**place.words)
            with rolled_back():
                client.get(path)
                client.get(path, headers={"HX-Request": "true"})
                client.head(path)
                after = _counts()
            different = {name for name in after if after[name] != before.get(name)}
            if different - OWN_MARKERS:
                changed.append(f"{path} writes {sorted(different - OWN_MARKERS)}")
            for name in different & OWN_MARKERS:
                if after[name][0] < before[name][0]:
                    changed.append(f"{path} deletes from {name}")
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


@pytest.mark.parametrize("elsewhere", ELSEWHERE)
def test_nobody_is_sent_to_another_site(place, elsewhere):  # noqa: F811
    """Every address that redirects, with every name such a parameter might have."""
    sent = []
    for who in ("guest", "ada"):
        client = place.clients[who]
        for row in ROWS:
            path = row.address.format(**place.words)
            data = dict.fromkeys(NAMES, elsewhere)
            headers = (
                {"Referer": elsewhere} if elsewhere.isascii() and elsewhere.isprintable() else {}
            )
            with rolled_back():
                kept = client.cookies.copy()
                if row.method == "GET":
                    if row.statuses[WHO.index(who)] != 302:
                        continue
                    answer = client.get(path, data, headers=headers)
                else:
                    answer = client.post(path, data, headers=headers)
                client.cookies = kept
            for name in ("Location", "HX-Redirect", "HX-Location", "HX-Push-Url", "Refresh"):
                target = answer.headers.get(name, "")
                if "evil" in target.split("?")[0]:
                    sent.append(f"{who}: {row.method} {path} → {name}: {target}")
    assert sent == []
