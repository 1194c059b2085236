"""What is said to open pages: after the commit, and never at the cost of who says it."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator

import pytest
import redis
from django.conf import settings
from django.db import transaction

from community import live

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _not_quiet(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "_quiet_until", 0.0)


@contextlib.contextmanager
def heard() -> Iterator[list[tuple[str, frozenset[int], int, bytes]]]:
    """What goes over Valkey inside the block."""
    found: list[tuple[str, frozenset[int], int, bytes]] = []
    with redis.Redis.from_url(settings.REDIS_URL) as client, client.pubsub() as ear:
        ear.subscribe(live.topic())
        assert ear.get_message(timeout=2)["type"] == "subscribe"
        yield found
        while message := ear.get_message(timeout=0.3):
            found.append(live.unpack(message["data"]))


def test_a_frame_is_sent_after_the_commit_with_who_did_it(committed):
    with heard() as frames, committed():
        live.publish_on_commit("room:7", {"t": "message", "seq": 3, "html": "<p>Sí</p>"}, by=5)
    assert frames == [
        ("room:7", frozenset({5}), 3, '{"t":"message","seq":3,"html":"<p>Sí</p>"}'.encode())
    ]


def test_a_line_end_in_a_frame_stays_in_it(committed):
    with heard() as frames, committed():
        live.publish_on_commit("member:2", {"t": "bell", "unread": 3, "why": "a\nb c"})
    assert frames == [("member:2", frozenset(), 0, b'{"t":"bell","unread":3,"why":"a\\nb c"}')]


def test_what_is_taken_back_is_never_said(committed):
    with (
        heard() as frames,
        committed(),
        contextlib.suppress(ZeroDivisionError),
        transaction.atomic(),
    ):
        live.publish_on_commit("room:7", {"t": "message"})
        live.close_on_commit(4)
        raise ZeroDivisionError
    assert frames == []


def test_whom_to_look_at_is_said_by_member_session_or_rooms(committed):
    with heard() as frames, committed():
        live.close_on_commit(4)
        live.close_on_commit("k3y")
        live.close_on_commit((4, [7, 8]))
        live.close_all_on_commit()
    assert [body for *_, body in frames] == [
        b'{"member":4}', b'{"session":"k3y"}', b'{"member":4}', b"{}",
    ]  # fmt: skip


def test_valkey_away_costs_a_quarter_second_once_and_breaks_nothing(committed, monkeypatch):
    """A listener that takes connections and never answers, as a stopped Valkey does."""
    import socket

    with socket.create_server(("127.0.0.1", 0)) as hung:
        monkeypatch.setattr(settings, "REDIS_URL", f"redis://127.0.0.1:{hung.getsockname()[1]}")
        live._client.cache_clear()
        try:
            for longest in (0.6, 0.02):
                began = time.monotonic()
                with committed():
                    live.publish_on_commit("room:7", {"t": "message"})
                assert time.monotonic() - began < longest
        finally:
            live._client.cache_clear()


def test_a_hub_in_the_same_process_hears_it_without_valkey(committed, monkeypatch):
    near: list[bytes] = []
    monkeypatch.setattr(live, "_neighbours", [near.extend])
    with committed():
        live.publish_on_commit("room:7", {"t": "message"})
    assert near == []  # it comes over Valkey, as everywhere
    monkeypatch.setattr(live, "_quiet_until", time.monotonic() + 5)
    with committed():
        live.publish_on_commit("room:7", {"t": "message"})
    assert near == [b'room:7  0\n{"t":"message"}']
