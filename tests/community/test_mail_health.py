"""The desk's page about mail, for administrators alone."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from community import mail_health
from community.models import (
    Activity,
    AuditEntry,
    Delivery,
    MailDomain,
    OutboxMail,
    StaffRole,
    Suppression,
    Untold,
)
from tests import factories
from tests.factories import make_comment, make_topic

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(community):
    return factories.make_member("Admin", staff=StaffRole.Role.ADMIN)


@pytest.fixture(autouse=True)
def _mail_leaves(settings):
    settings.MAIL_TRANSPORT = "django.core.mail.backends.smtp.EmailBackend"
    settings.STAFF_SECOND_FACTOR = False


def letters(number: int, **fields) -> None:
    OutboxMail.objects.bulk_create(
        OutboxMail(to=f"person{n}@slow.example", domain="slow.example", sender="s@e.org", **fields)
        for n in range(number)
    )


def test_late_mail_waits_at_the_desk(admin):
    letters(2)
    assert mail_health.due(admin).number == 0
    letters(3, created_at=timezone.now() - timedelta(hours=1))
    due = mail_health.due(admin)
    assert (due.number, due.late) == (3, True)


def test_the_page_says_what_waits_and_where_and_hides_whose(as_, admin):
    letters(3, created_at=timezone.now() - timedelta(hours=1))
    MailDomain.objects.create(
        domain="slow.example", refused_in_row=7, paused_until=timezone.now() + timedelta(minutes=9)
    )
    Suppression.objects.create(address="ada@example.org", why="hard")
    page = as_(admin).get("/desk/mail/").content.decode()
    assert "slow.example" in page
    assert "refused 7 times in a row" in page
    assert "a…@example.org" in page
    assert "ada@example.org" not in page
    assert "person1@" not in page


def test_what_could_not_be_told_or_pushed_is_shown_and_tried_again(as_, admin, north, ada, ben):
    make_comment(make_topic(north, by=ada), by=ben)
    activity = Activity.objects.latest("pk")
    Untold.objects.create(activity=activity, attempts=8, given_up_at=timezone.now(), error="Oh")
    Delivery.objects.create(
        activity=activity,
        member=ada,
        channel="push",
        attempts=8,
        dropped_at=timezone.now(),
        why="failed",
    )
    assert mail_health.due(admin).number == 1
    client = as_(admin)
    page = client.get("/desk/mail/").content.decode()
    assert "Notices that could not be brought" in page
    assert page.count("comments.posted") == 2
    assert ada.display_name not in page
    client.post("/desk/mail/notices/retry/")
    assert not Untold.objects.exists()
    assert Delivery.objects.due().filter(channel="push", attempts=0).count() == 1
    assert AuditEntry.objects.filter(action="notices.retried", by_id=admin.pk).exists()
    assert "Notices that could not be brought" not in client.get("/desk/mail/").content.decode()


def test_a_domain_is_tried_again_at_once(as_, admin):
    letters(2, next_try_at=timezone.now() + timedelta(hours=1))
    MailDomain.objects.create(domain="slow.example", paused_until=timezone.now() + timedelta(1))
    as_(admin).post("/desk/mail/retry/", {"domain": "slow.example"})
    assert OutboxMail.objects.due().count() == 2
    assert not MailDomain.objects.exists()
    assert AuditEntry.objects.filter(action="mail.retried").exists()


def test_an_address_is_written_to_again(as_, admin, ben):
    held = Suppression.objects.create(address=ben.email, why="hard")
    as_(ben).post(f"/desk/mail/{held.pk}/again/")
    assert Suppression.objects.exists()
    as_(admin).post(f"/desk/mail/{held.pk}/again/")
    assert not Suppression.objects.exists()
    assert AuditEntry.objects.get(action="mail.unsuppressed").person_id == ben.pk


def test_it_asks_the_same_with_2_and_with_12(as_, admin, queries):
    counts = []
    for more in (2, 10):
        for number in range(more):
            Suppression.objects.create(address=f"{more}{number}@example.org", why="hard")
            MailDomain.objects.create(domain=f"{more}{number}.example")
        client = as_(admin)
        client.get("/desk/mail/")
        with queries() as asked:
            client.get("/desk/mail/")
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 15
