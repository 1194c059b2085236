"""Locking one's account from a letter: whoever did not do it is out of danger in one click."""

from __future__ import annotations

from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.auth.hashers import check_password
from django.contrib.sessions.models import Session
from django.urls import reverse
from django.utils import timezone

from community.accounts import lock
from community.models import AuditEntry, Member, OutboxMail
from tests import factories
from tests.community.test_accounts import PASSWORD, browser, known  # noqa: F401  fixtures

pytestmark = pytest.mark.django_db


def path_of(member: Member) -> str:
    return "/" + lock.address(member).split("/", 3)[3]


def sign_in(browser, member):  # noqa: F811
    browser.post("/accounts/login/", {"login": member.email, "password": PASSWORD})
    assert browser.get("/me/").status_code == 200


def test_a_letter_about_the_password_leads_to_the_lock(browser, known):  # noqa: F811
    sign_in(browser, known)
    new = "a-new-pass-phrase-of-mine"
    answer = browser.post(
        reverse("account_change_password"),
        {"oldpassword": PASSWORD, "password1": new, "password2": new},
    )
    assert answer.status_code == 302, answer.content.decode()
    letter = OutboxMail.objects.get(to=known.email)
    assert "/accounts/lock/" in letter.body_text
    assert "/accounts/lock/" in letter.body_html


def test_looking_changes_nothing_and_posting_shuts_everybody_out(browser, known, client):  # noqa: F811
    sign_in(browser, known)
    there = path_of(known)
    assert "Lock my account now" in client.get(there).content.decode()
    client.head(there)
    assert browser.get("/me/").status_code == 200
    answer = client.post(there).content.decode()
    assert "Your account is locked" in answer
    assert browser.get("/me/").status_code == 302
    known.refresh_from_db()
    assert not known.has_usable_password()
    assert not check_password(PASSWORD, known.password)
    assert not UserSession.objects.filter(user=known).exists()
    assert not Session.objects.exists()
    assert AuditEntry.objects.get(action="accounts.locked").person_id == known.pk
    assert "Your account is locked" in client.post(there).content.decode(), "twice does no harm"


def test_who_is_signed_in_locks_themselves_out_too(browser, known):  # noqa: F811
    sign_in(browser, known)
    assert "Your account is locked" in browser.post(path_of(known)).content.decode()
    assert browser.get("/me/").status_code == 302


def test_it_takes_no_second_lock_off(client, known):  # noqa: F811
    """Whoever reads the mailbox would get past it by an old letter."""
    factories.make_second_factor(known)
    client.post(path_of(known))
    assert Authenticator.objects.filter(user=known).exists()


def test_other_words_old_letters_and_closed_accounts_lead_nowhere(client, known, time_machine):  # noqa: F811
    there = path_of(known)
    assert client.get(f"{there[:-2]}x/").status_code == 404
    time_machine.move_to(timezone.now() + lock.GOOD_FOR + timedelta(minutes=1))
    assert client.get(there).status_code == 404
    there = path_of(known)
    Member.objects.filter(pk=known.pk).update(is_active=False)
    assert client.post(there).status_code == 404
