"""The site's own PostgreSQL and Valkey: started where DATABASE_URL or REDIS_URL name no other,
kept in DATA.

Both listen on sockets in folders that only their owner may enter, so neither needs a password nor
a port, and two instances never meet. Whoever uses the servers holds a shared lock; the last one
to leave stops them. For trying out and for tests: a real site runs servers of its own.
"""

from __future__ import annotations

import contextlib
import fcntl
import sys
from collections.abc import Iterator
from pathlib import Path

from config.servers import DATABASE, CannotStart, Postgres, Server, Valkey, make_private

__all__ = [
    "DATABASE",
    "CannotStart",
    "Postgres",
    "Valkey",
    "make_private",
    "no_connection",
    "running",
]

# Commands that touch neither database nor Valkey, or (up) look after the servers themselves.
_WITHOUT_SERVERS = {
    "", "check", "collectstatic", "compilemessages", "diffsettings", "findstatic", "help",
    "makemessages", "messages", "startapp", "up", "version",
}  # fmt: skip


@contextlib.contextmanager
def running(
    data: Path,
    *,
    die_with_us: bool = False,
    careless: bool = False,
    database: bool = True,
    valkey: bool = True,
) -> Iterator[list[Server]]:
    """The servers for as long as the block lasts: those that run in DATA already, or new ones.

    With die_with_us they are told to stop even if this process is killed outright; that is for
    the one long-lived process, because it also ends them for everybody else. Raises CannotStart.
    """
    make_private(data)
    run = data / "run"
    run.mkdir(mode=0o700, exist_ok=True)
    both = Postgres(data, careless=careless), Valkey(data, careless=careless)
    servers = [one for one, wanted in zip(both, (database, valkey), strict=True) if wanted]
    with open(run / "users.lock", "w") as users:
        with _one_at_a_time(run):
            fcntl.flock(users, fcntl.LOCK_SH)
            try:
                for server in servers:
                    if not server.answers():
                        server.stop()  # hung, or its socket was removed under it
                        server.start(die_with_us=die_with_us)
                if database:
                    both[0].make_database()
            except BaseException:
                _stop_unless_used(users, both)
                raise
        try:
            yield servers
        finally:
            with _one_at_a_time(run):
                _stop_unless_used(users, both)


@contextlib.contextmanager
def _one_at_a_time(run: Path) -> Iterator[None]:
    with open(run / "start.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _stop_unless_used(users, servers: tuple[Server, ...]) -> None:
    try:
        fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return
    for server in reversed(servers):
        server.stop()
    fcntl.flock(users, fcntl.LOCK_UN)


def own_servers(*, die_with_us: bool = False) -> contextlib.AbstractContextManager[list[Server]]:
    """Those that the settings name no other for."""
    from django.conf import settings

    if not settings.EMBEDDED and not settings.OWN_VALKEY:
        return contextlib.nullcontext([])
    return running(
        settings.DATA_DIR,
        die_with_us=die_with_us,
        database=settings.EMBEDDED,
        valkey=settings.OWN_VALKEY,
    )


def servers_for(argv: list[str]) -> contextlib.AbstractContextManager:
    """What `manage.py` needs round the command it was asked for."""
    command = argv[1] if len(argv) > 1 else ""
    if command.lstrip("-") in _WITHOUT_SERVERS:
        return contextlib.nullcontext()
    if {"--help", "-h", "--new-key"} & set(argv) or sys.argv[0].endswith("pytest"):
        return contextlib.nullcontext()
    return own_servers()


def no_connection(error: Exception) -> str:
    """The sentence for a database that cannot be reached."""
    from django.conf import settings

    database = settings.DATABASES["default"]
    where = f"{database['HOST'] or 'localhost'}:{database['PORT'] or 5432}"
    said = str(error).strip().splitlines()[-1].strip()
    cure = (
        "Start Tequio again." if settings.EMBEDDED else "Start PostgreSQL, or correct DATABASE_URL."
    )
    return f"The database at {where} cannot be reached ({said}). {cure}"
