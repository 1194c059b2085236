"""Whoever asks at any door with an address learns nothing about whether it has an account.

Status, heads and bodies are compared in every run; `make leaks` asks two hundred times for each and
compares the times too, by the rank test of Mann and Whitney.
"""

from __future__ import annotations

import gc
import math
import random
import re
import statistics
import time
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from community.models import Community, Member, Ring
from tests import factories
from tests.world import rolled_back

pytestmark = pytest.mark.django_db

TIMES = 200
MOST_APART = 0.005
"""Seconds between the medians, whatever the rank test says."""
SURE = 0.01
MASKS = [
    (re.compile(r'(name="csrf-token" content|csrfmiddlewaretoken" value)="[^"]+"'), r"\1"),
    (re.compile(r"(X-CSRFToken&quot;: &quot;)[^&]+|(\"X-CSRFToken\": ?\")[^\"]+"), "csrf"),
    (re.compile(r"/\d+/revoke/"), "/N/revoke/"),
    (re.compile(r"(csrf|sid|messages)=[^;]+"), r"\1"),
    (re.compile(r"(Date|Expires|expires|Last-Modified|ETag|Server-Timing)[:=] ?[^\n;]+"), r"\1"),
]


@dataclass
class Place:
    """Addresses of accounts, all of one length with those that nobody has."""

    known: list[str]
    bare: list[str]
    """Accounts without a password."""
    ben: Member
    ada: Member
    clients: dict[str, Client] = field(default_factory=dict)

    def kinds(self) -> dict[str, Callable[[], str]]:
        return {
            "nobody’s": new_address,
            "somebody’s": lambda: random.choice(self.known),
            "without a password": lambda: random.choice(self.bare),
        }


def new_address() -> str:
    return f"{uuid.uuid4().hex[:12]}@example.org"


@pytest.fixture
def place(community: Community, ada: Member, ben: Member) -> Place:
    factories.belong(ada, community.space, ring=Ring.STEWARD)
    known = [
        factories.make_member(email=new_address(), password="seven quiet herons").email
        for _n in range(12)
    ]
    bare = [factories.make_member(email=new_address()).email for _n in range(6)]
    Member.objects.filter(email=bare[0]).update(is_active=False)
    ada.forget()
    return Place(known, bare, ben, ada)


def visitor() -> Client:
    return Client(REMOTE_ADDR=".".join(str(random.randint(1, 250)) for _ in range(4)))


def inside(member: Member) -> Client:
    client = visitor()
    client.force_login(member)
    factories.prove(client, member)
    return client


def asks(name: str, **fields: str) -> Callable[[Client, str], Any]:
    """A form that takes an address where ``{}`` stands."""

    def ask(client: Client, address: str) -> Any:
        filled = {key: value.format(address) for key, value in fields.items()}
        return client.post(reverse(name), filled)

    return ask


DOORS: dict[str, tuple[Callable[[Client, str], Any], str]] = {
    "to join": (asks("account_signup", email="{}"), "guest"),
    "for a code": (asks("account_login", login="{}", password=""), "guest"),
    "with a wrong password": (
        asks("account_login", login="{}", password="wrong again and again"),
        "guest",
    ),
    "for a new password": (asks("account_reset_password", email="{}"), "guest"),
    "to change one’s own address": (
        asks("account_email", email="{}", action_add="x"),
        "ben",
    ),
    "to invite by mail": (
        asks("invite", how="mail", **{"mail-emails": "{}", "mail-ring": "2", "mail-note": "Come"}),
        "ada",
    ),
}


def opened(place: Place, who: str) -> Client:
    return visitor() if who == "guest" else inside(getattr(place, who))


def walk(client: Client, ask: Callable[[Client, str], Any], address: str) -> Iterator[Any]:
    """What one sees at that door and behind it, a wrong code and a second try included."""
    answer = ask(client, address)
    yield answer
    if answer.status_code != 302:
        return
    where = answer.url
    yield client.get(where)
    for said in ({"code": "BBBB-BBBB"}, {"action": "resend"}, {"code": "CCCC-CCCC"}, {"code": ""}):
        yield client.post(where, said)
    yield client.get(where)


def told(answer: Any, address: str) -> str:
    """Everything that went out, without what differs from one question to the next anyway."""
    heads = "\n".join(f"{name}: {value}" for name, value in sorted(answer.headers.items()))
    cookies = "\n".join(sorted(answer.cookies.output().splitlines()))
    text = f"{answer.status_code}\n{heads}\n{cookies}\n{answer.content.decode()}"
    text = text.replace(address, "ADDRESS").replace(address.replace("@", "%40"), "ADDRESS")
    for mask, instead in MASKS:
        text = mask.sub(instead, text)
    return text


def lengths(answer: Any) -> tuple[int, ...]:
    """Of the body, and of every head by its name: what is seen without opening the letter."""
    heads = {name: len(value) for name, value in answer.headers.items() if name != "Set-Cookie"}
    cookies = {name: len(one.OutputString()) for name, one in answer.cookies.items()}
    return (len(answer.content), *(n for _name, n in sorted({**heads, **cookies}.items())))


@pytest.fixture
def at_will(settings: Any) -> None:
    """As often as one likes: the limits are looked at by a test of their own."""
    settings.ACCOUNT_RATE_LIMITS = False


