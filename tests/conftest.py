"""What every test stands on: quick settings, tasks that run at once when asked, the personas."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext

from community import prepared
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


def pytest_configure(config: pytest.Config) -> None:
    from config.celery import app

    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    # A world that a whole module looks at is one long transaction.
    options = settings.DATABASES["default"]["OPTIONS"]
    options["options"] = options["options"].replace(
        "idle_in_transaction_session_timeout=10s", "idle_in_transaction_session_timeout=300s"
    )
    app.conf.task_always_eager = True
    app.conf.task_eager_propagates = True


@pytest.fixture(autouse=True)
def _our_mail_backend(django_test_environment: None) -> None:
    """Django's test runner swaps the mail backend; ours, which writes rows, is part of the site."""
    settings.EMAIL_BACKEND = "community.mail.OutboxBackend"


@pytest.fixture(autouse=True)
def _composed_anew() -> None:
    """What a test changes of the rules holds for what it asks, and for nobody after it."""
    prepared.forget()


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
