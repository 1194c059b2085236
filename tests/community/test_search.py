"""Finding things: by the words they say, by names nearly right, and never past what one may see."""

from __future__ import annotations

import re

import pytest
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from community import alike, erasing, search, spelling, stems
from community.models import Block, Item, Member, Openness, Ring, Space
from community.operations import comments, writing
from community.views import search as search_view
from groups.operations import topics
from tests import factories

pytestmark = pytest.mark.django_db

TYPING = {"HX-Request": "true"}


@pytest.fixture
def speak(north, ben):
    """``speak("Title", "text")``: a topic in the open group."""
    return lambda title, text="Something else.", **more: factories.make_topic(
        more.pop("space", north), by=more.pop("by", ben), title=title, text=text, **more
    )


def found(reader, typed, **where) -> list[str]:
    """Titles (of a comment: its text) in the order of the results."""
    page = search.items(reader, stems.read(typed), search.Where(**where))
    comment = "".join
    return [
        comment(
            piece.words
            for piece in (one.excerpt if one.kind.name == "community.comment" else one.heading)
        )
        for one in page.rows
    ]


# Words


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("eviction", "Two evictions on Mill Street"),
        ("evictions", "An eviction"),
        ("inquilina", "Carta de las inquilinas"),
        ("inquilinas", "Una inquilina pregunta"),
        ("desahucio", "No más desahucios"),
        ("desahucios", "El desahucio del martes"),
        ("reunion", "La reunión del jueves"),
        ("reunión", "Las reuniones de barrio"),
        ("organizacion", "Nuestra organización"),
        ("organización", "Otras organizaciones"),
        ("organizaciones", "Una organizacion sin acento"),
        ("cafe", "Café after the meeting"),
        ("CALDERA", "la caldera"),
        ("niño", "Los niños"),
        ("nino", "El niño"),
    ],
)
def test_a_word_is_found_in_its_other_forms(speak, ben, typed, said):
    speak(said)
    speak("Nothing to do with it")
    assert found(ben, typed) == [said]
    Item.objects.all().delete()
    speak("A title of its own", said)
    assert found(ben, typed) == ["A title of its own"]


@pytest.mark.parametrize(
    ("typed", "fits"),
    [
        ("boiler repair", {"Boiler repair on Monday", "Repair the boiler"}),
        ('"boiler repair"', {"Boiler repair on Monday"}),
        ("boiler -monday", {"Repair the boiler", "Old boilers"}),
        ("boiler -mondays", {"Repair the boiler", "Old boilers"}),
        ("old or bathroom", {"Old boilers", "Bathroom"}),
        ("repair monday or bathroom", {"Boiler repair on Monday", "Bathroom"}),
        ('boiler -"repair on monday"', {"Repair the boiler", "Old boilers"}),
        ("the boiler", {"Boiler repair on Monday", "Repair the boiler", "Old boilers"}),
        ("-boiler", set()),
        ('"', set()),
        ("or", set()),
        ("boiler & ! ( : * ' \\", {"Boiler repair on Monday", "Repair the boiler", "Old boilers"}),
    ],
)
def test_the_syntax_people_know_from_the_web(speak, ben, typed, fits):
    for title in ("Boiler repair on Monday", "Repair the boiler", "Old boilers", "Bathroom"):
        speak(title)
    assert set(found(ben, typed)) == fits


def test_a_word_that_says_nothing_in_one_language_is_found_when_it_stands_alone(speak, ben):
    speak("My son and the boiler")
    speak("The boiler")
    assert found(ben, "son") == ["My son and the boiler"]


def test_a_title_weighs_more_than_a_text_and_new_more_than_old(speak, ben):
    speak("Minutes", "We spoke of the boiler.")
    old = speak("About boilers", "It is old.")
    new = speak("About boilers", "It is new.")
    Item.objects.filter(pk=old.pk).update(active_at=timezone.now() - timezone.timedelta(days=900))
    page = search.items(ben, stems.read("boiler"), search.Where())
    assert [one.item.pk for one in page.rows[:2]] == [new.pk, old.pk]
    assert len(page.rows) == 3


