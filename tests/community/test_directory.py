"""The list of people shows those who chose to be found, to those they show it to."""

from __future__ import annotations

import pytest
from django.urls import reverse

from community.models import Member
from community.operations import people
from tests import factories


def found(as_, viewer, **filters) -> set[str]:
    answer = as_(viewer).get(reverse("people"), filters)
    return {person.name for person in answer.context["page"].rows}


def somebody(name: str, **fields) -> Member:
    return factories.make_member(
        name, **{"in_directory": True, "profile_seen_by": "members"} | fields
    )


def test_only_those_who_opted_in_and_show_it_to_the_viewer_are_listed(as_, cleo, ben, north):
    somebody("Rosa In")
    somebody("Tom Out", in_directory=False)
    hidden = somebody("Leila Groups", profile_seen_by="groups")
    somebody("Jo New", onboarded=False)
    gone = somebody("Piotr Gone")
    Member.objects.filter(pk=gone.pk).update(is_active=False)
    factories.belong(hidden, north)
    mine = found(as_, cleo)
    assert "Rosa In" in mine
    assert mine.isdisjoint({"Tom Out", "Leila Groups", "Jo New", "Piotr Gone"})
    assert "Leila Groups" in found(as_, ben)


def test_visitors_are_asked_to_sign_in_and_outsiders_find_nobody(as_, community):
    somebody("Rosa In")
    assert as_(None).get(reverse("people")).status_code == 302
    assert "Rosa In" not in found(as_, factories.make_member("Out", root_ring=0))


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({"q": "rosa"}, {"Rosa Imání"}),
        ({"q": "imani"}, {"Rosa Imání"}),
        ({"q": "aziz samir"}, {"Samir Aziz"}),
        ({"area": "harbour"}, {"Samir Aziz"}),
        ({"language": "espanol"}, {"Rosa Imání"}),
        ({"can": "welding"}, {"Samir Aziz"}),
        ({"can": "bylaws"}, {"Rosa Imání"}),
        ({"can": "welding bylaws"}, set()),
        ({"q": "nobody at all"}, set()),
    ],
)
def test_filters_find_by_name_area_language_and_what_people_can_do(
    as_, community, filters, expected
):
    somebody("Rosa Imání", spoken_languages="Español", ask_me_about="Bylaws and bins")
    somebody("Samir Aziz", area="Old Harbour", skills="Welding, cooking")
    viewer = somebody("Viewer")
    assert found(as_, viewer, **filters) == expected


@pytest.mark.parametrize(
    ("field", "filters"),
    [
        ("area", {"area": "harbour"}),
        ("skills", {"can": "harbour"}),
        ("about", {"can": "harbour"}),
        ("ask_me_about", {"can": "harbour"}),
        ("spoken_languages", {"language": "harbour"}),
    ],
)
def test_searching_tells_nothing_that_looking_would_not(as_, north, ben, cleo, field, filters):
    rosa = somebody("Rosa", **{field: "Old Harbour"})
    factories.belong(rosa, north)
    assert found(as_, cleo, **filters) == {"Rosa"}
    people.choose_privacy(
        rosa,
        by=rosa,
        profile_seen_by="members",
        in_directory=True,
        field_visibility={field: "groups"},
    )
    assert "Rosa" in found(as_, cleo)
    assert found(as_, cleo, **filters) == set()
    assert found(as_, ben, **filters) == {"Rosa"}
    assert b"Old Harbour" not in as_(cleo).get(reverse("people")).content


def test_who_is_in_a_group_is_told_to_its_people_only(as_, north, ben, cleo):
    rosa = somebody("Rosa")
    factories.belong(rosa, north)
    assert "Rosa" in found(as_, ben, group=north.pk)
    assert found(as_, cleo, group=north.pk) == set()


def test_people_who_keep_apart_do_not_list_each_other(as_, cleo):
    rosa = somebody("Rosa")
    people.block(rosa, by=cleo)
    assert "Rosa" not in found(as_, cleo)
    assert cleo.name not in found(as_, rosa)


def test_a_long_list_is_read_to_its_end_page_by_page(as_, community):
    viewer = somebody("Aaron")
    for number in range(50):
        somebody(f"Person {number:02}")
    client, names, url = as_(viewer), [], reverse("people")
    while url:
        page = client.get(url).context["page"]
        names += [person.name for person in page.rows]
        url = f"{reverse('people')}?cursor={page.next_cursor}" if page.next_cursor else ""
    assert names == ["Aaron", *(f"Person {number:02}" for number in range(50))]


def test_load_more_keeps_the_filters(as_, community):
    viewer = somebody("Aaron")
    for number in range(30):
        somebody(f"Person {number:02}", area="Old Harbour")
    text = as_(viewer).get(reverse("people"), {"area": "harbour"}).content.decode()
    assert "?area=harbour&amp;cursor=" in text


def test_the_list_costs_the_same_with_two_and_with_twelve(as_, community, queries):
    viewer = somebody("Aaron")
    counts = []
    for wanted in (2, 12):
        while Member.objects.count() < wanted:
            somebody(f"Person {Member.objects.count()}", area="Harbour")
        client = as_(viewer)
        client.get(reverse("people"))
        with queries() as asked:
            client.get(reverse("people"), {"area": "harbour", "can": "x"} if wanted < 0 else {})
        counts.append(len(asked))
    assert counts[0] == counts[1]
    assert counts[0] <= 8


def test_htmx_gets_the_list_alone(as_, cleo):
    answer = as_(cleo).get(reverse("people"), headers={"HX-Request": "true"})
    text = answer.content.decode().strip()
    assert text.startswith('<div class="stack" id="people">')
    assert "HX-Request" in answer["Vary"]
