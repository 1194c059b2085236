"""Knows what stands above and beside a topic's answers: all of it, so that it is drawn once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from django.utils.safestring import SafeString

from community import chat_policies, parts, policies
from community.models import Member, Ring
from community.shown import Brief
from community.templatetags.community import face_of, mark, since
from groups.models import Topic

VERBS = ("edit", "pin", "close", "move", "split", "delete")


@dataclass(frozen=True)
class Origin:
    """Where a topic was before."""

    topic: int
    """What it was split off from; 0 if the reader may not see that."""
    kind: str
    name: str


@dataclass(frozen=True)
class TopicHead:
    """What was said first, with what its reader may do about it."""

    template: ClassVar[str] = "groups/_topic.html"
    kept: ClassVar[int] = 500

    pk: int
    url: str
    link: str
    """The whole address, for copying."""
    title: str
    html: str
    label: str
    icon: str
    face: SafeString
    who: str
    who_url: str
    when: datetime
    since: str
    is_edited: bool
    reader_words: str
    is_pinned: bool
    closed_at: datetime | None
    closed_since: str
    origin: Origin | None
    pictures: tuple[parts.File, ...]
    files: tuple[parts.File, ...]
    reactions: parts.Reactions
    is_member: bool
    volume: str
    kept_for_later: bool
    may: tuple[str, ...]
    may_comment: bool
    may_report: bool
    room: int
    """The room to chat about it, if the reader belongs where it is; 0: there is none."""
    may_open_room: bool


def topic_head(topic: Topic, thread: Any, member: Member | None, *, site: str) -> TopicHead:
    """Of a topic from ``for_page``; ``site`` is what its address begins with."""
    author, url = topic.author, topic.get_absolute_url()
    own = getattr(topic, "own", ())
    inside = policies.ring_of(member, topic.space_id) >= max(topic.min_ring, Ring.FOLLOWER)
    return TopicHead(
        pk=topic.pk,
        url=url,
        link=f"{site}{url}",
        title=topic.title,
        html=topic.html,
        label=topic.get_template_display(),
        icon=topic.icon,
        face=face_of(author, member),
        who=author.display_name if author else "",
        who_url=author.get_absolute_url() if author and member else "",
        when=topic.created_at,
        since=since(topic.created_at),
        is_edited=topic.edited_at is not None,
        reader_words=topic.reader_words,
        is_pinned=topic.pinned_at is not None,
        closed_at=topic.closed_at,
        closed_since=since(topic.closed_at) if topic.closed_at else "",
        origin=_origin(topic.origin),
        pictures=tuple(map(parts.file, topic.pictures_apart)),
        files=tuple(map(parts.file, topic.files)),
        reactions=parts.reactions(topic, own, member, may=thread.may_react),
        is_member=member is not None,
        volume=getattr(topic, "volume", None) or "",
        kept_for_later=bool(getattr(topic, "kept", False)),
        may=tuple(verb for verb in VERBS if policies.may(member, verb, topic)),
        may_comment=bool(thread.may_comment),
        may_report=member is not None and topic.author_id != member.pk,
        room=topic.room or 0 if inside else 0,
        may_open_room=inside and bool(chat_policies.can_make_room_about(member, topic)),
    )


def _origin(found: dict[str, Any] | None) -> Origin | None:
    if not found:
        return None
    return Origin(found.get("topic") or 0, found.get("kind", ""), found.get("name") or "")


@dataclass(frozen=True)
class Related:
    title: str
    url: str
    label: str
    icon: str
    hue: str


@dataclass(frozen=True)
class TopicAside:
    """Who follows a topic, who speaks in it, where it is, and what is about it."""

    template: ClassVar[str] = "groups/_topic_aside.html"
    kept: ClassVar[int] = 500

    followers: int
    reader_words: str
    faces: tuple[SafeString, ...]
    is_about_something: bool
    space: str
    space_url: str
    space_mark: SafeString
    purpose: str
    related: tuple[Related, ...]


def topic_aside(
    topic: Topic, people: Iterable[Member], related: Iterable[Brief], member: Member | None
) -> TopicAside:
    space = topic.space
    shown = tuple(
        Related(one.title, one.url, str(one.kind.label), one.kind.icon, one.kind.hue)
        for one in related
    )
    return TopicAside(
        followers=topic.followers or 0,
        reader_words=topic.reader_words,
        faces=tuple(face_of(person, member, "s") for person in people),
        is_about_something=bool(topic.about_id or shown),
        space=space.name,
        space_url=space.get_absolute_url(),
        space_mark=mark(space, "m"),
        purpose=space.purpose,
        related=shown,
    )
