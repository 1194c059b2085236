"""Knows what of talk is left open for a person: being named, what they began to write."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext as _

from community import drafts as begun
from community import notices, shown
from community.models import Draft, Member, Mention
from community.registry import WaitingCard

MOST = 3
"""Cards of one sort, at most."""
OLD = timedelta(hours=1)


def named(member: Member) -> list[WaitingCard]:
    """Where the member was named and has not looked yet; one query."""
    mentions = Mention.objects.filter(item=OuterRef("activity__item"), member=member)
    found = (
        notices.unread(member)
        .filter(Exists(mentions))
        .select_related("activity__actor", "activity__item__space", "activity__item__comment__item")
        .defer("activity__item__search", "activity__item__comment__text")
        .order_by("-created_at")[: MOST + 3]
    )
    cards: dict[int, WaitingCard] = {}
    for notice in found:
        brief = shown.brief(notice.activity.item)
        actor = notice.activity.actor
        cards.setdefault(
            brief.thing,
            WaitingCard(
                label=_("You were named"),
                title=_("%(name)s in “%(title)s”")
                % {"name": actor.display_name if actor else _("Somebody"), "title": brief.title},
                url=brief.url,
                action=_("Answer"),
                icon="at-sign",
                hue="talk",
                when=notice.activity.created_at,
                urgency=12,
            ),
        )
    return list(cards.values())[:MOST]


def some_named(reader: Member) -> Exists:
    mentions = Mention.objects.filter(item=OuterRef("activity__item"), member=reader)
    return Exists(notices.unread(reader).filter(Exists(mentions)))


def some_drafts(reader: Member) -> Exists:
    return Exists(Draft.objects.filter(member=reader))


def drafts(member: Member) -> list[WaitingCard]:
    """What was begun more than an hour ago and is still open to its writer; one query for none."""
    old = timezone.now() - OLD
    if not Draft.objects.filter(member=member, updated_at__lt=old).exists():
        return []
    return [
        WaitingCard(
            label=_("Not sent yet"),
            title=draft.excerpt,
            url=draft.url,
            action=_("Go on writing"),
            icon="notebook-pen",
            hue="talk",
            when=draft.draft.updated_at,
            urgency=70,
        )
        for draft in begun.of(member, most=5)
        if draft.url and draft.draft.updated_at < old
    ][:2]
