"""Knows what stands around a page, as values that hold all they show: bar, side column, tabs.

They are drawn by `community.drawn`: once, and again only for somebody who sees something else.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from django.utils.safestring import SafeString

from community.models import Community, Member
from community.templatetags.community import face_of


@dataclass(frozen=True)
class Link:
    """A place of the navigation, or one of the things the create button offers."""

    name: str
    label: str
    icon: str
    url: str
    current: bool = False
    count: str = ""
    tab: bool = False


@dataclass(frozen=True)
class GroupLink:
    """One of my groups, in the side column."""

    name: str
    slug: str
    hue: int
    initials: str
    url: str
    unread: str
    current: bool


@dataclass(frozen=True)
class Brand:
    """The organisation, as it is named on every page."""

    name: str
    logo: str
    """The address of its picture; empty for ours."""


@dataclass(frozen=True)
class Me:
    """The reader, as the frame shows them to themselves."""

    name: str
    url: str
    face: SafeString
    small_face: SafeString
    is_staff: bool


@dataclass(frozen=True)
class Top:
    """The bar above the page, with the menus that open from it."""

    template: ClassVar[str] = "community/_top.html"
    kept: ClassVar[int] = 500

    brand: Brand
    me: Me | None
    places: tuple[Link, ...]
    creates: tuple[Link, ...]
    notice_count: str


@dataclass(frozen=True)
class Side:
    """The column beside the page: where to go, and my groups."""

    template: ClassVar[str] = "community/_side.html"
    kept: ClassVar[int] = 500

    places: tuple[Link, ...]
    leads: tuple[Link, ...]
    groups: tuple[GroupLink, ...]


@dataclass(frozen=True)
class TabBar:
    """The bar below the page, on a phone."""

    template: ClassVar[str] = "community/_tabbar.html"
    kept: ClassVar[int] = 500

    places: tuple[Link, ...]
    me: Me
    path: str
    """The address of the page where it is the reader's own, else empty."""


def brand(community: Community | None) -> Brand:
    name = (community.name if community else "") or "Tequio"
    return Brand(name, community.logo.url() if community and community.logo else "")


def me(member: Member) -> Me:
    return Me(
        name=member.display_name,
        url=member.get_absolute_url(),
        face=face_of(member, member),
        small_face=face_of(member, member, "s"),
        is_staff=bool(member.is_staff),
    )
