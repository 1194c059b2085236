"""The Talk tab of a group: its topics, newest activity first."""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from community import keyset, muting
from community.htmx import respond, viewer
from community.models import Comment, Member, Openness, ReadMark, Ring, Space
from community.prepared import prepared
from groups import policies
from groups.models import Topic
from groups.rows import topic_rows
from groups.views import frame

ORDER = ("-active_at", "-pk")
SIZE = 30
MOST_SHOWN_PINNED = 2 * Topic.MOST_PINNED
"""Two stewards who pin at once may be one over."""
LENSES = {"questions": _("Questions"), "unanswered": _("Unanswered"), "mine": _("Mine")}


@require_safe
def group(request: HttpRequest, slug: str) -> HttpResponse:
    """A group's front page: talk for those who may look inside, the door for the rest."""
    found = frame.load_group(request, slug)
    member = viewer(request)
    if not policies.can_see_inside(member, found):
        return frame.door(request, found)
    cursor = request.GET.get("cursor")
    lens = request.GET.get("show", "") if member else ""
    talk = topics(found.space, member, cursor, lens=lens if lens in LENSES else "")
    talk |= {"space": found.space, "group": found}
    if request.htmx and cursor:
        return render(request, "groups/_topics.html", talk)
    context = frame.group_context(request, found, "talk") | talk
    return respond(request, "groups/talk.html", "groups/_talk.html", context)


def topics(
    space: Space, member: Member | None, cursor: str | None, *, lens: str = ""
) -> dict[str, Any]:
    """A page of the group's topics; two queries, a third for who muted somebody.

    On the first page the pinned ones stand above, unless a lens shows only some: then each has its
    place in time.
    """
    reach = _reach(space, member)
    pinned = []
    if cursor:
        rows = _readable(member, space.pk, reach)
        rows = _seen_through(rows, member, lens) if lens else rows.filter(pinned_at=None)
        page = keyset.page(rows, cursor, order=ORDER, size=SIZE)
    else:
        newest = _newest(member, space.pk, reach=reach, lens=lens)
        page = keyset.first_page(newest, order=ORDER, size=SIZE)
        pinned = [] if lens else _pinned(member, space.pk, reach=reach)
    held = member.memberships_by_space.get(space.pk) if member else None
    shown = [*pinned, *page.rows]
    heard = muting.last_heard(member, shown) if held else {}
    for topic in shown:
        topic.space = space
        seen = max(filter(None, (topic.read_at, held.seen_at))) if held else None
        topic.is_unread = seen is not None and topic.pk in heard and heard[topic.pk] > seen
    return {
        "rows": topic_rows(shown, member),
        "pinned": pinned,
        "topics": page.rows,
        "next_cursor": page.next_cursor,
        "unread": 0 if lens else sum(topic.is_unread for topic in shown),
        "is_first": not cursor,
        "lens": lens,
        "lenses": list(LENSES.items()) if member else [],
    }


@prepared
def _newest(reader: Any, space: int, *, reach: int, lens: str) -> QuerySet:
    rows = _readable(reader, space, reach)
    rows = _seen_through(rows, reader, lens) if lens else rows.filter(pinned_at=None)
    return rows.order_by(*ORDER)[: SIZE + 1]


@prepared
def _pinned(reader: Any, space: int, *, reach: int) -> QuerySet:
    rows = _readable(reader, space, reach).exclude(pinned_at=None)
    return rows.order_by("-pinned_at")[:MOST_SHOWN_PINNED]


def _seen_through(rows: QuerySet, reader: Any, lens: str) -> QuerySet:
    """Only what a lens lets through. Mine is what one began or answered."""
    if lens == "mine":
        said = Comment.objects.visible_to(reader).filter(item=OuterRef("pk"), author=reader)
        return rows.filter(Q(author=reader) | Exists(said))
    rows = rows.filter(template=Topic.Template.QUESTION)
    return rows.filter(is_answered=False, closed_at=None) if lens == "unanswered" else rows


def _readable(reader: Any, space: int, reach: int) -> QuerySet:
    rows = Topic.objects.visible_to(reader).filter(space=space, kind=Topic.KIND).for_list()
    # No rule, visible_to is: this skips in the index what is too deep to be seen anyway.
    rows = rows.filter(min_ring__lte=reach)
    if reader is None:
        return rows.annotate(read_at=Subquery(ReadMark.objects.none().values("read_at")))
    read = ReadMark.objects.filter(member=reader, item=OuterRef("pk"))
    return rows.annotate(read_at=Subquery(read.values("read_at")))


def _reach(space: Space, member: Member | None) -> int:
    own = member.rings.get(space.pk, Ring.WEB) if member else Ring.WEB
    open_to_read = space.openness in (Openness.PUBLIC, Openness.OPEN)
    return max(own, Ring.PARTICIPANT if member and open_to_read else Ring.WEB)
