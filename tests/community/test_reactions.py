"""Reactions, bookmarks and how much one hears."""

from __future__ import annotations

import pytest

from community.models import Bookmark, Follow, Item, Member
from community.operations import people, reading, writing
from community.policies import Refused
from tests.factories import belong, make_comment, make_member, make_space, make_topic

pytestmark = pytest.mark.django_db
HTMX = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture
def topic(ada, north):
    return make_topic(north, by=ada)


def test_a_reaction_is_put_and_taken_back(ada, ben, topic):
    assert reading.react(topic, emoji="❤️", by=ben) is True
    assert reading.react(topic, emoji="❤️", by=ada) is True
    assert reading.react(topic, emoji="👍", by=ben) is True
    assert Item.objects.get(pk=topic.pk).reactions == [("❤️", 2), ("👍", 1)]
    assert reading.react(topic, emoji="❤️", by=ben) is False
    assert Item.objects.get(pk=topic.pk).reaction_counts == {"❤️": 1, "👍": 1}


def test_only_what_is_offered(ben, topic):
    with pytest.raises(Refused, match="one of the reactions"):
        reading.react(topic, emoji="💩", by=ben)


def test_followers_react_to_what_is_said_to_them_and_outsiders_to_nothing(
    ada, fay, cleo, topic, north
):
    assert reading.react(make_topic(north, by=ada, min_ring=1), emoji="👀", by=fay)
    with pytest.raises(Refused, match="Take part"):
        reading.react(topic, emoji="👀", by=fay)
    with pytest.raises(Refused, match="Join this group"):
        reading.react(topic, emoji="👀", by=cleo)


def test_the_answer_shows_what_the_reader_pressed(as_, ada, ben, topic):
    reading.react(topic, emoji="👍", by=ada)
    html = as_(ben).post(f"/items/{topic.pk}/react/", {"emoji": "❤️"}, **HTMX).content.decode()
    assert html.count('aria-pressed="true"') == 1
    assert f'id="reactions-{topic.pk}"' in html
    answer = as_(ben).post(f"/items/{topic.pk}/react/", {"emoji": "❤️"})
    assert answer.url == f"/topics/{topic.pk}/"


def test_bookmarks_are_ones_own_and_only_of_what_one_still_sees(as_, ada, ben, cleo):
    space = make_space("Back room", openness="open", steward=ada)
    kept, lost = make_topic(space, by=ada, title="Kept"), make_topic(space, by=ada, title="Lost")
    for topic in (kept, lost):
        assert as_(cleo).post(f"/items/{topic.pk}/bookmark/").status_code == 302
    comment = make_comment(kept, by=ada, text="A line to remember")
    as_(cleo).post(f"/items/{comment.pk}/bookmark/")
    writing.delete_item(lost, by=ada)
    page = as_(cleo).get("/bookmarks/").content.decode()
    assert "Kept" in page
    assert "A line to remember" in page
    assert "Lost" not in page
    assert "Kept" not in as_(ben).get("/bookmarks/").content.decode()
    as_(cleo).post(f"/items/{kept.pk}/bookmark/")
    assert Bookmark.objects.filter(member=cleo).count() == 2


def test_bookmarks_ask_the_same_with_2_and_with_12(as_, ada, ben, north, queries):
    counts = []
    for more in (2, 10):
        for _ in range(more):
            reading.bookmark(make_topic(north, by=ada), by=ben)
        client = as_(ben)
        client.get("/bookmarks/")
        with queries() as asked:
            client.get("/bookmarks/")
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_how_much_one_hears_is_chosen_and_a_choice_is_kept(as_, ada, ben, topic):
    as_(ben).post(f"/items/{topic.pk}/follow/", {"volume": "mute"})
    make_comment(topic, by=ben)
    assert Follow.objects.get(member=ben, item=topic).volume == "mute"
    assert as_(ben).post(f"/items/{topic.pk}/follow/", {"volume": "loud"}).status_code == 403


# Who reacted


def reacted(client, item, **htmx):
    return client.get(f"/items/{item.pk}/reacted/", **htmx).content.decode()


def test_a_count_opens_the_names_of_those_the_reader_may_see(as_, ada, ben, cleo, topic):
    shy = make_member("Shy Person", profile_seen_by=Member.SeenBy.CONTACTS)
    belong(shy, topic.space)
    for person in (ada, ben, shy):
        reading.react(topic, emoji="❤️", by=person)
    page = as_(cleo).get(f"/topics/{topic.pk}/").content.decode()
    assert f'href="/items/{topic.pk}/reacted/" data-sheet' in page
    for found in (reacted(as_(cleo), topic), reacted(as_(cleo), topic, **HTMX)):
        assert "Ada Mensah" in found
        assert "Ben Castillo" in found
        assert "Shy Person" not in found
        assert "and 1 more" in found


def test_people_kept_away_and_muted_are_only_counted(as_, ada, ben, cleo, topic):
    for person in (ada, ben):
        reading.react(topic, emoji="👍", by=person)
    people.mute(ben, by=cleo)
    found = reacted(as_(cleo), topic)
    assert "Ben Castillo" not in found
    assert "and 1 more" in found
    people.unmute(ben, by=cleo)
    people.block(cleo, by=ben)
    assert "Ben Castillo" not in reacted(as_(cleo), topic)
    assert "Ben Castillo" in reacted(as_(ada), topic)


def test_visitors_are_told_numbers_only(as_, ada):
    loud = make_space("Loud", openness="public", steward=ada)
    topic = make_topic(loud, by=ada, min_ring=0)
    reading.react(topic, emoji="👍", by=ada)
    assert "reacted/" not in as_(None).get(f"/topics/{topic.pk}/").content.decode()
    assert as_(None).get(f"/items/{topic.pk}/reacted/").status_code == 302


def test_who_reacted_asks_the_same_with_2_and_with_12(as_, ada, topic, queries):
    counts = []
    for more in (2, 10):
        for _ in range(more):
            person = make_member()
            belong(person, topic.space)
            reading.react(topic, emoji="👍", by=person)
        client = as_(ada)
        reacted(client, topic)
        with queries() as asked:
            reacted(client, topic)
        counts.append(len(asked))
    assert counts[0] == counts[1]
