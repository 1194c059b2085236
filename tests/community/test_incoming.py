"""Mail that comes in: answered in one's name, or refused in words, or nothing at all."""

from __future__ import annotations

import io
import threading
from datetime import timedelta
from email.message import EmailMessage
from types import SimpleNamespace

import pytest
from django.core.management import call_command
from django.db import connection
from django.utils import timezone
from hypothesis import given
from hypothesis import settings as how
from hypothesis import strategies as st

from community import incoming, letters_in, quotes, replies
from community.models import (
    Block,
    Comment,
    MailTrouble,
    Media,
    Member,
    Membership,
    Message,
    OutboxMail,
    ReceivedMail,
    Ring,
    Suppression,
)
from tests import factories
from tests.community.mails import BODIES, HTML

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _mail_arrives(settings):
    settings.REPLY_DOMAIN = "reply.example.org"


@pytest.fixture
def topic(ada, north, ben):
    return factories.make_topic(north, by=ada, title="The boiler")


def letter(member: Member, to: str, text: str = "I do.", **headers: str) -> EmailMessage:
    message = EmailMessage()
    message["From"] = headers.pop("From", f"{member.name} <{member.email}>")
    message["To"] = to
    message["Subject"] = headers.pop("Subject", "Re: The boiler")
    message["Message-ID"] = headers.pop("Message_ID", f"<{timezone.now().timestamp()}@example.net>")
    for name, value in headers.items():
        message[name.replace("_", "-")] = value
    message.set_content(text)
    return message


def send(message: EmailMessage | bytes, **more) -> incoming.Done:
    return incoming.receive(message if isinstance(message, bytes) else bytes(message), **more)


def answer(member: Member, item, text: str = "I do.", **headers: str) -> incoming.Done:
    return send(letter(member, replies.item_address(member, item.pk), text, **headers))


def refusal() -> str:
    return OutboxMail.objects.latest("pk").body_text


# What is somebody's own


@pytest.mark.parametrize(("name", "body", "own"), BODIES, ids=[one[0] for one in BODIES])
def test_only_what_somebody_wrote_is_theirs(name, body, own):
    assert quotes.new_words(body) == own


def test_mail_of_html_alone_is_read_as_words():
    text = quotes.new_words(quotes.text_of_html(HTML))
    assert text == "I bring the ladder & paint.\n\nBen"


@given(st.text(max_size=2000))
@how(deadline=None, max_examples=60)
def test_no_text_breaks_the_reading_of_it(text):
    quotes.new_words(text)
    quotes.text_of_html(text)


@given(st.binary(max_size=3000))
@how(deadline=None, max_examples=60)
def test_no_bytes_break_the_reading_of_a_mail(raw):
    letters_in.read(raw)
    letters_in.read(b"From: a@b.c\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n" + raw)


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"From: =?utf-8?b?////?= <a@example.org>\nTo: \xff\xfe\n\nx",
        b"From: a@example.org\nContent-Type: text/plain; charset=nonsense\n\nx",
        b"From: a@example.org\nContent-Transfer-Encoding: base64\n\n!!!!",
        b"From: a@example.org\nContent-Disposition: attachment; filename*=utf-99''%ff\n\nx",
        b"From: a@example.org\nMessage-ID: <[\n\nx",
        b"From: a@example.org, b@example.org\n\nx",
    ],
)
def test_broken_mails_are_read_all_the_same(raw):
    letters_in.read(raw)


# Posted


def test_an_answer_by_mail_stands_below_what_it_answers(ben, topic):
    done = answer(ben, topic, "I do.\n\nOn 3 Nov Tom <a@example.org> wrote:\n> Who?\n")
    comment = Comment.objects.get()
    assert done.outcome == "posted"
    assert (comment.author, comment.item_id, comment.text) == (ben, topic.pk, "I do.")


def test_an_answer_to_an_answer_is_a_reply(ada, ben, topic):
    first = factories.make_comment(topic, by=ada)
    answer(ben, first)
    assert Comment.objects.latest("pk").parent_id == first.pk


