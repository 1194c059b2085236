"""How mail travels: threads, answers, pace, and addresses that take none."""

from __future__ import annotations

import smtplib
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from community import mail, pace, replies, suppression
from community.models import (
    MailDomain,
    MailTrouble,
    Member,
    NoticeSettings,
    OutboxMail,
    Suppression,
    Urgency,
)
from tests import factories
from tests.community.test_mail import make_due, server  # noqa: F401  a fixture

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada(settings) -> Member:
    settings.REPLY_DOMAIN = "reply.example.org"
    settings.DEFAULT_FROM_EMAIL = "Riverside <site@example.org>"
    factories.make_community()
    return factories.make_member("Ada Rivera")


def write(member: Member, **travel) -> OutboxMail:
    mail.send(
        "welcomes.hello",
        to=member.email,
        letter=mail.Letter(**travel),
        actor=member,
        text="Hello",
    )
    return OutboxMail.objects.latest("pk")


def bulk(*to: str, urgency: int = Urgency.BULK) -> None:
    OutboxMail.objects.bulk_create(
        OutboxMail(to=one, domain=pace.domain_of(one), sender="s@example.org", urgency=urgency)
        for one in to
    )


def test_mail_of_one_thing_stands_together_and_the_same_told_twice_folds(ada):
    first = write(ada, thread="item-12", key="activity-1")
    again = write(ada, thread="item-12", key="activity-1")
    other = write(ada, thread="item-12", key="activity-2")
    assert first.headers["References"] == other.headers["References"] == "<item-12@example.org>"
    assert first.headers["Message-ID"] == again.headers["Message-ID"]
    assert first.headers["Message-ID"] != other.headers["Message-ID"]


def test_two_people_never_get_the_same_message_id(ada):
    ben = factories.make_member("Ben")
    assert (
        write(ada, key="activity-1").headers["Message-ID"]
        != write(ben, key="activity-1").headers["Message-ID"]
    )


def test_one_click_ends_mail_of_its_purpose(ada):
    row = write(ada, unsubscribe="https://example.org/off/abc/", urgency=Urgency.BULK)
    assert row.headers["List-Unsubscribe"] == "<https://example.org/off/abc/>"
    assert row.headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert row.headers["Auto-Submitted"] == "auto-generated"
    assert "https://example.org/off/abc/" in row.body_text
    assert "https://example.org/off/abc/" in row.body_html


def test_a_person_writes_through_the_sites_address(ada):
    assert write(
        ada, sender="Tom Weber"
    ).sender == "Tom Weber · Riverside <site@example.org>".replace(
        "Tom Weber · Riverside", "=?utf-8?q?Tom_Weber_=C2=B7_Riverside?="
    )


def test_discreet_mail_says_nothing_of_what_or_who(ada):
    row = write(ada, discreet=True, sender="Tom Weber", reply_to="reply+x@reply.example.org")
    said = f"{row.sender}{row.subject}{row.body_text}{row.body_html}{row.headers}"
    for word in ("Tom", "Riverside", "Ada", "Hello", "reply+x"):
        assert word not in said, word
    assert "Something new for you" in row.subject


def test_all_mail_to_who_wants_it_discreet_is_so(ada):
    NoticeSettings.objects.create(member=ada, discreet=True)
    tom, now = factories.make_member("Tom Weber"), timezone.now()
    place = SimpleNamespace(name="Pier Street", purpose="Repairs")
    invitation = SimpleNamespace(space=place, note="Repairs", expires_at=now)
    words = {
        "actor": tom,
        "space": place,
        "invitation": invitation,
        "asked": SimpleNamespace(ready_at=now),
        "token": "abc",
        "until": now,
        "sentence": "Repairs",
        "words": "Repairs",
        "text": "Repairs",
        "what": "sanctions.warned",
        "measure": None,
    }
    folders = {folder.name for folder in (settings.BASE_DIR / "templates/emails").iterdir()}
    verbs = {name for name in folders if "." in name and not name.endswith((".txt", ".html"))}
    assert verbs > {*mail.SPOKEN, "welcomes.hello", "sanctions.told"}
    for verb in verbs:
        mail.send(verb, to=ada.email, **words)
        row = OutboxMail.objects.latest("pk")
        said = f"{row.sender}{row.subject}{row.body_text}{row.body_html}{row.headers}"
        for word in ("Riverside", "Tom", "Pier Street", "Repairs", "moderators", "safeguarding"):
            assert word not in said, (verb, word)
        assert ("Something new for you" in row.subject) == (verb not in mail.SPOKEN), verb
        link = "abc" if "token" in _source(verb) and verb in mail.SPOKEN else "http"
        assert link in row.body_text, verb
        assert row.sender == "site@example.org"


