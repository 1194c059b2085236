"""The staff's admin: only for looking, each role its own, people's pages with a reason."""

from __future__ import annotations

import re

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from community import staff
from community.admin import site
from community.admin.people import OPEN_FOR
from community.models import (
    AuditEntry,
    Invitation,
    Item,
    Member,
    Membership,
    Notice,
    Openness,
    OutboxMail,
    Ring,
    Space,
    StaffRole,
)
from community.operations import invitations
from tests import factories

pytestmark = pytest.mark.django_db
ROOT = f"/{settings.ADMIN_URL}"
WHY = "They wrote that they cannot sign in"
# What may be looked at: a model that is not named here is not for staff.
REGISTERED = {
    "AuditEntry", "Community", "Invitation", "Item", "Member", "Membership", "OutboxMail", "Space",
    "StaffRole",
}  # fmt: skip
SECRET_COLUMNS = re.compile(
    r"password|token|secret|hash|body|html|header|subject|text|note|search|attachment|email|about$"
)


@pytest.fixture
def ines(community):
    return factories.make_member("Ines Farah", staff=StaffRole.Role.ADMIN)


@pytest.fixture
def dara(community):
    return factories.make_member("Dara Quinn", staff=StaffRole.Role.DATA_PROTECTION)


@pytest.fixture
def sela(community):
    return factories.make_member("Sela Nakata", staff=StaffRole.Role.SAFEGUARDING)


def proved(client: Client, member: Member) -> Client:
    """Signed in within the last ten minutes."""
    import time

    session = client.session
    session["account_authentication_methods_user"] = str(member.pk)
    session["account_authentication_methods"] = [{"method": "password", "at": time.time()}]
    session.save()
    return client


def of(model: str, pk: object = "", what: str = "") -> str:
    return f"{ROOT}community/{model}/" + (f"{pk}/" if pk else "") + (f"{what}/" if what else "")


# What is there


def test_nothing_is_registered_that_is_not_on_the_list():
    assert {model.__name__ for model in site._registry} == REGISTERED
    assert set(staff.SEEN_IN_ADMIN) == {name.lower() for name in REGISTERED}


def test_no_list_or_page_shows_or_searches_a_secret_column():
    for model, looked in site._registry.items():
        named = [*looked.list_display, *(looked.fields or ()), *looked.search_fields]
        named += [*getattr(looked, "FIELDS", ())]
        named += [found[0] for found in looked.list_filter if isinstance(found, tuple)]
        names = [getattr(name, "column", name) for name in named]
        secret = [name for name in names if SECRET_COLUMNS.search(name)]
        assert secret == [], model


def test_nobody_adds_changes_deletes_or_exports(rf, ines):
    request = rf.get("/")
    request.user = ines
    for looked in site._registry.values():
        assert looked.actions is None
        assert not looked.has_add_permission(request)
        assert not looked.has_change_permission(request)
        assert not looked.has_delete_permission(request)
        names = {pattern.name for pattern in looked.get_urls()}
        assert not any(re.search(r"_(add|delete|history)$", name or "") for name in names)


def test_the_doors_of_djangos_own_admin_are_walled_up(as_, ines, cleo, north):
    client = as_(ines)
    for path in ("password_change/", "autocomplete/", "r/1/1/"):
        assert client.get(ROOT + path).status_code == 404
    assert client.get(f"{ROOT}logout/").url == reverse("account_logout")
    for what in ("delete", "history"):
        assert client.get(of("space", north.pk, what)).status_code == 404
    assert client.get(of("space") + "add/").status_code == 404
    for path in (of("space"), of("member")):
        assert client.post(path, {"action": "delete_selected"}).status_code == 404
    answer = client.post(of("space", north.pk, "change"), {"name": "Taken over"})
    assert answer.status_code == 403
    north.refresh_from_db()
    assert north.name == "North Side"