# What is written down, and when


def stored(item) -> str:
    return Item.objects.values_list("search", flat=True).get(pk=item.pk)


def test_what_operations_write_is_what_reindex_would_write(speak, north, ada, ben):
    topic = topics.post_topic(north.group, by=ada, title="Damp walls", text="In **every** flat.")
    answer = comments.post_comment(topic, by=ben, text="Mine too, [look](https://example.org/x).")
    comments.edit_comment(answer, by=ben, text="Mine is dry by now.")
    topics.edit_topic(topic, by=ada, title="Dry walls", text="In every flat.")
    before = dict(Item.objects.values_list("pk", "search"))
    call_command("reindex", verbosity=0)
    assert dict(Item.objects.values_list("pk", "search")) == before
    assert found(ben, "dry") == ["Dry walls", "Mine is dry by now."]
    assert found(ben, "damp") == []


def test_reindex_mends_what_is_wrong_and_goes_on_where_it_stopped(speak, ben, capsys):
    first, second = speak("The first boiler"), speak("The second boiler")
    factories.make_comment(second, by=ben, text="Mine too")
    Item.objects.update(search=None, comment_count=7, reaction_counts={"👍": 3})
    call_command("reindex", after=first.pk, batch=1)
    assert "2 items" in capsys.readouterr().out
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.comment_count, second.comment_count, second.reaction_counts) == (7, 1, {})
    assert found(ben, "boiler") == ["The second boiler"]
    call_command("reindex", verbosity=0)
    assert set(found(ben, "boiler")) == {"The first boiler", "The second boiler"}


def test_a_handle_that_is_taken_out_of_what_others_wrote_finds_nothing(speak, ben, cleo):
    speak("Thanks", f"Ask @{cleo.handle} about it.")
    assert found(ben, "okafor") == ["Thanks"]
    erasing.unname(cleo)
    assert found(ben, "okafor") == []
    assert found(ben, "ask about") == ["Thanks"]


# What is shown


def test_an_excerpt_shows_the_words_in_their_place_and_runs_nothing(as_, speak, ben):
    bad = "<script>alert(1)</script><img src=x onerror=alert(2)> boiler <b hx-get=/x>bold</b>"
    speak(f"<i>Boiler</i> {bad}"[:160], f"{bad} \ue000<svg onload=alert(3)>\ue001")
    html = as_(ben).get("/search/?q=boiler").content.decode()
    shown = html[html.index('id="found"') :]
    assert "<mark>boiler</mark>" in shown
    assert "<mark>Boiler</mark>" in shown
    for piece in ("<script>alert", "<img src=x", "<b hx-get", "<svg onload", "<i>Boiler"):
        assert piece not in html
    assert "&lt;img src=x onerror" in shown


def test_what_was_typed_comes_back_as_text(as_, ben, north):
    bad = '"><script>alert(1)</script>'
    html = as_(ben).get("/search/", {"q": bad}).content.decode()
    assert "<script>alert" not in html
    html = as_(ben).get("/search/instant/", {"q": bad}, headers=TYPING).content.decode()
    assert "<script>alert" not in html


def test_results_come_in_pages_that_hold_still(as_, speak, ben):
    for number in range(8):
        speak(f"Boiler {number}", "boiler " * number)
    asked, seen, cursor = stems.read("boiler"), [], None
    while True:
        page = search.items(ben, asked, search.Where(), cursor, size=3)
        seen += [one.item.title for one in page.rows]
        speak("Boiler of a later hour")
        if not page.next_cursor:
            break
        cursor = page.next_cursor
    once = [title for title in seen if "later" not in title]
    assert sorted(once) == [f"Boiler {number}" for number in range(8)]
    for number in range(search.SIZE):
        speak(f"Boiler of the last hour {number}")
    html = as_(ben).get("/search/?q=boiler").content.decode()
    more = re.search(r'href="(\?q=boiler[^"]*cursor=[^"]+)"', html)[1].replace("&amp;", "&")
    part = as_(ben).get(f"/search/{more}", headers={"HX-Request": "true"}).content.decode()
    assert 'class="topic"' in part
    assert "<html" not in part


