"""Knows which questions wait: mine that may be answered, others' that nobody answered yet."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from community.models import Comment, Member, Ring
from community.registry import WaitingCard
from groups.models import Topic

MOST = 3
"""Cards of one sort, at most."""
RECENT = timedelta(days=30)
"""A question on which nothing happened for longer waits for nobody."""


def unanswered(member: Member) -> QuerySet:
    """Questions the member may read that have no answer yet, of the last weeks."""
    return (
        Topic.objects.visible_to(member)
        .filter(
            kind=Topic.KIND,
            active_at__gt=timezone.now() - RECENT,
            space__closed_at=None,
            template=Topic.Template.QUESTION,
            answer=None,
            closed_at=None,
        )
        .select_related("author__avatar", "space")
        .defer("text", "html", "search")
    )


def some(reader: Member) -> Q:
    """A question of the reader's own or in a group they hold, still open."""
    still_open = Topic.objects.visible_to(reader).filter(
        kind=Topic.KIND, template=Topic.Template.QUESTION, answer=None, closed_at=None
    )
    own = still_open.filter(author=reader, comment_count__gt=0)
    left = still_open.filter(space__in=reader.led_ids, comment_count=0)
    return Q(Exists(own)) | Q(Exists(left))


def cards(member: Member) -> list[WaitingCard]:
    """My question has replies to choose from; a question in a group I hold has none.

    One query, and one more for stewards.
    """
    replied = Comment.objects.filter(item=OuterRef("pk"), deleted_at=None).exclude(author=member)
    own = unanswered(member).filter(Exists(replied), author=member).order_by("-created_at")[:MOST]
    found = [_own(topic) for topic in own]
    if member.led_ids:
        left = unanswered(member).filter(space__in=member.led_ids, comment_count=0)
        left = left.exclude(author=member).order_by("-active_at")[:MOST]
        found += [_left(topic) for topic in left]
    return found


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


def beside(member: Member) -> dict[str, Any] | None:
    """The newest open questions of my groups, for the right column of Today; one query."""
    mine = [pk for pk, ring in member.rings.items() if ring >= Ring.PARTICIPANT]
    found = list(
        unanswered(member).filter(space__in=mine).exclude(author=member).order_by("-active_at")[:3]
    )
    return {"questions": found} if found else None