def _source(verb: str) -> str:
    return (settings.BASE_DIR / "templates/emails" / verb / "body.txt").read_text()


def test_the_discreet_are_led_to_where_it_stands(ada):
    NoticeSettings.objects.create(member=ada, discreet=True)
    assert reverse("my_case") in write(ada, waits_at="my_case").body_text
    assert reverse("notices") in write(ada).body_text


def test_an_address_to_answer_is_in_words_and_header(ada):
    to = replies.item_address(ada, 12)
    row = write(ada, reply_to=to)
    assert row.headers["Reply-To"] == to
    assert row.body_text.startswith("— Write your answer above this line —")
    assert "Write your answer above this line" in row.body_html


# Addresses that lead back


def test_a_reply_address_says_who_and_what_and_fits_a_mail_server(ada):
    to = replies.item_address(ada, 987_654_321)
    local = to.partition("@")[0]
    assert len(local) <= 64
    found = replies.read(f"<{to.upper()}>")
    assert (found.member, found.kind, found.number) == (ada.pk, "i", 987_654_321)


def test_a_reply_address_cannot_be_made_up(ada, settings):
    to = replies.item_address(ada, 12)
    token = to.partition("@")[0]
    for wrong in (
        to.replace("-c-", "-d-"),
        token.replace("-i-", "-r-") + "@reply.example.org",
        to.replace("reply.example.org", "evil.example"),
        to[:-25] + "a" * 8 + to[-17:],
        "reply+1-i-12@reply.example.org",
        "",
    ):
        assert wrong == to or replies.read(wrong) is None, wrong
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "n" * 50
    assert replies.read(to) is not None, "an older key still opens"
    settings.SECRET_KEY_FALLBACKS = []
    assert replies.read(to) is None


def test_what_comes_back_names_its_address_only_while_it_is_theirs(ada):
    row = write(ada)
    to = replies.bounce_address(row)
    assert ada.email not in to
    assert replies.bounced(to) == ada.email
    Member.objects.filter(pk=ada.pk).update(email="new@example.org")
    assert replies.bounced(to) == ""


def test_the_envelope_leads_back_and_the_header_does_not(ada, server):  # noqa: F811
    write(ada)
    mail.deliver_due()
    envelope = server.messages[0]
    assert replies.bounced(envelope.mail_from) == ada.email
    assert b"From: Riverside <site@example.org>" in envelope.content


# Pace


def test_what_somebody_waits_for_goes_before_what_goes_to_many(ada, server):  # noqa: F811
    bulk("many@example.net")
    OutboxMail.objects.update(next_try_at=timezone.now() - timedelta(hours=1))
    write(ada)
    mail.deliver_due()
    assert server.messages[0].rcpt_tos == [ada.email]


def test_a_domain_gets_no_more_than_its_pace_and_codes_all_the_same(ada, server, settings):  # noqa: F811
    settings.MAIL_PACE = 20
    bulk(*(f"p{n}@slow.example" for n in range(30)), *(f"q{n}@other.example" for n in range(5)))
    bulk("code@slow.example", urgency=Urgency.NOW)
    mail.deliver_due()
    to = [envelope.rcpt_tos[0] for envelope in server.messages]
    slow = [one for one in to if one.endswith("slow.example")]
    assert "code@slow.example" in slow
    assert len(slow) <= 20
    mail.deliver_due()
    to = [envelope.rcpt_tos[0] for envelope in server.messages]
    assert len([one for one in to if one.endswith("slow.example")]) <= 20
    assert len([one for one in to if one.endswith("other.example")]) == 5
    OutboxMail.objects.update(taken_at=timezone.now() - timedelta(seconds=61))
    mail.deliver_due()
    assert len(server.messages) > len(to), "a minute later it goes on"