def test_an_answer_to_an_announcement_goes_to_its_author_alone(ada, ben, north):
    plan = factories.announce(north, by=ada)
    done = answer(ben, plan.announcement, "I have a question.")
    assert done.outcome == "posted"
    said = Message.objects.get()
    assert said.author == ben
    assert set(said.room.people.values_list("member", flat=True)) == {ada.pk, ben.pk}
    assert not Comment.objects.exists()


def test_a_mail_is_never_posted_twice(ben, topic):
    message = letter(ben, replies.item_address(ben, topic.pk))
    assert send(message).outcome == "posted"
    assert send(message).outcome == "dropped"
    assert Comment.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_mail_that_comes_twice_at_once_is_posted_once(ben, topic):
    raw = bytes(letter(ben, replies.item_address(ben, topic.pk)))
    gate = threading.Barrier(2)

    def work() -> None:
        gate.wait()
        try:
            incoming.receive(raw)
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(2)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert Comment.objects.count() == 1


def test_the_address_may_stand_in_any_header_the_mail_server_knows(ben, topic):
    to = replies.item_address(ben, topic.pk)
    assert send(letter(ben, "list@example.org", Delivered_To=to)).outcome == "posted"
    assert send(letter(ben, "list@example.org"), recipient=to.upper()).outcome == "posted"


def test_files_come_along_through_the_checks_of_every_upload(ben, topic):
    message = letter(ben, replies.item_address(ben, topic.pk), "See the plan.")
    message.add_attachment(b"Three steps.\n", maintype="text", subtype="plain", filename="plan.txt")
    assert send(message).outcome == "posted"
    assert Media.objects.get().item_id == Comment.objects.get().pk


def test_a_file_that_is_not_allowed_refuses_the_mail_with_its_name(ben, topic):
    message = letter(ben, replies.item_address(ben, topic.pk), "Run this.")
    message.add_attachment(
        b"MZ\x90\x00", maintype="application", subtype="octet-stream", filename="x.exe"
    )
    assert send(message).outcome == "refused"
    assert not Comment.objects.exists()
    assert "x.exe" in refusal()
    assert "Run this." in refusal(), "nobody loses what they wrote"


def test_a_logo_in_a_signature_is_no_file(ben, topic):
    message = letter(ben, replies.item_address(ben, topic.pk))
    message.make_mixed()
    message.add_attachment(
        factories.picture((8, 8)),
        maintype="image",
        subtype="png",
        cid="<logo@x>",
        disposition="inline",
    )
    assert send(message).outcome == "posted"
    assert not Media.objects.exists()


# Refused in words: the sender is known


def test_who_left_reads_that_it_is_no_longer_there_for_them(ben, topic, north):
    Membership.objects.filter(member=ben, space=north).delete()
    assert answer(ben, topic).outcome in ("refused",)
    assert not Comment.objects.exists()


def test_what_they_may_not_read_answers_like_what_does_not_exist(ben, topic, north, ada):
    hidden = factories.make_topic(north, by=ada, min_ring=Ring.CORE)
    answer(ben, hidden)
    first = refusal()
    answer(ben, SimpleNamespace(pk=999_999_999))
    assert "no longer there" in first
    assert refusal() == first


def test_a_refusal_answers_the_mail_and_is_marked_as_automatic(ben, topic):
    answer(ben, topic, "> nothing of mine\n", Message_ID="<abc@example.net>")
    sent = OutboxMail.objects.latest("pk")
    assert sent.to == ben.email
    assert sent.headers["Auto-Submitted"] == "auto-replied"
    assert sent.headers["In-Reply-To"] == "<abc@example.net>"
    assert "no words of yours" in sent.body_text


def test_refusals_are_told_a_few_times_an_hour_and_no_more(ben, topic):
    for _ in range(incoming.MOST_ANSWERS + 3):
        answer(ben, topic, "")
    assert OutboxMail.objects.filter(to=ben.email).count() == incoming.MOST_ANSWERS


