"""The pages of a chat: whole without scripts, the same price for long rooms, one face for all."""

from __future__ import annotations

import re
import uuid
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from community import chat
from community.models import Member, Message, Ring, Room, RoomPerson, Space
from community.operations import chat as operations
from tests import factories
from tests.community.test_chat import say

MOST = 15


def fill(room: Room, by: Member, number: int) -> None:
    """So many messages, as if they had been said one after the other."""
    room.refresh_from_db()
    first, now = room.last_seq + 1, timezone.now()
    Message.objects.bulk_create(
        Message(
            room=room,
            seq=seq,
            author=by,
            client_id=uuid.uuid4(),
            text=f"Line {seq}",
            html=f"<p>Line {seq}</p>",
            created_at=now - timedelta(seconds=first + number - seq),
        )
        for seq in range(first, first + number)
    )
    Room.objects.filter(pk=room.pk).update(last_seq=first + number - 1, active_at=now)


def shown(answer) -> list[int]:
    return [int(seq) for seq in re.findall(r'id="m(\d+)"', answer.content.decode())]


def test_one_writes_changes_and_takes_away_by_plain_forms(general, ben, ada, as_):
    client, sent = as_(ben), str(uuid.uuid4())
    answer = client.post(f"/chat/{general.pk}/post/", {"text": "Hello", "client_id": sent})
    assert answer.status_code == 302
    client.post(f"/chat/{general.pk}/post/", {"text": "Hello", "client_id": sent})
    page = client.get(answer["Location"])
    assert shown(page) == [1]
    assert "not end-to-end encrypted" in page.content.decode()
    client.post(f"/chat/{general.pk}/1/edit/", {"text": "Hello, all"})
    client.post(f"/chat/{general.pk}/1/react/", {"emoji": "👍"})
    page = as_(ada).get(f"/chat/{general.pk}/").content.decode()
    assert "Hello, all" in page
    assert "edited" in page
    assert "👍" in page
    as_(ada).post(f"/chat/{general.pk}/post/", {"text": "Hi", "reply_to": "1"})
    assert Message.objects.get(seq=2).reply_to.seq == 1
    client.post(f"/chat/{general.pk}/1/delete/")
    page = as_(ada).get(f"/chat/{general.pk}/").content.decode()
    assert "Hello, all" not in page
    assert "This message was taken away." in page


def test_what_cannot_be_sent_comes_back_with_its_words(general, ben, ada, as_):
    operations.lock_room(general, by=ada)
    answer = as_(ben).post(f"/chat/{general.pk}/post/", {"text": "But my words"})
    assert answer.status_code == 422
    assert "A steward has locked this room" in answer.content.decode()
    operations.unlock_room(general, by=ada)
    answer = as_(ben).post(f"/chat/{general.pk}/post/", {"text": "x" * 4001})
    assert answer.status_code == 422
    assert "x" * 4001 in answer.content.decode()
    assert not Message.objects.exists()


def test_a_long_room_is_read_from_where_one_left_off(general, ada, ben, as_):
    fill(general, ada, 200)
    RoomPerson.objects.create(room=general, member=ben, read_seq=100)
    page = as_(ben).get(f"/chat/{general.pk}/")
    numbers = shown(page)
    assert 101 in numbers
    assert numbers[0] == 101 - chat.ABOVE
    assert 'id="new"' in page.content.decode()
    assert RoomPerson.objects.get(member=ben).read_seq == numbers[-1]


def test_earlier_and_later_pages_meet_without_gaps(general, ada, ben, as_):
    fill(general, ada, 130)
    client = as_(ben)
    newest = shown(client.get(f"/chat/{general.pk}/"))
    assert newest == list(range(81, 131))
    earlier = shown(client.get(f"/chat/{general.pk}/?before={newest[0]}"))
    assert earlier == list(range(31, 81))
    later = shown(client.get(f"/chat/{general.pk}/messages/?after=30"))
    assert later == list(range(31, 81))
    rest = shown(client.get(f"/chat/{general.pk}/messages/?after=80"))
    assert rest == list(range(81, 131))
    answer = client.get(f"/chat/{general.pk}/messages/?after=130")
    assert shown(answer) == []
    assert answer["X-Last-Seq"] == "130"
    at = shown(client.get(f"/chat/{general.pk}/?at=60"))
    assert at[0] == 60 - chat.ABOVE


