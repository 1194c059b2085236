"""What is said: topics, answers and reactions, inserted in the order of time."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta

from community import audience, prose
from community.models import (
    Activity,
    Comment,
    Follow,
    Media,
    Member,
    Mention,
    Reaction,
    ReadMark,
    Volume,
)
from community.operations import comments
from community.operations.media import attach
from config.demo.filling import pictures
from config.demo.filling.people import seen_at
from config.demo.filling.stage import RINGS, Stage, a_little_later
from config.demo.groups import GROUPS
from config.demo.rows import insert_items, insert_kinds
from config.demo.shapes import Reply, Say
from config.demo.shapes import Topic as Written
from config.demo.talk import TOPICS
from config.demo.words import ago, later, worded
from groups.models import Topic

LANGUAGE_OF = {group.key: group.languages.split()[0] for group in GROUPS}


@dataclass(frozen=True)
class Turn:
    """Somebody says something: a topic, or `say`, which answers the say number `to` in it."""

    at: datetime
    topic: Written
    say: Say | None = None
    to: int | None = None

    @property
    def by(self) -> str:
        return self.say.by if self.say else self.topic.by

    @property
    def language(self) -> str:
        return self.topic.language or LANGUAGE_OF[self.topic.group]


def turns(now: datetime) -> list[Turn]:
    """Everything that is said, in the order of time; a topic's answers in their own order."""
    found = []
    for topic in TOPICS:
        at = ago(topic.ago, now)
        found.append(Turn(at, topic))
        thread = None
        for place, say in enumerate(topic.says):
            at = later(say.after, at, now)
            answers = isinstance(say, Reply)
            found.append(Turn(at, topic, say, thread if answers else None))
            thread = thread if answers else place
    return sorted(found, key=lambda turn: turn.at)


def happen(stage: Stage) -> None:
    said = [(turn, _row(stage, turn)) for turn in turns(stage.now)]
    for turn, row in said:
        if turn.say is None:
            stage.topics[turn.topic.key] = row
            stage.said[turn.topic.key] = []
        else:
            stage.said[turn.topic.key].append(row)
    for written in TOPICS:
        _count(stage, written)
    reactions = [(row, *each) for turn, row in said for each in _reactions(stage, turn, row)]
    insert_items([row for _turn, row in said])
    _connect(stage, said)
    insert_kinds([row for _turn, row in said if isinstance(row, Comment)])
    insert_kinds([row for _turn, row in said if isinstance(row, Topic)])
    Reaction.objects.bulk_create(
        [
            Reaction(item_id=row.pk, member=member, emoji=emoji, created_at=at)
            for row, emoji, member, at in reactions
        ]
    )
    _name(said)
    _remember(stage, said)


def _row(stage: Stage, turn: Turn) -> Topic | Comment:
    shared = {
        "space": stage.groups[turn.topic.group].space,
        "author": stage.people[turn.by],
        "min_ring": RINGS[turn.topic.ring],
        "created_at": turn.at,
        "active_at": turn.at,
    }
    if turn.say:
        text = worded(turn.say.text, turn.at, turn.language, stage.now)
        return Comment(kind=comments.KIND, **shared, **_prose(text))
    return Topic(
        kind=Topic.KIND,
        title=worded(turn.topic.title, turn.at, turn.language, stage.now),
        template=turn.topic.template,
        lang=turn.language,
        **shared,
        **_prose(worded(turn.topic.text, turn.at, turn.language, stage.now)),
    )


def _prose(text: str) -> dict:
    return {"text": text, "html": prose.render(text), "renderer": prose.RENDERER}


def _count(stage: Stage, written: Written) -> None:
    topic, said = stage.topics[written.key], stage.said[written.key]
    topic.comment_count = len(said)
    topic.active_at = said[-1].created_at if said else topic.created_at
    if written.pinned:
        topic.pinned_at = min(topic.created_at + timedelta(hours=1), stage.now)
    if written.closed:
        topic.closed_at = topic.active_at


def _reactions(stage: Stage, turn: Turn, row) -> list[tuple[str, Member, datetime]]:
    found = []
    for emoji, key in pairs((turn.say or turn.topic).reactions):
        member = stage.people[key]
        at = a_little_later(
            max(turn.at, member.joined_at), turn.topic.key, key, minutes=600, now=stage.now
        )
        found.append((emoji, member, at))
    row.reaction_counts = dict(Counter(emoji for emoji, _member, _at in found))
    return found


def pairs(line: str) -> list[tuple[str, str]]:
    """ "❤️ marisol jo 💪 tom" → each emoji with each person."""
    found, emoji = [], ""
    for word in line.split():
        if word.isascii():
            found.append((emoji, word))
        else:
            emoji = word
    return found


def _connect(stage: Stage, said: list) -> None:
    """Now that every row has its key: what answers what, and which answer was the answer."""
    for turn, row in said:
        answers = stage.said[turn.topic.key]
        if turn.say is None and turn.topic.answer is not None:
            row.answer_id = answers[turn.topic.answer].pk
        if turn.say is not None:
            row.item_id = stage.topics[turn.topic.key].pk
            row.parent_id = None if turn.to is None else answers[turn.to].pk


def illustrate(stage: Stage) -> None:
    """Hang pictures and files on the topics that have some."""
    for written in TOPICS:
        if written.pictures or written.files:
            topic, by = stage.topics[written.key], stage.people[written.by]
            attach(topic, tokens=pictures.hang(stage, written, by=by), by=by)
            Media.objects.filter(item=topic.pk).update(created_at=topic.created_at)


def _name(said: list) -> None:
    """Mentions, which not many have."""
    for turn, row in said:
        handles = prose.mentioned_handles(row.text)
        if handles:
            people = {one.handle: one for one in audience.readers(row).filter(handle__in=handles)}
            named = {handle: (one.pk, one.display_name) for handle, one in people.items()}
            html = prose.render(row.text, people=named)
            type(row).objects.filter(pk=row.pk).update(html=html)
            Mention.objects.bulk_create(
                [Mention(item_id=row.pk, member=one, created_at=turn.at) for one in people.values()]
            )


def _remember(stage: Stage, said: list) -> None:
    """Who follows what since when, how far they have read, and the record of it all."""
    follows, read = {}, {}
    activities = []
    for turn, row in said:
        topic = stage.topics[turn.topic.key]
        place = (topic.pk, row.author_id)
        follows.setdefault(place, turn.at)
        read[place] = max(turn.at, seen_at(stage, turn.by))
        data = {"title": topic.title, "name": row.author.display_name}
        if turn.say is not None:
            data["on"] = topic.pk
        activities.append(
            Activity(
                verb="comments.posted" if turn.say else "topics.posted",
                actor=row.author,
                item_id=row.pk,
                space_id=row.space_id,
                data=data,
                created_at=turn.at,
            )
        )
    Activity.objects.bulk_create(activities)
    Follow.objects.bulk_create(
        [
            Follow(item_id=item, member_id=member, volume=Volume.ALL, created_at=at)
            for (item, member), at in follows.items()
        ]
    )
    ReadMark.objects.bulk_create(
        [
            ReadMark(item_id=item, member_id=member, read_at=at)
            for (item, member), at in read.items()
        ]
    )
