"""Pages about people on a phone and a desk, light and dark; passkeys with a device that has one."""

from __future__ import annotations

import re

import pytest
from allauth.mfa.models import Authenticator

from community.models import Member, OutboxMail, Space
from community.operations import people
from tests import factories
from tests.browser.conftest import look

HOME = re.compile(r":\d+/$")
PAGES = {
    "people": "/people/",
    "people-none": "/people/?q=nobody",
    "me": "/me/",
    "profile": "/me/profile/",
    "privacy": "/me/privacy/",
    "look": "/me/look/",
    "security": "/me/security/",
    "kept-away": "/me/kept-away/",
    "second-lock": "/accounts/2fa/",
    "passkeys": "/accounts/2fa/webauthn/",
    "sessions": "/accounts/sessions/",
    "email": "/accounts/email/",
    "elsewhere": "/accounts/3rdparty/",
    "prove-by-code": "/accounts/reauthenticate/code/",
    "sign-out": "/accounts/logout/",
    "welcome-1": "/welcome/",
    "welcome-2": "/welcome/2/",
    "welcome-3": "/welcome/3/",
    "welcome-groups": "/welcome/groups/",
}
VISITORS = {
    "sign-in": "/accounts/login/",
    "sign-up": "/accounts/signup/",
    "reset": "/accounts/password/reset/",
}


@pytest.fixture
def rosa(community, north) -> Member:
    community.areas = ["Riverside North", "Mill Street"]
    community.wishes = ["Meet neighbours", "Learn my rights"]
    community.save()
    rosa = factories.make_member(
        "Rosa Imani",
        pronouns="she/her",
        area="Riverside North",
        about="I have lived in the tower since 1998.",
        skills="first aid, cooking for 80",
        spoken_languages="Spanish, English",
        ask_me_about="benches, bins and bylaws",
    )
    factories.belong(rosa, north)
    return rosa


def code_for(address: str) -> str:
    mail = OutboxMail.objects.filter(to=address).latest("pk")
    return re.search(r"\b[B-Z]{4}-[B-Z]{4}\b", mail.body_text)[0]


@pytest.mark.parametrize(("phone", "dark"), [(True, False), (False, True)])
def test_every_page_about_oneself_is_sound(visit, rosa, ben, phone, dark):
    page = visit(rosa, phone=phone, dark=dark)
    for name, path in {
        **PAGES,
        "person": f"/people/{ben.pk}/",
        "mine": f"/people/{rosa.pk}/",
    }.items():
        page.goto(path)
        assert page.locator("h1").count() == 1, name
        look(page, f"people-{name}-{'phone' if phone else 'desk'}")


@pytest.mark.parametrize(("phone", "dark"), [(True, True), (False, False)])
def test_every_page_before_signing_in_is_sound(visit, community, phone, dark):
    page = visit(phone=phone, dark=dark)
    for name, path in VISITORS.items():
        page.goto(path)
        look(page, f"people-{name}-{'phone' if phone else 'desk'}")


def test_waiting_at_the_door_is_sound_on_both_sides(visit, ruth):
    Space.objects.filter(kind=Space.ROOT).update(
        join_policy=Space.JoinPolicy.ASK, questions=["How did you hear of us?"]
    )
    samir = factories.make_member("Samir Aziz", root_ring=0)
    page = visit(samir, phone=True)
    page.goto("/join/")
    look(page, "people-questions-phone")
    page.fill("textarea", "My neighbour told me about the boiler letter.")
    page.click("main form.form .btn")
    page.wait_for_selector("text=Ruth Ortega")
    look(page, "people-waiting-phone")
    steward = visit(ruth, phone=True, dark=True)
    steward.goto("/community/requests/")
    look(steward, "people-requests-phone")
    steward.click("text=Welcome Samir")
    steward.wait_for_selector("text=Nobody waits")
    look(steward, "people-requests-none-phone")
    page.goto("/join/")
    assert page.url.endswith("/")


