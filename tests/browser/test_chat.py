"""A room in two browsers at once: what one does, the other sees; and a bad line loses nothing."""

from __future__ import annotations

import uuid

import pytest
from django.db import transaction
from playwright.sync_api import expect

from community import live
from community.models import Membership, Message, Room, RoomPerson, Space
from community.operations import chat, hiding, membership
from tests import factories
from tests.browser.conftest import look
from tests.live.pages import until


@pytest.fixture
def general(north: Space) -> Room:
    return north.rooms.get()


def say(room, by, text, **fields):
    return chat.post_message(room, text=text, client_id=uuid.uuid4(), by=by, **fields)


def enter(page, room):
    page.goto(f"/chat/{room.pk}/")
    expect(page.locator("[data-chat][data-joined]")).to_have_count(1)
    return page


def write(page, text):
    page.locator("#say-text").fill(text)
    page.locator("#say-text").press("Enter")


def shown(page, text):
    return page.locator("#messages .message", has_text=text)


def test_two_people_talk_and_see_all_that_the_other_does(visit, general, ben, ada):
    say(general, ada, "Who comes on Saturday?")
    mine, other = enter(visit(ben, phone=True), general), enter(visit(ada), general)
    write(mine, "I come, with two friends.")
    expect(shown(other, "with two friends")).to_be_visible()
    expect(shown(mine, "with two friends")).to_have_count(1)
    expect(mine.locator("#m2")).to_have_class("message is-own")
    expect(other.locator("#m2")).not_to_have_class("is-own")
    said = Message.objects.get(seq=2)
    say(general, ada, "Wonderful.", reply_to=said)
    expect(mine.locator("#m3 .message__quote")).to_contain_text("with two friends")
    chat.react_to_message(said, emoji="❤️", by=ada)
    expect(mine.locator("#m2 .react")).to_contain_text("1")
    chat.edit_message(said, text="I come, with three friends.", by=ben)
    expect(other.locator("#m2 .message__text")).to_have_text("I come, with three friends.")
    expect(other.locator("#m3 .message__quote")).to_contain_text("three friends")
    expect(other.locator("#m2 .message__mark")).to_be_visible()
    chat.delete_message(said, by=ben)
    expect(shown(other, "taken away")).to_have_count(2)
    assert "two friends" not in other.locator("#messages").inner_text()
    look(mine, "chat-phone")
    look(other, "chat-desktop")


def test_who_writes_is_shown_and_gone_when_the_message_is_there(visit, general, ben, ada):
    mine, other = enter(visit(ben), general), enter(visit(ada), general)
    mine.locator("#say-text").press_sequentially("I co")
    expect(other.locator("[data-typing]")).to_have_text("Ben Castillo is writing")
    write(mine, "I come.")
    expect(shown(other, "I come.")).to_be_visible()
    expect(other.locator("[data-typing]")).to_have_text("")
    mine.mouse.click(600, 400)
    expect(other.locator(".room-head [data-here]")).to_contain_text("2 here now")


def test_the_line_goes_away_and_comes_back_and_nothing_is_missing(
    visit, general, ben, ada, complaints
):
    many = [factories.make_member(f"Person {number}") for number in range(6)]
    for member in many:
        factories.belong(member, general.space)
    page = enter(visit(ben), general)
    for number in range(3):
        say(general, ada, f"Before {number}")
    expect(shown(page, "Before 2")).to_be_visible()
    changed = Message.objects.get(seq=1)
    page.context.set_offline(True)
    page.evaluate("dispatchEvent(new Event('offline'))")
    write(page, "Written without a line.")
    expect(page.locator(".is-waiting")).to_have_count(1)
    for number in range(60):  # more than fit on one page; too many for one person to say at once
        chat.post_message(
            general, text=f"Meanwhile {number}", client_id=uuid.uuid4(), by=many[number % 6]
        )
    chat.edit_message(changed, text="Changed meanwhile", by=ada)
    expect(page.locator(".chat__line")).not_to_be_empty(timeout=8000)
    page.context.set_offline(False)
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(shown(page, "Meanwhile 59")).to_be_visible(timeout=15_000)
    expect(shown(page, "Written without a line.")).to_have_count(1)
    expect(page.locator(".is-waiting")).to_have_count(0, timeout=15_000)
    numbers = page.evaluate(
        "[...document.querySelectorAll('#messages [data-seq]')].map(li => +li.dataset.seq)"
    )
    assert numbers == list(range(1, 65))
    assert Message.objects.filter(text="Written without a line.").count() == 1
    expect(page.locator(".chat__line")).to_be_empty()
    complaints.said[:] = [one for one in complaints.said if "INTERNET_DISCONNECTED" not in one]


