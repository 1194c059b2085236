"""Knows who is told of an activity, and writes it down: one statement, however many they are.

Told are its recipients, of those who may see it now, less who did it, who muted them, and whom a
block keeps apart from them. The same statement puts on its way what goes by mail or push
(``Delivery``, the domain's outbox). Celery only rings; the clock comes back to what was not told.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from community import audience
from community.models import (
    Activity,
    Attention,
    Block,
    Channel,
    Delivery,
    Membership,
    Mention,
    Mute,
    Notice,
    NoticePreference,
    NoticeSettings,
    Preset,
    PushSubscription,
    Ring,
    RoomPerson,
    When,
)
from community.models.people import still_here
from community.notices import bell, given_up
from community.notices.choosing import NOT_WHILE_RESTING, ONE_WAY, usual_rows
from community.registry import Verb, registry

log = logging.getLogger(__name__)

FOR_TELLING = (
    "item__space",
    "item__comment__item",
    "item__comment__parent",
    "space",
    "actor",
    "message__room__space",
    "message__reply_to",
)
"""What the recipients of an activity are computed from."""
FROM_NEW_AN_HOUR = 20
"""Notices of what new accounts do that somebody gets in an hour."""
RUNG_WITHIN = timedelta(seconds=8)
"""So long after it happened the bell is not missed yet. With the clock's ten seconds
(config/celery.py) people are told within half a minute of Valkey's return."""
CHAT_SETTLES = timedelta(seconds=2)
"""So long the bell of open pages waits for who reads a chat while it is written."""
CHAT_WAITS = timedelta(seconds=5)
"""What is said in a chat leaves no sooner: who reads it there meanwhile is not called for it."""
UNSEEN_FOR = timedelta(hours=6)
"""How long a notice may stand unread before it comes by mail."""


@transaction.atomic
def deliver(activity: Activity) -> int:
    """Write the notices of an activity and what is sent of them; twice changes nothing.

    Returns the number of notices written. Where another worker is at it nothing is done: it holds
    the row for as long as it takes, and a killed one lets go of it.
    """
    mine = Activity.objects.select_for_update(skip_locked=True, no_key=True).filter(pk=activity.pk)
    if not mine.values_list("pk", flat=True):
        return 0
    people = audience_of(activity)
    written = sent = 0
    if people is not None:
        people = _less_read(_less_flooded(people, activity), activity)
        written, sent = _write(activity, people)
    Activity.objects.filter(pk=activity.pk, told_at=None).update(told_at=timezone.now())
    if written or sent:
        _ring(activity, written, sent)
    return written


def _ring(activity: Activity, written: int, sent: int) -> None:
    """Tell open pages and those who send; of a chat after a while, for who is in it reads it."""
    from community.tasks import ring_bell, send_notices, send_pushes

    if activity.message_id:
        after = CHAT_SETTLES.total_seconds()
        ring_bell.apply_async_on_commit([activity.pk], countdown=after)
        return
    bell.ring(activity, told=written)
    if sent:
        send_notices.delay_on_commit()
        send_pushes.delay_on_commit()


def audience_of(activity: Activity) -> QuerySet | None:
    """Recipients, of those who may see it now, less those who keep away from who did it.

    None: nobody is ever told of it. Asked again when something is sent.
    """
    verb = registry.verbs.get(activity.verb)
    people = verb.recipients(activity) if verb is not None and verb.recipients else None
    if people is None:
        return None
    people = people.filter(still_here())
    if activity.item is not None:
        people = people.filter(pk__in=audience.readers(activity.item).values("pk"))
    if activity.message is not None:
        people = people.filter(pk__in=audience.listeners_to(activity.message).values("pk"))
    if activity.actor_id:
        people = people.exclude(pk=activity.actor_id)
        if verb.of_people:
            muted = Mute.objects.filter(member=OuterRef("pk"), muted=activity.actor_id)
            people = people.exclude(Exists(muted))
            if activity.item is None or activity.item.author_id != activity.actor_id:
                people = people.exclude(_apart(activity))  # readers keep apart from its author
    if verb.attention == Attention.ORGANISATION:
        people = people.exclude(Exists(off(Attention.ORGANISATION)))
    return people


