"""For those outside, the site with a secret group is byte for byte the site without it."""

from __future__ import annotations

import re
import statistics
import time
from urllib.parse import quote

import pytest
import time_machine
from django.utils import timezone

from tests.addresses import every_address
from tests.leaks.matrix import DEAF, Asker, said
from tests.world import fill_space, finish, make_world, rolled_back

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

WHO = ("guest", "stranger", "cleo", "mo", "wes")
# Moderators decide about reports from every group; their own record counts what they are told.
REVIEWED = ("/desk/", "/moderation/", "/me/record/")
MASKS = [
    (re.compile(r'name="csrf-token" content="[^"]+"'), "csrf"),
    (re.compile(r'name="csrfmiddlewaretoken" value="[^"]+"'), "csrf"),
    (re.compile(r"X-CSRFToken&quot;: &quot;[^&]+|\"X-CSRFToken\": ?\"[^\"]+"), "csrf"),
    (re.compile(r"(Date|Expires|Last-Modified|ETag|Server-Timing): [^\n]+"), r"\1"),
]


@pytest.fixture
def world():
    """Without the secret group; ``reveal`` makes it."""
    return finish(make_world(spaces=("public", "open", "closed")))


def _sweep(world, paths: list[str]) -> dict[tuple[str, str, str], str]:
    found = {}
    for who in WHO:
        asker = Asker.of(world, who)
        for path in paths:
            if who == "mo" and path.partition("?")[0] in REVIEWED:
                continue
            for headers in ({}, {"HX-Request": "true"}):
                text = said(asker.client.get(path, headers=headers))
                for mask, instead in MASKS:
                    text = mask.sub(instead, text)
                found[who, path, str(headers)] = text
    return found


def _paths(world) -> list[str]:
    paths = []
    for address in every_address():
        names = [name for _kind, name in address.parts]
        if address.route.startswith(DEAF) or address.name in ("readyz", "csp_report"):
            continue
        if not names:
            paths += [f"/{address.route}", f"/{address.route}?q=space"]
        elif names == ["slug"]:
            slugs = [world.open.slug, world.closed.slug, "absent"]
            paths += [address.at(slug=slug) for slug in slugs]
    things = world.things
    paths += [
        f"/search/?q={word}&order={order}" for word in ("soon", "hana") for order in ("", "new")
    ]
    paths += [f"/topics/{things[name].pk}/" for name in ("open_2", "public_0", "closed_2")]
    return paths + [f"/people/{world.people[name].pk}/" for name in ("ada", "ben", "cora", "cleo")]


def test_a_secret_group_makes_no_difference_to_those_outside(world):
    paths = _paths(world)
    with time_machine.travel(timezone.now(), tick=False):
        without = _sweep(world, paths)
        again = _sweep(world, paths)
        noise = {key for key in without if without[key] != again[key]}
        assert noise == set(), "the same question twice must give the same answer"
        fill_space(world, "secret")
        with_it = _sweep(world, paths)
    different = [
        " ".join(key) + _where(without[key], with_it[key])
        for key in without
        if without[key] != with_it[key]
    ]
    assert different == []


def _where(one: str, other: str) -> str:
    for before, after in zip(one.splitlines(), other.splitlines(), strict=False):
        if before != after:
            return f"\n    - {before.strip()[:150]}\n    + {after.strip()[:150]}"
    return ""


def test_what_is_secret_takes_as_long_to_deny_as_what_is_not_there(world):
    """Medians of 200 questions each, asked in turns, differ by three milliseconds at most."""
    fill_space(world, "secret")
    asker = Asker.of(world, "cleo")
    topic = world.things["secret_2"].pk
    pairs = [
        (f"/groups/{world.secret.slug}/", "/groups/no-such-group/"),
        (f"/topics/{topic}/", f"/topics/{topic + 100_000}/"),
    ]
    for secret, absent in pairs:
        times: dict[str, list[float]] = {secret: [], absent: []}
        for path in (secret, absent) * 20:
            asker.client.get(path)
        for number in range(400):
            path = (secret, absent)[number % 2]
            began = time.process_time()
            answer = asker.client.get(path)
            times[path].append(time.process_time() - began)
            assert answer.status_code == 404
        gap = statistics.median(times[secret]) - statistics.median(times[absent])
        assert abs(gap) <= 0.003, f"{secret} takes {gap * 1000:.1f} ms more than {absent}"


def test_the_same_words_deny_what_is_secret_and_what_is_not_there(world):
    fill_space(world, "secret")
    topic, media = world.things["secret_2"], world.things["secret_2_file"]
    pairs = [
        (world.secret.slug, "no-such-group", "/groups/{}/"),
        (world.secret.slug, "no-such-group", "/groups/{}/about/"),
        (world.secret.slug, "no-such-group", "/groups/{}/people/"),
        (topic.pk, 99_999_999, "/topics/{}/"),
        (topic.pk, 99_999_999, "/items/{}/comments/"),
        (world.things["secret_2_answer"].pk, 99_999_999, "/comments/{}/"),
        (media.token, "A" * 32, "/media/{}/file/"),
        (world.hana.pk, 99_999_999, "/people/{}/"),
    ]
    with rolled_back():
        for who in WHO:
            asker = Asker.of(world, who)
            for secret, absent, path in pairs:
                one, other = (asker.client.get(path.format(part)) for part in (secret, absent))
                assert one.status_code == other.status_code, f"{who} {path}"
                texts = []
                for answer, part in ((one, secret), (other, absent)):
                    text, asked = said(answer), path.format(part)
                    for spelled in (asked, quote(asked), quote(asked, safe="")):
                        text = text.replace(spelled, "…")
                    for mask, instead in MASKS:
                        text = mask.sub(instead, text)
                    texts.append(re.sub(r"Content-Length: \d+", "", text))
                if "hana" not in path and part is not None:
                    assert texts[0] == texts[1], f"{who} {path}{_where(*texts)}"
