"""Long lists are cut into pages that stay right while the list changes."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db.models.functions import Lower
from django.utils import timezone

from community import keyset
from community.models import Item, Member, Membership
from tests import factories

NEWEST = ("-active_at", "-id")


def walk(rows, order, size=5) -> list[int]:
    found, cursor = [], None
    while True:
        page = keyset.page(rows, cursor, order=order, size=size)
        found += [row.pk for row in page.rows]
        assert len(page.rows) <= size
        cursor = page.next_cursor
        if not cursor:
            return found


@pytest.fixture
def topics(north, ben):
    """Thirteen, several of them of the same moment."""
    now = timezone.now()
    made = [factories.make_topic(north, by=ben) for _ in range(13)]
    for number, topic in enumerate(made):
        Item.objects.filter(pk=topic.pk).update(active_at=now - timedelta(microseconds=number // 4))
    return type(made[0]).objects.filter(pk__in=[topic.pk for topic in made])


@pytest.mark.parametrize("order", [NEWEST, ("active_at", "id"), ("active_at", "-id"), ("-id",)])
def test_every_row_comes_once_and_in_order(topics, order):
    assert walk(topics, order) == [row.pk for row in topics.order_by(*order)]


def test_annotations_and_paths_are_sorted_by_too(north, ben, fay):
    people = Member.objects.annotate(key=Lower("name"))
    for name in ("zoe", "Zoe", "adam", "Adam", "Mia"):
        factories.make_member(f"{name} {Member.objects.count()}")
    assert walk(people, ("key", "id"), 2) == [row.pk for row in people.order_by("key", "id")]
    rows = Membership.objects.select_related("member")
    order = ("-ring", "member__name", "id")
    assert walk(rows, order, 2) == [row.pk for row in rows.order_by(*order)]


def test_what_arrives_on_top_shifts_nothing(topics, north, ben):
    first = keyset.page(topics, None, order=NEWEST, size=5)
    rest = [row.pk for row in topics.order_by(*NEWEST)][5:10]
    late = factories.make_topic(north, by=ben)
    everything = type(late).objects.filter(space=north)
    second = keyset.page(everything, first.next_cursor, order=NEWEST, size=5)
    assert [row.pk for row in second.rows] == rest


def test_the_last_page_has_no_next_one(topics):
    assert keyset.page(topics, None, order=NEWEST, size=13).next_cursor == ""
    assert keyset.page(topics.none(), None, order=NEWEST).rows == []


@pytest.mark.parametrize("bad", ["x", "a:b:c", "é", "W10:1:2"])
def test_a_cursor_that_is_not_ours_begins_again(topics, bad):
    assert keyset.page(topics, bad, order=NEWEST, size=5).rows[0] == topics.order_by(*NEWEST)[0]


def test_a_cursor_of_another_list_begins_again(topics):
    cursor = keyset.page(topics, None, order=NEWEST, size=5).next_cursor
    other = keyset.page(topics, cursor, order=("id",), size=5)
    assert other.rows[0] == topics.order_by("id")[0]


def test_a_page_is_one_query_wherever_it_is(topics, queries):
    cursor = keyset.page(topics, None, order=NEWEST, size=5).next_cursor
    with queries() as asked:
        keyset.page(topics, cursor, order=NEWEST, size=5)
    assert len(asked) == 1
    assert "OFFSET" not in asked[0]["sql"]