def test_a_lot_of_mail_at_once_is_refused(ben, topic):
    ReceivedMail.objects.bulk_create(
        ReceivedMail(digest=str(n), member=ben, outcome="posted") for n in range(20)
    )
    assert answer(ben, topic).outcome == "refused"
    ReceivedMail.objects.update(created_at=timezone.now() - timedelta(minutes=11))
    assert answer(ben, topic).outcome == "posted"


def test_more_than_the_site_takes_is_kept_by_the_mail_server(ada, ben, topic):
    ReceivedMail.objects.bulk_create(
        ReceivedMail(digest=str(n), outcome="dropped") for n in range(50)
    )
    assert answer(ben, topic).outcome == "posted", "what strangers write holds up nobody"
    ReceivedMail.objects.bulk_create(
        ReceivedMail(digest=f"a{n}", member=ada, outcome="posted") for n in range(50)
    )
    with pytest.raises(incoming.Later):
        answer(ben, topic)


def test_what_is_too_large_is_told_so(ben, topic):
    raw = bytes(letter(ben, replies.item_address(ben, topic.pk)))
    assert send(raw, is_cut=True).outcome == "refused"
    assert "15 MB" in refusal()


def test_who_keeps_apart_reaches_nobody_by_mail(ada, ben, topic):
    Block.objects.create(member=ada, blocked=ben)
    ben.forget()
    assert answer(ben, topic).outcome == "refused"


# Nothing at all


def test_a_mail_from_another_address_is_dropped_without_a_word(ben, cleo, topic):
    to = replies.item_address(ben, topic.pk)
    for sender in (cleo.email, "evil@example.com", f"{ben.email}, evil@example.com"):
        done = send(letter(ben, to, From=sender))
        assert done.outcome == "dropped", sender
    assert not Comment.objects.exists()
    assert not OutboxMail.objects.exists()


def test_a_mail_that_its_server_did_not_prove_is_dropped(ben, topic):
    proof = "mx.example.org; spf=fail; dmarc=fail (p=none) header.from=example.org"
    assert answer(ben, topic, Authentication_Results=proof).outcome == "dropped"


def test_a_made_up_address_opens_nothing(ben, topic):
    to = replies.item_address(ben, topic.pk).replace("-i-", "-i-z")
    assert send(letter(ben, to)).outcome == "dropped"
    assert not OutboxMail.objects.exists()


def test_a_closed_account_writes_no_more(ben, topic):
    Member.objects.filter(pk=ben.pk).update(is_active=False)
    assert answer(ben, topic).outcome == "dropped"


@pytest.mark.parametrize(
    "headers",
    [
        {"Auto_Submitted": "auto-replied"},
        {"Auto_Submitted": "auto-generated; owner-email=x"},
        {"Precedence": "bulk"},
        {"Precedence": "auto_reply"},
        {"List_Id": "<x.example.org>"},
        {"X_Autoreply": "yes"},
        {"X_Loop": "tequio"},
        {"Return_Path": "<>"},
        {"Subject": "Automatic reply: The boiler"},
        {"Subject": "Respuesta automática: La caldera"},
    ],
)
def test_what_a_machine_wrote_is_dropped(ben, topic, headers):
    assert answer(ben, topic, "I am away until Monday.", **headers).outcome == "dropped"
    assert not Comment.objects.exists()
    assert not OutboxMail.objects.exists()


def test_a_person_who_says_no_machine_wrote_it_is_heard(ben, topic):
    assert answer(ben, topic, Auto_Submitted="no").outcome == "posted"


# What came back


def report(to: str, *, action: str = "failed", status: str = "5.1.1") -> bytes:
    return (
        "From: MAILER-DAEMON@mx.example.net\r\n"
        f"To: {to}\r\nMessage-ID: <{action}{status}@mx>\r\nAuto-Submitted: auto-replied\r\n"
        "Subject: Undelivered Mail Returned to Sender\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n'
        "--b\r\nContent-Type: text/plain\r\n\r\nSorry.\r\n"
        "--b\r\nContent-Type: message/delivery-status\r\n\r\n"
        "Reporting-MTA: dns; mx.example.net\r\n\r\n"
        f"Final-Recipient: rfc822; somebody@example.net\r\nAction: {action}\r\nStatus: {status}\r\n"
        f"Diagnostic-Code: smtp; 550 {status} <somebody@example.net> no\r\n\r\n"
        "--b\r\nContent-Type: message/rfc822\r\n\r\nSubject: x\r\n\r\nx\r\n--b--\r\n"
    ).encode()


