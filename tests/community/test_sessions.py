"""How long a session lasts, what is kept of where it came from, who ends it."""

from __future__ import annotations

import time
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.core.exceptions import PermissionDenied
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import timezone

from community import sessions
from community.models import AuditEntry, StaffRole
from community.operations import staff as operations
from community.policies import Refused
from community.visitors import client_ip
from tests import factories
from tests.addresses import every_address
from tests.community.test_accounts import PASSWORD, browser  # noqa: F401

pytestmark = pytest.mark.django_db
HOUR, DAY = 3600, 86400


@pytest.fixture
def ines(community):
    return factories.make_member("Ines Farah", staff=StaffRole.Role.ADMIN, password=PASSWORD)


def aged(client: Client, *, seen: float, began: float) -> Client:
    session = client.session
    session["seen"], session["began"] = time.time() - seen, time.time() - began
    session.save()
    return client


# How long


@pytest.mark.parametrize(
    ("who", "seen", "began", "goes_on"),
    [
        ("ines", 7.9 * HOUR, 7.9 * HOUR, True),
        ("ines", 8.1 * HOUR, 8.1 * HOUR, False),
        ("ines", 0, 23.9 * HOUR, True),
        ("ines", 0, 24.1 * HOUR, False),
        ("mo", 8.1 * HOUR, 8.1 * HOUR, False),
        ("cleo", 13.9 * DAY, 13.9 * DAY, True),
        ("cleo", 14.1 * DAY, 14.1 * DAY, False),
        ("cleo", 0, 89 * DAY, True),
        ("cleo", 0, 90.1 * DAY, False),
    ],
)
def test_a_session_is_over_when_it_is_time(request, as_, who, seen, began, goes_on):
    client = aged(as_(request.getfixturevalue(who)), seen=seen, began=began)
    assert (client.get(reverse("me")).status_code == 200) is goes_on
    assert Session.objects.filter(session_key=client.session.session_key).exists() is goes_on


def test_staff_whose_role_rests_have_no_longer_session(as_, ines, settings):
    settings.STAFF_SECOND_FACTOR = True
    assert aged(as_(ines), seen=9 * HOUR, began=9 * HOUR).get(reverse("me")).status_code == 302


# Where from


@pytest.mark.parametrize(
    ("whole", "kept"),
    [
        ("203.0.113.77", "203.0.113.0"),
        ("2001:db8:1234:5678::9", "2001:db8:1234::"),
        ("::ffff:203.0.113.77", "203.0.113.0"),
    ],
)
def test_of_an_address_only_the_beginning_is_kept(whole, kept, cleo):
    assert sessions.shortened(whole) == kept
    row = UserSession.objects.create(user=cleo, ip=whole, session_key="k", user_agent="x")
    row.refresh_from_db()
    assert row.ip == kept


def test_signing_in_stores_no_whole_address(community):
    member = factories.make_member("Nadia", password=PASSWORD)
    client = Client(REMOTE_ADDR="203.0.113.77")
    client.post(reverse("account_login"), {"login": member.email, "password": PASSWORD})
    assert UserSession.objects.get(user=member).ip == "203.0.113.0"
    assert "203.0.113.77" not in client.get(reverse("usersessions_list")).content.decode()


def test_after_thirty_days_no_address_is_left(cleo):
    client = Client()
    client.force_login(cleo)
    key = client.session.session_key
    row = UserSession.objects.create(user=cleo, ip="203.0.113.7", session_key=key, user_agent="x")
    sessions.forget_ended()
    row.refresh_from_db()
    assert row.ip == "203.0.113.0"
    UserSession.objects.update(created_at=timezone.now() - timedelta(days=30, minutes=1))
    sessions.forget_ended()
    row.refresh_from_db()
    assert row.ip == sessions.NOWHERE
    page = client.get(reverse("usersessions_list")).content.decode()
    assert sessions.NOWHERE not in page


FORGED = (
    "127.0.0.1",
    "10.0.0.1, 127.0.0.1",
    "203.0.113.9, 198.51.100.2, 192.0.2.1",
    "unknown",
    "",
    ",",
    "::1",
    "[2001:db8::1]:443",
    "1.2.3.4\r\nX-Real-IP: 9.9.9.9",
    "203.0.113.9;198.51.100.2",
    "203.0.113.9" * 500,
)


@pytest.mark.parametrize("forged", FORGED)
@pytest.mark.parametrize("proxies", [0, 1, 2])
def test_a_forged_header_moves_no_address(settings, forged, proxies):
    """Each of our front servers adds whom it heard: the visitor's, then the first server's."""
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = proxies
    true = "198.51.100.77"
    ours = [true, "10.1.1.1"][:proxies]
    header = ", ".join([forged, *ours]) if ours else forged
    remote = true if proxies == 0 else "10.9.9.9"
    heads = {"REMOTE_ADDR": remote, "HTTP_X_FORWARDED_FOR": header}
    for name in ("HTTP_X_REAL_IP", "HTTP_FORWARDED", "HTTP_CLIENT_IP", "HTTP_TRUE_CLIENT_IP"):
        heads[name] = "192.0.2.66"
    assert client_ip(RequestFactory().get("/", **heads)) == true


def test_a_request_that_came_past_the_front_servers_is_refused(settings):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 2
    request = RequestFactory().get("/", REMOTE_ADDR="10.9.9.9", HTTP_X_FORWARDED_FOR="1.2.3.4")
    with pytest.raises(PermissionDenied):
        client_ip(request)


# Ending them


