"""Leaks planted on purpose, one rule dropped each: the matrix must find every one of them."""

from __future__ import annotations

import sys
from collections.abc import Callable

import pytest
from django.db.models import Q, QuerySet

from community import audience, notices
from community.models import Member, Membership, Notice
from community.models.items import ItemQuerySet
from community.models.media import MediaQuerySet
from community.models.moderation import CaseQuerySet
from community.models.people import MemberQuerySet
from community.models.safeguarding import ConcernQuerySet
from community.models.spaces import SpaceQuerySet
from groups.models import GroupQuerySet
from tests.leaks.matrix import matrix
from tests.leaks.test_matrix import world  # noqa: F401  fixture

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


def _asked_by() -> str:
    """``module.function`` of ours that asked, past Django's managers and this file."""
    frame = sys._getframe(2)
    while frame.f_globals["__name__"].startswith(("django.", "tests.")):
        frame = frame.f_back
    return (
        f"{frame.f_globals['__name__']}.{frame.f_code.co_qualname}"
        if hasattr(frame.f_code, "co_qualname")
        else f"{frame.f_globals['__name__']}.{frame.f_code.co_name}"
    )


def dropped(monkeypatch, queryset: type[QuerySet], method: str, asker: str = "") -> None:
    """Make ``visible_to`` let everything through, everywhere or where one module asks it."""
    real = getattr(queryset, method)

    def blind(self: QuerySet, member: object) -> QuerySet:
        if _asked_by().startswith(asker):
            return self.all()
        return real(self, member)

    monkeypatch.setattr(queryset, method, blind)
    manager = {MemberQuerySet: type(Member.objects)}.get(queryset)
    if manager is not None:
        monkeypatch.setattr(
            manager, method, lambda self, member: blind(self.get_queryset(), member)
        )


def ring_forgotten(monkeypatch) -> None:
    """Belonging is enough: the depth is not looked at."""
    real = ItemQuerySet.visible_to

    def shallow(self: QuerySet, member: object) -> QuerySet:
        seen = real(self, member)
        if member is None or not member.is_authenticated:
            return seen
        mine = Membership.objects.filter(member=member).values("space")
        return self.filter(Q(pk__in=seen.values("pk")) | Q(space__in=mine, deleted_at=None))

    monkeypatch.setattr(ItemQuerySet, "visible_to", shallow)


def deleted_forgotten(monkeypatch) -> None:
    real = ItemQuerySet.visible_to

    def remembering(self: QuerySet, member: object) -> QuerySet:
        mine = Membership.objects.filter(member=member).values("space") if member else []
        gone = Q(space__in=mine, deleted_at__isnull=False)
        return self.filter(Q(pk__in=real(self, member).values("pk")) | gone)

    monkeypatch.setattr(ItemQuerySet, "visible_to", remembering)


def blocks_forgotten(monkeypatch) -> None:
    monkeypatch.setattr(Member, "kept_apart_ids", [])


def everybody_is_a_reader(monkeypatch) -> None:
    monkeypatch.setattr(audience, "readers", lambda item: Member.objects.filter(is_active=True))


def notices_shown_for_ever(monkeypatch) -> None:
    monkeypatch.setattr(notices.lines, "shown", lambda member: Notice.objects.filter(member=member))
    monkeypatch.setattr(audience, "readers", lambda item: Member.objects.filter(is_active=True))


def closed_accounts_stay_in(monkeypatch) -> None:
    monkeypatch.setattr(
        "django.contrib.auth.backends.ModelBackend.user_can_authenticate", lambda self, user: True
    )
    always = property(lambda self: True, lambda self, _given: None)  # whatever its row says
    monkeypatch.setattr(Member, "is_active", always)


def _drop(*what: object) -> Callable:
    return lambda monkeypatch: dropped(monkeypatch, *what)


