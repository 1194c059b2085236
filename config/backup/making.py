"""A backup, from start to end: a snapshot of the database, then the files that people uploaded."""

from __future__ import annotations

import contextlib
import fcntl
import os
import secrets
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.storage import default_storage

from community import exports
from community.models import AuditEntry
from config import release
from config.backup import BackupError, archive, database, seal, shelf

PIECE = 256 * 1024


def new_key() -> str:
    return secrets.token_urlsafe(32)


def make(folder: Path, passphrase: str, say: Callable[[str], None], *, portable: bool) -> Path:
    """Write one backup and its note into the folder, sealed; returns its path. Raises BackupError.

    May run while people use the site: the database's part is of one moment, and files are written
    before the rows that name them.
    """
    _check_key(passphrase)
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with _alone(folder):
            return _make(folder, passphrase, say, portable)
    except OSError as error:
        raise BackupError(
            f"The backup cannot be written to {folder}: {(error.strerror or str(error)).lower()}. "
            "Make room, or set BACKUP_DIR to another folder."
        ) from error


def _check_key(passphrase: str) -> None:
    if not passphrase:
        raise BackupError(
            "BACKUP_KEY is not set, and a backup is never written in the clear. Make one with "
            "`manage.py backup --new-key`, set it (or BACKUP_KEY_FILE), and keep a copy away from "
            "this machine: without it no backup can be opened."
        )
    if settings.SECRET_KEY and passphrase.strip() == settings.SECRET_KEY.strip():
        raise BackupError(
            "BACKUP_KEY is the same as SECRET_KEY. Make another one with "
            "`manage.py backup --new-key`."
        )


@contextlib.contextmanager
def _alone(folder: Path) -> Iterator[None]:
    with open(os.open(folder / ".lock", os.O_WRONLY | os.O_CREAT, 0o600), "w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise BackupError("Another backup is being made in this folder. Wait for it.") from None
        yield


def _make(folder: Path, passphrase: str, say: Callable[[str], None], portable: bool) -> Path:
    path = folder / shelf.name_for(datetime.now(UTC))
    half = path.with_suffix(".partial")
    for left in folder.glob("tequio-*.partial"):  # a backup that was interrupted
        left.unlink()
    try:
        with open(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            sealing = seal.Sealing(file, passphrase)
            manifest = _write(sealing, say, portable)
            sealing.close()
            file.flush()
            os.fsync(file.fileno())
        half.rename(path)
    finally:
        half.unlink(missing_ok=True)
    shelf.write_note(path, {name: manifest[name] for name in ("taken_at", "release", "audit")})
    return path


def _write(sealing: seal.Sealing, say: Callable[[str], None], portable: bool) -> dict[str, Any]:
    writer = archive.Writer(sealing)
    with database.connected() as connection:
        found = database.snapshot(connection)
        found["audit"] = _head_of_the_audit_log(connection)
        pg_dump = None if portable else database.program("pg_dump", found["postgresql"])
        if pg_dump:
            snapshot = connection.execute("SELECT pg_export_snapshot()").fetchone()[0]
            size = writer.add("database.dump", database.dumped(pg_dump, snapshot))
        else:
            size = sum(
                writer.add(f"tables/{name}", database.copied(connection, name))
                for name in database.tables(connection)
            )
    say(f"Database: {sum(found['rows'].values())} rows, {_in_words(size)}.")
    number = size = 0
    for name in stored():
        with contextlib.suppress(FileNotFoundError):  # discarded since it was listed
            size += writer.add(f"media/{name}", _pieces(name))
            number += 1
    say(f"Files: {number}, {_in_words(size)}.")
    manifest = found | {"release": release.version(), "format": 1}
    writer.finish(manifest)
    return manifest


def _head_of_the_audit_log(connection: Any) -> list[Any]:
    """The number and digest the log's chain has reached: noted here, it cannot be written anew."""
    row = connection.execute(
        f"SELECT number, digest FROM {AuditEntry._meta.db_table}"
        " WHERE number IS NOT NULL ORDER BY number DESC LIMIT 1"
    ).fetchone()
    return list(row) if row else []


def stored(folder: str = "") -> Iterator[str]:
    """The names of all files in the storage of uploads."""
    try:
        folders, files = default_storage.listdir(folder)
    except FileNotFoundError:
        return
    for name in sorted(files):
        yield f"{folder}/{name}" if folder else name
    for name in sorted(folders):
        if not folder and name == exports.SHELF:
            continue  # copies of somebody's data, kept for days only
        yield from stored(f"{folder}/{name}" if folder else name)


def _pieces(name: str) -> Iterator[bytes]:
    with default_storage.open(name) as file:
        while piece := file.read(PIECE):
            yield piece


def _in_words(size: int) -> str:
    return f"{size / 1_000_000:.1f} MB"
