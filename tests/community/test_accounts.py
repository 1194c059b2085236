"""Signing up, signing in, proving oneself again: by code, password and second factor."""

from __future__ import annotations

import random
import re
import time
import uuid
from datetime import timedelta
from statistics import median

import pytest
from allauth.account.adapter import get_adapter
from allauth.account.models import EmailAddress
from allauth.core import context
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    hotp_value,
    yield_hotp_counters_from_time,
)
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from community import sessions
from community.accounts.adapter import INVITATION
from community.models import Community, Member, Membership, NoticeSettings, OutboxMail, Space
from tests import factories

PASSWORD = "seven quiet herons"
CODE = re.compile(r"\b[B-Z]{4}-[B-Z]{4}\b")


@pytest.fixture
def browser(community: Community) -> Client:
    """A browser of its own address, so that one test's limits are not another's."""
    return Client(REMOTE_ADDR=".".join(str(random.randint(1, 250)) for _ in range(4)))


@pytest.fixture
def known(community: Community) -> Member:
    return factories.make_member("Nadia Known", email=new_address(), password=PASSWORD)


def new_address() -> str:
    return f"{uuid.uuid4().hex[:12]}@example.org"


def newest_mail(to: str) -> OutboxMail:
    return OutboxMail.objects.filter(to=to).latest("pk")


def code_for(address: str) -> str:
    return CODE.search(newest_mail(address).body_text)[0]


def sign_up(browser: Client, address: str):
    return browser.post(reverse("account_signup"), {"email": address})


def ask_for_code(browser: Client, address: str):
    return browser.post(reverse("account_login"), {"login": address, "password": ""})


def give_code(browser: Client, code: str):
    return browser.post(reverse("account_confirm_login_code"), {"code": code})


def is_in(browser: Client) -> bool:
    return "_auth_user_id" in browser.session


# Joining


def test_a_newcomer_joins_with_nothing_but_a_code_from_the_mail(browser):
    address = new_address()
    answer = sign_up(browser, address)
    assert answer.url == reverse("account_confirm_login_code")
    assert not Member.objects.filter(email=address).exists()
    answer = give_code(browser, code_for(address))
    assert answer.url == reverse("welcome")
    member = Member.objects.get(email=address)
    assert is_in(browser)
    assert not member.has_usable_password()
    proved = EmailAddress.objects.get(user=member)
    assert (proved.email, proved.verified, proved.primary) == (address, True, True)


def test_the_code_of_who_wants_mail_discreet_names_no_organisation(browser, settings, community):
    settings.DEFAULT_FROM_EMAIL = "Riverside <site@example.org>"
    member = factories.make_member("Sol Park")
    NoticeSettings.objects.create(member=member, discreet=True)
    ask_for_code(browser, member.email)
    row = OutboxMail.objects.get(to=member.email)
    assert community.name not in row.subject + row.body_text + row.body_html
    assert row.sender == "site@example.org"
    assert "is your code" in row.subject
    give_code(browser, code_for(member.email))
    assert "_auth_user_id" in browser.session


def test_what_is_told_to_an_old_address_is_discreet_too(rf, settings, community):
    settings.DEFAULT_FROM_EMAIL = "Riverside <site@example.org>"
    member = factories.make_member("Sol Park")
    NoticeSettings.objects.create(member=member, discreet=True)
    request = rf.get("/")
    with context.request_context(request):
        get_adapter(request).send_notification_mail(
            "account/email/email_deleted", member, email="old@example.org"
        )
    row = OutboxMail.objects.get(to="old@example.org")
    assert community.name not in row.subject + row.body_text + row.body_html
    assert row.sender == "site@example.org"


def test_a_wrong_code_makes_no_account_and_three_end_the_try(browser):
    address = new_address()
    sign_up(browser, address)
    assert give_code(browser, "BBBB-BBBB").status_code == 200
    assert give_code(browser, "CCCC-CCCC").status_code == 200
    assert give_code(browser, "DDDD-DDDD").status_code == 302
    give_code(browser, code_for(address))
    assert not is_in(browser)
    assert not Member.objects.filter(email=address).exists()


def test_a_code_dies_after_ten_minutes(browser, time_machine_or_skip):
    address = new_address()
    sign_up(browser, address)
    with time_machine_or_skip(601):
        give_code(browser, code_for(address))
    assert not is_in(browser)


@pytest.fixture
def time_machine_or_skip():
    time_machine = pytest.importorskip("time_machine")

    def later(seconds: float):
        return time_machine.travel(time.time() + seconds, tick=True)

    return later


