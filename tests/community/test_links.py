"""Linking with "#": only what every reader of the text may read is offered."""

from __future__ import annotations

import re
from html import unescape

import pytest

from community import links, prose
from community.models import Openness, Ring
from tests.factories import belong, make_comment, make_space, make_topic

pytestmark = pytest.mark.django_db


def titles(client, space, q="boiler"):
    answer = client.get("/links/", {"space": space.pk, "q": q})
    return [found["name"] for found in answer.json()]


def test_titles_are_offered_by_a_part_of_them(as_, ada, north):
    topic = make_topic(north, by=ada, title="We got the boiler fixed")
    make_topic(north, by=ada, title="Lunch")
    assert titles(as_(ada), north) == ["We got the boiler fixed"]
    assert titles(as_(ada), north, "BOIL") == ["We got the boiler fixed"]
    assert titles(as_(ada), north, "bo") == []
    written = as_(ada).get("/links/", {"space": north.pk, "q": "boiler"}).json()[0]["insert"]
    assert f'href="/topics/{topic.pk}/"' in prose.render(written)


def test_a_title_is_never_offered_to_a_text_with_more_readers(as_, ada, north):
    make_topic(north, by=ada, title="Boiler: core only", min_ring=Ring.CORE)
    other = make_space("Other", openness=Openness.CLOSED)
    belong(ada, other, ring=Ring.STEWARD)
    make_topic(other, by=ada, title="Boiler elsewhere")
    assert titles(as_(ada), north) == []
    assert titles(as_(ada), other) == ["Boiler elsewhere"]


def test_outsiders_and_visitors_find_no_place_to_write(as_, cleo, guest, ada, north):
    make_topic(north, by=ada, title="Boiler")
    assert as_(cleo).get("/links/", {"space": north.pk, "q": "boiler"}).status_code == 404
    assert as_(guest).get("/links/", {"space": north.pk, "q": "boiler"}).status_code == 401


def test_brackets_in_a_title_stay_words(ada, north):
    topic = make_topic(north, by=ada, title="Boiler [urgent] (again) *now*")
    html = prose.render(links.markdown(topic))
    assert "Boiler [urgent] (again) *now*</a>" in html


def test_every_editor_on_a_page_offers_links(as_, ada, north):
    topic = make_topic(north, by=ada, title="We got the boiler fixed")
    mine = make_comment(topic, by=ada)
    for page in (
        "/groups/north-side/new/",
        f"/topics/{topic.pk}/",
        f"/topics/{topic.pk}/edit/",
        f"/topics/{topic.pk}/?reply={mine.pk}",
        f"/comments/{mine.pk}/reply/",
        f"/comments/{mine.pk}/edit/",
        "/announcements/new/",
    ):
        html = as_(ada).get(page).content.decode()
        addresses = re.findall(r'<tq-editor[^>]* data-links-url="([^"]+)"', html)
        assert len(addresses) == html.count("<tq-editor") >= 1, page
        for address in addresses:
            found = as_(ada).get(f"{unescape(address)}&q=boiler")
            assert found.status_code == 200, address


def test_an_announcement_offers_no_title_that_only_those_who_take_part_may_read(as_, ada):
    closed = make_space("Closed", openness=Openness.CLOSED, steward=ada)
    make_topic(closed, by=ada, title="Boiler for us")
    make_topic(closed, by=ada, title="Boiler for all", min_ring=Ring.FOLLOWER)
    client = as_(ada)
    asked = {"space": closed.pk, "q": "boiler", "ring": "1"}
    assert [one["name"] for one in client.get("/links/", asked).json()] == ["Boiler for all"]
    assert len(client.get("/links/", asked | {"ring": "9"}).json()) == 2
