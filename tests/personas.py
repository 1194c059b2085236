"""The people of every test, so that a test reads like a sentence.

``ada`` is steward, ``ben`` takes part, ``fay`` follows, ``cleo`` has an account and belongs to the
community but not to the group, ``mo`` moderates the site, ``ruth`` is steward of the whole
community, ``guest`` has no account. Their group is ``north``.
"""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.test import Client

from community.models import Community, Member, Ring, Space, StaffRole
from tests import factories


@pytest.fixture
def community(db: None) -> Community:
    return factories.make_community()


@pytest.fixture
def ruth(community: Community) -> Member:
    return factories.make_member("Ruth Ortega", root_ring=Ring.STEWARD)


@pytest.fixture
def root_steward(ruth: Member) -> Member:
    return ruth


@pytest.fixture
def ada(community: Community) -> Member:
    return factories.make_member("Ada Mensah")


@pytest.fixture
def ben(community: Community, north: Space) -> Member:
    member = factories.make_member("Ben Castillo")
    factories.belong(member, north, ring=Ring.PARTICIPANT)
    return member


@pytest.fixture
def fay(community: Community, north: Space) -> Member:
    member = factories.make_member("Fay Lindqvist")
    factories.belong(member, north, ring=Ring.FOLLOWER)
    return member


@pytest.fixture
def cleo(community: Community) -> Member:
    return factories.make_member("Cleo Okafor")


@pytest.fixture
def mo(community: Community) -> Member:
    return factories.make_member("Mo Haddad", staff=StaffRole.Role.MODERATOR)


@pytest.fixture
def guest() -> None:
    """Nobody: for policies and ``as_`` alike."""


@pytest.fixture
def north(ada: Member) -> Space:
    """An open group that ada is steward of."""
    space = factories.make_space("North Side", steward=ada, purpose="Warm homes north of the river")
    ada.forget()
    return space


@pytest.fixture
def as_() -> Callable[[Member | None], Client]:
    """``as_(ben).get("/")``: a client signed in as somebody; a guest's for None."""

    def sign_in(member: Member | None) -> Client:
        client = Client()
        if member is not None:
            client.force_login(member)
        return client

    return sign_in


def led_to(client: Client) -> list[str]:
    """Where the notices lead of whoever is signed in there; they stay unread."""
    links = re.findall(r'href="(/notices/\d+/open/)"', client.get("/notices/").content.decode())
    return [client.head(link).url for link in links]
