"""Chat: what is said, who reads it, and what stands in its way."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from community import audience, chat
from community.models import (
    Activity,
    Block,
    Member,
    Membership,
    Message,
    MessageMention,
    Notice,
    Ring,
    Room,
    RoomPerson,
    Space,
)
from community.operations import chat as operations
from community.operations import membership as membership_operations
from community.policies import Refused
from groups.operations import topics
from tests import factories


def say(room: Room, by: Member, text: str = "Shall we meet at six?", **fields) -> Message:
    return operations.post_message(
        room, text=text, client_id=fields.pop("client_id", uuid.uuid4()), by=by, **fields
    )


def test_every_space_has_a_room_from_the_start(community, north):
    assert [str(room) for room in north.rooms.all()] == ["general"]
    assert Space.objects.root().rooms.get().min_ring == Ring.PARTICIPANT


def test_only_who_takes_part_reads_the_room(general, ada, ben, fay, cleo, mo):
    reads = [who for who in (ada, ben, fay, cleo, mo) if visible(general, who)]
    assert reads == [ada, ben]
    assert not visible(general, None)


def visible(room: Room, who) -> bool:
    return Room.objects.visible_to(who).filter(pk=room.pk).exists()


def test_who_reads_a_room_is_said_alike_from_both_sides(general, ada, ben, fay, cleo, mo):
    deep = operations.make_room(general.space, name="core team", min_ring=Ring.CORE, by=ada)
    pair = operations.open_direct([ben], by=ada)
    say(pair, ada)
    Block.objects.create(member=cleo, blocked=ada)
    for room in (general, deep, pair):
        readers = set(audience.listeners(room).values_list("pk", flat=True))
        assert readers == {w.pk for w in (ada, ben, fay, cleo, mo) if visible(room, w)}


def test_messages_are_numbered_and_sent_once(general, ada, ben):
    sent = uuid.uuid4()
    first = say(general, ben, client_id=sent)
    again = say(general, ben, text="Something else", client_id=sent)
    second = say(general, ada)
    assert again == first
    assert again.text == "Shall we meet at six?"
    assert (first.seq, second.seq) == (1, 2)
    general.refresh_from_db()
    assert general.last_seq == 2


def test_a_room_is_held_for_few_statements(general, ben, django_assert_max_num_queries):
    """Whoever speaks there next waits for them."""
    say(general, ben)
    with django_assert_max_num_queries(7):
        say(general, ben, text="Shall we rather meet at seven, at the gate?")


def test_the_table_holds_what_it_promises(general, ben):
    first = say(general, ben)
    with pytest.raises(IntegrityError), transaction.atomic():
        Message.objects.create(room=general, seq=1, author=ben, client_id=uuid.uuid4())
    with pytest.raises(IntegrityError), transaction.atomic():
        Message.objects.create(room=general, seq=2, author=ben, client_id=first.client_id)
    with pytest.raises(IntegrityError), transaction.atomic():
        Room.objects.create(space=general.space, is_first=True)
    with pytest.raises(IntegrityError), transaction.atomic():
        Room.objects.create(space=None, kind=Room.Kind.GENERAL)


def test_nothing_is_said_without_words_or_in_too_many(general, ben):
    with pytest.raises(Refused, match="Write something"):
        say(general, ben, text="  ")
    with pytest.raises(Refused, match="4000 letters"):
        say(general, ben, text="x" * 4001)


def test_a_follower_reads_announcements_and_does_not_write(north, ada, fay, ben):
    room = operations.make_room(
        north, name="news", is_announcing=True, min_ring=Ring.FOLLOWER, by=ada
    )
    said = say(room, ada, text="We won")
    assert Message.objects.visible_to(fay).get() == said
    for who in (fay, ben):
        with pytest.raises(Refused, match="Only stewards"):
            say(room, who)
    assert operations.react_to_message(said, emoji="🎉", by=fay)


def test_a_locked_room_is_for_stewards_and_an_archived_one_for_nobody(general, ada, ben):
    operations.lock_room(general, by=ada)
    with pytest.raises(Refused, match="locked"):
        say(general, ben)
    say(general, ada)
    with pytest.raises(Refused, match="first room"):
        operations.archive_room(general, by=ada)
    other = operations.make_room(general.space, name="survey", by=ada)
    said = say(other, ben)
    operations.archive_room(other, by=ada)
    with pytest.raises(Refused, match="archived"):
        say(other, ada)
    with pytest.raises(Refused, match="archived"):
        operations.edit_message(Message.objects.get(pk=said.pk), text="Else", by=ben)
    assert visible(other, ben)


def test_slow_mode_holds_up_everybody_but_stewards(general, ada, ben):
    operations.change_room(general, slow_seconds=60, by=ada)
    say(general, ben)
    with pytest.raises(Refused, match="slow mode"):
        say(general, ben)
    say(general, ada)
    say(general, ada)
    Message.objects.filter(author=ben).update(created_at=timezone.now() - timedelta(seconds=61))
    say(general, ben)


def test_rooms_are_made_by_stewards(north, ada, ben):
    with pytest.raises(Refused):
        operations.make_room(north, name="survey", by=ben)
    with pytest.raises(Refused, match="name"):
        operations.make_room(north, name="  ", by=ada)
    with pytest.raises(Refused):
        operations.change_room(north.rooms.get(), min_ring=Ring.CORE, by=ben)


def test_one_changes_ones_own_words_within_a_week(general, ada, ben):
    said = say(general, ben)
    with pytest.raises(Refused, match="Only the person"):
        operations.edit_message(said, text="I agree", by=ada)
    operations.edit_message(said, text="Shall we meet at **seven**?", by=ben)
    said.refresh_from_db()
    assert said.edited_at
    assert "<strong>seven</strong>" in said.html
    Message.objects.update(created_at=timezone.now() - timedelta(days=8))
    said.refresh_from_db()
    with pytest.raises(Refused, match="week"):
        operations.edit_message(said, text="Never", by=ben)


def test_what_is_taken_away_leaves_a_mark_without_words(general, ada, ben, fay):
    said = say(general, ben, text="My number is 555")
    answer = say(general, ada, reply_to=said)
    operations.react_to_message(said, emoji="👍", by=ada)
    with pytest.raises(Refused):
        operations.delete_message(answer, by=ben)
    operations.delete_message(said, by=ada)
    said.refresh_from_db()
    assert said.deleted_at
    assert not said.text
    assert not said.html
    assert not said.reaction_counts
    assert said.search is None
    page = chat.page(general, ben)
    assert [row.seq for row in page.rows] == [1, 2]


def test_a_reaction_is_put_and_taken_back(general, ada, ben):
    said = say(general, ben)
    operations.react_to_message(said, emoji="👍", by=ada)
    operations.react_to_message(said, emoji="👍", by=ben)
    said.refresh_from_db()
    assert said.reaction_counts == {"👍": 2}
    assert not operations.react_to_message(said, emoji="👍", by=ada)
    said.refresh_from_db()
    assert said.reactions == [("👍", 1)]
    with pytest.raises(Refused):
        operations.react_to_message(said, emoji="💣", by=ada)


def test_what_one_says_in_a_row_reads_as_one(general, ada, ben):
    first, second = say(general, ben), say(general, ben, text="Or later")
    third, fourth = say(general, ada), say(general, ben)
    assert [m.continues for m in (first, second, third, fourth)] == [False, True, False, False]
    Message.objects.update(created_at=timezone.now() - timedelta(minutes=6))
    assert not say(general, ben).continues


def test_replies_stand_in_one_thread(general, ada, ben):
    first = say(general, ben)
    second = say(general, ada, reply_to=first)
    third = say(general, ben, reply_to=second)
    assert (second.thread_id, third.thread_id) == (first.pk, first.pk)
    first.refresh_from_db()
    assert first.reply_count == 2
    operations.delete_message(third, by=ben)
    first.refresh_from_db()
    assert first.reply_count == 1
    other = operations.make_room(general.space, name="survey", by=ada)
    with pytest.raises(Refused, match="no longer here"):
        say(other, ben, reply_to=first)


def test_unread_is_what_others_said_since(general, ada, ben):
    say(general, ada)
    say(general, ada, text="And bring a pen")
    assert chat.unread(ben) == {general.pk: 2}
    assert chat.unread(ada) == {}
    operations.mark_read(general, seq=1, by=ben)
    assert chat.unread(ben) == {general.pk: 1}
    operations.mark_read(general, seq=0, by=ben)
    assert chat.unread(ben) == {general.pk: 1}
    operations.mark_read(general, by=ben)
    assert chat.unread(ben) == {}
    operations.mark_read(general, seq=99, by=ben)
    assert RoomPerson.objects.get(member=ben).read_seq == 2


def test_what_was_said_before_one_came_is_not_new(general, ada, north):
    say(general, ada)
    newcomer = factories.make_member("Nell")
    factories.belong(newcomer, north)
    assert chat.unread(newcomer) == {}
    say(general, ada)
    newcomer.forget()
    assert general.pk in chat.unread(newcomer)


def test_a_muted_room_counts_nothing(general, ada, ben):
    operations.set_volume(general, volume="mute", by=ben)
    say(general, ada)
    assert chat.unread(ben) == {}
    with pytest.raises(Refused):
        operations.set_volume(general, volume="loud", by=ben)


def test_naming_somebody_tells_them_once(general, ada, ben, fay, committed):
    with committed():
        said = say(general, ada, text="@ben-castillo and @fay-lindqvist, can you come?")
    assert MessageMention.objects.get().member == ben  # fay does not read it
    assert Notice.objects.get().member == ben
    assert "/people/" in said.html
    assert str(ben.pk) in said.html
    with committed():
        operations.edit_message(said, text="@ben-castillo, please come", by=ada)
    assert Notice.objects.count() == 1


def test_an_answer_is_told_to_who_is_answered(general, ada, ben, committed):
    with committed():
        said = say(general, ben)
        say(general, ada, text="Yes", reply_to=said)
    assert Notice.objects.get().member == ben
    with committed():
        operations.mark_read(general, by=ben)
    assert Notice.objects.get().read_at


def test_who_keep_apart_do_not_read_each_other(general, ada, ben, north):
    nell = factories.make_member("Nell")
    factories.belong(nell, north)
    mine, theirs = say(general, ben), say(general, nell)
    quoting = say(general, ada, reply_to=mine)
    Block.objects.create(member=nell, blocked=ben)
    for who in (ada, ben, nell):
        who.forget()
    assert list(Message.objects.visible_to(nell).order_by("seq")) == [theirs]
    assert list(Message.objects.visible_to(ben).order_by("seq")) == [mine, quoting]
    assert Message.objects.visible_to(ada).count() == 3  # who leads the space answers for it
    assert [row.seq for row in chat.page(general, nell).rows] == [theirs.seq]
    for message in (mine, theirs, quoting):
        readers = set(audience.listeners_to(message).values_list("pk", flat=True))
        seen = {w.pk for w in (ada, ben, nell) if message in Message.objects.visible_to(w)}
        assert readers == seen
    assert chat.unread(nell) == {}


def test_whoever_goes_reads_nothing_any_more(general, ada, ben, north):
    say(general, ada)
    held = Membership.objects.get(space=north, member=ben)
    membership_operations.remove(held, reason="They asked", by=ada)
    ben.forget()
    assert not Message.objects.visible_to(ben).exists()


def test_a_suspended_person_neither_reads_nor_writes(general, ben):
    ben.suspended_until = timezone.now() + timedelta(days=1)
    ben.save()
    ben.forget()
    assert not visible(general, ben)
    with pytest.raises(Refused, match="suspended"):
        say(general, ben)


def test_a_room_about_a_thing_is_read_by_who_reads_the_thing(north, ada, ben, fay):
    topic = factories.make_topic(north, by=ada, min_ring=Ring.CORE)
    room = operations.open_room_about(topic, by=ada, retention_days=14)
    assert operations.open_room_about(topic, by=ada) == room
    assert [visible(room, who) for who in (ada, ben, fay)] == [True, False, False]
    topics.move_to_ring(topic, ring=Ring.PARTICIPANT, by=ada)
    topic.refresh_from_db()
    assert [visible(room, who) for who in (ada, ben, fay)] == [True, True, False]
    topic.deleted_at = timezone.now()
    topic.save()
    assert not visible(room, ada)
    with pytest.raises(Refused, match="Whoever made this"):
        operations.open_room_about(factories.make_topic(north, by=ada), by=ben)


def test_a_name_that_is_taken_out_and_put_in_again_rings_once(north, ada, ben):
    general = north.rooms.get(kind=Room.Kind.GENERAL)
    said = say(general, ada, text="Hello")
    for text in (f"Hello @{ben.handle}", "Hello", f"Hello again @{ben.handle}"):
        operations.edit_message(said, text=text, by=ada)
    assert Activity.objects.filter(verb="chat.mentioned").count() == 1


def test_a_chat_about_a_topic_is_opened_from_its_page_and_leads_back(as_, north, ada, ben, cleo):
    topic = factories.make_topic(north, by=ada, title="The boiler")
    page, there = f"/topics/{topic.pk}/", f"/items/{topic.pk}/chat/"
    assert there in as_(ada).get(page).content.decode()
    assert there not in as_(ben).get(page).content.decode()
    room = as_(ada).post(there).url
    assert f"/comments/{topic.pk}/" in as_(ada).get(room).content.decode()
    assert as_(ben).get(f"/comments/{topic.pk}/").url == page
    assert f'href="{room}"' in as_(ben).get(page).content.decode()
    assert as_(ben).get(room).status_code == 200
    assert f'href="{room}"' not in as_(cleo).get(page).content.decode()
    assert as_(cleo).get(room).status_code == 404


def test_who_wants_everything_hears_of_everything_once(general, ada, ben, north, committed):
    nell = factories.make_member("Nell")
    factories.belong(nell, north)
    operations.set_volume(general, volume="all", by=ben)
    with committed():
        first = say(general, ada, text="We meet at six")
        say(general, nell, text=f"@{ben.handle} are you coming?")
    told = Notice.objects.filter(member=ben).order_by("pk")
    assert [row.activity.verb for row in told] == ["chat.said", "chat.mentioned"]
    assert not Notice.objects.exclude(member=ben).exists()
    operations.mark_read(general, seq=first.seq, by=ben)
    assert told.filter(read_at=None).count() == 1
    operations.set_volume(general, volume="mentions", by=ben)
    with committed():
        say(general, ada, text="Bring a pen")
    assert told.count() == 2


def test_what_stewards_announce_reaches_all_who_read_the_room(
    north, ada, fay, ben, cleo, committed
):
    room = operations.make_room(
        north, name="news", is_announcing=True, min_ring=Ring.FOLLOWER, by=ada
    )
    operations.set_volume(room, volume="mute", by=ben)
    with committed():
        say(room, ada, text="We won")
    assert [row.member for row in Notice.objects.all()] == [fay]


def test_in_a_conversation_mentions_alone_means_mentions_alone(ada, ben, north, committed):
    friend = factories.make_member("Friend")
    factories.belong(friend, north)
    room = operations.open_direct([ben, friend], name="Cars", by=ada)
    operations.set_volume(room, volume="mentions", by=ben)
    with committed():
        say(room, ada, text="Nothing for anybody")
        said = say(room, friend, text=f"@{ben.handle} have a look")
    assert [row.activity.message for row in Notice.objects.filter(member=ben)] == [said]
