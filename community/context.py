"""Knows what the frame of every page shows: the organisation, where to go, my groups, the new."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property, lru_cache
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import QuerySet, Subquery
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import SimpleLazyObject

from community import around, chat, colour, feed, icons, notices
from community.around import Brand, GroupLink, Link, Me, Side, TabBar, Top
from community.models import Community, LockDown, Member, Room
from community.prepared import prepared
from community.registry import registry

MANY_GROUPS, MANY_NOTICES = 9, 99


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
        """The organisation; for members, the same query counts what is new for them."""
        return next(iter(_community(self.member)), None)

    @cached_property
    def notice_count(self) -> str:
        if self.member is not None and self.member.is_suspended:
            return ""  # theirs stand on their case
        new = getattr(self.community, "new", ())
        return _at_most(len(new), MANY_NOTICES)

    @property
    def unread_rooms(self) -> str:
        """For the badge of *Chat*: how many rooms say something new."""
        if self.member is None or self.member.is_suspended:
            return ""
        return _at_most(len(getattr(self.community, "rooms", ())), MANY_GROUPS)

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
                GroupLink(
                    name=space.name,
                    slug=space.slug,
                    hue=space.hue,
                    initials=space.initials,
                    url=url,
                    unread=_at_most(new.get(space.pk, 0), MANY_GROUPS),
                    current=current,
                )
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
        return self._linked([place for place in registry.ordered("places") if not place.may])

    @cached_property
    def leads(self) -> list[Link]:
        """Places for those who do something for others: the desk, the welcome queue."""
        if self.member is None:
            return []
        ruled = [place for place in registry.ordered("places") if place.may]
        return self._linked([place for place in ruled if place.may(self.member)])

    def _linked(self, places: list[Any]) -> list[Link]:
        links = [
            Link(
                name=place.name,
                label=str(place.label),
                icon=place.icon,
                url=_reverse(place.url_name),
                count=str(place.count(self) if place.count else ""),
                tab=place.on_phone,
            )
            for place in places
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
        match = self.request.resolver_match
        if not under and match and hasattr(match.func, "desk_place"):
            # What lies on the desk is found under addresses of its own.
            desk = _reverse("desk")
            under = [link for link in links if link.url == desk]
        if not under:
            return links
        best = max(under, key=lambda link: len(link.url))
        return [replace(link, current=True) if link is best else link for link in links]

    @cached_property
    def creates(self) -> list[Link]:
        if self.member is None or not self.member.is_community_member:
            return []
        links = [
            Link(entry.name, str(entry.label), entry.icon, _reverse(entry.url_name))
            for entry in registry.ordered("creations")
        ]
        return [link for link in links if link.url]

    @cached_property
    def theme_url(self) -> str:
        brand = self.community.brand if self.community else colour.DEFAULT_BRAND
        return _theme_url(brand)

    @cached_property
    def icon_url(self) -> str:
        """The organisation's picture for a home screen, and for the tab if it has a logo."""
        return icons.url(self.community, "apple")

    # What is drawn of all this

    @cached_property
    def brand(self) -> Brand:
        return around.brand(self.community)

    @cached_property
    def me(self) -> Me | None:
        return around.me(self.member) if self.member else None

    @property
    def top(self) -> Top:
        return Top(
            brand=self.brand,
            me=self.me,
            places=tuple(self.places),
            creates=tuple(self.creates),
            notice_count=self.notice_count,
        )

    @property
    def side(self) -> Side | None:
        if self.me is None:
            return None
        return Side(tuple(self.places), tuple(self.leads), tuple(self.my_groups))

    @property
    def tab_bar(self) -> TabBar | None:
        if self.me is None:
            return None
        path = self.request.path
        return TabBar(tuple(self.places), self.me, path if path == _reverse("me") else "")


@prepared
def _community(reader: Any) -> QuerySet:
    shut = LockDown.objects.filter(lifted_at=None).values("reason")[:1]
    rows = Community.objects.select_related("space", "logo").annotate(locked=Subquery(shut))
    if reader is not None:
        new = notices.unread(reader).order_by().values("pk")
        talking = chat.with_news(Room.objects.visible_to(reader), reader).order_by().values("pk")
        rows = rows.annotate(
            new=ArraySubquery(new[: MANY_NOTICES + 1]),
            rooms=ArraySubquery(talking[: MANY_GROUPS + 1]),
        )
    return rows[:1]


def frame_of(request: HttpRequest) -> Frame:
    """The frame of this request, made once, so that a view may ask it too."""
    if not hasattr(request, "frame"):
        request.frame = Frame(request)
    return request.frame


def frame(request: HttpRequest) -> dict[str, Any]:
    """Context processor. A fragment that shows none of this costs no query."""
    found = frame_of(request)
    lazy = {
        name: SimpleLazyObject(lambda name=name: getattr(found, name))
        for name in ("community", "notice_count", "my_groups", "places", "leads", "creates")
    }
    return {**lazy, "around": found, "member": found.member}


def _at_most(number: int, most: int) -> str:
    """ "9+" from ten on; empty for none."""
    return f"{most}+" if number > most else str(number or "")


@lru_cache(maxsize=200)
def _reverse(name: str) -> str:
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""


@lru_cache(maxsize=8)
def _theme_url(brand: str) -> str:
    return reverse("theme", args=[colour.theme_hash(brand)])
