"""Hiding takes a thing away everywhere and brings it back exactly; nobody decides as a party."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from community import case_queue, keyset, moderation, notices, shown
from community.models import (
    AuditEntry,
    Case,
    Item,
    Measure,
    MeasureAppeal,
    Member,
    Notice,
    Openness,
    Ring,
    Rule,
    Space,
)
from community.operations import measure_appeals, people, reading, rules, sanctions, writing
from community.operations import moderation as operations
from community.operations.reports import report_item, report_person
from community.policies import Refused
from tests import factories
from tests.community.test_reports import report

pytestmark = pytest.mark.django_db


@pytest.fixture
def rule(community):
    return Rule.objects.create(title="No private details", text="Not of others, without a yes.")


@pytest.fixture
def noor(community):
    """A second moderator."""
    return factories.make_member("Noor Vega", staff="moderator")


@pytest.fixture
def topic(north, ben):
    return factories.make_topic(north, by=ben, title="Where Tom lives", text="He lives at 4 Elm.")


@pytest.fixture
def answer(topic, ada):
    return factories.make_comment(topic, by=ada, text="Number 4, with the red door.")


def hide(case, *, by, rule, reason="It is his address."):
    return operations.hide_reported(case, rule=rule, reason=reason, by=by)


def sees(member, item) -> bool:
    member.forget()
    return Item.objects.visible_to(member).filter(pk=item.pk).exists()


# Hiding and showing again


def test_what_is_hidden_is_gone_for_all_with_its_answers(topic, answer, fay, ada, cleo, mo, rule):
    hide(report(topic, by=fay).case, by=mo, rule=rule)
    for person in (fay, ada, cleo, mo):
        assert not sees(person, topic)
        assert not sees(person, answer)


def test_it_comes_back_exactly_as_it_was(topic, answer, fay, ada, mo, rule):
    gone = factories.make_comment(topic, by=ada, text="Gone before.")
    writing.delete_item(gone, by=ada)
    before = sorted(Item.objects.values_list("pk", "hidden_at", "deleted_at", "comment_count"))
    measure = hide(report(topic, by=fay).case, by=mo, rule=rule)
    operations.lift_measure(measure, reason="He agreed to it.", by=mo)
    after = sorted(Item.objects.values_list("pk", "hidden_at", "deleted_at", "comment_count"))
    assert after == before


def test_a_hidden_answer_is_counted_no_more_and_counted_again(topic, answer, fay, mo, rule):
    case = report(answer, by=fay).case
    measure = hide(case, by=mo, rule=rule)
    assert Item.objects.get(pk=topic.pk).comment_count == 0
    operations.lift_measure(measure, reason="No.", by=mo)
    assert Item.objects.get(pk=topic.pk).comment_count == 1


def test_an_answer_hidden_for_itself_stays_hidden_when_its_topic_comes_back(
    topic, answer, fay, cleo, mo, rule
):
    of_topic = hide(report(topic, by=fay).case, by=mo, rule=rule)
    case = Case.objects.create(item_id=answer.pk, person=answer.author, what=answer.kind)
    of_answer = hide(case, by=mo, rule=rule)
    operations.lift_measure(of_topic, reason="No.", by=mo)
    assert sees(fay, topic)
    assert not sees(fay, answer)
    operations.lift_measure(of_answer, reason="No.", by=mo)
    assert sees(fay, answer)


def test_an_answer_shown_again_waits_for_its_topic(topic, answer, fay, mo, rule):
    of_answer = hide(report(answer, by=fay).case, by=mo, rule=rule)
    of_topic = hide(report(topic, by=fay).case, by=mo, rule=rule)
    operations.lift_measure(of_answer, reason="No.", by=mo)
    assert not sees(fay, answer)
    operations.lift_measure(of_topic, reason="No.", by=mo)
    assert sees(fay, answer)
    assert sees(fay, topic)
    assert Item.objects.get(pk=topic.pk).comment_count == 1


def test_what_its_author_deleted_stays_deleted_and_can_be_undone_after(
    topic, answer, fay, ben, mo, rule
):
    case = report(topic, by=fay).case
    measure = hide(case, by=mo, rule=rule)
    ben.forget()
    writing.delete_item(topic, by=ben)
    with pytest.raises(Refused):
        writing.restore_item(topic, by=ben)
    operations.lift_measure(measure, reason="No.", by=mo)
    assert not sees(fay, topic)
    assert not sees(fay, answer)
    writing.restore_item(topic, by=ben)
    assert sees(fay, topic)
    assert sees(fay, answer)


def test_a_hidden_post_can_be_neither_answered_nor_changed(topic, fay, ada, ben, mo, rule):
    from community.operations import comments
    from groups.operations import topics

    hide(report(topic, by=fay).case, by=mo, rule=rule)
    for person in (ada, ben):
        person.forget()
    with pytest.raises(Refused):
        comments.post_comment(topic, text="Still here?", by=ada)
    with pytest.raises(Refused):
        topics.edit_topic(topic, title="Other", text="Words", by=ben)


def test_what_is_hidden_is_in_no_list_any_more(as_, topic, answer, fay, ada, mo, rule, committed):
    with committed():
        reading.bookmark(topic, by=fay)
        reading.bookmark(topic, by=ada)
    hide(report(topic, by=fay).case, by=mo, rule=rule)
    for path in ("/", "/bookmarks/", "/notices/", "/groups/north-side/", "/search/?q=Tom"):
        page = as_(ada).get(path).content.decode()
        assert "Where Tom lives" not in page, path
    ada.forget()
    assert (
        notices.unread_count(ada)
        == Notice.objects.filter(member=ada, activity__verb="reports.opened").count()
    )
    assert shown.briefs(ada, [topic.pk]) == {}


# Its author


def test_the_author_reads_rule_and_reason_and_may_appeal(as_, topic, fay, ben, mo, rule, committed):
    with committed():
        measure = hide(report(topic, by=fay).case, by=mo, rule=rule)
    answer = as_(ben).get(f"/topics/{topic.pk}/")
    assert answer["Location"] == reverse("decision", args=[measure.pk])
    page = as_(ben).get(answer["Location"]).content.decode()
    for said in ("No private details", "It is his address.", "He lives at 4 Elm."):
        assert said in page
    assert "Mo Haddad" not in page
    assert "Fay" not in page
    assert Notice.objects.filter(member=ben, activity__verb="moderation.hid").exists()
    assert "hidden" in as_(ben).get("/notices/").content.decode()


def test_for_others_the_hidden_post_is_what_never_was(as_, topic, fay, ada, mo, rule):
    measure = hide(report(topic, by=fay).case, by=mo, rule=rule)
    for person in (fay, ada, mo, None):
        one = as_(person).get(f"/topics/{topic.pk}/")
        other = as_(person).get("/topics/987654/")
        assert one.status_code == other.status_code == 404
    for person in (fay, ada, mo):
        assert as_(person).get(reverse("decision", args=[measure.pk])).status_code == 404


def test_hidden_in_a_hurry_comes_back_after_72_hours(topic, fay, mo):
    measure = operations.hide_for_review(report(topic, by=fay).case, by=mo)
    assert not sees(fay, topic)
    assert operations.sweep_reviews() == 0
    Measure.objects.filter(pk=measure.pk).update(ends_at=timezone.now() - timedelta(seconds=1))
    assert operations.sweep_reviews() == 1
    assert sees(fay, topic)
    assert Case.objects.get().is_open


def test_hidden_in_a_hurry_and_decided_stays(topic, fay, mo, rule):
    case = report(topic, by=fay).case
    one = operations.hide_for_review(case, by=mo)
    other = hide(case, by=mo, rule=rule)
    assert one == other
    other.refresh_from_db()
    assert (other.is_review, other.ends_at, other.rule) == (False, None, rule)
    assert operations.sweep_reviews() == 0


def test_hidden_in_a_hurry_it_is_hidden_so_once_and_decided_then(as_, topic, fay, mo, noor, rule):
    case = report(topic, by=fay).case
    for _n in range(2):  # while it is hidden, hiding it again changes nothing
        measure = operations.hide_for_review(case, by=mo)
    Measure.objects.filter(pk=measure.pk).update(ends_at=timezone.now() - timedelta(seconds=1))
    operations.sweep_reviews()
    for person in (mo, noor):
        with pytest.raises(Refused, match="Now it is decided"):
            operations.hide_for_review(case, by=person)
    page = as_(mo).get(reverse("case", args=[case.pk])).content.decode()
    assert "Hide it now, look closer after" not in page
    noor.forget()
    assert not moderation.can_hide_at_once(noor, topic)
    operations.keep_reported(case, reason="Fine.", by=noor)
    again = report(topic, by=fay).case
    with pytest.raises(Refused):
        operations.hide_for_review(again, by=mo)
    assert operations.hide_for_review(again, by=noor)


def test_what_was_hidden_in_a_hurry_is_appealed_from_its_decision_on(topic, ben, fay, mo, rule):
    case = report(topic, by=fay).case
    operations.hide_for_review(case, by=mo)
    Measure.objects.update(created_at=timezone.now() - timedelta(days=31))
    measure = hide(case, by=mo, rule=rule)
    assert moderation.can_appeal(ben, measure)


def test_left_as_it_is_brings_back_what_was_hidden_in_a_hurry(topic, fay, mo):
    case = report(topic, by=fay).case
    operations.hide_for_review(case, by=mo)
    operations.keep_reported(case, reason="It is public anyway.", by=mo)
    assert sees(fay, topic)


def test_the_picture_of_a_person_goes_and_comes_back(ben, cleo, mo, rule, own_shelves):
    from django.core.files.uploadedfile import SimpleUploadedFile

    from community.models import Media
    from community.operations import media

    file = SimpleUploadedFile("face.png", factories.picture(), content_type="image/png")
    picture = media.store_upload(file, purpose="avatar", by=ben)
    media.set_avatar(ben, media=picture, by=ben)
    case = report(ben, by=cleo, medium=picture).case
    measure = operations.remove_picture(
        case, medium=picture, rule=rule, reason="It shows Tom.", by=mo
    )
    ben.refresh_from_db()
    assert ben.avatar is None
    assert not Media.objects.unused().filter(pk=picture.pk).exists()
    operations.lift_measure(measure, reason="It is Ben.", by=mo)
    ben.refresh_from_db()
    assert ben.avatar == picture


def test_words_of_a_page_go_and_come_back(as_, ada, ben, cleo, mo, north, rule, committed):
    Member.objects.filter(pk=ben.pk).update(
        name="Ben Insult", handle="ben-insult", about="Insults.", skills="Bread", area="Mill Lane",
        profile_seen_by="members", field_visibility={"area": "contacts"},
    )  # fmt: skip
    topic = factories.make_topic(north, by=ada, text="Ask @ben-insult about it.")
    assert "Ben Insult" in topic.html
    case = report(Member.objects.get(pk=ben.pk), by=cleo).case
    as_(mo).post(reverse("take_case", args=[case.pk]))
    page = as_(mo).get(reverse("case", args=[case.pk])).content.decode()
    assert 'name="words" value="about"' in page
    assert "Mill Lane" not in page, "whoever reported it was not shown that"
    sent = {"decision": "words", "words": ["name", "about"], "rule": rule.pk, "reason": "Insults"}
    nothing = as_(mo).post(reverse("decide_case", args=[case.pk]), sent | {"words": []})
    assert nothing.status_code == 422
    assert "Choose the words that are taken away." in nothing.content.decode()
    with committed():
        assert as_(mo).post(reverse("decide_case", args=[case.pk]), sent).status_code == 302
    after = Member.objects.get(pk=ben.pk)
    assert (after.name, after.handle, after.about, after.skills) == ("", "member", "", "Bread")
    topic.refresh_from_db()
    assert "@member" in topic.text
    assert "nsult" not in topic.html, "nor where others named him"
    measure = Measure.objects.get()
    mine = as_(ben).get(reverse("decision", args=[measure.pk])).content.decode()
    assert "Insults." in mine
    assert "Appeal" in mine or "appeal" in mine
    Member.objects.filter(pk=ben.pk).update(about="Bread and butter.")
    operations.lift_measure(measure, reason="It is his name.", by=mo)
    after = Member.objects.get(pk=ben.pk)
    assert after.name == "Ben Insult"
    assert after.about == "Bread and butter.", "what was written since stays"


def test_the_name_of_a_group_goes_with_its_address(as_, north, ada, cleo, mo, rule):
    Space.objects.filter(pk=north.pk).update(name="Slur", slug="slur", openness="open")
    case = report(Space.objects.get(pk=north.pk), by=cleo).case
    measure = operations.remove_words(case, fields=["name"], rule=rule, reason="A slur.", by=mo)
    north.refresh_from_db()
    assert north.name == f"Group {north.pk}"
    assert re.fullmatch("group-[0-9a-f]{8}", north.slug)
    assert measure.member == ada
    assert as_(cleo).get("/groups/slur/").status_code == 404
    operations.lift_measure(measure, reason="It is a street.", by=mo)
    north.refresh_from_db()
    assert (north.name, north.slug) == ("Slur", "slur")


@pytest.mark.parametrize("fields", [[], ["email"], ["name", "password"], ["purpose"], ["about"]])
def test_only_words_that_were_reported_are_taken(as_, ben, cleo, mo, rule, fields):
    """Not what was written since: whoever decides has not seen it."""
    Member.objects.filter(pk=ben.pk).update(about="Insults.", profile_seen_by="members")
    case = report(Member.objects.get(pk=ben.pk), by=cleo).case
    Member.objects.filter(pk=ben.pk).update(about="For my friends.", profile_seen_by="contacts")
    assert "For my friends." not in as_(mo).get(reverse("case", args=[case.pk])).content.decode()
    with pytest.raises(Refused, match="do not stand there any more"):
        operations.remove_words(case, fields=fields, rule=rule, reason="Why not", by=mo)


def test_of_whom_one_knows_the_name_alone_only_the_name_is_reported(ben, cleo):
    Member.objects.filter(pk=ben.pk).update(
        about="Private.", profile_seen_by="contacts", field_visibility={"about": "members"}
    )
    made = report(Member.objects.get(pk=ben.pk), by=cleo)
    assert made.snapshot["fields"] == {"name": ben.name}
    assert "Private." not in str(made.snapshot)


def test_undoing_brings_nobody_back_who_has_left(ben, cleo, mo, rule):
    case = report(Member.objects.get(pk=ben.pk), by=cleo).case
    measure = operations.remove_words(case, fields=["name"], rule=rule, reason="A slur.", by=mo)
    Member.objects.filter(pk=ben.pk).update(is_active=False)
    operations.lift_measure(measure, reason="It is his name.", by=mo)
    assert Member.objects.get(pk=ben.pk).name == ""


def test_who_sees_a_threat_hides_it_at_once_and_somebody_else_decides(
    as_, topic, ben, fay, ada, mo, noor, rule
):
    path = reverse("report_item", args=[topic.pk])
    said = {"rule": rule.pk, "wish": "hide", "words": "", "at_once": "on"}
    assert "at_once" not in as_(fay).get(path).content.decode()
    assert as_(fay).post(path, said).status_code == 302
    assert sees(fay, topic)
    for person in (mo, ada):
        Case.objects.all().delete()
        Measure.objects.all().delete()
        Item.objects.update(hidden_at=None)
        assert "at_once" in as_(person).get(path).content.decode()
        assert as_(person).post(path, said).status_code == 302
        assert not sees(fay, topic)
        case = Case.objects.get()
        person.forget()
        assert not moderation.can_decide(person, case)
    hide(case, by=noor, rule=rule)
    assert not sees(fay, topic)


# Who decides


def test_a_moderator_sees_only_what_was_reported_of_a_secret_group(as_, ada, ben, mo, cleo):
    secret = factories.make_space("Owls", steward=ada, openness=Openness.SECRET)
    factories.belong(ben, secret)
    for person in (ada, ben):
        person.forget()
    topic = factories.make_topic(secret, by=ada, title="Kestrel", text="Merlin")
    bad = factories.make_comment(topic, by=ben, text="Harrier")
    other = factories.make_comment(topic, by=ada, text="Osprey")
    made = report(bad, by=ada)
    page = as_(mo).get(reverse("case", args=[made.case_id])).content.decode()
    assert "Harrier" in page
    for word in ("Kestrel", "Merlin", "Osprey", "Owls", secret.slug):
        assert word not in page, word
        assert word not in as_(mo).get("/moderation/").content.decode()
    for item in (topic, bad, other):
        assert not sees(mo, item)
    for path in (f"/topics/{topic.pk}/", f"/comments/{bad.pk}/", f"/groups/{secret.slug}/"):
        assert as_(mo).get(path).status_code == 404


def test_pictures_of_what_was_reported_open_for_those_who_decide(
    as_, ada, ben, mo, cleo, own_shelves
):
    from django.core.files.uploadedfile import SimpleUploadedFile

    from community.operations import media

    secret = factories.make_space("Owls", steward=ada, openness=Openness.SECRET)
    factories.belong(ben, secret)
    ben.forget()
    tokens = []
    for name in ("reported", "another"):
        file = SimpleUploadedFile("owl.png", factories.picture(), content_type="image/png")
        picture = media.store_upload(file, purpose="attachment", by=ben)
        topic = factories.make_topic(secret, by=ben, title=name)
        writing.set_text(topic, "Look", media=[picture.token])
        tokens.append(picture.token)
        if name == "reported":
            ada.forget()
            report(topic, by=ada)
    assert as_(mo).get(f"/media/{tokens[0]}/medium/").status_code == 200
    assert as_(mo).get(f"/media/{tokens[1]}/medium/").status_code == 404
    assert as_(cleo).get(f"/media/{tokens[0]}/medium/").status_code == 404


def test_stewards_decide_about_posts_in_their_group_and_never_read_who_reported(
    as_, topic, fay, ada, rule
):
    case = report(topic, by=fay, words="Zanzibar").case
    page = as_(ada).get(reverse("case", args=[case.pk])).content.decode()
    assert "Zanzibar" in page
    assert "Fay" not in page
    ada.forget()
    measure = hide(case, by=ada, rule=rule)
    assert measure.space_id == topic.space_id


def test_stewards_see_nothing_of_other_groups_of_people_or_of_each_other(
    as_, north, ben, ada, cleo
):
    south = factories.make_space("South Side", steward=cleo)
    factories.belong(ben, south)
    for person in (ben, cleo):
        person.forget()
    elsewhere = report(factories.make_topic(south, by=ben), by=cleo)
    of_a_person = report(ben, by=cleo)
    of_a_group = report(north, by=cleo)
    second = factories.make_member("Second Steward")
    factories.belong(second, north, ring=Ring.STEWARD)
    of_a_peer = report(factories.make_topic(north, by=second), by=cleo)
    ada.forget()
    assert list(case_queue.queue(ada)) == []
    for made in (elsewhere, of_a_person, of_a_group, of_a_peer):
        assert as_(ada).get(reverse("case", args=[made.case_id])).status_code == 404


def test_followers_and_guests_have_no_queue(as_, topic, fay, ben, cleo):
    case = report(topic, by=fay).case
    for person in (fay, ben, cleo):
        assert as_(person).get("/moderation/").status_code == 404
        assert as_(person).get(reverse("case", args=[case.pk])).status_code == 404


def test_a_case_about_a_moderator_does_not_exist_for_them(as_, mo, noor, cleo):
    case = report(mo, by=cleo).case
    assert as_(mo).get(reverse("case", args=[case.pk])).status_code == 404
    assert "Mo Haddad" not in as_(mo).get("/moderation/").content.decode().partition("<main")[2]
    assert case_queue.due(mo).number == 0
    assert as_(noor).get(reverse("case", args=[case.pk])).status_code == 200


@pytest.mark.parametrize("how", ["reported it", "blocked the author", "blocked the reporter"])
def test_for_a_moderator_who_is_a_party_the_case_does_not_exist(
    as_, topic, fay, ben, cleo, mo, rule, how
):
    reporter = mo if how == "reported it" else cleo
    case = report(topic, by=reporter).case
    if how == "blocked the author":
        people.block(ben, by=mo)
    elif how == "blocked the reporter":
        people.block(cleo, by=mo)
    mo.forget()
    assert not moderation.can_decide(mo, case)
    assert "Somebody else decides." in str(moderation.party(mo, case))
    assert list(case_queue.queue(mo)) == []
    assert case_queue.due(mo).number == 0
    assert as_(mo).get(reverse("case", args=[case.pk])).status_code == 404
    for act in (
        lambda: hide(case, by=mo, rule=rule),
        lambda: operations.keep_reported(case, reason="x", by=mo),
        lambda: operations.hide_for_review(case, by=mo),
        lambda: operations.take_case(case, by=mo),
        lambda: operations.note_case(case, text="x", by=mo),
    ):
        with pytest.raises(Refused):
            act()


def test_a_group_is_not_decided_about_by_a_moderator_who_holds_it(as_, north, cleo, mo, noor):
    factories.belong(mo, north, ring=Ring.STEWARD)
    case = report(north, by=cleo).case
    mo.forget()
    assert as_(mo).get(reverse("case", args=[case.pk])).status_code == 404
    assert list(case_queue.queue(mo)) == []
    assert list(case_queue.queue(noor)) == [case]


def test_a_steward_who_keeps_apart_from_the_reporter_reads_nothing_of_it(as_, topic, ada, fay):
    case = report(topic, by=fay).case
    assert as_(ada).get(reverse("case", args=[case.pk])).status_code == 200
    people.block(fay, by=ada)
    ada.forget()
    assert as_(ada).get(reverse("case", args=[case.pk])).status_code == 404


def test_what_somebody_took_nobody_else_decides_before_taking_it_over(topic, fay, mo, noor, rule):
    case = report(topic, by=fay).case
    operations.take_case(case, by=mo)
    with pytest.raises(Refused):
        hide(case, by=noor, rule=rule)
    operations.take_case(case, by=noor)
    hide(case, by=noor, rule=rule)


def test_a_rule_in_other_words_leaves_decisions_the_words_that_held(
    as_, topic, ben, fay, mo, noor, rule
):
    measure = hide(report(topic, by=fay, rule=rule).case, by=mo, rule=rule)
    appeal = measure_appeals.appeal_measure(measure, text="I asked him.", by=ben)
    made = rules.word_rule(rule, title="Nothing private", text="Of nobody.", by=mo)
    assert list(Rule.objects.current()) == [made]
    assert made.position == rule.position
    pages = [
        as_(ben).get(reverse("decision", args=[measure.pk])),
        as_(noor).get(reverse("answer_appeal", args=[appeal.pk])),
        as_(noor).get(reverse("case", args=[measure.case_id])),
    ]
    for page in pages:
        assert "No private details" in page.content.decode()
        assert "Nothing private" not in page.content.decode()
    with pytest.raises(Refused):
        rules.word_rule(rule, title="Other", text="", by=mo)
    assert rules.word_rule(made, title="Nothing private", text="Of nobody.", by=mo) == made


def test_nothing_is_decided_without_a_reason(topic, fay, mo, rule):
    case = report(topic, by=fay).case
    for act in (
        lambda: hide(case, by=mo, rule=rule, reason=" "),
        lambda: operations.keep_reported(case, reason="", by=mo),
        lambda: operations.settle_case(case, reason="", by=mo),
    ):
        with pytest.raises(Refused):
            act()
    assert case.notes.count() == 0


def test_what_was_done_stands_in_the_audit_log_and_tells_no_reporter(topic, fay, mo, rule):
    hide(report(topic, by=fay, words="Zanzibar").case, by=mo, rule=rule)
    entry = AuditEntry.objects.get(action="moderation.hid")
    assert (entry.by_id, entry.person_id, entry.item_id) == (mo.pk, topic.author_id, topic.pk)
    for entry in AuditEntry.objects.all():
        assert "Zanzibar" not in str(entry.data) + entry.reason
        assert fay.pk not in (entry.by_id, entry.person_id)


# Appeals


@pytest.fixture
def hidden(topic, fay, mo, rule):
    return hide(report(topic, by=fay).case, by=mo, rule=rule)


def test_whoever_decided_does_not_hear_the_appeal(hidden, ben, mo, noor):
    appeal = measure_appeals.appeal_measure(hidden, text="I asked him.", by=ben)
    assert not moderation.can_hear(mo, appeal)
    with pytest.raises(Refused):
        measure_appeals.answer_appeal(appeal, upheld=True, answer="No.", by=mo)
    assert moderation.can_hear(noor, appeal)


def test_stewards_and_parties_hear_no_appeal(hidden, ada, ben, fay, ruth):
    appeal = measure_appeals.appeal_measure(hidden, text="I asked him.", by=ben)
    for person in (ada, ben, fay, ruth):
        assert not moderation.can_hear(person, appeal)


def test_an_appeal_that_is_right_brings_it_back(topic, hidden, ben, fay, noor, committed):
    appeal = measure_appeals.appeal_measure(hidden, text="I asked him.", by=ben)
    assert Case.objects.get().state == Case.State.APPEALED
    with committed():
        measure_appeals.answer_appeal(appeal, upheld=False, answer="He said yes.", by=noor)
    assert sees(fay, topic)
    assert Case.objects.get().state == Case.State.DECIDED
    told = Notice.objects.filter(member=ben, activity__verb="moderation.appeal_answered")
    assert told.exists()


def test_an_appeal_that_is_not_leaves_it_hidden(topic, hidden, ben, fay, noor):
    appeal = measure_appeals.appeal_measure(hidden, text="I asked him.", by=ben)
    measure_appeals.answer_appeal(appeal, upheld=True, answer="He said no.", by=noor)
    assert not sees(fay, topic)


def test_one_appeals_once_and_within_thirty_days(hidden, ben, fay, noor):
    with pytest.raises(Refused):
        measure_appeals.appeal_measure(hidden, text="Me too.", by=fay)
    Measure.objects.filter(pk=hidden.pk).update(decided_at=timezone.now() - timedelta(days=31))
    with pytest.raises(Refused):
        measure_appeals.appeal_measure(hidden, text="Late.", by=ben)
    Measure.objects.filter(pk=hidden.pk).update(decided_at=timezone.now() - timedelta(days=29))
    appeal = measure_appeals.appeal_measure(hidden, text="In time.", by=ben)
    measure_appeals.answer_appeal(appeal, upheld=True, answer="No.", by=noor)
    with pytest.raises(Refused):
        measure_appeals.appeal_measure(hidden, text="Again.", by=ben)


def test_while_an_appeal_waits_nobody_decides_around_it(hidden, ben, mo, noor, rule):
    measure_appeals.appeal_measure(hidden, text="I asked him.", by=ben)
    for person in (mo, noor):
        with pytest.raises(Refused):
            operations.lift_measure(hidden, reason="x", by=person)
        with pytest.raises(Refused):
            operations.keep_reported(hidden.case, reason="x", by=person)


def test_whoever_reported_can_ask_again_about_what_was_left(topic, fay, cleo, mo, noor, rule):
    case = report(topic, by=fay).case
    operations.keep_reported(case, reason="Fine.", by=mo)
    with pytest.raises(Refused):
        measure_appeals.appeal_kept(case, text="Not mine.", by=cleo)
    appeal = measure_appeals.appeal_kept(case, text="It is his address.", by=fay)
    with pytest.raises(Refused):
        measure_appeals.answer_appeal(appeal, upheld=False, answer="x", by=mo)
    measure_appeals.answer_appeal(appeal, upheld=False, answer="You are right.", by=noor)
    case.refresh_from_db()
    assert (case.state, case.taken_by) == (Case.State.TAKEN, noor)
    hide(case, by=noor, rule=rule)
    assert not sees(fay, topic)


def test_moderators_without_a_part_are_asked(hidden, ben, mo, noor, ada, committed):
    with committed():
        measure_appeals.appeal_measure(hidden, text="I asked him.", by=ben)
    told = Notice.objects.filter(activity__verb="moderation.appealed")
    assert set(told.values_list("member", flat=True)) == {noor.pk}


def test_an_appeal_is_a_page_for_those_who_may_hear_it(as_, hidden, ben, mo, noor, ada):
    appeal = measure_appeals.appeal_measure(hidden, text="I asked him.", by=ben)
    path = reverse("answer_appeal", args=[appeal.pk])
    assert as_(noor).get(path).status_code == 200
    assert as_(ada).get(path).status_code == 404
    page = as_(mo).get(path)
    assert page.status_code == 200
    assert "You had a part in this." in page.content.decode()
    answer = as_(noor).post(path, {"upheld": "no", "answer": "He said yes."})
    assert answer.status_code == 302
    assert MeasureAppeal.objects.get().upheld is False


def test_an_appeal_without_a_report_stands_on_the_desk_until_it_is_answered(
    as_, ben, mo, noor, ada, rule
):
    measure = sanctions.limit(ben, by=mo, rule=rule, reason="Flooding.", days=3)
    assert case_queue.due(noor).number == 0
    appeal = measure_appeals.appeal_measure(measure, text="It was a poll.", by=ben)
    link = reverse("answer_appeal", args=[appeal.pk])
    assert case_queue.due(noor).number == 1
    assert case_queue.due(ada).number == 0
    pages = ["/moderation/", "/moderation/?show=appealed", "/moderation/people/"]
    pages.append(reverse("sanctioned_person", args=[ben.pk]))
    for path in pages:
        assert link in as_(noor).get(path).content.decode(), path
    assert link not in as_(ada).get("/moderation/").content.decode()
    measure_appeals.answer_appeal(appeal, upheld=True, answer="It was not.", by=noor)
    assert case_queue.due(noor).number == 0
    for path in pages:
        assert link not in as_(noor).get(path).content.decode(), path


def test_an_appeal_stays_in_sight_while_its_thing_is_reported_anew(hidden, ben, fay, noor):
    again = Case.objects.create(item_id=hidden.item_id, person=ben, what=hidden.case.what)
    appeal = measure_appeals.appeal_measure(hidden, text="I asked him.", by=ben)
    assert list(case_queue.queue(noor)) == [again]
    assert list(case_queue.appeals_apart(noor)) == [appeal]
    assert case_queue.due(noor).number == 2


def test_an_appeal_against_a_limit_leaves_a_case_that_is_not_decided_as_it_is(
    topic, ben, fay, mo, noor, rule
):
    case = operations.take_case(report(topic, by=fay).case, by=mo)
    measure = sanctions.limit(ben, by=mo, rule=rule, reason="Flooding.", days=3, case=case)
    appeal = measure_appeals.appeal_measure(measure, text="It was a poll.", by=ben)
    assert list(case_queue.appeals_apart(noor)) == [appeal]
    measure_appeals.answer_appeal(appeal, upheld=True, answer="It was not.", by=noor)
    case.refresh_from_db()
    assert (case.state, case.taken_by) == (Case.State.TAKEN, mo)
    assert moderation.can_decide(mo, case)


def test_whoever_keeps_apart_finds_no_appeal_in_the_queue(as_, ben, mo, noor, rule, committed):
    measure = sanctions.limit(ben, by=mo, rule=rule, reason="Flooding.", days=3)
    people.block(ben, by=noor)
    for person in (ben, noor):
        person.forget()
    with committed():
        appeal = measure_appeals.appeal_measure(measure, text="It was a poll.", by=ben)
    assert list(case_queue.appeals_apart(noor)) == []
    assert case_queue.due(noor).number == 0
    link = reverse("answer_appeal", args=[appeal.pk])
    assert as_(noor).get(link).status_code == 404
    assert link not in as_(noor).get("/moderation/people/").content.decode()
    assert not Notice.objects.filter(member=noor, activity__verb="moderation.appealed").exists()


# Pages


def test_the_queue_begins_with_who_asks_for_protection_and_goes_on_with_the_oldest(
    as_, north, ben, fay, cleo, mo
):
    made = [
        report(factories.make_topic(north, by=ben), by=fay, wish=wish).case
        for wish in ("hide", "talk", "protect", "hide")
    ]
    for days, case in zip((1, 5, 2, 3), made, strict=True):
        Case.objects.filter(pk=case.pk).update(created_at=timezone.now() - timedelta(days=days))
    Case.objects.filter(pk=made[0].pk).update(stirred_at=timezone.now() + timedelta(hours=1))
    rows = case_queue.queue(mo)
    order = case_queue.order("waiting")
    first = keyset.page(rows, None, order=order, size=2)
    second = keyset.page(rows, first.next_cursor, order=order, size=2)
    assert [*first.rows, *second.rows] == [made[2], made[1], made[3], made[0]]
    page = as_(mo).get("/moderation/").content.decode()
    assert page.count("asks for protection") == 1
    assert page.index(f"case-row-{made[2].pk}") < page.index(f"case-row-{made[1].pk}")


def test_a_case_is_decided_by_its_page(as_, topic, fay, mo, rule):
    case = report(topic, by=fay).case
    path = reverse("decide_case", args=[case.pk])
    without_rule = {"decision": "hide", "rule": "", "reason": "His address."}
    assert as_(mo).post(path, without_rule).status_code == 422
    assert as_(mo).post(path, without_rule | {"rule": rule.pk}).status_code == 302
    assert not sees(fay, topic)
    assert as_(mo).get(reverse("case", args=[case.pk])).status_code == 200
    assert as_(mo).post(path, without_rule | {"rule": rule.pk}).status_code == 403


def test_the_queue_asks_the_same_with_two_and_with_twelve(as_, north, ben, fay, mo, queries):
    asked = []
    for number in (2, 10):
        for _n in range(number):
            report(factories.make_topic(north, by=ben), by=fay)
        client = as_(mo)
        client.get("/moderation/")
        with queries() as found:
            assert client.get("/moderation/").status_code == 200
        asked.append(len(found))
    assert asked[0] == asked[1] <= 15


def test_a_case_asks_the_same_with_two_reports_and_with_twelve(as_, topic, ben, mo, queries):
    asked = []
    for number in (2, 10):
        for _n in range(number):
            made = report(topic, by=factories.make_member())
        client, page = as_(mo), reverse("case", args=[made.case_id])
        client.get(page)  # that somebody looked is written down once
        with queries() as found:
            assert client.get(page).status_code == 200
        asked.append(len(found))
    assert asked[0] == asked[1], asked


# What everybody sees


def test_the_public_log_tells_no_small_number_and_no_name(as_, north, ben, fay, mo, rule):
    for number in range(6):
        topic = factories.make_topic(north, by=ben, title=f"Zanzibar {number}")
        case = report(topic, by=fay).case
        if number < 2:
            operations.keep_reported(case, reason="Kept.", by=mo)
        else:
            hide(case, by=mo, rule=rule, reason="Timbuktu")
    page = as_(None).get("/transparency/").content.decode()
    assert "No private details" in page
    for word in ("Zanzibar", "Timbuktu", "Ben", "Mo Haddad", "North"):
        assert word not in page.partition("<main")[2], word
    assert "<dd>6</dd>" in page
    assert "fewer than 5" in page
    assert "<dd>4</dd>" not in page
    assert "<dd>2</dd>" not in page


@pytest.mark.parametrize("known", [True, False])
def test_the_public_log_counts_nothing_of_a_group_that_nobody_may_know(
    as_, ada, ben, fay, mo, rule, known
):
    """What happens in a secret group, or in one that waits for its yes, changes no byte of it."""
    hidden = {"openness": "open" if known else "secret", "listed": known}
    place = factories.make_space("Cell", steward=ada, **hidden)
    factories.belong(ben, place)
    factories.belong(fay, place)
    before = _numbers(as_(None))
    for number in range(6):
        topic = factories.make_topic(place, by=ben, title=f"Zanzibar {number}")
        case = report(topic, by=fay).case
        measure = hide(case, by=mo, rule=rule, reason="Timbuktu")
        measure_appeals.appeal_measure(measure, text="No.", by=ben)
    assert (_numbers(as_(None)) == before) is not known


def _numbers(client) -> str:
    page = client.get("/transparency/").content.decode()
    return page.partition("<main")[2].partition("</main>")[0]


def test_what_was_done_about_people_is_counted_without_a_report(as_, ben, mo, rule):
    from community.operations import sanctions

    for _number in range(5):
        sanctions.warn(ben, by=mo, rule=rule, reason="Rude.")
    assert "<dd>5</dd>" in as_(None).get("/transparency/").content.decode()


def test_one_small_number_beside_large_ones_cannot_be_worked_out():
    from community.transparency import blurred

    assert blurred([("a", 7), ("b", 2), ("c", 30)]) == [
        ("a", "5 or more"),
        ("b", "fewer than 5"),
        ("c", "30"),
    ]
    assert blurred([("a", 1), ("b", 2), ("c", 30)])[2] == ("c", "30")
    assert blurred([("a", 7), ("b", 0)]) == [("a", "7"), ("b", "none")]


def test_rules_are_kept_by_those_who_answer_for_them(as_, ada, ruth, mo, rule):
    assert as_(ada).get("/desk/rules/").status_code == 404
    assert as_(ruth).post("/desk/rules/", {"title": "Be kind", "text": ""}).status_code == 302
    new = Rule.objects.get(title="Be kind")
    assert as_(mo).post(f"/desk/rules/{rule.pk}/retire/").status_code == 302
    assert list(Rule.objects.current()) == [new]
    assert as_(mo).post(f"/desk/rules/{new.pk}/retire/").status_code == 403


def test_reports_of_an_item_and_of_its_author_are_two_cases(topic, ben, cleo):
    assert (
        report_item(topic, by=cleo, words="x").case != report_person(ben, by=cleo, words="x").case
    )
