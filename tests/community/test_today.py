"""The home: what waits, what is new; and what a visitor sees instead."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
import time_machine

from community.models import Openness, Ring
from groups.operations.topics import post_topic
from tests.factories import belong, make_comment, make_member, make_space, make_topic

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("zone", "hour", "greeting"),
    [
        ("Europe/London", 7, "Good morning, Ben"),
        ("America/Bogota", 3, "Good evening, Ben"),
        ("Asia/Tokyo", 4, "Good afternoon, Ben"),
        ("", 13, "Good afternoon, Ben"),
        ("Not/AZone", 20, "Good evening, Ben"),
    ],
)
def test_the_greeting_goes_by_the_readers_clock(as_, ben, zone, hour, greeting):
    ben.timezone = zone
    ben.save()
    client = as_(ben)
    with time_machine.travel(datetime(2026, 1, 15, hour, 30, tzinfo=UTC), tick=False):
        client.force_login(ben)
        assert greeting in client.get("/").content.decode()


def test_being_named_waits_until_one_has_looked(as_, ada, ben, north, committed):
    with committed():
        topic = post_topic(north.group, by=ada, title="Keys", text="@ben-castillo has them?")
    page = as_(ben).get("/").content.decode()
    assert "You were named" in page
    assert "waits for you" in page or "wait for you" in page
    as_(ben).post(f"/items/{topic.pk}/read/")
    assert "You were named" not in as_(ben).get("/").content.decode()


def test_my_question_with_replies_and_a_question_nobody_answers(as_, ada, ben, north):
    question = make_topic(north, by=ben, title="Who has a key?", template="question")
    page = as_(ada).get("/").content.decode()
    assert "Nobody has answered" in page
    make_comment(question, by=ada)
    assert "Is it answered? 1 reply" in as_(ben).get("/").content.decode()
    assert "Nobody has answered" not in as_(ada).get("/").content.decode()


def test_never_more_than_seven_wait(as_, ada, ben, north):
    for n in range(4):
        make_topic(north, by=ben, template="question", title=f"Q{n}")
        make_comment(make_topic(north, by=ada, template="question"), by=ben)
    for _ in range(3):
        make_space(steward=ada)
    ada.forget()
    assert as_(ada).get("/").content.decode().count('class="wait"') <= 7


def test_the_right_column_asks_for_help_and_shows_who_is_new(as_, ada, ben, north):
    make_topic(north, by=ada, title="Where is the meter?", template="question")
    belong(make_member("Nora New"), north)
    page = as_(ben).get("/").content.decode()
    assert "Where is the meter?" in page.partition("Can you help?")[2]
    assert "Nora New" in page


def test_somebody_in_no_group_is_shown_the_first_good_step(as_, cleo):
    page = as_(cleo).get("/").content.decode()
    assert "You are in no group yet" in page
    assert "/groups/" in page


def test_a_page_further_on_has_cards_and_nothing_else(as_, ada, ben, north):
    for n in range(12):
        make_topic(north, by=ada, title=f"Topic number {n}")
    first = as_(ben).get("/").content.decode()
    cursor = first.partition("cursor=")[2].partition('"')[0].partition("#")[0]
    more = as_(ben).get(f"/?cursor={cursor}", HTTP_HX_REQUEST="true").content.decode()
    assert more.count("<article") == 2
    assert "<h1" not in more
    assert "Topic number 0" in more
    page = as_(ben).get(f"/?cursor={cursor}").content.decode()
    assert "<h1" in page


def test_today_asks_the_same_with_2_and_with_12_of_everything(as_, ada, ben, north, queries):
    counts = []
    for more in (2, 10):
        for _ in range(more):
            topic = make_topic(north, by=ada, template="question", text="@ben-castillo")
            make_comment(topic, by=ada)
            belong(ben, make_space(steward=ada))
            belong(make_member(), north)
        client = as_(ben)
        client.get("/")
        with queries() as asked:
            client.get("/")
        counts.append(len(asked))
    assert counts[0] == counts[1]
    assert counts[0] <= 15


# Visitors, and people on their way in


def test_a_visitor_sees_who_this_is_and_what_was_told_to_everybody(as_, community, ada):
    community.tagline, community.intro = "Warm homes.", "We are tenants.\n\nSince 2019."
    community.save()
    public = make_space("Open ears", steward=ada, openness=Openness.PUBLIC)
    make_space("Only listed", steward=ada, openness=Openness.OPEN)
    make_space("Hidden", steward=ada, openness=Openness.SECRET)
    make_topic(public, by=ada, title="Nine days", min_ring=Ring.WEB)
    make_topic(public, by=ada, title="Among us", min_ring=Ring.PARTICIPANT)
    page = as_(None).get("/").content.decode()
    for words in ("Warm homes.", "We are tenants.", "Since 2019.", "Open ears", "Nine days"):
        assert words in page
    for words in ("Only listed", "Hidden", "Among us"):
        assert words not in page
    assert "/accounts/signup/" in page


def test_the_public_home_asks_the_same_with_2_and_with_12(as_, ada, queries):
    counts = []
    for more in (2, 4):
        for _ in range(more):
            space = make_space(steward=ada, openness=Openness.PUBLIC)
            make_topic(space, by=ada, min_ring=Ring.WEB)
        as_(None).get("/")
        with queries() as asked:
            as_(None).get("/")
        counts.append(len(asked))
    assert counts[0] == counts[1]
    assert counts[0] <= 6


def test_somebody_not_let_in_yet_waits_calmly(as_, community):
    newcomer = make_member("Nora", root_ring=0)
    assert as_(newcomer).get("/").url == "/join/"


# The frame


def test_the_frame_shows_my_groups_and_what_is_new_in_them(as_, ada, ben, north):
    make_topic(north, by=ada)
    page = as_(ben).get("/notices/").content.decode()
    side = page.partition('class="side"')[2].partition("</div>\n<main")[0]
    assert "North Side" in side
    assert '<span class="vh">New: </span>1' in side.partition("North Side")[2]


def test_a_group_asks_the_same_with_2_and_with_12_topics(as_, ada, ben, north, queries):
    counts = []
    for more in (2, 10):
        for _ in range(more):
            make_comment(make_topic(north, by=make_member_of(north)), by=ada)
        client = as_(ben)
        client.get("/groups/north-side/")
        with queries() as asked:
            client.get("/groups/north-side/")
        counts.append(len(asked))
    assert counts[0] == counts[1]
    assert counts[0] <= 15


def make_member_of(space):
    member = make_member()
    belong(member, space)
    return member
