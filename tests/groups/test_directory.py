"""The directory: what exists for whom, found by words and filters, in pages."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from community.models import Membership, Space
from groups.models import Group
from groups.views import directory
from tests import factories


def names(client, query=""):
    page = client.get(f"/groups/{query}").context["page"]
    return {group.space.name for group in page.rows}


@pytest.fixture
def all_sorts(ada, north):
    factories.make_space("Public Square", steward=ada, openness="public")
    factories.make_space("Closed Circle", steward=ada, openness="closed")
    factories.make_space("Hidden Room", steward=ada, openness="secret")
    factories.make_space("Not Yet", steward=ada, listed=False)
    factories.make_space("Long Gone", steward=ada, state=Group.State.ARCHIVED)


def test_who_sees_which_groups(all_sorts, ada, ben, cleo, as_):
    listed = {"North Side", "Public Square", "Closed Circle"}
    assert names(as_(None)) == {"Public Square"}
    assert names(as_(cleo)) == names(as_(ben)) == listed
    assert names(as_(ada)) == listed | {"Hidden Room", "Not Yet"}
    assert names(as_(factories.make_member("Waiting", root_ring=0))) == {"Public Square"}


def test_mine_and_near_me(all_sorts, ada, ben, as_):
    Group.objects.filter(space__name="Closed Circle").update(area="Móstoles")
    assert names(as_(ben), "?show=mine") == {"North Side"}
    assert names(as_(ben), "?show=near") == set()
    ben.area = "mostoles"
    ben.save()
    assert names(as_(ben), "?show=near") == {"Closed Circle"}


def test_search_reads_names_purposes_and_areas_without_accents(ada, cleo, as_):
    factories.make_space("Vecindad Única", steward=ada, purpose="Para todas", area="Río Bajo")
    factories.make_space("Bread", steward=ada, purpose="Baking")
    for words in ("unica", "VECINDAD", "todas", "rio", "vecindad rio"):
        assert names(as_(cleo), f"?q={words}") == {"Vecindad Única"}, words
    assert names(as_(cleo), "?q=vecindad+bread") == set()
    assert names(as_(cleo), "?q=%25") == set(), "a percent sign is a percent sign"


def test_filters_by_kind_area_and_language(ada, cleo, as_):
    one = factories.make_space("One", steward=ada, area="South", languages=["es", "en"])
    Group.objects.filter(pk=one.pk).update(kind="campaign")
    factories.make_space("Two", steward=ada, area="North", languages=["uk"])
    assert names(as_(cleo), "?kind=campaign") == {"One"}
    assert names(as_(cleo), "?area=North") == {"Two"}
    assert names(as_(cleo), "?language=es") == {"One"}
    assert names(as_(cleo), "?language=fr") == set()
    assert names(as_(cleo), "?kind=nonsense") == {"One", "Two"}


def test_how_many_a_small_group_has_is_told_to_its_people_only(north, ben, cleo, as_):
    assert "a small group" in as_(cleo).get("/groups/").content.decode()
    assert "2 people" not in as_(cleo).get("/groups/").content.decode()
    assert "2 people" in as_(ben).get("/groups/").content.decode()
    for number in range(20):
        factories.belong(factories.make_member(f"Person {number}"), north)
    assert "22 people" in as_(cleo).get("/groups/").content.decode()


def test_the_filters_do_not_tell_of_hidden_groups(ada, cleo, as_):
    factories.make_space("Hidden", steward=ada, openness="secret", area="Secret Valley")
    factories.make_space("A", steward=ada, area="Up")
    factories.make_space("B", steward=ada, area="Down")
    page = as_(cleo).get("/groups/").content.decode()
    assert "Secret Valley" not in page
    assert "Down" in page


def test_the_button_fits_who_looks(ada, ben, cleo, north, as_):
    factories.make_space("Closed", steward=ada, openness="closed")
    page = as_(cleo).get("/groups/").content.decode()
    assert 'Join<span class="vh"> North Side' in page
    assert 'Ask to join<span class="vh"> Closed' in page
    assert "You take part" in as_(ben).get("/groups/?show=mine").content.decode()


def test_pages_follow_each_other_and_repeat_nothing(ada, cleo, as_, monkeypatch):
    monkeypatch.setattr(directory, "SIZE", 3)
    for number in range(7):
        factories.make_space(f"Group {number}", steward=ada)
    client, seen, cursor = as_(cleo), [], ""
    while True:
        page = client.get(f"/groups/?cursor={cursor}").context["page"]
        seen += [group.pk for group in page.rows]
        cursor = page.next_cursor
        if not cursor:
            break
    assert len(seen) == len(set(seen)) == 7


def test_the_same_queries_with_2_and_with_12(ada, ben, ruth, as_, queries):
    for number in range(2):
        factories.make_space(f"Few {number}", steward=ada)
    counts = {}
    for person in (ben, ruth, None):
        client = as_(person)
        client.get("/groups/")
        with queries() as asked:
            client.get("/groups/")
        counts[person] = (client, len(asked))
    for number in range(10):
        factories.make_space(f"Many {number}", steward=ada, openness="public")
    for client, before in counts.values():
        with queries() as asked:
            client.get("/groups/")
        assert len(asked) == before


def test_a_card_says_that_a_group_rests_or_forms_and_who_rests_comes_last(ada, cleo, ruth, as_):
    rests = factories.make_space("Old Choir", steward=ada, state=Group.State.DORMANT)
    factories.make_space("New Choir", steward=ada, state=Group.State.FORMING)
    factories.make_space("Quiet Help", steward=ada, state=Group.State.NEEDS_SUPPORT)
    Space.objects.filter(pk=rests.pk).update(active_at=timezone.now() + timedelta(days=1))
    page = as_(cleo).get("/groups/")
    assert [group.space.name for group in page.context["page"].rows][-1] == "Old Choir"
    words = page.content.decode()
    assert "Resting" in words
    assert "Forming" in words
    assert "Needs support" not in words, "that is for its people"
    assert "Needs support" in as_(ruth).get("/groups/").content.decode()


def test_stewards_of_the_community_filter_by_state(ada, cleo, ruth, as_):
    factories.make_space("Old Choir", steward=ada, state=Group.State.DORMANT)
    factories.make_space("Choir", steward=ada)
    assert names(as_(ruth), "?state=dormant") == {"Old Choir"}
    assert names(as_(cleo), "?state=dormant") == {"Old Choir", "Choir"}
    assert "Every state" not in as_(cleo).get("/groups/").content.decode()


def test_who_rests_comes_last_over_pages(ada, cleo, as_, monkeypatch):
    monkeypatch.setattr(directory, "SIZE", 2)
    for number, state in enumerate(("dormant", "active", "dormant", "active", "active")):
        factories.make_space(f"Group number {number}", steward=ada, state=state)
    client, seen, cursor = as_(cleo), [], ""
    while True:
        page = client.get(f"/groups/?cursor={cursor}").context["page"]
        seen += [group.state for group in page.rows]
        cursor = page.next_cursor
        if not cursor:
            break
    assert seen == ["active"] * 3 + ["dormant"] * 2


def test_a_card_says_how_much_is_new_there(as_, ada, ben, cleo, north):
    factories.make_topic(north, by=ada, title="News")
    assert "count" in card_of(as_(ben), north)
    assert "count" not in card_of(as_(cleo), north), "she is not in it"
    Membership.objects.filter(space=north, member=ben).update(seen_at=timezone.now())
    assert "count" not in card_of(as_(ben), north)


def card_of(client, space):
    page = client.get("/groups/").content.decode()
    card = re.search(rf'id="group-{space.pk}">.*?</article>', page, re.DOTALL)
    return re.search(r"<h2.*?</h2>", card[0], re.DOTALL)[0]
