"""What goes out by mail and push: to whom, when, once, and never what one may not see any more."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.core import mail as django_mail
from django.utils import timezone

from community import feed, mail, notices, push, tasks, web_push
from community.models import (
    Activity,
    Attention,
    Block,
    Channel,
    Delivery,
    Follow,
    Member,
    Membership,
    Mute,
    Notice,
    NoticePreference,
    NoticeSettings,
    OutboxMail,
    PushSubscription,
    Ring,
    Space,
    Untold,
)
from community.notices import given_up, sending, telling, written
from community.operations import membership, writing
from community.operations import notices as operations
from tests.factories import belong, make_comment, make_member, make_space, make_topic

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _awake(ada, ben, cleo):
    """Nobody's quiet hours, whenever the test runs."""
    for member in (ada, ben, cleo):
        operations.change_settings(by=member, quiet_from=None, quiet_to=None)


def told(item, verb="comments.posted"):
    activity = Activity.objects.get(item_id=item.pk, verb=verb)
    notices.deliver(activity)
    return activity


def hours_pass(number):
    Delivery.objects.update(due_at=timezone.now() - timedelta(hours=number))


def answer(north, ada, ben, **fields):
    """Ben answers Ada's topic, and she is told."""
    topic = make_topic(north, by=ada, title="The boiler")
    comment = make_comment(topic, by=ben, **{"text": "It is cold"} | fields)
    told(comment)
    return comment


def nobody_knows_who_hears(item, monkeypatch):
    """What the registry says of one thing fails; of all others it is asked as ever."""
    really = telling.audience_of

    def fails(activity):
        if activity.item_id == item:
            raise ValueError("broken")
        return really(activity)

    monkeypatch.setattr(telling, "audience_of", fails)


def test_an_answer_to_me_comes_on_the_device_at_once_and_by_mail_after_six_hours(north, ada, ben):
    before = timezone.now()
    answer(north, ada, ben)
    assert Notice.objects.get(member=ada).attention == Attention.PERSON
    due = {row.channel: row.due_at for row in Delivery.objects.filter(member=ada)}
    assert due["push"] - before < timedelta(minutes=1)
    assert timedelta(hours=5, minutes=59) < due["mail"] - before < timedelta(hours=6, minutes=1)
    assert tasks.send_notices() == 0
    hours_pass(1)
    assert tasks.send_notices() == 1
    mail = OutboxMail.objects.get()
    assert mail.to == ada.email
    assert mail.subject == "Ben Castillo answered in “The boiler”"
    assert "It is cold" in mail.body_text
    assert "It is cold" in mail.body_html
    assert "you began this conversation" in mail.body_text
    assert f"/notices/{Notice.objects.get(member=ada).pk}/why/" in mail.body_text
    assert tasks.send_notices() == 0


def test_what_only_follows_a_conversation_waits_for_the_digest(north, ada, ben, cleo):
    belong(cleo, north)
    topic = make_topic(north, by=ada)
    Follow.objects.create(member=cleo, item_id=topic.pk, volume="all")
    told(make_comment(topic, by=ben))
    assert Notice.objects.get(member=cleo).attention == Attention.GROUPS
    assert not Delivery.objects.filter(member=cleo).exists()


def test_read_within_six_hours_no_mail(as_, north, ada, ben):
    answer(north, ada, ben)
    as_(ada).post("/notices/read/")
    hours_pass(1)
    assert tasks.send_notices() == 0
    row = Delivery.objects.get(member=ada, channel="mail")
    assert (row.why, row.sent_at) == ("read", None)


def test_answers_to_one_thing_are_one_mail(north, ada, ben):
    comment = answer(north, ada, ben)
    told(make_comment(comment.item, by=ben, text="Still cold"))
    Delivery.objects.filter(activity__item_id=comment.pk).update(due_at=timezone.now())
    assert tasks.send_notices() == 1
    assert "Still cold" in OutboxMail.objects.get().body_text
    assert not Delivery.objects.filter(channel="mail").waiting().exists()


