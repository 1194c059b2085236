"""The site's own servers: private, shared, put away, and plain about what is wrong."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from config import embedded
from config.embedded import CannotStart, Postgres, Valkey, make_private, running

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")
as_somebody = pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "data"


def pids(data: Path) -> list[int | None]:
    return [Postgres(data).pid(), Valkey(data).pid()]


def test_servers_start_answer_and_leave_nothing_behind(folder):
    with running(folder):
        started = pids(folder)
        assert all(started)
        with Postgres(folder).connect("tequio") as connection:
            assert connection.execute("select 1").fetchone() == (1,)
        assert Valkey(folder).answers()
    assert pids(folder) == [None, None]
    assert not any(Path(f"/proc/{pid}").exists() for pid in started)


@pytest.mark.parametrize("which", ["database", "valkey"])
def test_one_of_them_comes_alone_where_the_other_is_elsewhere(folder, which):
    with running(folder, database=which == "database", valkey=which == "valkey"):
        postgres, valkey = pids(folder)
        assert bool(postgres) == (which == "database")
        assert bool(valkey) == (which == "valkey")
        with running(folder):  # another command uses both: the last to leave stops both
            assert all(pids(folder))
    assert pids(folder) == [None, None]


def test_nobody_else_may_enter_the_data(folder):
    folder.mkdir(mode=0o755)
    with running(folder):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        for inner in ("postgres", "valkey", "run", "log"):
            assert stat.S_IMODE((folder / inner).stat().st_mode) == 0o700
        assert stat.S_IMODE(Postgres(folder).socket_folder.stat().st_mode) == 0o700


@as_root
def test_started_by_root_postgresql_runs_as_somebody_else(folder):
    with running(folder):
        status = Path(f"/proc/{Postgres(folder).pid()}/status").read_text()
        assert "\nUid:\t0\t" not in status


def test_the_last_one_to_leave_puts_the_servers_away(folder):
    with running(folder):
        first = pids(folder)
        with running(folder):
            assert pids(folder) == first
        assert pids(folder) == first
    assert pids(folder) == [None, None]


def test_two_that_start_at_once_share_one_pair_of_servers(folder):
    seen, meet = [], threading.Barrier(2, timeout=60)

    def use() -> None:
        with running(folder):
            meet.wait()
            seen.append(tuple(pids(folder)))
            meet.wait()

    both = [threading.Thread(target=use) for _ in range(2)]
    for one in both:
        one.start()
    for one in both:
        one.join()
    assert len(seen) == 2
    assert len(set(seen)) == 1
    assert pids(folder) == [None, None]


def test_two_folders_are_two_sites(tmp_path):
    with running(tmp_path / "a"), running(tmp_path / "b"):
        assert not set(pids(tmp_path / "a")) & set(pids(tmp_path / "b"))


def test_what_was_written_survives_a_power_cut_of_the_processes(folder):
    with running(folder):
        with Postgres(folder).connect("tequio") as connection:
            connection.execute("create table kept (n int)")
        for pid in pids(folder):
            os.kill(pid, 9)
    with running(folder), Postgres(folder).connect("tequio") as connection:
        assert connection.execute("select count(*) from kept").fetchone() == (0,)


def test_a_path_too_long_for_a_socket_works(tmp_path):
    folder = tmp_path / ("long" * 25) / "data"
    with running(folder):
        assert Postgres(folder).answers()
        assert len(str(Valkey(folder).socket)) < 100


def test_a_folder_of_another_version_is_refused_in_one_sentence(folder):
    with running(folder):
        pass
    version = folder / "postgres" / "PG_VERSION"
    version.write_text("16\n")
    with pytest.raises(CannotStart, match=r"made by PostgreSQL 16.* brings PostgreSQL 18"):
        running(folder).__enter__()
    assert pids(folder) == [None, None]


def test_a_folder_with_other_things_in_it_is_left_alone(folder):
    folder.mkdir(mode=0o755)
    (folder / "letters.txt").write_text("mine")
    with pytest.raises(CannotStart, match="holds other files"):
        make_private(folder)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o755


def test_a_file_in_the_place_of_the_folder_is_told(folder):
    folder.write_text("")
    with pytest.raises(CannotStart, match="is not a folder"):
        make_private(folder)


@as_somebody
def test_an_unwritable_folder_is_told(folder):
    folder.mkdir(mode=0o500)
    with pytest.raises(CannotStart, match="cannot be written to"):
        make_private(folder)


def manage(*words: str, **environment: str) -> subprocess.CompletedProcess:
    clean = {
        name: value
        for name, value in os.environ.items()
        if name not in {"DATABASE_URL", "REDIS_URL", "DJANGO_SETTINGS_MODULE"}
    }
    return subprocess.run(
        [sys.executable, "manage.py", *words],
        cwd=Path(embedded.__file__).parent.parent,
        env=clean | environment,
        capture_output=True,
        text=True,
        timeout=120,
    )


def test_a_command_brings_its_servers_along(folder):
    done = manage("dbshell", "--", "-c", "select 40+2", DATA=str(folder), **_psql(folder))
    assert "42" in done.stdout, done.stderr
    assert pids(folder) == [None, None]


def _psql(folder: Path) -> dict[str, str]:
    return {"PATH": f"{Postgres(folder).programs}:{os.environ['PATH']}"}


@pytest.mark.parametrize(
    ("environment", "sentence"),
    [
        ({"DATABASE_URL": "postgres://x@127.0.0.1:1/x"}, "REDIS_URL is not set"),
        ({"DATABASE_URL": "sqlite:///x"}, "must name a PostgreSQL database"),
        ({"HTTPS": "perhaps"}, "HTTPS must be 1 or 0"),
        ({"TRUSTED_PROXIES": "many"}, "TRUSTED_PROXIES must be a whole number"),
    ],
)
def test_a_setting_that_cannot_be_read_stops_the_start_in_one_sentence(
    folder, environment, sentence
):
    if "sqlite" in environment.get("DATABASE_URL", ""):
        environment = environment | {"SECRET_KEY": "x", "REDIS_URL": "redis://127.0.0.1:1"}
    if "postgres" in environment.get("DATABASE_URL", ""):
        environment = environment | {"SECRET_KEY": "x"}
    done = manage("showmigrations", DATA=str(folder), **environment)
    assert done.returncode == 1
    assert sentence in done.stderr
    assert "Traceback" not in done.stderr


def test_a_database_that_is_away_is_told_in_one_sentence(folder):
    done = manage(
        "showmigrations",
        DATA=str(folder),
        DATABASE_URL="postgres://x@127.0.0.1:1/x",
        REDIS_URL="redis://127.0.0.1:1",
        SECRET_KEY="x",
    )
    assert done.returncode == 1
    assert "cannot be reached" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_trial_with_its_database_elsewhere_brings_valkey_along(folder):
    done = manage(
        "shell",
        "-v0",
        "-c",
        "from django.core.cache import cache; cache.set('word', 'kept'); "
        "print(cache.get('word'), cache.is_away)",
        DATA=str(folder),
        DATABASE_URL="postgres://x@127.0.0.1:1/x",
        TRIAL="1",
        SECRET_KEY="x",
    )
    assert "kept False" in done.stdout, done.stderr
    assert (folder / "valkey").is_dir()
    assert not (folder / "postgres" / "PG_VERSION").exists()
    assert pids(folder) == [None, None]