@pytest.mark.parametrize(
    "query",
    ["password__startswith=md5", "email__contains=ben", "authenticator__type=totp", "handle=x"],
)
def test_a_list_answers_no_question_that_it_does_not_ask(as_, ines, ben, query):
    answer = as_(ines).get(f"{of('member')}?{query}")
    assert answer.status_code in (302, 400)
    if answer.status_code == 302:
        assert answer.url == of("member")


# Each role its own

SEES = {
    "ines": {"Community", "Space", "Member", "Membership", "Item", "Invitation", "StaffRole",
             "OutboxMail", "AuditEntry"},
    "dara": {"Space", "Member", "Membership", "StaffRole", "AuditEntry"},
    "mo": {"Space", "Member", "Item", "Invitation"},
    "sela": {"Member"},
    "cleo": set(),
    "ada": set(),
    "root_steward": set(),
}  # fmt: skip


@pytest.mark.parametrize("who", SEES)
def test_each_role_sees_what_is_its_own(request, as_, who, north):
    client = as_(request.getfixturevalue(who))
    for name in REGISTERED:
        status = client.get(of(name.lower())).status_code
        assert status == (200 if name in SEES[who] else 404), name
    assert client.get(ROOT).status_code == (200 if SEES[who] else 404)


def test_a_guest_is_led_to_sign_in(community):
    answer = Client().get(of("member"))
    assert answer.status_code == 302
    assert "login" in answer.url


def test_staff_see_the_groups_they_might_see_on_the_site_and_no_others(as_, ines, mo, ada):
    hidden = factories.make_space("Zebra Room", steward=ada, openness=Openness.SECRET)
    shut = factories.make_space("Lemur Room", steward=ada, openness=Openness.CLOSED)
    insider = factories.make_member("Quiet Insider")
    for space in (hidden, shut):
        factories.belong(insider, space, ring=Ring.PARTICIPANT)
    words = factories.make_topic(shut, title="Words of the lemurs", by=ada)
    invitations.invite(hidden, by=ada, email="x@example.org")
    for member in (ines, mo):
        client = as_(member)
        for model in ("space", "membership", "item", "invitation"):
            page = client.get(of(model) + "?q=room").content.decode()
            page += client.get(of(model)).content.decode()
            assert "Zebra" not in page
            assert "lemurs" not in page
            assert model == "space" or "Lemur" not in page or model == "invitation"
        for path in (of("space", hidden.pk, "change"), of("item", words.pk, "change")):
            assert client.get(path).status_code == 404
    assert Membership.objects.filter(member=insider).count() == 3


def test_mail_shows_whether_it_left_and_not_what_it_says_or_to_whom(as_, ines):
    mail = OutboxMail.objects.create(
        to="private.person@example.org",
        subject="Zebra subject",
        body_text="Zebra text",
        body_html="Zebra",
        headers={"List-Unsubscribe": "<https://x/Zebra>"},
        error="550 <private.person@example.org> unknown",
    )
    for path in (of("outboxmail"), of("outboxmail", mail.pk, "change")):
        page = as_(ines).get(path).content.decode()
        assert "…@example.org" in page
        assert "private.person" not in page
        assert "Zebra" not in page


def test_an_invitation_shows_neither_link_nor_receiver(as_, ines, ada, north):
    invitations.invite(north, by=ada, email="private.person@example.org", note="Zebra")
    row = Invitation.objects.get()
    for path in (of("invitation"), of("invitation", row.pk, "change")):
        page = as_(ines).get(path).content.decode()
        assert "private.person" not in page
        assert "Zebra" not in page
        assert row.token_hash not in page


# Pages of people


def test_a_persons_page_opens_with_a_reason_that_is_written_down(as_, ines, ben):
    client = as_(ines)
    page = of("member", ben.pk, "change")
    answer = client.get(page)
    assert answer.url == of("member", ben.pk, "why")
    assert "Why do you open this?" in client.get(answer.url).content.decode()
    assert client.post(answer.url, {"reason": "x"}).status_code == 422
    assert not AuditEntry.objects.exists()
    assert client.post(answer.url, {"reason": WHY}).url == page
    shown = client.get(page)
    assert shown.status_code == 200
    assert ben.email in shown.content.decode()
    assert "+00:00" not in shown.content.decode()
    assert "None" not in shown.content.decode()
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.by_id, entry.person_id, entry.reason, entry.role) == (
        "admin.opened_person", ines.pk, ben.pk, WHY, "admin",
    )  # fmt: skip


