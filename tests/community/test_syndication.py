"""What feed readers are told: what anybody reads on the web, the same to everybody."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest
from django.utils import timezone

from community.models import Item, Openness, Ring, Space
from community.operations import writing
from tests import factories

pytestmark = pytest.mark.django_db

ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture
def public(ada) -> Space:
    return factories.make_space(
        "Open Doors", steward=ada, openness=Openness.PUBLIC, purpose="For <everybody>"
    )


@pytest.fixture
def told(public, ada):
    return factories.make_topic(
        public,
        by=ada,
        title="A <b>fair</b> & dry house",
        text="**Come** ]]> all.",
        min_ring=Ring.WEB,
    )


def feed(client, path: str) -> ElementTree.Element:
    answer = client.get(path)
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/atom+xml; charset=utf-8"
    return ElementTree.fromstring(answer.content)


def titles(root: ElementTree.Element) -> list[str]:
    return [entry.findtext(f"{ATOM}title") for entry in root.iter(f"{ATOM}entry")]


def test_it_holds_what_atom_asks_for_and_texts_as_text(as_, public, told):
    root = feed(as_(None), f"/groups/{public.slug}/feed.xml")
    for part in ("id", "title", "updated", "author", "link"):
        assert root.find(f"{ATOM}{part}") is not None, part
    links = {link.get("rel"): link.get("href") for link in root.findall(f"{ATOM}link")}
    assert links["self"] == f"http://testserver/groups/{public.slug}/feed.xml"
    (entry,) = root.iter(f"{ATOM}entry")
    assert entry.findtext(f"{ATOM}title") == "A <b>fair</b> & dry house"
    assert entry.findtext(f"{ATOM}summary") == "Come ]]> all."
    assert entry.find(f"{ATOM}link").get("href") == f"http://testserver/topics/{told.pk}/"
    assert entry.findtext(f"{ATOM}id") == f"http://testserver/topics/{told.pk}/"
    assert entry.findtext(f"{ATOM}published")
    assert entry.findtext(f"{ATOM}updated")
    assert root.findtext(f"{ATOM}subtitle") == "For <everybody>"


def test_it_names_nobody(as_, public, told, ada):
    assert "Ada" not in as_(None).get(f"/groups/{public.slug}/feed.xml").content.decode()
    assert "Ada" not in as_(None).get("/feed.xml").content.decode()


def test_only_what_is_on_the_web_and_still_there(as_, public, told, north, ada):
    factories.make_topic(public, by=ada, title="For members")
    factories.make_topic(north, by=ada, title="Open group", min_ring=Ring.WEB)
    gone = factories.make_topic(public, by=ada, title="Gone", min_ring=Ring.WEB)
    writing.delete_item(gone, by=ada)
    hidden = factories.make_topic(public, by=ada, title="Hidden", min_ring=Ring.WEB)
    Item.objects.filter(pk=hidden.pk).update(hidden_at=timezone.now())
    for path in (f"/groups/{public.slug}/feed.xml", "/feed.xml"):
        for reader in (None, ada):
            assert titles(feed(as_(reader), path)) == ["A <b>fair</b> & dry house"]


def test_groups_that_are_not_public_have_none_even_for_their_people(as_, north, ada, public, told):
    assert as_(ada).get(f"/groups/{north.slug}/feed.xml").status_code == 404
    assert as_(None).get("/groups/no-such-group/feed.xml").status_code == 404
    Space.objects.filter(pk=public.pk).update(openness=Openness.OPEN)
    assert as_(ada).get(f"/groups/{public.slug}/feed.xml").status_code == 404
    assert titles(feed(as_(None), "/feed.xml")) == []
    Space.objects.filter(kind=Space.ROOT).update(openness=Openness.CLOSED)
    assert as_(ada).get("/feed.xml").status_code == 404


def test_it_is_the_same_for_everybody_and_asked_for_anew(as_, public, told, ada):
    path = f"/groups/{public.slug}/feed.xml"
    mine, theirs = as_(ada).get(path), as_(None).get(path, headers={"Accept-Language": "es"})
    assert mine.content == theirs.content
    assert mine["ETag"] == theirs["ETag"]
    assert mine["Cache-Control"] == "public, no-cache"
    assert "Set-Cookie" not in mine
    again = as_(None).get(path, headers={"If-None-Match": mine["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    writing.delete_item(told, by=ada)
    anew = as_(None).get(
        path,
        headers={"If-None-Match": mine["ETag"], "If-Modified-Since": mine["Last-Modified"]},
    )
    assert anew.status_code == 200
    assert titles(ElementTree.fromstring(anew.content)) == []


def test_pages_lead_to_it_where_there_is_one(as_, public, north, ada):
    link = '<link rel="alternate" type="application/atom+xml"'
    assert link in as_(None).get("/").content.decode()
    assert link in as_(ada).get(f"/groups/{public.slug}/").content.decode()
    assert link not in as_(ada).get(f"/groups/{north.slug}/").content.decode()


def test_the_same_number_of_queries_for_few_and_many(as_, public, told, ada, queries):
    asked = []
    as_(None).get("/feed.xml")
    for more in (1, 10):
        for _ in range(more):
            factories.make_topic(public, by=ada, min_ring=Ring.WEB)
        with queries() as found:
            as_(None).get("/feed.xml")
        asked.append(len(found))
    assert asked[0] == asked[1] <= 5
