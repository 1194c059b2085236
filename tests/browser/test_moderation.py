"""The way of a report: said, hidden with a reason, appealed, brought back by somebody else; and of
a concern told by somebody unknown, who comes back with a code."""

from __future__ import annotations

from typing import Any

import pytest

from community.models import Item, Member, Rule
from tests import factories
from tests.browser.test_journeys import DESK, KEYS, PHONE, PLAIN, Way, ways


@pytest.fixture
def rule(community: Any) -> Rule:
    return Rule.objects.create(
        title="Somebody else’s story is theirs to tell",
        text="No names, flat numbers or debts of a neighbour without a clear yes.",
        position=1,
    )


def speak(way: Way, *people: Member) -> None:
    if way.language != "en":
        Member.objects.filter(pk__in=[person.pk for person in people]).update(language=way.language)


@ways([PHONE, DESK, KEYS, PLAIN])
def test_reported_hidden_appealed_and_restored(way, visit, north, ada, ben, fay, mo, rule):
    noor = factories.make_member("Noor Vega", staff="moderator")
    topic = factories.make_topic(north, by=ada, title="Who has not paid", text="Let us talk.")
    bad = factories.make_comment(topic, by=ben, text="Mrs Novak on the fourth floor owes a lot.")
    speak(way, ben, fay, mo, noor)

    page = way.open(visit, fay)
    hand = way.hand(page)
    page.goto(f"/topics/{topic.pk}/")
    if way.script:
        hand.go(f'button[popovertarget="more-{bad.pk}"]')
        way.look(page, "report-menu")
        hand.go(f'#more-{bad.pk} a[href$="/reports/items/{bad.pk}/"]')
        page.locator("#sheet h1").wait_for()
    else:
        page.goto(f"/reports/items/{bad.pk}/")
    way.look(page, "report-form")
    hand.choose(f'input[name="rule"][value="{rule.pk}"]')
    hand.choose('input[name="wish"][value="talk"]')
    hand.write('textarea[name="words"]', "She told him in confidence.")
    hand.go('form[action*="/reports/items/"] button.btn')
    if way.script:
        page.locator("#report-sent").wait_for()
        way.look(page, "report-sent")
        hand.go("#report-sent a")
    page.wait_for_url("**/reports/*/")
    way.look(page, "report")

    page = way.open(visit, mo)
    hand = way.hand(page)
    page.goto("/moderation/")
    way.look(page, "queue")
    hand.go('main a[href*="/moderation/"][href$="/"]:not([href$="/moderation/"])')
    page.wait_for_url("**/moderation/*/")
    way.look(page, "case")
    hand.choose('input[name="decision"][value="hide"]')
    page.locator('select[name="rule"]').select_option(str(rule.pk))
    hand.write('form[action$="/decide/"] textarea[name="reason"]', "It names what she owes.")
    hand.go('form[action$="/decide/"] button.btn')
    page.wait_for_url("**/moderation/")
    assert not Item.objects.visible_to(ada).filter(pk=bad.pk).exists()

    page = way.open(visit, ben)
    hand = way.hand(page)
    page.goto(f"/comments/{bad.pk}/")
    page.wait_for_url("**/reports/decisions/*/")
    way.look(page, "hidden")
    assert "It names what she owes." in page.inner_text("main")
    hand.write('textarea[name="text"]', "She asked me to tell it.")
    hand.go('form[action*="/reports/decisions/"] button.btn')
    page.wait_for_load_state("load")
    page.locator("main", has_text="She asked me to tell it.").wait_for()
    way.look(page, "appealed")

    page = way.open(visit, noor)
    hand = way.hand(page)
    page.goto("/moderation/?show=appealed")
    hand.go('main a[href*="/moderation/"][href$="/"]:not([href$="/moderation/"])')
    page.wait_for_url("**/moderation/*/")
    way.look(page, "case-appealed")
    hand.go('main a[href*="/moderation/appeals/"]')
    page.wait_for_url("**/moderation/appeals/*/")
    way.look(page, "appeal")
    hand.choose('input[name="upheld"][value="no"]')
    hand.write('textarea[name="answer"]', "Mrs Novak says so herself.")
    hand.go('form[action*="/moderation/appeals/"] button.btn')
    page.wait_for_url("**/moderation/*/")
    way.look(page, "case-restored")
    assert Item.objects.visible_to(ada).filter(pk=bad.pk).exists()

    page = way.open(visit, ben)
    page.goto("/notices/")
    way.look(page, "told")
    page.goto("/reports/")
    way.look(page, "my-decisions")
    page.goto("/transparency/")
    way.look(page, "public-log")


@ways([PHONE, DESK, PLAIN])
def test_somebody_unknown_tells_of_a_concern_and_comes_back(way, visit, community):
    lena = factories.make_member("Lena Brandt", staff="safeguarding")
    speak(way, lena)
    page = way.open(visit)
    hand = way.hand(page)
    page.goto("/safeguarding/report/")
    way.look(page, "concern-form")
    hand.choose('input[name="category"][value="welfare"]')
    hand.write('textarea[name="words"]', "Nobody has seen him for a week.")
    hand.go('form[action*="/safeguarding/report/"] button.btn')
    page.locator("#the-code").wait_for()
    way.look(page, "concern-code")
    code = page.inner_text("#the-code").strip()

    handler = way.open(visit, lena)
    hand = way.hand(handler)
    handler.goto("/desk/")
    way.look(handler, "desk-concern")
    handler.goto("/safeguarding/")
    way.look(handler, "concerns")
    hand.go("main ul.list a")
    handler.locator("form[action$='/acknowledge/']").wait_for()
    way.look(handler, "concern")
    hand.write('form[action$="/acknowledge/"] textarea', "I go there today.")
    hand.go('form[action$="/acknowledge/"] button.btn')
    handler.locator("form[action$='/acknowledge/']").wait_for(state="detached")
    way.look(handler, "concern-acknowledged")

    page = way.open(visit)
    hand = way.hand(page)
    page.goto("/safeguarding/code/")
    way.look(page, "enter-code")
    hand.write('input[name="code"]', code)
    hand.go('form[action$="/safeguarding/code/"] button.btn')
    page.locator("main", has_text="I go there today.").wait_for()
    way.look(page, "concern-answered")
    hand.write('textarea[name="text"]', "Thank you.")
    hand.go('form[action$="/safeguarding/code/"] button.btn')
    page.locator("ol.timeline li", has_text="Thank you.").wait_for()
