"""My record shows a person everything that is held about them, and nobody else."""

from __future__ import annotations

import html
from datetime import timedelta

import pytest
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from community import audit, bases, personal, record
from community.models import AuditEntry, Notice, RightsRequest, StaffRole
from community.operations import leaving, reports, sanctions
from community.operations import rights as operations
from community.policies import Refused
from tests import factories
from tests.community.everything import make_everything

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_shelves")]


@pytest.fixture
def lead(community):
    return factories.make_member("Dana Lead", staff=StaffRole.Role.DATA_PROTECTION)


def test_everything_that_is_held_is_shown_and_counted(community, as_):
    found = make_everything()
    shown = record.of(found.member)
    lines = [line for shelf in shown.shelves for line in shelf.lines]
    named = {line.holding.name for line in lines}
    hidden = {one.name for one in personal.holdings() if one.hidden}
    assert named == {one.name for one in personal.holdings()} - hidden
    assert shown.nothing == []
    for line in lines:
        assert line.count == line.holding.of(found.member).count(), line.holding.name
    page = as_(found.member).get(reverse("record"))
    assert page.status_code == 200
    said = html.unescape(page.content.decode())
    for line in lines:
        assert str(line.holding.purpose) in said
    assert not [word for word in found.foreign if word in said]


def test_it_says_by_which_law_it_is_held_since_when_and_what_shows_it(ada, ben, ruth, as_):
    from community.operations import status

    shown = record.of(ben).rests_on
    assert {one.basis.name for one in shown} <= set(bases.BASES)
    belonging = shown[0]
    assert (belonging.basis.article_6, belonging.basis.article_9) == ("6(1)(b)", "9(2)(d)")
    assert belonging.since == ben.joined_at
    assert "in contact" in str(belonging.evidence)
    assert sum(one.count for one in shown) == sum(
        line.count for shelf in record.of(ben).shelves for line in shelf.lines
    )
    day = timezone.localdate() - timedelta(days=30)
    status.change_status(ben, to="member", reason="Paid her dues.", on=day, by=ruth)
    belonging = record.of(ben).rests_on[0]
    assert (belonging.since, belonging.evidence) == (day, "Member")
    page = html.unescape(as_(ben).get(reverse("record")).content.decode())
    assert "9(2)(d)" in page
    assert str(belonging.basis.words) in page


def test_whoever_blocked_them_is_not_even_counted(ben, ada, as_):
    from community.operations import people

    people.block(ben, by=ada)
    page = as_(ben).get(reverse("record")).content.decode()
    assert "People who blocked you" not in page


def test_it_costs_the_same_for_much_and_for_little(ben, ada, north, as_, queries):
    client = as_(ben)
    client.get(reverse("record"))
    with queries() as little:
        client.get(reverse("record"))
    for _number in range(12):
        factories.make_topic(north, by=ben)
        _look(ada, ben)
    with queries() as much:
        client.get(reverse("record"))
    assert len(much) <= len(little) + 2
    assert len(much) <= 15


def _look(by, person) -> None:
    with transaction.atomic():
        audit.record("admin.opened_person", by=by, person=person, reason="A question of theirs")


def test_who_looked_is_told_by_role(ben, as_):
    admin = factories.make_member("Curious Admin", staff=StaffRole.Role.ADMIN)
    _look(admin, ben)
    page = as_(ben).get(reverse("record")).content.decode()
    assert "Administrator" in page
    assert "A question of theirs" in page
    assert "Nobody with a special role" in as_(admin).get(reverse("record")).content.decode()


def test_what_we_hold_is_open_to_everybody(community, as_):
    page = as_(None).get(reverse("what_we_hold"))
    assert page.status_code == 200
    assert "What we hold about people" in page.content.decode()
    for holding in personal.holdings():
        assert str(holding.label) in html.unescape(page.content.decode())


# Questions


