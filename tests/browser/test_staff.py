"""Staff at work: the admin on a phone and a desk, the audit log, the way to a second factor."""

from __future__ import annotations

import pytest
from allauth.mfa.models import Authenticator
from django.conf import settings as site_settings

from community.models import AuditEntry, StaffRole
from tests import factories
from tests.browser.conftest import look

ADMIN = f"/{site_settings.ADMIN_URL}"
LISTS = (
    "member", "space", "membership", "item", "invitation", "staffrole", "outboxmail", "auditentry",
    "community",
)  # fmt: skip


@pytest.fixture
def ines(community):
    return factories.make_member("Ines Farah", staff=StaffRole.Role.ADMIN)


@pytest.mark.parametrize("phone", [True, False], ids=["phone", "desktop"])
def test_the_admin_opens_a_person_with_a_reason_and_breaks_no_policy(
    visit, ines, ben, north, ada, phone
):
    factories.make_topic(north, title="Boiler in block C", by=ada)
    page = visit(ines, phone=phone)
    for path in (ADMIN, *(f"{ADMIN}community/{name}/" for name in LISTS), f"{ADMIN}sessions/end/"):
        assert page.goto(path).status == 200
        assert page.locator("h1").count() == 1
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, path
    page.goto(f"{ADMIN}community/member/?q=ben")
    page.get_by_role("link", name="Ben Castillo").click()
    page.get_by_label("Why do you open this?").fill("They wrote that they cannot sign in")
    page.get_by_role("button", name="Open it").click()
    page.get_by_text(ben.email).wait_for()
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    assert AuditEntry.objects.get().person_id == ben.pk
    page.goto("/desk/audit/")
    page.get_by_text("They wrote that they cannot sign in").wait_for()
    look(page, f"audit-{'phone' if phone else 'desktop'}")


@pytest.mark.parametrize("phone", [True, False], ids=["phone", "desktop"])
def test_staff_set_up_a_passkey_and_go_on_to_their_desk(visit, community, phone, settings):
    settings.STAFF_SECOND_FACTOR = True
    ines = factories.make_member(
        "Ines Farah", staff=StaffRole.Role.ADMIN, password="seven quiet herons"
    )
    page = visit(phone=phone)
    page.goto("/accounts/login/?next=/desk/")
    page.fill("input[name=login]", ines.email)
    page.fill("input[name=password]", "seven quiet herons")
    page.click("main form.form .btn")
    page.wait_for_url("**/me/second-factor/")
    look(page, f"second-factor-{'phone' if phone else 'desktop'}")
    device = page.context.new_cdp_session(page)
    device.send("WebAuthn.enable")
    device.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )
    page.get_by_role("link", name="Add a passkey").click()
    page.click("text=Make the passkey")
    page.wait_for_url(lambda url: "webauthn/add" not in url)
    assert Authenticator.objects.filter(user=ines, type="webauthn").exists()
    assert page.goto("/desk/").status == 200
    assert page.url.endswith("/desk/")