def test_a_common_word_is_looked_for_in_the_newest_and_in_titles(speak, ben, monkeypatch):
    speak("Boiler of long ago", "It is common.")
    for number in range(6):
        speak(f"Number {number}", "A boiler is common.")
    monkeypatch.setattr(search, "COMMON", 0)
    monkeypatch.setattr(search, "WINDOW", 3)
    assert len(found(ben, "common")) == 3
    monkeypatch.setattr(search, "COMMON", 10**9)
    monkeypatch.setattr(search, "CANDIDATES", 2)
    assert found(ben, "boiler")[0] == "Boiler of long ago"
    assert len(found(ben, "boiler")) == 3


# Filters


def test_filters_narrow_by_kind_group_and_time(speak, ben, ada):
    other = factories.make_space("South Side", steward=ada)
    old = speak("Old boiler")
    Item.objects.filter(pk=old.pk).update(created_at=timezone.now() - timezone.timedelta(days=40))
    answer = factories.make_comment(speak("New boiler"), by=ben, text="My boiler")
    speak("South boiler", space=other, by=ada)
    assert set(found(ben, "boiler", kind="groups.topic")) == {
        "Old boiler",
        "New boiler",
        "South boiler",
    }
    assert found(ben, "boiler", kind=answer.kind) == ["My boiler"]
    assert found(ben, "boiler", space=other) == ["South boiler"]
    assert "Old boiler" not in found(ben, "boiler", span="month")
    assert "Old boiler" in found(ben, "boiler", span="year")


def test_the_page_keeps_its_filters_in_its_links(as_, speak, ben, north):
    speak("Boiler")
    html = as_(ben).get(f"/search/?q=boiler&group={north.slug}&since=week").content.decode()
    assert f"?q=boiler&amp;group={north.slug}&amp;since=week&amp;kind=groups.topic" in html
    assert f'<option value="{north.slug}" selected>' in html


def test_a_filter_that_makes_no_sense_is_no_filter(as_, speak, ben):
    speak("Boiler")
    for query in ("kind=nonsense", "group=no-such", "group=<b>", "since=aeon", "cursor=forged"):
        assert "<mark>Boiler</mark>" in as_(ben).get(f"/search/?q=boiler&{query}").content.decode()


def test_the_newest_come_first_if_one_likes(as_, speak, ben):
    speak("Boiler, boiler and boiler", "Nothing but the boiler")
    speak("Something else", "The boiler is mentioned")
    assert found(ben, "boiler") == ["Boiler, boiler and boiler", "Something else"]
    assert found(ben, "boiler", order=search.NEWEST) == [
        "Something else",
        "Boiler, boiler and boiler",
    ]
    html = as_(ben).get("/search/?q=boiler&order=new").content.decode()
    assert '<option value="new" selected>' in html
    assert html.index("Something else") < html.index("and <mark>boiler")
    assert "order=new" in html.partition("<nav")[2], "the tabs keep the order"
    assert 'value="new" selected' not in as_(ben).get("/search/?q=boiler&order=x").content.decode()


@pytest.mark.parametrize("common", [20_000, 4])
def test_the_newest_first_come_in_pages_that_hold_still(speak, ben, monkeypatch, common):
    """Also of a word that is so common that only the newest items are walked down."""
    monkeypatch.setattr(search, "COMMON", common)
    made = [speak(f"Boiler {number}").pk for number in range(8)]
    where, seen, cursor = search.Where(order=search.NEWEST), [], None
    for _page in range(9):
        page = search.items(ben, stems.read("boiler"), where, cursor, size=3)
        seen += [one.item.pk for one in page.rows]
        speak("Boiler said meanwhile")
        cursor = page.next_cursor
        if not cursor:
            break
    assert seen == made[::-1]
    other = search.items(ben, stems.read("boiler"), search.Where(), size=3).next_cursor
    begins = search.items(ben, stems.read("boiler"), where, other, size=3)
    assert begins.rows[0].item.pk > made[-1], "another order's cursor begins anew"


