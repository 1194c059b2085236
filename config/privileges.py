"""What a child process may do, and when it must end: the parts that only the kernel can promise.

PostgreSQL refuses to run as root. When the site is started by root, it runs as an unprivileged
user that keeps one single capability, to pass through folders, so that DATA can stay closed to
everybody (0700) wherever it lies, and no user has to be made on the machine.
"""

from __future__ import annotations

import ctypes
import os
import signal
import struct
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

_PR_SET_PDEATHSIG = 1
_PR_SET_NAME = 15
_PR_SET_KEEPCAPS = 8
_PR_CAP_AMBIENT = 47
_PR_CAP_AMBIENT_RAISE = 2
_DAC_OVERRIDE = 1
_DAC_READ_SEARCH = 2
_CAPABILITY_VERSION_3 = 0x20080522


class User(NamedTuple):
    uid: int
    gid: int


def _libc():
    return ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


def is_alive(pid: int) -> bool:
    """True for a process that runs; a zombie that nobody has collected has ended."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return not Path("/proc/self").exists()


def end_with_parent(sign: int = signal.SIGTERM) -> None:
    """Ask the kernel to signal this process when the thread that made it ends (Linux)."""
    libc = _libc()
    if libc is not None:
        libc.prctl(_PR_SET_PDEATHSIG, int(sign), 0, 0, 0)


def set_name(name: str) -> None:
    """What `ps -o comm` and `top` call this process (Linux; 15 characters)."""
    libc = _libc()
    if libc is not None:
        libc.prctl(_PR_SET_NAME, name.encode()[:15], 0, 0, 0)


def before_exec(user: User | None, *, die_with_us: bool) -> Callable[[], None] | None:
    """A preexec_fn: become the user, keep the capability to pass through folders."""
    if user is None and not die_with_us:
        return None
    libc = _libc()

    def prepare() -> None:
        os.umask(0o077)
        if user is not None:
            _become(libc, user)
        if die_with_us and libc is not None:
            libc.prctl(_PR_SET_PDEATHSIG, int(signal.SIGINT if user else signal.SIGTERM), 0, 0, 0)

    return prepare


def _become(libc, user: User) -> None:
    """Drop to the user; the capability is kept where the kernel allows it, silently not else."""
    if libc is not None:
        libc.prctl(_PR_SET_KEEPCAPS, 1, 0, 0, 0)
    os.setgroups([])
    os.setresgid(user.gid, user.gid, user.gid)
    os.setresuid(user.uid, user.uid, user.uid)
    if libc is None:
        return
    for capability in (_DAC_READ_SEARCH, _DAC_OVERRIDE):
        header = struct.pack("Ii", _CAPABILITY_VERSION_3, 0)
        bits = 1 << capability
        data = struct.pack("6I", bits, bits, bits, 0, 0, 0)
        if libc.capset(header, data) == 0:
            libc.prctl(_PR_CAP_AMBIENT, _PR_CAP_AMBIENT_RAISE, capability, 0, 0)
            return


def may_pass(user: User, *paths: Path) -> bool:
    """Whether that user, with the capability if it can be had, reaches every one of the paths."""
    libc = _libc()
    pid = os.fork()
    if pid == 0:
        try:
            _become(libc, user)
            for path in paths:
                os.stat(path / "." if path.is_dir() else path)
                if path.is_file() and not os.access(path, os.X_OK):
                    os._exit(1)
            os._exit(0)
        except BaseException:
            os._exit(1)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0
