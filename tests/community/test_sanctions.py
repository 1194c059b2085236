"""Warned, limited, suspended: by rule and reason, heard first, by two pairs of eyes, and undone."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from community import audience, notices, policies
from community.models import (
    Activity,
    AuditEntry,
    Block,
    Hearing,
    Item,
    Measure,
    Member,
    Membership,
    Notice,
    OutboxMail,
    Ring,
    Space,
    StaffRole,
)
from community.operations import comments, invitations, membership, reading, sanctions
from community.policies import Refused
from groups import policies as group_policies
from groups.operations import topics
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def rule():
    return factories.make_rule()


@pytest.fixture
def nia(community):
    return factories.make_member("Nia Moderator", staff=StaffRole.Role.MODERATOR)


@pytest.fixture
def boss(community):
    return factories.make_member("Boss Admin", staff=StaffRole.Role.ADMIN)


def fresh(member: Member) -> Member:
    return Member.objects.get(pk=member.pk)


def suspended(person, *, by, agreed_by, rule, days=7) -> Measure:
    """Proposed, answered and agreed to."""
    measure = sanctions.suspend(person, by=by, rule=rule, reason="Threats.", days=days)
    sanctions.answer(measure, by=person, text="I was angry.")
    return sanctions.second(measure, by=agreed_by)


# Warning


def test_who_is_warned_reads_and_confirms_before_writing_again(mo, ben, north, ada, rule):
    topic = factories.make_topic(north, by=ada)
    measure = sanctions.warn(ben, by=mo, rule=rule, reason="You shouted.")
    ben = fresh(ben)
    with pytest.raises(Refused, match="Read the warning"):
        comments.post_comment(topic, text="Hello", by=ben)
    reading.react(topic, emoji="❤️", by=ben)
    sanctions.confirm(measure, by=ben)
    assert comments.post_comment(topic, text="Hello", by=fresh(ben))
    assert AuditEntry.objects.filter(action="sanctions.warned", person_id=ben.pk).exists()


def test_the_person_hears_of_it_by_mail_and_notice_and_not_who_did_it(mo, ben, rule):
    sanctions.warn(ben, by=mo, rule=rule, reason="You shouted.")
    mail = OutboxMail.objects.get(to=ben.email)
    assert "warned you" in mail.body_text
    told = Activity.objects.get(verb="sanctions.warned")
    assert told.actor is None
    notices.deliver(told)
    assert Notice.objects.filter(member=ben, activity=told).exists()
    assert "Mo Haddad" not in mail.body_text + mail.body_html


# Limiting


def test_who_is_limited_reads_and_reports_and_does_not_write(mo, ben, north, ada, rule, community):
    topic = factories.make_topic(north, by=ada)
    sanctions.limit(ben, by=mo, rule=rule, reason="Flooding.", days=3)
    ben = fresh(ben)
    assert Item.objects.visible_to(ben).filter(pk=topic.pk).exists()
    for act in ("comment", "react", "post", "edit", "invite", "upload", "propose", "ask"):
        verdict = policies.in_good_standing(ben, act)
        assert not verdict, act
        assert "My case" in str(verdict.reason)
    assert policies.in_good_standing(ben, "report")
    tries = [
        lambda: comments.post_comment(topic, text="Hello", by=ben),
        lambda: reading.react(topic, emoji="❤️", by=ben),
        lambda: topics.post_topic(north.group, by=ben, title="Hello"),
        lambda: invitations.invite(north, by=ben),
        lambda: policies.can_upload(ben, "attachment").enforce(),
        lambda: group_policies.can_start(ben, community).enforce(),
    ]
    for attempt in tries:
        with pytest.raises(Refused, match="you can read here, not write"):
            attempt()


def test_a_limit_ends_by_the_clock_and_the_person_is_told_once(mo, ben, north, ada, rule):
    topic = factories.make_topic(north, by=ada)
    measure = sanctions.limit(ben, by=mo, rule=rule, reason="Flooding.", days=3)
    assert sanctions.tell_ended() == 0
    Measure.objects.filter(pk=measure.pk).update(ends_at=timezone.now() - timedelta(minutes=1))
    assert comments.post_comment(topic, text="Hello", by=fresh(ben))
    assert sanctions.tell_ended() == 1
    assert sanctions.tell_ended() == 0
    assert Activity.objects.filter(verb="sanctions.ended", data__member=ben.pk).count() == 1


# Suspending


def test_a_suspension_begins_after_the_answer_and_a_second_yes(mo, nia, ben, rule):
    measure = sanctions.suspend(ben, by=mo, rule=rule, reason="Threats.", days=7)
    assert not fresh(ben).is_suspended
    with pytest.raises(Refused, match="time to answer"):
        sanctions.second(measure, by=nia)
    sanctions.answer(measure, by=ben, text="I was angry. I am sorry.")
    with pytest.raises(Refused, match="Somebody else"):
        sanctions.second(measure, by=mo)
    sanctions.second(measure, by=nia)
    ben = fresh(ben)
    assert ben.is_suspended
    assert ben.suspended_until - timezone.now() > timedelta(days=6, hours=23)
    with pytest.raises(Refused, match="decided already"):
        sanctions.second(measure, by=nia)
    with pytest.raises(Refused, match="answered already"):
        sanctions.answer(measure, by=ben, text="Again.")


def test_who_does_not_answer_in_time_was_heard_too(mo, nia, ben, rule):
    measure = sanctions.suspend(ben, by=mo, rule=rule, reason="Threats.", days=7)
    Hearing.objects.filter(pk=measure.pk).update(answer_until=timezone.now())
    sanctions.second(measure, by=nia)
    assert fresh(ben).is_suspended


def test_the_days_to_appeal_count_from_the_second_yes(mo, nia, ben, rule):
    measure = sanctions.suspend(ben, by=mo, rule=rule, reason="Threats.", days=60)
    Measure.objects.update(created_at=timezone.now() - timedelta(days=13))
    sanctions.answer(measure, by=ben, text="I was angry.")
    sanctions.second(measure, by=nia)
    left = Measure.objects.get().appeal_until - timezone.now()
    assert timedelta(days=29) < left <= timedelta(days=30)


@pytest.mark.parametrize("protective", [True, False])
def test_a_proposal_lapses_when_nobody_agrees_in_time(mo, nia, ben, rule, protective):
    measure = sanctions.suspend(
        ben, by=mo, rule=rule, reason="Threats.", days=7, protective=protective
    )
    sanctions.answer(measure, by=ben, text="I was angry.")
    assert sanctions.sweep_proposals() == 0
    Measure.objects.update(created_at=timezone.now() - Measure.PROPOSED_FOR)
    with pytest.raises(Refused, match="lapsed"):
        sanctions.second(measure, by=nia)
    assert sanctions.sweep_proposals() == 1
    assert sanctions.sweep_proposals() == 0
    measure.refresh_from_db()
    assert (measure.lifted_by, measure.waits) == (None, False)
    assert not fresh(ben).is_suspended
    assert Activity.objects.filter(verb="sanctions.lifted", data__member=ben.pk).exists()
    assert sanctions.suspend(ben, by=nia, rule=rule, reason="Threats.", days=7)


def test_to_protect_people_it_begins_at_once_and_lasts_72_hours(mo, nia, ben, rule):
    measure = sanctions.suspend(ben, by=mo, rule=rule, reason="Threats.", protective=True)
    ben = fresh(ben)
    assert ben.is_suspended
    assert ben.suspended_until - timezone.now() <= timedelta(hours=72)
    assert not measure.waits
    sanctions.lift(measure, by=nia, reason="It was a mistake.")
    longer = sanctions.suspend(
        fresh(ben), by=nia, rule=rule, reason="Threats.", protective=True, days=30
    )
    assert fresh(ben).suspended_until - timezone.now() <= timedelta(hours=72)
    sanctions.answer(longer, by=fresh(ben), text="No.")
    sanctions.second(longer, by=mo)
    assert fresh(ben).suspended_until - timezone.now() > timedelta(days=29)


def test_a_suspended_person_is_nobody_at_once_and_everybody_again_when_it_is_lifted(
    mo, nia, ben, ada, cleo, north, rule
):
    closed = factories.make_space("Closed", openness="closed", steward=ada)
    factories.belong(ben, closed, ring=Ring.STEWARD)
    inside = factories.make_topic(closed, by=ada)
    public = factories.make_space("Public", openness="public", steward=ada)
    web = factories.make_topic(public, by=ada, min_ring=Ring.WEB)
    follows = factories.make_topic(north, by=ben)

    def stands(member: Member) -> tuple:
        member = fresh(member)
        return (
            Item.objects.visible_to(member).filter(pk=inside.pk).exists(),
            Space.objects.visible_to(member).filter(pk=closed.pk).exists(),
            Member.objects.visible_to(member).filter(pk=cleo.pk).exists(),
            audience.readers(inside).filter(pk=member.pk).exists(),
            Member.objects.visible_to(fresh(cleo)).filter(pk=member.pk).exists(),
            policies.ring_of(member, closed),
        )

    assert stands(ben) == (True, True, True, True, True, Ring.STEWARD)
    measure = suspended(ben, by=mo, agreed_by=nia, rule=rule)
    assert stands(ben) == (False, False, False, False, False, 0)
    assert Item.objects.visible_to(fresh(ben)).filter(pk=web.pk).exists(), "as visitors do"
    assert Item.objects.visible_to(fresh(cleo)).filter(pk=follows.pk).exists(), "words stay"
    comments.post_comment(follows, text="What do you think?", by=ada)
    for activity in Activity.objects.all():
        notices.deliver(activity)
    answered = Activity.objects.get(verb="comments.posted")
    assert not Notice.objects.filter(member=ben, activity=answered).exists()
    sanctions.lift(measure, by=mo, reason="They apologised.")
    assert stands(ben) == (True, True, True, True, True, Ring.STEWARD)


def test_a_suspension_ends_by_the_clock_alone(mo, nia, ben, north, rule):
    suspended(ben, by=mo, agreed_by=nia, rule=rule)
    over = timezone.now() - timedelta(seconds=1)
    Measure.objects.update(ends_at=over)
    Member.objects.filter(pk=ben.pk).update(suspended_until=over)
    ben = fresh(ben)
    assert not ben.is_suspended
    assert policies.ring_of(ben, north) == Ring.PARTICIPANT
    assert audience.readers_of(north, Ring.PARTICIPANT).filter(pk=ben.pk).exists()


def test_the_powers_of_a_suspended_person_rest(mo, nia, ben, ada, cleo, north, rule):
    Membership.objects.filter(space=north, member=ben).update(ring=Ring.STEWARD)
    _invitation, token = factories.make_invitation(north, by=fresh(ben))
    measure = suspended(ben, by=mo, agreed_by=nia, rule=rule)
    ben = fresh(ben)
    assert not policies.stewards(ben, north)
    with pytest.raises(Refused):
        invitations.use_invitation(token, by=cleo)
    held = Membership.objects.get(space=north, member=ada)
    with pytest.raises(Refused):
        membership.remove(held, by=ben, reason="Because.")
    sanctions.lift(measure, by=nia, reason="Over.")
    assert invitations.use_invitation(token, by=cleo)


# Who decides


def test_nobody_decides_about_themselves_or_where_they_are_a_party(mo, nia, boss, ben, rule):
    with pytest.raises(Refused, match="themselves"):
        sanctions.warn(mo, by=mo, rule=rule, reason="Me.")
    with pytest.raises(Refused, match="administrator"):
        sanctions.warn(boss, by=mo, rule=rule, reason="Them.")
    Block.objects.create(member=ben, blocked=mo)
    with pytest.raises(Refused, match="party"):
        sanctions.warn(ben, by=mo, rule=rule, reason="Them.")
    assert sanctions.warn(ben, by=nia, rule=rule, reason="Them.")


def test_stewards_of_groups_and_of_the_community_do_not_suspend(ada, ruth, ben, rule):
    for steward in (ada, ruth):
        for operation, more in (
            (sanctions.warn, {}),
            (sanctions.limit, {"days": 3}),
            (sanctions.suspend, {"days": 3}),
        ):
            with pytest.raises(Refused, match="moderators of the site"):
                operation(ben, by=steward, rule=rule, reason="Because.", **more)


def test_a_measure_says_its_rule_and_its_reason(mo, ben, rule):
    with pytest.raises(Refused, match="Say why"):
        sanctions.warn(ben, by=mo, rule=rule, reason="  ")
    rule.retired_at = timezone.now()
    rule.save()
    with pytest.raises(Refused, match="rule"):
        sanctions.warn(ben, by=mo, rule=rule, reason="Because.")


def test_there_is_one_of_each_at_a_time(mo, nia, ben, rule):
    sanctions.suspend(ben, by=mo, rule=rule, reason="Threats.", days=7)
    with pytest.raises(Refused, match="already"):
        sanctions.suspend(ben, by=nia, rule=rule, reason="Threats.", days=7)


# The pages


def test_a_suspended_person_reads_their_case_and_what_visitors_read(
    as_, mo, nia, ben, ada, north, rule
):
    suspended(ben, by=mo, agreed_by=nia, rule=rule)
    client = as_(ben)
    case = client.get("/me/case/")
    assert case.status_code == 200
    for words in ("Be kind", "Threats.", "I was angry.", "you cannot vote", "Suspended"):
        assert words in case.content.decode(), words
    assert "Mo Haddad" not in case.content.decode()
    for path in ("/me/", "/me/look/", "/me/security/"):
        assert client.get(path).status_code == 200, path
    assert client.get(f"/groups/{north.slug}/").status_code == 404
    for path in ("/notices/", "/people/", "/bookmarks/", "/desk/"):
        answer = client.get(path)
        assert (answer.status_code, answer.headers.get("Location")) == (302, "/me/case/"), path
    home = client.get("/")
    assert home.status_code == 200
    assert "My case" in home.content.decode()
    fragment = client.get("/notices/", headers={"HX-Request": "true"})
    assert fragment.headers["HX-Redirect"] == "/me/case/"
    topic = factories.make_topic(north, by=ada)
    answer = client.post(f"/items/{topic.pk}/comments/add/", {"text": "Hello"})
    assert answer.status_code in (302, 404)
    assert not Item.objects.filter(author=ben, kind="community.comment").exists()
    assert client.post("/accounts/logout/").status_code == 302


def test_hearing_somebody_in_the_pages(as_, mo, nia, ben, rule):
    moderator, person, other = as_(mo), as_(ben), as_(nia)
    form = {"rule": rule.pk, "reason": "Threats.", "protective": "heard", "days": "7"}
    assert moderator.post(f"/moderation/people/{ben.pk}/suspend/", form).status_code == 302
    measure = Measure.objects.get()
    assert "You may be suspended" in person.get("/me/case/").content.decode()
    assert person.post(f"/me/case/{measure.pk}/answer/", {"text": ""}).status_code == 422
    said = {"text": "It was a joke."}
    assert person.post(f"/me/case/{measure.pk}/answer/", said).status_code == 302
    page = other.get("/moderation/people/").content.decode()
    assert "It was a joke." in page
    assert "Agree: suspend them" in page
    assert "Agree: suspend them" not in moderator.get("/moderation/people/").content.decode()
    assert moderator.post(f"/moderation/sanctions/{measure.pk}/agree/").status_code == 403
    assert other.post(f"/moderation/sanctions/{measure.pk}/agree/").status_code == 302
    assert fresh(ben).is_suspended
    lift = f"/moderation/sanctions/{measure.pk}/lift/"
    assert moderator.post(lift, {"reason": ""}).status_code == 422
    assert moderator.post(lift, {"reason": "They apologised."}).status_code == 302
    assert not fresh(ben).is_suspended
    assert "They apologised." in person.get("/me/case/").content.decode()


def test_nobody_reads_or_answers_the_case_of_another(as_, mo, ben, cleo, rule):
    measure = sanctions.warn(ben, by=mo, rule=rule, reason="You shouted.")
    client = as_(cleo)
    assert "You shouted." not in client.get("/me/case/").content.decode()
    assert client.post(f"/me/case/{measure.pk}/answer/", {"text": "No."}).status_code == 404
    assert client.post(f"/me/case/{measure.pk}/confirm/").status_code == 404
    assert client.get(f"/moderation/people/{ben.pk}/").status_code == 404


def test_a_page_costs_a_suspended_and_a_limited_person_no_further_query(
    as_, mo, ben, north, ada, rule, queries
):
    topic = factories.make_topic(north, by=ada)
    client = as_(ben)
    client.get(f"/topics/{topic.pk}/")
    with queries() as before:
        client.get(f"/topics/{topic.pk}/")
    sanctions.limit(ben, by=mo, rule=rule, reason="Flooding.", days=3)
    with queries() as after:
        client.get(f"/topics/{topic.pk}/")
    assert len(after) <= len(before)
