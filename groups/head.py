"""Knows what the head of a group's page shows: all of it, so that it is drawn once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from django.utils.safestring import SafeString

from community.models import Member, Space
from community.templatetags.community import face_of
from groups.models import Group


@dataclass(frozen=True)
class TabLink:
    name: str
    label: str
    icon: str
    url: str
    current: bool


@dataclass(frozen=True)
class Cover:
    url: str
    alt: str


@dataclass(frozen=True)
class SpaceShown:
    pk: int
    name: str
    slug: str
    purpose: str
    hue: int
    initials: str
    openness: str
    member_count: int
    is_closed: bool
    cover: Cover | None
    get_absolute_url: str


@dataclass(frozen=True)
class GroupShown:
    area: str
    language_names: str


@dataclass(frozen=True)
class Holder:
    display_name: str
    face: SafeString


@dataclass(frozen=True)
class Head:
    """Cover, name, facts, who holds it, the viewer's place in it, and the tabs."""

    template: ClassVar[str] = "groups/_head.html"
    kept: ClassVar[int] = 500

    space: SpaceShown
    group: GroupShown
    holders: tuple[Holder, ...]
    tabs: tuple[TabLink, ...]
    shows_count: bool
    is_member: bool
    """Whether the viewer is somebody who is signed in."""
    ring: int
    volume: str
    """How much the viewer hears of the group; empty for who does not belong to it."""
    may_manage: bool
    may_care: bool
    may_invite: bool
    may_join: bool
    may_ask: bool
    why_not_ask: str
    asked: int
    """The number of the viewer's request that waits; 0 for none."""


def head(group: Group, member: Member | None, context: dict[str, Any]) -> Head:
    """Of what ``frame.group_context`` has found out."""
    membership, may_ask = context["membership"], context["may_ask"]
    return Head(
        space=_space(group.space, counted=context["shows_count"]),
        group=GroupShown(group.area, str(group.language_names) if group.languages else ""),
        holders=tuple(
            Holder(person.display_name, face_of(person, member, "s"))
            for person in context["holders"]
        ),
        tabs=tuple(context["tabs"]),
        shows_count=bool(context["shows_count"]),
        is_member=member is not None,
        ring=context["ring"],
        volume=membership.volume if membership else "",
        may_manage=bool(context["may_manage"]),
        may_care=bool(context["may_care"]),
        may_invite=bool(context["may_invite"]),
        may_join=bool(context["may_join"]),
        may_ask=bool(may_ask),
        why_not_ask="" if may_ask else str(may_ask.reason),
        asked=context["asked"].pk if context["asked"] else 0,
    )


def _space(space: Space, *, counted: bool) -> SpaceShown:
    cover = space.cover
    return SpaceShown(
        pk=space.pk,
        name=space.name,
        slug=space.slug,
        purpose=space.purpose,
        hue=space.hue,
        initials=space.initials,
        openness=space.openness,
        member_count=space.member_count if counted else 0,
        is_closed=space.closed_at is not None,
        cover=Cover(cover.url(), cover.alt) if cover else None,
        get_absolute_url=space.get_absolute_url(),
    )
