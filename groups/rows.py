"""Knows what a topic shows in a list and on a card: all of it, so that it is drawn once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import ClassVar

from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from community.feed import Card
from community.models import Member
from community.parts import Reactions
from community.templatetags.community import face_of, since
from groups.models import Topic


@dataclass(frozen=True)
class TopicRow:
    template: ClassVar[str] = "groups/_topic_row.html"
    kept: ClassVar[int] = 4000

    pk: int
    title: str
    label: str
    icon: str
    face: SafeString
    who: str
    when: datetime
    since: str
    replies: int
    is_unread: bool
    is_answered: bool
    is_closed: bool
    ring_words: str


def topic_rows(topics: Iterable[Topic], member: Member | None) -> list[TopicRow]:
    """Rows of topics from ``for_list``, as this member sees them."""
    words = _words(get_language())
    me = member.pk if member is not None else None
    return [_row(topic, member, me, words) for topic in topics]


def _row(topic: Topic, member: Member | None, me: int | None, words: dict[str, str]) -> TopicRow:
    author = topic.author
    if author is None:
        who = words["nobody"]
    elif author.pk == me:
        who = words["you"]
    else:
        who = author.display_name
    return TopicRow(
        pk=topic.pk,
        title=topic.title,
        label=words["pinned"] if topic.pinned_at else words[topic.template],
        icon="pin" if topic.pinned_at else topic.icon,
        face=face_of(author, member),
        who=who,
        when=topic.active_at,
        since=since(topic.active_at),
        replies=topic.comment_count,
        is_unread=topic.is_unread,
        is_answered=topic.is_answered,
        is_closed=topic.closed_at is not None,
        ring_words=topic.ring_words,
    )


@lru_cache(maxsize=20)
def _words(_language: str | None) -> dict[str, str]:
    kinds = {template.value: str(template.label) for template in Topic.Template}
    return kinds | {"pinned": _("Pinned"), "nobody": _("somebody who left"), "you": _("you")}


@dataclass(frozen=True)
class TopicCard:
    template: ClassVar[str] = "groups/_topic_card.html"
    kept: ClassVar[int] = 1000

    pk: int
    url: str
    title: str
    html: str
    label: str
    icon: str
    face: SafeString
    who: str
    who_url: str
    """Empty for visitors, who are told names only."""
    space: str
    space_url: str
    when: datetime
    since: str
    ring_words: str
    is_answered: bool
    pictures: int
    picture: tuple[str, str, int | None, int | None] | None
    """Address, description and size of the first."""
    reactions: Reactions | None
    replies: int
    voices: tuple[SafeString, ...]
    voices_told: str


def topic_card(card: Card) -> TopicCard:
    """The card of a topic from ``for_cards``."""
    topic, reader = card.row, card.reader
    author, pictures = topic.author, topic.pictures
    first = pictures[0] if pictures else None
    return TopicCard(
        pk=topic.pk,
        url=topic.get_absolute_url(),
        title=topic.title,
        html=topic.html,
        label=_words(get_language())[topic.template],
        icon=topic.icon,
        face=face_of(author, reader),
        who=author.display_name if author else _("Former member"),
        who_url=author.get_absolute_url() if author and reader else "",
        space=topic.space.name,
        space_url=topic.space.get_absolute_url(),
        when=topic.created_at,
        since=since(topic.created_at),
        ring_words=topic.ring_words if reader else "",
        is_answered=topic.is_answered,
        pictures=len(pictures),
        picture=(first.url(), first.alt, first.width, first.height) if first else None,
        reactions=card.reactions if reader else None,
        replies=topic.comment_count,
        voices=card.voices_shown,
        voices_told=card.voices_told,
    )
