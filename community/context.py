"""Knows what the frame of every page shows: the organisation, where to go, my groups, the new."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import SimpleLazyObject

from community import colour, feed, notices
from community.models import Community, Member, Space
from community.prepared import prepared
from community.registry import registry

MANY_GROUPS, MANY_NOTICES = 9, 99


@dataclass(frozen=True)
class Link:
    """A place of the navigation, or one of the things the create button offers."""

    name: str
    label: Any
    icon: str
    url: str
    current: bool = False
    count: Any = ""
    tab: bool = False


@dataclass(frozen=True)
class GroupLink:
    """One of my groups, in the side column."""

    space: Space
    url: str
    unread: str
    current: bool

    @property
    def name(self) -> str:
        return self.space.name

    @property
    def slug(self) -> str:
        return self.space.slug

    @property
    def hue(self) -> int:
        return self.space.hue

    @property
    def initials(self) -> str:
        return self.space.initials


class Frame:
    """What surrounds a page; each part is asked for once, and only by pages that show it."""

    def __init__(self, request: HttpRequest):
        self.request = request

    @cached_property
    def member(self) -> Member | None:
        user = getattr(self.request, "user", None)
        if user is None or not user.is_authenticated:
            return None
        return getattr(user, "_wrapped", user)  # the row: a lazy wrapper costs at every attribute

    @cached_property
    def community(self) -> Community | None:
        """The organisation; for members, the same query counts their notices."""
        return next(iter(_community(self.member)), None)

    @cached_property
    def notice_count(self) -> str:
        new = getattr(self.community, "new", ())
        return _at_most(len(new), MANY_NOTICES)

    @cached_property
    def my_groups(self) -> list[GroupLink]:
        """In the member's own order, with what is new in each."""
        if self.member is None or not self.member.group_ids:
            return []
        new = feed.unread(self.member)
        here = getattr(self.request, "space_id", None)
        links = []
        for row in self.member.memberships_by_space.values():
            space = row.space
            if space.is_root or space.closed_at:
                continue
            url = space.get_absolute_url()
            current = space.pk == here or self.request.path.startswith(url)
            links.append(
                GroupLink(space, url, _at_most(new.get(space.pk, 0), MANY_GROUPS), current)
            )
        return links

    @property
    def unread_in_groups(self) -> str:
        """For the badge of *Groups*: how many of my groups have something new."""
        return _at_most(sum(bool(group.unread) for group in self.my_groups), MANY_GROUPS)

    @cached_property
    def places(self) -> list[Link]:
        """The main navigation. Visitors find what there is for them on the public home."""
        if self.member is None or not self.member.is_community_member:
            return []
        links = [
            Link(
                name=place.name,
                label=place.label,
                icon=place.icon,
                url=_reverse(place.url_name),
                count=place.count(self) if place.count else "",
                tab=place.on_phone,
            )
            for place in registry.ordered("places")
        ]
        return self._with_current([link for link in links if link.url])

    def _with_current(self, links: list[Link]) -> list[Link]:
        """The place with the longest address that this page lies under is the current one."""
        path = self.request.path
        under = [
            link
            for link in links
            if path == link.url or (link.url != "/" and path.startswith(link.url))
        ]
        if not under:
            return links
        best = max(under, key=lambda link: len(link.url))
        return [Link(**{**vars(link), "current": True}) if link is best else link for link in links]

    @cached_property
    def creates(self) -> list[Link]:
        if self.member is None or not self.member.is_community_member:
            return []
        links = [
            Link(entry.name, entry.label, entry.icon, _reverse(entry.url_name))
            for entry in registry.ordered("creations")
        ]
        return [link for link in links if link.url]

    @cached_property
    def theme_url(self) -> str:
        brand = self.community.brand if self.community else colour.DEFAULT_BRAND
        return _theme_url(brand)


@prepared
def _community(reader: Any) -> QuerySet:
    rows = Community.objects.select_related("space")
    if reader is not None:
        new = notices.unread(reader).order_by().values("pk")
        rows = rows.annotate(new=ArraySubquery(new[: MANY_NOTICES + 1]))
    return rows[:1]


def frame_of(request: HttpRequest) -> Frame:
    """The frame of this request, made once, so that a view may ask it too."""
    if not hasattr(request, "frame"):
        request.frame = Frame(request)
    return request.frame


def frame(request: HttpRequest) -> dict[str, Any]:
    """Context processor. A fragment that shows none of this costs no query."""
    around = frame_of(request)
    lazy = {
        name: SimpleLazyObject(lambda name=name: getattr(around, name))
        for name in ("community", "notice_count", "my_groups", "places", "creates", "theme_url")
    }
    return {**lazy, "member": around.member}


def _at_most(number: int, most: int) -> str:
    """ "9+" from ten on; empty for none."""
    return f"{most}+" if number > most else str(number or "")


def _reverse(name: str) -> str:
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""


@lru_cache(maxsize=8)
def _theme_url(brand: str) -> str:
    return reverse("theme", args=[colour.theme_hash(brand)])
