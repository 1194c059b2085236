"""Knows how a copy of everything held about a person is packed, kept for a week and forgotten.

It is written row by row into a file of its own: nothing of it is held in memory, however much
somebody wrote. That file lies where uploads lie and has no name, so that a crash leaves nothing.
"""

from __future__ import annotations

import json
import logging
import shutil
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.core.files.base import File
from django.core.files.storage import default_storage
from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import QuerySet
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from community import personal
from community.models import Community, DataExport, Member

log = logging.getLogger(__name__)

SHELF = "exports"
_encode = DjangoJSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def pack(export: DataExport) -> int:
    """Write the file of an export; returns its size in bytes. Raises OSError without room."""
    member = export.member
    with _in_words_of(member), tempfile.TemporaryFile(dir=packing_folder()) as file:
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, allowZip64=True) as packed:
            _fill(packed, member)
        size = file.tell()
        file.seek(0)
        remove_file(export)
        stored = default_storage.save(export.stored_as, File(file))
    if stored != export.stored_as:  # somebody was quicker; theirs is as good
        default_storage.delete(stored)
    return size


def packing_folder() -> Path:
    """Where copies are packed: beside the uploads, for the place of temporary files may be small
    (in containers it is memory). Without such a folder, there all the same."""
    folder = Path(settings.MEDIA_ROOT)
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            return folder
    except OSError:
        return Path(tempfile.gettempdir())


def room_for_one() -> int:
    """How many bytes the copy of somebody who uses all their room may need while it is packed."""
    one = settings.STORAGE_PER_MEMBER_MB * 1_000_000
    beside = settings.STORAGES["default"]["BACKEND"].endswith("FileSystemStorage")
    return 2 * one if beside else one


@contextmanager
def _in_words_of(member: Member) -> Iterator[None]:
    with translation.override(member.language), timezone.override(member.tzinfo):
        yield


def _fill(packed: zipfile.ZipFile, member: Member) -> None:
    contents = []
    for holding in personal.holdings():
        name = f"{holding.shelf}/{holding.name}.json"
        count = None
        if holding.export is not None:
            count = _rows(packed, name, holding.exported(member))
        files = _files(packed, holding, member)
        contents.append(_said_of(holding, name, count, files))
    _write(packed, "contents.json", _encode_nicely(contents))
    _write(packed, _("READ ME") + ".txt", _letter(member))


def _rows(packed: zipfile.ZipFile, name: str, rows: Iterator[dict[str, Any]]) -> int:
    count = 0
    with packed.open(name, "w", force_zip64=True) as entry:
        entry.write(b"[")
        for row in rows:
            entry.write(b",\n" if count else b"\n")
            entry.write(_encode(row).encode())
            count += 1
        entry.write(b"\n]\n")
    return count


def _files(packed: zipfile.ZipFile, holding: personal.Holding, member: Member) -> list[str]:
    names = []
    for name, opened in holding.files(member) if holding.files else ():
        try:
            source: IO[bytes] = opened()
        except FileNotFoundError:
            log.warning("A file that a row names is missing from the storage.")
            continue
        place = f"files/{name}"
        as_it_is = zipfile.ZipInfo(place, timezone.now().timetuple()[:6])  # pictures are packed
        with source, packed.open(as_it_is, "w", force_zip64=True) as entry:
            shutil.copyfileobj(source, entry, 256 * 1024)
        names.append(place)
    return names


def _said_of(
    holding: personal.Holding, name: str, count: int | None, files: list[str]
) -> dict[str, Any]:
    said = {
        "what": str(holding.label),
        "why": str(holding.purpose),
        "how_long": holding.how_long,
        "basis": f"{holding.rests_on.article_6}, {holding.rests_on.article_9}",
    }
    if count is None:
        return {**said, "not_included": str(holding.withheld)}
    return {**said, "file": name, "rows": count} | ({"files": files} if files else {})


def _encode_nicely(rows: list[dict[str, Any]]) -> bytes:
    return json.dumps(rows, ensure_ascii=False, indent=1, cls=DjangoJSONEncoder).encode() + b"\n"


def _write(packed: zipfile.ZipFile, name: str, data: bytes) -> None:
    with packed.open(name, "w") as entry:
        entry.write(data)


def _letter(member: Member) -> bytes:
    words = _(
        "This is everything that %(community)s holds about %(name)s, of %(when)s.\n"
        "\n"
        "contents.json says what each file is, why it is held and how long.\n"
        "The other .json files can be opened with any text editor or spreadsheet.\n"
        "The folder files holds the pictures and files you uploaded.\n"
        "\n"
        "What others wrote is theirs, and not in here: where you answered or reacted to\n"
        "something, you find its number. %(address)s/me/record/ shows all of it in words.\n"
    )
    community = Community.objects.current()
    return (
        words
        % {
            "community": community.name,
            "name": member.display_name,
            "when": timezone.localtime().strftime("%Y-%m-%d %H:%M"),
            "address": settings.SITE_URL,
        }
    ).encode()


# Its end


def forget(rows: QuerySet) -> int:
    """Copies whose week is over, or whose person goes: the file first, then the row."""
    done = 0
    for export in rows:
        remove_file(export)
        export.delete()
        done += 1
    return done


def forget_all(member: Any) -> None:
    forget(DataExport.objects.filter(member=member))


def sweep_folders(older_than: timedelta = timedelta(days=1)) -> int:
    """Delete copies that no row names: what a crash left; how many."""
    swept, before = 0, timezone.now() - older_than
    try:
        tokens = set(default_storage.listdir(SHELF)[0])
    except OSError:
        return 0
    known = DataExport.objects.filter(token__in=tokens).values_list("token", flat=True)
    for export in (DataExport(token=token) for token in tokens - set(known)):
        with suppress(OSError):
            if not _is_younger(export, before):
                remove_file(export)
                swept += 1
    return swept


def _is_younger(export: DataExport, before: datetime) -> bool:
    try:
        return default_storage.get_modified_time(export.stored_as) >= before
    except FileNotFoundError:  # the folder alone
        return False


def remove_file(export: DataExport) -> None:
    """Raises OSError if it is there and cannot be deleted: then the row stays for the clock."""
    folder = export.stored_as.rpartition("/")[0]
    for place in (export.stored_as, folder):
        with suppress(FileNotFoundError):
            default_storage.delete(place)
