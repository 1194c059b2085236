"""Knows who left or was erased, without knowing who they were: a list that outlives a restore.

A backup is older than the latest goodbyes. What is written here lies in the database and, beside
it, in the file ``ERASED_LIST``, which a restore does not touch: one line each,

    <mark> <what became of them> <when>

where the mark is a hash of the row's number and the moment it was made. It says nothing to anybody
who does not hold that very row.
"""

from __future__ import annotations

import hashlib
import logging
import os
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from community.models import Erased, Member

log = logging.getLogger(__name__)

ERASED = "erased"
LEFT = "left"


def mark(pk: int, joined_at: datetime) -> str:
    return hashlib.sha256(f"{pk}:{joined_at.timestamp():.6f}".encode()).hexdigest()


def note(member: Member, what: str) -> None:
    """Write down what became of a member, in the running transaction; the file follows.

    To be called while the row still says when it was made.
    """
    from community.tasks import write_erased_list

    Erased.objects.update_or_create(
        mark=mark(member.pk, member.joined_at), defaults={"what": what, "at": timezone.now()}
    )
    write_erased_list.delay_on_commit()


def write_list() -> int:
    """Add to the file what it does not say yet; how many lines."""
    path = Path(settings.ERASED_LIST)
    said = _said(path)
    lines = [
        f"{row.mark} {row.what} {row.at.isoformat()}\n"
        for row in Erased.objects.order_by("pk").iterator()
        if said.get(row.mark, ("", None))[0] != row.what
    ]
    if not lines:
        return 0
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600), "a") as file:
        file.writelines(lines)
        file.flush()
        os.fsync(file.fileno())
    return len(lines)


def read_list() -> int:
    """Take into the database what only the file says, after a restore; how many."""
    said = _said(Path(settings.ERASED_LIST))
    known = dict(Erased.objects.values_list("mark", "what"))
    done = 0
    for found, (what, at) in said.items():
        if known.get(found) not in (what, ERASED):  # an older copy of the list unsays nothing
            moment = at or timezone.now()
            Erased.objects.update_or_create(mark=found, defaults={"what": what, "at": moment})
            done += 1
    return done


def _said(path: Path) -> dict[str, tuple[str, datetime | None]]:
    """Mark → the last word on it, and when. A torn line at the end says nothing."""
    said: dict[str, tuple[str, datetime | None]] = {}
    try:
        text = path.read_text()
    except FileNotFoundError:
        return said
    for line in text.splitlines():
        parts = line.split()
        if len(parts) == 3 and len(parts[0]) == 64:
            said[parts[0]] = (parts[1], parse_datetime(parts[2]))
    return said


def risen() -> Iterator[tuple[Member, str]]:
    """Members who are here although the list says that they left or were erased."""
    marks = dict(Erased.objects.values_list("mark", "what"))
    if not marks:
        return
    rows = Member.objects.order_by("pk").only("pk", "joined_at")
    for member in rows.iterator(chunk_size=2000):
        what = marks.get(mark(member.pk, member.joined_at))
        if what is not None:
            yield Member.objects.get(pk=member.pk), what
