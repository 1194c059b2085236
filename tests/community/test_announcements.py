"""Announcing: planned, tried, sent, stopped; read by those who may."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.conf import settings
from django.utils import timezone, translation

from community import notices, wordings
from community.models import (
    Activity,
    Announcement,
    AnnouncementPlan,
    AuditEntry,
    Comment,
    Delivery,
    Item,
    Membership,
    Notice,
    NoticePreference,
    NoticeSettings,
    Openness,
    OutboxMail,
    PushSubscription,
    Reach,
    Ring,
    Space,
)
from community.notices import mails
from community.notices.choosing import wants_of
from community.operations import announcements
from community.policies import Refused
from tests.factories import announce, belong, make_member, make_plan, make_space

pytestmark = pytest.mark.django_db
State = AnnouncementPlan.State
LONG = "Please bring a chair.\n\n" * 40 + "[All groups](/groups/)"
WORDS = {"es": {"title": "Asamblea", "text": "Ven."}}


def test_stewards_announce_to_their_group_and_nobody_else_does(ada, ben, cleo, ruth, north):
    make_plan(north, by=ada)
    for member in (ben, cleo, ruth):
        with pytest.raises(Refused):
            make_plan(north, by=member)


@pytest.mark.parametrize(
    ("has_device", "own", "comes_by"),
    [
        (False, {}, {"mail"}),
        (True, {}, {"push"}),
        (True, {"mail": "now"}, {"mail"}),
        (True, {"push": "never"}, {"mail"}),
        (False, {"push": "now"}, {"push"}),
        (True, {"mail": "now", "push": "now"}, {"mail", "push"}),
    ],
)
def test_who_wants_everything_is_asked_by_one_way(ada, ben, north, has_device, own, comes_by):
    NoticeSettings.objects.create(member=ben, preset="everything")
    if has_device:
        PushSubscription.objects.create(member=ben, endpoint="https://e.org", key="k", secret="s")
    for channel, value in own.items():
        NoticePreference.objects.create(
            member=ben, attention="organisation", channel=channel, value=value
        )
    plan = announce(north, by=ada)
    activity = Activity.objects.get(verb="announcements.sent", item=plan.announcement_id)
    notices.deliver(activity)
    sent = Delivery.objects.filter(activity=activity, member=ben)
    assert set(sent.values_list("channel", flat=True)) == comes_by
    wants = wants_of(ben)
    assert {way for way in ("mail", "push") if wants.when("organisation", way) == "now"} == comes_by


def test_the_whole_community_is_spoken_to_by_who_steers_it(ada, ruth, community):
    make_plan(community.space, by=ruth)
    with pytest.raises(Refused):
        make_plan(community.space, by=ada)


def test_groups_to_ask_are_never_secret_ones_of_others(ruth, community):
    hidden = make_space("Hidden", steward=make_member("Hid"))
    Space.objects.filter(pk=hidden.pk).update(openness=Openness.SECRET)
    with pytest.raises(Refused):
        make_plan(community.space, by=ruth, spaces=[hidden])


def test_until_it_begins_nothing_of_it_is_there_to_be_read(ada, ben, north):
    make_plan(north, by=ada)
    assert not Item.objects.filter(kind=Announcement.KIND).exists()


def test_it_is_read_in_the_readers_language(ada, ben, north, as_):
    plan = announce(north, by=ada, words=WORDS)
    said = plan.announcement
    assert said.said_in("es")[1] == "Asamblea"
    assert said.said_in("de")[1] == "Meeting"
    ben.language = "es"
    ben.save()
    page = as_(ben).get(said.get_absolute_url()).content.decode()
    assert "Asamblea" in page
    assert "Meeting" not in page.partition("<main")[2]


def test_it_stands_in_the_feed_and_is_told_to_those_it_asks(ada, ben, fay, north, committed, as_):
    with committed():
        announcements.send_plan(make_plan(north, by=ada), by=ada)
    assert Notice.objects.filter(member=ben, activity__verb="announcements.sent").count() == 1
    assert Notice.objects.filter(member=fay, activity__verb="announcements.sent").count() == 1
    assert "Meeting" in as_(ben).get("/").content.decode()


def test_who_has_no_room_hears_of_it_once_they_have(ada, ben, north, committed):
    announce(north, by=ada)
    with committed():
        announcements.send_plan(make_plan(north, by=ada), by=ada)
    verb = {"member": ben, "activity__verb": "announcements.sent"}
    before = Notice.objects.filter(**verb).count()
    Reach.objects.exclude(told_at=None).update(told_at=timezone.now() - timedelta(days=2))
    with committed():
        announcements.release()
    assert Notice.objects.filter(**verb).count() == before + 1


def test_only_the_rings_it_is_for_read_it(ada, ben, fay, cleo, north):
    plan = announce(north, by=ada, min_ring=Ring.CORE)
    for member in (ben, fay, cleo, None):
        assert not Announcement.objects.visible_to(member).filter(pk=plan.announcement_id).exists()
    assert Announcement.objects.visible_to(ada).filter(pk=plan.announcement_id).exists()


def test_whoever_reads_it_and_takes_part_can_answer_there(ada, ben, fay, north, as_):
    said = announce(north, by=ada).announcement
    page = as_(ben).get(said.get_absolute_url()).content.decode()
    assert f'action="/items/{said.pk}/comments/add/"' in page
    follower = as_(fay).get(said.get_absolute_url()).content.decode()
    assert "/comments/add/" not in follower
    assert 'class="banner" id="reply"' in follower
    as_(ben).post(f"/items/{said.pk}/comments/add/", {"text": "I come."})
    answered = as_(ada).get(said.get_absolute_url()).content.decode()
    assert "I come." in answered
    first = Comment.objects.get(item=said)
    reply = as_(ada).get(f"{said.get_absolute_url()}?reply={first.pk}").content.decode()
    assert "You reply to" in reply


def test_nobody_changes_what_many_were_sent(ada, north):
    from community.policies import may

    plan = announce(north, by=ada)
    assert not may(ada, "edit", plan.announcement)
    with pytest.raises(Refused):
        announcements.change_plan(plan, by=ada, words=plan.words)


def test_each_language_needs_title_and_text(ada, north):
    for words in ({"en": {"title": "", "text": ""}}, {"en": {"title": "Only"}}, {}):
        with pytest.raises(Refused):
            announcements.write_plan(north, by=ada, words=words)


def test_a_test_goes_to_oneself_alone_in_every_language(ada, north):
    plan = make_plan(north, by=ada, words=WORDS)
    OutboxMail.objects.all().delete()
    assert announcements.test_plan(plan, by=ada) == 2
    assert set(OutboxMail.objects.values_list("to", flat=True)) == {ada.email}
    subjects = set(OutboxMail.objects.values_list("subject", flat=True))
    assert {subject.split(":")[0] for subject in subjects} == {"Test (en)", "Prueba (es)"}
    assert "“Meeting”" in str(subjects)
    assert "«Asamblea»" in str(subjects)
    spanish = OutboxMail.objects.get(subject__startswith="Prueba")
    assert 'lang="es"' in spanish.body_html
    assert "lo pruebas" in spanish.body_text
    assert Reach.objects.count() == 0
    plan.refresh_from_db()
    assert plan.state == State.DRAFT


def test_a_mail_brings_the_whole_of_it_as_the_test_did(ada, ben, north, committed):
    plan = make_plan(north, by=ada, words={"en": {"title": "Meeting", "text": LONG}})
    announcements.test_plan(plan, by=ada)
    tried = OutboxMail.objects.get(to=ada.email, subject__startswith="Test")
    NoticeSettings.objects.create(
        member=ben, preset="everything", quiet_from=None, quiet_to=None, next_digest_at=None
    )
    with committed():
        announcements.send_plan(plan, by=ada)
    Delivery.objects.waiting().update(due_at=timezone.now())
    mails.send_due()
    told = OutboxMail.objects.get(to=ben.email, subject__contains="“Meeting”")
    for letter in (tried, told):
        assert letter.body_text.count("bring a chair") == 40
        assert letter.body_html.count("bring a chair") == 40
        assert f'href="{settings.SITE_URL}/groups/"' in letter.body_html


def test_of_a_secret_group_no_mailbox_holds_a_word(ada, ben, north, committed):
    Space.objects.filter(pk=north.pk).update(openness=Openness.SECRET)
    north.refresh_from_db()
    NoticeSettings.objects.create(
        member=ben, preset="everything", quiet_from=None, quiet_to=None, next_digest_at=None
    )
    with committed():
        announcements.send_plan(
            make_plan(north, by=ada, words={"en": {"title": "Meeting", "text": LONG}}), by=ada
        )
    Delivery.objects.waiting().update(due_at=timezone.now())
    mails.send_due()
    told = OutboxMail.objects.get(to=ben.email, subject__contains="“Meeting”")
    assert "chair" not in told.body_text + told.body_html


def test_it_begins_by_itself_at_its_time(ada, ben, north):
    plan = make_plan(north, by=ada)
    announcements.schedule_plan(plan, at=timezone.now() + timedelta(hours=1), by=ada)
    assert announcements.begin_due() == 0
    AnnouncementPlan.objects.update(send_at=timezone.now() - timedelta(minutes=1))
    assert announcements.begin_due() == 1
    assert announcements.begin_due() == 0, "once"
    assert announcements.release() == 1
    plan.refresh_from_db()
    assert plan.state == State.SENT


def test_it_does_not_begin_for_somebody_who_leads_no_more(ada, ben, north):
    plan = make_plan(north, by=ada)
    announcements.schedule_plan(plan, at=timezone.now() + timedelta(hours=1), by=ada)
    AnnouncementPlan.objects.update(send_at=timezone.now() - timedelta(minutes=1))
    Membership.objects.filter(member=ada, space=north).update(ring=Ring.PARTICIPANT)
    assert announcements.begin_due() == 0
    plan.refresh_from_db()
    assert plan.state == State.STOPPED
    assert not Announcement.objects.exists()


def test_stopping_asks_nobody_more_and_is_written_down(ada, ben, north):
    announce(north, by=ada)
    plan = announce(north, by=ada)
    announcements.stop_plan(plan, by=ada)
    plan.refresh_from_db()
    assert plan.state == State.STOPPED
    Reach.objects.exclude(told_at=None).update(told_at=timezone.now() - timedelta(days=8))
    assert announcements.release() == 0
    assert AuditEntry.objects.filter(action="announcements.stopped", by_id=ada.pk).exists()
    with pytest.raises(Refused):
        announcements.stop_plan(plan, by=ada)


def test_taken_away_it_asks_nobody_more(ada, ben, north):
    from community.operations import writing

    announce(north, by=ada)
    plan = announce(north, by=ada)
    writing.delete_item(plan.announcement, by=ada)
    Reach.objects.exclude(told_at=None).update(told_at=timezone.now() - timedelta(days=8))
    assert announcements.release() == 0


def test_plans_are_seen_by_who_speaks_for_the_space(as_, ada, ben, ruth, mo, north):
    plan = make_plan(north, by=ada, title="Not yet")
    url = plan.get_absolute_url()
    assert "Not yet" in as_(ada).get(url).content.decode()
    for member in (ben, ruth, mo):
        assert as_(member).get(url).status_code == 404
    assert as_(None).get(url).status_code == 302


def test_the_page_leads_from_a_wording_to_the_result(as_, ada, ben, north):
    client = as_(ada)
    page = client.get("/announcements/new/?wording=hands").content.decode()
    assert "We need [number] people" in page
    sent = client.post(
        "/announcements/new/",
        {"title_en": "Come on [day]", "text_en": "All of you.", "min_ring": "1"},
    )
    plan = AnnouncementPlan.objects.get()
    assert sent.url == plan.get_absolute_url()
    page = client.get(sent.url).content.decode()
    assert "This will reach fewer than 5 people now" in page
    assert "Still to fill in: [day]" in page
    client.post(f"{sent.url}test/")
    assert OutboxMail.objects.filter(to=ada.email).exists()
    client.post(f"{sent.url}send/")
    announcements.release()
    page = client.get(sent.url).content.decode()
    assert "What came of it" in page
    assert "Send it now" not in page


def test_while_it_is_written_the_page_says_whom_it_would_reach(as_, ada, ben, fay, north):
    for number in range(6):
        belong(make_member(f"Follower {number}"), north, ring=Ring.FOLLOWER)
    address = f"/announcements/reach/{north.slug}/"
    everybody = as_(ada).post(address, {"min_ring": Ring.FOLLOWER}).content.decode()
    assert "This will reach 8 people now" in everybody
    narrowed = as_(ada).post(address, {"min_ring": Ring.FOLLOWER, "rings": [Ring.PARTICIPANT]})
    assert "fewer than 5 people" in narrowed.content.decode()
    over = {"min_ring": Ring.FOLLOWER, "deadline_at": "2020-01-01T10:00"}
    assert "This date is over" in as_(ada).post(address, over).content.decode()
    assert not AnnouncementPlan.objects.exists()


def test_what_is_foreseen_counts_only_groups_that_may_be_asked(ruth, north, community):
    for number in range(6):
        belong(make_member(f"Person {number}"), north)
        belong(make_member(f"Elsewhere {number}"), make_space(f"Place {number}", steward=ruth))
    whole = announcements.foresee(community.space, by=ruth)
    some = announcements.foresee(community.space, by=ruth, spaces=[north])
    assert 0 < some.now < whole.now
    hidden = make_space("Hidden", steward=make_member("Hid"))
    Space.objects.filter(pk=hidden.pk).update(openness=Openness.SECRET)
    with pytest.raises(Refused):
        announcements.foresee(community.space, by=ruth, spaces=[hidden])


def test_wordings_are_written_in_every_language_with_their_places():
    for wording in wordings.WORDINGS:
        words = wordings.begin(wording.name, ["en", "es"])
        assert wordings.places({"en": words["en"]})
        with translation.override("es"):
            assert words["es"]["title"] == str(wording.title)
    assert wordings.begin("nonsense", ["en"]) == {}
    assert wordings.places({"en": {"title": "A [link](https://example.org)", "text": ""}}) == []


def test_the_list_asks_the_same_with_2_and_with_12(as_, ada, north, queries):
    counts = []
    for more in (2, 10):
        for _ in range(more):
            make_plan(north, by=ada)
        client = as_(ada)
        client.get("/announcements/")
        with queries() as asked:
            client.get("/announcements/")
        counts.append(len(asked))
    assert counts[0] == counts[1]
    assert counts[0] <= 15


def test_its_notice_and_its_mail_speak_the_readers_language(ada, ben, north, committed, as_):
    ben.language = "es"
    ben.save()
    with committed():
        announcements.send_plan(make_plan(north, by=ada, words=WORDS), by=ada)
    page = as_(ben).get("/notices/").content.decode()
    assert "Asamblea" in page
    assert "Ven." in page
    assert "Meeting" not in page.partition("<main")[2]
