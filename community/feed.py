"""Knows how what happened is recorded, and what is new for somebody.

``record`` is the only writer of ``Activity``; notices, mail and live updates are readings of it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Case, Exists, F, OuterRef, Q, QuerySet, When
from django.db.models.fields.tuple_lookups import TupleLessThan
from django.db.models.functions import Greatest, JSONObject
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from community import keyset, parts
from community.models import (
    Activity,
    Comment,
    Follow,
    Item,
    Media,
    Member,
    Membership,
    Message,
    Openness,
    Reaction,
    ReadMark,
    Ring,
    Space,
    Volume,
)
from community.muting import has_unread_answers, muted_by
from community.prepared import prepared
from community.registry import Kind, registry
from community.templatetags.community import face_of


def record(
    verb: str,
    *,
    actor: Member | None,
    item: Item | None = None,
    space: Space | None = None,
    message: Message | None = None,
    **data: Any,
) -> Activity:
    """Write down that something happened, in the running transaction; tell people after commit.

    ``data`` holds small JSON values that word the sentence. Raises KeyError for an unknown verb.
    """
    from community.tasks import deliver, follow_up

    told = registry.verbs[verb].recipients is not None
    activity = Activity.objects.create(
        verb=verb,
        actor=actor,
        item_id=item.pk if item is not None else None,
        space_id=item.space_id if item is not None else space.pk if space is not None else None,
        message_id=message.pk if message is not None else None,
        data=data,
        told_at=None if told else timezone.now(),
    )
    if told:
        deliver.delay_on_commit(activity.pk)
    for task in registry.after.get(verb, ()):
        follow_up.delay_on_commit(task, activity.pk)
    return activity


@dataclass(frozen=True)
class FeedPage:
    """Items of a feed with their cards' rows, newest activity first."""

    cards: list[Card]
    next_cursor: str


@dataclass(frozen=True)
class Card:
    """What a card of the feed shows: ``row`` is the item as its own kind, everything loaded."""

    row: Any
    kind: Kind
    voices: list[Member]
    """Those who answered last, of those the reader may hear; three at most."""
    mine: set[str]
    """The reader's own reactions."""
    reader: Member | None

    @property
    def pk(self) -> int:
        return self.row.pk

    @property
    def part(self) -> Any:
        """All that the card shows, as a value that is drawn once (community.drawn)."""
        return self.kind.part(self)

    @property
    def reactions(self) -> parts.Reactions:
        return parts.reactions(self.row, self.mine, self.reader)

    @property
    def voices_shown(self) -> tuple[SafeString, ...]:
        return tuple(face_of(person, self.reader, "s") for person in self.voices)

    @property
    def voices_told(self) -> str:
        """ "Tom and Jo replied": those whose faces stand beside it."""
        if not self.voices:
            return ""
        names = [person.display_name.split()[0] for person in self.voices]
        if len(names) == 1:
            return _("%(name)s replied") % {"name": names[0]}
        return _("%(names)s and %(last)s replied") % {
            "names": ", ".join(names[:-1]),
            "last": names[-1],
        }


def for_member(
    member: Member, cursor: str | None = None, *, lens: str = "", size: int = 10
) -> FeedPage:
    """What is new in the member's spaces: newest activity first, no algorithm.

    Muted spaces and muted people are left out. Each space gives its newest few by index, so the
    cost grows with the number of one's spaces, not with what was ever said in them. Two queries,
    and one for each kind.
    """
    kinds, where = _kinds_of(lens)
    after = keyset.read_cursor(cursor, CURSOR)
    found: list[tuple[datetime, int, str]] = []
    if after is None:  # the frame asks next what is unread: of the same rows, so in the same query
        rows = _beginning(
            member, lens=lens if where else "", size=size + 1, mutes=bool(member.muted_ids)
        )
        _keep_unread(member, rows)
    else:
        rows = _newest(member, kinds, where, after, size + 1)
    for row in rows:
        for place, kind in enumerate(kinds):
            found += [
                (datetime.fromisoformat(entry["at"]), entry["pk"], kind)
                for entry in getattr(row, f"newest_{place}")
            ]
    found.sort(reverse=True)
    shown = found[:size]
    more = keyset.cursor(shown[-1][:2], CURSOR) if len(found) > size else ""
    return FeedPage(_cards(member, [(pk, kind) for _at, pk, kind in shown]), more)


CURSOR = "feed"


@prepared
def _beginning(reader: Any, *, lens: str, size: int, mutes: bool) -> QuerySet:
    kinds, where = _kinds_of(lens)
    return _newest(reader, kinds, where, None, size).annotate(fresh=_fresh(reader, mutes))


def _kinds_of(lens: str) -> tuple[list[str], dict[str, Any]]:
    """The kinds to look at, narrowed by a lens that one of them offers."""
    for kind in registry.kinds.values():
        for offered in kind.lenses:
            if kind.in_feed and offered.name == lens:
                return [kind.name], offered.where
    return registry.feed_kinds(), {}


def _newest(
    member: Member, kinds: list[str], where: dict[str, Any], after: list[Any] | None, size: int
) -> QuerySet:
    """The member's spaces, each with the newest few of each kind: short walks down an index."""
    items = (
        Item.objects.visible_to(member)
        .filter(
            ~Exists(_hushed(member)),
            space=OuterRef("space"),
            # No rule, visible_to is: this skips in the index what is too deep to be seen anyway.
            min_ring__lte=OuterRef("reach"),
            **where,
        )
        .exclude(author__in=muted_by(member))
        .order_by("-active_at", "-pk")
    )
    if after is not None:
        items = items.filter(TupleLessThan((F("active_at"), F("pk")), after))
    open_to_read = Q(space__openness__in=(Openness.PUBLIC, Openness.OPEN))
    return (
        Membership.objects.filter(member=member)
        .exclude(volume=Volume.MUTE)
        .annotate(
            reach=Greatest(
                "ring", Case(When(open_to_read, then=Ring.PARTICIPANT), default=Ring.WEB)
            )
        )
        .annotate(
            **{
                f"newest_{place}": ArraySubquery(
                    items.filter(kind=kind).values(json=JSONObject(at="active_at", pk="pk"))[:size]
                )
                for place, kind in enumerate(kinds)
            }
        )
    )


