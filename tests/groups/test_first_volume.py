"""What newcomers hear of a group at first: as its stewards chose, and never more than they want."""

from __future__ import annotations

import pytest

from community.models import Membership, NoticeSettings
from community.operations import membership
from community.policies import Refused
from groups.operations import groups as operations
from tests.factories import make_member

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("chosen", "preset", "heard"),
    [
        ("digest", "", "digest"),
        ("all", "balanced", "all"),
        ("mentions", "balanced", "mentions"),
        ("all", "calm", "digest"),
        ("mentions", "calm", "mentions"),
        ("mentions", "everything", "all"),
    ],
)
def test_newcomers_hear_what_stewards_chose_and_no_more_than_they_want(
    north, ada, chosen, preset, heard
):
    doors = {"openness": "open", "join_policy": "open"}
    operations.change_openness(north.group, by=ada, first_volume=chosen, **doors)
    newcomer = make_member("Nora New")
    if preset:
        NoticeSettings.objects.create(member=newcomer, preset=preset)
    north.refresh_from_db()
    membership.join(north, by=newcomer)
    assert Membership.objects.get(space=north, member=newcomer).volume == heard


@pytest.mark.parametrize("chosen", ["mute", "loud"])
def test_nobody_begins_with_nothing(north, ada, chosen):
    doors = {"openness": "open", "join_policy": "open"}
    with pytest.raises(Refused, match="the digest or mentions"):
        operations.change_openness(north.group, by=ada, first_volume=chosen, **doors)


def test_stewards_choose_it_beside_the_doors(north, ada, as_):
    address = f"/groups/{north.slug}/settings/"
    assert 'name="first_volume" value="mentions"' in as_(ada).get(address).content.decode()
    sent = {"openness": "open", "join_policy": "open", "invite_ring": "2"}
    as_(ada).post(f"{address}doors/", sent | {"first_volume": "mentions"})
    north.refresh_from_db()
    assert north.first_volume == "mentions"
    as_(ada).post(f"{address}doors/", sent)
    north.refresh_from_db()
    assert north.first_volume == "mentions", "what was not sent stays"
