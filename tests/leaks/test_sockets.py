"""Sockets of everybody who is outside: they join and hear nothing, and a planted leak is heard.

Who may read what is said by the world (tests/world.py) from the tables, not asked of the site.
"""

from __future__ import annotations

import json
from contextlib import contextmanager

import pytest
from django.db import connection, transaction
from websockets.exceptions import InvalidStatus

from community import chat_frames, prepared
from community.live.hub import Hub
from community.models import Member, Membership, Message, Ring, Room, RoomPerson
from community.models.chat import RoomQuerySet
from community.operations import membership
from tests.leaks.matrix import OUTSIDE
from tests.live.conftest import running, site  # noqa: F401  fixtures
from tests.world import World, finish, make_world, ring_of

pytestmark = [
    pytest.mark.django_db(transaction=True), pytest.mark.slow, pytest.mark.xdist_group("live"),
]  # fmt: skip


def may_join(member: Member, room: Room) -> bool:
    if room.space_id:
        return ring_of(member, room.space) >= room.min_ring
    inside = RoomPerson.objects.filter(room=room, member=member, left_at=None)
    return inside.exists() and member.is_active


class Ears:
    """Open pages of many people, each of which tried to join every room there is."""

    def __init__(self, live, world: World, who: tuple[str, ...]):
        self.world, self.leaks, self.shown = world, [], {}
        self.pages = {}
        rooms = list(Room.objects.select_related("space"))
        for name in who:
            member = Member.objects.get(pk=world.people[name].pk) if name != "guest" else None
            try:
                page = live.page(member)
            except InvalidStatus:
                continue
            self.pages[name] = (member, page)
            for room in rooms:
                page.say(t="join", room=room.pk, after=0)
            joined = {frame["room"] for frame in page.all("joined", 1.0)}
            wrong = [room for room in rooms if room.pk in joined and not may_join(member, room)]
            self.leaks += [f"{name} joined {room} of {room.space}" for room in wrong]
            for frame in page.heard:
                self._look(name, member, frame)

    def _look(self, name: str, member: Member, frame: dict) -> None:
        text = json.dumps(frame)
        self.leaks += [f"{name} heard: {what}" for what in self.world.leaks(text, member)]
        self.shown.setdefault(name, set()).update(self.world.shows(text))

    def say_everything(self) -> None:
        """Say all again that was ever said, in every room, and somebody writes in each."""
        for message in Message.objects.select_related("room"):
            chat_frames.tell_change_on_commit("edited", message)
        for name, (member, page) in self.pages.items():
            for frame in page.all():
                self._look(name, member, frame)

    def close(self) -> None:
        for _member, page in self.pages.values():
            page.close()


def asked(live, world: World, who: tuple[str, ...]) -> Ears:
    ears = Ears(live, world, who)
    try:
        ears.say_everything()
    finally:
        ears.close()
        live.clear()
    return ears


@contextmanager
def planting(monkeypatch):
    """A leak for as long as it lasts; questions that were prepared before do not outlive it."""
    with monkeypatch.context() as planted:
        prepared.forget()
        yield planted
    prepared.forget()


def test_nobody_outside_joins_or_hears_and_planted_leaks_are_heard(site, monkeypatch):  # noqa: F811
    with transaction.atomic():
        world = finish(make_world())
        connection.run_on_commit = []  # the world says itself what follows
    found = asked(site, world, OUTSIDE)
    assert found.leaks == []
    assert "guest" not in found.pages
    assert "sue" not in found.pages, "suspended"
    assert "closed_account" not in found.pages
    inside = asked(site, world, ("ada", "cora"))
    assert inside.leaks == []
    assert {what for what in inside.shown["ada"] if what.startswith("secret")}, "it looks there"

    with planting(monkeypatch) as planted:
        planted.setattr(RoomQuerySet, "visible_to", lambda self, member: self.all())
        assert asked(site, world, ("cleo", "fay")).leaks, "rooms, everywhere"
    with planting(monkeypatch) as planted:
        planted.setattr(Member, "kept_apart_ids", [])
        assert asked(site, world, ("blocked",)).leaks, "blocks"

    ears = Ears(site, world, ("ben",))
    held = Membership.objects.get(member=world.ben, space=world.secret)
    with planting(monkeypatch) as planted:
        planted.setattr(Hub, "examine", _never)
        membership.remove(held, by=world.ada, reason="For a test.")
        ears.say_everything()
    assert ears.leaks, "what was taken away"
    ears.close()
    site.clear()
    back = asked(site, world, ("ben",))
    assert back.leaks == []
    assert held.ring == Ring.PARTICIPANT


async def _never(self: Hub, sockets: list) -> None: ...