def test_a_message_looks_the_same_to_everybody(general, ada, ben, as_):
    say(general, ben, text="Hello **all**")
    operations.react_to_message(Message.objects.get(), emoji="👍", by=ada)
    faces = {
        re.sub(r'name="csrfmiddlewaretoken" value="[^"]*"', "", _one(as_(who), general))
        for who in (ada, ben)
    }
    assert len(faces) == 1


def _one(client, room: Room) -> str:
    page = client.get(f"/chat/{room.pk}/messages/?after=0").content.decode()
    return re.search(r'<li class="message.*?</li>', page, re.DOTALL)[0]


def test_own_reactions_are_told_apart(general, ada, ben, as_):
    say(general, ben)
    operations.react_to_message(Message.objects.get(), emoji="👍", by=ada)
    assert 'data-mine="1:👍 "' in as_(ada).get(f"/chat/{general.pk}/").content.decode()
    assert 'data-mine=""' in as_(ben).get(f"/chat/{general.pk}/").content.decode()


@pytest.mark.parametrize(
    "address", ["/chat/", "/chat/{room}/", "/chat/{room}/messages/?after=0", "/chat/search/?q=line"]
)
def test_the_same_queries_with_few_and_with_many(general, ada, ben, as_, queries, address):
    asked = []
    for number in (2, 10):
        fill(general, ben, number)
        for index in range(number):
            extra = operations.make_room(general.space, name=f"Room {number} {index}", by=ada)
            fill(extra, ben, 2)
            person = factories.make_member(f"Person {number} {index}")
            factories.belong(person, general.space)
            say(operations.open_direct([ada], by=person), person)
            operations.react_to_message(general.messages.latest("seq"), emoji="👍", by=person)
        client = as_(Member.objects.get(pk=ada.pk))
        client.get(address.format(room=general.pk))
        with queries() as found:
            assert client.get(address.format(room=general.pk)).status_code == 200
        asked.append(len(found))
    assert asked[0] == asked[1]
    assert asked[1] <= MOST


def test_a_room_of_many_messages_is_read_by_its_numbers(general, ada, ben, as_, queries):
    """The plan walks the index of (room, number), it does not sort what was ever said."""
    fill(general, ben, 3000)
    rows = chat.for_drawing(chat.said_in(general, ada)).order_by("-seq")[:51]
    with queries() as found:
        list(rows)
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("ANALYZE community_message")
        cursor.execute("EXPLAIN (ANALYZE, FORMAT TEXT) " + found[0]["sql"])
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert "message_number_once" in plan
    assert "Seq Scan on community_message" not in plan


def test_the_badge_costs_no_query_of_its_own(general, ada, ben, as_, queries):
    client = as_(ben)
    client.get("/me/")
    with queries() as before:
        client.get("/me/")
    say(general, ada)
    with queries() as after:
        page = client.get("/me/").content.decode()
    assert len(after) == len(before)
    assert re.search(r'href="/chat/".*?class="count".*?1', page, re.DOTALL)


def test_the_tab_of_a_group_shows_its_rooms_by_ring(north, ada, ben, fay, as_):
    operations.make_room(north, name="core team", min_ring=Ring.CORE, by=ada)
    operations.make_room(north, name="news", min_ring=Ring.FOLLOWER, is_announcing=True, by=ada)
    pages = {
        who: as_(who).get(f"/spaces/{north.slug}/chat/").content.decode() for who in (ada, ben, fay)
    }
    assert [
        ("core team" in page, "news" in page, "general" in page) for page in pages.values()
    ] == [
        (True, True, True),
        (False, True, True),
        (False, True, False),
    ]
    answer = as_(ada).post(
        f"/spaces/{north.slug}/chat/new/",
        {"name": "survey", "min_ring": "2", "retention_days": "30", "slow_seconds": "0"},
    )
    made = Room.objects.get(name="survey")
    assert answer["Location"] == made.get_absolute_url()
    assert made.retention_days == 30


