"""`manage.py up`: servers, tables, demo, web, worker and clock, from one command to one Ctrl-C."""

from __future__ import annotations

import contextlib
import errno
import gc
import http.client
import os
import signal
import socket
import sys
import time
import warnings
from collections.abc import Callable

from django.conf import settings
from django.db import OperationalError, connections

from config import embedded, environment, prepare
from config.supervisor import Child, Supervisor

READY_SECONDS = 60.0


def say(text: str) -> None:
    print(text, flush=True)


def run(*, host: str, port: int, demo: bool = True, real: bool = False) -> None:
    """Runs until told to stop. Raises CannotStart with one sentence if it cannot start."""
    began = time.monotonic()
    signal.signal(signal.SIGTERM, _interrupt)
    signal.signal(signal.SIGHUP, _interrupt)
    listener = _listen(host, port)
    with contextlib.ExitStack() as stack:
        stack.callback(listener.close)
        servers = stack.enter_context(embedded.own_servers(die_with_us=True))
        sign_ins = _prepare_apart(demo)
        supervisor = Supervisor(_processes(listener, stack, host, real), say)
        try:
            _load_the_site()
            supervisor.start()
            _wait_until_served(supervisor, host, port)
            if not supervisor.stopping:
                _welcome(host, port, time.monotonic() - began, sign_ins)
            while not supervisor.stopping:
                supervisor.turn(2.0)
                for server in servers:
                    _mend(server)
        finally:
            say("Stopping …")
            supervisor.stop()
    say("Stopped.")


def _interrupt(*_) -> None:
    raise KeyboardInterrupt


def _prepare_apart(demo: bool) -> list[str]:
    """Tables, demo, statics in a process of its own, whose memory is given back when it ends."""
    receive, send = os.pipe()

    def work() -> None:
        os.close(receive)
        try:
            prepare.everything(say, demo=demo)
        except OperationalError as error:
            if "connect" not in str(error):
                raise
            raise SystemExit(_regret(embedded.no_connection(error))) from None
        except embedded.CannotStart as refusal:
            raise SystemExit(_regret(str(refusal))) from None
        with open(send, "w") as answer:
            answer.write("\n".join(prepare.demo_sign_ins()))

    child = Child("prepare", work)
    child.start()
    os.close(send)
    try:
        with open(receive) as answer:
            sign_ins = answer.read().splitlines()
    except KeyboardInterrupt:  # it ends before the servers do; all it writes is one transaction
        os.kill(child.pid, signal.SIGKILL)
        os.waitpid(child.pid, 0)
        raise
    status = os.waitstatus_to_exitcode(os.waitpid(child.pid, 0)[1])
    if status:
        raise SystemExit(1)  # the child has said why
    return sign_ins


def _regret(sentence: str) -> int:
    print(sentence, file=sys.stderr, flush=True)
    return 1


def _listen(host: str, port: int) -> socket.socket:
    """Bound here and inherited by the web process: a restart of it refuses nobody."""
    listener = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except PermissionError:
        listener.close()
        raise embedded.CannotStart(
            f"Only root may use port {port}. Choose one above 1023: make up PORT=8000"
        ) from None
    except (OSError, OverflowError) as error:
        listener.close()
        if isinstance(error, OverflowError) or not 0 < port < 65536:
            raise embedded.CannotStart(
                f"There is no port {port}. Choose one below 65536: make up PORT=8000"
            ) from None
        if error.errno == errno.EADDRINUSE:
            raise embedded.CannotStart(
                f"Port {port} is in use by another program. Choose another: make up PORT={port + 1}"
            ) from None
        raise embedded.CannotStart(
            f"{host} is not an address of this machine ({error.strerror}). Leave HOST out."
        ) from None
    listener.listen(128)
    return listener


def _load_the_site() -> None:
    """Import once what every child needs, and let them share it."""
    from importlib import import_module

    for module in (
        "config.urls",
        "config.asgi",
        "config.sockets",
        "uvicorn.protocols.http.auto",
        "uvicorn.protocols.websockets.auto",
        "uvicorn.loops.auto",
        "celery.apps.worker",
        "celery.beat",
        "celery.concurrency.thread",
        "celery.worker.consumer",
        "kombu.transport.redis",
        "psycopg_pool",
    ):
        import_module(module)
    import_module("django.urls").get_resolver().url_patterns  # noqa: B018
    app = import_module("config.celery").app
    app.loader.import_default_modules()
    app.finalize()
    gc.collect()
    gc.freeze()


# --- The processes: those of the Procfile; the trial joins web with live, and worker with beat ----


def _processes(
    listener: socket.socket, stack: contextlib.ExitStack, host: str, real: bool
) -> dict[str, Callable[[], None]]:
    if not real:
        return {"web": lambda: _live(listener), "worker": lambda: _small_worker(listener)}
    sockets = _listen(host, int(os.environ.get("LIVE_PORT") or 8001))
    stack.callback(sockets.close)
    found = {
        "web": lambda: _web(listener),
        "live": lambda: _live(sockets),
        "worker": _worker,
        "beat": _beat,
    }
    return found | {"metrics": _metrics} if settings.METRICS_PORT else found