def test_taken_away_or_hidden_or_shut_out_meanwhile_no_mail(north, ada, ben):
    comment = answer(north, ada, ben)
    writing.delete_item(comment, by=ben)
    hours_pass(1)
    assert tasks.send_notices() == 0
    assert Delivery.objects.get(member=ada, channel="mail").why == "gone"


def test_who_left_the_group_meanwhile_gets_no_mail_of_it(ada, ben):
    space = make_space("Inner circle", openness="closed", steward=ada)
    belong(ben, space)
    topic = make_topic(space, by=ben, title="Inside matter")
    told(make_comment(topic, by=ada))
    membership.leave(space, by=ben)
    hours_pass(1)
    assert tasks.send_notices() == 0
    assert not OutboxMail.objects.filter(body_text__contains="Inside matter").exists()


@pytest.mark.parametrize("turn", ["mute person", "mute thing", "mute group", "block", "no mail"])
def test_not_wanted_any_more_meanwhile_no_mail(north, ada, ben, turn):
    comment = answer(north, ada, ben)
    if turn == "mute person":
        Mute.objects.create(member=ada, muted=ben)
    elif turn == "mute thing":
        Follow.objects.filter(member=ada).update(volume="mute")
    elif turn == "mute group":
        Membership.objects.filter(member=ada, space=north).update(volume="mute")
    elif turn == "block":
        Membership.objects.filter(member=ada, space=north).update(ring=2)
        Block.objects.create(member=ben, blocked=ada)
    else:
        operations.choose_way("person", channel="mail", value="never", by=ada)
    hours_pass(1)
    assert tasks.send_notices() == 0, comment
    assert Delivery.objects.get(member=ada, channel="mail").why in ("unwanted", "gone")


def test_a_block_keeps_notices_away_both_ways(north, ada, ben, cleo):
    belong(cleo, north)
    topic = make_topic(north, by=cleo)
    Follow.objects.update_or_create(member=ben, item_id=topic.pk, defaults={"volume": "all"})
    Block.objects.create(member=cleo, blocked=ben)
    Block.objects.create(member=ben, blocked=fresh_enemy(north, topic))
    told(make_comment(topic, by=ada))
    assert not Notice.objects.filter(member=ben).exists()


def fresh_enemy(north, topic):
    enemy = make_member("Enemy")
    belong(enemy, north)
    return enemy


def test_quiet_hours_put_off_until_the_morning_where_the_person_is(north, ada, ben):
    ada.timezone = "America/New_York"
    ada.save()
    here = timezone.now().astimezone(ada.tzinfo)
    begin, end = here.hour, (here.hour + 2) % 24
    operations.change_settings(by=ada, quiet_from=begin, quiet_to=end)
    answer(north, ada, ben)
    hours_pass(1)
    assert tasks.send_notices() == 0
    due = Delivery.objects.get(member=ada, channel="mail").due_at.astimezone(ada.tzinfo)
    assert (due.hour, due.minute) == (end, 0)
    assert due > timezone.now()


def test_who_rests_is_called_for_nothing_but_rights(north, ada, ben):
    operations.rest(timezone.localdate() + timedelta(days=9), by=ada)
    answer(north, ada, ben)
    assert Notice.objects.filter(member=ada).exists()
    assert not Delivery.objects.filter(member=ada).exists()
    topic = make_topic(north, by=ada)
    operations.rest(None, by=ada)
    told(make_comment(topic, by=ben))
    operations.rest(timezone.localdate() + timedelta(days=9), by=ada)
    hours_pass(1)
    assert tasks.send_notices() == 0
    assert Delivery.objects.get(member=ada, channel="mail").why == "resting"


def test_discreet_mail_names_neither_the_organisation_nor_the_thing(north, ada, ben, community):
    operations.change_settings(by=ada, discreet=True)
    answer(north, ada, ben)
    hours_pass(1)
    assert tasks.send_notices() == 1
    mail = OutboxMail.objects.get()
    everything = mail.subject + mail.body_text + mail.body_html + mail.sender
    for word in (community.name, "boiler", "cold", "Ben", north.name):
        assert word not in everything