def test_it_shuts_after_half_an_hour_and_opens_for_nobody_else(
    as_, ines, dara, ben, cleo, monkeypatch
):
    client = as_(ines)
    client.post(of("member", ben.pk, "why"), {"reason": WHY})
    page = of("member", ben.pk, "change")
    assert client.get(page).status_code == 200
    assert as_(dara).get(page).status_code == 302
    assert client.get(of("member", cleo.pk, "change")).status_code == 302
    later = AuditEntry.objects.get().at + OPEN_FOR
    monkeypatch.setattr("community.admin.people.now", lambda: later)
    assert client.get(page).status_code == 200
    monkeypatch.setattr("community.admin.people.now", lambda: later.replace(year=later.year + 1))
    assert client.get(page).status_code == 302


def test_ones_own_page_needs_no_reason(as_, ines):
    assert as_(ines).get(of("member", ines.pk, "change")).status_code == 200


def test_moderators_read_no_addresses_and_find_only_whom_they_may_see(as_, mo, ben, north):
    quiet = factories.make_member("Quiet One", profile_seen_by=Member.SeenBy.CONTACTS)
    client = as_(mo)
    listed = client.get(of("member")).content.decode()
    assert "Ben Castillo" in listed
    assert "Quiet One" not in listed
    assert client.get(of("member", quiet.pk, "why")).status_code == 404
    client.post(of("member", ben.pk, "why"), {"reason": WHY})
    shown = client.get(of("member", ben.pk, "change")).content.decode()
    assert "Ben Castillo" in shown
    assert ben.email not in shown


def test_a_page_names_no_secret_group(as_, ines, ben, ada):
    hidden = factories.make_space("Zebra Room", steward=ada, openness=Openness.SECRET)
    factories.belong(ben, hidden, ring=Ring.PARTICIPANT)
    client = as_(ines)
    client.post(of("member", ben.pk, "why"), {"reason": WHY})
    shown = client.get(of("member", ben.pk, "change")).content.decode()
    assert "North Side" in shown
    assert "Zebra" not in shown


# What can be done


def test_a_role_is_given_and_taken_with_a_reason_and_told(as_, ines, ben, committed):
    client = proved(as_(ines), ines)
    with committed():
        answer = client.post(
            of("member", ben.pk, "role"), {"role": "moderator", "reason": "Elected in May"}
        )
    assert answer.status_code == 302
    held = StaffRole.objects.get(member=ben)
    assert (held.role, held.granted_by) == ("moderator", ines)
    with committed():
        client.post(of("staffrole", held.pk, "revoke"), {"reason": "The term is over"})
    assert not StaffRole.objects.filter(member=ben).exists()
    acts = AuditEntry.objects.order_by("pk").values_list("action", "person_id", "data")
    assert list(acts) == [
        ("staff.granted_role", ben.pk, {"role": "moderator"}),
        ("staff.revoked_role", ben.pk, {"role": "moderator"}),
    ]
    told = Notice.objects.filter(member=ben).values_list("activity__verb", flat=True)
    assert set(told) == {"staff.granted", "staff.revoked"}
    assert "staff role" in as_(ben).get(reverse("notices")).content.decode()