def _set_database(**limits: str) -> None:
    """Each kind of process has its own limits; nothing is connected yet."""
    os.environ.update(limits)
    new = environment.Environment(settings.BASE_DIR).database()
    connections.settings["default"].update(
        {"OPTIONS": new["OPTIONS"], "CONN_MAX_AGE": new["CONN_MAX_AGE"]}
    )
    with contextlib.suppress(AttributeError):
        del connections["default"]


def _web(listener: socket.socket) -> None:
    from gunicorn.app.base import BaseApplication

    from config import gunicorn

    class Pages(BaseApplication):
        def load_config(self) -> None:
            for name, value in vars(gunicorn).items():
                if name in self.cfg.settings:
                    self.cfg.set(name, value)
            self.cfg.set("bind", f"fd://{listener.fileno()}")
            self.cfg.set("loglevel", "warning")

        def load(self):
            from config.wsgi import application

            return application

    _set_database(STATEMENT_TIMEOUT="5s", DB_POOL=os.environ.get("DB_POOL", "1"))
    Pages().run()


def _live(listener: socket.socket) -> None:
    _set_database(STATEMENT_TIMEOUT="5s", DB_POOL=os.environ.get("DB_POOL", "8"))
    from config import sockets

    sockets.serve(listener)


def _small_worker(listener: socket.socket) -> None:
    """Worker and beat in one process: a thread is enough for a clock that ticks every ten seconds.

    Threads, not processes: the trial has little memory and few tasks. A real worker forks, and
    can end a task that hangs.
    """
    from celery.beat import EmbeddedService, Scheduler

    from config.celery import app

    listener.close()
    _set_database(STATEMENT_TIMEOUT="60s", DB_POOL="0", CONN_MAX_AGE="60")
    warnings.filterwarnings("ignore", message="You're running the worker with superuser")
    worker = app.Worker(
        pool="threads",
        concurrency=2,
        loglevel="WARNING",
        quiet=True,
        without_gossip=True,
        without_mingle=True,
        without_heartbeat=True,
        hostname=f"trial@{socket.gethostname()}",
    )
    EmbeddedService(app, scheduler_cls=Scheduler, thread=True).start()
    worker.start()
    raise SystemExit(worker.exitcode or 0)


def _worker() -> None:
    from config.celery import app

    _set_database(STATEMENT_TIMEOUT="60s", DB_POOL="0", CONN_MAX_AGE="60")
    warnings.filterwarnings("ignore", message="You're running the worker with superuser")
    worker = app.Worker(
        pool="prefork",
        concurrency=int(os.environ.get("WORKERS") or 2),
        max_memory_per_child=300_000,
        loglevel="WARNING",
        quiet=True,
        without_gossip=True,
        without_mingle=True,
    )
    worker.start()
    raise SystemExit(worker.exitcode or 0)


def _beat() -> None:
    from celery.apps.beat import Beat
    from celery.beat import Scheduler

    from config.celery import app

    Beat(app=app, loglevel="WARNING", quiet=True, scheduler_cls=Scheduler).run()


def _metrics() -> None:
    _set_database(STATEMENT_TIMEOUT="5s", DB_POOL="0", CONN_MAX_AGE="0")
    from config import metrics

    metrics.serve(os.environ.get("METRICS_HOST") or "127.0.0.1", settings.METRICS_PORT)


# --- Ready, and staying so -----------------------------------------------------------------------


def _wait_until_served(supervisor: Supervisor, host: str, port: int) -> None:
    end = time.monotonic() + READY_SECONDS
    while not supervisor.stopping:
        with contextlib.suppress(OSError, http.client.HTTPException):
            connection = http.client.HTTPConnection(_reachable(host), port, timeout=5)
            connection.request("GET", "/healthz", headers={"Host": "localhost"})
            if connection.getresponse().status == 200:
                return
        supervisor.turn(0.05)
        web = supervisor.children[0]
        if web.pid is None or time.monotonic() > end:
            raise embedded.CannotStart(
                "The web process does not start; what it said last stands above."
            )


def _reachable(host: str) -> str:
    return {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)


def _welcome(host: str, port: int, seconds: float, sign_ins: list[str]) -> None:
    shown = "localhost" if host in ("127.0.0.1", "0.0.0.0", "::", "::1") else host
    say(f"\nTequio is ready after {seconds:.1f} s:  http://{shown}:{port}/\n")
    for line in sign_ins:
        say(f"  {line}")
    if settings.TRIAL:
        say(f"\n  Mail it sends is read at   http://{shown}:{port}/outbox/")
        say(f"  Everything is kept in      {settings.DATA_DIR}")
        say("  For trying out, not for real people: docs/running.md says how to run it for real.")
        if host not in ("127.0.0.1", "::1", "localhost"):
            say("  WARNING: others can reach this address, and read all its mail on /outbox/.")
    say("\nCtrl-C stops it.")


def _mend(server) -> None:
    """Start an embedded server again that went away under us, or stop with its sentence."""
    if server.pid() is not None:
        return
    say(f"{server.name} went away; starting it again.")
    server.start(die_with_us=True)


def main(*, host: str, port: int, demo: bool, real: bool) -> int:
    """Exit status of `manage.py up`; what went wrong is one sentence on stderr."""
    try:
        run(host=host, port=port, demo=demo, real=real)
    except embedded.CannotStart as refusal:
        return _regret(str(refusal))
    except KeyboardInterrupt:
        say("Stopped.")
        return 130
    return 0
