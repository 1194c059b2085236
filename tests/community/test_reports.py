"""Anybody may say that something is wrong, once each; who said it stays between them and
moderators."""

from __future__ import annotations

import pytest
from django.urls import reverse

from community import moderation
from community.models import Case, Notice, Openness, Report, Ring, Rule
from community.operations import moderation as decisions
from community.operations import people, reports, writing
from community.policies import Refused
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def rule(community):
    return Rule.objects.create(title="No private details", text="Not of others, without a yes.")


@pytest.fixture
def topic(north, ben):
    return factories.make_topic(north, by=ben, title="Where Tom lives", text="He lives at 4 Elm.")


def report(thing, *, by, rule=None, words="Look at this.", **fields):
    from community.models import Item, Member

    operation = reports.report_group
    if isinstance(thing, Item):
        operation = reports.report_item
    elif isinstance(thing, Member):
        operation = reports.report_person
    by.forget()
    return operation(thing, by=by, rule=rule, words=words, **fields)


def test_two_reports_of_one_thing_join_one_case(topic, fay, cleo, rule):
    one, other = report(topic, by=fay, rule=rule), report(topic, by=cleo)
    assert one.case == other.case
    assert one.case.reports.count() == 2


def test_reporting_again_changes_the_report_and_adds_none(topic, fay, rule):
    report(topic, by=fay, words="First.")
    again = report(topic, by=fay, rule=rule, words="Second.")
    assert (again.words, again.rule) == ("Second.", rule)
    assert Report.objects.count() == 1


def test_what_was_reported_is_kept_as_it_was(topic, ben, fay):
    report(topic, by=fay)
    writing.set_text(topic, "Something harmless.")
    assert Report.objects.get().snapshot == {
        "title": "Where Tom lives",
        "text": "He lives at 4 Elm.",
    }


def test_a_new_report_after_the_decision_opens_a_new_case(topic, fay, cleo, mo):
    first = report(topic, by=fay).case
    decisions.keep_reported(first, reason="It breaks no rule.", by=mo)
    assert report(topic, by=cleo).case != first


def test_people_and_groups_can_be_reported(north, ben, cleo):
    assert report(ben, by=cleo).case.what == "person"
    assert report(north, by=cleo).case.what == "group"


def test_nobody_reports_themselves_or_their_own_words(topic, ben):
    for thing in (topic, ben):
        with pytest.raises(Refused):
            report(thing, by=ben)


def test_the_page_shows_what_is_reported_in_words_not_in_marks(as_, north, ben, fay):
    topic = factories.make_topic(north, by=ben, title="Doors", text="**Before:** nobody *shouted*.")
    page = as_(fay).get(reverse("report_item", args=[topic.pk])).content.decode()
    assert "Before: nobody shouted." in page


def test_a_report_says_which_rule_or_why_in_words(topic, fay):
    with pytest.raises(Refused):
        report(topic, by=fay, words="  ")


def test_what_one_cannot_read_one_cannot_report(as_, ada, mo, cleo):
    secret = factories.make_space("Hidden", steward=ada, openness=Openness.SECRET)
    ada.forget()
    topic = factories.make_topic(secret, by=ada)
    for path in (
        reverse("report_item", args=[topic.pk]),
        reverse("report_group", args=[secret.slug]),
        reverse("report_item", args=[987654]),
    ):
        for person in (cleo, mo):
            assert as_(person).get(path).status_code == 404
            assert as_(person).post(path, {"rule": "other", "words": "x"}).status_code == 404
    assert not Case.objects.exists()


def test_somebody_whom_one_blocked_can_still_be_reported(as_, ben, cleo):
    people.block(ben, by=cleo)
    path = reverse("report_person", args=[ben.pk])
    assert as_(cleo).get(path).status_code == 200
    answer = as_(cleo).post(path, {"rule": "other", "wish": "protect", "words": "He threatens me."})
    assert answer.status_code == 302
    assert Case.objects.get().person == ben


