"""Resting in a group: nothing is heard of it until a day, the place stays, somebody is awake."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, time, timedelta

import pytest
import time_machine
from django.utils import timezone

from community import notices
from community.models import Activity, Member, Membership, Notice, Preset, Ring
from community.operations import chat, membership, resting, rings
from community.operations.notices import choose_preset
from community.policies import Refused
from groups.operations import topics
from leadership.models import Welcomer
from tests.factories import belong, make_member

pytestmark = pytest.mark.django_db

Volume = Membership.Volume


def in_days(number):
    return timezone.localdate() + timedelta(days=number)


def said(space, by):
    """A new topic, and everybody who wants to hear of it told."""
    topic = topics.post_topic(space.group, title="Who brings the soup?", by=by)
    notices.deliver(Activity.objects.get(item_id=topic.pk))


def row(space, member):
    return Membership.objects.get(space=space, member=member)


def test_who_rests_hears_nothing_and_then_as_much_as_before(north, ada, ben):
    membership.set_volume(north, volume=Volume.ALL, by=ben)
    resting.rest(north, until=in_days(5), by=ben)
    said(north, by=ada)
    assert not Notice.objects.filter(member=ben).exists()
    resting.rest(north, until=in_days(9), by=ben)
    assert row(north, ben).resting_until == in_days(9)
    Membership.objects.filter(space=north, member=ben).update(resting_until=in_days(0))
    assert resting.wake_rested() == 1
    assert (row(north, ben).volume, row(north, ben).resting_until) == (Volume.ALL, None)
    said(north, by=ada)
    assert Notice.objects.filter(member=ben).count() == 1
    assert resting.wake_rested() == 0


def test_whoever_chooses_what_to_hear_is_back(north, ben):
    resting.rest(north, until=in_days(5), by=ben)
    membership.set_volume(north, volume=Volume.MENTIONS, by=ben)
    Membership.objects.filter(member=ben).update(volume_before=Volume.ALL)
    resting.wake_rested()
    assert (row(north, ben).volume, row(north, ben).resting_until) == (Volume.MENTIONS, None)


@pytest.mark.parametrize("days", [-1, 0, 366])
def test_a_rest_ends_within_a_year(north, ben, days):
    with pytest.raises(Refused, match="within the next year"):
        resting.rest(north, until=in_days(days), by=ben)
    assert row(north, ben).volume != Volume.MUTE


def test_one_steward_stays_awake(north, ada):
    with pytest.raises(Refused, match="hold the group first"):
        resting.rest(north, until=in_days(5), by=ada)
    other = make_member("Otto Other")
    belong(other, north, ring=Ring.STEWARD)
    resting.rest(north, until=in_days(5), by=ada)
    with pytest.raises(Refused, match="hold the group first"):
        resting.rest(north, until=in_days(5), by=other)


def test_when_the_last_who_is_awake_goes_the_others_are_called_again(north, ada):
    other = make_member("Otto Other")
    belong(other, north, ring=Ring.STEWARD)
    resting.rest(north, until=in_days(5), by=ada)
    rings.step_back(north, ring=Ring.PARTICIPANT, by=other)
    assert row(north, ada).resting_until is None


def test_while_one_rests_choosing_nothing_changes_nothing(north, ben):
    membership.set_volume(north, volume=Volume.ALL, by=ben)
    resting.rest(north, until=in_days(5), by=ben)
    membership.set_volume(north, volume=Volume.MUTE, by=ben)
    choose_preset(Preset.CALM, by=ben)
    assert row(north, ben).resting_until == in_days(5)
    resting.rest(north, until=None, by=ben)
    assert row(north, ben).volume == Volume.DIGEST, "calm, as they said meanwhile"


def test_in_the_chat_too_who_rests_is_not_called(north, ada, ben):
    resting.rest(north, until=in_days(5), by=ben)
    said = chat.post_message(
        north.rooms.get(), text=f"@{ben.handle}?", client_id=uuid.uuid4(), by=ada
    )
    notices.deliver(Activity.objects.get(message=said))
    assert not Notice.objects.filter(member=ben).exists()


@pytest.mark.parametrize(("zone", "back"), [("Pacific/Auckland", 1), ("America/Mexico_City", 0)])
def test_the_day_begins_where_they_live(north, ben, zone, back):
    resting.rest(north, until=in_days(5), by=ben)
    Member.objects.filter(pk=ben.pk).update(timezone=zone)
    with time_machine.travel(datetime.combine(in_days(4), time(20), tzinfo=UTC)):
        assert resting.wake_rested() == back


def test_nobody_is_given_to_a_welcomer_who_rests(north, ben):
    mine = row(north, ben)
    Welcomer.objects.create(membership=mine, languages=["en"], accepted_at=timezone.now())
    assert Welcomer.objects.on_duty().filter(membership=mine).exists()
    resting.rest(north, until=in_days(5), by=ben)
    assert not Welcomer.objects.on_duty().filter(membership=mine).exists()


def test_the_page_says_until_when_and_the_others_see_it(north, ada, ben, as_):
    address = f"/groups/{north.slug}/place/"
    refused = as_(ben).post(f"{address}rest/", {"until": "2001-01-01"})
    assert refused.status_code == 422
    assert "Choose a day within the next year." in refused.content.decode()
    assert 'value="2001-01-01"' in refused.content.decode()
    as_(ben).post(f"{address}rest/", {"until": in_days(5).isoformat()})
    assert "I am back" in as_(ben).get(address).content.decode()
    assert "rests until" in as_(ada).get(f"/groups/{north.slug}/people/").content.decode()
    as_(ben).post(f"{address}rest/", {"back": "1"})
    assert row(north, ben).resting_until is None
    assert "rests until" not in as_(ada).get(f"/groups/{north.slug}/people/").content.decode()


def test_only_who_belongs_can_rest(north, cleo):
    with pytest.raises(Refused):
        resting.rest(north, until=in_days(5), by=cleo)
    assert not Membership.objects.filter(space=north, member=cleo).exists()
