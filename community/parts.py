"""What is drawn wherever there is something to read, as values: reactions, files, comments."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from django.utils.safestring import SafeString

from community.addresses import address
from community.models import Comment, Media, Member

HEART = "❤️"


@dataclass(frozen=True)
class Reactions:
    """Reactions to something, with the buttons to add one for those who may."""

    template: ClassVar[str] = "community/_reactions.html"
    kept: ClassVar[int] = 1000

    pk: int
    counts: tuple[tuple[str, int], ...]
    own: tuple[str, ...]
    url: str
    """Where to react; empty for those who only read."""
    who_url: str = ""
    """Where it is said who did; empty for visitors, who are told numbers."""

    @property
    def hearts(self) -> int:
        return dict(self.counts).get(HEART, 0)

    @property
    def others(self) -> list[tuple[str, int]]:
        return [pair for pair in self.counts if pair[0] != HEART]

    @property
    def has_own_heart(self) -> bool:
        return HEART in self.own


def reactions(item: Any, own: Any, member: Member | None, *, may: Any = True) -> Reactions:
    """Of an item; ``own`` are the member's reactions to it."""
    return Reactions(
        pk=item.pk,
        counts=tuple(item.reactions) if item.reaction_counts else (),
        own=tuple(sorted(own)),
        url=address("react", item.pk) if member is not None and may else "",
        who_url=address("reacted", item.pk) if member is not None else "",
    )


@dataclass(frozen=True)
class File:
    """A picture or a file, as `community/_attachments.html` shows it."""

    name: str
    url: str
    large_url: str
    alt: str
    width: int | None
    height: int | None
    plays: str
    size: int


def file(medium: Media) -> File:
    return File(
        name=medium.name,
        url=medium.url(),
        large_url=medium.large_url if medium.is_image else "",
        alt=medium.alt,
        width=medium.width,
        height=medium.height,
        plays=medium.plays,
        size=medium.size,
    )


@dataclass(frozen=True)
class Said:
    """A comment with what one reader may do about it."""

    template: ClassVar[str] = "community/_comment.html"
    kept: ClassVar[int] = 2000

    pk: int
    root: int
    """The answer whose thread it belongs to."""
    is_reply: bool
    url: str
    address: str
    """Of the page that the conversation stands on."""
    face: SafeString
    who: str
    who_url: str
    when: datetime
    since: str
    html: str
    is_edited: bool
    is_new: bool
    is_answer: bool
    is_muted: bool
    """By somebody the reader does not want to hear of: folded."""
    pictures: tuple[File, ...]
    files: tuple[File, ...]
    reactions: Reactions
    may_more: bool
    may_comment: bool
    may_edit: bool
    may_delete: bool
    may_report: bool
    answer_url: str
    begins_new: bool
    """The first that the reader has not seen."""
    follows_gone: bool
    ends_thread: bool
    """A form to reply opens below it."""
    announce: str = ""
    """What is said aloud of one that was just posted."""


def said(row: Comment, thread: Any, member: Member | None, *, announce: str = "") -> Said:
    """A comment that `thread.dress` put its reader's part on."""
    author = row.author
    return Said(
        pk=row.pk,
        root=row.thread,
        is_reply=row.parent_id is not None,
        url=address("comment", row.pk),
        address=thread.address,
        face=row.face,
        who=author.display_name if author else "",
        who_url=address("person", author.pk) if author and member is not None else "",
        when=row.created_at,
        since=row.since,
        html=row.html,
        is_edited=row.edited_at is not None,
        is_new=bool(row.is_new),
        is_answer=getattr(thread.item, "answer_id", None) == row.pk,
        is_muted=bool(row.is_muted),
        pictures=tuple(map(file, row.pictures_shown)),
        files=tuple(map(file, row.files_shown)),
        reactions=reactions(row, getattr(row, "own", ()), member, may=thread.may_react),
        may_more=member is not None,
        may_comment=bool(thread.may_comment),
        may_edit=bool(row.may_edit),
        may_delete=bool(row.may_delete),
        may_report=member is not None and not row.is_own,
        answer_url=thread.answer_url,
        begins_new=row.begins_new,
        follows_gone=row.follows_gone,
        ends_thread=row.ends_thread,
        announce=announce,
    )
