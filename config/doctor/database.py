"""PostgreSQL: version, what it must bring, limits, clock, and whether its log may be trusted."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from django.conf import settings
from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor

from community import audit
from config.backup import shelf
from config.doctor import Examination, Finding, bad, odd, well

OLDEST, NEWEST_KNOWN = 15, 18
EXTENSIONS = ("pg_trgm", "unaccent")
LIMITS = ("statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout")


def examinations() -> list[tuple[str, Examination]]:
    return [
        ("database", server),
        ("extensions", extensions),
        ("limits", limits),
        ("clock", clock),
        ("migrations", migrations),
        ("audit log", audit_log),
    ]


def _ask(question: str, values: list | None = None) -> tuple:
    with connection.cursor() as cursor:
        cursor.execute(question, values or [])
        return cursor.fetchone()


def server() -> Iterator[Finding]:
    (number,) = _ask("SELECT current_setting('server_version_num')::int")
    version = number // 10_000
    if version < OLDEST:
        yield bad(
            "database",
            f"PostgreSQL {version} is too old.",
            why="The site needs what came with 15.",
            cure="Move to a newer one: `manage.py backup --portable`, then `manage.py restore`.",
        )
    elif version > NEWEST_KNOWN:
        yield odd(
            "database",
            f"PostgreSQL {version} is newer than what this release was tested with.",
            why="It will most likely work.",
            cure="Watch the log after the change.",
        )
    else:
        yield well("database", f"PostgreSQL {version}")
    most, used = _ask(
        "SELECT current_setting('max_connections')::int, count(*) FROM pg_stat_activity"
    )
    if used > most * 0.8:
        yield odd(
            "database",
            f"{used} of {most} connections are taken.",
            why="When none is left, pages answer “back in a moment”.",
            cure="Raise max_connections, lower WEB_WORKERS or DB_POOL, or use PgBouncer "
            "(docs/scaling.md).",
        )


def extensions() -> Iterator[Finding]:
    missing = [
        name
        for name in EXTENSIONS
        if not _ask("SELECT count(*) FROM pg_extension WHERE extname = %s", [name])[0]
    ]
    for name in missing:
        yield bad(
            "extensions",
            f"The extension {name} is missing.",
            why="Search does not work without it.",
            cure=f'As the superuser of that database: psql -c "CREATE EXTENSION {name}"',
        )
    if not missing:
        yield well("extensions", ", ".join(EXTENSIONS))


def limits() -> Iterator[Finding]:
    """Behind PgBouncer they stand at the role; elsewhere each connection brings them along."""
    if not settings.PGBOUNCER:
        yield well("limits", "each connection brings its own")
        return
    rows = _ask(
        "SELECT coalesce(array_agg(entry), '{}') FROM pg_db_role_setting s,"
        " unnest(s.setconfig) entry, pg_roles r"
        " WHERE r.oid = s.setrole AND r.rolname = current_user"
    )[0]
    missing = [name for name in LIMITS if not any(row.startswith(f"{name}=") for row in rows)]
    if missing:
        yield bad(
            "limits",
            f"The role has no {', '.join(missing)}.",
            why="Behind PgBouncer a query that hangs would hold its connection for ever.",
            cure=f"ALTER ROLE current_user SET {missing[0]} = '5s'; all three stand in "
            "docs/scaling.md.",
        )
    else:
        yield well("limits", "stand at the role")


def clock() -> Iterator[Finding]:
    (theirs,) = _ask("SELECT clock_timestamp()")
    apart = abs((datetime.now(UTC) - theirs).total_seconds())
    if apart > 2:
        yield bad(
            "clock",
            f"This machine and the database disagree by {apart:.0f} seconds.",
            why="Codes seem expired, reminders come at the wrong time, second factors fail.",
            cure="Switch time synchronisation on, on both: timedatectl set-ntp true",
        )
    else:
        yield well("clock", f"{apart:.1f} s from the database's")


def migrations() -> Iterator[Finding]:
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if plan:
        first = plan[0][0]
        yield bad(
            "migrations",
            f"{len(plan)} are not applied, beginning with {first.app_label}.{first.name}.",
            why="Pages that need the new tables answer with an error.",
            cure="manage.py upgrade",
        )
    else:
        yield well("migrations", "all applied")


def audit_log() -> Iterator[Finding]:
    """The chain, and that it still holds the entry the last backup noted."""
    head = next(
        (tuple(one.note["audit"]) for one in shelf.kept(settings.BACKUP_DIR)
         if one.note.get("audit")),
        None,
    )  # fmt: skip
    with transaction.atomic():
        found = audit.verify(head=head)
    if found:
        noted = "" if head is None else ", and the entry the last backup noted is in it"
        yield well("audit log", f"the chain of {found.count} entries holds{noted}")
        return
    where = f" (entry {found.broken})" if found.broken else ""
    yield bad(
        "audit log",
        f"The chain does not hold: {found.why}{where}.",
        why="Somebody with access to the database changed what staff are recorded to have done.",
        cure="Keep this database as it is, restore the last good backup elsewhere and compare. "
        "If you restored an older backup yourself, this is expected until the next backup.",
    )