def off(attention: str) -> QuerySet:
    """A member's wish (of the outer query) to hear nothing of a class, not even on the site."""
    return NoticePreference.objects.filter(
        member=OuterRef("pk"), attention=attention, channel=Channel.APP, value=When.NEVER
    )


def _less_flooded(people: QuerySet, activity: Activity) -> QuerySet:
    """Of what new accounts do nobody hears more than so often an hour: a flood of them drowns
    nothing else. What is not told stands where it was said, and counts as unread there."""
    verb = registry.verbs[activity.verb]
    if not verb.of_people or activity.actor is None or activity.actor.settled_at is not None:
        return people
    heard = Notice.objects.filter(
        member=OuterRef("pk"),
        created_at__gt=timezone.now() - timedelta(hours=1),
        activity__actor__isnull=False,
        activity__actor__settled_at=None,
    )
    return people.exclude(Exists(heard[FROM_NEW_AN_HOUR - 1 : FROM_NEW_AN_HOUR]))


def _less_read(people: QuerySet, activity: Activity) -> QuerySet:
    """Who has read what was said in a chat before they could be told of it needs no notice."""
    seq = activity.data.get("seq")
    if activity.message is None or seq is None:
        return people
    mine = RoomPerson.objects.filter(room=activity.message.room_id, member=OuterRef("pk"))
    return people.exclude(Exists(mine.filter(read_seq__gte=seq)))


def _apart(activity: Activity) -> Q:
    """A block between them and who did it; it hides nothing from stewards of the place."""
    blocks = Block.objects.filter(
        Q(member=OuterRef("pk"), blocked=activity.actor_id)
        | Q(member=activity.actor_id, blocked=OuterRef("pk"))
    )
    leads = Membership.objects.filter(
        space=activity.space_id, member=OuterRef("pk"), ring__gte=Ring.STEWARD
    )
    return Q(Exists(blocks)) & ~Q(Exists(leads))


def _write(activity: Activity, people: QuerySet) -> tuple[int, int]:
    """How many were told, and how many of that go by mail or push."""
    try:
        sql, params = people.order_by().values("pk").distinct().query.sql_with_params()
    except EmptyResultSet:  # known without asking: the thing was taken away meanwhile
        return 0, 0
    verb, now = registry.verbs[activity.verb], timezone.now()
    attention, personal = _class_of(activity, verb)
    ways, said = _ways(activity, verb, now)
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            WITH told AS (
                INSERT INTO {Notice._meta.db_table} (member_id, activity_id, attention, created_at)
                SELECT found.id, %s, {attention}, %s FROM ({sql}) AS found (id)
                ON CONFLICT DO NOTHING RETURNING member_id, attention
            ), sent AS ({ways})
            SELECT (SELECT count(*) FROM told), (SELECT count(*) FROM sent)
            """,
            [activity.pk, *personal, now, *params, *said],
        )
        return cursor.fetchone()


def _class_of(activity: Activity, verb: Verb) -> tuple[str, list[Any]]:
    """SQL of the notice's class: what answers or names somebody is a person who waits for them."""
    if verb.attention != Attention.GROUPS or activity.item is None:
        return "%s", [verb.attention]
    comment = getattr(activity.item, "comment", None)
    answered = [comment.item.author_id] if comment is not None else []
    if comment is not None and comment.parent_id:
        answered.append(comment.parent.author_id)
    named = f"found.id IN (SELECT member_id FROM {Mention._meta.db_table} WHERE item_id = %s)"
    return (
        f"CASE WHEN found.id = ANY(%s::bigint[]) OR {named} THEN %s ELSE %s END",
        [answered, activity.item_id, Attention.PERSON, Attention.GROUPS],
    )


