"""Knows who is told of an activity: its recipients, of those who may see it, less who did it."""

from __future__ import annotations

from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from community import audience
from community.models import Activity, Item, Member, Mute, Notice
from community.registry import registry


def deliver(activity: Activity) -> int:
    """Write the notices of an activity in one statement; doing it twice changes nothing.

    Returns the number of notices written.
    """
    verb = registry.verbs.get(activity.verb)
    if verb is None or verb.recipients is None:
        return 0
    people = verb.recipients(activity)
    if people is None:
        return 0
    people = people.filter(is_active=True)
    if activity.item is not None:
        people = people.filter(pk__in=audience.readers(activity.item).values("pk"))
    if activity.actor_id:
        muted = Mute.objects.filter(member=OuterRef("pk"), muted=activity.actor_id)
        people = people.exclude(pk=activity.actor_id).exclude(Exists(muted))
    sql, params = people.order_by().values("pk").distinct().query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {Notice._meta.db_table} (member_id, activity_id, created_at)"  # noqa: S608
            f" SELECT found.id, %s, %s FROM ({sql}) AS found (id) ON CONFLICT DO NOTHING",
            [activity.pk, timezone.now(), *params],
        )
        return cursor.rowcount


def shown(member: Member) -> QuerySet:
    """The member's notices of what they may still see: asked again each time they look."""
    seen = Item.objects.visible_to(member).filter(pk=OuterRef("activity__item"))
    return Notice.objects.filter(Q(activity__item=None) | Exists(seen), member=member)


def unread(member: Member) -> QuerySet:
    return shown(member).filter(read_at=None)


def unread_count(member: Member) -> int:
    """Unread notices, 100 at most: the bell says "99+" from there."""
    return unread(member)[:100].count()
