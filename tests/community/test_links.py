"""Linking with "#": only what every reader of the text may read is offered."""

from __future__ import annotations

import pytest

from community import links, prose
from community.models import Openness, Ring
from tests.factories import belong, make_space, make_topic

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
