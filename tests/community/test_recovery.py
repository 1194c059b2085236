"""A lost second factor: two people who spoke to the person, a wait, and a way to stop it."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone

from community import recovery as rules
from community.models import (
    AuditEntry,
    Member,
    Notice,
    Recovery,
    RecoveryYes,
    Ring,
    StaffRole,
)
from community.notices import deliver
from community.operations import recovery
from community.operations import staff as staff_operations
from community.policies import Refused
from tests import factories
from tests.community.test_accounts import (  # noqa: F401
    PASSWORD,
    ask_for_code,
    browser,
    code_for,
    give_code,
    is_in,
    new_address,
    newest_mail,
    totp_now,
)

pytestmark = pytest.mark.django_db
PROOF = "We have run the soup kitchen together for six years; I saw her face."
LOST = "/accounts/second-lock/lost/"
STOP = re.compile(r"/accounts/second-lock/stop/[\w-]{32}/")


@pytest.fixture(autouse=True)
def _for_real(settings):
    settings.STAFF_SECOND_FACTOR = True
    settings.RECOVERY_WAIT = timedelta(hours=24)


@pytest.fixture
def lena(north):
    """Takes part in the group north, and lost her phone and her codes."""
    member = factories.make_member("Lena Lost", email=new_address(), password=PASSWORD)
    factories.belong(member, north, ring=Ring.PARTICIPANT)
    factories.make_second_factor(member)
    return member


def an_admin(name: str = "Ines Farah") -> Member:
    member = factories.make_member(name, staff=StaffRole.Role.ADMIN, password=PASSWORD)
    factories.make_second_factor(member)
    return member


@pytest.fixture
def ines(community):
    return an_admin()


@pytest.fixture
def omar(community):
    return an_admin("Omar Second")


@pytest.fixture
def steward(ada):
    factories.make_second_factor(ada)
    return ada


def say_yes(asked, by, **changed):
    given = {"spoken": asked.spoken, "how": "met", "proof": PROOF} | changed
    return recovery.confirm_recovery(asked, by=Member.objects.get(pk=by.pk), **given)


def wait_for(asked: Recovery) -> Recovery:
    """The day after both agreed."""
    Recovery.objects.filter(pk=asked.pk).update(ready_at=timezone.now() - timedelta(seconds=1))
    asked.refresh_from_db()
    return asked


def as_far_as_the_second_lock(browser, member):  # noqa: F811
    answer = browser.post(reverse("account_login"), {"login": member.email, "password": PASSWORD})
    assert answer.url == reverse("mfa_authenticate")
    assert not is_in(browser)


def has_lock(member) -> bool:
    return Authenticator.objects.filter(user=member).exists()


# The whole way


def test_somebody_who_lost_both_is_let_in_by_two_people_after_a_day(browser, lena, ines, steward):  # noqa: F811
    as_far_as_the_second_lock(browser, lena)
    assert LOST in browser.get(reverse("mfa_authenticate")).content.decode()
    assert browser.post(LOST).url == LOST
    asked = Recovery.objects.get(member=lena)
    page = browser.get(LOST).content.decode()
    assert f"{asked.spoken[:3]} {asked.spoken[3:]}" in page
    assert STOP.search(newest_mail(lena.email).body_text)

    say_yes(asked, ines)
    say_yes(asked, steward, how="video")
    asked.refresh_from_db()
    assert timedelta(hours=23) < asked.ready_at - timezone.now() <= timedelta(hours=24)
    assert "can be taken off" in newest_mail(lena.email).subject
    off = reverse("finish_recovery")
    assert browser.post(off).url == LOST
    assert has_lock(lena)

    elsewhere = type(browser)()
    elsewhere.force_login(lena)
    wait_for(asked)
    assert off in browser.get(LOST).content.decode()
    assert browser.post(off).url == reverse("account_login")
    assert not has_lock(lena)
    assert not is_in(browser)
    assert elsewhere.get(reverse("me")).status_code == 302  # every session ended
    assert "was taken off" in newest_mail(lena.email).subject

    ask_for_code(browser, lena.email)
    give_code(browser, code_for(lena.email))
    assert is_in(browser)
    acts = list(
        AuditEntry.objects.filter(person_id=lena.pk).order_by("pk").values_list("action", "by_id")
    )
    assert acts == [
        ("recovery.asked", lena.pk),
        ("recovery.confirmed", ines.pk),
        ("recovery.confirmed", steward.pk),
        ("recovery.done", lena.pk),
    ]
    assert AuditEntry.objects.filter(action="recovery.confirmed", reason=PROOF).count() == 2


def test_it_begins_with_a_code_by_mail_too(browser, lena):  # noqa: F811
    ask_for_code(browser, lena.email)
    assert give_code(browser, code_for(lena.email)).url == reverse("mfa_authenticate")
    browser.post(LOST)
    assert Recovery.objects.filter(member=lena).exists()


def test_without_the_first_factor_nothing_begins(browser, lena):  # noqa: F811
    assert browser.get(LOST).url == reverse("account_login")
    assert browser.post(LOST).url == reverse("account_login")
    assert browser.post(reverse("finish_recovery")).url == reverse("account_login")
    assert not Recovery.objects.exists()


def test_staff_power_rests_until_a_new_one_is_set_up(browser, ines, omar, community):  # noqa: F811
    third = an_admin("Third Admin")
    asked = recovery.ask_recovery(by=ines)
    say_yes(asked, omar)
    say_yes(asked, third)
    recovery.finish_recovery(wait_for(asked), by=ines)
    browser.post(reverse("account_login"), {"login": ines.email, "password": PASSWORD})
    assert is_in(browser)
    assert browser.get("/desk/").url == reverse("second_factor")


# Who answers for somebody


def test_one_person_alone_cannot(lena, ines):
    asked = recovery.ask_recovery(by=lena)
    say_yes(asked, ines)
    with pytest.raises(Refused, match="Somebody else is the second"):
        say_yes(asked, ines)
    asked.refresh_from_db()
    assert asked.ready_at is None
    with pytest.raises(Refused, match="not time yet"):
        recovery.finish_recovery(asked, by=lena)
    assert has_lock(lena)


def test_nobody_answers_for_themselves_not_even_an_administrator(ines, omar):
    asked = recovery.ask_recovery(by=ines)
    with pytest.raises(Refused, match="Two other people"):
        say_yes(asked, ines)
    say_yes(asked, omar)
    assert not Recovery.objects.visible_to(ines).exists()


def test_two_stewards_are_not_enough(lena, ada, north, steward):
    other = factories.make_member("Odo Steward")
    factories.belong(other, north, ring=Ring.STEWARD)
    factories.make_second_factor(other)
    asked = recovery.ask_recovery(by=lena)
    say_yes(asked, steward)
    with pytest.raises(Refused, match="The second one is an administrator"):
        say_yes(asked, other)


@pytest.mark.parametrize("who", ["cleo", "ben", "fay", "mo"])
def test_others_neither_see_nor_answer_it(request, as_, lena, who):
    member = request.getfixturevalue(who)
    asked = recovery.ask_recovery(by=lena)
    with pytest.raises(Refused):
        say_yes(asked, member)
    client = as_(member)
    factories.prove(client, member)
    assert client.get(f"/desk/locked-out/{asked.pk}/").status_code in (302, 404)
    assert not Recovery.objects.visible_to(member).exists()


def test_a_steward_of_a_group_she_only_follows_does_not_count(lena, ines):
    elsewhere = factories.make_member("Elsewhere Steward")
    space = factories.make_space("South", steward=elsewhere)
    factories.belong(lena, space, ring=Ring.FOLLOWER)
    factories.make_second_factor(elsewhere)
    asked = recovery.ask_recovery(by=lena)
    with pytest.raises(Refused, match="stewards of their groups"):
        say_yes(asked, elsewhere)


def test_a_steward_whom_she_blocked_neither_sees_nor_answers_it(lena, steward):
    from community.operations import people

    people.block(steward, by=lena)
    steward = Member.objects.get(pk=steward.pk)
    asked = recovery.ask_recovery(by=lena)
    assert not Recovery.objects.visible_to(steward).exists()
    with pytest.raises(Refused):
        say_yes(asked, steward)


def test_whoever_answers_has_a_second_lock_of_their_own(lena, ada):
    asked = recovery.ask_recovery(by=lena)
    with pytest.raises(Refused, match="for your own account first"):
        say_yes(asked, ada)


def test_the_digits_must_have_been_read_out_and_ten_wrong_ones_end_it(lena, ines):
    asked = recovery.ask_recovery(by=lena)
    wrong = f"{(int(asked.spoken) + 1) % 1_000_000:06d}"
    for _ in range(Recovery.MOST_WRONG):
        with pytest.raises(Refused):
            say_yes(asked, ines, spoken=wrong)
    with pytest.raises(Refused, match="This is over"):
        say_yes(Recovery.objects.get(pk=asked.pk), ines)
    assert not RecoveryYes.objects.exists()


@pytest.mark.parametrize("changed", [{"proof": "it is her"}, {"how": "by letter"}])
def test_without_a_written_proof_it_does_not_count(lena, ines, changed):
    asked = recovery.ask_recovery(by=lena)
    with pytest.raises(Refused):
        say_yes(asked, ines, **changed)
    assert not RecoveryYes.objects.exists()


def test_whoever_lost_their_role_meanwhile_no_longer_answers_for_it(lena, ines, omar, steward):
    asked = recovery.ask_recovery(by=lena)
    say_yes(asked, ines)
    say_yes(asked, steward)
    staff_operations.revoke_role(ines, role="admin", by=omar, reason="Her term has ended.")
    with pytest.raises(Refused, match="cannot answer for it any more"):
        recovery.finish_recovery(wait_for(asked), by=lena)
    assert has_lock(lena)


# It was not me


def test_the_link_of_the_letter_stops_it(browser, lena, ines, steward):  # noqa: F811
    asked = recovery.ask_recovery(by=lena)
    first = STOP.search(newest_mail(lena.email).body_text)[0]
    say_yes(asked, ines)
    say_yes(asked, steward)
    second = STOP.search(newest_mail(lena.email).body_text)[0]
    assert first != second
    assert browser.get(second).status_code == 200
    assert Recovery.objects.get().is_open
    assert browser.post(first).status_code == 200  # of either letter
    asked.refresh_from_db()
    assert asked.outcome == Recovery.Outcome.STOPPED
    with pytest.raises(Refused, match="This is over"):
        recovery.finish_recovery(wait_for(asked), by=lena)
    assert has_lock(lena)
    assert browser.post(second).status_code == 404
    with pytest.raises(Refused, match="less than a day ago"):
        recovery.ask_recovery(by=lena)


def test_whoever_is_signed_in_is_shown_it_and_stops_it_there(as_, lena):
    recovery.ask_recovery(by=lena)
    client = as_(lena)
    assert "Somebody asked to take the second lock off" in client.get("/").content.decode()
    client.post(reverse("stop_own_recovery"))
    assert Recovery.objects.get().outcome == Recovery.Outcome.STOPPED


def test_the_token_of_the_link_is_kept_as_a_hash_only(lena):
    asked = recovery.ask_recovery(by=lena)
    token = STOP.search(newest_mail(lena.email).body_text)[0].split("/")[-2]
    assert token not in str(Recovery.objects.values().get())
    assert Recovery.objects.for_stop(token).get() == asked
    assert not Recovery.objects.for_stop(token[:-1]).exists()


def test_helpers_are_told_and_may_refuse(as_, lena, ines, steward, ben, cleo):
    from community.models import Activity

    asked = recovery.ask_recovery(by=lena)
    deliver(Activity.objects.get(verb="recovery.asked"))
    told = set(Notice.objects.filter(activity__verb="recovery.asked").values_list("member", flat=1))
    assert told == {ines.pk, steward.pk}
    client = as_(steward)
    factories.prove(client, steward)
    answer = client.post(
        f"/desk/locked-out/{asked.pk}/refuse/", {"reason": "She says it was not her."}
    )
    assert answer.status_code == 302
    assert Recovery.objects.get().outcome == Recovery.Outcome.REFUSED


def test_the_page_of_the_helper_takes_the_answer(as_, lena, steward):
    asked = recovery.ask_recovery(by=lena)
    client = as_(steward)
    path = f"/desk/locked-out/{asked.pk}/"
    assert client.post(path).status_code == 302  # to prove who they are, first
    assert not RecoveryYes.objects.exists()
    factories.prove(client, steward)
    assert asked.spoken not in client.get(path).content.decode()
    assert client.post(path, {"spoken": "000", "how": "met", "proof": PROOF}).status_code == 422
    given = {"spoken": f"{asked.spoken[:3]} {asked.spoken[3:]}", "how": "phone", "proof": PROOF}
    assert client.post(path, given).status_code == 302
    assert RecoveryYes.objects.get().role == RecoveryYes.Role.STEWARD


def test_asking_again_changes_nothing_and_an_old_one_ends(lena):
    asked = recovery.ask_recovery(by=lena)
    assert recovery.ask_recovery(by=lena) == asked
    Recovery.objects.update(ends_at=timezone.now() - timedelta(days=1))
    again = recovery.ask_recovery(by=lena)
    assert again != asked
    assert again.yeses.count() == 0


# Where there are no two


def test_the_operator_helps_only_where_no_two_people_could(lena, ines, steward):
    with pytest.raises(CommandError, match="Two people on the site can do this"):
        call_command("take_off_second_factor", lena.email, because=PROOF)
    assert has_lock(lena)


def test_the_operator_lets_the_only_administrator_in(ines):
    assert not rules.can_be_helped(ines)
    with pytest.raises(CommandError):
        call_command("take_off_second_factor", ines.email, because="so")
    call_command("take_off_second_factor", ines.email, because=PROOF)
    assert not has_lock(ines)
    entry = AuditEntry.objects.get(action="recovery.done")
    assert (entry.by_id, entry.reason, entry.data) == (None, PROOF, {"operator": True})
