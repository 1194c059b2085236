"""A concern for somebody's safety reaches those who handle it, past those whom it concerns."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from community import notices, safeguarding
from community.models import (
    Activity,
    AuditEntry,
    Concern,
    ConcernEntry,
    Member,
    Notice,
    OutboxMail,
    StaffRole,
)
from community.operations import people
from community.operations import safeguarding as operations
from community.policies import Refused
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def lena(community):
    """The safeguarding lead."""
    return factories.make_member("Lena Brandt", staff="safeguarding")


@pytest.fixture
def bo(community):
    """The bypass person."""
    return factories.make_member("Bo Achieng", staff="safeguarding_bypass")


@pytest.fixture
def ines(community):
    return factories.make_member("Ines Duarte", staff="admin")


def tell(by=None, words="Somebody waits for the children after training.", **fields):
    fields = {"category": "adult"} | fields
    return operations.receive_concern(by=by, words=words, **fields)


def handled_by(concern) -> set[str]:
    """Asked of everybody, both ways round."""
    one = {
        member.name.split()[0]
        for member in Member.objects.all()
        if Concern.objects.visible_to(member).filter(pk=concern.pk).exists()
    }
    assert one == {member.name.split()[0] for member in safeguarding.handlers(concern)}
    return one


# Who gets it


def test_a_concern_goes_to_the_lead_and_to_nobody_else(
    ada, ben, mo, ruth, lena, bo, ines, as_, north
):
    concern, _code = tell(by=ben)
    assert handled_by(concern) == {"Lena"}
    for person in (ada, ben, mo, ruth):
        assert as_(person).get("/safeguarding/").status_code == 404
    for person in (ada, ben, mo, ruth, bo, ines):
        assert as_(person).get(reverse("concern", args=[concern.pk])).status_code == 404


def everywhere(as_, member, *more: str) -> str:
    """What a handler may read that could tell of a concern."""
    member.forget()
    pages = (
        "/safeguarding/",
        "/safeguarding/?show=closed",
        "/desk/",
        "/notices/",
        "/",
        "/reports/",
    )
    return "".join(as_(member).get(path).content.decode() for path in (*pages, *more))


def test_a_concern_about_the_lead_does_not_exist_for_the_lead(as_, ben, lena, bo, ines, committed):
    """Scenario 15."""
    before = everywhere(as_, lena)
    with committed():
        concern, _code = tell(by=ben, about=lena, words="Zanzibar")
    assert handled_by(concern) == {"Bo"}
    after = everywhere(as_, lena)
    assert "Zanzibar" not in after
    assert len(after) == len(before)
    for path in ("concern", "acknowledge_concern", "step_concern", "note_concern", "close_to"):
        address = reverse(path, args=[concern.pk])
        absent = reverse(path, args=["00000000-0000-4000-8000-000000000000"])
        for ask in (as_(lena).get, as_(lena).post):
            assert ask(address).status_code == ask(absent).status_code
    assert as_(lena).get(reverse("concern", args=[concern.pk])).status_code == 404
    assert safeguarding.due(lena).number == 0
    assert not Notice.objects.filter(member=lena).exists()
    operations.acknowledge_concern(concern, text="", by=bo)
    operations.step_concern(concern, state="investigating", text="Timbuktu", by=bo)
    assert not AuditEntry.objects.filter(action__startswith="safeguarding").exists()
    assert as_(bo).get(reverse("concern", args=[concern.pk])).status_code == 200


@pytest.mark.parametrize("how", ["by name", "by a first name", "by a tick", "as the author"])
def test_whoever_is_named_does_not_get_it(north, ben, lena, bo, how):
    if how == "by name":
        concern, _code = tell(about_words="Lena Brandt")
    elif how == "by a first name":
        concern, _code = tell(words="I told lena, and she laughed.")
    elif how == "by a tick":
        concern, _code = tell(not_to=[lena])
    else:
        factories.belong(lena, north)
        lena.forget()
        item = factories.make_topic(north, by=lena)
        concern, _code = tell(item=item)
    assert handled_by(concern) == {"Bo"}


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("José Núñez", "I told Jose."),
        ("Jose Nunez", "Se lo dije a JOSÉ."),
        ("Jo Holm", "It was jo’s idea."),
        ("Bo Łask", "Ask Lask."),
    ],
)
def test_a_name_is_found_without_its_accents_and_however_short(community, name, words):
    lead = factories.make_member(name, staff="safeguarding")
    assert safeguarding.named_in(words) == {lead.pk}


@pytest.mark.parametrize("words", ["A joke, not a job.", "Es la casa de Ada.", "Nobody knows."])
def test_parts_of_words_and_of_names_are_nobodys_name(community, words):
    factories.make_member("Jo de la Vega", staff="safeguarding")
    assert safeguarding.named_in(words) == set()


@pytest.mark.parametrize("unknown", [True, False])
def test_who_is_named_later_loses_it_before_the_words_are_told(
    as_, ben, lena, bo, unknown, committed
):
    with committed():
        concern, _code = tell(by=None if unknown else ben)
    operations.acknowledge_concern(concern, text="", by=lena)
    OutboxMail.objects.all().delete()
    with committed():
        operations.write_to_handlers(
            concern, text="It was Lena. Zanzibar.", by=None if unknown else ben
        )
    concern.refresh_from_db()
    assert handled_by(concern) == {"Bo"}
    assert concern.handler is None
    assert list(OutboxMail.objects.values_list("to", flat=True)) == [bo.email]
    assert notices.unread_count(lena) == 0
    assert "Zanzibar" not in everywhere(as_, lena)
    assert as_(lena).get(reverse("concern", args=[concern.pk])).status_code == 404
    page = as_(bo).get(reverse("concern", args=[concern.pk])).content.decode()
    assert "It was Lena. Zanzibar." in page


def test_an_administrator_who_is_named_loses_it_only_to_another(ben, ines):
    concern, _code = tell(by=ben)
    operations.write_to_handlers(concern, text="Ines was there.", by=ben)
    assert handled_by(concern) == {"Ines"}
    factories.make_member("Olu Bello", staff="admin")
    operations.write_to_handlers(concern, text="Ines was there.", by=ben)
    assert handled_by(concern) == {"Olu"}


def test_whoever_keeps_apart_from_somebody_concerned_does_not_get_it(ben, cleo, lena, bo):
    people.block(ben, by=lena)
    lena.forget()
    concern, _code = tell(by=cleo, about=ben)
    assert handled_by(concern) == {"Bo"}


def test_about_lead_and_bypass_person_it_goes_to_an_administrator(ben, lena, bo, ines):
    concern, _code = tell(about=lena, not_to=[bo])
    assert handled_by(concern) == {"Ines"}


def test_without_anybody_in_the_role_it_goes_to_an_administrator(ben, ines):
    concern, _code = tell(by=ben)
    assert handled_by(concern) == {"Ines"}


def test_a_second_lead_does_not_hear_of_a_concern_about_the_first(ben, lena, bo):
    factories.make_member("Kai Holm", staff="safeguarding")
    concern, _code = tell(by=ben, about=lena)
    assert handled_by(concern) == {"Bo"}


def test_who_turns_out_to_be_connected_loses_it_with_its_notices(as_, ben, lena, bo, committed):
    with committed():
        concern, _code = tell(by=ben)
    lena.forget()
    assert notices.unread_count(lena) == 1
    with committed():
        concern = operations.close_to(concern, person=lena, by=lena)
    assert handled_by(concern) == {"Bo"}
    lena.forget()
    assert notices.unread_count(lena) == 0
    assert not Activity.objects.filter(notices__member=lena).exists()
    with pytest.raises(Refused):
        operations.note_concern(concern, text="Still here.", by=lena)
    assert notices.unread_count(bo) == 1


def test_a_role_that_ends_takes_everything_along(as_, ben, lena, committed):
    with committed():
        concern, _code = tell(by=ben)
    StaffRole.objects.filter(member=lena).delete()
    lena.forget()
    assert handled_by(concern) == set()
    assert notices.unread_count(lena) == 0
    assert as_(lena).get("/safeguarding/").status_code == 404


def test_handlers_get_a_mail_that_says_nothing_but_that(ben, lena, bo):
    tell(by=ben, about=lena, words="Zanzibar")
    mail = OutboxMail.objects.get()
    assert mail.to == bo.email
    for word in ("Zanzibar", "Lena", "Ben"):
        assert word not in mail.subject + mail.body_text + mail.body_html


# What becomes of it


def test_the_first_answer_is_due_within_a_day(ben, lena):
    concern, _code = tell(by=ben)
    assert concern.acknowledge_by - concern.created_at <= timedelta(hours=24, seconds=1)
    due = safeguarding.due(lena)
    assert (due.number, due.late) == (1, False)
    Concern.objects.update(acknowledge_by=timezone.now() - timedelta(minutes=1))
    assert safeguarding.due(lena).late
    operations.acknowledge_concern(concern, text="", by=lena)
    assert safeguarding.due(lena).number == 0
    concern.refresh_from_db()
    assert (concern.state, concern.handler) == (Concern.State.TRIAGED, lena)


def test_it_goes_step_by_step(ben, lena):
    concern, _code = tell(by=ben)
    operations.acknowledge_concern(concern, text="", by=lena)
    with pytest.raises(Refused):
        operations.step_concern(concern, state="closed", text="x", by=lena)
    with pytest.raises(Refused):
        operations.step_concern(concern, state="investigating", text=" ", by=lena)
    for state in ("immediate_action", "investigating", "outcome", "closed"):
        operations.step_concern(concern, state=state, text="Because.", by=lena)
    concern.refresh_from_db()
    assert concern.closed_at is not None
    operations.write_to_handlers(concern, text="I do not agree.", by=ben)
    concern.refresh_from_db()
    assert (concern.state, concern.closed_at) == (Concern.State.APPEAL, None)


def test_notes_and_names_never_reach_who_told_of_it(as_, ben, lena):
    concern, _code = tell(by=ben)
    operations.note_concern(concern, text="Zanzibar", by=lena)
    operations.refer_concern(concern, to="Timbuktu", text="All of it", by=lena)
    operations.answer_reporter(concern, text="We look at it today.", by=lena)
    page = as_(ben).get(reverse("my_concern", args=[concern.pk])).content.decode()
    assert "We look at it today." in page
    for word in ("Zanzibar", "Timbuktu", "Lena"):
        assert word not in page


def test_leads_write_down_what_they_did_without_whom_it_is_about(ben, cleo, lena):
    concern, _code = tell(by=ben, about=cleo)
    operations.acknowledge_concern(concern, text="", by=lena)
    entry = AuditEntry.objects.get(action="safeguarding.acknowledged")
    assert (entry.by_id, entry.person_id, entry.item_id, entry.data) == (lena.pk, None, None, {})


def test_concerns_are_forgotten_three_years_after_they_were_closed(ben, lena):
    concern, _code = tell(by=ben)
    operations.acknowledge_concern(concern, text="", by=lena)
    for state in ("outcome", "closed"):
        operations.step_concern(concern, state=state, text="Because.", by=lena)
    assert operations.sweep_concerns() == 0
    Concern.objects.update(closed_at=timezone.now() - timedelta(days=3 * 365 + 1))
    assert operations.sweep_concerns() == 1
    assert not ConcernEntry.objects.exists()


# Staying unknown


def test_a_visitor_tells_of_it_and_comes_back_with_the_code(as_, lena):
    visitor = as_(None)
    page = visitor.get("/safeguarding/report/")
    assert "Call the emergency services first" in page.content.decode()
    answer = visitor.post(
        "/safeguarding/report/",
        {"category": "danger", "words": "He said he would come back tonight.", "about_words": ""},
    )
    code = answer.context["code"]
    assert len(code) >= 32  # 192 bits
    assert code in answer.content.decode()
    concern = Concern.objects.get()
    assert concern.reporter is None
    assert code not in str(list(Concern.objects.values())) + str(dict(visitor.session))
    operations.answer_reporter(concern, text="Are you safe now?", by=lena)
    page = as_(None).post("/safeguarding/code/", {"code": code}).content.decode()
    assert "Are you safe now?" in page
    assert "Lena" not in page
    as_(None).post("/safeguarding/code/", {"code": code, "text": "Yes, at my sister’s."})
    assert "my sister’s" in as_(lena).get(reverse("concern", args=[concern.pk])).content.decode()


def test_a_wrong_code_opens_nothing(as_, ben, lena):
    tell(by=ben)
    for code in ("", "x", "0" * 32):
        answer = as_(None).post("/safeguarding/code/", {"code": code})
        assert answer.status_code == 422


def test_guessing_codes_is_stopped(as_, lena):
    tell()
    from django.core.cache import cache

    cache.clear()
    for _n in range(31):
        answer = as_(None).post("/safeguarding/code/", {"code": "a" * 32})
    assert "That was a lot at once." in answer.content.decode()
    cache.clear()


def test_a_member_who_stays_unknown_is_known_to_nobody(as_, ben, lena):
    answer = as_(ben).post(
        "/safeguarding/report/",
        {"category": "welfare", "words": "He eats nothing.", "who": "nobody"},
    )
    assert answer.status_code == 200
    concern = Concern.objects.get()
    assert concern.reporter is None
    assert not Activity.objects.filter(actor=ben).exclude(verb="spaces.joined").exists()
    page = as_(lena).get(reverse("concern", args=[concern.pk])).content.decode()
    assert "Ben" not in page.partition("<main")[2]
    assert "eats nothing" not in as_(ben).get("/reports/").content.decode()


def test_a_member_by_name_follows_it(as_, ben, lena, cleo):
    answer = as_(ben).post(
        f"/safeguarding/report/?about={cleo.pk}",
        {"category": "welfare", "words": "She eats nothing.", "who": "me"},
    )
    concern = Concern.objects.get()
    assert answer["Location"] == reverse("my_concern", args=[concern.pk])
    assert (concern.about, concern.reporter) == (cleo, ben)
    for person in (cleo, lena, None):
        assert as_(person).get(answer["Location"]).status_code in (302, 404)
        assert "eats" not in as_(person).get(answer["Location"]).content.decode()


def test_an_item_one_cannot_read_is_no_item(as_, ada, lena):
    secret = factories.make_space("Owls", steward=ada, openness="secret")
    ada.forget()
    topic = factories.make_topic(secret, by=ada, title="Kestrel", text="Harrier")
    as_(None).post(
        f"/safeguarding/report/?item={topic.pk}&about={ada.pk}",
        {"category": "adult", "words": "Look."},
    )
    concern = Concern.objects.get()
    assert (concern.item, concern.about, concern.snapshot) == (None, None, {})


def test_nothing_of_it_is_in_the_admin():
    from django.contrib import admin

    models = {model.__name__ for model in admin.site._registry}
    assert not models & {"Concern", "ConcernEntry", "ConcernParty"}


def test_the_list_asks_the_same_with_two_and_with_twelve(as_, ben, lena, queries):
    asked = []
    for number in (2, 10):
        for _n in range(number):
            tell(about=factories.make_member())
        client = as_(lena)
        client.get("/safeguarding/")
        with queries() as found:
            assert client.get("/safeguarding/").status_code == 200
        asked.append(len(found))
    assert asked[0] == asked[1] <= 15