def test_a_question_reaches_the_lead_and_comes_back_answered(ben, lead, as_, committed):
    with committed():
        answer = as_(ben).post(reverse("record_ask"), {"what": "question", "text": "Why my area?"})
    assert answer["Location"] == reverse("record")
    asked = RightsRequest.objects.get()
    assert asked.due_at - asked.created_at == timedelta(days=30)
    assert Notice.objects.get(member=lead).activity.verb == "rights.asked"
    desk = as_(lead).get(reverse("rights_desk")).content.decode()
    assert "Why my area?" in desk
    assert as_(lead).get(reverse("rights_request", args=[asked.pk])).status_code == 200
    with committed():
        done = as_(lead).post(
            reverse("rights_request", args=[asked.pk]),
            {"answer": "So that neighbours find you.", "granted": "yes"},
        )
    assert done.status_code == 302
    assert Notice.objects.filter(member=ben, activity__verb="rights.answered").exists()
    assert "So that neighbours find you." in as_(ben).get(reverse("record")).content.decode()


def test_without_a_lead_administrators_are_told(ben, committed):
    admin = factories.make_member("Only Admin", staff=StaffRole.Role.ADMIN)
    with committed():
        factories.make_question(ben)
    assert Notice.objects.filter(member=admin, activity__verb="rights.asked").exists()


def test_the_desk_is_for_those_who_guard_data(ben, ada, mo, ruth, lead, as_):
    asked = factories.make_question(ben)
    for somebody in (ben, ada, mo, ruth):
        assert as_(somebody).get(reverse("rights_desk")).status_code == 404
        assert as_(somebody).get(reverse("rights_request", args=[asked.pk])).status_code == 404
    for address in ("rights_desk", "legal_holds", "desk"):
        assert as_(lead).get(reverse(address)).status_code == 200


def test_the_desk_costs_the_same_with_2_and_with_12(lead, as_, queries):
    client = as_(lead)
    lists = ("/desk/rights/", "/desk/rights/?show=answered", "/desk/rights/holds/")
    counted = []
    for people in (2, 10):
        for _number in range(people):
            member = factories.make_member()
            factories.make_question(member)
            answered = factories.make_question(member)
            operations.answer_request(answered, by=lead, answer="Here you are.")
            leaving.place_hold(member, by=lead, reason="Court")
        for address in lists:
            client.get(address)
            with queries() as asked:
                assert client.get(address).status_code == 200
            counted.append(len(asked))
    assert counted[:3] == counted[3:]
    assert max(counted) <= 15


def test_a_question_that_waited_too_long_is_marked(ben, lead, as_):
    asked = factories.make_question(ben)
    RightsRequest.objects.filter(pk=asked.pk).update(due_at=timezone.now() - timedelta(days=1))
    assert "overdue" in as_(lead).get(reverse("rights_desk")).content.decode()
    assert "overdue" in as_(lead).get(reverse("desk")).content.decode()


def test_nobody_answers_their_own_question(lead):
    asked = factories.make_question(lead)
    with pytest.raises(Refused, match="Somebody else"):
        operations.answer_request(asked, by=lead, answer="Fine")


def test_an_answer_is_given_once_and_says_something(ben, lead):
    asked = factories.make_question(ben)
    with pytest.raises(Refused, match="Write what you did"):
        operations.answer_request(asked, by=lead, answer=" ")
    operations.answer_request(asked, by=lead, answer="Here you are.")
    with pytest.raises(Refused, match="answered"):
        operations.answer_request(asked, by=lead, answer="Again")


def test_questions_do_not_pile_up(ben):
    for _number in range(operations.MOST_OPEN_QUESTIONS):
        factories.make_question(ben)
    with pytest.raises(Refused, match="Wait for an answer"):
        factories.make_question(ben)


def test_the_lead_erases_who_asks_for_it(ben, lead, as_, committed):
    asked = factories.make_question(ben, what="erase", text="")
    client = as_(lead)
    page = client.get(reverse("rights_request", args=[asked.pk])).content.decode()
    assert "Erase Ben Castillo" in page
    address = reverse("erase_person", args=[asked.pk])
    assert client.post(address, {"reason": ""}).status_code == 422
    with committed():
        assert client.post(address, {"reason": "Asked in writing"}).status_code == 302
    ben.refresh_from_db()
    assert (ben.is_active, ben.name) == (False, "")


