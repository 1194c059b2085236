"""Rings the bell of open pages: how many notices are new."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from community import live
from community.models import Activity, Member
from community.notices.lines import unread_count

LATELY = timedelta(days=7)
"""So long a page may stand open that asks for nothing but the bell."""
EXACT = 30
"""Told to more than so many, pages ask for the number themselves, one after another."""
MOST = 2000
"""Told to more than so many who were here lately, the rest count when they next open a page."""


def ring(activity: Activity, *, told: int) -> None:
    """Tell open pages of those who were told of this and have not read it, after commit."""
    people = Member.objects.filter(notice__activity=activity, notice__read_at=None)
    here = people.filter(last_seen_on__gte=timezone.localdate() - LATELY)
    if told <= EXACT:
        live.publish_all_on_commit(_frame(member) for member in here)
        return
    pks = here.values_list("pk", flat=True)[:MOST]
    live.publish_all_on_commit((f"member:{pk}", {"t": "bell"}) for pk in pks)


def ring_for(member: Member) -> None:
    """Tell the member's other pages that something was read, after commit."""
    live.publish_all_on_commit([_frame(member)])


def _frame(member: Member) -> tuple[str, dict[str, object]]:
    return f"member:{member.pk}", {"t": "bell", "unread": unread_count(member)}
