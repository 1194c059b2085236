"""The cache may go away: callers notice nothing but a short wait, once."""

from __future__ import annotations

import time

import pytest
from django.core.cache import cache
from redis.exceptions import ResponseError

from community import cache as ours
from community.cache import JsonSerializer, ResilientCache

NOWHERE = "unix:///nonexistent/valkey.sock"


@pytest.fixture(autouse=True)
def _forget_verdicts():
    ours._away_until.clear()
    yield
    ours._away_until.clear()


def test_values_come_back_as_they_were():
    for value in (1, "word", [1.5, None], {"a": [True]}, ""):
        cache.set("value", value)
        assert cache.get("value") == value


def test_numbers_count_up():
    cache.set("count", 1)
    assert cache.incr("count") == 2
    assert cache.get("count") == 2


def test_nothing_but_data_can_be_stored():
    with pytest.raises(TypeError):
        JsonSerializer().dumps(object())
    with pytest.raises(ValueError):
        JsonSerializer().loads(b"\x80\x04.")


def test_without_valkey_values_are_kept_in_memory():
    lonely = ResilientCache(NOWHERE, {})
    assert lonely.add("tries", 1) is True
    assert lonely.add("tries", 1) is False
    assert lonely.incr("tries") == 2
    assert lonely.get_many(["tries"]) == {"tries": 2}
    lonely.delete("tries")
    assert lonely.get("tries") is None
    assert lonely.is_away


def test_it_asks_valkey_again_only_after_a_while(monkeypatch):
    lonely = ResilientCache(NOWHERE, {})
    asked = []

    def get(self, *args, **kwargs):
        asked.append(args)
        raise ResponseError("full")

    monkeypatch.setattr("django.core.cache.backends.redis.RedisCache.get", get)
    lonely.get("a")
    lonely.get("a")
    assert len(asked) == 1
    ours._away_until[NOWHERE] = time.monotonic() - 1
    lonely.get("a")
    assert len(asked) == 2


def test_sign_in_still_counts_its_tries_without_valkey(client, settings, db):
    settings.CACHES = {
        "default": {"BACKEND": "community.cache.ResilientCache", "LOCATION": NOWHERE}
    }
    pages = [
        client.post("/accounts/login/", {"login": "x@example.org", "password": "wrong words!"})
        for _ in range(8)
    ]
    assert all(page.status_code < 500 for page in pages)
