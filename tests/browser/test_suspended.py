"""A suspended person is heard: told, answers, another moderator decides, and it is lifted."""

from __future__ import annotations

from typing import Any

import pytest

from community.models import Measure, Member, Rule
from community.operations import invitations
from tests import factories
from tests.browser.test_journeys import DESK, KEYS, PHONE, PLAIN, Way, ways
from tests.browser.test_moderation import speak


@pytest.fixture
def rule(community: Any) -> Rule:
    return Rule.objects.create(
        title="Nobody is threatened here",
        text="Neither with words nor with what you might do to them.",
        position=1,
    )


@ways([PHONE, DESK, KEYS, PLAIN])
def test_a_suspended_person_is_heard(way: Way, visit, north, ada, ben, mo, rule):
    noor = factories.make_member("Noor Vega", staff="moderator")
    topic = factories.make_topic(north, by=ada, title="Who opens the hall", text="On Tuesday.")
    speak(way, ben, mo, noor)

    page = way.open(visit, mo)
    hand = way.hand(page)
    page.goto(f"/moderation/people/{ben.pk}/")
    way.look(page, "person")
    hand.go(f'main a[href$="/moderation/people/{ben.pk}/suspend/"]')
    page.wait_for_url("**/suspend/")
    page.locator('select[name="rule"]').select_option(str(rule.pk))
    page.locator('select[name="days"]').select_option("30")
    hand.write('textarea[name="reason"]', "On Friday you wrote that Ada should watch her door.")
    way.look(page, "suspend-form")
    hand.go("main form button.btn")
    page.wait_for_url(f"**/moderation/people/{ben.pk}/")
    assert not Member.objects.get(pk=ben.pk).is_suspended

    page = way.open(visit, ben)
    hand = way.hand(page)
    page.goto("/")
    way.look(page, "told")
    hand.go('.banner--top a[href="/me/case/"]')
    page.wait_for_url("**/me/case/")
    way.look(page, "case")
    hand.write('textarea[name="text"]', "I meant the draught. Nobody asked me.")
    hand.go('form[action$="/answer/"] button.btn')
    page.locator("main", has_text="I meant the draught.").wait_for()

    page = way.open(visit, noor)
    hand = way.hand(page)
    page.goto("/moderation/people/")
    page.locator("main", has_text="I meant the draught.").wait_for()
    way.look(page, "to-decide")
    hand.go('form[action$="/agree/"] button.btn')
    page.wait_for_url(f"**/moderation/people/{ben.pk}/")
    assert Member.objects.get(pk=ben.pk).is_suspended

    page = way.open(visit, ben)
    page.goto("/")
    way.look(page, "visitor-again")
    page.goto("/me/case/")
    way.look(page, "suspended")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "sideways"
    page.goto("/notices/")
    page.wait_for_url("**/me/case/")

    page = way.open(visit, noor)
    hand = way.hand(page)
    page.goto(f"/moderation/people/{ben.pk}/")
    hand.go('main a[href$="/lift/"]')
    page.wait_for_url("**/lift/")
    hand.write('textarea[name="reason"]', "You two have spoken. Thank you.")
    way.look(page, "lift")
    hand.go("main form button.btn")
    page.wait_for_url(f"**/moderation/people/{ben.pk}/")
    assert Measure.objects.get().lifted_at

    page = way.open(visit, ben)
    page.goto(f"/topics/{topic.pk}/")
    assert "On Tuesday." in page.inner_text("main")
    page.goto("/me/case/")
    assert "You two have spoken." in page.inner_text("main")
    way.look(page, "lifted")


@ways([PHONE, DESK])
def test_the_doors_are_shut_and_what_is_held_is_let_through(way: Way, visit, north, ada, ben, ruth):
    topic = factories.make_topic(north, by=ada, title="Who opens the hall", text="On Tuesday.")
    speak(way, ben, ruth, ada)
    page = way.open(visit, ruth)
    hand = way.hand(page)
    page.goto("/moderation/lock-down/")
    way.look(page, "lock")
    hand.write('textarea[name="reason"]', "Somebody floods us with advertising.")
    hand.go("main form button.btn")
    page.locator("main .card", has_text="Somebody floods us").wait_for()
    way.look(page, "locked")

    page = way.open(visit, ben)
    hand = way.hand(page)
    page.goto(f"/topics/{topic.pk}/")
    hand.write('textarea[name="text"]', "I have the key.")
    hand.go('form[action$="/comments/add/"] .editor__foot button.btn[type="submit"]')
    page.wait_for_url("**/me/held/")
    way.look(page, "my-held")

    page = way.open(visit, ada)
    hand = way.hand(page)
    page.goto("/moderation/held/")
    way.look(page, "held")
    hand.go('form[action$="/let-through/"] button.btn')
    page.wait_for_load_state("load")
    page.goto(f"/topics/{topic.pk}/")
    assert "I have the key." in page.inner_text("main")
    page.goto(f"/topics/{topic.pk}/split/")
    way.look(page, "split")
    page.goto(f"/topics/{topic.pk}/group/")
    way.look(page, "move")


@ways([PHONE, DESK])
def test_a_branch_of_invitations_is_looked_at_and_acted_on(way: Way, visit, north, ada, mo, rule):
    noor = factories.make_member("Noor Vega", staff="moderator")
    speak(way, mo, noor)
    by, people = ada, []
    for name in ("Lena Fox", "Max Pohl", "Rita Sol"):
        _row, token = factories.make_invitation(north, by=by)
        person = factories.make_member(name, root_ring=0)
        invitations.use_invitation(token, by=person)
        people.append(person)
        by = Member.objects.get(pk=(people[0] if len(people) < 3 else person).pk)
    page = way.open(visit, mo)
    hand = way.hand(page)
    page.goto("/moderation/invitations/")
    way.look(page, "tree")
    hand.go(f'main a[href$="/moderation/invitations/{people[0].pk}/"]')
    page.wait_for_url(f"**/moderation/invitations/{people[0].pk}/")
    hand.go("main details summary")
    page.locator('select[name="rule"]').select_option(str(rule.pk))
    hand.write('textarea[name="reason"]', "All three write the same advertisement.")
    way.look(page, "branch")
    hand.go("main details form button.btn")
    page.locator("main article", has_text="the same advertisement").wait_for()

    page = way.open(visit, noor)
    hand = way.hand(page)
    page.goto(f"/moderation/invitations/{people[0].pk}/")
    way.look(page, "branch-to-decide")
    hand.go('form[action$="/agree/"] button.btn')
    page.wait_for_load_state("load")
    page.goto("/moderation/people/")
    way.look(page, "limited")
    assert Measure.objects.filter(kind="limit").count() == 3
