"""The way back, to an empty machine: verify all of it, load it, then make it safe to serve."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.files.base import File
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.db import connection as django_connection
from django.db import transaction
from django.utils import timezone

from community import audit
from community.models import DataExport, Delivery, OutboxMail, PeopleList, Recovery
from community.operations import leaving
from config.backup import BackupError, archive, database, making, seal, shelf


@contextmanager
def _opened(path: Path, passphrase: str) -> Iterator[seal.Opening]:
    try:
        with open(path, "rb") as file:
            yield seal.Opening(file, passphrase)
    except FileNotFoundError:
        raise BackupError(f"There is no backup {path}.") from None
    except PermissionError:
        raise BackupError(f"The backup {path} may not be read by this user.") from None


def verify(path: Path, passphrase: str) -> dict[str, Any]:
    """The manifest of a backup of which every byte was read and is as it was written."""
    if not passphrase:
        raise BackupError("BACKUP_KEY is not set: it is needed to open the backup.")
    with _opened(path, passphrase) as opening:
        return archive.verify(opening)


def restore(
    path: Path, passphrase: str, say: Callable[[str], None], *, nobody_left: bool = False
) -> dict[str, Any]:
    """Bring a site back on an empty database and an empty folder. Raises BackupError.

    Nobody is signed in afterwards, letters of before are not sent again, and whoever was erased
    since is erased once more: without the list of the erased it only begins if somebody says that
    ``nobody_left`` since the backup.
    """
    if not nobody_left:
        _refuse_without_the_list()
    say("Verifying the backup …")
    manifest = verify(path, passphrase)
    _refuse_unless_empty()
    if unknown := database.unknown_migrations(manifest["migrations"]):
        raise BackupError(
            f"The backup was made by a newer release ({manifest['release']}; {unknown[0]} is not "
            "known here). Install that release first."
        )
    say(f"Loading what was there at {manifest['taken_at']} …")
    by_copy = not any(name == "database.dump" for name in manifest["parts"])
    if by_copy:
        database.make_tables(manifest["migrations"])
    with _opened(path, passphrase) as opening:
        _load(opening, manifest, by_copy)
    _compare(manifest)
    call_command("migrate", interactive=False, verbosity=0)
    _make_safe(manifest)
    if not shelf.note_tested(path, timezone.now()):
        say("The note that this backup was tested could not be written beside it.")
    return manifest


def _refuse_without_the_list() -> None:
    path = Path(settings.ERASED_LIST)
    try:
        path.read_bytes()
    except FileNotFoundError:
        found = "is not there"
    except OSError:
        found = "cannot be read by this user"
    else:
        return
    raise BackupError(
        f"The list of the erased, {path}, {found}. Whoever left since the backup would be back. "
        "Bring the copy of it, or say --nobody-left."
    )


def _refuse_unless_empty() -> None:
    with database.connected() as connection:
        if database.tables(connection):
            raise BackupError(
                "The database is not empty. A backup is only restored to an empty machine: make a "
                "new database, or choose another DATA folder."
            )
    if next(making.stored(), None):
        raise BackupError("The folder of uploads is not empty. Choose another MEDIA_ROOT.")


def _load(opening: seal.Opening, manifest: dict[str, Any], by_copy: bool) -> None:
    with database.connected() as connection:
        before = database.triggers(connection) if by_copy else []
        if by_copy:
            database.empty(connection)
        settled = not by_copy
        for name, pieces in archive.read(opening):
            kind, _, rest = name.partition("/")
            if name == "database.dump":
                connection.rollback()  # nothing may stand in the way of pg_restore
                database.load_dump(pieces, manifest["postgresql"])
            elif kind == "tables":
                database.load_copy(connection, rest, pieces)
            elif kind == "media":
                if not settled:
                    database.settle(connection, before)
                    connection.commit()
                    settled = True
                _store(rest, pieces)
            for _left in pieces:
                pass
        if not settled:
            database.settle(connection, before)


def _store(name: str, pieces: Iterator[bytes]) -> None:
    with tempfile.TemporaryFile() as copy:
        for piece in pieces:
            copy.write(piece)
        copy.seek(0)
        if default_storage.save(name, File(copy)) != name:
            raise BackupError(f"The file {name} is there already. Choose another MEDIA_ROOT.")


def _compare(manifest: dict[str, Any]) -> None:
    with database.connected() as connection:
        found = database.counts(connection)
    unlike = [name for name, rows in manifest["rows"].items() if found.get(name) != rows]
    if unlike:
        raise BackupError(
            f"The restored database differs from the backup in {', '.join(unlike[:5])}. "
            "Do not use it."
        )


def _make_safe(manifest: dict[str, Any]) -> None:
    """A site that comes back from an earlier moment must not act as if no time had passed."""
    taken_at = datetime.fromisoformat(manifest["taken_at"])
    with transaction.atomic():
        Session.objects.all().delete()
        OutboxMail.objects.waiting().update(
            failed_at=timezone.now(), error="Written before a restore, and not sent again."
        )
        _end_what_stood_open()
        # From here on nothing is sent, told or trusted because of what stood open before.
        audit.record("site.restored", by=None, taken_at=taken_at)
    leaving.erase_again()
    with django_connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _end_what_stood_open() -> None:
    """What may have been stopped since the backup must not go on because it stands open in it."""
    now = timezone.now()
    Recovery.objects.filter(closed_at=None).update(
        closed_at=now, outcome=Recovery.Outcome.REFUSED, stop_hashes=[]
    )
    PeopleList.objects.filter(expires_at__gt=now).update(expires_at=now)
    DataExport.objects.filter(ready_at=None, failed_at=None).update(failed_at=now)
    Delivery.objects.waiting().update(dropped_at=now, why=Delivery.Dropped.FAILED)
