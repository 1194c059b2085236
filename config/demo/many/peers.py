"""The data set on which other platforms were measured: 200 people, 5 groups, 200 topics of 25."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from random import Random

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils import timezone

from community import prose
from community.models import (
    Comment,
    Follow,
    Member,
    Membership,
    Openness,
    ReadMark,
    Ring,
    Space,
)
from community.operations import comments
from config.demo.filling.people import make_community
from config.demo.many.passages import passage, title
from config.demo.pending import PASSWORD
from config.demo.rows import insert_items, insert_kinds
from groups.models import Group, Topic

PEOPLE, TOPICS, POSTS = 200, 200, 25
GROUPS = ("General", "Meetings", "Help", "Show and tell", "Off topic")


@transaction.atomic
def fill(say: Callable[[str], None]) -> None:
    random = Random(42)
    root = make_community("Peers").space
    people = _people()
    spaces = [_group(name, people) for name in GROUPS]
    _belong(root, people)
    say(f"{len(people)} people, {len(spaces)} groups")
    _talk(spaces, people, random, timezone.now())
    say(f"{TOPICS} topics, {TOPICS * POSTS} posts; sign in as person0@riverside.example")


def _people() -> list[Member]:
    password = make_password(PASSWORD)
    people = Member.objects.bulk_create(
        [
            Member(
                email=f"person{number}@riverside.example",
                password=password,
                name=f"Person {number}",
                handle=f"person{number}",
                profile_seen_by=Member.SeenBy.MEMBERS,
                in_directory=True,
                onboarded_at=timezone.now(),
                settled_at=timezone.now(),
            )
            for number in range(PEOPLE)
        ]
    )
    EmailAddress.objects.bulk_create(
        [EmailAddress(user=one, email=one.email, verified=True, primary=True) for one in people]
    )
    return people


def _group(name: str, people: list[Member]) -> Space:
    space = Space.objects.create(
        kind="group",
        name=name,
        slug=name.lower().replace(" ", "-"),
        openness=Openness.OPEN,
        listed_at=timezone.now(),
    )
    Group.objects.create(space=space, state=Group.State.ACTIVE, started_by=people[0])
    _belong(space, people)
    return space


def _belong(space: Space, people: list[Member]) -> None:
    Membership.objects.bulk_create(
        [
            Membership(
                space=space,
                member=member,
                ring=Ring.STEWARD if place < 2 else Ring.PARTICIPANT,
            )
            for place, member in enumerate(people)
        ]
    )
    Space.objects.filter(pk=space.pk).update(member_count=len(people))


def _talk(spaces: list[Space], people: list[Member], random: Random, now: datetime) -> None:
    topics, answers = [], []
    for number in range(TOPICS):
        space = spaces[number % len(spaces)]
        began = now - timedelta(hours=TOPICS - number)
        topic = Topic(
            kind=Topic.KIND,
            title=title(random, number),
            comment_count=POSTS - 1,
            **_words(space, random.choice(people), began, random),
        )
        topic.active_at = began + timedelta(minutes=2 * (POSTS - 1))
        topics.append(topic)
        for place in range(1, POSTS):
            at = began + timedelta(minutes=2 * place)
            words = _words(space, random.choice(people), at, random)
            answers.append((topic, Comment(kind=comments.KIND, **words)))
    insert_items(topics)
    insert_kinds(topics)
    insert_items([comment for _topic, comment in answers])
    for topic, comment in answers:
        comment.item_id = topic.pk
    insert_kinds([comment for _topic, comment in answers])
    _take_part(topics, answers)


def _words(space: Space, author: Member, at: datetime, random: Random) -> dict:
    text = passage(random)
    return {
        "space": space,
        "author": author,
        "min_ring": Ring.PARTICIPANT,
        "created_at": at,
        "active_at": at,
        "text": text,
        "html": prose.render(text),
        "renderer": prose.RENDERER,
    }


def _take_part(topics: list[Topic], answers: list[tuple[Topic, Comment]]) -> None:
    """Whoever wrote in a topic follows it, and has read it up to there."""
    last: dict[tuple[int, int], datetime] = {}
    for topic, row in [(topic, topic) for topic in topics] + answers:
        last[topic.pk, row.author_id] = row.created_at
    Follow.objects.bulk_create([Follow(item_id=item, member_id=who) for item, who in last])
    ReadMark.objects.bulk_create(
        [ReadMark(item_id=item, member_id=who, read_at=at) for (item, who), at in last.items()]
    )
