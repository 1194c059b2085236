"""How notices come: presets, single ways, what last week would have been, and one-click ends."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.core import signing
from django.test import Client
from django.utils import timezone

from community import notices
from community.models import (
    Activity,
    Follow,
    Item,
    Membership,
    Mute,
    Notice,
    NoticePreference,
    NoticeSettings,
    RoomPerson,
)
from community.notices import choosing, lately, unsubscribing
from community.operations import chat
from community.operations import notices as operations
from community.registry import CLASSES, registry
from groups.operations import topics
from tests.community.test_chat import say
from tests.factories import belong, make_comment, make_member, make_topic

pytestmark = pytest.mark.django_db


def told(item):
    activity = Activity.objects.get(item_id=item.pk)
    notices.deliver(activity)
    return activity


def form(member, **changes):
    """What the page's one form holds now."""
    wants = choosing.wants_of(member)
    fields = {
        f"{channel}_{attention}": wants.when(attention, channel)
        for attention in CLASSES
        for channel in ("app", "mail", "push")
        if len(choosing.may_choose(attention, channel)) > 1
    }
    chosen = wants.settings
    for name in ("digest", "digest_day", "digest_hour", "quiet_from", "quiet_to"):
        fields[name] = "" if getattr(chosen, name) is None else getattr(chosen, name)
    return fields | changes


def test_classes_are_the_same_in_the_registry_and_in_the_models():
    assert set(CLASSES) == set(choosing.MAY_BE) == set(choosing.ABOUT)
    for preset in choosing.USUAL.values():
        assert set(preset) == set(CLASSES)
        for attention, both in preset.items():
            for channel, value in zip(("mail", "push"), both, strict=True):
                assert value in choosing.may_choose(attention, channel)


def test_every_verb_that_is_told_has_a_class():
    told_of = [verb for verb in registry.verbs.values() if verb.recipients]
    assert len(told_of) > 30
    assert {verb.name for verb in told_of if verb.attention not in CLASSES} == set()


def test_one_form_changes_all_of_it(as_, ben):
    sent = form(
        ben,
        mail_person="digest",
        push_person="never",
        app_organisation="never",
        digest="weekly",
        digest_day=2,
        digest_hour=8,
        quiet_from="",
        quiet_to="",
        discreet="on",
        resting_until=f"{timezone.localdate() + timedelta(days=7):%Y-%m-%d}",
    )
    assert as_(ben).post("/me/notices/", sent).status_code == 302
    wants = choosing.wants_of(ben)
    assert wants.when("person", "mail") == "digest"
    assert wants.when("organisation", "app") == "never"
    assert NoticePreference.objects.filter(member=ben).count() == 3
    row = wants.settings
    assert (row.digest, row.digest_day, row.digest_hour) == ("weekly", 2, 8)
    assert (row.quiet_from, row.discreet, row.next_digest_at) == (None, True, None)
    assert row.resting_until == timezone.localdate() + timedelta(days=7)
    page = as_(ben).get("/me/notices/").content.decode()
    assert "No quiet hours. You rest until" in page
    assert as_(ben).post("/me/notices/", form(ben)).status_code == 302


@pytest.mark.parametrize(
    "wrong",
    [
        {"mail_security": "never", "mail_person": "sometimes"},
        {"mail_right": "digest"},
        {"digest_hour": "24"},
        {"quiet_from": "22", "quiet_to": ""},
        {"resting_until": "2001-01-01"},
        {"digest": ""},
    ],
)
def test_what_is_not_offered_is_not_kept(as_, ben, wrong):
    assert as_(ben).post("/me/notices/", form(ben) | wrong).status_code == 422
    assert not NoticePreference.objects.exists()


def test_a_preset_sets_single_choices_back_and_moves_groups(as_, ben, north):
    operations.choose_way("person", channel="mail", value="never", by=ben)
    quiet = make_member("Quiet")
    belong(quiet, north)
    Membership.objects.filter(member=quiet).update(volume="mentions")
    for member in (ben, quiet):
        as_(member).post("/me/notices/preset/", {"preset": "everything"})
    assert Membership.objects.get(member=ben, space=north).volume == "all"
    assert Membership.objects.get(member=quiet, space=north).volume == "mentions"
    assert not NoticePreference.objects.exists()
    as_(ben).post("/me/notices/preset/", {"preset": "calm"})
    assert Membership.objects.get(member=ben, space=north).volume == "digest"
    assert NoticeSettings.objects.get(member=ben).digest == "weekly"
    as_(ben).post("/me/notices/preset/", {"preset": "loudest"})
    assert NoticeSettings.objects.get(member=ben).preset == "calm"