def test_secret_groups_are_not_quoted_in_mail(ada, ben):
    space = make_space("Hidden", openness="secret", steward=ada)
    belong(ben, space)
    told(make_comment(make_topic(space, by=ben), by=ada, text="Nobody may read this"))
    hours_pass(1)
    assert tasks.send_notices() == 1
    mail = OutboxMail.objects.get(to=ben.email)
    assert "Nobody may read this" not in mail.body_text + mail.body_html


def test_told_twice_and_sent_twice_comes_once(north, ada, ben):
    comment = answer(north, ada, ben)
    told(comment)
    hours_pass(1)
    assert [tasks.send_notices(), tasks.send_notices()] == [1, 0]
    assert OutboxMail.objects.count() == 1
    assert Delivery.objects.filter(member=ada).count() == 2


def test_what_a_mail_of_its_own_tells_needs_no_second(ada, community):
    mo = make_member("Mo Staff", staff="moderator")
    activity = feed.record("sanctions.warned", actor=mo, member=ada.pk)
    notices.deliver(activity)
    assert Notice.objects.filter(member=ada).exists()
    assert set(Delivery.objects.filter(member=ada).values_list("channel", flat=True)) == {"push"}


def test_safety_cannot_be_off_and_the_organisation_can(ada):
    from community.policies import Refused

    with pytest.raises(Refused):
        operations.choose_way("security", channel="mail", value="never", by=ada)
    with pytest.raises(Refused):
        operations.choose_way("security", channel="app", value="never", by=ada)
    assert operations.choose_way("organisation", channel="app", value="never", by=ada) == "now"
    assert NoticePreference.objects.get().value == "never"


def test_a_sender_that_dies_leaves_what_comes_back(north, ada, ben):
    answer(north, ada, ben)
    first = sending.take(Channel.PUSH)
    assert len(first) == 1
    assert sending.take(Channel.PUSH) == []
    Delivery.objects.update(due_at=timezone.now() - timedelta(seconds=1))  # its lease is over
    assert len(sending.take(Channel.PUSH)) == 1


def test_push_is_given_up_after_some_tries(north, ada, ben):
    answer(north, ada, ben)
    for _ in range(sending.ATTEMPTS):
        Delivery.objects.update(due_at=timezone.now())
        sending.try_again(sending.take(Channel.PUSH))
    assert Delivery.objects.get(channel="push").why == "failed"
    Delivery.objects.update(due_at=timezone.now())
    assert sending.take(Channel.PUSH) == []


def test_one_activity_that_cannot_be_told_holds_up_no_other(north, ada, ben, monkeypatch):
    broken = make_comment(make_topic(north, by=ada), by=ben)
    make_comment(make_topic(north, by=ada), by=ben)
    Activity.objects.update(created_at=timezone.now() - timedelta(minutes=1))
    nobody_knows_who_hears(broken.pk, monkeypatch)
    assert tasks.deliver_untold() == 1


def test_what_cannot_be_told_is_tried_later_and_later_and_given_up(north, ada, ben, monkeypatch):
    broken = make_comment(make_topic(north, by=ada), by=ben)
    Activity.objects.update(created_at=timezone.now() - timedelta(minutes=1))
    activity = Activity.objects.get(item_id=broken.pk)
    with monkeypatch.context() as patch:
        nobody_knows_who_hears(broken.pk, patch)
        for attempt in range(1, given_up.ATTEMPTS + 1):
            tasks.deliver_untold()
            row = Untold.objects.get(activity=activity)
            assert row.attempts == attempt
            assert row.next_try_at > timezone.now(), "not with each round of the clock"
            assert activity not in notices.untold(), "it takes no place from others"
            Untold.objects.update(next_try_at=timezone.now())
    assert row.given_up_at
    assert [lost.verb for lost in given_up.lost()] == ["comments.posted"]
    assert activity not in notices.untold()
    assert given_up.try_again() == 1
    assert tasks.deliver_untold() == 1
    assert not given_up.lost()


