"""Conversations among a few: who may begin one, who is asked first, what blocking does."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from community import chat, chat_lists
from community.models import Activity, Block, Member, Message, Notice, Room, RoomPerson
from community.operations import chat as operations
from community.operations import people as people_operations
from community.policies import Refused
from tests import factories
from tests.community.test_chat import say, visible


def lists(member: Member) -> tuple[list[str], list[str]]:
    """Titles of the conversations and of the requests that the person finds."""
    found = chat_lists.of(Member.objects.get(pk=member.pk))
    return [line.title for line in found.people], [line.title for line in found.requests]


def test_two_have_one_conversation(ada, ben):
    pair = operations.open_direct([ben], by=ada)
    assert operations.open_direct([ada], by=ben) == pair
    assert [visible(pair, who) for who in (ada, ben)] == [True, True]
    say(pair, ada)
    assert chat.unread(ben) == {pair.pk: 1}


def test_nobody_else_reads_it(ada, ben, mo, ruth):
    pair = operations.open_direct([ben], by=ada)
    say(pair, ada)
    for who in (mo, ruth):  # neither moderators nor stewards of the community
        assert not visible(pair, who)
        assert not Message.objects.visible_to(who).exists()


def test_who_shares_no_group_is_asked_first(ben, cleo, committed):
    with committed():
        pair = operations.open_direct([ben], by=cleo)
        say(pair, cleo, text="Do you know who mends windows?")
    assert lists(ben) == ([], [cleo.name])
    assert lists(cleo) == ([ben.name], [])
    assert Notice.objects.get().member == ben
    with pytest.raises(Refused, match="not answered yet"):
        say(pair, cleo, text="Hello?")
    with pytest.raises(Refused, match="Accept the request"):
        say(pair, ben)
    operations.accept_request(pair, by=ben)
    say(pair, ben, text="Try Kasia")
    say(pair, cleo, text="Thank you")
    assert lists(ben) == ([cleo.name], [])


def test_a_changed_word_rings_nobody_who_said_no(ben, cleo, committed):
    pair = operations.open_direct([ben], by=cleo)
    said = say(pair, cleo, text="Hello")
    operations.decline_request(pair, by=ben)
    with committed():
        operations.edit_message(said, text=f"Hello @{ben.handle}", by=cleo)
    assert not Activity.objects.filter(verb="chat.mentioned").exists()


def test_who_asks_does_not_learn_of_a_no_or_of_being_read(ben, cleo):
    pair = operations.open_direct([ben], by=cleo)
    said = say(pair, cleo)
    before = (lists(cleo), RoomPerson.objects.get(room=pair, member=cleo).read_seq)
    operations.mark_read(pair, by=ben)
    assert RoomPerson.objects.get(room=pair, member=ben).read_seq == 0
    operations.decline_request(pair, by=ben)
    assert lists(ben) == ([], [])
    assert (lists(cleo), RoomPerson.objects.get(room=pair, member=cleo).read_seq) == before
    assert visible(pair, cleo)
    with pytest.raises(Refused, match="not answered yet"):
        say(pair, cleo)
    assert chat.unread(ben) == {}
    pair.shows_seen = True
    pair.save()
    page = chat.page(pair, cleo)
    assert page.rows == [said]
    assert chat_lists.seen_by(pair, cleo, page) == []


def test_writing_first_after_a_no_is_a_yes(ben, cleo):
    pair = operations.open_direct([ben], by=cleo)
    say(pair, cleo)
    operations.decline_request(pair, by=ben)
    operations.open_direct([cleo], by=ben)
    say(pair, ben, text="Now I have time")
    say(pair, cleo, text="Good")


def test_a_block_ends_a_conversation_for_both(ada, ben):
    pair = operations.open_direct([ben], by=ada)
    say(pair, ada)
    people_operations.block(ben, by=ada)
    for who in (ada, ben):
        who.forget()
        assert not visible(pair, who)
        assert lists(who) == ([], [])
        assert chat.unread(who) == {}
    with pytest.raises(Refused):
        operations.open_direct([ada], by=ben)


def test_among_several_who_keep_apart_do_not_read_each_other(ada, ben, north):
    nell = factories.make_member("Nell")
    factories.belong(nell, north)
    room = operations.open_direct([ben, nell], name="Cars", by=ada)
    mine, theirs = say(room, ben), say(room, nell)
    Block.objects.create(member=nell, blocked=ben)
    for who in (ben, nell):
        who.forget()
    assert [row.pk for row in chat.page(room, ben).rows] == [mine.pk]
    assert [row.pk for row in chat.page(room, nell).rows] == [theirs.pk]
    assert [one.name for one in chat_lists.people_in(room, ben)] == [ada.name]


def test_who_comes_later_does_not_read_what_was_said_before(ada, ben, north):
    nell = factories.make_member("Nell")
    factories.belong(nell, north)
    room = operations.open_direct([ben, factories_friend(north)], name="Cars", by=ada)
    say(room, ada, text="About Nell")
    operations.add_people(room, people=[nell], by=ada)
    later = say(room, ada, text="Hello Nell")
    assert list(Message.objects.visible_to(nell)) == [later]
    assert chat.page(room, nell).rows == [later]
    assert chat_lists.search(nell, "about") == []
    operations.leave_room(room, by=nell)
    assert not visible(room, nell)


def factories_friend(north) -> Member:
    friend = factories.make_member("Friend")
    factories.belong(friend, north)
    return friend


def test_thirty_fit_and_no_more(ada, north):
    people = [factories_named(n, north) for n in range(30)]
    with pytest.raises(Refused, match="At most 30"):
        operations.open_direct(people, by=ada)
    room = operations.open_direct(people[:29], by=ada)
    with pytest.raises(Refused, match="At most 30"):
        operations.add_people(room, people=people[29:], by=ada)


def factories_named(number: int, north) -> Member:
    member = factories.make_member(f"Person {number} of many")
    factories.belong(member, north)
    return member


def test_a_new_account_begins_few_conversations_and_sends_no_links(ada, ben, north):
    new = factories.make_member("Nell", settled_at=None, joined_at=timezone.now())
    factories.belong(new, north)
    pair = operations.open_direct([ben], by=new)
    with pytest.raises(Refused, match="links in direct messages"):
        say(pair, new, text="Look at https://example.org")
    for number in range(4):
        operations.open_direct([factories_named(number, north)], by=new)
    with pytest.raises(Refused, match="5 conversations"):
        operations.open_direct([ada], by=new)


def test_a_new_account_is_slower(ben, north):
    new = factories.make_member("Nell", settled_at=None, joined_at=timezone.now())
    factories.belong(new, north)
    room = north.rooms.get()
    for number in range(20):
        say(room, new, text=f"Line {number}")
    with pytest.raises(Refused, match="Wait ten seconds"):
        say(room, new)
    Message.objects.update(created_at=timezone.now() - timedelta(seconds=11))
    for number in range(10):
        say(room, new, text=f"More {number}")
    with pytest.raises(Refused, match="take a breath"):
        say(room, new)


def test_the_same_words_again_and_again_are_refused(ben, north):
    room = north.rooms.get()
    for _time in range(3):
        say(room, ben, text="Come to the meeting on Tuesday at seven, all of you")
    with pytest.raises(Refused, match="several times"):
        say(room, ben, text="Come to the meeting on Tuesday at seven, all of you")


def test_whom_one_may_not_see_one_cannot_write_to(cleo, north):
    hidden = factories.make_member("Hana", profile_seen_by=Member.SeenBy.GROUPS)
    factories.belong(hidden, north)
    with pytest.raises(Refused, match="cannot be written to"):
        operations.open_direct([hidden], by=cleo)
    with pytest.raises(Refused, match="Choose somebody"):
        operations.open_direct([cleo], by=cleo)


def test_a_conversation_of_two_cannot_be_left_and_one_of_several_has_settings(ada, ben, north):
    pair = operations.open_direct([ben], by=ada)
    with pytest.raises(Refused, match="block the person"):
        operations.leave_room(pair, by=ada)
    with pytest.raises(Refused):
        operations.change_room(pair, retention_days=7, by=ada)
    room = operations.open_direct([ben, factories_friend(north)], by=ada)
    operations.change_room(room, retention_days=7, by=ada)
    assert Room.objects.get(pk=room.pk).retention_days == 7
    with pytest.raises(Refused, match="no such setting"):
        operations.change_room(room, min_ring=3, by=ben)


def test_among_several_too_a_stranger_is_told_of_the_first_message_alone(
    ada, cleo, north, committed
):
    with committed():
        room = operations.open_direct([cleo, factories_friend(north)], name="Cars", by=ada)
        for text in ("Would you join us?", "We meet on Monday", "And again"):
            say(room, ada, text=text)
    told = Notice.objects.filter(member=cleo)
    assert [notice.activity.data["seq"] for notice in told] == [1]
    with pytest.raises(Refused, match="Accept the request first"):
        operations.change_room(room, retention_days=7, by=cleo)
    operations.accept_request(room, by=cleo)
    with committed():
        say(room, ada, text="Good that you are here")
    assert told.all().count() == 2


def test_whoever_left_is_asked_before_they_are_back(ada, ben, north):
    room = operations.open_direct([ben, factories_friend(north)], name="Cars", by=ada)
    say(room, ada)
    operations.leave_room(room, by=ben)
    operations.add_people(room, people=[ben], by=ada)
    assert lists(ben) == ([], ["Cars"])
    operations.decline_request(room, by=ben)
    assert lists(ben) == ([], [])


def test_only_whoever_began_it_has_a_conversation_forgotten_sooner(ada, ben, north):
    room = operations.open_direct([ben, factories_friend(north)], name="Cars", by=ada)
    with pytest.raises(Refused, match="Whoever began the conversation"):
        operations.change_room(room, retention_days=7, by=ben)
    operations.change_room(room, retention_days=180, by=ben)
    operations.change_room(room, retention_days=7, by=ada)


def test_whoever_began_a_conversation_takes_somebody_out(ada, ben, cleo, north):
    friend = factories_friend(north)
    room = operations.open_direct([ben, friend], name="Cars", by=ada)
    say(room, ada)
    for by, whom, why in (
        (ben, friend, "Only whoever began"), (ada, ada, "You can leave"), (ada, cleo, "is not in"),
    ):  # fmt: skip
        with pytest.raises(Refused, match=why):
            operations.take_out(room, person=whom, by=by)
    operations.take_out(room, person=ben, by=ada)
    assert not visible(room, ben)
    assert visible(room, friend)
    with pytest.raises(Refused):
        say(room, ben)
