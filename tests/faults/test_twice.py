"""Every task is safe to run twice, and by two workers at once: compared with having run once."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from config import embedded
from tests.faults.stage import Stage

TRIED = 2 * 3  # devices, times that the clock stands
ONLY_SIGNS = {
    "community.tasks.heartbeat",
    "community.tasks.watch_joins",
    "community.tasks.write_erased_list",
    "community.tasks.follow_up",
    "community.tasks.make_unmade_exports",
}
"""Tasks that change no row: signs of life, files, and ringing for others."""


def test_every_task_twice_at_once_does_what_it_does_once(data: Stage, post_office, tell):
    """On two copies of the same site with work for every task, today and when it has aged."""
    post_office.well()
    was_running = data["web1"].popen is not None
    data.stop()
    try:
        with copied(data, "as_found"):
            names = data.inside("lay_out")
            with copied(data, "laid_out"):
                before = len(post_office.letters)
                once = data.inside("work", 1)
                letters_once = post_office.letters[before:]
            with copied(data, "laid_out"):
                before = len(post_office.letters)
                twice = data.inside("work", 2)
                letters_twice = post_office.letters[before:]
                whole = data.inside("whole")
    finally:
        if was_running:
            data.start()
    idle = set(names) - set(once["changed"])
    tell(
        f"{len(names)} tasks, {len(letters_once)} letters once, {len(letters_twice)} twice at once"
    )
    assert idle <= ONLY_SIGNS, "every other task had something to do"
    differing = {
        table: (row, twice["state"][table])
        for table, row in once["state"].items()
        if row != twice["state"][table]
    }
    assert differing == {}
    assert [key for key, times in Counter(letters_twice).items() if times > 1] == []
    assert Counter(to for to, _ in letters_once) == Counter(to for to, _ in letters_twice)
    # Somebody tries a device twice and is pushed to twice: that is what the task is for.
    tests = Counter(twice["pushed"]) - Counter(once["pushed"])
    assert sum(tests.values()) <= TRIED
    assert once["pushed"]
    assert whole == []


@contextmanager
def copied(stage: Stage, kept: str) -> Iterator[None]:
    """A copy of database and files takes their place, until the end of the block."""
    media, aside = stage.data / "media", stage.data / f"media.{kept}"
    name = embedded.DATABASE
    with stage.postgres.connect() as connection:
        connection.execute(f'ALTER DATABASE "{name}" RENAME TO "{kept}"')
        connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{kept}"')
    media.rename(aside)
    shutil.copytree(aside, media)
    try:
        yield
    finally:
        with stage.postgres.connect() as connection:
            connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
            connection.execute(f'ALTER DATABASE "{kept}" RENAME TO "{name}"')
        shutil.rmtree(media)
        aside.rename(media)