@pytest.mark.parametrize("off", [(), ("seqscan",), ("seqscan", "indexscan", "indexonlyscan")])
def test_an_estimate_is_told_for_each_question_however_it_is_planned(speak, ben, off):
    """The planner may find the row the estimates hang on by any way it likes."""
    for _number in range(3):
        speak("Boiler")
    with connection.cursor() as cursor:
        for way in off:
            cursor.execute(f"SET LOCAL enable_{way} = off")
    seen = Item.objects.visible_to(ben)
    asked = [seen.filter(search=stems.Stems(word)) for word in ("boil", "roof", "boil")]
    for number in (1, 2, 3):
        assert len(search.about_how_many(*asked[:number])) == number
    where = search.Where(order=search.NEWEST)
    assert len(search.items(ben, stems.read("boiler"), where).rows) == 3


def test_the_newest_first_ask_the_same_for_few_and_many(as_, speak, ben, queries):
    asked, client = [], as_(ben)
    for number in (4, 12):
        for place in range(number):
            speak(f"Boiler {number} {place}")
        client.get("/search/?q=boiler&order=new")
        with queries() as found_:
            client.get("/search/?q=boiler&order=new")
        asked.append(len(found_))
    assert asked[0] == asked[1] <= 14


# Names


@pytest.mark.parametrize(
    "typed", ["Kleo Ocafor", "cleo ocafor", "okafr", "@cleo-okafor", "CLEO", "cl"]
)
def test_a_person_is_found_by_a_name_that_is_nearly_right(as_, ben, cleo, typed):
    assert "Cleo Okafor" in as_(ben).get("/search/", {"q": typed}).content.decode()
    assert (
        "Cleo Okafor"
        in as_(ben).get("/search/instant/", {"q": typed}, headers=TYPING).content.decode()
    )


def test_a_name_without_its_accents_is_found(ben):
    factories.make_member("José Núñez")
    assert [one.name for one in alike.names(ben, stems.read("jose nunez")).people] == ["José Núñez"]


@pytest.mark.parametrize("typed", ["Susana", "Marco", "Boiler", "xyzzy"])
def test_a_name_that_only_shares_letters_is_not_found(ben, typed):
    for name in ("Hana Weiss", "Marisol Vega", "Bo Lerner"):
        factories.make_member(name)
    assert alike.names(ben, stems.read(typed)).people == []


def test_people_are_found_only_in_the_list_or_in_shared_groups(ben, cleo, north, ada):
    def people(reader):
        return alike.names(Member.objects.get(pk=reader.pk), stems.read("Okafor")).people

    assert people(ben) == [cleo]
    Member.objects.filter(pk=cleo.pk).update(in_directory=False)
    assert people(ben) == []
    factories.belong(cleo, north)
    assert people(ben) == [cleo]
    north.tabs_off = ["people"]
    north.save()
    assert people(ben) == []
    assert people(ada) == [cleo]


def test_groups_are_found_by_a_name_that_is_nearly_right(as_, ben, north):
    assert "North Side" in as_(ben).get("/search/?q=nort+sied").content.decode()
    assert "Riverside" not in "".join(
        space.name for space in alike.names(ben, stems.read("Riverside Tenants")).groups
    )


# Another spelling


def _found(as_, member, typed: str, kind: str = "people"):
    page = as_(member).get(f"/search/?q={typed}&kind={kind}")
    names = page.context["names"]
    return [*names.people, *names.groups]