def test_somebody_else_of_many_gets_their_mail_though_one_cannot_be_written(
    north, ada, ben, cleo, monkeypatch
):
    from community.notices import mails

    belong(cleo, north)
    told(make_comment(make_topic(north, by=ada), by=ben))
    told(make_comment(make_topic(north, by=cleo), by=ben))
    hours_pass(1)
    really = mails._write

    def fails(parcel, *rest):
        if parcel.member.pk == ada.pk:
            raise ValueError("broken")
        return really(parcel, *rest)

    monkeypatch.setattr(mails, "_write", fails)
    assert tasks.send_notices() == 1
    assert OutboxMail.objects.get().to == cleo.email
    assert Delivery.objects.get(member=ada, channel="mail").due_at > timezone.now()


def test_somebody_of_whose_news_nothing_can_be_said_holds_up_nobody_else(
    north, ada, ben, cleo, monkeypatch
):
    from community.notices import mails

    belong(cleo, north)
    told(make_comment(make_topic(north, by=ada), by=ben))
    told(make_comment(make_topic(north, by=cleo), by=ben))
    hours_pass(1)
    really = mails.gather

    def fails(rows, member):
        if member.pk == ada.pk:
            raise KeyError("community")
        return really(rows, member)

    monkeypatch.setattr(mails, "gather", fails)
    assert tasks.send_notices() == 1
    assert OutboxMail.objects.get().to == cleo.email
    assert Delivery.objects.get(member=ada, channel="mail").due_at > timezone.now()
    monkeypatch.setattr(mails, "gather", really)
    hours_pass(1)
    assert tasks.send_notices() == 1


def test_news_of_which_nobody_knows_who_hears_it_waits_and_holds_up_no_other(
    north, ada, ben, monkeypatch
):
    broken = told(make_comment(make_topic(north, by=ada, title="Broken"), by=ben))
    told(make_comment(make_topic(north, by=ada, title="Whole"), by=ben))
    hours_pass(1)
    nobody_knows_who_hears(broken.item_id, monkeypatch)
    assert tasks.send_notices() == 1
    assert "“Whole”" in OutboxMail.objects.get().subject
    waits = Delivery.objects.get(member=ada, channel="mail", sent_at=None)
    assert (waits.activity_id, waits.attempts, waits.dropped_at) == (broken.pk, 1, None)
    assert waits.due_at > timezone.now()
    monkeypatch.undo()
    hours_pass(1)
    assert tasks.send_notices() == 1


def test_who_was_removed_from_everything_can_be_told_so(ada, ben, as_):
    root = Space.objects.root()
    Membership.objects.filter(space=root, member=ada).update(ring=Ring.STEWARD)
    place = Membership.objects.get(space=root, member=ben)
    membership.remove(place, by=Member.objects.get(pk=ada.pk), reason="A reason.")
    gone = Activity.objects.get(verb="spaces.removed")
    notices.deliver(gone)
    hours_pass(1)
    tasks.send_notices()
    assert OutboxMail.objects.filter(to=ben.email).exists()
    assert as_(ben).get("/notices/").status_code == 200


def test_every_hour_of_quiet_is_known():
    from zoneinfo import ZoneInfo

    from community.notices.times import quiet_until

    berlin, night = ZoneInfo("Europe/Berlin"), NoticeSettings(quiet_from=22, quiet_to=7)
    evening = datetime(2026, 3, 28, 22, 30, tzinfo=UTC)  # 23:30; the clock goes forward at 2
    assert quiet_until(night, berlin, evening) == datetime(2026, 3, 29, 5, 0, tzinfo=UTC)
    morning = datetime(2026, 3, 29, 4, 59, tzinfo=UTC)
    assert quiet_until(night, berlin, morning) == datetime(2026, 3, 29, 5, 0, tzinfo=UTC)
    assert quiet_until(night, berlin, datetime(2026, 3, 29, 5, 0, tzinfo=UTC)) is None
    nap = NoticeSettings(quiet_from=13, quiet_to=15)
    assert quiet_until(nap, berlin, datetime(2026, 7, 1, 12, 0, tzinfo=UTC)).hour == 13
    assert quiet_until(nap, berlin, datetime(2026, 7, 1, 13, 0, tzinfo=UTC)) is None