def bounce_to(member: Member) -> str:
    return replies.bounce_address(OutboxMail(to=member.email))


def test_a_mailbox_that_is_not_there_gets_no_more(ben):
    assert send(report(bounce_to(ben))).outcome == "returned"
    assert Suppression.objects.get().address == ben.email
    assert "@" not in MailTrouble.objects.get().detail


def test_trouble_for_now_is_noted_and_nothing_more(ben):
    send(report(bounce_to(ben), status="5.2.2"))
    assert MailTrouble.objects.get().kind == "soft"
    assert not Suppression.objects.exists()


def test_that_it_takes_longer_is_no_trouble(ben):
    assert send(report(bounce_to(ben), action="delayed", status="4.4.1")).outcome == "returned"
    assert not MailTrouble.objects.exists()


def test_nobody_silences_another_by_a_made_up_report(ben):
    to = bounce_to(ben)
    for wrong in (
        "site@example.org",
        to.replace("bounce+m-", "bounce+m-1"),
        to[:-22] + "aaaa" + to[-18:],
    ):
        send(report(wrong))
    assert not Suppression.objects.exists()
    assert not MailTrouble.objects.exists()


def test_a_complaint_ends_all_but_what_is_needed_at_once(ben):
    raw = (
        "From: complaints@example.net\r\nTo: abuse@example.org\r\nMessage-ID: <arf@x>\r\n"
        "MIME-Version: 1.0\r\n"
        'Content-Type: multipart/report; report-type=feedback-report; boundary="b"\r\n\r\n'
        "--b\r\nContent-Type: text/plain\r\n\r\nAn abuse report.\r\n"
        "--b\r\nContent-Type: message/feedback-report\r\n\r\n"
        "Feedback-Type: abuse\r\nUser-Agent: X/1\r\nVersion: 1\r\n"
        f"Original-Mail-From: <{bounce_to(ben)}>\r\n\r\n"
        "--b\r\nContent-Type: message/rfc822\r\n\r\nSubject: x\r\n\r\nx\r\n--b--\r\n"
    ).encode()
    assert send(raw).outcome == "returned"
    held = Suppression.objects.get()
    assert (held.address, held.why) == (ben.email, "complaint")


# The pipe


def pipe(raw: bytes, monkeypatch, *args: str) -> tuple[str, int]:
    out = io.StringIO()
    monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=io.BytesIO(raw)))
    try:
        call_command("receive_mail", *args, stdout=out, stderr=out)
    except SystemExit as end:
        return out.getvalue().strip(), end.code
    return out.getvalue().strip(), 0


def test_a_mail_server_hands_over_by_a_pipe(ben, topic, monkeypatch):
    raw = bytes(letter(ben, replies.item_address(ben, topic.pk)))
    assert pipe(raw, monkeypatch) == ("posted", 0)


def test_what_is_larger_than_allowed_is_read_to_its_end_and_refused(
    ben, topic, monkeypatch, settings
):
    settings.MAIL_IN_MB = 1
    raw = bytes(letter(ben, replies.item_address(ben, topic.pk), "x" * 3_000_000))
    assert pipe(raw, monkeypatch) == ("refused", 0)


def test_while_something_is_away_the_mail_server_keeps_the_mail(ben, topic, monkeypatch):
    from django.db import OperationalError

    def away(*args, **kwargs):
        raise OperationalError

    monkeypatch.setattr(incoming, "receive", away)
    assert pipe(b"x", monkeypatch)[1] == 75


def test_a_site_without_a_reply_domain_takes_no_mail(monkeypatch, settings):
    settings.REPLY_DOMAIN = ""
    assert pipe(b"x", monkeypatch)[1] == 75
