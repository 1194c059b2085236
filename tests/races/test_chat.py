"""Many people chatting at once: numbers without gaps, nothing said twice, one room for two."""

from __future__ import annotations

import itertools
import uuid

import pytest

from community.models import Message, Room, RoomPerson
from community.operations import chat
from tests.factories import belong, make_member
from tests.races.test_membership import at_once, fresh

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

SOME = 6


@pytest.fixture
def people(north):
    made = [make_member(f"Person {n}") for n in range(SOME)]
    for member in made:
        belong(member, north)
    return made


def test_numbers_have_no_gaps_and_no_doubles(north, people):
    room = north.rooms.get()

    def say(member):
        for number in range(5):
            chat.post_message(room, text=f"Line {number}", client_id=uuid.uuid4(), by=fresh(member))

    at_once(*(lambda member=member: say(member) for member in people))
    found = list(room.messages.order_by("seq").values_list("seq", flat=True))
    assert found == list(range(1, 5 * SOME + 1))
    room.refresh_from_db()
    assert room.last_seq == 5 * SOME
    said = list(room.messages.order_by("seq"))
    for before, after in itertools.pairwise(said):
        if after.continues:  # it stands below without a name of its own
            assert before.author_id == after.author_id
    assert [m.created_at for m in room.messages.order_by("seq")] == sorted(
        m.created_at for m in room.messages.all()
    )


def test_the_same_message_sent_at_once_is_said_once(north, people):
    room, sent, ben = north.rooms.get(), uuid.uuid4(), people[0]
    at_once(
        *(
            lambda: chat.post_message(room, text="Yes", client_id=sent, by=fresh(ben))
            for _time in range(SOME)
        )
    )
    assert Message.objects.get().seq == 1
    room.refresh_from_db()
    assert room.last_seq == 1


def test_reactions_at_once_are_all_counted(north, people):
    room = north.rooms.get()
    said = chat.post_message(room, text="Yes", client_id=uuid.uuid4(), by=fresh(people[0]))
    at_once(
        *(
            lambda member=member: chat.react_to_message(said, emoji="❤️", by=fresh(member))
            for member in people
        )
    )
    said.refresh_from_db()
    assert said.reaction_counts == {"❤️": SOME}


def test_two_who_begin_at_once_meet_in_one_room(people):
    one, other = people[:2]
    at_once(
        lambda: chat.open_direct([fresh(other)], by=fresh(one)),
        lambda: chat.open_direct([fresh(one)], by=fresh(other)),
    )
    room = Room.objects.get(kind=Room.Kind.DIRECT)
    assert room.people.exclude(accepted_at=None).count() == 2


def test_reading_at_once_only_moves_on(north, people):
    room, ben = north.rooms.get(), people[0]
    for number in range(SOME):
        chat.post_message(room, text=f"{number}", client_id=uuid.uuid4(), by=fresh(people[1]))
    at_once(
        *(
            lambda seq=seq: chat.mark_read(room, seq=seq, by=fresh(ben))
            for seq in range(1, SOME + 1)
        )
    )
    assert RoomPerson.objects.get(room=room, member=ben).read_seq == SOME
