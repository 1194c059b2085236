"""Reactions, bookmarks and how much one hears."""

from __future__ import annotations

import pytest

from community.models import Bookmark, Follow, Item
from community.operations import reading, writing
from community.policies import Refused
from tests.factories import make_comment, make_space, make_topic

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