def _able(member, **fields):
    Member.objects.filter(pk=member.pk).update(in_directory=True, **fields)


@pytest.mark.parametrize("typed", ["boilers", "repairing+boilers", "BOILER", "plumbing+or+boiler"])
def test_whom_to_ask_is_found_by_what_they_can_do(as_, ben, cleo, typed):
    _able(cleo, skills="Repairs a boiler, sews", profile_seen_by=Member.SeenBy.MEMBERS)
    assert _found(as_, ben, typed) == [cleo]
    assert _found(as_, ben, typed, kind="") == [cleo]
    page = as_(ben).get(f"/search/?q={typed}").content.decode()
    assert "Repairs a boiler, sews" in page
    assert _found(as_, ben, "boiler+-sews") == []
    assert _found(as_, ben, "oiler") == []


@pytest.mark.parametrize("field", ["skills", "ask_me_about"])
def test_whom_to_ask_says_nothing_that_their_page_does_not(as_, ben, ada, cleo, north, field):
    seen_by = Member.SeenBy
    _able(ada, **{field: "Beekeeping"}, profile_seen_by=seen_by.MEMBERS)
    for closed, who in ((seen_by.GROUPS, [ben]), (seen_by.CONTACTS, [])):
        Member.objects.filter(pk=ada.pk).update(field_visibility={field: closed})
        assert _found(as_, cleo, "beekeeping") == []
        assert bool(_found(as_, ben, "beekeeping")) is bool(who)
    Member.objects.filter(pk=ada.pk).update(field_visibility={}, profile_seen_by=seen_by.GROUPS)
    assert _found(as_, cleo, "beekeeping") == []
    assert "Beekeeping" not in as_(None).get("/search/?q=beekeeping").content.decode()
    Member.objects.filter(pk=ada.pk).update(profile_seen_by=seen_by.MEMBERS, in_directory=False)
    assert _found(as_, cleo, "beekeeping") == []


def test_a_group_is_found_by_what_it_is_for_by_who_may_know_of_it(as_, ben, cleo, ada, north):
    Space.objects.filter(pk=north.pk).update(purpose="We stop evictions in the north.")
    assert _found(as_, cleo, "eviction", kind="groups") == [north]
    hidden = factories.make_space("Quiet one", steward=ada, openness="secret")
    Space.objects.filter(pk=hidden.pk).update(purpose="We stop evictions quietly.")
    assert _found(as_, cleo, "eviction", kind="groups") == [north]
    assert hidden in _found(as_, ada, "eviction", kind="groups")


def test_people_and_groups_have_no_filters_that_do_nothing(as_, ben, north):
    page = as_(ben).get(f"/search/?q=ben&kind=people&group={north.slug}&since=week")
    said = page.content.decode()
    assert '<select class="input input--s" name="group"' not in said
    assert f'<input type="hidden" name="group" value="{north.slug}">' in said
    assert (
        '<select class="input input--s" name="group"'
        in as_(ben).get("/search/?q=ben").content.decode()
    )


def test_another_spelling_is_offered_from_what_one_may_read(as_, speak, ben, ada):
    speak("Evictions on Mill Street")
    html = as_(ben).get("/search/?q=evicton+street").content.decode()
    assert "?q=evictions%20street" in html
    secret = factories.make_space("Hidden", steward=ada, openness=Openness.SECRET)
    speak("Sabotage plan", space=secret, by=ada)
    assert "sabotage" not in as_(ben).get("/search/?q=sabotge").content.decode().lower().replace(
        "sabotge", ""
    )
    assert spelling.did_you_mean(ada, stems.read("sabotge")) == "sabotage"


def test_words_that_stand_somewhere_are_not_corrected(speak, ben):
    speak("Boiling water", "the boiler")
    assert spelling.did_you_mean(ben, stems.read("boiler")) == ""


# What one may not see