# Name → (where to look first, what is broken, who asks)
ITEMS, SPACES, GROUPS, MEMBERS = ItemQuerySet, SpaceQuerySet, GroupQuerySet, MemberQuerySet
SEE = "visible_to"
MUTANTS: dict[str, tuple[str, Callable]] = {
    "items, everywhere": ("/topics/", _drop(ITEMS, SEE)),
    "items, when loading a page": ("/history/", _drop(ITEMS, SEE, "community.htmx")),
    "items, in a group's list": ("/groups/", _drop(ITEMS, SEE, "groups.views.talk")),
    "items, in a conversation": ("/topics/", _drop(ITEMS, SEE, "community.thread")),
    "items, on Today": ("/?", _drop(ITEMS, SEE, "community.feed")),
    "items, among bookmarks": ("/bookmarks/", _drop(ITEMS, SEE, "community.")),
    "items, for files": ("/file/", _drop(ITEMS, SEE, "community.models.media")),
    "files, everywhere": ("/file/", _drop(MediaQuerySet, SEE)),
    "spaces, everywhere": ("/groups/", _drop(SPACES, SEE)),
    "spaces, behind covers": ("/medium/", _drop(SPACES, SEE, "community.models.media")),
    "groups, in the directory": ("/groups/?", _drop(GROUPS, SEE, "groups.views.directory")),
    "groups, on their pages": ("/groups/", _drop(GROUPS, SEE, "groups.views.frame")),
    "members, everywhere": ("/people/", _drop(MEMBERS, SEE)),
    "members, on a profile": ("/people/", _drop(MEMBERS, SEE, "community.views.people")),
    "members, in the directory": ("/people/?", _drop(MEMBERS, "listed_to")),
    "items, in search": ("/search/?", _drop(ITEMS, SEE, "community.search")),
    "items, newest first": (
        "/search/?q=soon&order=new",
        _drop(ITEMS, SEE, "community.search._narrowed"),
    ),
    "items, while typing": ("/search/instant/?", _drop(ITEMS, SEE, "community.search._titled")),
    "items, as another spelling": (
        "/search/?q=zq",
        _drop(ITEMS, SEE, "community.spelling.did_you_mean"),
    ),
    "members, in search": ("/search/?q=hannah", _drop(MEMBERS, SEE, "community.alike")),
    "spaces, by what they are for": (
        "/search/?q=harbour",
        _drop(SPACES, SEE, "community.whom_to_ask"),
    ),
    "spaces, in search": ("/search/?q=secret", _drop(SPACES, SEE, "community.alike")),
    "spaces, as filters of search": (
        "/search/?q=hana",
        _drop(SPACES, SEE, "community.views.search"),
    ),
    "items, for feed readers": ("feed.xml", _drop(ITEMS, SEE, "community.syndication")),
    "groups, for feed readers": ("feed.xml", _drop(GROUPS, SEE, "groups.views.feed")),
    "members, in mentions": ("/mentions/", _drop(MEMBERS, SEE, "community.views.writing")),
    "the depth of rings": ("/topics/", ring_forgotten),
    "what was deleted": ("/topics/", deleted_forgotten),
    "blocks": ("/groups/", blocks_forgotten),
    "the audience of notices": ("/notices/", everybody_is_a_reader),
    "the check on reading notices": ("/notices/", notices_shown_for_ever),
    "cases, for those who decide": ("/moderation/", _drop(CaseQuerySet, "for_moderator")),
    "concerns, for those who handle them": ("/safeguarding/", _drop(ConcernQuerySet, SEE)),
    "closed accounts": ("/topics/", closed_accounts_stay_in),
}


SOON = (
    "items, everywhere", "items, when loading a page", "members, everywhere",
    "members, in the directory", "members, in mentions", "items, in search", "items, while typing",
    "items, newest first",
    "items, as another spelling", "members, in search", "spaces, in search",
    "spaces, by what they are for",
    "cases, for those who decide", "concerns, for those who handle them",
    "spaces, as filters of search", "items, for feed readers", "groups, for feed readers",
)  # fmt: skip
"""Found within seconds; the others take a whole round each and run by `make leaks`."""


@pytest.mark.parametrize(
    "name",
    [pytest.param(name, marks=() if name in SOON else pytest.mark.long) for name in MUTANTS],
)
def test_a_planted_leak_is_found(world, monkeypatch, name):  # noqa: F811
    hint, plant = MUTANTS[name]
    plant(monkeypatch)
    found = matrix(world, first_only=True, hint=hint)
    assert found.leaks, f"Nothing was found in {found.probes} probes."