def test_going_back_to_what_the_preset_says_keeps_no_row(ben):
    operations.choose_way("person", channel="mail", value="never", by=ben)
    operations.choose_way("person", channel="mail", value="later", by=ben)
    assert not NoticePreference.objects.exists()


def test_all_groups_at_once_and_only_ones_own(as_, ben, cleo, north):
    as_(ben).post("/me/notices/groups/", {f"volume-{north.pk}": "mute"})
    assert Membership.objects.get(member=ben, space=north).volume == "mute"
    as_(cleo).post("/me/notices/groups/", {f"volume-{north.pk}": "all"})
    assert not Membership.objects.filter(space=north, volume="all").exists()
    as_(ben).post("/me/notices/groups/", {f"volume-{north.pk}": "loud"})
    assert Membership.objects.get(member=ben, space=north).volume == "mute"


def test_conversations_one_hears_less_of_are_listed_and_come_back(as_, ben, ada, north):
    topic = make_topic(north, by=ada, title="Endless matter")
    Follow.objects.create(member=ben, item_id=topic.pk, volume="mute")
    assert "Endless matter" in as_(ben).get("/me/notices/").content.decode()
    as_(ben).post(f"/me/notices/things/{topic.pk}/")
    assert Follow.objects.get(member=ben).volume == "mentions"
    assert as_(ada).post(f"/me/notices/things/{topic.pk}/").status_code == 404


def test_loud_conversations_and_chats_heard_of_otherwise_are_listed_too(
    as_, ben, ada, cleo, north, general
):
    loud, mine = make_topic(north, by=ada, title="Loud"), make_topic(north, by=ben, title="Mine")
    Follow.objects.create(member=ben, item_id=loud.pk, volume="all")
    pair = chat.open_direct([ada], by=ben)
    chat.set_volume(general, volume="all", by=ben)
    chat.set_volume(pair, volume="mute", by=ben)
    client = as_(ben)
    html = client.get("/me/notices/").content.decode().partition('id="things"')[2]
    assert "Loud" in html
    assert "Mine" not in html, "one's own are heard of as is usual"
    for room in (general, pair):
        assert f"/me/notices/rooms/{room.pk}/" in html
        assert as_(cleo).post(f"/me/notices/rooms/{room.pk}/").status_code == 404
        client.post(f"/me/notices/rooms/{room.pk}/")
    client.post(f"/me/notices/things/{loud.pk}/")
    volumes = dict(RoomPerson.objects.filter(member=ben).values_list("room", "volume"))
    assert volumes == {general.pk: "mentions", pair.pk: "all"}
    assert 'id="things"' not in client.get("/me/notices/").content.decode()
    assert Follow.objects.filter(member=ben, item_id=mine.pk, volume="all").exists()


def test_last_week_under_each_preset_is_counted_from_what_happened(ben, ada, north):
    topic = make_topic(north, by=ben, title="Mine")
    for text in ("One", "Two"):
        told(make_comment(topic, by=ada, text=text))
    other = make_topic(north, by=ada, title="Other")
    now = timezone.now()
    for days, item in ((3, topic), (2, other)):
        at = now - timedelta(days=days)
        Item.objects.filter(pk=item.pk).update(created_at=at, active_at=at)
    Notice.objects.update(created_at=now - timedelta(days=3))
    _, weeks = lately.weeks(ben)
    assert (weeks["balanced"].on_site, weeks["balanced"].pushes) == (2, 2)
    assert weeks["balanced"].mails == 1  # both answers, unread, in one mail
    assert weeks["balanced"].digests >= 1
    assert weeks["calm"].pushes == 0
    assert weeks["calm"].digests <= 1
    assert weeks["everything"].on_site == 3  # the other topic is a notice of its own
    assert weeks["everything"].mails == 2  # at once, each by itself
    Notice.objects.update(read_at=now - timedelta(days=3) + timedelta(hours=1))
    assert lately.weeks(ben)[1]["balanced"].mails == 0