def test_without_sockets_the_room_is_asked_every_few_seconds(visit, general, ben, ada, complaints):
    page = visit(ben)
    page.route_web_socket("**/ws/", lambda socket: socket.close(code=1011))
    page.goto(f"/chat/{general.pk}/")
    say(general, ada, "Does this reach you?")
    expect(shown(page, "Does this reach you?")).to_be_visible(timeout=12_000)
    write(page, "It does.")
    expect(shown(page, "It does.")).to_have_count(1)
    until(lambda: Message.objects.filter(text="It does.").exists(), 10)


def test_somebody_removed_while_reading_sees_the_room_close(visit, general, north, ben, ada):
    say(general, ada, "Between us.")
    page = enter(visit(ben), general)
    expect(shown(page, "Between us.")).to_be_visible()
    membership.remove(Membership.objects.get(member=ben, space=north), by=ada, reason="Rude.")
    expect(page.locator(".chat__closed")).to_be_visible()
    assert "Between us." not in page.content()
    expect(page.locator("#say-text")).to_have_count(0)


def test_what_cannot_be_sent_is_kept_with_the_reason(visit, general, ben, ada):
    page = enter(visit(ben), general)
    chat.lock_room(general, by=ada)
    write(page, "One more thing.")
    expect(page.locator(".is-failed")).to_contain_text("locked")
    page.get_by_role("button", name="Take it back").click()
    expect(page.locator("#say-text")).to_have_value("One more thing.")


def fill(room, by, number):
    text = "A line that is long enough to take some room in the window of a phone. " * 2
    for seq in range(1, number + 1):
        Message.objects.create(
            room=room, seq=seq, author=by, client_id=uuid.uuid4(), text=text,
            html=f"<p>{seq}: {text}</p>",
        )  # fmt: skip
    Room.objects.filter(pk=room.pk).update(last_seq=number)


def test_a_page_far_from_the_end_reaches_it_and_comes_alive(visit, general, ben, ada, mo):
    fill(general, mo, 130)
    chat.mark_read(general, seq=20, by=ben)
    page = enter(visit(ben, phone=True), general)
    expect(page.locator("#m21")).to_be_in_viewport()
    assert page.locator("#m100").count() == 0
    say(general, ada, "Said meanwhile.")
    expect(page.get_by_role("button", name="1 new message")).to_be_visible()
    for last in (62, 112, 131):
        page.locator(f"#m{last}").scroll_into_view_if_needed()
        expect(page.locator(f"#m{last}")).to_be_in_viewport()
        expect(page.locator(f"#m{min(last + 50, 131)}")).to_have_count(1)
    say(general, ada, "And now at once.")
    expect(shown(page, "And now at once.")).to_have_count(1)
    expect(page.locator("#messages [data-day]")).to_have_count(1)


def test_what_one_says_far_from_the_end_leads_there(visit, general, ben, mo):
    fill(general, mo, 130)
    chat.mark_read(general, seq=20, by=ben)
    page = enter(visit(ben, phone=True), general)
    write(page, "I answer before I have read it all.")
    expect(shown(page, "I answer before I have read it all.")).to_be_in_viewport()
    expect(page.locator("#m131")).to_have_count(1)
    expect(page.locator(".is-waiting")).to_have_count(0)


def test_one_leaps_to_the_end_and_has_read_what_lies_between(visit, general, ben, mo):
    fill(general, mo, 130)
    chat.mark_read(general, seq=20, by=ben)
    page = enter(visit(ben), general)
    page.get_by_role("button", name="To the newest").click()
    expect(page.locator("#m130")).to_be_in_viewport()
    assert RoomPerson.objects.get(room=general, member=ben).read_seq == 130