def test_nothing_is_found_that_could_not_be_opened(speak, north, ada, ben, cleo, fay, guest):
    closed = factories.make_space("Closed", steward=ada, openness=Openness.CLOSED)
    public = factories.make_space("Public", steward=ada, openness=Openness.PUBLIC)
    things = {
        "in a secret group": speak(
            "Boiler", space=factories.make_space("S", steward=ada, openness=Openness.SECRET), by=ada
        ),
        "in a closed group": speak("Boiler", space=closed, by=ada),
        "of the core": speak("Boiler", min_ring=Ring.CORE, by=ada),
        "open": speak("Boiler"),
        "on the web": speak("Boiler", space=public, min_ring=Ring.WEB, by=ada),
        "deleted": speak("Boiler", by=ada),
        "hidden": speak("Boiler", by=ada),
    }
    answer = factories.make_comment(things["in a closed group"], by=ada, text="A boiler")
    writing.delete_item(things["deleted"], by=ada)
    Item.objects.filter(pk=things["hidden"].pk).update(hidden_at=timezone.now())

    def seen(reader) -> set[str]:
        reader = reader and Member.objects.get(pk=reader.pk)
        page = search.items(reader, stems.read("boiler"), search.Where())
        pks = {one.item.pk for one in page.rows}
        titles = {
            one.item.pk
            for one in search.by_title(reader, stems.read("boil", unfinished=True), most=99)
        }
        may = set(
            Item.objects.visible_to(reader).filter(pk__in=pks | titles).values_list("pk", flat=True)
        )
        assert pks | titles == may
        assert titles == pks - {answer.pk}
        return {name for name, thing in things.items() if thing.pk in pks}

    assert seen(guest) == {"on the web"}
    assert seen(cleo) == seen(fay) == {"open", "on the web"}
    assert seen(ben) == {"open", "on the web"}
    assert seen(ada) == set(things) - {"deleted", "hidden"}
    Block.objects.create(member=ben, blocked=ada)
    assert seen(ben) == {"open"}


def test_a_group_one_may_not_know_of_cannot_be_chosen(as_, speak, ada, ben):
    secret = factories.make_space("Hidden Hall", steward=ada, openness=Openness.SECRET)
    html = [
        as_(ben).get(f"/search/?q=boiler&group={slug}").content.decode()
        for slug in (secret.slug, "no-such-group")
    ]
    masked = [re.sub(r'"\w{64}"', "", page) for page in html]
    assert masked[0].replace(secret.slug, "no-such-group") == masked[1]


def test_guests_may_not_ask_without_end(as_, community, monkeypatch):
    monkeypatch.setattr(search_view, "GUESTS", "2/m/ip")
    guest = as_(None)
    assert [guest.get("/search/?q=x").status_code for _ in range(3)] == [200, 200, 429]
    assert guest.get("/search/instant/?q=x", headers=TYPING).status_code == 429
    assert guest.get("/search/").status_code == 200


# The page


def test_an_empty_page_teaches_and_a_missing_page_offers_it(as_, ben, north):
    assert "inquilinas" in as_(ben).get("/search/").content.decode()
    html = as_(ben).get("/no-such-page/").content.decode()
    assert 'action="/search/"' in html
    assert 'role="search"' in html


def test_what_only_says_what_to_leave_out_is_told_so(as_, ben, north):
    assert "not only what should not" in as_(ben).get("/search/?q=-boiler").content.decode()


def test_the_list_while_typing_asks_the_same_for_few_and_many(as_, speak, ben, queries):
    asked, client = [], as_(ben)
    for number in (2, 10):
        for place in range(number):
            speak(f"Boiler {number} {place}")
            factories.make_space(f"Boiler {number} {place}")
            factories.make_member(f"Boiler {number} {place}")
        client.get("/search/instant/?q=boil", headers=TYPING)
        with queries() as found_:
            client.get("/search/instant/?q=boil", headers=TYPING)
        asked.append(len(found_))
    assert asked[0] == asked[1] <= 10