def test_the_page_asks_the_same_with_2_and_with_12(as_, ada, ben, north, queries):
    counts = []
    for more in (2, 10):
        for _ in range(more):
            topic = make_topic(north, by=ada, text="x")
            told(make_comment(topic, by=ada, text="@ben-castillo"))
            Follow.objects.create(member=ben, item_id=topic.pk, volume="mute")
        client = as_(ben)
        client.get("/me/notices/")
        with queries() as asked:
            client.get("/me/notices/")
        counts.append(len(asked))
    assert counts[0] == counts[1]
    assert counts[0] <= 17


# Exactly that, in one step


def why(client, notice):
    return client.get(f"/notices/{notice.pk}/why/").content.decode()


def press(client, page, words):
    """The button with these words, pressed."""
    buttons = re.findall(r'formaction="([^"]+)"[^>]*>(.*?)</button>', page)
    found = [url for url, label in buttons if re.sub("<.*?>", "", label).strip() == words]
    assert found, words
    return client.post(found[0])


def test_each_notice_says_why_and_lets_one_change_exactly_that(as_, ada, ben, north):
    topic = make_topic(north, by=ben, title="The boiler")
    told(make_comment(topic, by=ada))
    notice, client = Notice.objects.get(member=ben), as_(ben)
    page = why(client, notice)
    assert "because you began this conversation" in page
    press(client, page, "Nothing more of this conversation")
    assert Follow.objects.get(member=ben, item_id=topic.pk).volume == "mute"
    html = client.get("/notices/").content.decode()
    undo = re.search(
        r'action="(/notices/\d+/change/[^"]+)"><input[^>]+><button class="toast__do', html
    )
    client.post(undo[1])
    assert Follow.objects.get(member=ben, item_id=topic.pk).volume == "all"
    press(client, page, "Nothing more of Ada Mensah")
    assert Mute.objects.filter(member=ben, muted=ada).exists()
    client.post(f"/notices/{notice.pk}/change/person/hear/")
    assert not Mute.objects.exists()
    press(client, page, "In the digest")
    assert NoticePreference.objects.get(member=ben).value == "digest"


def test_who_hears_everything_can_have_it_in_the_digest(as_, ada, ben, north):
    Membership.objects.filter(space=north, member=ben).update(volume="all")
    told(topics.post_topic(north.group, by=ada, title="The boiler", text="Cold."))
    client, notice = as_(ben), Notice.objects.get(member=ben)
    press(client, why(client, notice), "New topics of this group in the digest only")
    assert Membership.objects.get(space=north, member=ben).volume == "digest"


def test_of_chat_and_alarms_the_true_reason_is_said(as_, ada, ben, fay, north, general):
    mine = say(general, ben)
    say(general, ada, "Yes", reply_to=mine)
    say(general, ada, f"@{ben.handle} bring the keys")
    say(chat.open_direct([ben], by=ada), ada, "Only you")
    chat.ask_to_bring(mine, by=ada)
    for activity in Activity.objects.filter(verb__startswith="chat."):
        notices.deliver(activity)
    rows = notices.for_page(ben).filter(activity__verb__startswith="chat.")
    reasons = {row.activity.verb: notices.gather([row], ben)[0].why for row in rows}
    assert reasons == {
        "chat.replied": "it is a reply to you",
        "chat.mentioned": "you were named",
        "chat.written": "you are in this conversation",
        "chat.asked_to_bring": "it is about your own words",
    }
    for verb in registry.verbs.values():
        if verb.recipients and verb.topic not in SAID_BY_TOPIC:
            assert verb.why, verb.name


SAID_BY_TOPIC = (
    "talk",
    "replies",
    "groups",
    "membership",
    "steward",
    "moderation",
    "safeguarding",
    "announcements",
)


def test_a_chat_can_be_silenced_from_its_notice_and_one_step_back(as_, ada, ben, general):
    say(general, ben)
    said = say(general, ada, f"@{ben.handle} bring the keys")
    notices.deliver(Activity.objects.get(message=said))
    notice, client = Notice.objects.get(member=ben), as_(ben)
    press(client, why(client, notice), "Nothing more of this chat")
    mine = RoomPerson.objects.get(room=general, member=ben)
    assert mine.volume == "mute"
    html = client.get("/notices/").content.decode()
    undo = re.search(
        r'action="(/notices/\d+/change/[^"]+)"><input[^>]+><button class="toast__do', html
    )
    client.post(undo[1])
    mine.refresh_from_db()
    assert mine.volume == "mentions"
    assert client.post(f"/notices/{notice.pk}/change/room/loud/").status_code == 302
    mine.refresh_from_db()
    assert mine.volume == "mentions"