def test_what_hurts_asks_again_who_it_is(as_, ines, ben):
    client = as_(ines)  # signed in, nobody knows when
    held = StaffRole.objects.create(member=ben, role="moderator")
    for path, typed in (
        (of("member", ben.pk, "role"), {"role": "admin", "reason": WHY}),
        (of("member", ben.pk, "sign-out"), {"reason": WHY}),
        (of("staffrole", held.pk, "revoke"), {"reason": WHY}),
        (f"{ROOT}sessions/end/", {"reason": WHY, "typed": "everybody"}),
    ):
        answer = client.post(path, typed)
        assert answer.status_code == 302
        assert "reauthenticate" in answer.url, path
    assert not AuditEntry.objects.exists()
    assert StaffRole.objects.filter(member=ben).count() == 1


def test_everybody_is_signed_out_with_a_word_typed(as_, ines, ben):
    client, other = proved(as_(ines), ines), as_(ben)
    path = f"{ROOT}sessions/end/"
    assert client.post(path, {"reason": WHY, "typed": "yes"}).status_code == 422
    assert other.get(reverse("me")).status_code == 200
    assert client.post(path, {"reason": WHY, "typed": "Everybody"}).status_code == 302
    assert other.get(reverse("me")).status_code == 302
    assert client.get(ROOT).status_code == 200


@pytest.mark.parametrize("who", ["mo", "dara", "sela"])
def test_only_administrators_do_anything(request, as_, who, ben):
    member = request.getfixturevalue(who)
    client = proved(as_(member), member)
    held = StaffRole.objects.create(member=ben, role="moderator")
    for path in (
        of("member", ben.pk, "role"),
        of("member", ben.pk, "sign-out"),
        of("staffrole", held.pk, "revoke"),
        f"{ROOT}sessions/end/",
    ):
        assert client.get(path).status_code == 404
        assert client.post(path, {"reason": WHY, "role": "admin"}).status_code == 404


def test_nobody_gives_roles_to_themselves_or_leaves_the_site_without_an_administrator(
    as_, ines, dara
):
    client = proved(as_(ines), ines)
    answer = client.post(of("member", ines.pk, "role"), {"role": "moderator", "reason": WHY})
    assert answer.status_code == 422
    ulla = factories.make_member("Ulla", staff=StaffRole.Role.ADMIN)
    client = proved(as_(ulla), ulla)
    first = StaffRole.objects.get(member=ines)
    assert client.post(of("staffrole", first.pk, "revoke"), {"reason": WHY}).status_code == 302
    last = StaffRole.objects.get(member=ulla)
    assert client.post(of("staffrole", last.pk, "revoke"), {"reason": WHY}).status_code == 422
    assert set(StaffRole.objects.values_list("member", "role")) == {
        (ulla.pk, "admin"),
        (dara.pk, "data_protection"),
    }


# How it looks


def test_every_page_is_free_of_inline_code_and_names_the_community(as_, ines, ben, north, ada):
    factories.make_topic(north, title="Hello", by=ada)
    client = as_(ines)
    client.post(of("member", ben.pk, "why"), {"reason": WHY})
    pages = [ROOT, f"{ROOT}sessions/end/", f"{ROOT}community/", of("member", ben.pk, "role")]
    pages += [of(name.lower()) for name in REGISTERED]
    rows = (ben, north, Item.objects.get(), AuditEntry.objects.first(), StaffRole.objects.first())
    pages += [of(row._meta.model_name, row.pk, "change") for row in rows]
    pages.append(of("community", Space.objects.root().pk, "change"))
    for path in pages:
        answer = client.get(path)
        assert answer.status_code == 200, path
        page = answer.content.decode()
        assert "Riverside Tenants" in page
        assert not re.search(r"<style|style=|<script(?![^>]*\bsrc=)|\son[a-z]+=|javascript:", page)


def test_names_written_to_hurt_do_nothing_there(as_, ines, ben):
    Member.objects.filter(pk=ben.pk).update(name="<script>alert(1)</script>")
    client = as_(ines)
    client.post(of("member", ben.pk, "why"), {"reason": "<img src=x onerror=alert(1)>"})
    for path in (of("member"), of("member", ben.pk, "change"), of("auditentry"), "/desk/audit/"):
        page = client.get(path).content.decode()
        assert "<script>alert" not in page
        assert "<img src=x" not in page