def test_stewards_hear_who_asks_to_come_in_also_of_somebody_they_blocked(ada, cleo, north):
    Block.objects.create(member=ada, blocked=cleo)
    notices.deliver(feed.record("spaces.asked", actor=cleo, space=north))
    assert Notice.objects.filter(member=ada).exists()


def test_a_letter_that_waited_is_asked_again_and_the_rest_is_said_anew(
    north, ada, ben, cleo, settings
):
    settings.MAIL_TRANSPORT = "django.core.mail.backends.locmem.EmailBackend"
    belong(cleo, north)
    comment = answer(north, ada, ben, text="It is warm")
    newest = make_comment(comment.item, by=cleo, text="Nobody should read this")
    told(newest)
    hours_pass(7)
    assert tasks.send_notices() == 1
    letter = OutboxMail.objects.get(to=ada.email)
    assert "Nobody should read this" in letter.body_text
    writing.delete_item(newest, by=cleo)
    assert mail.deliver_due() == 0
    letter.refresh_from_db()
    assert (letter.error, letter.body_text, letter.subject) == (written.TAKEN_BACK, "", "")
    assert tasks.send_notices() == 1
    assert mail.deliver_due() == 1
    (sent,) = django_mail.outbox
    assert "It is warm" in sent.body
    assert "Nobody should read this" not in sent.body


def test_a_letter_to_who_is_still_told_leaves_once(north, ada, ben, settings):
    settings.MAIL_TRANSPORT = "django.core.mail.backends.locmem.EmailBackend"
    answer(north, ada, ben)
    hours_pass(7)
    tasks.send_notices()
    assert mail.deliver_due() == 1
    assert tasks.send_notices() == 0
    assert len(django_mail.outbox) == 1


def test_one_notice_that_cannot_be_worded_holds_up_no_other_push(
    north, ada, ben, monkeypatch, settings
):
    settings.VAPID_KEY = web_push.packed(b"\x07" * 32)
    first = answer(north, ada, ben)
    south, nia = make_space("South", steward=ada), make_member("Nia")
    belong(nia, south)
    answer(south, ada, nia)
    really = push.worded

    def fails(parcel, bundle, **options):
        if bundle.first.thing == first.item_id:
            raise ValueError("broken")
        return really(parcel, bundle, **options)

    monkeypatch.setattr(push, "worded", fails)
    monkeypatch.setattr(push, "send", lambda device, what: push.TAKEN)
    PushSubscription.objects.create(
        member=ada, endpoint="https://push.example.org/1", key="k", secret="s"
    )
    Delivery.objects.exclude(channel="push").delete()
    assert tasks.send_pushes() == 1
    sent, waits = Delivery.objects.order_by("sent_at")
    assert sent.sent_at is not None
    assert (waits.sent_at, waits.attempts, waits.activity.item) == (None, 1, first.item_ptr)


def test_what_waits_for_its_hour_is_not_pulled_forward_by_a_failure(north, ada, ben, monkeypatch):
    answer(north, ada, ben)
    row = Delivery.objects.get(channel="mail")
    row.was_due = False
    before = row.due_at
    sending.try_again([row])
    row.refresh_from_db()
    assert (row.due_at, row.attempts) == (before, 0)


def test_a_letter_of_which_nobody_can_say_whose_it_is_waits(north, ada, ben, settings, monkeypatch):
    settings.MAIL_TRANSPORT = "django.core.mail.backends.locmem.EmailBackend"
    comment = answer(north, ada, ben)
    hours_pass(7)
    tasks.send_notices()
    with monkeypatch.context() as broken:
        nobody_knows_who_hears(comment.pk, broken)
        assert mail.deliver_due() == 0
    letter = OutboxMail.objects.get(to=ada.email)
    assert (letter.sent_at, letter.failed_at) == (None, None)
    assert letter.body_text
    OutboxMail.objects.update(next_try_at=timezone.now())
    assert mail.deliver_due() == 1
