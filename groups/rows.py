"""Knows what a topic's row in a list shows: all of it, so that it is drawn once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from community.models import Member
from community.templatetags.community import face_of, since
from groups.models import Topic


@dataclass(frozen=True)
class TopicRow:
    template: ClassVar[str] = "groups/_topic_row.html"

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


def topic_row(topic: Topic, member: Member | None) -> TopicRow:
    """The row of a topic from ``for_list``, as this member sees it."""
    author = topic.author
    if author is None:
        who = _("somebody who left")
    elif member is not None and author.pk == member.pk:
        who = _("you")
    else:
        who = author.display_name
    return TopicRow(
        pk=topic.pk,
        title=topic.title,
        label=_("Pinned") if topic.pinned_at else str(Topic.Template(topic.template).label),
        icon="pin" if topic.pinned_at else topic.icon,
        face=face_of(author, member),
        who=who,
        when=topic.active_at,
        since=since(topic.active_at),
        replies=topic.comment_count,
        is_unread=topic.is_unread,
        is_answered=topic.answer_id is not None,
        is_closed=topic.closed_at is not None,
        ring_words=str(topic.ring_words),
    )
