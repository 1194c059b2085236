"""Every address has a row in the access table, and the table is true."""

from __future__ import annotations

import re
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import resolve

from community.accounts.lock import address as lock_address
from community.models import JoinRequest, Member, OutboxMail, PushSubscription, Rule, Space
from community.notices.unsubscribing import address as less_mail
from groups.operations import groups as group_operations
from tests import factories
from tests.addresses import every_address
from tests.shape.access import TABLE, WHO
from tests.world import finish, make_world, rolled_back

pytestmark = pytest.mark.django_db

ROW = re.compile(rf"^(GET|POST)\s+(/\S*)\s+((?:\d{{3}}\s*){{{len(WHO)}}})$")


def rows() -> Iterator[SimpleNamespace]:
    for line in TABLE.strip().splitlines():
        if line.strip() and not line.lstrip().startswith("#"):
            found = ROW.match(line.strip())
            assert found, f"This row cannot be read: {line}"
            method, address, statuses = found.groups()
            yield SimpleNamespace(
                method=method, address=address, statuses=[int(n) for n in statuses.split()]
            )


ROWS = list(rows())


@pytest.fixture(scope="module")
def place(django_db_setup, django_db_blocker):
    """The world, the words in braces, and a signed-in client for everybody."""
    with django_db_blocker.unblock(), rolled_back():
        world = finish(make_world(spaces=("open", "closed", "secret")))
        yield SimpleNamespace(words=_words(world), clients=_clients(world), world=world)


def _words(world) -> dict[str, object]:
    root = Space.objects.root()
    stranger_asks = JoinRequest.objects.create(space=root, member=world.stranger)
    proposed = group_operations.start_group("Proposed by Cleo", by=world.cleo, purpose="To sing.")
    mail = OutboxMail.objects.create(to="x@example.org", subject="Hello", body_text="Hello")
    things = world.things
    named = {
        name: things[f"closed_{name}"].pk
        for name in ("request", "invitation", "offer", "asked", "event", "appeal", "welcome")
    }
    named |= {
        name: things[f"closed_{name}"].pk
        for name in (
            "report",
            "case",
            "decision",
            "measure_appeal",
            "concern",
            "bad",
            "announcement",
            "plan",
            "plan_gone",
        )
    }
    return named | {
        "limit": things["limit"].pk,
        "branch": things["branch"].pk,
        "held": things["closed_held"].pk,
        "root": root.slug,
        "open": world.open.slug,
        "closed": world.closed.slug,
        "secret": world.secret.slug,
        "absent": "no-such-group",
        "topic": things["closed_2"].pk,
        "core_topic": things["closed_3"].pk,
        "open_topic": things["open_2"].pk,
        "secret_topic": things["secret_2"].pk,
        "answer": things["closed_2_answer"].pk,
        "core_answer": things["closed_3_answer"].pk,
        "file": things["closed_2_file"].token,
        "core_file": things["closed_3_file"].token,
        "loose": things["closed_loose"].token,
        "cover": things["closed_cover"].token,
        "token": things["closed_token"],
        "asks": stranger_asks.pk,
        "proposed": proposed.pk,
        "mail": mail.pk,
        "device": PushSubscription.objects.create(
            member=world.people["ben"], endpoint="https://fcm.googleapis.com/x", key="k", secret="s"
        ).pk,
        "paper": factories.make_agreement("House rules", by=world.ruth).slug,
        "copy": factories.make_export(world.people["ben"]).token,
        "question": factories.make_question(world.people["ben"], what="erase").pk,
        "hold": factories.make_hold(world.people["ben"]).pk,
        "people_list": things["people_list"].pk,
        "recovery": things["recovery"].pk,
        "notice": factories.make_notice(things["closed_2_answer"], of=world.people["ben"]).pk,
        "less_mail": less_mail(world.people["ben"], "groups").rpartition("unsubscribe/")[2][:-1],
        "lock": lock_address(world.people["lia"]).rpartition("lock/")[2][:-1],
        "room": things["closed_room"].pk,
        "bringing": things["closed_bringing"].pk,
        "core_room": things["closed_core_room"].pk,
        "secret_room": things["secret_room"].pk,
        "chat_file": things["closed_chat_file"].token,
        **{name: things[name].pk for name in ("pair", "several", "asked_talk")},
        "rule": Rule.objects.create(title="Speak from your own home").pk,
        **{
            person: world.people[person].pk
            for person in ("ben", "ada", "fay", "hana", "cleo", "lia")
        },
    }


