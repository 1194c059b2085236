"""What is new: whose, in which order, and what is left out."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from community import feed
from community.models import Block, Follow, Item, Membership, Mute
from community.operations import membership
from tests.factories import belong, make_comment, make_member, make_space, make_topic

pytestmark = pytest.mark.django_db


def titles(member, **options):
    member.forget()
    return [card.row.title for card in feed.for_member(member, **options).cards]


def age(topic, **gone):
    Item.objects.filter(pk=topic.pk).update(active_at=timezone.now() - timedelta(**gone))
    return topic


def test_newest_activity_first_over_all_my_groups(ada, ben, north):
    south = make_space("South", steward=ada)
    belong(ben, south)
    old = age(make_topic(north, by=ada, title="Old"), days=3)
    age(make_topic(south, by=ada, title="Middle"), days=2)
    age(make_topic(north, by=ada, title="New"), days=1)
    assert titles(ben) == ["New", "Middle", "Old"]
    make_comment(old, by=ada)
    assert titles(ben) == ["Old", "New", "Middle"]


def test_groups_one_is_not_in_and_rings_one_is_not_in_stay_out(ada, ben, north):
    make_topic(make_space("Elsewhere", steward=ada), by=ada, title="Not mine")
    make_topic(north, by=ada, title="Too deep", min_ring=3)
    make_topic(north, by=ada, title="Mine")
    assert titles(ben) == ["Mine"]


def test_who_left_sees_nothing_of_it_any_more(ada, ben):
    space = make_space(openness="closed", steward=ada)
    belong(ben, space)
    make_topic(space, by=ada, title="Inside")
    assert titles(ben) == ["Inside"]
    membership.leave(space, by=ben)
    assert titles(ben) == []


def test_muted_groups_muted_people_muted_topics_and_blocked_people_stay_out(ada, ben, north):
    eva, kim = make_member("Eva"), make_member("Kim")
    quiet = make_space("Quiet", steward=ada)
    for person in (eva, kim):
        belong(person, north)
    belong(ben, quiet)
    Membership.objects.filter(member=ben, space=quiet).update(volume="mute")
    Mute.objects.create(member=ben, muted=eva)
    Block.objects.create(member=kim, blocked=ben)
    make_topic(quiet, by=ada, title="Muted group")
    make_topic(north, by=eva, title="Muted person")
    make_topic(north, by=kim, title="Blocked person")
    hushed = make_topic(north, by=ada, title="Muted topic")
    Follow.objects.create(member=ben, item=hushed, volume="mute")
    make_topic(north, by=ada, title="Heard")
    assert titles(ben) == ["Heard"]


def test_pages_meet_without_gap_or_overlap(ada, ben, north):
    for n in range(25):
        age(make_topic(north, by=ada, title=f"{n}"), hours=n)
    seen, cursor = [], None
    while True:
        page = feed.for_member(ben, cursor)
        seen += [card.row.title for card in page.cards]
        cursor = page.next_cursor
        if not cursor:
            break
        age(make_topic(north, by=ada, title="came in between"), seconds=0)
    assert seen == [str(n) for n in range(25)]


def test_a_lens_shows_one_sort(ada, ben, north):
    make_topic(north, by=ada, title="Why?", template="question")
    make_topic(north, by=ada, title="Because")
    assert titles(ben, lens="questions") == ["Why?"]
    assert titles(ben, lens="no such lens") == ["Because", "Why?"]


def test_a_card_knows_who_answered_and_what_i_pressed(ada, ben, north):
    from community.operations import reading

    topic = make_topic(north, by=ada)
    for _ in range(2):
        make_comment(topic, by=ada)
    make_comment(topic, by=ben)
    reading.react(topic, emoji="👍", by=ben)
    (card,) = feed.for_member(ben).cards
    assert [person.name for person in card.voices] == ["Ben Castillo", "Ada Mensah"]
    assert card.mine == {"👍"}


def test_somebody_kept_apart_is_no_voice_on_a_card(ada, ben, north):
    eva = make_member("Eva")
    belong(eva, north)
    topic = make_topic(north, by=ada)
    make_comment(topic, by=eva)
    Block.objects.create(member=ben, blocked=eva)
    (card,) = feed.for_member(ben).cards
    assert card.voices == []


def test_the_feed_asks_the_same_with_2_and_with_12(ada, ben, north, queries):
    from community.models import Member

    counts = []
    for more in (2, 10):
        for _ in range(more):
            make_comment(make_topic(north, by=ada), by=ada)
            belong(ben, make_space(steward=ada))
        fresh = Member.objects.get(pk=ben.pk)
        with queries() as asked:
            feed.for_member(fresh, size=20)
        counts.append(len(asked))
    assert counts[0] == counts[1]
    assert counts[0] <= 5


# Unread


def unread(member, space):
    member.forget()
    return feed.unread(member)[space.pk]


def test_unread_counts_what_came_after_the_last_look_at_group_and_topic(as_, ada, ben, north):
    topic = make_topic(north, by=ada)
    assert unread(ben, north) == 1
    as_(ben).post(f"/items/{topic.pk}/read/")
    assert unread(ben, north) == 0
    make_comment(topic, by=ada)
    make_topic(north, by=ada, min_ring=3)
    assert unread(ben, north) == 1
    as_(ben).post("/spaces/north-side/read/")
    assert unread(ben, north) == 0


def test_many_unread_are_counted_to_ten(ada, ben, north):
    for _ in range(12):
        make_topic(north, by=ada)
    assert unread(ben, north) == 10


def test_what_is_muted_lights_nothing(ada, ben, cleo, north):
    belong(cleo, north)
    Membership.objects.filter(member=ben).update(seen_at=timezone.now() - timedelta(days=9))
    hushed, of_cleo = make_topic(north, by=ada), make_topic(north, by=cleo)
    ben.forget()
    assert feed.unread(ben)[north.pk] == 2
    Follow.objects.create(member=ben, item=hushed, volume="mute")
    Mute.objects.create(member=ben, muted=of_cleo.author)
    ben.forget()
    assert feed.unread(ben)[north.pk] == 0