def test_an_administrator_signs_a_person_out_everywhere(ines, community):
    member = factories.make_member("Nadia", password=PASSWORD)
    clients = [Client(REMOTE_ADDR=f"10.7.{n}.1") for n in range(3)]
    for client in clients:
        client.post(reverse("account_login"), {"login": member.email, "password": PASSWORD})
        assert client.get(reverse("me")).status_code == 200
    ended = operations.end_sessions(member, by=ines, reason="Their phone was stolen")
    assert ended == 3
    assert [client.get(reverse("me")).status_code for client in clients] == [302] * 3
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.person_id, entry.by_id) == ("sessions.ended", member.pk, ines.pk)


def test_also_sessions_that_the_list_does_not_know_end(ines, cleo, as_):
    client = as_(cleo)
    assert client.get(reverse("me")).status_code == 200
    UserSession.objects.filter(user=cleo).delete()  # as when its row was lost
    operations.end_sessions(cleo, by=ines, reason="Her phone was stolen.")
    assert client.get(reverse("me")).status_code == 302


def test_all_sessions_of_ten_thousand_people_end_within_a_minute(ines, ben, as_):
    mine, other = as_(ines), as_(ben)
    rows = [
        Session(session_key=f"{n:040d}", session_data="x", expire_date=timezone.now())
        for n in range(10_000)
    ]
    Session.objects.bulk_create(rows, batch_size=2000)
    began = time.monotonic()
    ended = operations.end_all_sessions(
        by=ines, reason="A laptop was taken", but=mine.session.session_key
    )
    assert time.monotonic() - began < 60
    assert ended == 10_001
    assert other.get(reverse("me")).status_code == 302
    assert mine.get(reverse("me")).status_code == 200
    assert AuditEntry.objects.get().data == {"count": 10_001}


@pytest.mark.parametrize("who", ["mo", "ada", "ben", "root_steward"])
def test_nobody_else_signs_others_out(request, north, who, cleo):
    by = request.getfixturevalue(who)
    with pytest.raises(Refused):
        operations.end_sessions(cleo, by=by, reason="Because I would like to")
    with pytest.raises(Refused):
        operations.end_all_sessions(by=by, reason="Because I would like to")


def test_power_over_others_takes_a_reason(ines, cleo):
    for act in (
        lambda: operations.end_sessions(cleo, by=ines, reason="  "),
        lambda: operations.end_all_sessions(by=ines, reason="so"),
        lambda: operations.open_person(cleo, by=ines, reason=""),
        lambda: operations.grant_role(cleo, role="moderator", by=ines, reason=""),
    ):
        with pytest.raises(Refused):
            act()
    assert not AuditEntry.objects.exists()


# What hurts asks again

SENSITIVE = {
    "account_email": {"email": "elsewhere@example.org", "action_add": ""},
    "account_set_password": {"password1": "eleven loud geese"},
    "mfa_activate_totp": {"code": "123456"},
    "mfa_deactivate_totp": {},
    "mfa_add_webauthn": {"credential": "{}"},
    "mfa_generate_recovery_codes": {},
    "mfa_view_recovery_codes": None,
    "mfa_download_recovery_codes": None,
    "record_download": {},
    "leave": {"words": "stay"},
}
"""Address → what is sent there; None: already looking is guarded. Of staff: test_admin.py."""


@pytest.mark.parametrize("name", SENSITIVE)
@pytest.mark.parametrize("minutes", [None, 11, 9])
def test_what_hurts_takes_a_proof_of_the_last_ten_minutes(as_, cleo, name, minutes):
    if name in ("mfa_deactivate_totp", "mfa_view_recovery_codes", "mfa_download_recovery_codes"):
        TOTP.activate(cleo, "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP")
        RecoveryCodes.activate(cleo)
    client = as_(cleo)
    session = client.session
    if minutes:
        session["account_authentication_methods_user"] = str(cleo.pk)
        session["account_authentication_methods"] = [
            {"method": "password", "at": time.time() - minutes * 60}
        ]
        session.save()
    typed = SENSITIVE[name]
    url = reverse(name)
    answer = client.get(url) if typed is None else client.post(url, typed)
    asks = answer.status_code == 302 and "reauthenticate" in answer.url
    assert asks is (minutes != 9), answer.status_code


def test_every_address_that_changes_how_one_signs_in_is_in_the_list():
    """A new one of allauth's, or of ours, has to be thought about."""
    known = set(SENSITIVE) | {
        # The old password is proof; the others show, end or prove something.
        "account_change_password", "account_login", "account_logout", "account_signup",
        "account_inactive", "account_reauthenticate", "account_reauthenticate_by_code",
        "account_confirm_login_code", "account_request_login_code", "account_reset_password",
        "account_confirm_password_reset_code", "account_complete_password_reset",
        "account_email_verification_sent", "account_confirm_email", "account_reset_password_done",
        "account_reset_password_from_key", "account_reset_password_from_key_done",
        "account_password_reset_completed",
        "mfa_authenticate", "mfa_index", "mfa_reauthenticate", "mfa_reauthenticate_webauthn",
        "mfa_list_webauthn", "mfa_login_webauthn", "mfa_trust",
        # Behind the list of passkeys, and guarded like adding one (tests below).
        "mfa_edit_webauthn", "mfa_remove_webauthn",
    }  # fmt: skip
    found = {address.name for address in every_address()}
    unknown = {name for name in found if name.startswith(("account_", "mfa_"))} - known
    assert unknown == set()


def test_a_passkey_is_removed_with_a_fresh_proof_only(as_, cleo):
    key = Authenticator.objects.create(
        user=cleo, type=Authenticator.Type.WEBAUTHN, data={"name": "Mine", "credential": {}}
    )
    answer = as_(cleo).post(reverse("mfa_remove_webauthn", args=[key.pk]))
    assert "reauthenticate" in answer.url
    assert Authenticator.objects.filter(pk=key.pk).exists()
