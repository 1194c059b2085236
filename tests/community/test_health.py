"""What monitors are told, with parts of the site away."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import OperationalError
from django.test import Client, RequestFactory
from django.utils import timezone

from community import doorbell
from community.models import OutboxMail
from community.tasks import deliver_mail, heartbeat
from community.views import errors, health


def test_healthz_asks_nobody(client):
    """No database mark here: a query would fail this test."""
    assert client.get("/healthz").status_code == 200


@pytest.mark.django_db
def test_ready_when_everything_is_there(client):
    heartbeat()
    said = client.get("/readyz").json()
    assert said["status"] == "ready"


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


def test_any_other_mistake_is_a_500():
    try:
        raise ZeroDivisionError
    except ZeroDivisionError:
        assert errors.server_error(RequestFactory().get("/")).status_code == 500


def test_a_report_of_the_browser_is_taken_without_a_token_and_answers_nothing():
    client = Client(enforce_csrf_checks=True)
    response = client.post("/csp-report/", b"{}", content_type="application/csp-report")
    assert response.status_code == 204


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
