"""Open pages: who may have one, what it hears, and that this ends when something is taken away."""

from __future__ import annotations

import time
import uuid
from contextlib import suppress
from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone
from websockets.exceptions import ConnectionClosed

from community import live, sessions
from community.live import watch
from community.live.hub import hub
from community.models import Membership, Message, Ring
from community.operations import chat, membership, people, rings, sanctions
from tests import factories
from tests.live.pages import until


def say(room, by, text="We meet at the gate.", **fields):
    return chat.post_message(room, text=text, client_id=uuid.uuid4(), by=by, **fields)


# Who may open one


def test_a_page_of_another_site_opens_none(site, ben):
    assert site.refusal(ben) is None
    for origin in ("http://evil.example", None, "null", "http://localhost.evil.example", "file://"):
        assert site.refusal(ben, origin=origin) == 403, origin


def test_nobody_opens_one_without_a_living_session(site, ben):
    assert site.refusal(None) == 403
    client = Client()
    client.force_login(ben)
    assert site.refusal(ben, client=client) is None
    Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1))
    assert site.refusal(ben, client=client) == 403


def test_who_is_suspended_or_not_come_in_yet_opens_none(site, ben, cleo):
    ben.suspended_until = timezone.now() + timedelta(days=1)
    ben.save()
    assert site.refusal(ben) == 403
    cleo.onboarded_at = None
    cleo.save()
    assert site.refusal(cleo) == 403


def test_a_password_changed_elsewhere_lets_the_old_session_open_none_and_does_not_end_it(site, ben):
    client = Client()
    client.force_login(ben)
    ben.set_password("another long password")
    ben.save()
    assert site.refusal(ben, client=client) == 403
    assert Session.objects.count() == 1


def test_there_is_one_address_of_sockets(site, ben):
    assert site.refusal(ben, path="/ws/other/") == 403
    assert site.refusal(ben, path="/chat/") == 403


# What it hears


def test_who_reads_a_room_hears_it_and_nobody_else(page, general, ben, ada, fay, cleo, mo):
    listening = [page(ben, general), page(ada, general)]
    deaf = [page(who) for who in (fay, cleo, mo)]
    assert [one.join(general) for one in deaf] == [False, False, False]
    say(general, ada)
    for one in listening:
        frame = one.wait("message")
        assert frame["seq"] == 1
        assert "We meet at the gate." in frame["html"]
    heard = [frame["t"] for one in deaf for frame in one.all()]
    assert set(heard) <= {"beat"}


def test_a_room_that_there_is_not_is_answered_like_one_that_may_not_be_read(page, general, fay):
    one = page(fay)
    one.say(t="join", room=general.pk)
    one.say(t="join", room=general.pk + 1000)
    first, second = one.all()
    assert first | {"room": 0} == second | {"room": 0}


def test_an_answer_a_reaction_an_edit_and_a_deletion_arrive(page, general, ben, ada):
    one = page(ben, general)
    first = say(general, ada)
    say(general, ben, "I come too.", reply_to=first)
    chat.react_to_message(first, emoji="❤️", by=ben)
    chat.edit_message(first, text="We meet at the bridge.", by=ada)
    chat.delete_message(first, by=ada)
    frames = [frame for frame in one.all() if frame["t"] != "at"]
    assert [frame["t"] for frame in frames if frame["seq"] == 1][-3:] == [
        "reacted", "edited", "deleted",
    ]  # fmt: skip
    assert [frame["seq"] for frame in frames if frame["t"] == "message"] == [1, 2]
    assert next(frame["t"] for frame in frames if "bridge" in frame["html"]) == "edited"
    assert "bridge" not in frames[-1]["html"]


def test_what_is_sent_over_the_socket_is_said_once_and_answered(page, general, ben, ada):
    speaks, hears = page(ben, general), page(ada, general)
    key = str(uuid.uuid4())
    for _ in range(2):
        speaks.say(t="send", room=general.pk, client_id=key, text="I bring the leaflets.")
        assert speaks.wait("sent", client_id=key)["seq"] == 1
    assert len(hears.all("message")) == 1
    assert Message.objects.get().author == ben