def test_a_code_works_in_the_browser_that_asked_only(browser, community):
    address = new_address()
    sign_up(browser, address)
    other = Client(REMOTE_ADDR="10.9.8.7")
    give_code(other, code_for(address))
    assert not is_in(other)


def test_a_new_code_replaces_the_old_one(browser):
    address = new_address()
    sign_up(browser, address)
    old = code_for(address)
    browser.post(reverse("account_confirm_login_code"), {"action": "resend"})
    new = code_for(address)
    assert new != old
    give_code(browser, old)
    assert not is_in(browser)
    give_code(browser, new)
    assert is_in(browser)


def test_whoever_has_an_account_and_joins_again_is_signed_in(browser, known):
    sign_up(browser, known.email)
    give_code(browser, code_for(known.email))
    assert browser.session["_auth_user_id"] == str(known.pk)
    assert Member.objects.filter(email=known.email).count() == 1


def test_an_address_differs_only_by_letters_never_by_their_case(browser, known):
    sign_up(browser, known.email.upper())
    give_code(browser, code_for(known.email))
    assert browser.session["_auth_user_id"] == str(known.pk)


def test_mail_speaks_the_language_of_whoever_gets_it(browser, known, community):
    known.language = "es"
    known.save()
    ask_for_code(browser, known.email)
    mail = newest_mail(known.email)
    assert community.name in mail.subject
    assert mail.body_text.count(code_for(known.email)) == 1
    assert f"<strong>{code_for(known.email)}</strong>" in mail.body_html
    assert '<html lang="es">' in mail.body_html


def test_signing_up_is_closed_by_invitation_and_open_with_one(browser, ruth):
    root = Space.objects.root()
    Space.objects.filter(pk=root.pk).update(join_policy=Space.JoinPolicy.INVITE)
    shut = browser.get(reverse("account_signup"))
    assert b'name="email"' not in shut.content
    sign_up(browser, new_address())
    assert not OutboxMail.objects.exists()
    _invitation, token = factories.make_invitation(Space.objects.root(), by=ruth)
    session = browser.session
    session[INVITATION] = token
    session.save()
    address = new_address()
    sign_up(browser, address)
    give_code(browser, code_for(address))
    browser.post(reverse("welcome"), {"name": "Ines", "pronouns": "", "language": "en"})
    assert Membership.objects.filter(member__email=address, space=root).exists()


# Signing in


def test_a_member_signs_in_by_code_by_password_and_comes_where_they_wanted(browser, known):
    ask_for_code(browser, known.email)
    answer = give_code(browser, code_for(known.email))
    assert answer.url == "/"
    browser.post(reverse("account_logout"))
    assert not is_in(browser)
    answer = browser.post(
        reverse("account_login") + "?next=/people/",
        {"login": known.email, "password": PASSWORD, "next": "/people/"},
    )
    assert answer.url == "/people/"
    assert is_in(browser)


def test_a_wrong_password_is_looked_for_alike_whoever_it_is(browser, known):
    """Else the clock would tell who has an account (tests/leaks/test_enumeration.py)."""
    without = factories.make_member("Without Password", email=new_address())
    asked = []
    for address in (new_address(), known.email, without.email, new_address(), known.email):
        with CaptureQueriesContext(connection) as queries:
            answer = browser.post(
                reverse("account_login"), {"login": address, "password": "wrong again and again"}
            )
        assert answer.status_code == 200
        asked.append([query["sql"].split(" WHERE ")[0] for query in queries])
    assert asked[1] == asked[2] == asked[3] == asked[4]  # the first fills caches
    assert not is_in(browser)


def test_nobody_is_sent_to_another_site_after_signing_in(browser, known):
    for evil in (
        "//evil.example",
        "https://evil.example",
        "/\\evil.example",
        "javascript:alert(1)",
    ):
        answer = browser.post(
            reverse("account_login"), {"login": known.email, "password": PASSWORD, "next": evil}
        )
        assert answer.url == "/"
        browser.post(reverse("account_logout"))


def test_signing_out_clears_the_browser(browser, known):
    browser.post(reverse("account_login"), {"login": known.email, "password": PASSWORD})
    answer = browser.post(reverse("account_logout"))
    assert "storage" in answer["Clear-Site-Data"]


def test_guessing_stops_after_five_tries_and_a_code_still_opens(browser, known):
    tried = 0
    for _ in range(25):
        answer = browser.post(
            reverse("account_login"), {"login": known.email, "password": "wrong again and again"}
        )
        if answer.status_code == 200 and "do not fit together" in answer.content.decode():
            tried += 1
    assert tried == 5
    browser.post(reverse("account_login"), {"login": known.email, "password": PASSWORD})
    assert not is_in(browser)
    elsewhere = Client(REMOTE_ADDR="10.20.30.40")
    ask_for_code(elsewhere, known.email)
    give_code(elsewhere, code_for(known.email))
    assert is_in(elsewhere)


