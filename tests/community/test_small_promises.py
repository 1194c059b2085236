"""What ASVS asks of signing in and of requests, one sentence each (docs/asvs.csv)."""

from __future__ import annotations

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from community.models import Community, Member
from tests import factories

pytestmark = pytest.mark.django_db
PASSWORD = "seven quiet herons"


@pytest.fixture
def known(community: Community) -> Member:
    return factories.make_member("Nadia Known", email="nadia@example.org", password=PASSWORD)


def sign_in(browser: Client, password: str = PASSWORD):
    answer = {"login": "nadia@example.org", "password": password}
    return browser.post(reverse("account_login"), answer)


def test_signing_in_makes_a_new_session_and_the_old_key_opens_nothing(known):
    browser = Client(REMOTE_ADDR="10.1.1.1")
    browser.get(reverse("account_login"))
    before = browser.session
    before["planted"] = "1"
    before.save()
    old = before.session_key
    sign_in(browser)
    new = browser.session.session_key
    assert "_auth_user_id" in browser.session
    assert new != old
    stale = Client()
    stale.cookies["sid"] = old
    assert "_auth_user_id" not in stale.session


def test_keys_of_sessions_are_long_and_never_alike(known):
    keys = set()
    for _ in range(50):
        browser = Client()
        browser.force_login(known)
        keys.add(browser.session.session_key)
    assert len(keys) == 50
    assert {len(key) for key in keys} == {32}  # of 36 letters and digits: 165 bits


@pytest.mark.parametrize(
    "password",
    ["p" + "asswörd with ünïcode 🦆 " * 4, " spaces at both ends ", "x" * 20 + "Yy9" * 40],
)
def test_a_password_is_taken_as_it_is_typed_however_long(known, password):
    validate_password(password, known)
    known.set_password(password)
    known.save()
    assert known.check_password(password)
    for other in (password.strip() + "!", password.swapcase(), password[:64] + "?"):
        assert not known.check_password(other)


@pytest.mark.parametrize(
    "password",
    ["Riverside2026!", "riverside-tenants-union", "TEQUIO-tequio-2026", "Tenants’ Union 1"],
)
def test_the_name_of_the_place_is_no_password(community, password):
    with pytest.raises(ValidationError) as refused:
        validate_password(password)
    assert "own_words" in {error.code for error in refused.value.error_list}


def test_a_sentence_may_name_the_place(community):
    validate_password("the riverside has seven quiet herons")


def test_that_somebody_signed_in_or_could_not_is_logged_without_an_address(known, caplog):
    caplog.set_level("INFO", logger="community.security")
    browser = Client(REMOTE_ADDR="10.1.1.2")
    sign_in(browser, "wrong again and again")
    sign_in(browser)
    browser.post(reverse("account_logout"))
    said = [one.getMessage() for one in caplog.records if one.name == "community.security"]
    assert said == [
        "Signing in was refused: email_password_mismatch",
        f"Signed in: member {known.pk}",
        f"Signed out: member {known.pk}",
    ]


def test_trace_is_refused(client, community):
    assert client.trace("/").status_code in (403, 405)


def test_of_a_value_that_is_given_twice_one_counts_everywhere(client, community):
    once = client.get("/groups/?q=north&q=south").content
    assert b'value="south"' in once
    assert b'value="north"' not in once
