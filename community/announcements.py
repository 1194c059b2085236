"""Knows who may announce what to whom, and what an announcement shows on a card."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from django.db.models import Q, QuerySet
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from community import governor
from community.feed import Card
from community.models import (
    Activity,
    Announcement,
    AnnouncementPlan,
    Item,
    Member,
    Openness,
    Ring,
    Space,
)
from community.parts import Reactions
from community.policies import YES, Verdict, in_good_standing, no, steers_community, stewards
from community.prepared import prepared
from community.registry import Act, DeskPlace, Due, Kind, Verb, registry
from community.templatetags.community import face_of, since

State = AnnouncementPlan.State

# Who may


def can_announce(member: Member | None, space: Space) -> Verdict:
    """Say something to all of a space: for its stewards, and who steers for the community."""
    standing = in_good_standing(member, "post")
    if not standing:
        return standing
    if space.closed_at:
        return no(_("This group has ended."))
    if stewards(member, space) or (space.is_root and steers_community(member)):
        return YES
    return no(_("Stewards write announcements."))


def can_change_plan(member: Member | None, plan: AnnouncementPlan) -> Verdict:
    verdict = can_announce(member, plan.space)
    if not verdict:
        return verdict
    if not plan.is_open:
        return no(_("It has gone out already. Write another one to add to it."))
    return YES


def can_stop(member: Member | None, plan: AnnouncementPlan) -> Verdict:
    verdict = can_announce(member, plan.space)
    if not verdict:
        return verdict
    if plan.state != State.SENDING:
        return no(_("It is not on its way."))
    return YES


def can_set_budget(member: Member | None) -> Verdict:
    if steers_community(member):
        return YES
    return no(_("Stewards of the whole community and administrators set this."))


def can_edit(member: Member | None, item: Item) -> Verdict:
    """Of what many were sent, nobody changes the words behind their back."""
    return no(_("It has gone out as it is. Write another one to correct it."))


def speaks(member: Member | None) -> bool:
    """Whether there is anything they may speak for; asks the database nothing."""
    if member is None or not member.is_authenticated:
        return False
    return steers_community(member) or any(
        row.ring >= Ring.STEWARD and row.space.listed_at and not row.space.closed_at
        for row in member.memberships_by_space.values()
    )


def spaces_for(member: Member) -> list[Space]:
    """The spaces somebody speaks for, the whole community first."""
    rows = [
        row.space
        for row in member.memberships_by_space.values()
        if not row.space.is_root and can_announce(member, row.space)
    ]
    if steers_community(member):
        rows.insert(0, Space.objects.root())
    return rows


def rings_for(member: Member, space: Space) -> list[int]:
    """From which rings on an announcement of theirs may be read."""
    return [ring.value for ring in Ring if ring > Ring.WEB] if can_announce(member, space) else []


def spaces_to_ask(member: Member) -> QuerySet:
    """Groups whose people somebody may choose to ask: those they know of, never secret ones of
    others."""
    if not steers_community(member):
        return Space.objects.none()
    known = Space.objects.visible_to(member).filter(closed_at=None).exclude(kind=Space.ROOT)
    mine = Q(pk__in=list(member.rings))
    return known.filter(~Q(openness=Openness.SECRET) | mine).order_by("name")


# On cards


@dataclass(frozen=True)
class AnnouncementCard:
    template: ClassVar[str] = "community/_announcement_card.html"
    kept: ClassVar[int] = 500

    pk: int
    url: str
    title: str
    html: str
    lang: str
    face: SafeString
    who: str
    who_url: str
    space: str
    space_url: str
    when: datetime
    since: str
    deadline: datetime | None
    reactions: Reactions | None
    replies: int


def announcement_card(card: Card) -> AnnouncementCard:
    """The card of an announcement from ``for_cards``, in the reader's language."""
    row, reader = card.row, card.reader
    language, title, html = row.here
    return AnnouncementCard(
        pk=row.pk,
        url=row.get_absolute_url(),
        title=title,
        html=html,
        lang=language,
        face=face_of(row.author, reader),
        who=row.author.display_name if row.author else _former(),
        who_url=row.author.get_absolute_url() if row.author and reader else "",
        space=row.space.name,
        space_url=row.space.get_absolute_url(),
        when=row.created_at,
        since=since(row.created_at),
        deadline=row.deadline_at,
        reactions=card.reactions if reader else None,
        replies=row.comment_count,
    )


def _former() -> str:
    return str(_("Former member"))


def announcement_rows(ids: Iterable[int]) -> dict[int, Announcement]:
    """Announcements for cards, with all that a card shows; one query."""
    return {row.pk: row for row in _rows(tuple(ids))}


@prepared
def _rows(ids: tuple[int, ...]) -> QuerySet:
    return Announcement.objects.for_cards().filter(pk__in=ids)


def said(ids: list[int], language: str | None) -> dict[int, tuple[str, str]]:
    """{id: (title, HTML)} in the reader's language; for notices."""
    rows = Announcement.objects.for_cards().filter(pk__in=ids)
    return {row.pk: row.said_in(language)[1:] for row in rows}


# What the registry is told


def _asked(activity: Activity) -> QuerySet:
    return governor.told([activity.item_id])


def on_their_way(member: Member) -> Due:
    """Announcements that have begun and not ended, or wait for their time."""
    rows = AnnouncementPlan.objects.visible_to(member).filter(
        state__in=(State.SENDING, State.SCHEDULED)
    )
    return Due(rows.count())


registry.add(
    Kind(
        name=Announcement.KIND,
        model="community.Announcement",
        label=_("Announcement"),
        plural=_("Announcements"),
        icon="megaphone",
        hue="act",
        part=announcement_card,
        policies="community.announcements",
        text=lambda row: row.text,
        personal=("title", "text"),
        children=announcement_rows,
        said=said,
        url_name="announcement",
    ),
    Verb(
        name="announcements.sent",
        sentence=_("%(actor)s announces: “%(title)s”"),
        topic="announcements",
        attention="organisation",
        recipients=_asked,
        icon="megaphone",
    ),
    DeskPlace(
        name="community.announcements",
        label=_("Announcements"),
        icon="megaphone",
        url_name="announcement_plans",
        may=speaks,
        count=on_their_way,
        order=30,
        hint=_("Say something to many, within everybody’s budget, and see what came of it."),
        hue="act",
    ),
    Act("announcements.began", _("Announced something to many"), told=False),
    Act("announcements.stopped", _("Stopped an announcement"), told=False),
    Act("announcements.budget_set", _("Set how often a person may be asked"), told=False),
)
