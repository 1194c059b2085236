"""The first minute after signing up, and the three doors a community can have."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from community.accounts.adapter import INVITATION
from community.models import (
    Community,
    JoinRequest,
    Member,
    Membership,
    Notice,
    OutboxMail,
    Ring,
    Space,
)
from community.models.spaces import Asked
from community.operations import people
from community.policies import Refused
from community.registry import registry
from tests import factories

QUESTIONS = ["How did you hear of us?", "Which building do you live in?"]


@pytest.fixture
def newcomer(community: Community) -> Member:
    return Member.objects.create_user("new@example.org")


@pytest.fixture
def browser(newcomer: Member, as_) -> Client:
    return as_(newcomer)


def door(policy: str, **more) -> Space:
    Space.objects.filter(kind=Space.ROOT).update(join_policy=policy, **more)
    return Space.objects.root()


def introduce(browser: Client, name: str = "Amina", **more):
    return browser.post(
        reverse("welcome"), {"name": name, "pronouns": "she/her", "language": "en"} | more
    )


def walk(browser: Client, area: str = "Riverside North"):
    introduce(browser)
    browser.post(reverse("welcome_step", args=[2]), {"profile_seen_by": "groups"})
    return browser.post(reverse("welcome_step", args=[3]), {"area": area})


def test_three_steps_without_script_make_a_member(browser, newcomer, community):
    community.wishes = ["Meet neighbours", "Learn my rights"]
    community.save()
    assert introduce(browser).url == reverse("welcome_step", args=[2])
    answer = browser.post(
        reverse("welcome_step", args=[2]), {"profile_seen_by": "members", "in_directory": "on"}
    )
    assert answer.url == reverse("welcome_step", args=[3])
    answer = browser.post(
        reverse("welcome_step", args=[3]),
        {"area": "Riverside North", "wants": ["Meet neighbours"]},
    )
    assert answer.url == reverse("welcome_groups")
    newcomer = Member.objects.get(pk=newcomer.pk)
    assert (newcomer.name, newcomer.handle, newcomer.pronouns) == ("Amina", "amina", "she/her")
    assert (newcomer.area, newcomer.wants) == ("Riverside North", ["Meet neighbours"])
    assert (newcomer.profile_seen_by, newcomer.in_directory) == ("members", True)
    assert newcomer.onboarded_at is not None
    assert newcomer.root_ring == Ring.PARTICIPANT


def test_what_is_not_chosen_is_the_safe_choice(browser, newcomer):
    introduce(browser)
    form = browser.get(reverse("welcome_step", args=[2])).context["form"]
    assert form["profile_seen_by"].value() == Member.SeenBy.GROUPS
    assert not form["in_directory"].value()
    newcomer.refresh_from_db()
    assert (newcomer.profile_seen_by, newcomer.in_directory) == ("groups", False)


def test_every_page_leads_back_to_the_first_run_until_it_is_done(browser):
    for path in ("/", "/people/", "/me/", "/groups/"):
        assert browser.get(path).url == reverse("welcome")
    assert browser.get(reverse("account_logout")).status_code == 200
    assert browser.get("/people/", headers={"HX-Request": "true"}).get("Location") != reverse(
        "welcome"
    )
    walk(browser)
    assert browser.get("/people/").status_code == 200


def test_nobody_skips_their_name(browser, newcomer):
    assert browser.get(reverse("welcome_step", args=[3])).url == reverse("welcome")
    assert introduce(browser, name=" – ").status_code == 422
    with pytest.raises(Refused):
        people.finish_first_run(newcomer, by=newcomer, area="", wants=[])


def test_a_step_that_does_not_exist_is_not_found(browser):
    assert browser.get(reverse("welcome_step", args=[4])).status_code == 404


@pytest.mark.parametrize(
    ("area", "kept"),
    [
        ("14 Mill Street, flat 3", False),
        ("Mill Street", True),
        ("", True),
        ("District 9", True),
        ("District 10", False),
    ],
)
def test_a_home_address_is_refused_and_a_known_area_with_a_number_is_not(
    browser, newcomer, community, area, kept
):
    community.areas = ["District 9"]
    community.save()
    answer = walk(browser, area)
    newcomer.refresh_from_db()
    assert (answer.status_code == 302) == kept
    assert newcomer.area == (area if kept else "")


def test_the_chosen_language_holds_at_once(browser, newcomer):
    introduce(browser, language="es")
    page = browser.get(reverse("welcome_step", args=[2]))
    assert page["Content-Language"] == "es"
    assert b'<html lang="es"' in page.content


def test_names_lose_the_signs_that_make_them_read_as_others(browser, newcomer):
    introduce(browser, name="  Ada \u202edrawetS\u2066 ")
    newcomer.refresh_from_db()
    assert newcomer.name == "Ada drawetS"


def test_handles_come_from_names_and_are_never_shared(community):
    names = ["Ana Díaz", "Ana Diaz", "ana díaz", "李小龙", "Everyone", "Mo" * 60]
    handles = []
    for number, name in enumerate(names):
        member = Member.objects.create_user(f"{number}@example.org")
        people.introduce(member, by=member, name=name[:80], pronouns="", language="en")
        handles.append(member.handle)
    assert handles[:5] == ["ana-diaz", "ana-diaz-2", "ana-diaz-3", "member", "everyone-1"]
    assert len(handles[5]) <= 40


# The doors


def test_through_the_open_door_one_walks_with_ones_name(browser, newcomer, ruth):
    introduce(browser)
    assert Membership.objects.filter(member=newcomer, space__kind=Space.ROOT).exists()


def test_a_door_with_questions_keeps_newcomers_waiting_calmly(browser, newcomer, ruth, committed):
    door(Space.JoinPolicy.ASK, questions=QUESTIONS)
    assert walk(browser).url == reverse("join")
    page = browser.get(reverse("join")).content.decode()
    assert all(question in page for question in QUESTIONS)
    assert browser.post(reverse("join"), {"answer_0": "A neighbour"}).status_code == 422
    with committed():
        browser.post(reverse("join"), {"answer_0": "A neighbour", "answer_1": "The tower"})
    asked = JoinRequest.objects.get(member=newcomer)
    assert [row["answer"] for row in asked.answers] == ["A neighbour", "The tower"]
    waiting = browser.get(reverse("join")).content.decode()
    assert ruth.name in waiting
    assert "The tower" in waiting
    assert Notice.objects.filter(member=ruth, activity__verb="spaces.asked").exists()
    browser.post(reverse("join"), {"answer_0": "x", "answer_1": "y"})
    assert JoinRequest.objects.filter(member=newcomer).count() == 1


def asks(newcomer: Member) -> JoinRequest:
    people.introduce(newcomer, by=newcomer, name="Samir Aziz", pronouns="", language="en")
    people.finish_first_run(newcomer, by=newcomer, area="Mill Street", wants=[])
    root = door(Space.JoinPolicy.ASK, questions=QUESTIONS)
    return factories.make_request(root, by=newcomer, answers=["The boiler letter", "The tower"])


def test_a_steward_of_the_community_lets_them_in(newcomer, ruth, as_):
    asked = asks(newcomer)
    page = as_(ruth).get(reverse("community_requests")).content.decode()
    assert "Samir Aziz" in page
    assert "The boiler letter" in page
    as_(ruth).post(reverse("accept_join", args=[asked.pk]))
    newcomer = Member.objects.get(pk=newcomer.pk)
    assert newcomer.is_community_member
    assert as_(newcomer).get(reverse("join")).url == reverse("today")
    mail = OutboxMail.objects.get(to=newcomer.email)
    assert ruth.name in mail.body_text
    assert reverse("welcome_groups") in mail.body_html


def test_a_no_comes_with_its_reason_and_one_may_ask_again(newcomer, ruth, as_):
    asked = asks(newcomer)
    as_(ruth).post(
        reverse("decline_join", args=[asked.pk]), {"reason": "We only take tenants of Riverside."}
    )
    page = as_(newcomer).get(reverse("join")).content.decode()
    assert "We only take tenants of Riverside." in page
    assert (
        "We only take tenants of Riverside." in OutboxMail.objects.get(to=newcomer.email).body_text
    )
    as_(newcomer).post(reverse("join"), {"answer_0": "a", "answer_1": "b"})
    assert JoinRequest.objects.filter(member=newcomer, state=Asked.PENDING).count() == 1


def test_asking_is_taken_back(newcomer, as_):
    asked = asks(newcomer)
    as_(newcomer).post(reverse("withdraw_join"))
    asked.refresh_from_db()
    assert asked.state == Asked.WITHDRAWN


@pytest.mark.parametrize("who", ["ben", "ada", "cleo"])
def test_only_stewards_of_the_community_see_who_asks(newcomer, as_, request, who):
    member = request.getfixturevalue(who)
    asked = asks(newcomer)
    client = as_(member)
    assert client.get(reverse("community_requests")).status_code == 404
    assert client.post(reverse("accept_join", args=[asked.pk])).status_code == 404
    assert client.post(reverse("decline_join", args=[asked.pk])).status_code == 404
    asked.refresh_from_db()
    assert asked.state == Asked.PENDING


def test_the_queue_costs_the_same_with_two_and_with_twelve(newcomer, ruth, as_, queries):
    root = door(Space.JoinPolicy.ASK)
    counts = []
    for wanted in (2, 12):
        while JoinRequest.objects.count() < wanted:
            factories.make_request(root, by=factories.make_member(root_ring=0))
        client = as_(ruth)
        client.get(reverse("community_requests"))
        with queries() as asked:
            client.get(reverse("community_requests"))
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_an_invitation_opens_a_closed_community_and_its_group(browser, newcomer, ada, north):
    _made, token = factories.make_invitation(north, by=ada)
    door(Space.JoinPolicy.INVITE)
    session = browser.session
    session[INVITATION] = token
    session.save()
    walk(browser)
    newcomer = Member.objects.get(pk=newcomer.pk)
    assert newcomer.is_community_member
    assert newcomer.rings[north.pk] == Ring.PARTICIPANT
    assert north.name in browser.get(reverse("welcome_groups")).content.decode()


def test_without_an_invitation_a_closed_community_says_so(browser, newcomer):
    door(Space.JoinPolicy.INVITE)
    walk(browser)
    newcomer = Member.objects.get(pk=newcomer.pk)
    assert not newcomer.is_community_member
    assert "by invitation" in browser.get(reverse("join")).content.decode()
    browser.post(reverse("join"))
    assert not Membership.objects.filter(member=newcomer).exists()


def test_groups_offered_are_open_listed_and_near_first(browser, newcomer, ada):
    far = factories.make_space("Harbour Choir", steward=ada)
    near = factories.make_space("Riverside North", steward=ada)
    secret = factories.make_space("Strike Committee", steward=ada, openness="secret")
    invited = factories.make_space(
        "Stewards’ Room", steward=ada, openness="closed", join_policy="invite"
    )
    page = walk(browser)
    page = browser.get(reverse("welcome_groups")).content.decode()
    assert page.index(near.name) < page.index(far.name)
    assert secret.name not in page
    assert invited.name not in page


def test_today_reminds_a_newcomer_and_the_stewards_of_what_is_open(newcomer, ruth, ben):
    asked = asks(newcomer)
    (card,) = registry.waiting["community_requests"].cards(ruth)
    assert asked.member.name in card.title
    assert registry.waiting["community_requests"].cards(ben) == []
    (card,) = registry.waiting["first_weeks"].cards(ben)
    assert card.url == reverse("edit_profile")
    ben.ask_me_about = "Boilers"
    assert registry.waiting["first_weeks"].cards(ben) == []


def test_the_communitys_welcome_is_prose_and_harmless(browser, newcomer, community):
    community.welcome = "Say hello in **New here**. <img src=x onerror=alert(1)>"
    community.save()
    walk(browser)
    page = browser.get(reverse("welcome_groups")).content.decode()
    assert "<strong>New here</strong>" in page
    assert "<img src=x" not in page


def test_near_is_where_the_group_is_and_its_language_counts(browser, newcomer, ada):
    factories.make_space("Coro", steward=ada, area="Riverside North", languages=["es"])
    factories.make_space("Choir", steward=ada, area="Riverside North", languages=["en"])
    factories.make_space("Elsewhere", steward=ada, languages=["en"])
    factories.make_space("Resting", steward=ada, area="Riverside North", state="dormant")
    walk(browser, "riverside north")
    page = browser.get(reverse("welcome_groups")).content.decode()
    assert page.index("Choir") < page.index("Coro") < page.index("Elsewhere")
    assert "Resting" not in page


def test_groups_that_one_asks_to_join_say_so(browser, newcomer, ada):
    closed = factories.make_space("Night Shift", steward=ada, openness="closed")
    walk(browser)
    page = browser.get(reverse("welcome_groups")).content.decode()
    assert "You ask to join; its stewards answer." in page
    assert reverse("groups:ask", args=[closed.slug]) in page
