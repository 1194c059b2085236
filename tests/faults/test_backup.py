"""The drill: back up while people write, lose the machine, restore on an empty one, compare."""

from __future__ import annotations

import hashlib
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from config import embedded
from config.backup import database
from tests.faults.load import Load
from tests.faults.stage import Stage

# Changed by the restore itself, which says so in the audit log; what waited is not sent any more.
OF_THE_RESTORE = {"community_auditentry", "community_delivery"}


def hashes(stage: Stage) -> dict[str, str]:
    """A hash of every table's rows, in order, whatever order they lie in."""
    found = {}
    with stage.postgres.connect(embedded.DATABASE) as connection:
        for table in database.tables(connection):
            rows = connection.execute(f'SELECT t::text FROM "{table}" AS t ORDER BY t::text')
            digest = hashlib.sha256()
            for (row,) in rows:
                digest.update(row.encode() + b"\n")
            found[table] = digest.hexdigest()
    return found


def files(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file()
    }


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Stage]:
    """A machine on which there is nothing but the program."""
    folder = tmp_path / "empty"
    folder.mkdir(mode=0o700)
    with embedded.running(folder, die_with_us=True):
        stage = Stage(folder, 1)
        stage.log.mkdir(exist_ok=True)
        yield stage


def newest(stage: Stage) -> Path:
    return sorted((stage.data / "backups").glob("*.backup"))[-1]


@pytest.mark.parametrize("portable", [False, True], ids=["pg_dump", "copy"])
def test_the_machine_is_lost_and_comes_back(site: Stage, empty: Stage, portable: bool):
    secret = (site.data / "secret_key").read_text()
    site.inside("people", 3)
    with Load(site, f"before {portable}", rate=12.0) as load:
        time.sleep(3)
        words = ["backup", "--portable"] if portable else ["backup"]
        began = time.monotonic()
        site.manage(*words)
        took = time.monotonic() - began
        time.sleep(1)
    assert load.bad == [], f"a backup of {took:.1f} s was felt"
    backup = newest(site)
    assert secret.encode() not in backup.read_bytes()

    began = time.monotonic()
    empty.manage("restore", "--nobody-left", str(backup))
    assert time.monotonic() - began < 300

    # It was made while people wrote: each answer is there whole or not at all.
    kept = empty.inside("said", f"fault before {portable} ")
    written = {one.text for one in load.answers if one.method == "POST"}
    assert set(kept) <= written
    assert set(kept.values()) <= {1}
    assert empty.inside("whole") == []
    assert empty.inside("waiting")["letters"] == 0
    assert empty.inside("sign_in", "person2@riverside.example") == {"status": 302, "inside": 200}
    assert backup.with_name(backup.name + ".tested").exists()


def test_what_comes_back_is_what_was_there_row_for_row_and_byte_for_byte(
    data: Stage, empty: Stage, tmp_path: Path
):
    """Of a site at rest, so that there is one truth to compare with."""
    if data["web1"].popen is not None:
        data.stop()
    try:
        before, uploads = hashes(data), files(data.data / "media")
        data.manage("backup", "--portable", "--to", str(tmp_path / "away"))
        backup = next((tmp_path / "away").glob("*.backup"))
        empty.manage("restore", "--nobody-left", str(backup))
        after = hashes(empty)
        left_out = set(database.left_out())
        changed = {table for table in before if before[table] != after.get(table)}
        assert changed <= left_out | OF_THE_RESTORE
        assert files(empty.data / "media") == uploads
        assert uploads
        with empty.postgres.connect(embedded.DATABASE) as connection:
            for table in left_out:
                assert connection.execute(f'SELECT count(*) FROM "{table}"').fetchone() == (0,)
    finally:
        if data["web1"].popen is not None:
            data.start()


def test_a_backup_is_only_restored_to_an_empty_machine(data: Stage, tmp_path: Path):
    data.manage("backup", "--to", str(tmp_path))
    backup = next(tmp_path.glob("*.backup"))
    with pytest.raises(AssertionError, match="not empty"):
        data.manage("restore", "--nobody-left", str(backup))


def test_a_damaged_backup_changes_nothing(data: Stage, empty: Stage, tmp_path: Path):
    data.manage("backup", "--to", str(tmp_path / "away"))
    backup = next((tmp_path / "away").glob("*.backup"))
    broken = tmp_path / "broken.backup"
    shutil.copy(backup, broken)
    with open(broken, "r+b") as file:
        file.seek(broken.stat().st_size // 2)
        byte = file.read(1)
        file.seek(-1, 1)
        file.write(bytes([byte[0] ^ 1]))
    with pytest.raises(AssertionError, match="damaged"):
        empty.manage("restore", "--nobody-left", str(broken))
    with pytest.raises(AssertionError, match="cannot be opened with this BACKUP_KEY"):
        empty.manage(
            "restore", "--nobody-left", str(backup), BACKUP_KEY="another passphrase of some length"
        )
    empty.manage("restore", "--nobody-left", str(backup))


def test_whoever_was_erased_since_the_backup_stays_erased(
    data: Stage, empty: Stage, tmp_path: Path
):
    """The list of the erased outlives the machine: it is copied away, as the backups are."""
    canary = data.inside("mark", "person150@riverside.example")
    data.manage("backup", "--to", str(tmp_path))
    backup = next(tmp_path.glob("*.backup"))
    assert canary.encode() in everything_in(data)
    data.inside("erase", "person150@riverside.example")
    assert canary.encode() not in everything_in(data)
    with pytest.raises(AssertionError, match="The list of the erased"):
        empty.manage("restore", str(backup))
    shutil.copy(data.data / "erased.list", empty.data / "erased.list")
    empty.manage("restore", str(backup))
    assert canary.encode() not in everything_in(empty)


def everything_in(stage: Stage) -> bytes:
    """All rows of all tables, as text."""
    with stage.postgres.connect(embedded.DATABASE) as connection:
        return b"\n".join(
            row.encode()
            for table in database.tables(connection)
            for (row,) in connection.execute(f'SELECT t::text FROM "{table}" AS t')
        )