def test_a_steward_sets_what_holds_in_a_room(general, ada, as_):
    form = {"name": "", "min_ring": "2", "retention_days": "7", "slow_seconds": "30"}
    answer = as_(ada).post(
        f"/chat/{general.pk}/settings/", form | {"shows_seen": "on", "purpose": "Quick things"}
    )
    assert answer.status_code == 302
    page = as_(ada).get(f"/chat/{general.pk}/about/").content.decode()
    for words in ("kept for 7 days", "Slow mode: 30", "who has read the last message"):
        assert words in page
    as_(ada).post(f"/chat/{general.pk}/state/", {"act": "lock"})
    general.refresh_from_db()
    assert general.locked_at


def test_seen_by_stands_only_where_the_room_says_so(general, ada, ben, as_):
    say(general, ben)
    operations.mark_read(general, by=ada)
    assert 'class="seen' not in as_(ben).get(f"/chat/{general.pk}/").content.decode()
    operations.change_room(general, shows_seen=True, by=ada)
    page = as_(ben).get(f"/chat/{general.pk}/").content.decode()
    assert 'class="seen' in page
    assert ada.name in page


def test_names_to_mention_are_those_of_the_room(general, ada, ben, fay, cleo, as_):
    found = as_(ada).get(f"/mentions/?room={general.pk}&q=").json()
    assert [one["handle"] for one in found] == [ben.handle]
    pair = operations.open_direct([cleo], by=ada)
    found = as_(ada).get(f"/mentions/?room={pair.pk}&q=").json()
    assert [one["handle"] for one in found] == [cleo.handle]
    assert as_(fay).get(f"/mentions/?room={general.pk}&q=").status_code == 404


def test_a_request_is_answered_on_its_page(ben, cleo, as_):
    pair = operations.open_direct([ben], by=cleo)
    say(pair, cleo, text="Hello Ben")
    page = as_(ben).get(f"/chat/{pair.pk}/").content.decode()
    assert "You share no group with them" in page
    assert 'name="text"' not in page
    as_(ben).post(f"/chat/{pair.pk}/answer/", {"answer": "accept"})
    assert 'name="text"' in as_(ben).get(f"/chat/{pair.pk}/").content.decode()
    as_(cleo).post(f"/chat/{pair.pk}/post/", {"text": "Good"})
    assert Message.objects.count() == 2


def test_blocking_whoever_asks_ends_it(ben, cleo, as_):
    pair = operations.open_direct([ben], by=cleo)
    say(pair, cleo)
    as_(ben).post(f"/chat/{pair.pk}/answer/", {"answer": "block"})
    for who in (ben, cleo):
        assert as_(who).get(f"/chat/{pair.pk}/").status_code == 404


def test_an_exchange_is_caught_up_with_by_its_number_alone(general, ben, ada, as_):
    first = say(general, ada, "Who brings the tent?")
    answer = say(general, ben, "I do.", reply_to=first)
    say(general, ada, "Something else.")
    say(general, ada, "And the poles?", reply_to=answer)
    client, address = as_(ben), f"/chat/{general.pk}/messages/"
    assert shown(client.get(f"{address}?after=1&thread=1")) == [2, 4]
    assert client.get(f"{address}?after=1&thread=1")["X-Last-Seq"] == "4"
    for number in (2, 3000):  # an answer begins no exchange
        assert client.get(f"{address}?after=1&thread={number}").status_code == 404
    operations.delete_message(first, by=ada)
    assert shown(client.get(f"{address}?after=1&thread=1")) == [2, 4]


def test_what_is_answered_on_the_page_of_an_exchange_stays_there(general, ben, ada, as_):
    first = say(general, ada, "Who brings the tent?")
    client, sent = as_(ben), {"text": "I do.", "reply_to": "1", "thread": "1"}
    answer = client.post(f"/chat/{general.pk}/post/", sent)
    assert answer["Location"] == f"/chat/{general.pk}/1/thread/"
    assert Message.objects.get(seq=2).thread == first
    form = client.post(
        f"/chat/{general.pk}/post/",
        sent | {"text": "And the pegs."},
        headers={"HX-Request": "true"},
    ).content.decode()
    assert '<input type="hidden" name="reply_to" value="1">' in form
    assert '<input type="hidden" name="thread" value="1">' in form


