"""No list asks more of the database when it is longer, and no page asks much."""

from __future__ import annotations

import pytest
from django.test import Client

from community.models import Activity, Bookmark, Member, Membership, Notice, Ring
from tests import factories

pytestmark = pytest.mark.django_db

MOST = 15

PAGES = {
    "a group's talk": "/groups/{slug}/",
    "a group's people": "/groups/{slug}/people/",
    "a group's about": "/groups/{slug}/about/",
    "a topic": "/topics/{topic}/",
    "today": "/",
    "groups": "/groups/",
    "people": "/people/",
    "notices": "/notices/",
    "bookmarks": "/bookmarks/",
    "search": "/search/?q=thursday+or+seven",
    "search for names": "/search/?q=person+number",
}


def fill(space, steward: Member, number: int) -> int:
    """So many of everything a list shows: people, topics, answers, groups, notices."""
    topic = None
    for index in range(number):
        person = factories.make_member(f"Person {number} {index}")
        factories.belong(person, space, ring=Ring.PARTICIPANT)
        topic = factories.make_topic(space, by=person)
        group = factories.make_group(f"Group {number} {index}")
        factories.belong(steward, group.space, ring=Ring.PARTICIPANT)
        told = Activity.objects.create(
            verb="topics.posted", actor=person, item_id=topic.pk, space=space
        )
        Notice.objects.create(member=steward, activity=told)
        Bookmark.objects.create(member=steward, item_id=topic.pk)
    for index in range(number):
        factories.make_comment(topic, by=Membership.objects.filter(space=space)[index].member)
    return topic.pk


@pytest.mark.parametrize("page", PAGES)
def test_the_same_with_2_and_with_12(as_, ada, north, queries, page):
    asked = []
    for number in (2, 10):
        topic = fill(north, ada, number)
        client: Client = as_(Member.objects.get(pk=ada.pk))
        address = PAGES[page].format(slug=north.slug, topic=topic)
        assert client.get(address).status_code == 200
        with queries() as found:
            client.get(address)
        asked.append(len(found))
    assert asked[0] == asked[1], f"{page}: {asked[0]} queries with 2 rows, {asked[1]} with 12"
    assert asked[1] <= MOST