def test_the_form_works_without_scripts_and_keeps_what_was_typed(as_, topic, fay, rule):
    path = reverse("report_item", args=[topic.pk])
    answer = as_(fay).post(path, {"rule": "other", "wish": "hide", "words": ""})
    assert answer.status_code == 422
    answer = as_(fay).post(path, {"rule": rule.pk, "wish": "talk", "words": "It is his address."})
    made = Report.objects.get()
    assert answer["Location"] == reverse("report", args=[made.pk])
    assert (made.wish, made.words, made.rule) == ("talk", "It is his address.", rule)


def test_the_reporter_follows_it_under_my_reports(as_, topic, fay, mo, rule):
    made = report(topic, by=fay, rule=rule)
    page = as_(fay).get(reverse("reports")).content.decode()
    assert "Where Tom lives" in page
    assert "waits for somebody" in page
    decisions.keep_reported(made.case, reason="He asked for it himself.", by=mo)
    page = as_(fay).get(reverse("report", args=[made.pk])).content.decode()
    assert "He asked for it himself." in page
    assert "Mo Haddad" not in page


def test_a_report_is_its_reporters_alone(as_, topic, fay, cleo, ben, ada, mo):
    made = report(topic, by=fay)
    for person in (cleo, ben, ada, mo):
        assert as_(person).get(reverse("report", args=[made.pk])).status_code == 404


def test_the_person_reported_sees_nothing_of_it(as_, topic, fay, ben, committed):
    with committed():
        made = report(topic, by=fay, words="Zanzibar")
    assert not Notice.objects.filter(member=ben).exists()
    for path in ("/reports/", "/notices/", "/", f"/topics/{topic.pk}/", "/me/"):
        page = as_(ben).get(path).content.decode()
        assert "Zanzibar" not in page
        assert "eported" not in page.replace("What you reported", "").replace(
            "You have reported nothing", ""
        ), path
    assert as_(ben).get(reverse("case", args=[made.case_id])).status_code == 404


def test_stewards_and_moderators_hear_of_it_but_no_party(topic, fay, ben, ada, mo, cleo, committed):
    with committed():
        report(topic, by=fay)
    assert set(Notice.objects.values_list("member", flat=True)) == {ada.pk, mo.pk}


def test_reporters_hear_of_the_decision(topic, fay, cleo, ben, mo, committed):
    case = report(topic, by=fay).case
    report(topic, by=cleo)
    with committed():
        decisions.keep_reported(case, reason="It breaks no rule.", by=mo)
    told = Notice.objects.filter(activity__verb="reports.answered")
    assert set(told.values_list("member", flat=True)) == {fay.pk, cleo.pk}


def test_reports_of_a_picture_keep_which(as_, north, ben, fay, own_shelves):
    from django.core.files.uploadedfile import SimpleUploadedFile

    from community.operations import media

    file = SimpleUploadedFile("tom.png", factories.picture(), content_type="image/png")
    picture = media.store_upload(file, purpose="attachment", by=ben)
    topic = factories.make_topic(north, by=ben)
    writing.set_text(topic, "Look", media=[picture.token])
    path = reverse("report_item", args=[topic.pk])
    as_(fay).post(
        path, {"rule": "other", "wish": "hide", "words": "It is me", "medium": picture.token}
    )
    assert Report.objects.get().medium == picture


def test_words_are_no_longer_kept_a_year_after_the_case_was_closed(topic, fay, mo):
    from datetime import timedelta

    from django.utils import timezone

    made = report(topic, by=fay, words="Zanzibar")
    decisions.keep_reported(made.case, reason="Fine.", by=mo)
    Case.objects.update(decided_at=timezone.now() - timedelta(days=40))
    assert decisions.sweep_cases() == 1
    assert decisions.sweep_evidence() == 0
    Case.objects.update(decided_at=timezone.now() - timedelta(days=366))
    assert decisions.sweep_evidence() == 1
    made.refresh_from_db()
    assert (made.snapshot, made.words) == ({}, "")
    assert moderation.mine(fay).count() == 1


def test_stewards_of_a_reported_group_decide_nothing_about_it(north, ada, cleo, mo):
    case = report(north, by=cleo).case
    assert mo in moderation.deciders(case)
    assert not moderation.party(mo, case)
    factories.belong(mo, north, ring=Ring.STEWARD)
    mo.forget()
    assert "that you hold" in str(moderation.party(mo, case))
    assert mo not in moderation.deciders(case)
    assert not moderation.can_decide(mo, case)
