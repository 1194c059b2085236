"""One contact budget per person over all senders, spent in the governor's order."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from community import governor
from community.models import (
    AnnouncementPlan,
    Community,
    Member,
    NoticePreference,
    Reach,
    Ring,
    Space,
)
from community.operations import announcements, comments, reading
from groups.models import Group
from tests import factories
from tests.factories import announce, belong, make_member, make_plan, make_space

pytestmark = pytest.mark.django_db
State = AnnouncementPlan.State


def asked(plan: AnnouncementPlan) -> set[str]:
    rows = Reach.objects.filter(plan=plan, told_at__isnull=False)
    return set(rows.values_list("member__name", flat=True))


def later(days: float = 0, hours: float = 0) -> None:
    """Time goes by: what was asked was asked that much longer ago."""
    for row in Reach.objects.exclude(told_at=None):
        Reach.objects.filter(pk=row.pk).update(
            told_at=row.told_at - timedelta(days=days, hours=hours)
        )


@pytest.fixture
def people(community, north, ben, fay) -> list[Member]:
    return [ben, fay]


def test_an_announcement_asks_everybody_who_belongs_but_its_author(ada, north, people, cleo):
    plan = announce(north, by=ada)
    assert asked(plan) == {"Ben Castillo", "Fay Lindqvist"}
    assert plan.state == State.SENT


def test_the_third_of_a_week_is_held_until_there_is_room(ada, north, people):
    announce(north, by=ada)
    later(days=2)
    announce(north, by=ada)
    later(days=2)
    third = announce(north, by=ada)
    assert asked(third) == set()
    assert third.state == State.SENDING
    later(days=3, hours=1)
    announcements.release()
    third.refresh_from_db()
    assert asked(third) == {"Ben Castillo", "Fay Lindqvist"}
    assert third.state == State.SENT


def test_the_second_of_a_day_waits_a_day(ada, north, people):
    announce(north, by=ada)
    second = announce(north, by=ada)
    assert asked(second) == set()
    later(hours=25)
    announcements.release()
    assert asked(second) == {"Ben Castillo", "Fay Lindqvist"}


def test_the_budget_is_one_over_all_senders(ada, north, ruth, community, people):
    announce(north, by=ada)
    whole = announce(community.space, by=ruth)
    assert "Ben Castillo" not in asked(whole)
    assert "Ada Mensah" in asked(whole), "who was not asked has room"


def test_the_organisation_sets_the_budget(ada, north, ruth, community, people):
    announcements.set_contact_budget(community, a_day=2, a_week=2, by=ruth)
    announce(north, by=ada)
    assert asked(announce(north, by=ada)) == {"Ben Castillo", "Fay Lindqvist"}
    assert asked(announce(north, by=ada)) == set()


def test_what_is_over_first_goes_first_then_whoever_is_closest(ada, north, ruth, community, people):
    announce(north, by=ada)  # everybody's room of today is spent
    organisation = announce(community.space, by=ruth, title="organisation")
    own = announce(north, by=ada, title="own")
    urgent = announce(
        community.space, by=ruth, title="urgent", deadline_at=timezone.now() + timedelta(days=3)
    )
    assert governor.in_order() == [urgent.pk, own.pk, organisation.pk]
    later(hours=25)
    announcements.release()
    assert "Ben Castillo" in asked(urgent)
    assert asked(own) == set(), "the room of the day went to what is over first"
    later(days=7)
    announcements.release()
    assert "Ben Castillo" in asked(own)
    assert "Ben Castillo" not in asked(organisation), "one's own steward first"


def test_a_region_stands_between_ones_own_group_and_the_organisation(ada, north, community):
    assert governor.nearness(north) == 1
    Group.objects.filter(pk=north.pk).update(kind=Group.Kind.REGION)
    assert governor.nearness(north) == 2
    assert governor.nearness(community.space) == 3


def test_whoever_has_taken_part_is_not_asked_any_more(ada, ben, fay, north):
    topic = factories.make_topic(north, by=ada)
    comments.post_comment(topic, text="I come.", by=ben)
    plan = announce(north, by=ada, about=topic)
    assert asked(plan) == {"Fay Lindqvist"}
    assert Reach.objects.get(plan=plan, member=ben).why == "acted"
    assert governor.forecast(make_plan(north, by=ada, about=topic)).acted == 1


def test_who_answers_an_announcement_is_not_asked_by_it_later(ada, ben, fay, north):
    announce(north, by=ada)
    second = announce(north, by=ada)
    reading.react(second.announcement, emoji="👍", by=ben)
    later(hours=25)
    announcements.release()
    assert asked(second) == {"Fay Lindqvist"}


def test_what_is_over_asks_nobody_more(ada, north, people):
    announce(north, by=ada)
    second = announce(north, by=ada, deadline_at=timezone.now() + timedelta(hours=2))
    AnnouncementPlan.objects.update(deadline_at=timezone.now() - timedelta(minutes=1))
    later(hours=25)
    announcements.release()
    second.refresh_from_db()
    assert asked(second) == set()
    assert second.state == State.SENT
    assert set(Reach.objects.filter(plan=second).values_list("why", flat=True)) == {"late"}


def test_who_left_meanwhile_is_not_asked(ada, ben, fay, north):
    from community.operations import membership

    announce(north, by=ada)
    second = announce(north, by=ada)
    membership.leave(north, by=ben)
    later(hours=25)
    announcements.release()
    assert asked(second) == {"Fay Lindqvist"}
    assert Reach.objects.get(plan=second, member=ben).why == "gone"


def test_a_segment_narrows_by_ring_language_and_area(ada, north):
    for name, ring, language, area in (
        ("One", Ring.CORE, "es", "North"),
        ("Two", Ring.PARTICIPANT, "es", "North"),
        ("Three", Ring.CORE, "en", "North"),
        ("Four", Ring.CORE, "es", "South"),
    ):
        belong(make_member(name, language=language, area=area), north, ring=ring)
    plan = make_plan(north, by=ada, rings=[Ring.CORE], languages=["es"], areas=["North"])
    assert [person.name for person in governor.for_whom(plan)] == ["One"]


def test_the_whole_community_can_ask_the_stewards_of_some_groups(ruth, community, ada, ben, north):
    south = make_space("South", steward=make_member("Sue"))
    make_space("West", steward=make_member("Wes"))
    plan = make_plan(community.space, by=ruth, spaces=[north, south], rings=[Ring.STEWARD])
    assert {person.name for person in governor.for_whom(plan)} == {"Ada Mensah", "Sue"}


def test_who_wants_nothing_of_the_group_or_of_its_author_is_not_asked(ada, ben, fay, north):
    from community.models import Block, Membership

    Membership.objects.filter(member=ben, space=north).update(volume="mute")
    Block.objects.create(member=fay, blocked=ada)
    assert list(governor.for_whom(make_plan(north, by=ada))) == []


def test_the_forecast_says_who_is_reached_now_and_until_when_others_are_not(ada, north):
    for number in range(12):
        belong(make_member(f"Person {number}"), north)
    tired = list(Member.objects.filter(name__startswith="Person")[:7])
    before = make_plan(north, by=ada)
    told_at = timezone.now() - timedelta(hours=4)
    Reach.objects.bulk_create(Reach(plan=before, member=one, told_at=told_at) for one in tired)
    found = governor.forecast(make_plan(north, by=ada))
    assert (found.now, found.later) == (5, 7)
    assert found.until == told_at + timedelta(days=1)
    assert found.sentence.startswith("This will reach 5 people now; 7 people are over budget until")


def test_until_when_follows_from_the_week_too(ada, north, ben):
    before = make_plan(north, by=ada)
    other = make_plan(north, by=ada)
    now = timezone.now()
    Reach.objects.create(plan=before, member=ben, told_at=now - timedelta(days=5))
    Reach.objects.create(plan=other, member=ben, told_at=now - timedelta(days=3))
    found = governor.forecast(make_plan(north, by=ada))
    assert found.until == now + timedelta(days=2)


def test_of_few_no_number_is_said(ada, north, ben):
    assert "fewer than 5 people" in governor.forecast(make_plan(north, by=ada)).sentence
    plan = announce(north, by=ada)
    words = dict(governor.result(plan).lines)
    assert words["Asked"] == "fewer than 5"
    for _label, said in governor.result(plan).lines:
        assert said in ("fewer than 5", "0"), said


def test_sending_asks_the_same_whatever_its_size(ada, north, queries):
    counts = []
    for more in (3, 30):
        for number in range(more):
            belong(make_member(f"Person {more} {number}"), north)
        plan = make_plan(north, by=ada)
        announcements.send_plan(plan, by=ada)
        with queries() as done:
            announcements.release()
        counts.append(len(done))
        Reach.objects.all().delete()
        AnnouncementPlan.objects.update(state=State.SENT)
    assert counts[0] == counts[1]


def test_gathering_twice_writes_nobody_twice(ada, north, people):
    plan = announce(north, by=ada)
    assert governor.gather(plan) == 0
    assert Reach.objects.filter(plan=plan).count() == 2


def test_the_budget_must_make_sense(ruth, community, ben):
    from community.policies import Refused

    with pytest.raises(Refused):
        announcements.set_contact_budget(community, a_day=3, a_week=2, by=ruth)
    with pytest.raises(Refused):
        announcements.set_contact_budget(community, a_day=1, a_week=2, by=ben)
    assert Community.objects.get().contacts_a_week == 2


def test_who_wants_to_hear_nothing_of_the_organisation_is_not_counted(ruth, cleo, community):
    plan = make_plan(Space.objects.root(), by=ruth)
    assert cleo in governor.for_whom(plan)
    NoticePreference.objects.create(
        member=cleo, attention="organisation", channel="app", value="never"
    )
    assert cleo not in governor.for_whom(plan)
