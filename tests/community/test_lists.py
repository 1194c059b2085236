"""Lists of people leave the site with a reason, a second person for addresses, and a trace."""

from __future__ import annotations

import csv
import io
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from community import lists as rules
from community.models import (
    Activity,
    AuditEntry,
    Member,
    Membership,
    Notice,
    Openness,
    PeopleList,
    Ring,
    Space,
    StaffRole,
)
from community.notices import deliver
from community.operations import lists, people
from community.policies import Refused
from tests import factories

pytestmark = pytest.mark.django_db
WHY = "To telephone everybody before the meeting on Sunday."


@pytest.fixture
def ines(community):
    return factories.make_member("Ines Farah", staff=StaffRole.Role.ADMIN)


@pytest.fixture
def dana(community):
    return factories.make_member("Dana Lead", staff=StaffRole.Role.DATA_PROTECTION)


def ask(space, by, *, with_email=False, purpose=WHY) -> PeopleList:
    by = Member.objects.get(pk=by.pk)
    return lists.ask_for_list(space, purpose=purpose, with_email=with_email, by=by)


def rows_of(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))


def fetched(asked, by) -> list[list[str]]:
    return rows_of(lists.fetch_list(asked, by=Member.objects.get(pk=by.pk)))


def test_a_steward_takes_the_names_of_their_group_and_nothing_more(ada, ben, fay, cleo, north):
    asked = ask(north, ada)
    mark, head, *lines = fetched(asked, ada)
    assert f"Copy {asked.pk}" in mark[0]
    assert WHY in mark[0]
    assert head == ["Name", "Place", "Since", "Language"]
    names = [line[0] for line in lines]
    assert set(names) == {"Ada Mensah", "Ben Castillo", "Fay Lindqvist", asked.seed_name}
    assert names == sorted(names, key=str.casefold)
    assert not [cell for line in lines for cell in line if "@" in cell]
    acts = AuditEntry.objects.filter(action__startswith="lists.").order_by("pk")
    assert [(act.action, act.reason, act.space_id) for act in acts] == [
        ("lists.asked", WHY, north.pk),
        ("lists.fetched", "", north.pk),
    ]
    assert acts[1].data == {"list": asked.pk, "count": 3}


def test_addresses_take_a_second_person_and_never_oneself(ines, dana, ben, north):
    asked = ask(north, ines, with_email=True)
    with pytest.raises(Refused, match="A second person"):
        fetched(asked, ines)
    with pytest.raises(Refused, match="Somebody else has to agree"):
        lists.agree_to_list(asked, by=ines)
    deliver(Activity.objects.get(verb="lists.asked"))
    assert set(Notice.objects.values_list("member", flat=True)) == {dana.pk}
    assert rules.due(dana).number == 1
    lists.agree_to_list(asked, by=dana)
    lines = fetched(asked, ines)
    assert [ben.email in line for line in lines].count(True) == 1
    assert [asked.seed_address in line for line in lines].count(True) == 1
    with pytest.raises(Refused, match="decided already"):
        lists.refuse_list(asked, by=dana, reason="Too late for this.")


def test_a_refused_list_stays_here(ines, dana, north):
    asked = ask(north, ines, with_email=True)
    lists.refuse_list(asked, by=dana, reason="A letter from the site does it.")
    with pytest.raises(Refused, match="was refused"):
        fetched(asked, ines)


@pytest.mark.parametrize("who", ["ben", "fay", "cleo", "mo"])
def test_others_take_none(request, as_, north, who):
    member = request.getfixturevalue(who)
    with pytest.raises(Refused):
        ask(north, member)
    assert as_(member).get(reverse("people_lists")).status_code == 404


def test_a_steward_takes_neither_another_group_nor_addresses(ada, north, ruth):
    south = factories.make_space("South", steward=ruth)
    with pytest.raises(Refused, match="cannot take the list of this place"):
        ask(south, ada)
    with pytest.raises(Refused, match="Addresses are for"):
        ask(north, ada, with_email=True)


@pytest.mark.parametrize("who", ["ada", "ines", "dana"])
def test_the_list_of_a_secret_group_leaves_for_nobody(request, ada, north, who):
    Space.objects.filter(pk=north.pk).update(openness=Openness.SECRET)
    with pytest.raises(Refused, match="cannot take the list of this place"):
        ask(north, request.getfixturevalue(who))


def test_a_group_that_became_secret_meanwhile_is_not_fetched(ada, north):
    asked = ask(north, ada)
    Space.objects.filter(pk=north.pk).update(openness=Openness.SECRET)
    with pytest.raises(Refused):
        fetched(asked, ada)


def test_whoever_is_steward_no_more_fetches_no_more(ada, ben, north):
    asked = ask(north, ada)
    Membership.objects.filter(space=north, member=ada).update(ring=Ring.PARTICIPANT)
    with pytest.raises(Refused):
        fetched(asked, ada)


def test_it_expires_after_a_day_and_is_fetched_by_whom_asked_alone(ada, ines, north):
    asked = ask(north, ada)
    with pytest.raises(Refused, match="Whoever asked"):
        fetched(asked, ines)
    PeopleList.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    with pytest.raises(Refused, match="expired"):
        fetched(asked, ada)


