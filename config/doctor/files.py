"""Folders and what lies in them: static files, translations, uploads, room, backups."""

from __future__ import annotations

import os
import secrets
import shutil
import stat
import tempfile
import urllib.error
import urllib.request
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from community import exports
from community.models import Media
from config import prepare
from config.backup import shelf
from config.doctor import Examination, Finding, bad, odd, well

LITTLE_ROOM = 1_000_000_000
OLD_BACKUP = timedelta(hours=36)
LONG_UNTESTED = timedelta(days=100)


def examinations() -> list[tuple[str, Examination]]:
    return [
        ("static files", static_files),
        ("translations", translations),
        ("uploads", uploads),
        ("room", room),
        ("copies of data", copies),
        ("backups", backups),
        ("list of the erased", erased_list),
    ]


def erased_list() -> Iterator[Finding]:
    path = Path(settings.ERASED_LIST)
    there = next(one for one in (path, *path.parents) if one.exists())
    if not os.access(there, os.W_OK):
        yield bad(
            "list of the erased",
            f"{path} cannot be written.",
            why="After a restore, whoever left since the backup would be back.",
            cure=f"give {there} to the user of the site",
        )
    elif not path.exists():
        yield well("list of the erased", "nobody left so far")
    else:
        yield well("list of the erased", f"{path}: copy it away each night, as the backups")


def static_files() -> Iterator[Finding]:
    if not settings.STATIC_HASHED:
        return
    if not (Path(settings.STATIC_ROOT) / "staticfiles.json").exists():
        yield bad(
            "static files",
            f"None are collected in {settings.STATIC_ROOT}.",
            why="Pages answer with an error, or come without styles.",
            cure="manage.py collectstatic --no-input",
        )
    elif (Path(settings.STATIC_ROOT) / ".sources").exists() and prepare.is_static_stale():
        yield odd(
            "static files",
            "Some sources are newer than what was collected.",
            why="People see the styles of the last release.",
            cure="manage.py upgrade",
        )
    else:
        yield well("static files", "collected")


def translations() -> Iterator[Finding]:
    old = [
        po.parent.parent.name
        for folder in settings.LOCALE_PATHS
        for po in sorted(Path(folder).glob("*/LC_MESSAGES/*.po"))
        if not po.with_suffix(".mo").exists()
        or po.with_suffix(".mo").stat().st_mtime < po.stat().st_mtime
    ]
    if old:
        yield bad(
            "translations",
            f"Not compiled: {', '.join(old)}.",
            why="People read English, or the words of the last release.",
            cure="manage.py messages --compile",
        )
    else:
        yield well("translations", "compiled")


def uploads() -> Iterator[Finding]:
    """Whether we may write the folder, nobody else may read it, and rows have their files."""
    if settings.STORAGES["default"]["BACKEND"].endswith("FileSystemStorage"):
        folder = Path(settings.MEDIA_ROOT)
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            with tempfile.TemporaryFile(dir=folder):
                pass
        except OSError as error:
            yield bad(
                "uploads",
                f"{folder} cannot be written to: {error.strerror}.",
                why="Nobody can add a picture or a file.",
                cure=f"chown -R {_user()} {folder}",
            )
            return
        if stat.S_IMODE(folder.stat().st_mode) & stat.S_IRWXO:
            yield bad(
                "uploads",
                f"{folder} may be entered by every user of this machine.",
                why="It holds pictures and files of closed groups.",
                cure=f"chmod 0750 {folder}",
            )
            return
    elif hasattr(default_storage, "plain_address"):
        findings = list(_store())
        yield from findings
        if findings:
            return
    lost = [
        media.token
        for media in Media.objects.filter(state=Media.State.READY).order_by("-pk")[:200]
        if not default_storage.exists(
            media.stored_as("large" if media.is_image else "file") or media.folder
        )
    ]
    if lost:
        yield bad(
            "uploads",
            f"Of the newest 200 uploads {len(lost)} have no file.",
            why="People see a broken picture.",
            cure="See that MEDIA_ROOT is the folder it was before, or restore a backup.",
        )
    else:
        yield well("uploads", "can be written, and the newest are there")


