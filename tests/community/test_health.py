"""What monitors are told, with parts of the site away."""

from __future__ import annotations

import json
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.core.cache import cache
from django.db import OperationalError
from django.test import Client, RequestFactory
from django.utils import timezone

from community import doorbell, live
from community.models import OutboxMail
from community.tasks import deliver_mail, heartbeat
from community.views import errors, health


def test_healthz_asks_nobody(client):
    """No database mark here: a query would fail this test."""
    assert client.get("/healthz").status_code == 200


@pytest.mark.django_db
def test_ready_when_everything_is_there(client):
    heartbeat()
    live.leave_sign()
    said = client.get("/readyz").json()
    assert said["status"] == "ready"


@pytest.mark.django_db
def test_no_sockets_are_a_degraded_site(client, monkeypatch):
    # A site that browsers visited in other tests may still leave its sign.
    monkeypatch.setattr(live, "leave_sign", lambda: None)
    cache.delete("heartbeat:live")
    heartbeat()
    assert client.get("/readyz").json()["live"] == "unknown"
    cache.set("heartbeat:live", 0)
    assert client.get("/readyz").json() | {"outbox": ""} == {
        "status": "degraded", "database": "ok", "valkey": "ok", "worker": "ok", "live": "late",
        "outbox": "", "outbox_oldest_seconds": 0,
    }  # fmt: skip


@pytest.mark.django_db
def test_a_silent_worker_is_a_degraded_site(client):
    cache.delete(doorbell.HEARTBEAT)
    assert client.get("/readyz").json()["worker"] == "unknown"
    cache.set(doorbell.HEARTBEAT, 0)
    response = client.get("/readyz")
    assert response.status_code == 200
    assert response.json()["worker"] == "late"
    assert response.json()["status"] == "degraded"


@pytest.mark.django_db
def test_mail_that_waits_too_long_is_told(client, settings):
    settings.MAIL_TRANSPORT = "django.core.mail.backends.smtp.EmailBackend"
    OutboxMail.objects.create(
        to="a@example.org", subject="s", created_at=timezone.now() - timedelta(hours=1)
    )
    said = client.get("/readyz").json()
    assert said["outbox"] == "late"
    assert said["outbox_oldest_seconds"] >= 3600


def test_without_the_database_the_site_is_unavailable(client, monkeypatch):
    monkeypatch.setattr(health, "_database", lambda: "unavailable")
    response = client.get("/readyz")
    assert response.status_code == 503
    assert response.json()["database"] == "unavailable"


def test_a_lost_database_is_a_503_that_says_to_come_back():
    try:
        raise OperationalError("connection refused")
    except OperationalError:
        response = errors.server_error(RequestFactory().get("/"))
    assert response.status_code == 503
    assert response["Retry-After"]


def test_what_others_are_changing_for_too_long_is_a_503_too():
    for state, status in (("55P03", 503), ("40P01", 503), ("57014", 500)):
        try:
            error = OperationalError("canceling statement")
            error.__cause__ = type("Cause", (Exception,), {"sqlstate": state})()
            raise error
        except OperationalError:
            assert errors.server_error(RequestFactory().get("/")).status_code == status


def test_any_other_mistake_is_a_500():
    try:
        raise ZeroDivisionError
    except ZeroDivisionError:
        assert errors.server_error(RequestFactory().get("/")).status_code == 500


def test_a_report_of_the_browser_is_taken_without_a_token_and_answers_nothing():
    client = Client(enforce_csrf_checks=True)
    response = client.post("/csp-report/", b"{}", content_type="application/csp-report")
    assert response.status_code == 204


def test_a_report_names_neither_the_page_nor_what_stood_on_it(client, caplog):
    report = {
        "document-uri": "https://union.example.org/invitations/a-secret-token/",
        "effective-directive": "img-src",
        "blocked-uri": "https://evil.example/pixel?who=ada",
        "script-sample": "private words",
    }
    body = json.dumps({"csp-report": report})
    client.post("/csp-report/", body, content_type="application/csp-report")
    (said,) = [one.getMessage() for one in caplog.records if one.name == "community.csp"]
    assert said == "A browser refused img-src from evil.example"
    for body in (b"", b"[]", b'{"csp-report": 1}', b"\xff", b'{"csp-report": {}}'):
        client.post("/csp-report/", body, content_type="application/csp-report")
    assert "cannot be read" in caplog.records[-1].getMessage()


@pytest.fixture
def no_broker(settings):
    from config.celery import app

    before = app.conf.task_always_eager
    app.conf.task_always_eager = False
    doorbell.Doorbell._quiet_until = 0.0
    yield
    doorbell.Doorbell._quiet_until = 0.0
    app.conf.task_always_eager = before


def test_a_doorbell_without_a_broker_is_not_heard_and_harms_nobody(no_broker, monkeypatch):
    from celery.app.task import Task

    rung = []

    def refuse(self, *args, **kwargs):
        rung.append(1)
        raise ConnectionRefusedError

    monkeypatch.setattr(Task, "apply_async", refuse)
    assert deliver_mail.apply_async() is None
    assert deliver_mail.apply_async() is None
    assert len(rung) == 1, "for five seconds nobody tries again"


def test_whoever_waited_for_the_cache_does_not_wait_for_the_bell_too(no_broker, monkeypatch):
    from celery.app.task import Task

    monkeypatch.setattr(Task, "apply_async", lambda *_, **__: pytest.fail("was rung"))
    monkeypatch.setattr("community.doorbell.cache", SimpleNamespace(is_away=True))
    assert deliver_mail.apply_async() is None
