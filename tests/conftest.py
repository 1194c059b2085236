"""What every test stands on: quick settings, tasks that run at once when asked, the personas."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from community import lockdown, prepared
from config import prepare
from tests.personas import (  # noqa: F401  fixtures
    ada,
    as_,
    ben,
    cleo,
    community,
    fay,
    guest,
    mo,
    north,
    root_steward,
    ruth,
)


class NamesFailures:
    """Names what failed when it fails: a whole run takes half an hour."""

    def __init__(self, config: pytest.Config) -> None:
        self.config = config

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            terminal = self.config.pluginmanager.get_plugin("terminalreporter")
            terminal.write_line(f"\nFAILED at {report.when}: {report.nodeid}", red=True)


def pytest_configure(config: pytest.Config) -> None:
    from config.celery import app

    if not hasattr(config, "workerinput"):
        prepare.compile_messages()  # a fresh clone speaks no Spanish yet
        config.pluginmanager.register(NamesFailures(config))
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    # So that a signed-in moderator moderates; tests/community/test_second_factor.py asks for it.
    settings.STAFF_SECOND_FACTOR = False
    # A world that a whole module looks at is one long transaction.
    options = settings.DATABASES["default"]["OPTIONS"]
    options["options"] = options["options"].replace(
        "idle_in_transaction_session_timeout=10s", "idle_in_transaction_session_timeout=300s"
    )
    app.conf.task_always_eager = True
    app.conf.task_eager_propagates = True


def pytest_collection_finish() -> None:
    """What was imported stays, so the collector need not look through it again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    """Tests that commit clean up by emptying every table, which the audit log refuses."""
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute("ALTER TABLE community_auditentry DISABLE TRIGGER audit_is_never_emptied")


@pytest.fixture(autouse=True)
def _our_mail_backend(django_test_environment: None) -> None:
    """Django's test runner swaps the mail backend; ours, which writes rows, is part of the site."""
    settings.EMAIL_BACKEND = "community.mail.OutboxBackend"


class Patch(pytest.MonkeyPatch):
    """What a test changes of the rules holds for what it asks, and for nobody after it: questions
    are composed anew. All other tests share them; composing is most of what a page costs once."""

    changed = False

    def _forget(self) -> None:
        self.changed = True
        prepared.forget()

    def setattr(self, *args: Any, **options: Any) -> None:
        super().setattr(*args, **options)
        self._forget()

    def delattr(self, *args: Any, **options: Any) -> None:
        super().delattr(*args, **options)
        self._forget()

    def setitem(self, *args: Any) -> None:
        super().setitem(*args)
        self._forget()

    def delitem(self, *args: Any, **options: Any) -> None:
        super().delitem(*args, **options)
        self._forget()

    def undo(self) -> None:
        super().undo()
        if self.changed:
            prepared.forget()


@pytest.fixture(name="monkeypatch")
def _forgetting_patch() -> Iterator[pytest.MonkeyPatch]:
    patch = Patch()
    yield patch
    patch.undo()


@pytest.fixture(name="settings")
def _changing_settings(settings: Any) -> Iterator[Any]:
    prepared.forget()
    yield settings
    prepared.forget()


@pytest.fixture(autouse=True)
def _doors_open() -> None:
    lockdown.forget()


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    """A page asked for in another language leaves none of it to the next test."""
    with translation.override("en"):
        yield


@pytest.fixture(autouse=True)
def _guests_search_at_will() -> Iterator[None]:
    """All tests come from one address: together they would ask too often."""
    from community.views import search

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(search, "GUESTS", "")
        yield


@pytest.fixture
def committed(django_capture_on_commit_callbacks: Callable) -> Callable[[], AbstractContextManager]:
    """``with committed(): …`` runs what was meant for after the commit, tasks included."""

    def run() -> AbstractContextManager:
        return django_capture_on_commit_callbacks(execute=True)

    return run


@pytest.fixture
def queries() -> Callable[[], AbstractContextManager[CaptureQueriesContext]]:
    """``with queries() as asked: …`` and then ``len(asked)``."""

    @contextmanager
    def capture() -> Iterator[CaptureQueriesContext]:
        with CaptureQueriesContext(connection) as asked:
            yield asked

    return capture
