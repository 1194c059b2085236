"""Mail leaves through rows: nothing about a mail server can be felt in a request."""

from __future__ import annotations

import smtplib
import socket
import threading
from datetime import timedelta

import pytest
from aiosmtpd.controller import Controller
from django.core import mail as django_mail
from django.core.mail import BadHeaderError, EmailMultiAlternatives, send_mail
from django.db import connection, transaction
from django.utils import timezone

from community import mail
from community.models import OutboxMail

pytestmark = pytest.mark.django_db


class Received:
    """A mail server that keeps what it is given, and refuses or fails when told to."""

    def __init__(self) -> None:
        self.messages = []
        self.refuse: dict[str, str] = {}
        self.answer = "250 OK"

    async def handle_RCPT(self, server, session, envelope, address, options):
        if address in self.refuse:
            return self.refuse[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        if self.answer.startswith("250"):
            self.messages.append(envelope)
        return self.answer


@pytest.fixture
def server(settings):
    received = Received()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    controller = Controller(received, hostname="127.0.0.1", port=port)
    controller.start()
    settings.MAIL_TRANSPORT = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST = "127.0.0.1"
    settings.EMAIL_PORT = port
    yield received
    controller.stop()


@pytest.fixture
def no_server(settings):
    settings.MAIL_TRANSPORT = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST = "127.0.0.1"
    settings.EMAIL_PORT = 1


def write(*to: str) -> None:
    send_mail("Your code", "It is 1234.", "site@example.org", to or ("ada@example.org",))


def make_due() -> None:
    OutboxMail.objects.update(next_try_at=timezone.now() - timedelta(seconds=1))


def test_sending_writes_one_row_per_recipient():
    write("ada@example.org", "ben@example.org")
    assert sorted(OutboxMail.objects.values_list("to", flat=True)) == [
        "ada@example.org",
        "ben@example.org",
    ]


def test_mail_of_a_transaction_that_fails_was_never_written():
    with transaction.atomic():
        write()
        transaction.set_rollback(True)
    assert not OutboxMail.objects.exists()


def test_a_line_break_in_a_subject_is_refused_when_written():
    with pytest.raises(BadHeaderError):
        send_mail("Hello\nBcc: all@example.org", "", None, ["ada@example.org"])
    assert not OutboxMail.objects.exists()


def test_the_worker_sends_after_the_commit(server, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        write()
    assert [envelope.rcpt_tos for envelope in server.messages] == [["ada@example.org"]]
    assert OutboxMail.objects.get().sent_at


def test_text_html_headers_and_attachments_arrive(server):
    message = EmailMultiAlternatives(
        "Meeting", "text", "s@example.org", ["a@example.org"], headers={"List-Id": "<x>"}
    )
    message.attach_alternative("<p>html</p>", "text/html")
    message.attach("m.ics", "BEGIN:VCALENDAR", "text/calendar")
    message.send()
    mail.deliver_due()
    content = server.messages[0].content.decode()
    for part in ("text/plain", "<p>html</p>", "List-Id: <x>", "m.ics", "Message-ID"):
        assert part in content


def test_a_message_keeps_its_id_over_all_tries(server):
    write()
    server.answer = "451 later"
    mail.deliver_due()
    first = OutboxMail.objects.get().headers["Message-ID"]
    server.answer = "250 OK"
    make_due()
    mail.deliver_due()
    assert f"Message-ID: {first}" in server.messages[0].content.decode()


def test_without_a_mail_server_mail_waits_longer_each_time(no_server):
    write()
    waits = []
    for _ in range(3):
        make_due()
        before = timezone.now()
        assert mail.deliver_due() == 0
        waits.append(round((OutboxMail.objects.get().next_try_at - before).total_seconds() / 60))
    assert waits == [1, 3, 9]


def test_after_eight_tries_mail_is_given_up(no_server):
    write()
    OutboxMail.objects.update(attempts=mail.ATTEMPTS - 1)
    mail.deliver_due()
    row = OutboxMail.objects.get()
    assert row.failed_at
    assert row.error
    assert not OutboxMail.objects.due().exists()


def test_a_refused_address_is_given_up_at_once_and_the_others_are_sent(server):
    server.refuse["gone@example.org"] = "550 no such person"
    write("gone@example.org", "ada@example.org")
    assert mail.deliver_due() == 1
    assert OutboxMail.objects.get(to="gone@example.org").failed_at
    assert OutboxMail.objects.get(to="ada@example.org").sent_at


def test_a_temporary_refusal_is_tried_again(server):
    server.refuse["full@example.org"] = "452 mailbox full"
    write("full@example.org")
    mail.deliver_due()
    server.refuse.clear()
    make_due()
    assert mail.deliver_due() == 1


def test_a_sender_that_dies_leaves_mail_that_becomes_due_by_itself(server):
    write()
    mail._claim()
    assert mail.deliver_due() == 0, "somebody else has it in hand"
    OutboxMail.objects.update(next_try_at=timezone.now() - mail.LEASE)
    assert mail.deliver_due() == 1


def test_in_the_trial_mail_stays_where_it_can_be_read(settings):
    settings.MAIL_TRANSPORT = ""
    write()
    assert mail.deliver_due() == 0
    assert OutboxMail.objects.waiting().count() == 1


def test_old_mail_is_forgotten():
    write("sent@example.org", "waiting@example.org")
    OutboxMail.objects.filter(to="sent@example.org").update(
        sent_at=timezone.now() - timedelta(days=4)
    )
    assert mail.forget_old() == 1
    assert OutboxMail.objects.get().to == "waiting@example.org"


@pytest.mark.django_db(transaction=True)
def test_two_workers_never_send_the_same_mail(server):
    write(*(f"p{n}@example.org" for n in range(30)))

    def work() -> None:
        try:
            mail.deliver_due()
        finally:
            connection.close()

    workers = [threading.Thread(target=work) for _ in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    got = [envelope.rcpt_tos[0] for envelope in server.messages]
    assert len(got) == len(set(got)) == 30


def test_the_outbox_is_read_in_the_trial_only(client, settings):
    write()
    pk = OutboxMail.objects.get().pk
    assert client.get("/outbox/").status_code == 404
    assert client.get(f"/outbox/{pk}/").status_code == 404
    settings.TRIAL = True
    assert "Your code" in client.get("/outbox/").content.decode()
    assert "It is 1234." in client.get(f"/outbox/{pk}/").content.decode()


def test_what_people_typed_is_shown_in_the_outbox_as_text(client, settings):
    settings.TRIAL = True
    send_mail("<script>x</script>", "<img src=x> https://example.org/", None, ["a@example.org"])
    page = client.get(f"/outbox/{OutboxMail.objects.get().pk}/").content.decode()
    assert "<script>x" not in page
    assert "<img src=x" not in page
    assert 'href="https://example.org/"' in page


def test_every_mail_function_of_django_ends_in_the_outbox():
    assert type(django_mail.get_connection()) is mail.OutboxBackend
    assert issubclass(smtplib.SMTPRecipientsRefused, smtplib.SMTPException)


def test_a_slow_server_is_given_what_fits_and_the_rest_soon_after(server, monkeypatch):
    """A task that took longer would be killed, and repeat the letter in hand each time."""
    write(*(f"{number}@example.org" for number in range(5)))
    monkeypatch.setattr(mail, "PATIENCE", 0.0)
    assert mail.deliver_due() == 1
    waiting = OutboxMail.objects.waiting()
    assert waiting.count() == 4
    assert set(waiting.values_list("attempts", flat=True)) == {0}
    assert OutboxMail.objects.due().count() == 4
    monkeypatch.undo()
    assert mail.deliver_due() == 4
    assert len(server.messages) == 5


def test_what_a_killed_worker_held_is_due_within_a_minute():
    assert mail.LEASE.total_seconds() <= 50
    write()
    mail._claim()
    assert not OutboxMail.objects.due().exists()
    OutboxMail.objects.update(next_try_at=timezone.now() - timedelta(seconds=1))
    assert OutboxMail.objects.due().exists()