def test_a_link_to_a_message_leaves_what_lies_before_it_as_new(general, ben, ada, as_):
    fill(general, ada, 140)
    operations.mark_read(general, seq=20, by=ben)
    client = as_(ben)
    for address in (f"/chat/{general.pk}/?at=130", f"/chat/{general.pk}/?before=139"):
        client.get(address)
        assert RoomPerson.objects.get(room=general, member=ben).read_seq == 20
    client.get(f"/chat/{general.pk}/")
    assert RoomPerson.objects.get(room=general, member=ben).read_seq > 20


def test_later_answers_of_a_long_exchange_are_of_the_exchange(general, ben, ada, as_):
    root = say(general, ada)
    fill(general, ada, 60)
    Message.objects.filter(seq__gt=1).update(thread=root)
    say(general, ada, text="Something else")
    page = as_(ben).get(f"/chat/{general.pk}/1/thread/").content.decode()
    (later,) = re.findall(r'data-later>.*?hx-get="([^"]+)"', page)
    rest = as_(ben).get(later.replace("&amp;", "&"), headers={"HX-Request": "true"})
    assert shown(rest) == list(range(51, 62))


def test_a_topic_is_begun_in_the_room_and_gone_on_with(general, ben, ada, as_):
    client = as_(ben)
    page = client.get(f"/chat/{general.pk}/").content.decode()
    assert 'name="topic"' in page
    said = {"text": "Who has one?", "topic": "Ladders", "client_id": str(uuid.uuid4())}
    answer = client.post(f"/chat/{general.pk}/post/", said, headers={"HX-Request": "true"})
    assert Message.objects.get().topic == "Ladders"
    form = answer.content.decode()
    assert 'value="Ladders"' in form
    assert 'name="within"' not in form  # it may be changed or taken out
    within = client.get(f"/chat/{general.pk}/?topic=Ladders").content.decode()
    assert 'name="within"' in within
    assert within.count('name="topic"') == 1


def test_who_goes_to_the_newest_has_read_what_lies_between(general, ben, ada, as_):
    fill(general, ada, 140)
    operations.mark_read(general, seq=20, by=ben)
    client = as_(ben)
    assert "To the newest" in client.get(f"/chat/{general.pk}/").content.decode()
    page = client.post(f"/chat/{general.pk}/read/", {"stay": "1"}, follow=True)
    assert shown(page)[-1] == 140
    assert RoomPerson.objects.get(room=general, member=ben).read_seq == 140


def test_stewards_of_the_community_make_rooms_for_everybody(ruth, ben, community, as_):
    root = Space.objects.root()
    assert f"/{root.slug}/" in as_(ruth).get("/chat/").content.decode()
    assert "Room for everybody" not in as_(ben).get("/chat/").content.decode()
    address = reverse("new_room", args=[root.slug])
    assert as_(ruth).get(address).status_code == 200
    given = {"name": "News", "min_ring": "1", "retention_days": "90", "slow_seconds": "0"}
    as_(ruth).post(address, given | {"is_announcing": "on"})
    room = root.rooms.get(name="News")
    assert as_(ben).get(f"/chat/{room.pk}/").status_code == 200
    assert as_(ben).post(address, {"name": "Mine"}).status_code == 403
    assert as_(ben).get(reverse("space_rooms", args=[root.slug])).url == reverse("chat")


def test_open_pages_may_ask_in_how_many_rooms_something_is_new(general, ada, ben, fay, as_):
    client = as_(ben)
    assert client.get("/notices/count/").json() == {"unread": 0, "rooms": 0}
    say(general, ada)
    say(general, ada, text="And bring a pen")
    assert client.get("/notices/count/").json() == {"unread": 0, "rooms": 1}
    assert as_(fay).get("/notices/count/").json()["rooms"] == 0  # a follower does not read it
    assert 'data-place="chat"' in client.get("/").content.decode()
    operations.mark_read(general, by=ben)
    assert client.get("/notices/count/").json()["rooms"] == 0