def test_a_refusal_comes_back_in_words_of_the_person(page, general, ben, ada):
    chat.lock_room(general, by=ada)
    ben.language = "es"
    ben.save()
    one = page(ben, general)
    one.say(t="send", room=general.pk, client_id=str(uuid.uuid4()), text="Hello?")
    assert one.wait("refused")["why"]
    for key, text in (("no", "Hello"), (str(uuid.uuid4()), ["a"]), (None, "Hello")):
        one.say(t="send", room=general.pk, client_id=key, text=text)
        assert one.wait("refused")
    assert not Message.objects.exists()


def test_who_is_kept_apart_hears_nothing_of_each_other_but_stewards_do(page, general, ben, ada):
    dora = factories.make_member("Dora Bell")
    factories.belong(dora, general.space, ring=Ring.PARTICIPANT)
    people.block(dora, by=ben)
    people.block(ada, by=dora)
    heard_by = {who: page(who, general) for who in (ben, dora, ada)}
    said = say(general, ben)
    chat.react_to_message(said, emoji="❤️", by=ada)
    assert heard_by[dora].all() == []
    assert {frame["t"] for frame in heard_by[ada].all()} == {"message", "reacted"}
    say(general, dora, "And I bring tea.")
    assert "tea" not in str([*heard_by[ben].all(), *heard_by[ben].heard])
    assert "tea" in str(heard_by[ada].all())


def test_a_block_set_while_both_listen_holds_at_once(page, general, ben, ada):
    dora = factories.make_member("Dora Bell")
    factories.belong(dora, general.space, ring=Ring.PARTICIPANT)
    one = page(dora, general)
    people.block(dora, by=ben)
    time.sleep(0.5)
    say(general, ben)
    assert one.all() == []


def test_who_comes_late_to_a_conversation_hears_nothing_of_before(page, ben, ada, cleo):
    dora = factories.make_member("Dora Bell")
    among = chat.open_direct([ben, dora], by=ada)
    _take_part(among)
    first = say(among, ada, "Between us.")
    chat.add_people(among, people=[cleo], by=ada)
    _take_part(among)
    late, before = page(cleo, among), page(ben, among)
    chat.edit_message(first, text="Between the three of us.", by=ada)
    assert before.wait("edited")
    assert late.all("edited") == []
    say(among, ada, "Welcome.")
    assert late.wait("message")


def _take_part(among):
    for row in among.people.filter(accepted_at=None):
        chat.accept_request(among, by=row.member)


def test_everybody_hears_all_of_it_in_order(page, general, ben, ada):
    """What several people say at once comes with its numbers; none is missing."""
    listening = [page(who, general) for who in (ben, ada, ben, ada)]
    for one in listening[:2]:
        for number in range(15):
            one.say(t="send", room=general.pk, client_id=str(uuid.uuid4()), text=f"Number {number}")
    for one in listening:
        seen = set()
        while len(seen) < 30 and (frame := one.wait("message", 10)):
            seen.add(frame["seq"])
        assert seen == set(range(1, 31))


def test_the_bell_rings_on_every_page_of_the_person_alone(page, ben, ada, committed):
    mine, other = [page(ben), page(ben)], page(ada)
    live.publish_on_commit(f"member:{ben.pk}", {"t": "bell", "unread": 3})
    assert [one.wait("bell")["unread"] for one in mine] == [3, 3]
    assert other.all() == []


def test_the_beat_says_how_far_each_room_is(site, page, general, ben, ada, monkeypatch):
    from community.live import watch

    one = page(ben, general)
    say(general, ada)
    assert one.wait("message")
    site.inside(lambda: hub.begin(watch.one_beat(hub)))
    assert one.wait("beat", rooms={str(general.pk): 1}), "one of the clock's may come before it"


# When something is taken away


def _ends(change, one, seconds):
    """Seconds from the commit until the page is told, and what it is told."""
    change()
    began = time.monotonic()
    while frame := one.next(seconds):
        if frame["t"] in ("closed", "bye"):
            return time.monotonic() - began, frame["t"]
    return None


def _removed(north, ben, ada):
    membership.remove(Membership.objects.get(member=ben, space=north), by=ada, reason="Rude.")


def _left(north, ben, ada):
    membership.leave(north, by=ben)


def _lower(north, ben, ada):
    rings.step_back(north, ring=Ring.FOLLOWER, by=ben)


def _signed_out(north, ben, ada):
    sessions.SessionStore().delete(Session.objects.get().session_key)