def test_earlier_messages_come_while_scrolling_and_nothing_jumps(visit, general, ben, ada, mo):
    fill(general, mo, 130)
    chat.mark_read(general, seq=130, by=ben)
    page = enter(visit(ben, phone=True), general)
    expect(page.locator("#m130")).to_be_in_viewport()
    assert page.locator("#m60").count() == 0
    page.locator("#m82").scroll_into_view_if_needed()
    expect(page.locator("#m60")).to_have_count(1)
    expect(page.locator("#m82")).to_be_in_viewport()
    say(general, ada, "And something new.")
    expect(shown(page, "And something new.")).to_have_count(1)
    expect(page.locator("#m82")).to_be_in_viewport()
    page.get_by_role("button", name="1 new message").click()
    expect(shown(page, "And something new.")).to_be_in_viewport()


def test_the_bell_counts_while_the_page_is_open(visit, ben, community):
    page = visit(ben)
    page.goto("/me/")
    expect(page.locator("html")).to_have_attribute("data-line", "open", timeout=10_000)
    live.publish_on_commit(f"member:{ben.pk}", {"t": "bell", "unread": 3})
    expect(page.locator("a[data-bell] .count")).to_have_text("3")
    expect(page.locator("a[data-bell]")).to_have_attribute("aria-label", "Notices, 3 new")
    live.publish_on_commit(f"member:{ben.pk}", {"t": "bell", "unread": 0})
    expect(page.locator("a[data-bell] .count")).to_be_hidden()


def test_a_voice_note_is_recorded_on_request_and_sent_with_the_message(visit, general, ben, ada):
    page = enter(visit(ben, permissions=["microphone"]), general)
    page.get_by_role("button", name="Record a voice note").click()
    expect(page.locator(".say__time")).to_contain_text("0:0")
    page.wait_for_timeout(1500)
    page.get_by_role("button", name="Stop recording").click()
    expect(page.locator("[data-tile]")).to_contain_text("Voice note")
    until(lambda: page.locator("[data-tile-token]:enabled").count() == 1, 10)
    page.locator(".say__send").click()
    expect(page.locator("#m1 audio")).to_have_count(1)
    expect(page.locator("#m1 figcaption")).to_contain_text("Voice note")
    # Whoever listens is not cut off by what happens to the message meanwhile.
    audio = page.locator("#m1 audio")
    audio.evaluate("e => { e.loop = true; return e.play(); }")
    chat.react_to_message(Message.objects.get(), emoji="❤️", by=ada)
    say(general, ada, "Thank you.")  # comes after it
    expect(shown(page, "Thank you.")).to_be_visible()
    assert audio.evaluate("e => !e.paused")
    audio.evaluate("e => e.pause()")
    expect(page.locator("#m1 .react")).to_contain_text("1")


def test_who_has_read_it_is_seen_at_once_and_anew_with_every_message(visit, general, ben, ada, mo):
    factories.belong(mo, general.space)
    general = chat.change_room(general, by=ada, shows_seen=True)
    mine = enter(visit(ben), general)
    line = mine.locator("[data-readers]")
    write(mine, "Who has read this?")
    expect(mine.locator("#m1")).to_be_visible()
    expect(line).to_be_hidden()
    other = enter(visit(ada, phone=True), general)
    expect(line).to_have_text("Seen by Ada Mensah")
    chat.mark_read(general, seq=1, by=mo)
    expect(line).to_have_text("Seen by Ada Mensah, Mo Haddad")
    expect(other.locator("[data-readers]")).to_have_text("Seen by Mo Haddad")
    look(mine, "chat-seen")
    other.evaluate("document.hasFocus = () => false")  # nobody looks there
    write(mine, "And this?")
    expect(other.locator("#m2")).to_be_visible()
    expect(line).to_be_hidden()
    chat.mark_read(general, seq=2, by=ada)
    expect(line).to_have_text("Seen by Ada Mensah")
    mine.reload()
    expect(mine.locator("[data-readers]")).to_have_text("Seen by Ada Mensah")