def test_other_questions_are_no_reason_to_erase(ben, lead, as_):
    asked = factories.make_question(ben)
    address = reverse("erase_person", args=[asked.pk])
    assert as_(lead).post(address, {"reason": "Because"}).status_code == 404


def test_a_hold_is_placed_seen_and_lifted(ben, lead, as_):
    client = as_(lead)
    nobody = client.post(reverse("legal_holds"), {"who": "nobody", "reason": "Court"})
    assert nobody.status_code == 422
    client.post(reverse("legal_holds"), {"who": "@ben-castillo", "reason": "Court 7/26"})
    hold = ben.holds.get()
    assert "Court 7/26" in client.get(reverse("legal_holds")).content.decode()
    assert "keeps anything about you" in as_(ben).get(reverse("record")).content.decode()
    assert "Court 7/26" not in as_(ben).get(reverse("record")).content.decode()
    client.post(reverse("lift_hold", args=[hold.pk]), {"reason": "Closed"})
    hold.refresh_from_db()
    assert hold.lifted_at is not None
    assert client.post(reverse("lift_hold", args=[hold.pk]), {"reason": "x"}).status_code == 404
    assert leaving.erase_due() == 0


# Who looked


def _looks(member) -> list[str]:
    return [str(line.label) for line in audit.told_to(member, list(audit.looks_at(member)))]


def test_who_opened_where_one_stands_is_told_with_name_and_office(ben, ruth, as_):
    page = reverse("desk_member", args=[ben.pk])
    for _time in range(2):
        assert as_(ruth).get(page).status_code == 200
    assert _looks(ben) == ["Opened where a person stands as a member"]
    said = as_(ben).get(reverse("record")).content.decode()
    assert "Ruth Ortega" in said
    assert "Steward" in said
    assert "Nobody with a special role" not in said
    as_(ruth).get(reverse("desk_member", args=[ruth.pk]))
    assert not audit.looks_at(ruth).exists()


def test_a_look_an_hour_later_is_another(ben, ruth, as_, monkeypatch):
    page = reverse("desk_member", args=[ben.pk])
    as_(ruth).get(page)
    later = timezone.now() + timedelta(minutes=61)
    monkeypatch.setattr("community.operations.staff.now", lambda: later)
    as_(ruth).get(page)
    assert audit.looks_at(ben).count() == 2


@pytest.mark.parametrize("name", ["sanctioned_person", "invitation_branch"])
def test_what_moderators_opened_is_told_after_a_measure_and_by_office_only(ben, mo, as_, name):
    assert as_(mo).get(reverse(name, args=[ben.pk])).status_code == 200
    assert AuditEntry.objects.filter(action="moderation.opened_person").count() == 1
    assert _looks(ben) == []
    assert not AuditEntry.objects.visible_to(ben).exists()
    sanctions.warn(ben, by=mo, rule=factories.make_rule(), reason="Insults.")
    assert _looks(ben) == ["Opened what moderators see of a person"]
    said = as_(ben).get(reverse("record")).content.decode()
    assert "Moderator" in said
    assert mo.display_name not in said


def test_a_look_does_not_give_a_case_away(ben, ada, mo, north, as_):
    topic = factories.make_topic(north, by=ben)
    case = reports.report_item(topic, by=ada, words="Not kind.").case
    assert as_(mo).get(reverse("case", args=[case.pk])).status_code == 200
    before = as_(ben).get(reverse("record")).content
    assert _looks(ben) == []
    StaffRole.objects.create(member=ben, role=StaffRole.Role.ADMIN)
    ben.forget()
    looks = AuditEntry.objects.visible_to(ben).filter(action="moderation.opened_person")
    assert not looks.exists()
    assert b"is written down here" in before
    long_ago = timezone.now() - audit.HELD_BACK - timedelta(days=1)
    with transaction.atomic():
        AuditEntry.objects.create(
            action="moderation.opened_person", by_id=mo.pk, person_id=ben.pk, at=long_ago
        )
    assert _looks(ben) == []
    type(case).objects.filter(pk=case.pk).update(state="decided")
    assert _looks(ben) == ["Opened what moderators see of a person"]