def test_a_forged_proxy_header_does_not_move_the_limit(known, community):
    tried = 0
    address = f"10.{random.randint(0, 250)}.{random.randint(0, 250)}.1"
    for number in range(15):
        client = Client(REMOTE_ADDR=address, HTTP_X_FORWARDED_FOR=f"203.0.113.{number}")
        answer = client.post(
            reverse("account_login"), {"login": new_address(), "password": "wrong again and again"}
        )
        tried += "do not fit together" in answer.content.decode()
    assert tried == 10


# Nobody learns who is a member


def _same(page: bytes, *addresses: str) -> str:
    """The page without what must differ: tokens, and the address the visitor typed."""
    text = page.decode()
    text = re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", text)
    for address in addresses:
        text = text.replace(address, "ADDRESS")
    return text


@pytest.mark.parametrize(
    ("url", "field", "more"),
    [
        ("account_signup", "email", {}),
        ("account_login", "login", {"password": ""}),
        ("account_login", "login", {"password": "wrong again and again"}),
        ("account_reset_password", "email", {}),
    ],
)
def test_known_and_unknown_addresses_look_the_same(community, known, url, field, more):
    seen = []
    unknown = "x" * (len(known.email) - len("@example.org")) + "@example.org"
    for address in (known.email, unknown):
        client = Client(REMOTE_ADDR=f"10.1.{random.randint(0, 250)}.{random.randint(0, 250)}")
        answer = client.post(reverse(url), {field: address, **more})
        pages = [(answer.status_code, answer.get("Location"), _same(answer.content, address))]
        if answer.status_code == 302:
            for payload in (None, {"code": "BBBB-BBBB"}):
                page = client.post(answer.url, payload) if payload else client.get(answer.url)
                pages.append((page.status_code, page.get("Location"), _same(page.content, address)))
        seen.append(pages)
    assert seen[0] == seen[1]


def test_known_and_unknown_addresses_cost_the_same(community, known, queries):
    """The same number of queries; that is what their time is made of."""
    for url, field in (
        ("account_signup", "email"),
        ("account_login", "login"),
        ("account_reset_password", "email"),
    ):
        counts = []
        for address in (known.email, new_address()):
            client = Client(REMOTE_ADDR=f"10.2.{random.randint(0, 250)}.{random.randint(0, 250)}")
            client.get(reverse(url))
            with queries() as asked:
                client.post(reverse(url), {field: address})
            counts.append(len(asked))
        assert counts[0] == counts[1], url


