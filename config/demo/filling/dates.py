"""Dates back, in sets, what operations did just now and what is said to have been long ago."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime, timedelta

from django.db import connection
from django.db.models import Q

from community import notices
from community.models import Activity
from community.registry import registry
from config.demo.filling.people import seen_at
from config.demo.filling.stage import Stage

TOLD_FOR = timedelta(days=6)
"""What happened longer ago has no notices any more,"""
TOLD_EVER = ("announcements.sent", "chat.said")
"""but for these."""


def set_back(stage: Stage) -> None:
    found: dict[tuple[str, str, str], dict[int, datetime]] = defaultdict(dict)
    for row, columns in stage.dated:
        for column, at in columns.items():
            meta = next(
                model._meta
                for model in (type(row), *type(row)._meta.get_parent_list())
                if any(own.name == column for own in model._meta.local_fields)
            )
            found[meta.db_table, meta.pk.column, column][row.pk] = at
    for (table, key, column), moments in found.items():
        _run(
            f"UPDATE {table} SET {column} = moment.at "
            "FROM unnest(%s::bigint[], %s::timestamptz[]) AS moment (id, at) "
            f"WHERE moment.id = {table}.{key}",
            [list(moments), list(moments.values())],
        )
    for statement in FOLLOWING:
        _run(statement)


def tell(stage: Stage) -> None:
    """Notices of the last days; what came before somebody's last look around is read."""
    heard = [verb.name for verb in registry.verbs.values() if verb.recipients]
    lately = Q(verb__in=heard, created_at__gt=stage.now - TOLD_FOR)
    for activity in notices.for_telling().filter(lately | Q(verb__in=TOLD_EVER)):
        notices.deliver(activity)
    Activity.objects.filter(told_at=None).update(told_at=stage.now)
    looked = {member.pk: seen_at(stage, key) for key, member in stage.people.items()}
    _run(
        """
        UPDATE community_notice SET created_at = told.created_at, read_at =
            CASE WHEN told.created_at < looked.at
                THEN least(told.created_at + interval '2 hours', looked.at) END
        FROM community_activity told, unnest(%s::bigint[], %s::timestamptz[]) AS looked (id, at)
        WHERE told.id = activity_id AND looked.id = community_notice.member_id
        """,
        [list(looked), list(looked.values())],
    )
    _run(
        """
        DELETE FROM community_notice USING community_activity told, community_follow f
        JOIN community_comment c ON c.item_id = f.item_id
        WHERE told.id = activity_id AND c.item_ptr_id = told.item_id
            AND f.member_id = community_notice.member_id AND f.created_at > told.created_at
            AND NOT EXISTS (
                SELECT FROM community_mention m
                WHERE m.item_id = told.item_id AND m.member_id = f.member_id
            )
        """
    )


def _run(statement: str, values: list | None = None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


FOLLOWING = (
    """
    UPDATE community_space SET active_at = last.at FROM (
        SELECT space_id, max(created_at) AS at FROM community_item GROUP BY space_id
    ) last WHERE last.space_id = community_space.id
    """,
    """
    UPDATE community_membershipevent SET created_at = held.joined_at
    FROM community_membership held
    WHERE what = 'joined' AND held.space_id = community_membershipevent.space_id
        AND held.member_id = community_membershipevent.member_id
    """,
    """
    UPDATE community_membershipevent SET created_at = gone.created_at - interval '90 days'
    FROM community_membershipevent gone
    WHERE community_membershipevent.what = 'joined' AND gone.what IN ('left', 'removed')
        AND gone.space_id = community_membershipevent.space_id
        AND gone.member_id = community_membershipevent.member_id
    """,
    """
    UPDATE community_activity SET created_at = held.joined_at
    FROM community_membership held
    WHERE verb = 'spaces.joined' AND held.space_id = community_activity.space_id
        AND held.member_id = community_activity.actor_id
    """,
    """
    UPDATE community_activity SET created_at = asked.created_at
    FROM community_joinrequest asked
    WHERE verb = 'spaces.asked' AND asked.id = (data->>'request')::bigint
    """,
    """
    UPDATE community_activity SET created_at = asked.created_at
    FROM community_ringproposal asked
    WHERE verb IN ('spaces.ring_offered', 'spaces.ring_asked')
        AND asked.id = (data->>'proposal')::bigint
    """,
    """
    UPDATE community_activity SET created_at = made.created_at
    FROM community_invitation made
    WHERE verb = 'spaces.invited' AND made.id = (data->>'invitation')::bigint
    """,
    """
    UPDATE community_activity SET created_at = event.created_at
    FROM community_membershipevent event
    WHERE verb = 'spaces.removed' AND event.id = (data->>'event')::bigint
    """,
    """
    UPDATE community_activity SET created_at = appeal.created_at
    FROM community_appeal appeal
    WHERE verb = 'spaces.appealed' AND appeal.id = (data->>'appeal')::bigint
    """,
    """
    UPDATE community_activity SET created_at = asked.decided_at
    FROM community_joinrequest asked
    WHERE verb = 'spaces.declined' AND asked.state = 'declined'
        AND asked.space_id = community_activity.space_id
    """,
    """
    UPDATE community_activity SET created_at = said.created_at
    FROM community_message said WHERE said.id = message_id
    """,
    """
    UPDATE community_activity SET created_at = s.created_at
    FROM community_space s WHERE starts_with(verb, 'groups.') AND s.id = space_id
    """,
)
"""What follows from dates that are right by now: the log, the record, when a space was active."""