def test_without_a_purpose_and_too_often_it_is_refused(ada, north):
    with pytest.raises(Refused, match="Say in a sentence"):
        ask(north, ada, purpose="to have it")
    for _number in range(PeopleList.MOST_A_DAY):
        ask(north, ada)
    with pytest.raises(Refused, match="several lists today"):
        ask(north, ada)


def test_no_more_than_so_many_at_once(ada, ben, fay, north, monkeypatch):
    monkeypatch.setattr(PeopleList, "MOST_ROWS", 2)
    asked = ask(north, ada)
    with pytest.raises(Refused, match="More than 2 people"):
        fetched(asked, ada)
    asked.refresh_from_db()
    assert asked.fetched_at is None


def test_who_blocked_the_steward_or_has_gone_is_not_on_it(ada, ben, fay, north):
    people.block(ada, by=ben)
    Member.objects.filter(pk=fay.pk).update(is_active=False)
    names = [line[0] for line in fetched(ask(north, ada), ada)]
    assert "Ben Castillo" not in names
    assert "Fay Lindqvist" not in names


EVIL = [
    "=1+1", "+1", "-1", "@SUM(A1)", "|cmd", "%0A", "\t=1", "\r=1", "\n=1", " =1", '"=1', "'=1",
    '=HYPERLINK("http://evil.example","x")', "=cmd|'/C calc'!A0", "a\r\n=1,2",
]  # fmt: skip
RUNS = ("=", "+", "-", "@", "|", "%", "\t", "\r", "\n")


@pytest.mark.parametrize("name", EVIL)
def test_no_cell_is_a_formula_whatever_somebody_calls_themselves(ada, ben, north, name):
    Member.objects.filter(pk=ben.pk).update(name=name, language="=2")
    Member.objects.filter(pk=ada.pk).update(name="@ada")
    asked = ask(north, ada, purpose=f"{name} is why I need this list")
    cells = [cell for line in fetched(asked, ada) for cell in line]
    assert not [cell for cell in cells if cell.startswith(RUNS)]
    assert not [cell for cell in cells if cell.strip("'").strip().startswith(RUNS)
                and not cell.startswith("'")]  # fmt: skip


def test_every_cell_is_quoted_and_lines_keep_their_columns(ada, ben, north):
    Member.objects.filter(pk=ben.pk).update(name='Ben "B", Castillo')
    text = lists.fetch_list(ask(north, ada), by=ada)
    _mark, head, *lines = rows_of(text)
    assert {len(line) for line in lines} == {len(head)}
    assert 'Ben "B", Castillo' in [line[0] for line in lines]
    assert all(row.startswith('"') for row in text.removeprefix("\ufeff").splitlines())


def test_every_copy_says_whose_it_is(ada, ines, ben, north):
    one, two = ask(north, ada), ask(north, ines)
    assert {one.seed_name, one.seed_address}.isdisjoint({two.seed_name, two.seed_address})
    lines = ["\t".join(line) for line in fetched(one, ada)[2:]]
    assert rules.whose("Seen on a forum:\n" + "\n".join(lines)) == one
    assert rules.whose(two.seed_address.upper()) == two
    assert rules.whose("Ben Castillo, Somebody Else") is None
    assert rules.whose("") is None


def test_the_desk_says_whose_it_is_to_those_who_guard_data_only(as_, ada, ines, north):
    asked = ask(north, ada)
    for member, there in ((ines, f"/desk/lists/{asked.pk}/"), (ada, "/desk/lists/")):
        answer = as_(member).post("/desk/lists/whose/", {"text": asked.seed_name})
        assert answer.url == there
    assert asked.seed_name not in as_(ada).get(f"/desk/lists/{asked.pk}/").content.decode()
    assert asked.seed_name in as_(ines).get(f"/desk/lists/{asked.pk}/").content.decode()


def test_the_pages_ask_again_who_it_is_and_hand_the_file_over(as_, ada, ben, north):
    client = as_(ada)
    given = {"space": north.pk, "purpose": WHY}
    assert client.post("/desk/lists/", given).status_code == 302
    assert not PeopleList.objects.exists()
    factories.prove(client, ada)
    assert client.post("/desk/lists/", given | {"purpose": "short"}).status_code == 422
    there = client.post("/desk/lists/", given).url
    assert there == f"/desk/lists/{PeopleList.objects.get().pk}/"
    assert client.get(f"{there}fetch/").status_code == 405
    answer = client.post(f"{there}fetch/")
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["Cache-Control"] == "private, no-store"
    assert "Ben Castillo" in answer.content.decode()


def test_whoever_is_on_it_reads_who_took_it_and_what_for(as_, ada, ben, cleo, north):
    asked = ask(north, ada)
    assert WHY not in as_(ben).get(reverse("record")).content.decode()
    lists.fetch_list(asked, by=ada)
    page = as_(ben).get(reverse("record")).content.decode()
    assert WHY in page
    assert "Ada Mensah" in page
    assert WHY not in as_(cleo).get(reverse("record")).content.decode()