@pytest.mark.slow
def test_known_and_unknown_addresses_take_the_same_time(community, settings):
    """Interleaved, so that what else the machine does falls on both."""
    settings.ACCOUNT_RATE_LIMITS = False
    known = [factories.make_member(email=new_address()).email for _ in range(40)]
    times: dict[bool, list[float]] = {True: [], False: []}
    client = Client()
    for number in range(80):
        is_known = bool(number % 2)
        address = known[number // 2] if is_known else new_address()
        began = time.perf_counter()
        sign_up(client, address)
        times[is_known].append(time.perf_counter() - began)
        client.cookies.clear()
    # The quickest fifth: what the work costs when nothing else runs.
    quick = {is_known: median(sorted(spent)[:8]) for is_known, spent in times.items()}
    assert abs(quick[True] - quick[False]) < 0.005


# Passwords and second factors


@pytest.mark.parametrize(
    "weak", ["password", "short", "123456789012", "1q2w3e4r5t6y", "nadia known"]
)
def test_weak_passwords_are_refused(browser, known, weak):
    known.set_unusable_password()
    known.save()
    browser.force_login(known)
    _prove(browser, known)
    browser.post(reverse("account_set_password"), {"password1": weak})
    known.refresh_from_db()
    assert not known.has_usable_password()


def _prove(browser: Client, member: Member) -> None:
    """Pass *Is it still you?* by a code."""
    url = reverse("account_reauthenticate_by_code")
    browser.post(url, {"action": "send"})
    browser.post(url, {"code": code_for(member.email)})


def test_a_password_is_added_later_once_it_is_proved_who_asks(browser, known):
    known.set_unusable_password()
    known.save()
    browser.force_login(known)
    answer = browser.post(reverse("account_set_password"), {"password1": PASSWORD})
    assert answer.url.startswith(reverse("account_reauthenticate_by_code"))
    known.refresh_from_db()
    assert not known.has_usable_password()
    _prove(browser, known)
    browser.post(reverse("account_set_password"), {"password1": PASSWORD})
    known.refresh_from_db()
    assert known.check_password(PASSWORD)
    assert newest_mail(known.email).subject


def test_three_wrong_codes_prove_nothing(browser, known):
    known.set_unusable_password()
    known.save()
    browser.force_login(known)
    url = reverse("account_reauthenticate_by_code")
    browser.post(url, {"action": "send"})
    for wrong in ("BBBB-BBBB", "CCCC-CCCC", "DDDD-DDDD", code_for(known.email)):
        browser.post(url, {"code": wrong})
    assert browser.get(reverse("mfa_activate_totp")).status_code == 302


@pytest.mark.parametrize(
    "name", ["mfa_activate_totp", "mfa_add_webauthn", "mfa_generate_recovery_codes"]
)
def test_what_could_hurt_asks_again_who_it_is_and_not_right_after_signing_in(browser, known, name):
    browser.force_login(known)
    assert browser.get(reverse(name)).url.startswith(reverse("account_reauthenticate"))
    fresh = Client(REMOTE_ADDR=f"10.3.{random.randint(0, 250)}.{random.randint(0, 250)}")
    ask_for_code(fresh, known.email)
    give_code(fresh, code_for(known.email))
    assert "reauthenticate" not in fresh.get(reverse(name)).get("Location", "")


def test_the_address_changes_once_the_new_one_is_proved_and_the_old_one_is_told(browser, known):
    old, new = known.email, new_address()
    ask_for_code(browser, old)
    give_code(browser, code_for(old))
    browser.post(reverse("account_email"), {"action_add": "", "email": new})
    known.refresh_from_db()
    assert known.email == old
    browser.post(reverse("account_email_verification_sent"), {"code": code_for(new)})
    known.refresh_from_db()
    assert known.email == new
    assert CODE.search(newest_mail(old).body_text) is None


def totp_now(secret: str) -> str:
    return format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))


def test_an_app_is_asked_for_after_the_code_and_its_digits_work_once(browser, known):
    secret = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
    TOTP.activate(known, secret)
    digits = ""
    for times in (1, 2):
        client = Client(REMOTE_ADDR=f"10.4.{random.randint(0, 250)}.{random.randint(0, 250)}")
        ask_for_code(client, known.email)
        answer = give_code(client, code_for(known.email))
        assert answer.url == reverse("mfa_authenticate")
        assert not is_in(client)
        digits = digits or totp_now(secret)
        client.post(reverse("mfa_authenticate"), {"code": digits})
        assert is_in(client) == (times == 1)


def test_a_new_password_by_mail_does_not_go_around_the_second_lock(browser, known):
    TOTP.activate(known, "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP")
    browser.post(reverse("account_reset_password"), {"email": known.email})
    browser.post(reverse("account_confirm_password_reset_code"), {"code": code_for(known.email)})
    new = "eleven loud geese"
    browser.post(reverse("account_complete_password_reset"), {"password1": new})
    known.refresh_from_db()
    assert known.check_password(new)
    assert not is_in(browser)
    browser.post(reverse("account_login"), {"login": known.email, "password": new})
    assert not is_in(browser)


@pytest.mark.django_db(transaction=True)
def test_setting_up_a_second_lock_ends_the_other_sessions(browser, known):
    other = Client(REMOTE_ADDR="10.5.5.5")
    other.post(reverse("account_login"), {"login": known.email, "password": PASSWORD})
    browser.post(reverse("account_login"), {"login": known.email, "password": PASSWORD})
    page = browser.get(reverse("mfa_activate_totp"))
    secret = page.context["form"].secret
    browser.post(reverse("mfa_activate_totp"), {"code": totp_now(secret)})
    assert Authenticator.objects.filter(user=known).exists()
    assert browser.get(reverse("me")).status_code == 200
    assert other.get(reverse("me")).status_code == 302


# Sessions


def test_one_session_is_ended_from_another(browser, known):
    other = Client(REMOTE_ADDR="10.6.6.6", HTTP_USER_AGENT="Mozilla/5.0 (Android 14) Firefox/140.0")
    for client in (browser, other):
        client.post(reverse("account_login"), {"login": known.email, "password": PASSWORD})
    page = browser.get(reverse("usersessions_list")).content.decode()
    assert "Firefox on Android" in page
    theirs = UserSession.objects.get(session_key=other.session.session_key)
    browser.post(reverse("end_session", args=[theirs.pk]))
    assert other.get(reverse("me")).status_code == 302
    assert browser.get(reverse("me")).status_code == 200


