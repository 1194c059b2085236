"""Invitations: made by those who may, shown by GET, used by POST."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.db import connections
from django.utils import timezone

from community import limits
from community.accounts.adapter import INVITATION
from community.models import (
    Invitation,
    InvitationUse,
    Membership,
    MembershipEvent,
    OutboxMail,
    Ring,
    Space,
)
from community.operations import invitations, membership, rings
from community.policies import Refused
from tests import factories


def ring(member, space):
    held = Membership.objects.filter(member=member, space=space).first()
    return held.ring if held else 0


@pytest.fixture
def secret(ada):
    space = factories.make_space("Night Watch", steward=ada, openness="secret", purpose="To watch")
    ada.forget()
    return space


def test_opening_the_link_changes_nothing(secret, ada, cleo, as_):
    invitation, token = factories.make_invitation(secret, by=ada)
    for person in (None, cleo, ada):
        for _time in range(3):
            page = as_(person).get(f"/invitations/{token}/")
            assert page.status_code == 200
            assert "Night Watch" in page.content.decode()
            as_(person).head(f"/invitations/{token}/")
    invitation.refresh_from_db()
    assert invitation.uses == 0
    assert not InvitationUse.objects.exists()
    assert ring(cleo, secret) == 0


def test_a_member_comes_in_by_pressing_the_button(secret, ada, cleo, as_):
    invitation, token = factories.make_invitation(secret, by=ada)
    answer = as_(cleo).post(f"/invitations/{token}/")
    assert answer.url == f"/groups/{secret.slug}/"
    assert ring(cleo, secret) == Ring.PARTICIPANT
    invitation.refresh_from_db()
    assert invitation.uses == 1


def test_a_guest_keeps_the_invitation_while_signing_up(north, ada, as_):
    _invitation, token = factories.make_invitation(north, by=ada)
    client = as_(None)
    answer = client.post(f"/invitations/{token}/")
    assert answer.url == "/accounts/signup/"
    assert client.session[INVITATION] == token
    page = client.get(f"/invitations/{token}/").content.decode()
    assert f"/accounts/login/?next=%2Finvitations%2F{token}%2F" in page


def test_who_has_an_account_and_is_not_in_the_community_yet_is_in_both_afterwards(north, ada, as_):
    newcomer = factories.make_member("New Comer", root_ring=0)
    _invitation, token = factories.make_invitation(north, by=ada)
    as_(newcomer).post(f"/invitations/{token}/")
    assert ring(newcomer, north) == Ring.PARTICIPANT
    assert ring(newcomer, Space.objects.root()) == Ring.PARTICIPANT


def test_using_it_again_costs_no_use(north, ada, cleo):
    invitation, token = factories.make_invitation(north, by=ada, max_uses=2)
    invitations.use_invitation(token, by=cleo)
    invitations.use_invitation(token, by=cleo)
    invitation.refresh_from_db()
    assert invitation.uses == 1


def test_what_is_used_up_run_out_or_taken_back_opens_nothing(north, ada, ben, cleo, as_):
    _spent, spent_token = factories.make_invitation(north, by=ada)
    invitations.use_invitation(spent_token, by=cleo)
    late, late_token = factories.make_invitation(north, by=ada)
    Invitation.objects.filter(pk=late.pk).update(expires_at=timezone.now() - timedelta(minutes=1))
    gone, gone_token = factories.make_invitation(north, by=ada)
    invitations.revoke_invitation(gone, by=ada)
    newcomer = factories.make_member("New Comer")
    for token in (spent_token, late_token, gone_token, "no-such-token"):
        page = as_(newcomer).get(f"/invitations/{token}/")
        assert page.status_code == 404
        assert "North Side" not in page.content.decode()
        assert as_(newcomer).post(f"/invitations/{token}/").status_code == 404
    assert ring(newcomer, north) == 0


def test_an_invitation_dies_with_the_right_of_who_made_it(north, ada, ben, cleo):
    _invitation, token = factories.make_invitation(north, by=ben)
    membership.leave(north, by=ben)
    with pytest.raises(Refused):
        invitations.use_invitation(token, by=cleo)
    assert ring(cleo, north) == 0


def test_an_invitation_dies_with_the_account_of_who_made_it(north, ada, ben, cleo):
    _invitation, token = factories.make_invitation(north, by=ben)
    ben.is_active = False
    ben.save()
    with pytest.raises(Refused):
        invitations.use_invitation(token, by=cleo)


def test_the_token_is_nowhere_in_the_database(north, ada):
    invitation, token = factories.make_invitation(north, by=ada)
    assert len(token) >= 32
    assert token not in str(Invitation.objects.values().get(pk=invitation.pk))


def test_nobody_invites_further_in_than_they_may(north, ada, ben, fay, cleo):
    for person, ring_asked in ((ben, Ring.CORE), (fay, Ring.FOLLOWER), (cleo, Ring.FOLLOWER)):
        with pytest.raises(Refused):
            invitations.invite(north, by=person, ring=ring_asked)
    invitations.invite(north, by=ada, ring=Ring.STEWARD)


def test_several_addresses_get_a_letter_each(north, ada, as_, committed):
    with committed():
        answer = as_(ada).post(
            f"/groups/{north.slug}/invite/",
            {
                "how": "mail",
                "mail-emails": "one@example.org, two@example.org\nONE@example.org",
                "mail-ring": "2",
                "mail-note": "Come on Tuesday",
            },
        )
    assert answer.status_code == 302
    letters = OutboxMail.objects.order_by("to")
    assert [letter.to for letter in letters] == ["one@example.org", "two@example.org"]
    assert all("Come on Tuesday" in letter.body_text for letter in letters)
    assert all("/invitations/" in letter.body_text for letter in letters)
    assert letters[0].body_text != letters[1].body_text


def test_a_wrong_address_is_named_and_nothing_is_sent(north, ada, as_):
    answer = as_(ada).post(
        f"/groups/{north.slug}/invite/",
        {"how": "mail", "mail-emails": "one@example.org twoexample.org", "mail-ring": "2"},
    )
    assert answer.status_code == 422
    assert "twoexample.org" in answer.content.decode()
    assert not OutboxMail.objects.exists()
    assert not Invitation.objects.exists()


def test_nobody_has_us_write_to_half_the_town(north, ada, monkeypatch):
    row = limits.Limit("letter", 3, limits.DAY, "Go on at %(when)s.")
    monkeypatch.setattr(limits, "TABLE", (row,))
    invitations.invite_by_mail(north, by=ada, emails=["a@example.org", "b@example.org"])
    with pytest.raises(Refused):
        invitations.invite_by_mail(north, by=ada, emails=["c@example.org", "d@example.org"])
    assert OutboxMail.objects.count() == 2


def test_a_letter_speaks_the_language_of_who_gets_it(north, ada, cleo, committed, monkeypatch):
    from django.utils import translation

    from community import mail

    spoken = []
    monkeypatch.setattr(
        mail,
        "render_to_string",
        lambda *args: spoken.append(translation.get_language()) or "x",
    )
    cleo.language = "es"
    cleo.save()
    invitations.invite(north, by=ada, email=cleo.email)
    invitations.invite(north, by=ada, email="stranger@example.org")
    assert list(dict.fromkeys(spoken)) == ["es", "en"]
    assert spoken == sorted(spoken, reverse=True)


def test_a_link_is_shown_once(north, ada, as_):
    page = f"/groups/{north.slug}/invite/"
    client = as_(ada)
    said = {"how": "link", "link-max_uses": "5", "link-days": "3", "link-ring": "2"}
    made = client.post(page, said).content.decode()
    assert "/invitations/" in made
    assert "<svg" in made
    assert "style=" not in made
    again = client.get(page).content.decode()
    assert "/invitations/" not in again
    assert "Link for 5 more people" in again


def test_a_link_for_more_people_or_longer_than_allowed_is_refused(north, ada, as_):
    page = f"/groups/{north.slug}/invite/"
    for said in (
        {"link-max_uses": "500", "link-days": "3"},
        {"link-max_uses": "5", "link-days": "15"},
    ):
        answer = as_(ada).post(page, {"how": "link", "link-ring": "2"} | said)
        assert answer.status_code == 422
    assert not Invitation.objects.exists()


def test_who_takes_part_sees_only_their_own_invitations(north, ada, ben, as_):
    invitations.invite(north, by=ada, email="by-ada@example.org")
    invitations.invite(north, by=ben, email="by-ben@example.org")
    page = f"/groups/{north.slug}/invite/"
    assert "by-ada@example.org" not in as_(ben).get(page).content.decode()
    seen = as_(ada).get(page).content.decode()
    assert "by-ada@example.org" in seen
    assert "by-ben@example.org" in seen


def test_stewards_take_back_what_others_sent(north, ada, ben, fay, as_):
    invitation, _token = invitations.invite(north, by=ben)
    address = f"/groups/{north.slug}/invite/{invitation.pk}/revoke/"
    assert as_(fay).post(address).status_code == 403
    assert as_(ada).post(address).status_code == 302
    assert not Invitation.objects.live().exists()


def test_twenty_at_once_and_one_use_lets_one_in(transactional_db):
    factories.make_community()
    ada = factories.make_member("Ada")
    space = factories.make_space("Small", steward=ada, openness="secret")
    ada.forget()
    _invitation, token = factories.make_invitation(space, by=ada)
    people = [factories.make_member(f"Person {number}") for number in range(20)]
    start, came, refused = threading.Barrier(20), [], []

    def use(person):
        try:
            start.wait()
            invitations.use_invitation(token, by=person)
            came.append(person)
        except Refused:
            refused.append(person)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=use, args=[person]) for person in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(came), len(refused)) == (1, 19)
    assert Membership.objects.filter(space=space).count() == 2
    assert Invitation.objects.get().uses == 1
    assert Space.objects.get(pk=space.pk).member_count == 2


def test_who_is_in_comes_further_in_by_an_invitation_that_says_so(secret, ada, cleo, as_):
    factories.belong(cleo, secret, ring=Ring.FOLLOWER)
    cleo.forget()
    invitation, token = factories.make_invitation(secret, by=ada, ring=Ring.CORE)
    page = as_(cleo).get(f"/invitations/{token}/").content.decode()
    assert "take another place" in page
    assert ring(cleo, secret) == Ring.FOLLOWER
    answer = as_(cleo).post(f"/invitations/{token}/", follow=True).content.decode()
    assert "your place is now" in answer
    assert ring(cleo, secret) == Ring.CORE
    invitation.refresh_from_db()
    assert invitation.uses == 1
    moved = MembershipEvent.objects.get(member=cleo, what="moved")
    assert (moved.actor, moved.ring_before, moved.ring_after) == (ada, 1, 3)
    assert as_(cleo).get(f"/invitations/{token}/").status_code == 404, "it is used up"


def test_an_invitation_takes_nobody_back_and_nobody_in_who_made_it(secret, ada, ben, cleo):
    factories.belong(ben, secret, ring=Ring.CORE)
    _row, shallow = factories.make_invitation(secret, by=ada)
    assert invitations.use_invitation(shallow, by=ben).ring == Ring.CORE
    _row, deep = factories.make_invitation(secret, by=ada, ring=Ring.STEWARD)
    Membership.objects.filter(space=secret, member=ada).update(ring=Ring.CORE)
    for person in (ada, ben, cleo):
        person.forget()
    assert invitations.use_invitation(deep, by=ada).ring == Ring.CORE
    with pytest.raises(Refused):
        invitations.use_invitation(deep, by=ben)
    assert ring(ben, secret) == Ring.CORE


def test_who_stepped_back_does_not_climb_again_by_an_old_invitation(secret, ada, ben):
    factories.belong(ben, secret, ring=Ring.CORE)
    _row, token = factories.make_invitation(secret, by=ada, ring=Ring.CORE)
    ben.forget()
    rings.step_back(secret, ring=Ring.FOLLOWER, by=ben)
    with pytest.raises(Refused, match="stepped back"):
        invitations.use_invitation(token, by=ben)
    assert ring(ben, secret) == Ring.FOLLOWER


def test_a_link_straight_to_the_core_team_is_for_one(north, ada, as_):
    for ring in (Ring.CORE, Ring.STEWARD):
        with pytest.raises(Refused):
            invitations.invite(north, by=ada, ring=ring, max_uses=2)
    said = {"how": "link", "link-max_uses": "5", "link-days": "3", "link-ring": "4"}
    answer = as_(ada).post(f"/groups/{north.slug}/invite/", said)
    assert answer.status_code == 422
    assert "is for one person" in answer.content.decode()
    assert not Invitation.objects.exists()
    as_(ada).post(f"/groups/{north.slug}/invite/", said | {"link-max_uses": "1"})
    assert Invitation.objects.get().max_uses == 1


@pytest.mark.parametrize("present", [True, False])
def test_a_letter_to_the_core_team_opens_for_its_address_only(north, ada, cleo, present, as_):
    if present:
        factories.belong(cleo, north)
    _made, token = factories.make_invitation(
        north, by=ada, ring=Ring.CORE, email="Cleo@Example.net"
    )
    before = ring(cleo, north)
    answer = as_(cleo).get(f"/invitations/{token}/")
    assert "sent to another address" in answer.content.decode()
    as_(cleo).post(f"/invitations/{token}/")
    mine = EmailAddress.objects.create(user=cleo, email="cleo@example.net", verified=False)
    as_(cleo).post(f"/invitations/{token}/")
    assert ring(cleo, north) == before, "an address that is not confirmed counts for nothing"
    EmailAddress.objects.filter(pk=mine.pk).update(verified=True)
    as_(cleo).post(f"/invitations/{token}/")
    assert ring(cleo, north) == Ring.CORE


def test_a_letter_to_take_part_can_be_handed_on(north, ada, cleo, as_):
    _made, token = factories.make_invitation(north, by=ada, email="other@example.net")
    as_(cleo).post(f"/invitations/{token}/")
    assert ring(cleo, north) == Ring.PARTICIPANT
