"""Knows in which order a conversation is read, and cuts it into pages that stay bounded.

Each answer is followed by its replies: the order (thread, comment), where an answer's thread is its
own number and a reply's that of what it replies to. A page is a walk along the index
``comment_thread`` from a position, so a conversation of ten thousand answers opens like one of ten.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import BigIntegerField, F, OuterRef, Q, QuerySet
from django.db.models.fields.tuple_lookups import (
    TupleGreaterThan,
    TupleGreaterThanOrEqual,
    TupleLessThan,
)
from django.db.models.functions import Coalesce
from django.utils import timezone

from community import parts, policies
from community.models import Comment, Media, Member, Reaction
from community.models.people import face
from community.prepared import prepared
from community.registry import registry
from community.templatetags.community import face_of
from community.templatetags.community import since as since_of

SIZE = 20
BEFORE = 4
"""Comments shown above the one a link points to."""

ORDER = ("thread", "item_ptr")
_SHOWN = (
    "kind",
    "space",
    "min_ring",
    "item",
    "parent",
    "html",
    "created_at",
    "edited_at",
    "hidden_at",
    "deleted_at",
    "reaction_counts",
)
Position = tuple[int, int]


@dataclass
class Thread:
    """One page of a conversation, as one reader sees it."""

    item: Any
    rows: list[Comment] = field(default_factory=list)
    parts: list[parts.Said] = field(default_factory=list)
    """What is drawn of the rows."""
    earlier: str = ""
    """Position for the link to what comes before; empty at the beginning."""
    later: str = ""
    answer: Comment | None = None
    answer_url: str = ""
    """Where the reader may choose the answer; empty if they may not."""
    address: str = ""
    new_count: int = 0
    first_new: int | None = None
    begins_new: int | None = None
    """The first answer, not a reply, that is new: what follows it at its level is new too."""
    since: datetime | None = None
    on_screen: tuple[Position, Position] | None = None
    """From where to where the reader has it before them, with what was loaded before."""
    read_until: datetime | None = None
    """Up to when everything is read once this page is: until just before the first that is not."""
    may_comment: Any = None
    may_react: Any = None

    @property
    def first_new_url(self) -> str:
        here = any(row.pk == self.first_new for row in self.rows)
        there = "" if here else f"{self.address}?at={self.first_new}"
        return f"{there}#comment-{self.first_new}"

    @property
    def read_value(self) -> str:
        return write_moment(self.read_until)

    @property
    def visit(self) -> str:
        """For the address of what is loaded next: since when it is new, and what is on screen."""
        first, last = self.on_screen or ((0, 0), (0, 0))
        seen = f"{first[0]}-{first[1]}_{last[0]}-{last[1]}" if self.on_screen else ""
        return f"&since={write_moment(self.since)}&seen={seen}"


def page(
    item: Any,
    member: Member | None,
    *,
    since: datetime | None = None,
    after: str = "",
    before: str = "",
    at: str = "",
    seen: str = "",
) -> Thread:
    """The comments from a position on; ``at`` is a comment that must be on the page.

    ``since`` is how far the reader had read; ``seen`` is what they loaded in this visit already, as
    ``Thread.visit`` wrote it. At most six queries.
    """
    if at or after or before:
        thread = _walk(comments(item.pk, member), after=after, before=before, at=at)
    else:
        thread = _cut(Thread(item=None), _first(member, item.pk))
    _frame(thread, item, member)
    if getattr(item, "answer_id", None):
        thread.answer = comments(item.pk, member).filter(pk=item.answer_id).first()
    thread.since = since
    if since is not None and item.active_at > since:
        new = _not_read(item.pk, member, since).order_by(*ORDER)
        found = list(new.values_list("pk", "parent")[:100])
        thread.new_count, thread.first_new = len(found), found[0][0] if found else None
        thread.begins_new = next((pk for pk, parent in found if parent is None), None)
    thread.on_screen = _on_screen(thread, seen)
    if member is not None:
        thread.read_until = _read_until(thread, member)
    dress(thread.rows, item, member, since=since, is_first_page=not thread.earlier)
    for row in thread.rows:
        row.begins_new = row.pk == thread.begins_new
    thread.parts = [parts.said(row, thread, member) for row in thread.rows]
    if thread.answer:
        dress([thread.answer], item, member, since=since, is_first_page=False)
    return thread


def _not_read(item: int, member: Member, since: datetime | None) -> QuerySet:
    rows = comments(item, member).exclude(author__in=[member.pk, *member.muted_ids])
    return rows.filter(created_at__gt=since) if since else rows


def _on_screen(thread: Thread, seen: str) -> tuple[Position, Position] | None:
    before = [place for place in map(_read, seen.split("_")) if place]
    here = [(row.thread, row.pk) for row in thread.rows]
    places = sorted([*before, *here])
    return (places[0], places[-1]) if places else None


def _read_until(thread: Thread, member: Member) -> datetime:
    """Asks nothing where the whole conversation is on one page."""
    if thread.on_screen and (thread.earlier or thread.later):
        first, last = thread.on_screen
        place = (F("thread"), F("item_ptr"))
        elsewhere = Q(TupleLessThan(place, first)) | Q(TupleGreaterThan(place, last))
        left = _not_read(thread.item.pk, member, thread.since).filter(elsewhere)
        oldest = left.order_by("created_at").values_list("created_at", flat=True).first()
        if oldest:
            return oldest - timedelta(microseconds=1)
    return timezone.now()


def frame(item: Any, member: Member | None) -> Thread:
    """The same without rows: what one comment needs to know of what surrounds it."""
    return _frame(Thread(item=item), item, member)


def _frame(thread: Thread, item: Any, member: Member | None) -> Thread:
    thread.item = item
    thread.address = registry.kind(item.kind).address(item.pk)
    thread.may_comment = policies.may(member, "comment", item)
    thread.may_react = bool(policies.may(member, "react", item))
    if policies.may(member, "answer", item):
        thread.answer_url = f"{thread.address}answer/"
    return thread


def comments(item: int, member: Member | None) -> QuerySet:
    """The item's comments as the reader may see them, with faces, files and own reactions."""
    shown = Media.objects.filter(item=OuterRef("pk"), state=Media.State.READY)
    rows = (
        Comment.objects.visible_to(member)
        .filter(item=item)
        .annotate(
            thread=Coalesce("parent", "item_ptr", output_field=BigIntegerField()),
            attached=ArraySubquery(shown.order_by("position", "pk").values(json=Media.AS_JSON)),
        )
        .select_related("author__avatar")
        .only(*_SHOWN, *face("author__"))
    )
    if member is not None:
        own = Reaction.objects.filter(item=OuterRef("pk"), member=member)
        rows = rows.annotate(own=ArraySubquery(own.values("emoji")))
    return rows