def test_blocking_somebody_is_undone_from_the_toast(visit, rosa, ben):
    page = visit(rosa, phone=True)
    page.goto(f"/people/{ben.pk}/")
    page.click("[popovertarget=person-menu]")
    page.click("#person-menu >> text=Block")
    page.wait_for_selector(".toast")
    look(page, "people-blocked-phone")
    assert rosa.blocks.count() == 1
    page.click(".toast >> text=Undo")
    page.wait_for_selector("text=no longer blocked")
    assert rosa.blocks.count() == 0


def test_the_list_of_people_narrows_while_one_types(visit, rosa, ben):
    page = visit(rosa)
    page.goto("/people/")
    assert page.locator("article").count() >= 2
    page.locator("main summary").click()
    page.locator("#id_can").press_sequentially("bylaws", delay=10)
    page.locator("article").nth(1).wait_for(state="detached")
    assert page.locator("article").count() == 1
    page.wait_for_load_state("networkidle")
    assert "can=bylaws" in page.url


def test_a_passkey_is_made_signs_in_and_is_the_second_lock(visit, rosa):
    page = visit(phone=True)
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

    def by_code() -> None:
        page.goto("/accounts/login/")
        page.fill("input[name=login]", rosa.email)
        page.click("main form.form .btn")
        page.wait_for_selector("input[name=code]")
        page.fill("input[name=code]", code_for(rosa.email))
        page.click("main form.form .btn")

    def sign_out() -> None:
        page.goto("/accounts/logout/")
        page.click("main form .btn >> nth=0")
        page.wait_for_url(HOME)

    by_code()
    page.wait_for_url(HOME)
    page.goto("/accounts/2fa/webauthn/add/")
    look(page, "people-passkey-phone")
    page.click("text=Make the passkey")
    page.wait_for_url("**/recovery-codes/")
    look(page, "people-recovery-codes-phone")
    assert Authenticator.objects.filter(user=rosa, type="webauthn").exists()
    page.goto("/accounts/2fa/webauthn/")
    look(page, "people-passkey-list-phone")

    sign_out()
    page.goto("/accounts/login/?next=/people/")
    page.click("text=Sign in with a passkey")
    page.wait_for_url(re.compile(r":\d+/people/$"))

    sign_out()
    by_code()
    page.wait_for_url("**/2fa/authenticate/")
    look(page, "people-second-lock-asked-phone")
    page.click("text=Use a passkey")
    page.wait_for_url(HOME)
    page.goto("/me/")
    assert page.url.endswith("/me/")


def test_an_app_is_set_up_with_a_picture_to_scan(visit, rosa):
    page = visit(phone=True)
    page.goto("/accounts/login/")
    page.fill("input[name=login]", rosa.email)
    page.click("main form.form .btn")
    page.wait_for_selector("input[name=code]")
    look(page, "people-code-phone")
    page.fill("input[name=code]", code_for(rosa.email))
    page.click("main form.form .btn")
    page.wait_for_url(HOME)
    page.goto("/accounts/2fa/totp/activate/")
    assert page.locator(".qr svg").is_visible()
    look(page, "people-app-phone")


def test_who_shows_less_still_has_a_name(visit, rosa, ben, north):
    people.choose_privacy(rosa, by=rosa, profile_seen_by="contacts", in_directory=False)
    factories.make_topic(north, by=rosa)
    page = visit(ben, phone=True)
    page.goto(f"/people/{rosa.pk}/")
    look(page, "people-name-only-phone")
    assert "bylaws" not in page.content()


def test_load_more_adds_people_below_and_works_without_script(visit, rosa):
    for number in range(30):
        factories.make_member(f"Person {number:02}")
    page = visit(rosa)
    page.goto("/people/")
    assert page.locator("article").count() == 24
    page.click("text=Load more")
    page.locator("#more-people").wait_for(state="detached")
    assert page.locator("article").count() == Member.objects.filter(in_directory=True).count()
    look(page, "people-more-desk")
    plain = visit(rosa, script=False)
    plain.goto("/people/")
    plain.click("text=Load more")
    plain.wait_for_url("**cursor=**")
    assert plain.locator("article").count() == page.locator("article").count() - 24