def _suspended(north, ben, ada):
    moderator = factories.make_member("Mo Moderator", staff="moderator")
    sanctions.suspend(
        ben, by=moderator, rule=factories.make_rule(), reason="Threats.", protective=True
    )


CHANGES = {
    "removed": (_removed, "closed"), "left": (_left, "closed"), "lower ring": (_lower, "closed"),
    "signed out": (_signed_out, "bye"), "suspended": (_suspended, "bye"),
}  # fmt: skip


@pytest.mark.parametrize("change", CHANGES)
def test_who_may_no_longer_hear_is_told_within_a_second(page, general, north, ben, ada, change):
    what, word = CHANGES[change]
    one, other = page(ben, general), page(ada) if change != "signed out" else None
    took, told = _ends(lambda: what(north, ben, ada), one, 2)
    assert told == word
    assert took < 1
    say(general, ada)
    assert one.all("message") == []
    assert other is None or other.all() == []


@pytest.mark.parametrize("change", CHANGES)
def test_and_within_five_when_nobody_could_say_so(
    page, general, north, ben, ada, change, monkeypatch
):
    """Whoever changed it could not reach Valkey: the database is asked every few seconds."""
    what, word = CHANGES[change]
    monkeypatch.setattr(watch, "SHARE", 0)  # a machine with much else to do looks less often
    one = page(ben, general)
    monkeypatch.setattr(live, "_neighbours", [])
    monkeypatch.setattr(live, "_quiet_until", time.monotonic() + 60)
    took, told = _ends(lambda: what(north, ben, ada), one, 8)
    assert told == word
    assert took < 5


def test_a_session_that_is_used_no_more_ends_its_sockets(page, ben, settings):
    client = Client()
    client.force_login(ben)
    client.get("/me/")
    settings.SESSION_IDLE = timedelta(seconds=3)
    one = page(ben, client=client)
    assert one.closed_with(8) == 4401


def test_a_page_that_nothing_was_taken_from_stays_open(page, general, ben, ada, north):
    one = page(ben, general)
    live.close_on_commit(ben.pk)
    live.close_all_on_commit()
    live.close_room_on_commit(general.pk)
    assert one.all() == []
    say(general, ada)
    assert one.wait("message")


def test_what_was_said_and_not_heard_is_hinted_at(page, general, ben, ada, monkeypatch):
    one = page(ben, general)
    monkeypatch.setattr(live, "_neighbours", [])
    monkeypatch.setattr(live, "_quiet_until", time.monotonic() + 60)
    say(general, ada)
    assert one.wait("at", 6)["seq"] == 1


# Limits


def test_of_six_pages_the_oldest_rests(page, ben):
    pages = [page(ben) for _ in range(6)]
    assert pages[0].wait("bye")["why"] == "elsewhere"
    assert pages[0].closed_with() == 4409
    until(lambda: len(hub.people[ben.pk].sockets) == 5, 2)
    assert pages[1].all() == []


def test_one_page_listens_to_twenty_rooms_at_most(page, north, ada):
    rooms = [chat.make_room(north, name=f"Room {n}", by=ada) for n in range(22)]
    one = page(ada)
    assert [one.join(room) for room in rooms[:20]] == [True] * 20
    one.say(t="join", room=rooms[20].pk)
    assert one.all("joined") == []


def test_who_writes_very_fast_is_asked_to_wait(page, general, ben):
    one = page(ben, general)
    for number in range(25):
        one.say(t="send", room=general.pk, client_id=str(uuid.uuid4()), text=f"Number {number}")
    answers = [frame["t"] for frame in one.all(seconds=1.5) if frame["t"] in ("sent", "refused")]
    assert answers.count("sent") == 20
    assert answers.count("refused") == 5


def test_a_flood_is_cut_and_others_hear_on(page, general, ben, ada):
    flood, other = page(ben, general), page(ada, general)
    with suppress(ConnectionClosed):
        for _ in range(2000):
            flood.say(t="typing", room=general.pk)
            time.sleep(0.004)
        raise AssertionError("nobody minds")
    say(general, ada)
    assert other.wait("message")


def test_a_frame_that_is_too_long_closes_the_socket(page, general, ben):
    one = page(ben, general)
    one.say(t="send", room=general.pk, client_id=str(uuid.uuid4()), text="x" * 70_000)
    assert one.closed_with() == 1009
    assert not Message.objects.exists()


