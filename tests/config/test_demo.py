"""The demo community: its data agrees with itself, and it fills an empty site."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from io import StringIO
from zoneinfo import ZoneInfo

import pytest
from django.core.management import call_command
from django.db import transaction
from django.db.models import Count, Exists, F, OuterRef, Q
from django.utils import timezone

from community.demo import pictures
from community.models import (
    Comment,
    Item,
    Media,
    Member,
    Membership,
    Mention,
    Notice,
    Reaction,
    Ring,
    Space,
)
from config.demo import keeping, pending, sign_ins
from config.demo.community import AREAS, TIMEZONE, WISHES
from config.demo.filling.stage import RINGS, rings_of
from config.demo.filling.talk import pairs, turns
from config.demo.groups import GROUPS
from config.demo.papers import PAPERS, paper
from config.demo.people import LANGUAGES, PEOPLE
from config.demo.portraits import PORTRAITS
from config.demo.talk import TOPICS
from config.demo.words import ago, later, unwrapped, worded
from groups.models import Group, Topic

KEYS = {person.key for person in PEOPLE}
IN = {group.key: dict(rings_of(group)) for group in GROUPS}
NOW = datetime(2026, 11, 22, 10, 0, tzinfo=ZoneInfo(TIMEZONE))
"""A Sunday."""


def said() -> Iterator[tuple]:
    """(topic, who, text, reactions) of everything that is said."""
    for topic in TOPICS:
        yield topic, topic.by, topic.text, topic.reactions
        for say in topic.says:
            yield topic, say.by, say.text, say.reactions


# The data


def test_people_are_written_with_areas_languages_and_wishes_that_exist() -> None:
    assert len(KEYS) == len(PEOPLE) >= 60
    for person in PEOPLE:
        assert person.area in AREAS
        assert set(person.speaks.split()) <= set(LANGUAGES)
        assert set(person.wants.split()) <= set(WISHES)
    assert set(PORTRAITS) <= KEYS


def test_everybody_in_a_group_exists_and_stands_there_once() -> None:
    for group in GROUPS:
        keys = [key for key, _ring in rings_of(group)]
        assert set(keys) <= KEYS, group.key
        assert len(keys) == len(set(keys)), group.key


def test_whoever_speaks_takes_part_deeply_enough() -> None:
    for topic, by, _text, _reactions in said():
        needed = max(RINGS[topic.ring], Ring.PARTICIPANT)
        assert IN[topic.group].get(by, 0) >= needed, (topic.key, by)


def test_whoever_reacts_can_see_it_and_is_not_the_writer() -> None:
    for topic, by, _text, reactions in said():
        for emoji, key in pairs(reactions):
            assert emoji in Reaction.OFFERED, topic.key
            needed = max(RINGS[topic.ring], Ring.FOLLOWER)
            assert IN[topic.group].get(key, 0) >= needed, (topic.key, key)
            assert key != by, topic.key


def test_every_handle_that_is_mentioned_belongs_to_somebody_who_reads_it() -> None:
    for topic, _by, text, _reactions in said():
        for handle in re.findall(r"@([a-z]+)", text):
            assert handle in KEYS, topic.key
            assert IN[topic.group].get(handle, 0) >= RINGS[topic.ring], (topic.key, handle)


def test_pictures_and_files_that_are_named_exist() -> None:
    for topic in TOPICS:
        for picture in topic.pictures:
            assert picture.draw in pictures.PICTURES, topic.key
            assert picture.alt
        assert set(topic.files) <= set(PAPERS), topic.key
    assert {group.cover for group in GROUPS} <= set(pictures.COVERS)
    assert paper("answer.pdf").startswith(b"%PDF-")


def test_nobody_speaks_before_they_joined_or_after_now() -> None:
    joined = {one.key: NOW - timedelta(days=one.joined + 1) for one in PEOPLE}
    for turn in turns(NOW):
        assert joined[turn.by] <= turn.at <= NOW, (turn.topic.key, turn.by)


@pytest.mark.parametrize("hours", range(0, 7 * 24, 5))
def test_whenever_it_is_filled_one_thing_follows_from_another(hours: int) -> None:
    """At any hour of any day: said, reported, decided, appealed."""
    with timezone.override(TIMEZONE):
        now = datetime(2026, 11, 23, 0, 20, tzinfo=ZoneInfo(TIMEZONE)) + timedelta(hours=hours)
        begun = {topic.key: ago(topic.ago, now) for topic in TOPICS}
        for data in keeping.REPORTS:
            then = [data[part] for part in ("hidden", "kept", "appeal") if part in data]
            said = [data["ago"]] if "ago" in data else []
            told = said + [when for *_rest, when in data["reports"]]
            told += [one["ago"] for one in then]
            moments = [begun[data["topic"]], *(ago(spec, now) for spec in told), now]
            assert moments == sorted(moments), data["topic"]


# Words and moments


def test_moments_are_read_as_people_say_them() -> None:
    with timezone.override(TIMEZONE):
        assert ago("2h", NOW) == NOW - timedelta(hours=2)
        assert ago("9d 19:20", NOW).isoformat()[:16] == "2026-11-13T19:20"
        assert ago("tue1 22:05", NOW).isoformat()[:16] == "2026-11-17T22:05"
        assert ago("tue2 22:05", NOW).isoformat()[:16] == "2026-11-10T22:05"
        assert later("1d 08:15", NOW, NOW + timedelta(days=3)).isoformat()[:16] == (
            "2026-11-23T08:15"
        )
        assert NOW < later("5h", NOW, NOW + timedelta(hours=1)) < NOW + timedelta(hours=1)


def test_days_are_named_in_the_language_of_the_text() -> None:
    with timezone.override(TIMEZONE):
        assert worded("by {day:-1}", NOW, "en", NOW) == "by Saturday"
        assert worded("on {next:sat}", NOW, "en", NOW) == "on Saturday 28 November"
        assert worded("el {date:+3}", NOW, "es", NOW) == "el 25 de noviembre"
        before = NOW - timedelta(days=2)
        assert worded("{next:sat}", before, "en", NOW) == "Saturday 28 November"


def test_only_line_breaks_that_are_meant_stay() -> None:
    assert unwrapped("one\ntwo\n\n- three\n  four\n- five\n> six\n> seven") == (
        "one two\n\n- three four\n- five\n> six seven"
    )
    assert unwrapped("| a | b |\n|---|---|\n| 1 | 2 |").count("\n") == 2


# Filling a site


@pytest.fixture(scope="module")
def filled(django_db_setup: None, django_db_blocker) -> Iterator[str]:
    """A site with the demo in it, once for all of these tests; what the command printed."""
    out = StringIO()
    with django_db_blocker.unblock(), transaction.atomic():
        call_command("demo", stdout=out)
        yield out.getvalue()
        transaction.set_rollback(True)


def test_the_command_says_how_to_sign_in(filled: str, db: None) -> None:
    for key, _who in pending.SIGN_INS:
        assert f"{key}@riverside.example" in filled
    assert pending.PASSWORD in filled
    assert Member.objects.get(handle="marisol").check_password(pending.PASSWORD)
    assert filled.endswith("\n".join(sign_ins()) + "\n")


def test_running_it_twice_does_no_harm(filled: str, db: None) -> None:
    before = Member.objects.count(), Item.objects.count(), Membership.objects.count()
    out = StringIO()
    call_command("demo", stdout=out)
    assert "Nothing was changed" in out.getvalue()
    assert before == (Member.objects.count(), Item.objects.count(), Membership.objects.count())
    assert before[0] == len(PEOPLE)


def test_every_group_has_a_steward_and_stands_where_it_should(filled: str, db: None) -> None:
    steward = Membership.objects.filter(space=OuterRef("pk"), ring=Ring.STEWARD)
    assert not Space.objects.filter(~Exists(steward)).exists()
    states = dict(Group.objects.values_list("space__slug", "state"))
    for group in GROUPS:
        assert states[group.slug] == group.state
    miscounted = Space.objects.annotate(n=Count("membership")).exclude(n=F("member_count"))
    assert not miscounted.exists()


def test_what_is_said_hangs_together(filled: str, db: None) -> None:
    assert Topic.objects.count() == len(TOPICS)
    there = Q(comments__hidden_at=None)
    topics = Topic.objects.annotate(n=Count("comments", filter=there, distinct=True))
    assert not topics.exclude(n=F("comment_count")).exists()
    assert not Comment.objects.exclude(space=F("item__space")).exists()
    assert not Comment.objects.exclude(parent=None).exclude(parent__item=F("item")).exists()
    for topic in Topic.objects.exclude(answer=None):
        assert topic.answer.item_id == topic.pk
    hanging = Media.objects.filter(purpose=Media.Purpose.ATTACHMENT)
    assert hanging.exists()
    assert not hanging.filter(item=None).exists()
    assert Mention.objects.count() >= 8


def test_everything_lies_in_the_past_in_a_possible_order(filled: str, db: None) -> None:
    now = timezone.now()
    assert not Item.objects.filter(Q(created_at__gt=now) | Q(active_at__gt=now)).exists()
    early = Comment.objects.filter(created_at__lt=F("item__created_at"))
    assert list(early.values_list("text", "created_at", "item__created_at")) == []
    assert not Membership.objects.filter(joined_at__lt=F("member__joined_at")).exists()
    assert Notice.objects.filter(read_at=None).exists()
    assert Notice.objects.filter(read_at__isnull=False).exists()


def test_visitors_read_the_public_stories_and_newcomers_nothing_secret(
    filled: str, db: None
) -> None:
    assert Topic.objects.visible_to(None).count() == sum(one.ring == "web" for one in TOPICS)
    amina = Member.objects.get(handle="amina")
    assert Topic.objects.visible_to(amina).exists()
    assert not Topic.objects.visible_to(amina).filter(space__openness="secret").exists()
