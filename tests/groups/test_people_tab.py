"""Who is shown of a group's people, to whom, and what the numbers say."""

from __future__ import annotations

import pytest

from community.models import Block, Member, Ring
from groups.views import people
from tests import factories


def shown(client, north, query=""):
    page = client.get(f"/groups/{north.slug}/people/{query}").context["page"]
    return {row.member.name for row in page.rows}


def test_names_are_for_those_who_take_part(north, ada, ben, fay, cleo, ruth, as_):
    address = f"/groups/{north.slug}/people/"
    for person, status in (
        (ada, 200),
        (ben, 200),
        (ruth, 200),
        (fay, 403),
        (cleo, 403),
        (None, 404),
    ):
        assert as_(person).get(address).status_code == status, person


def test_hidden_people_are_counted_and_not_named(north, ada, ben, fay, as_):
    fay.profile_seen_by = Member.SeenBy.CONTACTS
    fay.save()
    page = as_(ben).get(f"/groups/{north.slug}/people/")
    assert fay.name not in page.content.decode()
    assert "And 1 person who does not show themselves" in page.content.decode()
    assert "All 3" in page.content.decode()
    assert shown(as_(ada), north) == {ada.name, ben.name, fay.name}, "their steward sees them"


def test_who_keeps_apart_does_not_see_the_other(north, ada, ben, fay, as_):
    Block.objects.create(member=fay, blocked=ben)
    assert fay.name not in shown(as_(ben), north)
    assert fay.name in shown(as_(ada), north)


def test_by_ring_and_by_name(north, ada, ben, fay, as_):
    assert shown(as_(ben), north, "?ring=4") == {ada.name}
    assert shown(as_(ben), north, "?q=cast") == {ben.name}
    assert shown(as_(ben), north, "?q=zzz") == set()
    assert shown(as_(ben), north, "?ring=9") == {ada.name, ben.name, fay.name}


def test_a_search_never_finds_somebody_hidden(north, ben, fay, as_):
    fay.profile_seen_by = Member.SeenBy.CONTACTS
    fay.save()
    answer = as_(ben).get(f"/groups/{north.slug}/people/?q=Fay").content.decode()
    assert "Lindqvist" not in answer


def test_stewards_have_actions_and_others_do_not(north, ada, ben, as_):
    assert "Change ring" in as_(ada).get(f"/groups/{north.slug}/people/").content.decode()
    page = as_(ben).get(f"/groups/{north.slug}/people/").content.decode()
    assert "Change ring" not in page
    assert "Last here" not in page


def test_the_log_and_the_rings_are_for_stewards(north, ada, ben, cleo, ruth, as_):
    for path in ("people/log/", f"people/{ada.pk}/ring/", f"people/{ben.pk}/remove/"):
        for person in (ben, cleo, ruth):
            assert as_(person).get(f"/groups/{north.slug}/{path}").status_code == 403


def test_a_part_of_the_list_answers_as_a_part(north, ada, as_):
    answer = as_(ada).get(f"/groups/{north.slug}/people/?q=a", headers={"HX-Request": "true"})
    assert answer.content.decode().lstrip().startswith('<div id="people"')
    assert "HX-Request" in answer.headers["Vary"]


def test_load_more_reaches_everybody_once(north, ada, as_, monkeypatch):
    monkeypatch.setattr(people, "SIZE", 3)
    for number in range(7):
        factories.belong(factories.make_member(f"Person {number}"), north)
    client, seen, cursor = as_(ada), [], ""
    while True:
        page = client.get(f"/groups/{north.slug}/people/?cursor={cursor}").context["page"]
        seen += [row.pk for row in page.rows]
        cursor = page.next_cursor
        if not cursor:
            break
    assert len(seen) == len(set(seen)) == 8


@pytest.mark.parametrize("who", ["ada", "ben"])
def test_the_same_queries_with_2_and_with_12(north, ada, ben, cleo, who, as_, queries, request):
    client = as_(request.getfixturevalue(who))
    address = f"/groups/{north.slug}/people/"
    client.get(address)
    with queries() as asked:
        client.get(address)
    before = len(asked)
    for number in range(10):
        factories.belong(
            factories.make_member(f"Person {number}"), north, ring=Ring(number % 3 + 1)
        )
    with queries() as asked:
        client.get(address)
    assert len(asked) == before


def test_every_page_of_a_group_costs_the_same_when_it_grows(north, ada, ben, as_, queries):
    """The frame: head, tabs, right column."""
    for person in (ada, ben):
        client = as_(person)
        address = f"/groups/{north.slug}/about/"
        client.get(address)
        with queries() as asked:
            client.get(address)
        before = len(asked)
        for _number in range(6):
            factories.belong(factories.make_member(), north)
        with queries() as asked:
            client.get(address)
        assert len(asked) == before
