"""Knows what telling very many people costs: `deliver`, beside one plain INSERT … SELECT.

Run as ``python -m benchmarks.telling`` with the site's environment; prints one JSON object. The
community it fills is a group of so many people who hear everything of it, some with choices of
their own, some blocked, some muted. Both are measured in turn, on tables that were just emptied.
"""

import json
import os
import statistics
import sys
import time
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
os.environ.setdefault("STATEMENT_TIMEOUT", "0")

PEOPLE = 100_000
ROUNDS = 5
NAME = "Everybody of the benchmark"


def main() -> None:
    django.setup()
    from django.db import connection

    from community import notices
    from community.models import Activity

    activity = Activity.objects.filter(space__name=NAME, verb="topics.posted").first() or _fill()
    activity = notices.for_telling().get(pk=activity.pk)
    plain: list[float] = []
    ours: list[float] = []
    rows = sent = 0
    for number in range(ROUNDS + 1):
        steps = [(_plain, plain), (_deliver, ours)]
        for step, took in steps if number % 2 else reversed(steps):
            with connection.cursor() as cursor:
                cursor.execute("TRUNCATE community_notice, community_delivery")
                cursor.execute("CHECKPOINT")
            begun = time.perf_counter()
            found = step(activity)
            if number:  # the first round warms
                took.append(time.perf_counter() - begun)
            if step is _deliver:
                rows, sent = found
    shares = sorted(one / other for one, other in zip(ours, plain, strict=True))
    json.dump(
        {
            "rows": rows,
            "sent": sent,
            "s": round(statistics.median(ours), 3),
            "insert_select_s": round(statistics.median(plain), 3),
            "of_insert_select": [round(share, 3) for share in shares],
        },
        sys.stdout,
    )


def _plain(activity: Any) -> None:
    from django.db import connection, transaction

    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO community_notice (member_id, activity_id, created_at) "
            "SELECT member_id, %s, now() FROM community_membership WHERE space_id = %s",
            [activity.pk, activity.space_id],
        )


def _deliver(activity: Any) -> tuple[int, int]:
    from community import notices
    from community.models import Delivery

    rows = notices.deliver(activity)
    return rows, Delivery.objects.count()


def _fill() -> Any:
    """A group of 100,000, and a topic of which nobody was told yet."""
    from django.db import connection, transaction
    from django.utils import timezone

    from community.models import Activity, Item, Member, Openness, Space

    with transaction.atomic(), connection.cursor() as cursor:
        root = Space.objects.root()
        space = Space.objects.create(
            kind=Space.GROUP,
            name=NAME,
            slug="everybody-of-the-benchmark",
            openness=Openness.OPEN,
            listed_at=timezone.now(),
        )
        member = Member._meta
        kept = [
            field.column
            for field in member.concrete_fields
            if not field.primary_key and field.name not in ("email", "handle", "name")
        ]
        cursor.execute(
            f"INSERT INTO {member.db_table} (email, name, {', '.join(kept)}) "
            f"SELECT 'told-' || n || '@example.org', 'Told ' || n, {', '.join(kept)} "
            f"FROM (SELECT * FROM {member.db_table} WHERE is_active ORDER BY id LIMIT 1) one, "
            "generate_series(1, %s) AS n",
            [PEOPLE],
        )
        for place in (root.pk, space.pk):
            cursor.execute(
                "INSERT INTO community_membership (space_id, member_id, ring, joined_at, "
                "joined_via, volume, volume_before, seen_at, duties) SELECT %s, id, 2, now(), "
                f"'joined', 'all', '', now(), '[]' FROM {member.db_table} "
                "WHERE email LIKE 'told-%%'",
                [place],
            )
        author = Member.objects.filter(email__startswith="told-").first()
        cursor.execute(
            "INSERT INTO community_noticesettings (member_id, preset, digest, digest_hour, "
            "digest_day, discreet, push_shows_content) SELECT id, CASE WHEN id % 20 = 0 THEN "
            "'everything' ELSE 'balanced' END, 'daily', 17, 6, false, false "
            f"FROM {member.db_table} WHERE email LIKE 'told-%'"
        )
        cursor.execute(
            "INSERT INTO community_noticepreference (member_id, attention, channel, value) SELECT "
            f"id, 'groups', 'mail', 'later' FROM {member.db_table} "
            "WHERE email LIKE 'told-%' AND id % 50 = 0"
        )
        cursor.execute(
            "INSERT INTO community_mute (member_id, muted_id, created_at) SELECT id, %s, now() "
            f"FROM {member.db_table} WHERE email LIKE 'told-%%' AND id %% 1000 = 1 AND id <> %s",
            [author.pk, author.pk],
        )
        item = Item.objects.create(kind="groups.topic", space=space, author=author, title="Told")
        activity = Activity.objects.create(
            verb="topics.posted", actor=author, item=item, space=space
        )
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    return activity


if __name__ == "__main__":
    main()