@pytest.mark.usefixtures("at_will")
@pytest.mark.parametrize("door", DOORS)
def test_the_answer_is_the_same_for_every_address(place, door):
    ask, who = DOORS[door]
    seen: dict[str, list[list[str]]] = {}
    sizes: dict[str, list[list[tuple[int, ...]]]] = {}
    for kind, address_of in place.kinds().items():
        for _n in range(3):
            address = address_of()
            with rolled_back():
                answers = list(walk(opened(place, who), ask, address))
            seen.setdefault(kind, []).append([told(one, address) for one in answers])
            sizes.setdefault(kind, []).append([lengths(one) for one in answers])
    plain = seen["nobody’s"][0]
    assert "500" not in {page[:3] for page in plain}
    assert any("ADDRESS" in page for page in plain) or who == "guest", "the door was not reached"
    for kind, walks in seen.items():
        for walked in walks:
            assert walked == plain, f"{door}: {kind}{_where(plain, walked)}"
        assert set(map(str, sizes[kind])) == {str(sizes["nobody’s"][0])}, f"{door}: {kind}"


def _where(one: list[str], other: list[str]) -> str:
    lines = ("\n".join(walked).splitlines() for walked in (one, other))
    for before, after in zip(*lines, strict=False):
        if before != after:
            return f"\n    - {before.strip()[:200]}\n    + {after.strip()[:200]}"
    return ""


@pytest.mark.parametrize("door", [name for name, (_ask, who) in DOORS.items() if who == "guest"])
def test_too_often_is_the_same_for_every_address(place, door):
    ask, _who = DOORS[door]
    seen = {}
    for kind, address_of in place.kinds().items():
        cache.clear()
        address, client = address_of(), visitor()
        seen[kind] = [told(ask(client, address), address) for _n in range(7)]
    assert seen["nobody’s"][0] != seen["nobody’s"][-1], "seven times is not too often"
    for kind, walked in seen.items():
        assert walked == seen["nobody’s"], f"{kind}{_where(seen['nobody’s'], walked)}"


# The clock


def mann_whitney(one: list[float], other: list[float]) -> float:
    """How probable it is that two equal sources differ so much in rank; both ways, ties counted.

    Mann and Whitney 1947, by the normal approximation, which holds from about twenty each.
    """
    ranked = sorted([(value, True) for value in one] + [(value, False) for value in other])
    ranks, ties, at = 0.0, 0.0, 0
    while at < len(ranked):
        end = at
        while end < len(ranked) and ranked[end][0] == ranked[at][0]:
            end += 1
        ranks += (at + 1 + end) / 2 * sum(mine for _value, mine in ranked[at:end])
        ties += (end - at) ** 3 - (end - at)
        at = end
    n, m = len(one), len(other)
    u = ranks - n * (n + 1) / 2
    spread = math.sqrt(n * m / 12 * (n + m + 1 - ties / ((n + m) * (n + m - 1))))
    if not spread:
        return 1.0
    z = max(0.0, abs(u - n * m / 2) - 0.5) / spread
    return math.erfc(z / math.sqrt(2))


def test_the_rank_test_tells_two_sources_apart_and_one_not():
    dice = random.Random(7)
    one, same = ([dice.gauss(10, 1) for _n in range(TIMES)] for _twice in range(2))
    slower = [dice.gauss(10.5, 1) for _n in range(TIMES)]
    assert mann_whitney(one, same) > 0.05
    assert mann_whitney(one, slower) < 0.001
    assert mann_whitney([1.0] * 20, [1.0] * 20) == 1
    # By hand: 1 2 | 3 4 has U = 0 of mean 2, spread √(5/3), z = 1.5 / 1.29.
    assert mann_whitney([1, 2], [3, 4]) == pytest.approx(0.2453, abs=0.0005)


def _race(place: Place, door: str) -> dict[str, list[float]]:
    """Seconds for the first answer at a door, kinds of addresses in turns by chance."""
    ask, who = DOORS[door]
    kinds = place.kinds()
    spent: dict[str, list[float]] = {kind: [] for kind in kinds}
    order = [kind for kind in kinds for _n in range(TIMES)]
    random.shuffle(order)
    for kind in list(kinds) * 3:  # warm
        ask(opened(place, who), kinds[kind]())
    gc.collect()
    gc.disable()
    try:
        for number, kind in enumerate(order):
            client, address = opened(place, who), kinds[kind]()
            began = time.perf_counter()
            ask(client, address)
            spent[kind].append(time.perf_counter() - began)
            if number % 50 == 0:
                gc.collect()
    finally:
        gc.enable()
    return spent


@pytest.mark.long
@pytest.mark.slow
@pytest.mark.usefixtures("at_will")
@pytest.mark.parametrize("door", DOORS)
def test_the_clock_tells_nothing(place, settings, door, capsys):
    """One chance in a hundred is taken for a difference, so one that stays is looked for again."""
    settings.PASSWORD_HASHERS = ["community.passwords.Argon2idHasher"]
    for address in place.known:  # keys as of a real site
        member = Member.objects.get(email=address)
        member.set_password("seven quiet herons")
        member.save()
    apart: set[str] = {"somebody’s", "without a password"}
    for _again in range(2):
        spent = _race(place, door)
        plain = spent["nobody’s"]
        for kind in sorted(apart):
            gap = statistics.median(spent[kind]) - statistics.median(plain)
            chance = mann_whitney(plain, spent[kind])
            with capsys.disabled():
                usual = statistics.median(plain) * 1000
                print(f"\n{door}, {kind}: {usual:.2f} ms {gap * 1000:+.2f}, p = {chance:.3f}")  # noqa: T201
            if chance > SURE and abs(gap) <= MOST_APART:
                apart.discard(kind)
        if not apart:
            return
    assert not apart, f"{door}: the time differs for {sorted(apart)}"
