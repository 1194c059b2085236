"""What is over goes by the clock; what a legal hold protects stays."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from community import personal
from community.models import (
    AskedToStay,
    Draft,
    Invitation,
    JoinRequest,
    Leaving,
    LegalHold,
    Member,
    Membership,
    Notice,
    OutboxMail,
    Ring,
    Space,
    StaffRole,
)
from community.operations import leaving, membership, retention
from tests import factories
from tests.community.everything import make_everything

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_shelves")]
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def erased_list(settings, tmp_path):
    settings.ERASED_LIST = tmp_path.parent / f"{tmp_path.name}.erased"


@pytest.fixture
def later():
    """Four hundred days from now."""
    return timezone.now() + timedelta(days=400)


def over(now) -> dict[str, int]:
    """What should be gone by then, and is not."""
    found = {one.name: retention.expired(one, now) for one in personal.holdings()}
    return {name: rows.count() for name, rows in found.items() if rows is not None and rows.count()}


def test_after_four_hundred_days_nothing_that_is_over_is_left(community, later):
    make_everything()
    LegalHold.objects.update(lifted_at=timezone.now())
    before = over(later)
    assert {"community.Draft.member", "community.Notice.member", "community.OutboxMail"} <= set(
        before
    )
    done = retention.forget_expired(later)
    assert len(done) >= 8
    assert over(later) == {}
    assert retention.forget_expired(later) == {}


def test_a_legal_hold_is_respected(community, later):
    found = make_everything()
    assert LegalHold.objects.standing().filter(member=found.member).exists()
    timed = [
        one
        for one in personal.holdings()
        if one.expired(later) is not None and one.people and not one.despite_hold
    ]
    before = {one.name: one.of(found.member).count() for one in timed}
    assert before["community.Draft.member"] == 1
    retention.forget_expired(later)
    assert {one.name: one.of(found.member).count() for one in timed} == before
    assert not Draft.objects.exclude(member=found.member).exists()
    LegalHold.objects.update(lifted_at=timezone.now())
    retention.forget_expired(later)
    assert not Draft.objects.exists()


def test_nothing_goes_before_its_time(community):
    found = make_everything()
    OutboxMail.objects.update(sent_at=None)
    before = {one.name: one.of(found.member).count() for one in personal.holdings()}
    retention.forget_expired(timezone.now() - DAY)
    assert {one.name: one.of(found.member).count() for one in personal.holdings()} == before


def test_it_goes_in_batches(ben, monkeypatch):
    monkeypatch.setattr(personal, "BATCH", 3)
    old = timezone.now() - timedelta(days=200)
    for number in range(8):
        Draft.objects.create(member=ben, place=f"topic:{number}", updated_at=old)
    assert retention.forget_expired()["community.Draft.member"] == 8


def test_accounts_that_nobody_finished_go_after_a_month(community):
    unfinished = factories.make_member(onboarded=False, root_ring=0)
    belongs = factories.make_member(onboarded=False)
    finished = factories.make_member(root_ring=0)
    retention.forget_expired(timezone.now() + timedelta(days=29))
    assert Member.objects.filter(pk=unfinished.pk).exists()
    retention.forget_expired(timezone.now() + timedelta(days=31))
    left = set(Member.objects.values_list("pk", flat=True))
    assert unfinished.pk not in left
    assert {belongs.pk, finished.pk} <= left


def test_answered_requests_and_old_invitations_go(ben, ada, north):
    asked = factories.make_space("Asked", steward=ada, join_policy=Space.JoinPolicy.ASK)
    refused = membership.ask_to_join(asked, by=ben)
    membership.decline_request(refused, by=ada, reason="Full")
    waits = membership.ask_to_join(asked, by=factories.make_member())
    factories.make_invitation(north, by=ada, email="x@example.org")
    retention.forget_expired(timezone.now() + timedelta(days=91))
    assert list(JoinRequest.objects.all()) == [waits]
    assert not Invitation.objects.exists()


# Silent accounts


@pytest.fixture
def silent(community):
    """Somebody who belongs, holds nothing, and has not been here for a year."""
    member = factories.make_member("Sil Ent")
    Member.objects.filter(pk=member.pk).update(
        last_seen_on=timezone.localdate() - timedelta(days=366)
    )
    return member


def test_whoever_was_away_for_a_year_is_asked_once(silent, ben, committed):
    with committed():
        assert retention.ask_silent() == 1
        assert retention.ask_silent() == 0
    assert Notice.objects.get(member=silent).activity.verb == "rights.asked_to_stay"
    letter = OutboxMail.objects.get()
    assert letter.to == silent.email
    assert "Do you want to stay" in letter.subject


def test_whoever_does_not_answer_is_erased_after_thirty_days(silent, committed):
    now = timezone.now()
    retention.ask_silent(now)
    with committed():
        assert retention.forget_silent(now + timedelta(days=29)) == 0
        assert retention.forget_silent(now + timedelta(days=31)) == 1
    assert Member.objects.get(pk=silent.pk).name == ""
    assert Leaving.objects.get(member=silent).erased_at is not None


def test_whoever_comes_back_stays(silent):
    now = timezone.now()
    retention.ask_silent(now)
    Member.objects.filter(pk=silent.pk).update(last_seen_on=timezone.localdate())
    assert retention.forget_silent(now + timedelta(days=31)) == 0
    assert not AskedToStay.objects.exists()
    assert Member.objects.get(pk=silent.pk).is_active


@pytest.mark.parametrize("holds", ["core", "staff", "hold", "status"])
def test_whoever_holds_something_is_not_asked(silent, north, holds):
    if holds == "core":
        factories.belong(silent, north, ring=Ring.CORE)
    elif holds == "staff":
        StaffRole.objects.create(member=silent, role=StaffRole.Role.MODERATOR)
    elif holds == "hold":
        factories.make_hold(silent)
    else:
        from community.models import MembershipStatus

        MembershipStatus.objects.create(member=silent, status="member", since=timezone.localdate())
    assert retention.ask_silent() == 0
    assert Membership.objects.filter(member=silent).exists()
    assert leaving.erase_due() == 0


# The table


def test_the_table_of_the_documentation_is_the_one_the_clock_reads():
    text = Path("docs/privacy.md").read_text()
    written = text.partition("<!-- table -->")[2].partition("<!-- end of table -->")[0]
    assert written.strip() == personal.table().strip(), "run manage.py holdings --write"


def test_whoever_comes_back_while_others_are_erased_stays(community, monkeypatch):
    """The list of those who are due is made once; each is asked about again."""
    year_ago = timezone.localdate() - timedelta(days=400)
    people = [factories.make_member(f"Silent {n}") for n in range(2)]
    pks = [one.pk for one in people]
    Member.objects.filter(pk__in=pks).update(last_seen_on=year_ago)
    for one in people:
        AskedToStay.objects.create(member=one, asked_at=timezone.now() - timedelta(days=31))
    ended = leaving.end_silent

    def while_the_other_signs_in(member):
        Member.objects.filter(pk__in=pks).exclude(pk=member.pk).update(
            last_seen_on=timezone.localdate()
        )
        return ended(member)

    monkeypatch.setattr(leaving, "end_silent", while_the_other_signs_in)
    assert retention.forget_silent() == 1
    assert Leaving.objects.get().member_id == pks[0]
