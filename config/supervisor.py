"""Keeps a few forked processes running, and ends them all.

Forked, not started anew: the site is loaded once, and its children share that memory with it.
"""

from __future__ import annotations

import contextlib
import os
import select
import signal
import socket
import sys
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field

from config import privileges

PATIENCE = 15.0  # seconds a process gets to finish its work after being asked to stop
LONGEST_PAUSE = 30.0


@dataclass
class Child:
    name: str
    run: Callable[[], None]
    pid: int | None = None
    started: float = 0.0
    pause: float = 1.0
    due: float = field(default=0.0)

    def start(self) -> None:
        sys.stdout.flush()
        sys.stderr.flush()
        parent = os.getpid()
        self.started = time.monotonic()
        self.pid = os.fork()
        if self.pid == 0:
            self._live(parent)

    def _live(self, parent: int) -> None:
        code = 1
        try:
            os.setsid()  # Ctrl-C in the terminal is for the parent alone
            signal.set_wakeup_fd(-1)
            for sign in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGCHLD):
                signal.signal(sign, signal.SIG_DFL)
            privileges.end_with_parent()
            privileges.set_name(f"tequio {self.name}")
            if os.getppid() == parent:
                self.run()
                code = 0
        except SystemExit as end:
            code = end.code if isinstance(end.code, int) else 1
        except BaseException:
            traceback.print_exc()
        finally:
            with contextlib.suppress(Exception):
                sys.stdout.flush()
                sys.stderr.flush()
            os._exit(code)


class Supervisor:
    def __init__(self, children: dict[str, Callable[[], None]], say: Callable[[str], None]):
        self.children = [Child(name, run) for name, run in children.items()]
        self.say = say
        self.stopping = False
        self._read, self._write = socket.socketpair()
        for end in (self._read, self._write):
            end.setblocking(False)
        signal.set_wakeup_fd(self._write.fileno(), warn_on_full_buffer=False)
        for sign in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(sign, self._ask_to_stop)
        signal.signal(signal.SIGCHLD, lambda *_: None)

    def _ask_to_stop(self, *_) -> None:
        self.stopping = True

    def start(self) -> None:
        for child in self.children:
            child.start()

    def turn(self, seconds: float) -> None:
        """Sleep until something happens, at most so long; then start again what has ended."""
        select.select([self._read], [], [], seconds)
        with contextlib.suppress(BlockingIOError):
            self._read.recv(4096)
        self._collect()
        for child in self.children:
            if child.pid is None and not self.stopping and time.monotonic() >= child.due:
                child.start()

    def _collect(self) -> None:
        for child in self.children:
            if child.pid is None:
                continue
            pid, status = os.waitpid(child.pid, os.WNOHANG)
            if not pid:
                continue
            child.pid = None
            if self.stopping:
                continue
            if time.monotonic() - child.started > 60:
                child.pause = 1.0
            child.due = time.monotonic() + child.pause
            code = os.waitstatus_to_exitcode(status)
            how = f"was killed by signal {-code}" if code < 0 else f"ended with status {code}"
            self.say(f"{child.name} {how}; starting it again in {child.pause:.0f} s.")
            child.pause = min(child.pause * 2, LONGEST_PAUSE)

    def stop(self) -> None:
        """Ask all to end, wait, then insist. A second Ctrl-C insists at once."""
        self.stopping = False
        hard = False
        end = time.monotonic() + PATIENCE
        self._signal(signal.SIGTERM)
        collected = [child for child in self.children if child.pid is not None]
        while collected:
            select.select([self._read], [], [], 0.1)
            with contextlib.suppress(BlockingIOError):
                self._read.recv(4096)
            if (self.stopping or time.monotonic() > end) and not hard:
                hard = True
                self._signal(signal.SIGKILL)
            for child in list(collected):
                if os.waitpid(child.pid, os.WNOHANG)[0]:
                    child.pid = None
                    collected.remove(child)

    def _signal(self, sign: int) -> None:
        for child in self.children:
            if child.pid is not None:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(child.pid, sign)
