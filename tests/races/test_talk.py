"""Many people talking at once: numbers stay right, and nothing slips past a move or a closing."""

from __future__ import annotations

import pytest

from community.models import Comment, Item, Ring
from community.operations import comments, reading, writing
from groups.operations import topics
from tests.factories import belong, make_comment, make_member, make_topic
from tests.races.test_membership import at_once, fresh

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

SOME = 6


@pytest.fixture
def people(north):
    made = [make_member(f"Person {n}") for n in range(SOME)]
    for member in made:
        belong(member, north)
    return made


def test_comments_at_once_are_all_counted(ada, north, people):
    topic = make_topic(north, by=ada)
    at_once(
        *(
            lambda member=member: comments.post_comment(topic, text="Yes", by=fresh(member))
            for member in people
        )
    )
    assert Item.objects.get(pk=topic.pk).comment_count == SOME == topic.comments.count()


def test_reactions_at_once_are_all_counted(ada, north, people):
    topic = make_topic(north, by=ada)
    at_once(
        *(
            lambda member=member: reading.react(topic, emoji="❤️", by=fresh(member))
            for member in people
        )
    )
    assert Item.objects.get(pk=topic.pk).reaction_counts == {"❤️": SOME}


def test_taking_away_while_others_answer_leaves_the_right_number(ada, north, people):
    topic = make_topic(north, by=ada)
    gone = [make_comment(topic, by=people[0]) for _ in range(3)]
    at_once(
        *(lambda one=one: writing.delete_item(one, by=fresh(people[0])) for one in gone),
        *(
            lambda member=member: comments.post_comment(topic, text="x", by=fresh(member))
            for member in people[1:4]
        ),
    )
    assert Item.objects.get(pk=topic.pk).comment_count == 3


def test_what_is_said_while_a_topic_moves_moves_with_it(ada, north, people):
    topic = make_topic(north, by=ada)
    at_once(
        lambda: topics.move_to_ring(topic, ring=Ring.CORE, by=fresh(ada)),
        *(
            lambda member=member: comments.post_comment(topic, text="x", by=fresh(member))
            for member in people[:3]
        ),
    )
    assert set(Comment.objects.values_list("min_ring", flat=True)) <= {Ring.CORE}
