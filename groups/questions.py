"""Knows which questions wait: mine that may be answered, others' that nobody answered yet."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, ClassVar

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, Func, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from community.models import Comment, Member, Membership, Ring
from community.prepared import prepared
from community.registry import WaitingCard
from groups.models import Topic, TopicQuerySet

MOST = 3
"""Cards of one sort, at most."""
RECENT = timedelta(days=30)
"""A question on which nothing happened for longer waits for nobody."""


def unanswered(member: Member, since: datetime | None = None) -> QuerySet:
    """Questions the member may read that have no answer yet, of the last weeks."""
    since = since or timezone.now() - RECENT
    return (
        Topic.objects.visible_to(member)
        .filter(
            kind=Topic.KIND,
            active_at__gt=since,
            space__closed_at=None,
            template=Topic.Template.QUESTION,
            closed_at=None,
        )
        .exclude(TopicQuerySet.answered())
        .select_related("author__avatar", "space")
        .defer("text", "html", "search")
    )


def some(reader: Member) -> Q:
    """A question of the reader's own or in a group they hold, still open."""
    still_open = Topic.objects.visible_to(reader).filter(
        ~TopicQuerySet.answered(),
        kind=Topic.KIND,
        template=Topic.Template.QUESTION,
        closed_at=None,
    )
    own = still_open.filter(author=reader, comment_count__gt=0)
    left = still_open.filter(space__in=reader.led_ids, comment_count=0)
    return Q(Exists(own)) | Q(Exists(left))


def cards(member: Member) -> list[WaitingCard]:
    """My question has replies to choose from; a question in a group I hold has none.

    One query, and one more for stewards.
    """
    since = timezone.now() - RECENT
    found = [_own(topic) for topic in _mine(member, since)]
    if member.led_ids:
        found += [_left(topic) for topic in _unheard(member, since)]
    return found


@prepared
def _mine(reader: Any, since: datetime) -> QuerySet:
    replied = Comment.objects.filter(item=OuterRef("pk"), deleted_at=None).exclude(author=reader)
    own = unanswered(reader, since).filter(Exists(replied), author=reader)
    return own.order_by("-created_at")[:MOST]


@prepared
def _unheard(reader: Any, since: datetime) -> QuerySet:
    left = unanswered(reader, since).filter(space__in=reader.led_ids, comment_count=0)
    return left.exclude(author=reader).order_by("-active_at")[:MOST]


def _own(topic: Topic) -> WaitingCard:
    return WaitingCard(
        label=_("Your question"),
        title=topic.title,
        url=topic.get_absolute_url() + "#comments",
        action=ngettext(
            "Is it answered? %(n)s reply", "Is it answered? %(n)s replies", topic.comment_count
        )
        % {"n": topic.comment_count},
        icon="circle-question-mark",
        hue="talk",
        when=topic.active_at,
        urgency=40,
    )


def _left(topic: Topic) -> WaitingCard:
    return WaitingCard(
        label=_("Nobody has answered"),
        title=topic.title,
        url=topic.get_absolute_url() + "#reply",
        action=_("Answer"),
        icon="circle-question-mark",
        hue="talk",
        when=topic.created_at,
        urgency=50,
    )


@dataclass(frozen=True)
class OpenQuestions:
    """Questions that somebody may be able to answer, in the right column of Today."""

    template: ClassVar[str] = "groups/_open_questions.html"
    kept: ClassVar[int] = 500

    questions: tuple[tuple[str, str, str, str], ...]
    """Address, title, who asks and in which group."""


def beside(member: Member) -> OpenQuestions | None:
    """The newest open questions of my groups; one query."""
    mine = [pk for pk, ring in member.rings.items() if ring >= Ring.PARTICIPANT]
    found = _open(member, tuple(mine), timezone.now() - RECENT)
    if not found:
        return None
    return OpenQuestions(
        tuple(
            (
                topic.get_absolute_url(),
                topic.title,
                topic.author.display_name if topic.author else _("Former member"),
                topic.space.name,
            )
            for topic in found
        )
    )


@prepared
def _open(reader: Any, spaces: tuple[int, ...], since: datetime) -> QuerySet:
    """The newest of each group's newest: so that it costs the same wherever much is asked."""
    asked = unanswered(reader, since).filter(space=OuterRef("space")).exclude(author=reader)
    newest = ArraySubquery(asked.order_by("-active_at").values("pk")[:MOST])
    groups = Membership.objects.filter(member=reader, space__in=spaces)
    found = groups.annotate(newest=Func(newest, function="unnest")).values("newest")
    rows = Topic.objects.filter(pk__in=found).select_related("author", "space")
    return rows.only("title", "author__name", "space__name").order_by("-active_at")[:MOST]