def _store() -> Iterator[Finding]:
    """Whether the store takes a file, gives it back, and refuses it to everybody else."""
    probe = f"doctor/{secrets.token_urlsafe(12)}"
    try:
        default_storage.save(probe, ContentFile(b"probe"))
        with default_storage.open(probe) as file:
            whole = file.read() == b"probe"
        is_open = _answers(default_storage.plain_address(probe))
        default_storage.delete(probe)
    except OSError as error:
        yield bad(
            "uploads",
            f"{error}.",
            why="Nobody can add a picture or a file, and the present ones are not shown.",
            cure="See MEDIA_S3_ENDPOINT, MEDIA_S3_BUCKET and its keys; the key must be allowed to "
            "list, get, put and delete objects of the bucket.",
        )
        return
    if not whole:
        yield bad(
            "uploads",
            "The store gave back something else than it was given.",
            why="Pictures and files may be damaged.",
            cure="Ask who runs the store; until then unset MEDIA_S3_BUCKET.",
        )
    if is_open:
        yield bad(
            "uploads",
            "The store hands files out to everybody who knows an address.",
            why="It holds pictures and files of closed groups.",
            cure="Take public reading off the bucket: no public ACL, no policy for “*”.",
        )


class _Stays(urllib.request.HTTPRedirectHandler):
    """Where a store would send us on to is none of our business."""

    def redirect_request(self, *args: object) -> None:
        return None


def _answers(address: str) -> bool:
    ask = urllib.request.build_opener(_Stays, urllib.request.ProxyHandler({}))
    try:
        with ask.open(address, timeout=5) as answer:
            return answer.status == 200
    except (urllib.error.URLError, TimeoutError):
        return False


def _user() -> str:
    return str(os.geteuid())


def room() -> Iterator[Finding]:
    seen = set()
    for name in ("DATA_DIR", "MEDIA_ROOT", "BACKUP_DIR"):
        folder = Path(getattr(settings, name))
        while not folder.exists():
            folder = folder.parent
        device = folder.stat().st_dev
        if device in seen:
            continue
        seen.add(device)
        disk = shutil.disk_usage(folder)
        if disk.free < LITTLE_ROOM or disk.free < disk.total * 0.03:
            yield bad(
                "room",
                f"{disk.free / 1_000_000_000:.1f} GB are left where {folder} lies.",
                why="Uploads and backups are refused first; then the database stops.",
                cure="Delete what is not needed, or give the machine a larger disk.",
            )
        else:
            yield well("room", f"{disk.free / 1_000_000_000:.0f} GB free at {folder}")


def copies() -> Iterator[Finding]:
    """Whether the copy of data of a member who uses all their room can be packed."""
    folder, needed = exports.packing_folder(), exports.room_for_one()
    free = shutil.disk_usage(folder).free
    if free < needed:
        yield odd(
            "copies of data",
            f"{free / 1_000_000:.0f} MB are left in {folder}, where copies are packed; one may "
            f"need {needed / 1_000_000:.0f} MB.",
            why="Whoever has many files and takes a copy of everything gets none.",
            cure="Give MEDIA_ROOT more room and let the user of the site write there, or lower "
            "STORAGE_PER_MEMBER_MB.",
        )
    else:
        yield well("copies of data", f"can be packed in {folder}")


def backups() -> Iterator[Finding]:
    kept = shelf.kept(settings.BACKUP_DIR)
    if settings.EMBEDDED and not kept:
        return  # a trial need not be backed up
    if not settings.BACKUP_KEY:
        yield bad(
            "backups",
            "BACKUP_KEY is not set.",
            why="Without it no backup is made, and none can be opened.",
            cure="manage.py backup --new-key; set it, and keep a copy away from this machine.",
        )
    if not kept:
        yield bad(
            "backups",
            f"There is none in {settings.BACKUP_DIR}.",
            why="If this disk fails, everything people wrote is gone.",
            cure="manage.py backup, every night by a timer (docs/install.md).",
        )
        return
    age = datetime.now(UTC) - kept[0].taken_at
    if age > OLD_BACKUP:
        yield bad(
            "backups",
            f"The newest is {age.days} days and {age.seconds // 3600} hours old.",
            why="What was written since would be lost with the disk.",
            cure="See why the timer does not run: systemctl status tequio-backup.timer",
        )
    else:
        yield well("backups", f"the newest is {age.total_seconds() / 3600:.0f} hours old")
    tested = max((one.tested_at for one in kept if one.tested_at), default=None)
    if tested is None or datetime.now(UTC) - tested > LONG_UNTESTED:
        yield odd(
            "backups",
            "None of them was ever restored for a test."
            if tested is None
            else f"The last test was {(datetime.now(UTC) - tested).days} days ago.",
            why="A backup that nobody has restored is a hope.",
            cure="DATA=/tmp/drill manage.py restore FILE, on another machine or in another folder; "
            "it writes down beside the file that it worked.",
        )
    else:
        yield well("backups", f"last tested on {tested:%Y-%m-%d}")
