"""What must be done before the site can be served, each step only when it is needed."""

from __future__ import annotations

import contextlib
import hashlib
import os
from collections.abc import Callable, Iterator
from multiprocessing import get_context
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.migrations.executor import MigrationExecutor

from config import privileges


def everything(say: Callable[[str], None], *, demo: bool) -> None:
    compile_messages()
    with collecting_static(say):  # before the demo: what is said in its chats is drawn at once
        migrate(say)
    if demo and settings.EMBEDDED:
        fill_the_demo(say)


def migrate(say: Callable[[str], None]) -> None:
    executor = MigrationExecutor(connections[DEFAULT_DB_ALIAS])
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        say("Making the tables …")
        call_command("migrate", interactive=False, verbosity=0)


def fill_the_demo(say: Callable[[str], None]) -> None:
    """On the first run only: a community that has people is left as it is."""
    if not apps.get_model(settings.AUTH_USER_MODEL).objects.exists():
        say("Filling the demo community …")
        call_command("demo", verbosity=0)


def demo_sign_ins() -> list[str]:
    """Lines that say how to sign in, from the demo itself."""
    if not settings.TRIAL:
        return []
    from config.demo import sign_ins

    return sign_ins()


def compile_messages() -> int:
    """Every .po that is newer than its .mo, by Babel: no gettext has to be installed."""
    made = 0
    for folder in settings.LOCALE_PATHS:
        for po in sorted(Path(folder).glob("*/LC_MESSAGES/*.po")):
            mo = po.with_suffix(".mo")
            if mo.exists() and mo.stat().st_mtime >= po.stat().st_mtime:
                continue
            # Another start may do the same beside us; a checkout may belong to somebody else.
            with contextlib.suppress(PermissionError):
                _compile(po, mo)
                made += 1
    return made


def _compile(po: Path, mo: Path) -> None:
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    with open(po, "rb") as source:
        catalogue = read_po(source, locale=po.parent.parent.name)
    half = mo.with_suffix(f".{os.getpid()}.mo")
    with open(half, "wb") as target:
        write_mo(target, catalogue)
    half.replace(mo)


@contextlib.contextmanager
def collecting_static(say: Callable[[str], None]) -> Iterator[None]:
    """In a process of its own, beside what takes the database's time."""
    process = get_context("fork").Process(target=_collect_with_parent, args=(say,))
    process.start()
    yield
    process.join()
    if process.exitcode:
        raise SystemExit(process.exitcode)  # it has said why


def _collect_with_parent(say: Callable[[str], None]) -> None:
    privileges.end_with_parent()
    collect_static(say)


def collect_static(say: Callable[[str], None]) -> None:
    """collectstatic, when a source file has changed since the last time."""
    if not settings.STATIC_HASHED:
        return
    if not is_static_stale():
        return
    say("Collecting the static files …")
    call_command("collectstatic", interactive=False, verbosity=0)
    _stamp().write_text(_fingerprint_of_sources())


def is_static_stale() -> bool:
    """Whether a source has changed since the files were last collected by us."""
    return not _stamp().exists() or _stamp().read_text() != _fingerprint_of_sources()


def _stamp() -> Path:
    return Path(settings.STATIC_ROOT) / ".sources"


def _fingerprint_of_sources() -> str:
    digest = hashlib.sha256()
    for finder in get_finders():
        for name, storage in sorted(finder.list([]), key=lambda found: found[0]):
            found = Path(storage.path(name)).stat()
            digest.update(
                f"{storage.location}/{name} {found.st_size} {found.st_mtime_ns}\n".encode()
            )
    return digest.hexdigest()