def _walk(rows: QuerySet, *, after: str, before: str, at: str) -> Thread:
    forth = rows.order_by(*ORDER)
    place = (F("thread"), F("item_ptr"))
    thread = Thread(item=None)
    start = None
    if at.isdecimal() and (key := _key(rows, int(at))):
        back = rows.filter(TupleLessThan(place, key)).order_by("-thread", "-item_ptr")
        above = list(back.values_list("thread", "pk")[: BEFORE + 1])
        if len(above) > BEFORE:
            start = above[-2]
    elif key := _read(before):
        back = rows.filter(TupleLessThan(place, key)).order_by("-thread", "-item_ptr")
        found = list(back[: SIZE + 1])
        thread.rows = found[:SIZE][::-1]
        thread.earlier = _write(thread.rows[0]) if len(found) > SIZE else ""
        thread.later = f"{key[0]}-{key[1] - 1}"
        return thread
    elif key := _read(after):
        forth = forth.filter(TupleGreaterThan(place, key))
        thread.earlier = f"{key[0]}-{key[1] + 1}"
    if start:
        forth = forth.filter(TupleGreaterThanOrEqual(place, start))
        thread.earlier = f"{start[0]}-{start[1]}"
    return _cut(thread, list(forth[: SIZE + 1]))


@prepared
def _first(reader: Any, item: int) -> QuerySet:
    return comments(item, reader).order_by(*ORDER)[: SIZE + 1]


def _cut(thread: Thread, found: list[Comment]) -> Thread:
    thread.rows = found[:SIZE]
    thread.later = _write(thread.rows[-1]) if len(found) > SIZE else ""
    return thread


def dress(
    rows: list[Comment],
    item: Any,
    member: Member | None,
    *,
    since: datetime | None = None,
    is_first_page: bool = True,
) -> None:
    """Put on each comment what its template shows and no row says."""
    seen, previous = set(), None
    for row in rows:
        media = [Media(**found) for found in row.attached]
        row.pictures_shown = [one for one in media if one.is_image and one.token not in row.html]
        row.files_shown = [one for one in media if not one.is_image]
        row.is_own = member is not None and row.author_id == member.pk
        row.is_muted = member is not None and row.author_id in member.muted_ids
        row.is_new = bool(since and row.created_at > since and not (row.is_own or row.is_muted))
        row.may_edit = policies.may(member, "edit", row)
        row.may_delete = policies.may(member, "delete", row)
        row.since = since_of(row.created_at)
        row.face = face_of(row.author, member, "s" if row.parent_id else "m")
        row.begins_new = False
        continued = previous is None and not is_first_page
        row.follows_gone = bool(row.parent_id and row.thread not in seen and not continued)
        row.ends_thread = True
        if previous is not None and previous.thread == row.thread:
            previous.ends_thread = False
        seen.add(row.thread)
        previous = row


_BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)


def write_moment(moment: datetime | None) -> str:
    """For addresses and forms, exact: microseconds since 1970; empty for none."""
    return str((moment - _BEGINNING) // timedelta(microseconds=1)) if moment else ""


def read_moment(text: str) -> datetime | None:
    """What ``write_moment`` wrote; None for anything else."""
    if text.isdecimal() and len(text) < 17:
        return _BEGINNING + timedelta(microseconds=int(text))
    return None


def _key(rows: QuerySet, pk: int) -> Position | None:
    return rows.filter(pk=pk).values_list("thread", "pk").first()


def _write(row: Comment) -> str:
    return f"{row.thread}-{row.pk}"


def _read(position: str) -> Position | None:
    """A position as it stands in an address; None for anything else."""
    thread, _, comment = position.partition("-")
    if thread.isdecimal() and comment.isdecimal() and len(position) < 38:
        return int(thread), int(comment)
    return None