def test_of_a_session_that_is_over_nothing_is_kept(browser, known):
    browser.post(reverse("account_login"), {"login": known.email, "password": PASSWORD})
    assert UserSession.objects.filter(user=known).exists()
    assert sessions.forget_ended() == 0
    Session.objects.update(expire_date=timezone.now() - timedelta(minutes=1))
    assert sessions.forget_ended() == 1
    assert not Session.objects.exists()
    assert not UserSession.objects.exists()


def test_nobody_ends_another_persons_session(browser, known, cleo, as_):
    browser.post(reverse("account_login"), {"login": known.email, "password": PASSWORD})
    theirs = UserSession.objects.get(user=known)
    as_(cleo).post(reverse("end_session", args=[theirs.pk]))
    assert browser.get(reverse("me")).status_code == 200


@pytest.mark.parametrize(
    ("began", "seen", "stays"), [(0, 0, True), (89, 13, True), (91, 0, False), (20, 15, False)]
)
def test_a_session_ends_two_weeks_after_the_last_visit_and_after_three_months(
    browser, known, began, seen, stays
):
    browser.post(reverse("account_login"), {"login": known.email, "password": PASSWORD})
    session = browser.session
    session["began"] = time.time() - began * 86_400
    session["seen"] = time.time() - seen * 86_400
    session.save()
    assert (browser.get(reverse("me")).status_code == 200) == stays


PAGES = [
    "account_login",
    "account_signup",
    "account_reset_password",
]
OWN_PAGES = [
    "account_email",
    "account_logout",
    "account_change_password",
    "account_reauthenticate",
    "account_reauthenticate_by_code",
    "mfa_index",
    "mfa_activate_totp",
    "mfa_add_webauthn",
    "mfa_list_webauthn",
    "usersessions_list",
    "socialaccount_connections",
    "me",
    "security",
    "privacy",
    "look",
    "edit_profile",
    "kept_away",
]


@pytest.mark.parametrize("name", [*PAGES, *OWN_PAGES])
def test_no_page_of_signing_in_carries_inline_script_or_style(browser, known, name):
    if name in OWN_PAGES:
        browser.post(reverse("account_login"), {"login": known.email, "password": PASSWORD})
    page = browser.get(reverse(name))
    assert page.status_code == 200
    text = page.content.decode()
    assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son\w+=|<c-", text)
    assert text.count("<h1") == 1


def test_a_changed_password_ends_the_other_sessions(browser, known):
    other = Client(REMOTE_ADDR="10.7.7.7")
    for client in (browser, other):
        client.post(reverse("account_login"), {"login": known.email, "password": PASSWORD})
    browser.post(
        reverse("account_change_password"),
        {"oldpassword": PASSWORD, "password1": "eleven loud geese"},
    )
    assert browser.get(reverse("me")).status_code == 200
    assert other.get(reverse("me")).status_code == 302


def test_sign_in_with_other_services_is_set_in_the_environment(monkeypatch, tmp_path):
    from django.core.exceptions import ImproperlyConfigured

    from config.environment import Environment

    monkeypatch.setenv("OIDC_ISSUER", "https://id.example.org/realms/union")
    with pytest.raises(ImproperlyConfigured):
        Environment(tmp_path).social_providers()
    monkeypatch.setenv("OIDC_CLIENT_ID", "tequio")
    monkeypatch.setenv("OIDC_CLIENT_SECRET", "s3cret")
    providers, origins = Environment(tmp_path).social_providers()
    (app,) = providers["openid_connect"]["APPS"]
    assert app["settings"]["server_url"] == "https://id.example.org/realms/union"
    assert app["name"] == "id.example.org"
    assert origins == ["https://id.example.org"]


def test_whoever_was_invited_and_has_an_account_comes_back_to_the_invitation(
    browser, known, ada, north
):
    _made, token = factories.make_invitation(north, by=ada)
    browser.post(reverse("invitation", args=[token]))
    sign_up(browser, known.email)
    answer = give_code(browser, code_for(known.email))
    assert answer.url == reverse("invitation", args=[token])


def test_two_who_were_as_quick_end_in_one_account(community):
    from community.accounts.codes import make_account

    address = new_address()
    assert make_account(address) == make_account(address.upper())


def test_the_page_to_join_names_who_held_the_door_open(community, ada, north, client):
    _invitation, token = factories.make_invitation(north, by=ada)
    client.post(f"/invitations/{token}/")
    page = client.get(reverse("account_signup")).content.decode()
    assert f"<b>{ada.display_name}</b> invites you to {north.name}." in page
    assert "invites you" not in Client().get(reverse("account_signup")).content.decode()