def test_nonsense_is_passed_over(page, general, ben, ada):
    one = page(ben, general)
    for nonsense in ("", "{", "[]", "3", '{"t":"join"}', '{"t":"join","room":"1"}', "[" * 5000):
        one.socket.send(nonsense)
    one.socket.send(b"\x00\xff")
    one.say(t="join", room=2**70)
    one.say(t="dance", room=general.pk)
    say(general, ada)
    assert one.wait("message")


def test_who_does_not_read_is_cut_off_and_others_hear_on(site, page, general, ben, ada):
    """A page that reads nothing fills its buffers; it is closed, and nobody waits for it."""
    slow, other = page(ben, general, max_queue=1), page(ada, general)
    big = live.pack(f"room:{general.pk}", {"t": "message", "seq": 1, "html": "x" * 60_000})
    for _ in range(400):
        site.inside(lambda: hub.hear([big]))
        other.next()
        if ben.pk not in hub.people:
            break
    until(lambda: ben.pk not in hub.people, 5)
    assert other.socket.state.name == "OPEN"
    slow.socket.close()


# Who is here, and who is writing


def test_people_who_see_each_other_see_who_is_here_and_writing(page, general, ben, ada):
    one, other = page(ben, general), page(ada, general)
    one.say(t="here", room=general.pk)
    assert other.wait("here")["name"] == "Ben Castillo"
    one.say(t="typing", room=general.pk)
    assert other.wait("typing")["who"] == ben.pk
    late = page(ada, general)
    assert late.wait("here")["who"] == ben.pk
    one.close()
    assert other.wait("away")["who"] == ben.pk
    assert "typing" not in [frame["t"] for frame in one.heard]


def test_who_chose_not_to_be_seen_is_neither_seen_nor_sees(page, general, ben, ada):
    ben.shows_presence = False
    ben.save()
    hidden, other = page(ben, general), page(ada, general)
    for one in (hidden, other):
        one.say(t="here", room=general.pk)
        one.say(t="typing", room=general.pk)
    assert hidden.all() == other.all() == []


def test_who_is_kept_apart_or_kept_from_sees_nothing_of_it(page, general, ben, ada):
    dora = factories.make_member("Dora Bell", profile_seen_by="contacts")
    factories.belong(dora, general.space, ring=Ring.PARTICIPANT)
    eve = factories.make_member("Eve Novak")
    factories.belong(eve, general.space, ring=Ring.PARTICIPANT)
    people.block(eve, by=ben)
    pages = {who: page(who, general) for who in (ben, dora, eve)}
    for one in pages.values():
        one.say(t="typing", room=general.pk)
    heard = {who: {frame["who"] for frame in one.all("typing")} for who, one in pages.items()}
    assert heard == {ben: set(), dora: set(), eve: set()}


def test_who_has_read_is_said_only_where_the_room_says_so(page, general, ben, ada):
    say(general, ada)
    one = page(ada, general)
    chat.mark_read(general, seq=1, by=ben)
    assert one.all("seen") == []
    chat.change_room(general, by=ada, shows_seen=True)
    general.refresh_from_db()
    say(general, ada, "And this?")
    chat.mark_read(general, seq=2, by=ben)
    frame = one.wait("seen")
    assert (frame["member"], frame["name"], frame["upto"]) == (ben.pk, "Ben Castillo", 2)


def test_who_is_kept_apart_is_not_told_who_has_read(page, general, ben, ada):
    chat.change_room(general, by=ada, shows_seen=True)
    general.refresh_from_db()
    dora = factories.make_member("Dora Bell")
    factories.belong(dora, general.space, ring=Ring.PARTICIPANT)
    people.block(dora, by=ben)
    say(general, ada)
    lead = factories.make_member("Lena Lead")
    factories.belong(lead, general.space, ring=Ring.STEWARD)
    people.block(lead, by=ben)
    heard_by = {who: page(who, general) for who in (ada, dora, lead)}
    chat.mark_read(general, seq=1, by=ben)
    assert heard_by[ada].wait("seen")
    assert heard_by[dora].all("seen") == []
    assert heard_by[lead].all("seen") == [], "who leads reads their words, not what they do"
