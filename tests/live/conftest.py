"""The site's own server with its sockets, in a thread, and pages that listen to it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from community import live
from community.models import Member, Room, Space
from tests.live.pages import Live, Page
from tests.personas import *  # noqa: F403  fixtures


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "tests/live" in str(item.path):
            item.add_marker(pytest.mark.django_db(transaction=True))
            item.add_marker(pytest.mark.xdist_group("live"))


@pytest.fixture(scope="session")
def running(django_db_setup: None, django_db_blocker: Any) -> Iterator[Live]:
    with django_db_blocker.unblock():
        yield Live.shared()


@pytest.fixture
def site(running: Live, monkeypatch: pytest.MonkeyPatch) -> Iterator[Live]:
    """The running server, with nobody on it yet, and Valkey at hand."""
    monkeypatch.setattr(live, "_quiet_until", 0.0)
    running.until_it_hears()
    yield running
    running.clear()


@pytest.fixture
def page(site: Live) -> Iterator[Callable[..., Page]]:
    """``page(ben)``: an open page of ben's; ``page(ben, room)``: one that listens to a room."""
    pages: list[Page] = []

    def open_page(member: Member, *rooms: Room, **options: Any) -> Page:
        found = site.page(member, **options)
        pages.append(found)
        for room in rooms:
            assert found.join(room), f"{member} may not join {room}"
        return found

    yield open_page
    for one in pages:
        one.close()


@pytest.fixture
def general(north: Space) -> Room:
    return north.rooms.get()
