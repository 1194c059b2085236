"""Staff powers rest until a second factor is set up and used in this session."""

from __future__ import annotations

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.test import Client
from django.urls import reverse

from community import policies, staff
from community.models import Member, StaffRole
from config.environment import Environment
from tests import factories
from tests.addresses import every_address
from tests.community.test_accounts import PASSWORD, browser, totp_now  # noqa: F401

pytestmark = pytest.mark.django_db
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


@pytest.fixture(autouse=True)
def _asked_for(settings):
    settings.STAFF_SECOND_FACTOR = True


@pytest.fixture(params=StaffRole.Role.values)
def worker(request, community):
    return factories.make_member("Wanda Works", staff=request.param, password=PASSWORD)


@pytest.fixture
def ines(community):
    return factories.make_member("Ines Farah", staff=StaffRole.Role.ADMIN, password=PASSWORD)


def sign_in(browser, member):  # noqa: F811
    return browser.post(reverse("account_login"), {"login": member.email, "password": PASSWORD})


def set_up_an_app(browser):  # noqa: F811
    secret = browser.get(reverse("mfa_activate_totp")).context["form"].secret
    browser.post(reverse("mfa_activate_totp"), {"code": totp_now(secret)})
    return secret


def places_for_staff() -> list[str]:
    """Every address behind the desk, the moderation, the safeguarding; and the whole admin."""
    values = {"int": 1, "slug": "a", "str": "a", "path": "1", "uuid": "a"}
    found = [
        address.at(**{name: values[kind] for kind, name in address.parts})
        for address in every_address()
        if f"/{address.route}".startswith(staff._STAFF_ONLY)
    ]
    models = ("member", "space", "membership", "item", "invitation", "staffrole", "auditentry")
    admin = ["", "sessions/end/", "jsi18n/", "community/", "community/member/1/change/"]
    admin += [f"community/{model}/" for model in (*models, "outboxmail", "community")]
    return found + [f"/{settings.ADMIN_URL}{path}" for path in admin]


def test_without_a_second_factor_staff_reach_no_page_for_staff(browser, worker):  # noqa: F811
    sign_in(browser, worker)
    there = reverse("second_factor")
    paths = places_for_staff()
    assert len(paths) > 25
    for path in paths:
        for answer in (browser.get(path), browser.post(path)):
            assert (answer.status_code, answer.get("Location")) == (302, there), path
    page = browser.get(there)
    assert page.status_code == 200
    assert reverse("mfa_activate_totp") in page.content.decode()


def test_without_it_no_policy_counts_their_role(browser, ines):  # noqa: F811
    sign_in(browser, ines)
    request = browser.get(reverse("me")).wsgi_request
    member = request.user
    assert staff.needs_second_factor(member)
    assert member.held_roles == {"admin"}
    assert not member.staff_roles
    assert not member.is_staff
    assert not member.has_perm("community.view_member")
    assert not policies.moderates(member)
    assert not policies.steers_community(member)
    assert not policies.can_end_sessions(member)


@pytest.mark.django_db(transaction=True)
def test_setting_one_up_opens_the_desk_at_once(browser, ines):  # noqa: F811
    sign_in(browser, ines)
    set_up_an_app(browser)
    assert browser.get(reverse("desk")).status_code == 200
    assert browser.get(f"/{settings.ADMIN_URL}").status_code == 200


def test_signing_in_with_it_opens_the_desk_and_without_it_nothing(browser, ines):  # noqa: F811
    TOTP.activate(ines, SECRET)
    sign_in(browser, ines)
    assert "_auth_user_id" not in browser.session
    browser.post(reverse("mfa_authenticate"), {"code": totp_now(SECRET)})
    assert browser.get(reverse("desk")).status_code == 200


def test_a_session_from_before_has_to_use_it_once(ines):
    TOTP.activate(ines, SECRET)
    client = Client()
    client.force_login(ines)  # a session that knows nothing of a second factor
    assert client.get(reverse("desk")).url == reverse("second_factor")
    page = client.get(reverse("second_factor"))
    assert reverse("mfa_reauthenticate") in page.content.decode()
    client.post(reverse("mfa_reauthenticate"), {"code": totp_now(SECRET)})
    assert client.get(reverse("desk")).status_code == 200


@pytest.mark.django_db(transaction=True)
def test_taking_the_last_one_away_closes_the_desk_again(browser, ines):  # noqa: F811
    sign_in(browser, ines)
    set_up_an_app(browser)
    assert browser.get(reverse("desk")).status_code == 200
    browser.post(reverse("mfa_deactivate_totp"))
    assert not Authenticator.objects.filter(user=ines).exists()
    assert browser.get(reverse("desk")).url == reverse("second_factor")


def test_a_passkey_counts_as_well(ines):
    Authenticator.objects.create(user=ines, type=Authenticator.Type.WEBAUTHN, data={})
    assert staff.has_factor(ines)
    client = Client()
    client.force_login(ines)
    session = client.session
    session["account_authentication_methods_user"] = str(ines.pk)
    session["account_authentication_methods"] = [
        {"method": "mfa", "type": "webauthn", "at": 1.0, "passwordless": True}
    ]
    session.save()
    assert client.get(reverse("desk")).status_code == 200


def test_recovery_codes_alone_are_no_second_factor(ines):
    Authenticator.objects.create(user=ines, type=Authenticator.Type.RECOVERY_CODES, data={})
    assert not staff.has_factor(ines)


def test_members_are_not_asked_and_stewards_kindly(as_, ada, cleo, north):
    assert as_(cleo).get(reverse("second_factor")).status_code == 404
    home = as_(ada).get("/").content.decode()
    assert reverse("second_factor") in home
    assert as_(ada).get(reverse("desk")).status_code == 200
    TOTP.activate(ada, SECRET)
    assert reverse("second_factor") not in as_(ada).get("/").content.decode()
    assert reverse("second_factor") not in as_(cleo).get("/").content.decode()


def test_what_one_does_as_a_member_goes_on(browser, ines):  # noqa: F811
    sign_in(browser, ines)
    for name in ("today", "people", "me", "notices", "security"):
        assert browser.get(reverse(name)).status_code == 200


def test_the_trial_does_without_and_says_so(as_, ines, settings):
    settings.STAFF_SECOND_FACTOR = False
    assert as_(ines).get(reverse("desk")).status_code == 200
    for path in (reverse("second_factor"), reverse("desk"), f"/{settings.ADMIN_URL}"):
        assert "This is a trial" in as_(ines).get(path).content.decode()
    settings.STAFF_SECOND_FACTOR = True
    assert "This is a trial" not in as_(ines).get(reverse("second_factor")).content.decode()


def test_only_a_trial_on_embedded_servers_does_without(monkeypatch, tmp_path):
    env = Environment(tmp_path)
    monkeypatch.setenv("STAFF_SECOND_FACTOR", "0")
    env.embedded = True
    assert env.staff_second_factor(default=True) is False
    env.embedded = False
    with pytest.raises(ImproperlyConfigured, match="STAFF_SECOND_FACTOR"):
        env.staff_second_factor(default=True)
    monkeypatch.delenv("STAFF_SECOND_FACTOR")
    assert env.staff_second_factor(default=True) is True


def test_roles_are_asked_of_the_database_outside_of_requests(ines):
    assert Member.objects.get(pk=ines.pk).staff_roles == {"admin"}