def _ways(activity: Activity, verb: Verb, now: datetime) -> tuple[str, list[Any]]:
    """SQL that puts on its way what the person, or else their preset, wants by mail or push.

    Of presets only what comes by itself is listed: what waits for the digest, which is most, costs
    nothing here.
    """
    classes = {verb.attention, Attention.PERSON}
    at_once = now + CHAT_WAITS if activity.message_id else now
    mailed = verb.mailed is not None and verb.mailed(activity)
    channels = [Channel.PUSH] if mailed else [Channel.MAIL, Channel.PUSH]
    rows = [
        row
        for row in usual_rows()
        if row[1] in classes and row[2] in channels and row[3] in (When.NOW, When.LATER)
    ]
    usual = ", ".join(["(%s, %s, %s, %s)"] * len(rows))
    own, kept = NoticePreference._meta.db_table, NoticeSettings._meta.db_table
    return (
        f"""
        INSERT INTO {Delivery._meta.db_table}
            (activity_id, member_id, channel, created_at, due_at, why, attempts)
        SELECT %s, way.member_id, way.channel, %s,
            CASE way.value WHEN 'later' THEN %s::timestamptz ELSE %s::timestamptz END, '', 0
        FROM (
            SELECT told.member_id, told.attention, usual.channel, usual.value, kept.resting_until
            FROM told LEFT JOIN {kept} kept ON kept.member_id = told.member_id
            JOIN (VALUES {usual}) AS usual (preset, attention, channel, value)
                ON usual.attention = told.attention AND usual.preset = coalesce(kept.preset, %s)
            WHERE NOT EXISTS (
                SELECT FROM {own} own WHERE own.member_id = told.member_id
                AND own.attention = told.attention AND own.channel = usual.channel
            ){_the_one_way(verb)}
            UNION ALL
            SELECT told.member_id, told.attention, own.channel, own.value, kept.resting_until
            FROM told JOIN {own} own ON own.member_id = told.member_id
                AND own.attention = told.attention
                AND own.value IN ('now', 'later') AND own.channel = ANY(%s)
            LEFT JOIN {kept} kept ON kept.member_id = told.member_id
        ) way
        WHERE NOT (coalesce(way.resting_until > %s, false) AND way.attention = ANY(%s))
        ON CONFLICT DO NOTHING RETURNING 1
        """,
        [
            activity.pk,
            now,
            now + UNSEEN_FOR,
            at_once,
            *(str(value) for row in rows for value in row),
            str(Preset.BALANCED),
            [str(channel) for channel in channels],
            timezone.localdate(),
            [str(attention) for attention in NOT_WHILE_RESTING],
        ],
    )


def _the_one_way(verb: Verb) -> str:
    """SQL that leaves one of two ways, as ``Wants`` says (choosing.ONE_WAY)."""
    preset, attention = ONE_WAY
    if verb.attention != attention:
        return ""
    own, devices = NoticePreference._meta.db_table, PushSubscription._meta.db_table
    other = f"""(SELECT value FROM {own} own WHERE own.member_id = told.member_id
        AND own.attention = told.attention AND own.channel IN ('mail', 'push')
        AND own.channel <> usual.channel)"""
    device = f"EXISTS (SELECT FROM {devices} WHERE member_id = told.member_id)"
    return f""" AND (usual.preset <> '{preset}' OR CASE usual.channel
        WHEN 'push' THEN {device} AND coalesce({other} <> 'now', true)
        ELSE NOT coalesce({other} = 'now', {device}) END)"""


def untold(limit: int = 500) -> QuerySet:
    """Activities whose bell was lost: some seconds old, nobody was told, and not failed lately."""
    late = timezone.now() - RUNG_WITHIN
    rows = given_up.less_waiting(for_telling().filter(told_at=None, created_at__lt=late))
    return rows.order_by("created_at")[:limit]


def deliver_late() -> int:
    """Tell people of what was not rung for. One that cannot be told holds up no other: it is tried
    again later and later, and given up in the end."""
    written = 0
    for activity in untold():
        try:
            written += deliver(activity)
        except Exception as error:
            log.exception("Activity %s could not be told", activity.pk)
            given_up.note(activity, error)
    given_up.forget_told()
    return written


def for_telling() -> QuerySet:
    """Activities with what their recipients are computed from."""
    return Activity.objects.select_related(*FOR_TELLING)