def test_nobody_reads_or_changes_anothers_notice(as_, ada, ben, cleo, north):
    told(make_comment(make_topic(north, by=ben), by=ada))
    notice = Notice.objects.get(member=ben)
    assert as_(cleo).get(f"/notices/{notice.pk}/why/").status_code == 404
    assert as_(cleo).post(f"/notices/{notice.pk}/change/person/mute/").status_code == 404
    assert as_(ben).post(f"/notices/{notice.pk}/change/nonsense/mute/").status_code == 404
    assert as_(ben).post(f"/notices/{notice.pk}/change/thing/loud/").status_code == 302
    assert not Mute.objects.exists()


def test_marked_as_read_can_be_taken_back(as_, ada, ben, north):
    told(make_comment(make_topic(north, by=ben), by=ada))
    told(make_comment(make_topic(north, by=ben), by=ada))
    client = as_(ben)
    client.post("/notices/read/")
    assert notices.unread_count(ben) == 0
    undo = re.search(r'action="(/notices/unread/\d+/)"', client.get("/notices/").content.decode())
    as_(ada).post(undo[1])
    assert notices.unread_count(ben) == 0
    client.post(undo[1])
    assert client.get("/notices/count/").json() == {"unread": 2, "rooms": 0}
    assert client.post("/notices/unread/99999999999999999999/").status_code == 404


def test_open_pages_are_told_the_number(as_, ada, ben, north, committed, monkeypatch):
    from community import live

    said = []
    monkeypatch.setattr(live, "publish_all_on_commit", lambda frames, **_: said.extend(frames))
    topic = make_topic(north, by=ben)
    told(make_comment(topic, by=ada))
    assert said == [], "nobody who was away for weeks has a page open"
    as_(ben).get("/notices/")
    told(make_comment(topic, by=ada))
    assert said == [(f"member:{ben.pk}", {"t": "bell", "unread": 2})]
    said.clear()
    operations.mark_read(by=ben)
    assert said == [(f"member:{ben.pk}", {"t": "bell", "unread": 0})]


# Without signing in


def token(member, purpose):
    return unsubscribing.address(member, purpose).rpartition("unsubscribe/")[2].strip("/")


def test_one_click_ends_mail_of_one_purpose_without_cookies(ben):
    client = Client(enforce_csrf_checks=True)
    path = f"/unsubscribe/{token(ben, 'groups')}/"
    assert client.get(path).status_code == 200
    assert not NoticePreference.objects.exists()
    answer = client.post(path, {"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200
    row = NoticePreference.objects.get()
    assert (row.member, row.attention, row.channel, row.value) == (ben, "groups", "mail", "never")
    assert client.post(path).status_code == 200
    assert NoticePreference.objects.count() == 1


def test_one_click_ends_the_digest_and_one_more_begins_it(ben):
    client, path = Client(), f"/unsubscribe/{token(ben, 'digest')}/"
    client.post(path)
    assert NoticeSettings.objects.get(member=ben).digest == "never"
    client.post(f"{path}again/")
    assert NoticeSettings.objects.get(member=ben).digest == "daily"


@pytest.mark.parametrize("purpose", ["security", "right", "nonsense"])
def test_what_must_come_has_no_such_link(ben, purpose):
    assert unsubscribing.address(ben, purpose) == ""
    forged = signing.dumps([ben.pk, purpose], salt="tequio.unsubscribe")
    assert Client().post(f"/unsubscribe/{forged}/").status_code == 404


def test_a_link_that_is_not_ours_ends_nothing(ben):
    good = token(ben, "groups")
    for bad in (good[:-1] + ("A" if good[-1] != "A" else "B"), signing.dumps([ben.pk, "groups"])):
        assert Client().post(f"/unsubscribe/{bad}/").status_code == 404
    assert not NoticePreference.objects.exists()
