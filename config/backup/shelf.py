"""The folder of backups: what lies there, how old it is, whether one was ever restored for a test.

Beside each backup lies a small note in the clear (when, how large, its hash, how far the audit log
reached): nothing about a person. A restore that went well leaves a second note.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

SUFFIX = ".backup"
_NAME = re.compile(r"tequio-\d{8}T\d{6}Z\.backup")


@dataclass(frozen=True)
class Kept:
    path: Path
    note: dict[str, Any]

    @property
    def taken_at(self) -> datetime:
        return datetime.strptime(self.path.name, "tequio-%Y%m%dT%H%M%SZ.backup").replace(tzinfo=UTC)

    @property
    def tested_at(self) -> datetime | None:
        try:
            told = json.loads(_beside(self.path, ".tested").read_text())
            return datetime.fromisoformat(told["tested_at"])
        except (OSError, ValueError, KeyError):
            return None


def name_for(moment: datetime) -> str:
    return f"tequio-{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}{SUFFIX}"


def kept(folder: Path) -> list[Kept]:
    """Finished backups, newest first."""
    try:
        paths = [path for path in folder.iterdir() if _NAME.fullmatch(path.name)]
    except OSError:
        return []
    return [Kept(path, _read(path)) for path in sorted(paths, reverse=True)]


def _read(path: Path) -> dict[str, Any]:
    try:
        return json.loads(_beside(path, ".json").read_text())
    except (OSError, ValueError):
        return {}


def _beside(path: Path, suffix: str) -> Path:
    return path.with_name(path.name + suffix)


def write_note(path: Path, note: dict[str, Any]) -> None:
    _write(_beside(path, ".json"), note | {"sha256": digest(path), "bytes": path.stat().st_size})


def note_tested(path: Path, moment: datetime) -> bool:
    """Note that this backup was restored and was whole; False where nothing may be written."""
    try:
        _write(_beside(path, ".tested"), {"tested_at": moment.isoformat()})
    except OSError:
        return False
    return True


def _write(path: Path, said: dict[str, Any]) -> None:
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as out:
        json.dump(said, out)


def digest(path: Path) -> str:
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def forget_older_than(folder: Path, days: int, now: datetime) -> list[Path]:
    """Delete backups older than that, but never the newest: erased people must fade from them."""
    gone = [one.path for one in kept(folder)[1:] if now - one.taken_at > timedelta(days=days)]
    for path in gone:
        for each in (path, _beside(path, ".json"), _beside(path, ".tested")):
            each.unlink(missing_ok=True)
    return gone