def test_where_the_room_does_not_say_so_nobody_sees_who_has_read(visit, general, ben, ada):
    said = say(general, ben, "Who has read this?")
    page = enter(visit(ben), general)
    chat.mark_read(general, seq=1, by=ada)
    chat.react_to_message(said, emoji="❤️", by=ada)  # comes after it
    expect(page.locator("#m1 .react")).to_contain_text("1")
    assert "Seen by" not in page.locator(".chat").inner_text()


def test_an_exchange_is_alive_apart_from_its_room(visit, general, ben, ada):
    first = say(general, ada, "Who brings the tent?")
    say(general, ben, "I do.", reply_to=first)
    page, room = visit(ben, phone=True), enter(visit(ada), general)
    page.goto(f"/chat/{general.pk}/1/thread/")
    expect(page.locator("[data-chat][data-joined]")).to_have_count(1)
    say(general, ada, "Something else.")
    answer = say(general, ada, "Wonderful.", reply_to=first)
    expect(page.locator("#m4")).to_contain_text("Wonderful.")
    expect(shown(page, "Something else.")).to_have_count(0)
    for text in ("And the poles.", "And the pegs."):  # it stays an answer
        write(page, text)
        expect(shown(room, text).locator(".message__quote")).to_contain_text("tent")
        expect(shown(page, text)).to_have_count(1)
        expect(page.locator(".is-waiting")).to_have_count(0)
    chat.edit_message(answer, text="Marvellous.", by=ada)
    expect(page.locator("#m4 .message__text")).to_have_text("Marvellous.")
    chat.react_to_message(answer, emoji="❤️", by=ada)
    expect(page.locator("#m4 .react")).to_contain_text("1")
    chat.delete_message(answer, by=ada)
    expect(page.locator("#m4 .message__gone")).to_be_visible()
    look(page, "chat-exchange-phone")


def test_an_exchange_misses_nothing_while_the_line_is_away(visit, general, ben, ada, complaints):
    first = say(general, ada, "Who brings the tent?")
    page = visit(ben)
    page.goto(f"/chat/{general.pk}/1/thread/")
    expect(page.locator("[data-chat][data-joined]")).to_have_count(1)
    page.context.set_offline(True)
    page.evaluate("dispatchEvent(new Event('offline'))")
    say(general, ada, "Somebody must.", reply_to=first)
    say(general, ada, "Something else.")
    page.context.set_offline(False)
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(shown(page, "Somebody must.")).to_be_visible(timeout=15_000)
    assert shown(page, "Something else.").count() == 0
    complaints.said[:] = [one for one in complaints.said if "INTERNET_DISCONNECTED" not in one]


def test_an_answer_written_without_scripts_leads_back_to_the_exchange(visit, general, ben, ada):
    first = say(general, ada, "Who brings the tent?")
    page = visit(ben, script=False)
    page.goto(f"/chat/{general.pk}/1/thread/")
    page.locator("#say-text").fill("I do.")
    page.get_by_role("button", name="Send").click()
    expect(page.locator("#m2")).to_contain_text("I do.")
    assert page.url.endswith("/thread/")
    assert Message.objects.get(seq=2).thread == first


def test_what_moderators_hide_leaves_open_pages_and_comes_back_to_them(visit, general, ben, ada):
    say(general, ben, "Hello.")
    said = say(general, ada, "Call me at 0175 123.")
    say(general, ben, "Not here.", reply_to=said)
    page = enter(visit(ben), general)
    expect(page.locator("#m3 .message__quote")).to_contain_text("0175")
    with transaction.atomic():
        hiding.hide_message(said)
    expect(page.locator("#m2")).to_have_count(0)
    expect(page.locator("#m3 .message__quote")).to_contain_text("taken away")
    assert "0175" not in page.content()
    with transaction.atomic():
        hiding.show_message(said)
    expect(page.locator("#m1 + #m2 .message__text")).to_have_text("Call me at 0175 123.")
    expect(page.locator("#m3 .message__quote")).to_contain_text("0175")
