"""Somebody new is reached inside two days; a colour nobody could read is put right."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from community import colour
from community.models import Community, Member, OutboxMail
from leadership.models import Commitment, Conversation, Welcome
from leadership.operations import welcomers, welcomes
from tests import factories
from tests.browser.test_journeys import DESK, PHONE, Way

pytestmark = pytest.mark.django_db(transaction=True)

PALE = "#ffe14d"


def again(member: Member) -> Member:
    return Member.objects.get(pk=member.pk)


@pytest.mark.parametrize("way", [PHONE, DESK], ids=lambda way: way.name)
def test_a_newcomer_is_reached_inside_48_hours(visit, north, ben, ada, way: Way):
    welcomers.volunteer(north, by=again(ben), languages=["en", "es"], at_once=3)
    amina = factories.make_member(
        "Amina Diallo", wants=["Meet my neighbours"], language=way.language
    )
    factories.belong(amina, north)
    held = welcomes.begin(again(amina))
    Welcome.objects.filter(pk=held.pk).update(created_at=timezone.now() - timedelta(hours=31))
    Member.objects.update(language=way.language)

    # ben finds her on Today, and writes.
    page = way.open(visit, again(ben))
    hand = way.hand(page)
    page.goto("/")
    way.look(page, "today-of-a-welcomer")
    hand.go(f'a[href="/welcoming/{held.pk}/"]')
    page.wait_for_url(f"**/welcoming/{held.pk}/")
    way.look(page, "somebody-new")
    hand.write('form[action$="/wrote/"] textarea', "Hello Amina, shall we have tea on Tuesday?")
    hand.go('form[action$="/wrote/"] button')
    page.wait_for_load_state()
    assert "tea on Tuesday" in OutboxMail.objects.get(to=amina.email).body_text

    # She reads who meets her and answers.
    hers = way.open(visit, again(amina))
    her_hand = way.hand(hers)
    hers.goto("/")
    her_hand.go('a[href="/welcoming/mine/"]')
    hers.wait_for_url("**/welcoming/mine/")
    assert "Ben Castillo" in hers.locator("main").inner_text()
    way.look(hers, "my-welcome")
    her_hand.write('input[name="reach_by"]', "Call me after six: 07700 900123")
    her_hand.go('form[action$="/reach/"] button')
    hers.wait_for_load_state()
    held.refresh_from_db()
    assert held.state == Welcome.State.REACHED
    assert held.reached_at - held.created_at < timedelta(hours=48)

    # They talk; with her yes he notes a line; a first step is agreed.
    page.goto(f"/welcoming/{held.pk}/")
    assert "07700 900123" in page.locator("main").inner_text()
    way.look(page, "somebody-who-answered")
    hand.choose('form[action$="/talked/"] input[name="channel"][value="phone"]')
    hand.choose('form[action$="/talked/"] input[value="asked_yes"]')
    hand.write(
        'form[action$="/talked/"] textarea', "Her bathroom is damp; she knows the caretaker."
    )
    hand.go('form[action$="/talked/"] button')
    page.wait_for_load_state()
    hand.write('form[action$="/step/"] input[name="what"]', "Come to the tea")
    day = timezone.localdate() + timedelta(days=2)
    page.locator('form[action$="/step/"] input[name="due_on"]').fill(str(day))
    hand.go('form[action$="/step/"] button')
    page.wait_for_load_state()
    way.look(page, "somebody-who-arrived")
    held.refresh_from_db()
    assert held.state == Welcome.State.PLUGGED_IN
    assert Commitment.objects.get().what == "Come to the tea"

    hers.goto("/welcoming/mine/")
    assert "damp" in hers.locator("main").inner_text()
    way.look(hers, "what-was-noted-of-me")
    assert Conversation.objects.get().consent == "asked_yes"


@pytest.mark.parametrize("way", [PHONE, DESK], ids=lambda way: way.name)
def test_a_steward_sees_who_was_not_reached_and_takes_over(visit, north, ben, ada, way: Way):
    welcomers.volunteer(north, by=again(ben), languages=["en"], at_once=3)
    amina = factories.make_member("Amina Diallo")
    factories.belong(amina, north)
    held = welcomes.begin(again(amina))
    Welcome.objects.filter(pk=held.pk).update(created_at=timezone.now() - timedelta(hours=60))
    Member.objects.update(language=way.language)
    page = way.open(visit, again(ada))
    hand = way.hand(page)
    page.goto("/")
    hand.go(f'main a[href="/welcoming/in/{north.slug}/"]')
    page.wait_for_url("**/welcoming/in/**")
    way.look(page, "welcome-of-a-group")
    hand.go(f'a[href="/welcoming/{held.pk}/"]')
    page.wait_for_url(f"**/welcoming/{held.pk}/")
    hand.go('form[action$="/take/"] button')
    page.wait_for_load_state()
    held.refresh_from_db()
    assert held.welcomer == ada


@pytest.mark.parametrize("way", [PHONE, DESK], ids=lambda way: way.name)
def test_a_colour_nobody_could_read_is_put_right(visit, ruth, community, way: Way):
    Member.objects.update(language=way.language)
    page = way.open(visit, again(ruth))
    hand = way.hand(page)
    page.goto("/desk/")
    way.look(page, "desk")
    hand.go('main a[href="/desk/site/"]')
    page.wait_for_url("**/desk/site/")
    way.look(page, "site-words")
    hand.go('a[href="/desk/site/look/"]')
    page.wait_for_url("**/desk/site/look/")
    before = Community.objects.get().brand
    nearest = colour.nearest_readable(PALE)

    # Trying it shows at once how it would be, measured.
    page.locator('input[name="brand"]').fill(PALE)
    page.locator("#theme-preview .banner--attention").wait_for()
    button = page.locator(".theme-preview .btn")
    expect(button).to_have_css("background-color", "rgb(255, 225, 77)")
    assert nearest in page.locator("#theme-preview").inner_text()
    way.look(page, "site-look-too-pale")

    # Keeping it all the same is refused, and the nearest one is a click away.
    hand.go('form[action="/desk/site/look/"] button.btn:not(.btn--quiet)')
    page.wait_for_load_state()
    assert page.locator(".field--error").count() == 1
    assert Community.objects.get().brand == before
    hand.go("#theme-preview .banner--attention a.btn")
    page.wait_for_url(re.compile("brand="))
    assert page.locator('input[name="brand"]').input_value() == nearest
    assert page.locator("#theme-preview .banner--attention").count() == 0
    hand.go('form[action="/desk/site/look/"] button.btn:not(.btn--quiet)')
    page.wait_for_url("**/desk/site/look/")
    assert Community.objects.get().brand == nearest
    page.reload()
    way.look(page, "site-look-readable")
