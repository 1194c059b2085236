"""Knows which questions wait: one of mine that may be answered, others' that nobody answered yet."""

from __future__ import annotations

from typing import Any

from django.db.models import Case, Exists, OuterRef, Q, QuerySet, When
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from community.models import Comment, Member, Ring
from community.registry import WaitingCard
from groups.models import Topic

MOST = 3
"""Cards of one sort, at most."""


def unanswered(member: Member) -> QuerySet:
    """Questions the member may read, in groups they take part in, that have no answer yet."""
    mine = [pk for pk, ring in member.rings.items() if ring >= Ring.PARTICIPANT]
    return Topic.objects.visible_to(member).filter(
        space__in=mine,
        space__closed_at=None,
        template=Topic.Template.QUESTION,
        answer=None,
        closed_at=None,
    )


def cards(member: Member) -> list[WaitingCard]:
    """My question has replies to choose from; a question in a group I hold has none. One query."""
    replied = Comment.objects.filter(item=OuterRef("pk"), deleted_at=None).exclude(author=member)
    own = Q(author=member) & Exists(replied)
    left = Q(space__in=member.led_ids, comment_count=0) & ~Q(author=member)
    found = (
        unanswered(member)
        .filter(own | left)
        .annotate(own=Case(When(author=member, then=True), default=False))
        .select_related("space", "author")
        .defer("text", "html", "search")
        .order_by("-active_at")[: 2 * MOST]
    )
    return [_own(topic) if topic.own else _left(topic) for topic in found]


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
    found = list(
        unanswered(member)
        .exclude(author=member)
        .for_list()
        .select_related("author__avatar", "space")
        .order_by("-created_at")[:3]
    )
    return {"questions": found} if found else None
