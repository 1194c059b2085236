"""The frame around every page: colours, the app on a phone, parts on show, my groups in order."""

import json
import re
from datetime import timedelta

import pytest
from django.template import Context, Template
from django.utils import timezone, translation

from community import colour
from community.models import Membership
from community.operations.order import order_groups
from community.templatetags import community as tags
from tests.factories import belong, make_space

pytestmark = pytest.mark.django_db


# Colours


def test_the_theme_follows_the_brand_colour_and_is_kept_for_ever(client, community):
    community.brand = "#c8102e"
    community.save()
    answer = client.get(f"/theme/{colour.theme_hash('#c8102e')}.css")
    assert answer["Content-Type"].startswith("text/css")
    assert "--brand:#c8102e" in answer.content.decode()
    assert "immutable" in answer["Cache-Control"]
    assert "Set-Cookie" not in answer


def test_the_address_of_an_old_colour_gives_the_new_one_for_a_minute(client, community):
    answer = client.get("/theme/000000000000.css")
    assert answer.status_code == 200
    assert "immutable" not in answer["Cache-Control"]


# The app on a phone


def test_the_manifest_names_the_organisation_and_real_places(client, community):
    answer = client.get("/manifest.webmanifest")
    told = json.loads(answer.content)
    assert told["name"] == community.name
    assert {icon["sizes"] for icon in told["icons"]} == {"192x192", "512x512"}
    assert any(icon.get("purpose") == "maskable" for icon in told["icons"])
    assert "/groups/" in {shortcut["url"] for shortcut in told["shortcuts"]}


def test_the_service_worker_keeps_only_what_is_nobodys(as_, ada):
    script = as_(ada).get("/sw.js").content.decode()
    kept = re.search(r"const FILES = \[(.*?)\];", script, re.S)[1]
    assert "OFFLINE" in kept
    for address in re.findall(r'"([^"]+)"', kept):
        assert address.replace("\\u002D", "-").startswith(("/static/", "/theme/"))
    assert "cache.put" not in script


def test_the_offline_page_says_nothing_about_who_asked(as_, ada, client):
    mine = as_(ada).get("/offline/").content.decode()
    assert ada.name not in mine
    assert "csrf" not in mine
    assert mine == client.get("/offline/").content.decode()


# Parts on show


def test_parts_are_shown_to_staff_and_to_nobody_else(as_, ada, mo, guest):
    assert as_(mo).get("/styleguide/").status_code == 200
    assert as_(ada).get("/styleguide/").status_code == 404
    assert as_(guest).get("/styleguide/").status_code == 404


def test_no_component_stays_unrendered(as_, mo):
    assert "<c-" not in as_(mo).get("/styleguide/").content.decode()


# My groups in my order


def test_my_groups_stand_in_my_order(as_, ben, north):
    others = [make_space(name) for name in ("Alpha", "Beta")]
    for space in others:
        belong(ben, space)
    answer = as_(ben).post("/me/groups/order/", {"order": ["beta", north.slug, "nowhere"]})
    assert answer.status_code == 204
    order = Membership.objects.filter(member=ben, position__isnull=False).order_by("position")
    assert [row.space.slug for row in order] == ["beta", north.slug, "alpha"]


def test_nobody_elses_order_changes(ben, ada, north):
    order_groups([north.slug], by=ben)
    assert Membership.objects.get(member=ada, space=north).position is None


# Tags


def shown(source: str, **context) -> str:
    return Template(source).render(Context(context))


def test_an_icon_is_decoration_unless_it_is_given_words():
    assert 'aria-hidden="true"' in shown('{% icon "bell" %}')
    told = shown('{% icon "bell" "" words %}', words="<Bell>")
    assert 'role="img" aria-label="&lt;Bell&gt;"' in told


def test_initials_and_names_are_escaped(ben):
    ben.name = "<b> <i>"
    assert "<b>" not in shown("{% avatar person %}", person=ben)


@pytest.mark.parametrize(
    ("gone", "words"),
    [
        (timedelta(seconds=20), "just now"),
        (timedelta(minutes=3), "3 min ago"),
        (timedelta(hours=3), "3 h ago"),
    ],
)
def test_recent_times_are_told_as_people_say_them(gone, words, time_machine_at_noon):
    assert f">{words}</time>" in tags.ago(timezone.now() - gone)


def test_older_times_become_days_and_dates(time_machine_at_noon):
    now = timezone.now()
    assert ">yesterday</time>" in tags.ago(now - timedelta(days=1))
    assert ">6 days ago</time>" in tags.ago(now - timedelta(days=6))
    assert ">1 March</time>" in tags.ago(now - timedelta(days=14))
    assert ">1 March 2025</time>" in tags.ago(now - timedelta(days=14 + 365))
    assert 'title="' in tags.ago(now)


@pytest.fixture
def time_machine_at_noon():
    import time_machine

    with time_machine.travel("2026-03-15T12:00:00+00:00", tick=False), translation.override("en"):
        yield


def test_undo_goes_to_our_own_addresses_only():
    class Message:
        extra_tags = "undo:https://elsewhere.example/ undo:/topics/3/restore/"

    assert tags.undo_url(Message()) == "/topics/3/restore/"
    Message.extra_tags = "undo:https://elsewhere.example/"
    assert tags.undo_url(Message()) == ""


def test_a_theme_from_a_cookie_is_one_we_know(rf):
    request = rf.get("/")
    request.COOKIES["theme"] = '"><script>'
    assert tags.scheme({"request": request}) == ""
    request.COOKIES["theme"] = "dark"
    assert tags.scheme({"request": request}) == ' data-theme="dark"'


def test_what_lies_on_the_desk_is_marked_as_the_desk(as_, mo, community):
    for address in ("/desk/", "/moderation/", "/moderation/people/"):
        page = as_(mo).get(address).content.decode()
        side = page[page.index('class="side"') : page.index("</nav>", page.index('href="/desk/"'))]
        assert re.search(r'href="/desk/"[^>]*aria-current="page"', side), address
