"""Keeping apart works both ways and everywhere; muting is one's own affair."""

from __future__ import annotations

import pytest
from django.urls import reverse

from community import feed, notices
from community.models import Block, Item, Member, Mute, Notice
from community.operations import people, reading
from community.policies import Refused
from tests import factories
from tests.factories import make_comment, make_topic


@pytest.fixture
def dora(community, north) -> Member:
    member = factories.make_member("Dora Finch")
    factories.belong(member, north)
    return member


def sees(viewer: Member, author: Member) -> bool:
    viewer.forget()
    return Item.objects.visible_to(viewer).filter(author=author).exists()


def test_a_block_hides_each_from_the_other(as_, north, ben, dora):
    factories.make_topic(north, by=ben)
    factories.make_topic(north, by=dora)
    assert sees(ben, dora)
    assert sees(dora, ben)
    people.block(dora, by=ben)
    assert not sees(ben, dora)
    assert not sees(dora, ben)
    assert as_(ben).get(reverse("person", args=[dora.pk])).status_code == 404
    assert as_(dora).get(reverse("person", args=[ben.pk])).status_code == 404
    people.unblock(dora, by=ben)
    assert sees(dora, ben)


def test_blocking_is_one_click_with_undo_and_is_not_told(as_, ben, dora, committed):
    with committed():
        answer = as_(ben).post(reverse("block", args=[dora.pk]), follow=True)
    text = answer.content.decode()
    assert f'action="{reverse("unblock", args=[dora.pk])}"' in text
    assert "Undo" in text
    assert not Notice.objects.filter(member=dora).exists()
    as_(ben).post(reverse("unblock", args=[dora.pk]))
    assert not Block.objects.exists()


def test_nobody_lifts_the_others_block_or_learns_of_it(as_, ben, dora):
    people.block(dora, by=ben)
    as_(dora).post(reverse("unblock", args=[ben.pk]))
    assert Block.objects.filter(member=ben, blocked=dora).exists()
    assert ben.name not in as_(dora).get(reverse("kept_away")).content.decode()
    assert dora.name in as_(ben).get(reverse("kept_away")).content.decode()


def test_two_blocks_are_lifted_one_by_one(ben, dora, north):
    factories.make_topic(north, by=dora)
    people.block(dora, by=ben)
    people.block(ben, by=dora)
    people.unblock(dora, by=ben)
    assert not sees(ben, dora)
    people.unblock(ben, by=dora)
    assert sees(ben, dora)


def test_nobody_blocks_or_mutes_themselves(as_, ben):
    with pytest.raises(Refused):
        people.block(ben, by=ben)
    with pytest.raises(Refused):
        people.mute(ben, by=ben)
    assert as_(ben).post(reverse("block", args=[ben.pk])).status_code == 404


def test_blocking_twice_changes_nothing(ben, dora):
    people.block(dora, by=ben)
    people.block(dora, by=ben)
    assert Block.objects.count() == 1


def test_trying_to_block_tells_nothing_about_who_exists(as_, ben, community):
    unseen = factories.make_member("Unseen", profile_seen_by="groups")
    assert as_(ben).post(reverse("block", args=[unseen.pk])).status_code == 404
    assert as_(ben).post(reverse("mute", args=[unseen.pk])).status_code == 404
    assert as_(ben).post(reverse("block", args=[10**9])).status_code == 404


def test_whose_words_one_reads_can_be_blocked_without_seeing_their_profile(as_, ben, north, dora):
    people.choose_privacy(dora, by=dora, profile_seen_by="contacts", in_directory=False)
    factories.make_topic(north, by=dora)
    as_(ben).post(reverse("block", args=[dora.pk]))
    assert Block.objects.filter(member=ben, blocked=dora).exists()


def test_a_muted_person_is_still_there_and_brings_no_notices(as_, ben, dora, north, committed):
    as_(ben).post(reverse("mute", args=[dora.pk]))
    topic = factories.make_topic(north, by=ben)
    with committed():
        factories.make_comment(topic, by=dora)
    assert sees(ben, dora)
    assert not Notice.objects.filter(member=ben, activity__actor=dora).exists()
    as_(ben).post(reverse("unmute", args=[dora.pk]))
    assert not Mute.objects.exists()
    with committed():
        factories.make_comment(topic, by=dora)
    assert Notice.objects.filter(member=ben, activity__actor=dora).exists()


def test_people_kept_apart_bring_no_notices(ben, dora, north, committed):
    topic = factories.make_topic(north, by=ben)
    comment = factories.make_comment(topic, by=dora)
    people.block(dora, by=ben)
    Notice.objects.all().delete()
    for activity in comment.activities.all():
        notices.deliver(activity)
    assert not Notice.objects.filter(member=ben).exists()


@pytest.mark.parametrize("name", ["block", "unblock", "mute", "unmute"])
def test_reading_an_address_changes_nothing(as_, ben, dora, name):
    assert as_(ben).get(reverse(name, args=[dora.pk])).status_code == 405


# What is left of a conversation


@pytest.fixture
def boiler(ada, ben, dora, north):
    people.mute(dora, by=ben)
    topic = make_topic(north, by=ada, title="The boiler")
    reading.mark_read(topic, by=ben)
    reading.mark_space_read(north, by=ben)
    return topic


def test_answers_of_a_muted_person_are_folded_for_who_muted_them_alone(as_, ada, ben, dora, boiler):
    make_comment(boiler, by=dora, text="Again about me")
    page = as_(ben).get(f"/topics/{boiler.pk}/").content.decode()
    folded = page.partition("A message of somebody you muted")[2].partition("</details>")[0]
    assert "Again about me" in folded
    for member in (ada, dora):
        page = as_(member).get(f"/topics/{boiler.pk}/").content.decode()
        assert "somebody you muted" not in page
        assert "Again about me" in page
    people.unmute(dora, by=ben)
    assert "somebody you muted" not in as_(ben).get(f"/topics/{boiler.pk}/").content.decode()


def test_a_muted_person_makes_nothing_new(as_, ada, ben, dora, north, boiler):
    def is_new():
        member, today = (Member.objects.get(pk=ben.pk) for _ in range(2))
        page = as_(ben).get("/groups/north-side/").content.decode()
        new = f'id="topic-{boiler.pk}" data-unread' in page
        feed.for_member(today)
        assert bool(feed.unread(member).get(north.pk)) is new
        assert bool(feed.unread(today).get(north.pk)) is new
        return new

    make_comment(boiler, by=dora)
    assert not is_new()
    page = as_(ben).get(f"/topics/{boiler.pk}/").content.decode()
    assert "New since you were here" not in page
    make_comment(boiler, by=ada)
    assert is_new()


def test_the_face_of_a_muted_person_stands_under_no_card(ada, ben, dora, north, boiler):
    make_comment(boiler, by=dora)
    voices = {card.pk: card.voices for card in feed.for_member(ben).cards}
    assert voices[boiler.pk] == []
    voices = {card.pk: card.voices for card in feed.for_member(ada).cards}
    assert [person.pk for person in voices[boiler.pk]] == [dora.pk]