def _clients(world) -> dict[str, Client]:
    clients = {"guest": Client(raise_request_exception=False)}
    for name in WHO[1:]:
        clients[name] = Client(raise_request_exception=False)
        clients[name].force_login(Member.objects.get(pk=world.people[name].pk))
    return clients


def answers(
    place: SimpleNamespace, method: str, address: str, who_asks: tuple[str, ...] = WHO
) -> list[int]:
    path = address.format(**place.words)
    found = []
    for who in who_asks:
        client = place.clients[who]
        kept = client.cookies.copy()
        with rolled_back():
            found.append(getattr(client, method.lower())(path).status_code)
        client.cookies = kept
    return found


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.method} {row.address}")
def test_the_table_is_true(place, row):
    found = answers(place, row.method, row.address)
    assert found == row.statuses, (
        f"\n{row.method} {row.address}\n"
        + "\n".join(
            f"  {who}: {is_} instead of {should}"
            for who, is_, should in zip(WHO, found, row.statuses, strict=True)
            if is_ != should
        )
        + f"\nThe row as it is now:\n{as_row(row.method, row.address, found)}"
    )


def as_row(method: str, address: str, statuses: list[int]) -> str:
    return f"{method:4} {address:58} {' '.join(str(status) for status in statuses)}"


def _routes_of(method: str, place: SimpleNamespace) -> set[str]:
    routes = set()
    for row in ROWS:
        if row.method == method:
            routes.add(resolve(row.address.format(**place.words)).route)
    return routes


def _known(address) -> str:
    return resolve(_sample(address)).route


def _sample(address) -> str:
    values = {
        "int": 1,
        "slug": "a",
        "str": "a",
        "path": "a",
        "uuid": "0" * 8 + "-0000-4000-8000-" + "0" * 12,
    }
    return address.at(**{name: values[kind] for kind, name in address.parts})


def test_every_address_has_a_row(place):
    covered = _routes_of("GET", place) | _routes_of("POST", place)
    missing = {
        address.route: address.name for address in every_address() if _known(address) not in covered
    }
    assert missing == {}, "These addresses are not in tests/shape/access.py."


def test_every_address_that_is_posted_to_has_such_a_row(place):
    """What has no POST row must refuse POST with 405, from everybody who may be there at all."""
    covered = _routes_of("POST", place)
    unsaid = []
    for row in ROWS:
        path = row.address.format(**place.words)
        if row.method == "GET" and resolve(path).route not in covered:
            with rolled_back():
                answer = place.clients["ada"].post(path)
            if answer.status_code < 400 and not _asks_who_it_is(answer):
                unsaid.append(row.address)
    assert sorted(set(unsaid)) == []


def _asks_who_it_is(answer: Any) -> bool:
    words = ("reauthenticate", "/accounts/login/")
    return answer.status_code == 302 and any(word in answer["Location"] for word in words)


@pytest.mark.parametrize("who", [name for name in WHO if name != "mo"])
def test_the_operators_admin_lets_nobody_in(place, who):
    """Of the personas only mo holds a staff role; the admin shows the others its door at most."""
    if not settings.ADMIN_URL:
        pytest.skip("There is no admin without ADMIN_URL.")
    for path in ("", "community/member/", "community/item/", "password_change/", "jsi18n/"):
        answer = place.clients[who].get(f"/{settings.ADMIN_URL}{path}")
        assert answer.status_code in (302, 403, 404), path
        if answer.status_code == 302:
            assert "login" in answer["Location"]


def test_the_table_is_sorted_and_has_no_row_twice():
    keys = [(row.address, row.method) for row in ROWS]
    assert len(keys) == len(set(keys))


def test_a_secret_answers_like_what_is_not_there(place):
    """For everybody outside, a secret group and one that never was give the same statuses."""
    outside = ("guest", "cleo", "mo")
    told_apart = []
    for row in ROWS:
        if "{closed}" in row.address:
            secret = row.address.replace("{closed}", "{secret}")
            absent = row.address.replace("{closed}", "{absent}")
            one = answers(place, row.method, secret, outside)
            other = answers(place, row.method, absent, outside)
            if one != other:
                told_apart.append(f"{row.method} {row.address}: {one}, and absent {other}")
    assert told_apart == []
