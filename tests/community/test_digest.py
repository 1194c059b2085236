"""The digest: at the person's hour, once, of what is unread and still theirs to see."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from community import notices, tasks
from community.models import (
    Activity,
    Block,
    Follow,
    Item,
    Member,
    Membership,
    Notice,
    NoticeSettings,
    OutboxMail,
    Ring,
)
from community.notices import digest, written
from community.notices.times import Pause, next_digest, paused
from community.operations import chat, membership, reading, writing
from community.operations import notices as operations
from tests.community.test_chat import say
from tests.factories import belong, make_comment, make_member, make_space, make_topic

pytestmark = pytest.mark.django_db


def due(*members):
    """Their digest is due, and looks back over a day; what was just written is no news yet."""
    now = timezone.now()
    for member in members:
        operations.change_settings(by=member)
        NoticeSettings.objects.filter(member=member).update(
            next_digest_at=now, digested_to=now - timedelta(days=1)
        )
    long_ago = now - timedelta(hours=1)
    Item.objects.update(active_at=long_ago, created_at=long_ago)


def mails_to(member):
    return OutboxMail.objects.filter(to=member.email)


def test_new_topics_of_a_group_come_in_the_digest_by_group(north, ada, ben):
    topic = make_topic(north, by=ada, title="The boiler")
    make_comment(topic, by=ada)
    due(ben)
    assert not Notice.objects.exists()
    assert tasks.send_digests() == 1
    mail = mails_to(ben).get()
    assert "The boiler" in mail.body_text
    assert "Ada Mensah began it, one new answer" in mail.body_text
    assert north.name.upper() in mail.body_text
    assert f"/topics/{topic.pk}/" in mail.body_html
    assert mail.headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert "/unsubscribe/" in mail.headers["List-Unsubscribe"]


def test_rooms_with_something_unread_stand_in_it_by_name(north, ada, ben, fay, general):
    say(general, ben, "I am here")
    say(general, ada, "Where are the keys?")
    say(general, ada, "Found them.")
    chat.set_volume(general, volume="mute", by=ada)
    due(ada, ben, fay)
    assert tasks.send_digests() == 1, "not of what one muted, nor of where one never was"
    mail = mails_to(ben).get()
    assert "2 new messages" in mail.body_text
    assert f"{north.name}: general" in mail.body_text
    assert f"/chat/{general.pk}/" in mail.body_text
    assert "keys" not in mail.body_text + mail.body_html
    due(ben)
    NoticeSettings.objects.update(digested_to=timezone.now())
    assert tasks.send_digests() == 0, "once"
    due(ben)
    chat.mark_read(general, by=ben)
    assert tasks.send_digests() == 0


def test_a_room_that_is_closed_to_somebody_by_now_is_not_named(ada, ben, north, general):
    chat.set_volume(general, volume="all", by=ben)
    say(general, ada, "Tomorrow")
    due(ben)
    assert tasks.send_digests() == 1
    chat.change_room(general, min_ring=Ring.CORE, by=ada)
    assert written.hold_back(list(mails_to(ben))) == []


@pytest.mark.parametrize(
    ("days", "since", "says"),
    [
        (59, 1, Pause.NONE),
        (60, 1, Pause.OVER),
        (60, 7, Pause.WEEK),
        (125, 7, Pause.OVER),
        (125, 30, Pause.MONTH),
        (215, 30, Pause.LAST),
        (240, 90, Pause.OVER),
    ],
)
def test_who_is_not_here_for_long_gets_it_seldom_then_no_more(north, ada, ben, days, since, says):
    make_topic(north, by=ada)
    due(ben)
    now = timezone.now()
    Member.objects.filter(pk=ben.pk).update(last_seen_on=(now - timedelta(days=days)).date())
    NoticeSettings.objects.update(digested_to=now - timedelta(days=since))
    row = NoticeSettings.objects.get(member=ben)
    assert paused(row, now) == says
    assert tasks.send_digests() == (says is not Pause.OVER)
    for word, when in (("once a week", Pause.WEEK), ("last one until", Pause.LAST)):
        said = any(word in mail.body_text for mail in mails_to(ben))
        assert said == (says is when)


def test_it_comes_once_and_the_next_is_another_day(north, ada, ben):
    make_topic(north, by=ada)
    due(ben)
    assert [tasks.send_digests(), tasks.send_digests()] == [1, 0]
    row = NoticeSettings.objects.get(member=ben)
    assert row.next_digest_at > timezone.now()
    NoticeSettings.objects.update(next_digest_at=timezone.now())
    assert tasks.send_digests() == 0
    assert mails_to(ben).count() == 1


def test_nothing_new_no_digest(north, ada, ben):
    due(ada, ben)
    assert tasks.send_digests() == 0
    assert not OutboxMail.objects.exists()


def test_what_was_read_is_left_out(north, ada, ben):
    topic = make_topic(north, by=ada)
    reading.mark_read(topic, by=ben)
    due(ben)
    assert tasks.send_digests() == 0


def test_what_had_no_room_stands_in_the_next(north, ada, ben, monkeypatch):
    monkeypatch.setattr(digest, "MOST_LINES", 1)
    for title in ("First", "Second"):
        topic = make_topic(north, by=ada, title=title)
        make_comment(topic, by=ben, text=f"@{ada.handle} look")
        Follow.objects.filter(member=ada).delete()
    for activity in Activity.objects.filter(verb="comments.posted"):
        notices.deliver(activity)
    Notice.objects.update(attention="groups")
    due(ada)
    assert tasks.send_digests() == 1
    assert Notice.objects.filter(member=ada, mailed_at=None).count() == 1
    due(ada)
    tasks.send_digests()
    assert not Notice.objects.filter(member=ada, mailed_at=None).exists()


def test_ones_own_words_are_no_news(north, ada, ben):
    make_topic(north, by=ben)
    due(ben)
    assert tasks.send_digests() == 0


def test_own_notices_stand_in_it_by_thing_and_once(north, ada, ben, cleo):
    belong(cleo, north)
    topic = make_topic(north, by=ada, title="The boiler")
    Follow.objects.create(member=cleo, item_id=topic.pk, volume="all")
    for text in ("Cold", "Colder"):
        notices.deliver(Activity.objects.get(item_id=make_comment(topic, by=ben, text=text).pk))
    due(cleo)
    assert tasks.send_digests() == 1
    text = mails_to(cleo).get().body_text
    assert text.count("The boiler") == 1
    assert "Ben Castillo answered in “The boiler”" in text
    assert Notice.objects.filter(member=cleo, mailed_at=None).count() == 0
    NoticeSettings.objects.update(next_digest_at=timezone.now())
    assert tasks.send_digests() == 0


@pytest.mark.parametrize("turn", ["deleted", "left", "blocked", "muted group", "muted topic"])
def test_what_may_not_be_seen_or_is_not_wanted_any_more_is_left_out(ada, ben, turn):
    space = make_space("Inner circle", openness="closed", steward=ada)
    belong(ben, space)
    enemy = make_member("Enemy")
    belong(enemy, space)
    topic = make_topic(space, by=enemy, title="Inside matter")
    Follow.objects.create(member=ben, item_id=topic.pk, volume="all")
    notices.deliver(Activity.objects.get(item_id=make_comment(topic, by=enemy).pk))
    assert Notice.objects.filter(member=ben).exists()
    if turn == "deleted":
        writing.delete_item(topic, by=enemy)
    elif turn == "left":
        membership.leave(space, by=ben)
    elif turn == "blocked":
        Block.objects.create(member=enemy, blocked=ben)
    elif turn == "muted group":
        Membership.objects.filter(member=ben, space=space).update(volume="mute")
    else:
        Follow.objects.filter(member=ben).update(volume="mute")
    due(ben)
    assert tasks.send_digests() == 0
    assert not OutboxMail.objects.exists()


def test_a_conversation_alone_can_be_heard_of_in_the_digest(north, ada, ben):
    Membership.objects.filter(member=ben, space=north).update(volume="mentions")
    topic, other = make_topic(north, by=ada, title="This"), make_topic(north, by=ada, title="That")
    reading.follow(topic, volume="digest", by=ben)
    due(ben)
    assert tasks.send_digests() == 1
    text = mails_to(ben).get().body_text
    assert "This" in text
    assert "That" not in text, other


def test_in_the_readers_language_and_discreet_if_they_say_so(north, ada, ben, community):
    ben.language = "es"
    ben.save()
    make_topic(north, by=ada, title="The boiler")
    operations.change_settings(by=ben, discreet=True)
    due(ben)
    assert tasks.send_digests() == 1
    mail = mails_to(ben).get()
    for word in ("The boiler", community.name, north.name, "Ada"):
        assert word not in mail.subject + mail.body_text + mail.body_html + mail.sender


def test_a_late_clock_loses_nothing(north, ada, ben):
    make_topic(north, by=ada, title="The boiler")
    due(ben)
    days_ago = timezone.now() - timedelta(days=9)
    Item.objects.update(active_at=days_ago, created_at=days_ago)
    NoticeSettings.objects.update(digested_to=days_ago - timedelta(days=1))
    assert tasks.send_digests() == 1
    assert "The boiler" in mails_to(ben).get().body_text


def test_who_has_no_settings_yet_gets_a_first_digest_planned(north, ada, ben):
    assert not NoticeSettings.objects.exists()
    assert tasks.plan_digests() >= 2
    row = NoticeSettings.objects.get(member=ben)
    assert row.next_digest_at > timezone.now()
    assert tasks.plan_digests() == 0


def test_another_time_zone_is_another_moment(as_, north, ada, ben):
    tasks.plan_digests()
    before = NoticeSettings.objects.get(member=ben).next_digest_at
    form = {"theme": "system", "language": "en", "time_zone": "Pacific/Auckland"}
    as_(ben).post("/me/look/", form)
    tasks.plan_digests()
    after = NoticeSettings.objects.get(member=ben).next_digest_at
    assert after != before
    assert after.astimezone(ZoneInfo("Pacific/Auckland")).hour == 17


def test_while_resting_it_waits_with_all_that_belongs_in_it(north, ada, ben):
    make_topic(north, by=ada, title="The boiler")
    operations.rest(timezone.localdate() + timedelta(days=3), by=ben)
    due(ben)
    assert tasks.send_digests() == 0
    operations.rest(None, by=ben)
    NoticeSettings.objects.update(next_digest_at=timezone.now())
    assert tasks.send_digests() == 1


def test_one_that_cannot_be_written_holds_up_no_other(north, ada, ben, cleo, monkeypatch):
    belong(cleo, north)
    make_topic(north, by=ada)
    due(ben, cleo)
    really = digest.of

    def fails(member, *rest, **more):
        if member.pk == ben.pk:
            raise ValueError("broken")
        return really(member, *rest, **more)

    monkeypatch.setattr(digest, "of", fails)
    assert tasks.send_digests() == 1
    assert OutboxMail.objects.get().to == cleo.email


BERLIN = ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(
    ("now", "then"),
    [
        ("2026-03-28T16:30", "2026-03-29T15:00"),  # forward in the night: 17:00 is 15:00 UTC
        ("2026-10-24T15:30", "2026-10-25T16:00"),  # back in the night: 17:00 is 16:00 UTC
        ("2026-07-01T14:59", "2026-07-01T15:00"),
        ("2026-07-01T15:00", "2026-07-02T15:00"),
    ],
)
def test_daily_is_at_the_same_hour_on_the_wall(now, then):
    daily = NoticeSettings(digest="daily", digest_hour=17)
    now, then = (datetime.fromisoformat(each).replace(tzinfo=UTC) for each in (now, then))
    assert next_digest(daily, BERLIN, now) == then


def test_the_hour_that_the_clock_skips_is_the_hour_after_and_the_one_it_repeats_comes_once():
    night = NoticeSettings(digest="daily", digest_hour=2)
    before = datetime(2026, 3, 28, 12, tzinfo=UTC)
    first = next_digest(night, BERLIN, before)
    assert first.astimezone(BERLIN).hour == 3
    assert next_digest(night, BERLIN, first).astimezone(BERLIN).date().day == 30
    autumn = next_digest(night, BERLIN, datetime(2026, 10, 24, 12, tzinfo=UTC))
    assert next_digest(night, BERLIN, autumn).astimezone(BERLIN).date().day == 26


def test_weekly_is_on_the_day_and_never_is_never():
    weekly = NoticeSettings(digest="weekly", digest_hour=17, digest_day=6)
    found = next_digest(weekly, BERLIN, datetime(2026, 7, 1, 12, tzinfo=UTC))
    assert (found.astimezone(BERLIN).weekday(), found.astimezone(BERLIN).hour) == (6, 17)
    assert next_digest(weekly, BERLIN, found) - found == timedelta(days=7)
    assert next_digest(NoticeSettings(digest="never"), BERLIN, found) is None
