"""Knows who is new in one's groups, of those one may see."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, ClassVar

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import BigIntegerField, Func, OuterRef, QuerySet
from django.utils import timezone
from django.utils.safestring import SafeString

from community.models import Member, Membership, Space
from community.models.people import face
from community.prepared import prepared
from community.profiles import circles
from community.templatetags.community import face_of
from community.templatetags.community import since as since_of

RECENT = timedelta(days=21)


@dataclass(frozen=True)
class Arrival:
    name: str
    url: str
    face: SafeString
    space: str
    when: datetime
    since: str


@dataclass(frozen=True)
class Newcomers:
    """New people, in the right column of Today."""

    template: ClassVar[str] = "community/_newcomers.html"
    kept: ClassVar[int] = 500

    arrivals: tuple[Arrival, ...]


def beside(member: Member, *, most: int = 4) -> Newcomers | None:
    """Who came into my groups in the last weeks, newest first; one query."""
    since = timezone.now() - RECENT
    arrivals = _arrivals(member, tuple(circles(member)), since, most=most * 3)
    people: dict[int, Membership] = {}
    for row in arrivals:
        people.setdefault(row.member_id, row)
    if not people:
        return None
    return Newcomers(tuple(_arrival(row, member) for row in list(people.values())[:most]))


def _arrival(row: Membership, viewer: Member) -> Arrival:
    return Arrival(
        name=row.member.display_name,
        url=row.member.get_absolute_url(),
        face=face_of(row.member, viewer),
        space=row.space.name,
        when=row.joined_at,
        since=since_of(row.joined_at),
    )


@prepared
def _arrivals(reader: Any, spaces: tuple[int, ...], since: datetime, *, most: int) -> QuerySet:
    """The newest of each space by a short walk down its index, however many came before them."""
    came = (
        Membership.objects.filter(space=OuterRef("pk"), joined_at__gt=since)
        .exclude(member=reader)
        .filter(member__in=Member.objects.visible_to(reader))
        .order_by("-joined_at")
    )
    newest = Space.objects.filter(pk__in=spaces).values_list(_Each(came.values("pk")[:most]))
    return (
        Membership.objects.filter(pk__in=newest)
        .select_related("member__avatar", "space")
        .only("joined_at", "space__name", *face("member__"))
        .order_by("-joined_at")[:most]
    )


class _Each(Func):
    """The rows of a query that is asked for each row of another."""

    function = "UNNEST"
    set_returning = True
    output_field = BigIntegerField()

    def __init__(self, rows: QuerySet):
        super().__init__(ArraySubquery(rows))