def _hushed(member: Member) -> QuerySet:
    return Follow.objects.filter(member=member, item=OuterRef("pk"), volume=Volume.MUTE)


def _cards(member: Member | None, found: list[tuple[int, str]]) -> list[Card]:
    rows: dict[int, Any] = {}
    for kind in {name for _pk, name in found}:
        load = registry.kind(kind).children
        if load is not None:
            rows |= load([pk for pk, name in found if name == kind])
    voices, mine = around(member, list(rows))
    return [
        Card(rows[pk], registry.kind(kind), voices.get(pk, []), mine.get(pk, set()), member)
        for pk, kind in found
        if pk in rows
    ]


def around(
    member: Member | None, ids: list[int]
) -> tuple[dict[int, list[Member]], dict[int, set[str]]]:
    """Who answered these items last, and the reader's own reactions to them; one query.

    The members are only good for showing a face and a name.
    """
    if not ids:
        return {}, {}
    voices: dict[int, list[Member]] = {}
    mine: dict[int, set[str]] = {}
    for item in _around(member, tuple(ids)):
        faces: dict[int, dict[str, Any]] = {}
        for found in item.last:
            faces.setdefault(found["pk"], found)
        voices[item.pk] = [_person(found) for found in list(faces.values())[:3]]
        mine[item.pk] = set(getattr(item, "own", ()))
    return voices, mine


@prepared
def _around(reader: Any, ids: tuple[int, ...]) -> QuerySet:
    answers = Comment.objects.visible_to(reader).filter(item=OuterRef("pk")).order_by("-item_ptr")
    if reader is not None:
        answers = answers.exclude(author__in=muted_by(reader))
    face = JSONObject(
        pk="author_id",
        name="author__name",
        seen_by="author__profile_seen_by",
        avatar="author__avatar",
        token="author__avatar__token",
    )
    items = Item.objects.filter(pk__in=ids).annotate(
        last=ArraySubquery(answers.exclude(author=None).values(json=face)[:8])
    )
    if reader is not None:
        own = Reaction.objects.filter(item=OuterRef("pk"), member=reader)
        items = items.annotate(own=ArraySubquery(own.values("emoji")))
    return items.only("pk")


def _person(found: dict[str, Any]) -> Member:
    person = Member(pk=found["pk"], name=found["name"], profile_seen_by=found["seen_by"])
    if found["token"]:
        person.avatar = Media(
            pk=found["avatar"], token=found["token"], kind=Media.Kind.IMAGE, state=Media.State.READY
        )
    return person


def unread(member: Member) -> dict[int, int]:
    """{space id: items with something new, 10 at most} over one's groups; at most one query.

    New is what was active after the member last saw the space and last read the item. Only the
    newest thirty of a space are looked at, so that the cost stays the same for ever.
    """
    if "unread_by_space" not in member.__dict__:
        _keep_unread(member, _with_what_is_fresh(member, mutes=bool(member.muted_ids)))
    return member.__dict__["unread_by_space"]


@prepared
def _with_what_is_fresh(reader: Any, *, mutes: bool) -> QuerySet:
    rows = Membership.objects.filter(member=reader).exclude(volume=Volume.MUTE)
    return rows.annotate(fresh=_fresh(reader, mutes)).only("space_id")


def _keep_unread(member: Member, rows: Iterable[Any]) -> None:
    member.__dict__["unread_by_space"] = {row.space_id: len(row.fresh) for row in rows}


def _fresh(member: Member, mutes: bool) -> ArraySubquery:
    newest = (
        Item.objects.filter(
            space=OuterRef(OuterRef("space")),
            kind__in=registry.feed_kinds(),
            deleted_at=None,
            hidden_at=None,
            active_at__gt=OuterRef(OuterRef("seen_at")),
            min_ring__lte=OuterRef(OuterRef("ring")),
        )
        .order_by("-active_at", "-pk")
        .values("pk")[:30]
    )
    read = ReadMark.objects.filter(
        member=member, item=OuterRef("pk"), read_at__gte=OuterRef("active_at")
    )
    fresh = Item.objects.visible_to(member).filter(
        ~Exists(read), ~Exists(_hushed(member)), pk__in=newest
    )
    fresh = fresh.exclude(author__in=muted_by(member))
    if mutes:  # what only they said there makes nothing new
        marks = ReadMark.objects.filter(member=member, item=OuterRef("pk"))
        begun = Q(~Exists(marks), created_at__gt=OuterRef("seen_at"))
        fresh = fresh.filter(begun | has_unread_answers(member, OuterRef(OuterRef("seen_at"))))
    return ArraySubquery(fresh.values("pk")[:10])


def on_the_web(*, size: int = 6) -> list[Card]:
    """What was told to everybody, newest first: for visitors without an account."""
    found = (
        Item.objects.visible_to(None)
        .filter(kind__in=registry.feed_kinds(), min_ring=Ring.WEB)
        .order_by("-active_at", "-pk")
        .values_list("pk", "kind")[:size]
    )
    return _cards(None, list(found))