def test_a_domain_that_refuses_again_and_again_is_left_alone_for_a_while(ada, server):  # noqa: F811
    bulk(*(f"p{n}@slow.example" for n in range(8)))
    server.answer = "451 4.7.1 slow down"
    for _ in range(2):
        make_due()
        mail.deliver_due()
    paused = MailDomain.objects.get(domain="slow.example")
    assert paused.paused_until > timezone.now()
    server.answer = "250 OK"
    make_due()
    assert mail.deliver_due() == 0
    bulk("code@slow.example", urgency=Urgency.NOW)
    assert mail.deliver_due() == 1, "a code goes all the same"
    assert mail.deliver_due() == 8, "and shows that the server takes mail again"
    assert not MailDomain.objects.exists()


# Addresses that take none


def test_an_address_refused_for_good_gets_only_what_is_needed_at_once(ada, server):  # noqa: F811
    server.refuse["gone@example.org"] = "550 5.1.1 no such person"
    bulk("gone@example.org")
    mail.deliver_due()
    assert Suppression.objects.get().why == "hard"
    server.refuse.clear()
    bulk("gone@example.org")
    bulk("gone@example.org", urgency=Urgency.NOW)
    assert mail.deliver_due() == 1
    assert [m.rcpt_tos for m in server.messages] == [["gone@example.org"]]
    assert OutboxMail.objects.filter(error="suppressed: hard").count() == 1


def test_a_letter_held_back_does_not_end_the_round(ada, server):  # noqa: F811
    Suppression.objects.create(address="gone@example.org", why="hard")
    bulk(*["gone@example.org"] * 20, "there@example.org")
    assert mail.deliver_due() == 1


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ("5.1.1 no such user", "hard"),
        ("550 no such person", "hard"),
        ("5.1.10 null MX", "hard"),
        ("5.2.1 mailbox disabled", "hard"),
        ("5.2.2 over quota", "soft"),
        ("5.7.1 message refused by policy", "soft"),
        ("4.2.2 over quota", "soft"),
    ],
)
def test_a_mailbox_that_is_not_there_is_told_from_trouble(said, kind):
    assert suppression.kind_of(said) == kind


@pytest.mark.parametrize(
    ("code", "said", "kind"),
    [
        (550, "no such person here", "hard"),
        (550, "SPF check failed", "soft"),
        (550, "blocked, see our policy", "soft"),
        (554, "no SMTP service here", "soft"),
        (0, "554 message rejected", "soft"),
    ],
)
def test_who_refuses_us_says_nothing_about_the_mailbox(code, said, kind):
    """Servers that say no enhanced code: one bad day with a provider closes no address."""
    assert suppression.kind_of(said, basic=code) == kind


def test_trouble_again_and_again_lets_an_address_rest_for_a_week():
    for _ in range(suppression.SOFT_MOST - 1):
        suppression.note("Full@Example.org", "soft")
    assert not suppression.is_suppressed("full@example.org")
    suppression.note("full@example.org", "soft")
    assert suppression.is_suppressed("full@example.org")
    Suppression.objects.update(until=timezone.now() - timedelta(minutes=1))
    assert not suppression.is_suppressed("full@example.org")
    assert suppression.forget_old() == 1


def test_a_complaint_is_not_ended_by_a_soft_trouble():
    suppression.note("ada@example.org", "complaint")
    for _ in range(suppression.SOFT_MOST):
        suppression.note("ada@example.org", "soft")
    assert Suppression.objects.get().until is None


def test_what_servers_say_is_kept_without_the_addresses_in_it():
    suppression.note("ada@example.org", "hard", "550 <ben@example.org> unknown\r\nsecond line")
    assert MailTrouble.objects.get().detail == "550 <…> unknown second line"


def test_the_answer_of_another_address_is_not_mine():
    error = smtplib.SMTPRecipientsRefused({"other@example.org": (550, b"5.1.1 no")})
    assert suppression.answer_of(error, "ada@example.org") == (0, "")
