"""A group's life: proposed, let in, forming, active, resting, ended; and its place among others."""

from __future__ import annotations

import itertools
import re
import threading
from datetime import timedelta

import pytest
from django.db import connections
from django.utils import timezone

from community.models import Community, Invitation, JoinRequest, Membership, Notice, Ring, Space
from community.policies import Refused
from community.registry import registry
from groups import checklist
from groups.models import Group, Parentage
from groups.operations import charters
from groups.operations import groups as operations
from groups.operations import parents as parenthood
from groups.operations.tabs import arrange_tabs
from tests import factories

State = Group.State


@pytest.fixture
def group(north):
    return north.group


def reload(group):
    return Group.objects.select_related("space").get(pk=group.pk)


# Starting


def test_a_member_proposes_and_only_they_see_it(community, cleo, ben, ruth, as_):
    group = operations.start_group("Allotments", by=cleo, purpose="Beans for all")
    assert group.state == State.PROPOSED
    assert Membership.objects.get(space=group.space).ring == Ring.STEWARD
    page = f"/groups/{group.space.slug}/"
    assert as_(cleo).get(page + "about/").status_code == 200
    for person in (ben, ruth, None):
        assert as_(person).get(page + "about/").status_code == 404
        assert "Allotments" not in as_(person).get("/groups/").content.decode()
    assert "Allotments" in as_(ruth).get("/groups/proposals/").content.decode()
    assert as_(cleo).get("/groups/proposals/").status_code == 404


def test_stewards_of_the_community_are_told_of_a_proposal(community, cleo, ruth, committed):
    with committed():
        operations.start_group("Allotments", by=cleo)
    assert Notice.objects.filter(member=ruth, activity__verb="groups.proposed").exists()


def test_who_holds_a_group_already_needs_nobodys_yes(north, ada):
    ada.forget()
    assert operations.start_group("Second", by=ada).state == State.FORMING


def test_a_proposal_is_let_in(community, cleo, ruth, as_, committed):
    group = operations.start_group("Allotments", by=cleo)
    with committed():
        as_(ruth).post(f"/groups/proposals/{group.pk}/approve/")
    group = reload(group)
    assert group.state == State.FORMING
    assert group.space.listed_at
    assert Notice.objects.filter(member=cleo, activity__verb="groups.approved").exists()
    with pytest.raises(Refused):
        operations.approve_group(group, by=ruth)


def test_a_no_needs_a_reason_and_lets_the_starter_try_again(community, cleo, ruth, as_):
    group = operations.start_group(
        "Allotments", by=cleo, purpose="Beans", openness="closed", join_policy="ask"
    )
    address = f"/groups/proposals/{group.pk}/decline/"
    assert as_(ruth).post(address, {"reason": ""}).status_code == 422
    as_(ruth).post(address, {"reason": "Join the garden group first."})
    group = reload(group)
    assert group.state == State.ARCHIVED
    assert group.space.closed_at
    page = as_(cleo).get(f"/groups/{group.space.slug}/about/").content.decode()
    assert "Join the garden group first." in page
    client, again = as_(cleo), f"?from={group.space.slug}"
    assert "Beans" in client.get("/groups/start/" + again).content.decode()
    said = {"name": "Allotments", "purpose": "Beans for all", "kind": "working"}
    client.post("/groups/start/1/" + again, said)
    assert "closed" in str(client.get("/groups/start/2/").context["said"])


def test_only_stewards_of_the_community_answer_proposals(community, cleo, ben, as_):
    group = operations.start_group("Allotments", by=cleo)
    for person in (ben, cleo):
        assert as_(person).post(f"/groups/proposals/{group.pk}/approve/").status_code == 404
    assert reload(group).state == State.PROPOSED


def test_where_only_stewards_start_groups_others_are_told(community, cleo, ruth, as_):
    Community.objects.update(who_starts_groups="stewards")
    with pytest.raises(Refused):
        operations.start_group("Allotments", by=cleo)
    assert as_(cleo).get("/groups/start/").status_code == 403
    assert operations.start_group("Allotments", by=ruth).state == State.FORMING


def test_nobody_is_invited_into_a_proposal(community, cleo):
    group = operations.start_group("Allotments", by=cleo)
    cleo.forget()
    with pytest.raises(Refused):
        factories.make_invitation(group.space, by=cleo)


def test_names_may_repeat_and_addresses_do_not(ruth):
    slugs = [operations.start_group("Start", by=ruth).space.slug for _time in range(3)]
    assert slugs == ["start-2", "start-3", "start-4"]
    assert operations.start_group("!!", by=ruth).space.slug == "group"


@pytest.mark.parametrize(
    ("openness", "join_policy"),
    [("secret", "open"), ("secret", "ask"), ("closed", "open"), ("nowhere", "open")],
)
def test_doors_that_contradict_are_refused(ruth, openness, join_policy):
    with pytest.raises(Refused):
        operations.start_group("X", by=ruth, openness=openness, join_policy=join_policy)


def test_the_wizard_keeps_what_was_said_and_makes_the_group(community, cleo, as_):
    client = as_(cleo)
    first = {"name": "Allotments", "purpose": "Beans for all", "kind": "working"}
    assert client.get("/groups/start/2/").url == "/groups/start/"
    assert client.post("/groups/start/1/", first | {"name": ""}).status_code == 422
    assert client.post("/groups/start/1/", first).url == "/groups/start/2/"
    assert "Beans for all" in client.get("/groups/start/").content.decode()
    doors = {"openness": "closed", "join_policy": "ask", "questions": "Which plot?\nSince when?"}
    assert client.post("/groups/start/2/", doors | {"join_policy": "open"}).status_code == 422
    assert client.post("/groups/start/2/", doors).url == "/groups/start/3/"
    where = {"area": "South bank", "languages": "English, español", "rhythm": "Sundays"}
    assert client.post("/groups/start/3/", where).url == "/groups/allotments/"
    group = Group.objects.select_related("space").get(space__slug="allotments")
    assert group.languages == ["en", "es"]
    assert group.space.questions == ["Which plot?", "Since when?"]
    assert (group.kind, group.space.openness, group.state) == ("working", "closed", "proposed")
    assert "Beans for all" not in client.get("/groups/start/").content.decode(), "draft is gone"


# States


def finish(group, ada):
    """Everything on the checklist."""
    for number in range(5):
        factories.belong(factories.make_member(f"Somebody {number}"), group.space)
    second = factories.make_member("Second")
    factories.belong(second, group.space, ring=Ring.STEWARD)
    charters.adopt_charter(group, by=ada, purpose="To keep warm")
    Group.objects.filter(pk=group.pk).update(
        welcomer=ada,
        safety_contact=second,
        first_meeting_at=timezone.localdate(),
        liaison=second,
        liaison_met_at=timezone.localdate(),
    )


def test_a_group_is_active_once_everything_on_its_list_is_done(ada, north, as_):
    group = factories.make_group("New", steward=ada, state=State.FORMING)
    ada.forget()
    with pytest.raises(Refused) as refused:
        operations.change_state(group, to=State.ACTIVE, by=ada)
    assert "charter" in str(refused.value.reason)
    finish(group, ada)
    assert all(step.done for step in checklist.of(reload(group)))
    answer = as_(ada).post(f"/groups/{group.space.slug}/state/", {"to": "active"})
    assert answer.status_code == 302
    assert reload(group).state == State.ACTIVE


@pytest.mark.parametrize(
    "gone",
    ["second_steward", "people", "charter", "welcomer", "safety_contact", "meeting", "liaison"],
)
def test_each_thing_on_the_list_is_needed(ada, gone):
    group = factories.make_group("New", steward=ada, state=State.FORMING)
    ada.forget()
    finish(group, ada)
    held = Membership.objects.filter(space=group.space)
    match gone:
        case "second_steward":
            held.filter(ring=Ring.STEWARD).exclude(member=ada).update(ring=Ring.CORE)
        case "people":
            held.filter(ring=Ring.PARTICIPANT).delete()
        case "charter":
            group.charters.all().delete()
        case "welcomer":
            Group.objects.filter(pk=group.pk).update(welcomer=factories.make_member("Elsewhere"))
        case "safety_contact":
            Group.objects.filter(pk=group.pk).update(safety_contact=None)
        case "meeting":
            Group.objects.filter(pk=group.pk).update(first_meeting_at=None)
        case "liaison":
            Group.objects.filter(pk=group.pk).update(liaison_met_at=None)
    with pytest.raises(Refused):
        operations.change_state(reload(group), to=State.ACTIVE, by=ada)


def test_rest_and_support_are_said_by_people_with_a_reason(group, ada, ruth):
    with pytest.raises(Refused):
        operations.change_state(group, to=State.NEEDS_SUPPORT, by=ada)
    group = operations.change_state(group, to=State.NEEDS_SUPPORT, by=ada, reason="Two of us left")
    with pytest.raises(Refused):
        operations.change_state(group, to=State.ACTIVE, by=ada)
    group = operations.change_state(group, to=State.DORMANT, by=ruth, reason="Until spring")
    assert reload(group).state_reason == "Until spring"
    assert operations.change_state(group, to=State.ACTIVE, by=ada).state == State.ACTIVE


def test_no_state_is_jumped_to(group, ada, ruth):
    for state in (State.PROPOSED, State.FORMING, State.ARCHIVED):
        with pytest.raises(Refused):
            operations.change_state(group, to=state, by=ruth)


def test_others_change_no_state(group, ben, cleo, as_):
    for person, status in ((cleo, 403), (ben, 403)):
        address = f"/groups/{group.space.slug}/state/"
        assert as_(person).post(address, {"to": "dormant", "reason": "x"}).status_code == status
    assert reload(group).state == State.ACTIVE


def test_ending_a_group_takes_its_name_and_closes_its_doors(ada, cleo, ben, as_):
    space = factories.make_space("Mill Street", steward=ada, openness="closed")
    ada.forget()
    factories.make_request(space, by=cleo)
    factories.make_invitation(space, by=ada)
    address = f"/groups/{space.slug}/archive/"
    assert as_(ada).post(address, {"name": "mill"}).status_code == 422
    assert as_(ada).post(address, {"name": "mill  street", "reason": "Done"}).status_code == 302
    group = reload(space.group)
    assert (group.state, group.state_reason) == (State.ARCHIVED, "Done")
    assert not Invitation.objects.live().exists()
    assert JoinRequest.objects.get().state == "declined"
    assert "Mill Street" not in as_(cleo).get("/groups/").content.decode()
    assert as_(ada).get(f"/groups/{space.slug}/about/").status_code == 200
    assert as_(cleo).post(f"/groups/{space.slug}/ask/").status_code == 403


def test_only_the_community_opens_an_ended_group_again(group, ada, ruth):
    operations.archive(group, by=ada, name=group.space.name)
    with pytest.raises(Refused):
        operations.change_state(reload(group), to=State.FORMING, by=ada)
    again = operations.change_state(reload(group), to=State.FORMING, by=ruth)
    assert again.space.closed_at is None


# What stewards change


def test_stewards_describe_their_group(group, ada, ben, as_):
    page = f"/groups/{group.space.slug}/settings/"
    said = {"name": "North", "purpose": "Warm", "kind": "campaign", "languages": "Deutsch"}
    assert as_(ben).post(page, said).status_code == 403
    assert as_(ada).post(page, said | {"name": ""}).status_code == 422
    assert as_(ada).post(page, said).status_code == 302
    group = reload(group)
    assert (group.space.name, group.kind, group.languages) == ("North", "campaign", ["de"])
    assert group.space.slug == "north-side", "links to it stay good"


def test_opening_a_closed_group_is_told_first(ada, as_):
    space = factories.make_space("Mill", steward=ada, openness="closed")
    said = {"openness": "open", "join_policy": "open", "invite_ring": "2"}
    page = f"/groups/{space.slug}/settings/doors/"
    assert as_(ada).post(page, said).status_code == 422
    assert as_(ada).post(page, said | {"told": "on"}).status_code == 302
    assert Space.objects.get(pk=space.pk).openness == "open"


def lines(**changes):
    """What the form of the tabs sends when nothing was changed, and these changes."""
    names = [entry.name for entry in registry.ordered("tabs")]
    sent = {f"place_{name}": place for place, name in enumerate(names, 1)}
    on = {f"on_{name}": "on" for name in names if registry.tabs[name].switchable}
    return {name: value for name, value in (sent | on | changes).items() if value is not None}


def tabs_of(page):
    nav = re.search(r'<nav class="tabs" id="group-tabs".*?</nav>', page, re.DOTALL)[0]
    return re.findall(r">([^<>]+)</a>", nav)


def test_a_tab_is_put_away_and_comes_back(group, ada, ben, as_):
    slug = group.space.slug
    as_(ada).post(f"/groups/{slug}/settings/tabs/", lines(on_people=None))
    assert (
        f'href="/groups/{slug}/people/"'
        not in as_(ben).get(f"/groups/{slug}/about/").content.decode()
    )
    assert as_(ben).get(f"/groups/{slug}/people/").status_code == 403
    assert as_(ada).get(f"/groups/{slug}/people/").status_code == 200
    as_(ada).post(f"/groups/{slug}/settings/tabs/", lines())
    assert as_(ben).get(f"/groups/{slug}/people/").status_code == 200


def test_tabs_stand_in_the_order_and_under_the_words_that_stewards_choose(group, ada, ben, as_):
    address = f"/groups/{group.space.slug}/settings/tabs/"
    before = tabs_of(as_(ben).get(f"/groups/{group.space.slug}/").content.decode())
    assert before[:2] == ["Talk", "Chat"]
    as_(ada).post(address, lines(place_chat=1, word_chat="  The  kitchen "))
    page = as_(ben).get(f"/groups/{group.space.slug}/").content.decode()
    assert tabs_of(page) == ["The kitchen", "Talk", *before[2:]]
    assert "The kitchen" in as_(ben).get(f"/spaces/{group.space.slug}/chat/").content.decode()
    as_(ada).post(address, lines())
    assert tabs_of(as_(ben).get(f"/groups/{group.space.slug}/").content.decode()) == before
    as_(ada).post(address, lines(place_talk=2))
    after = tabs_of(as_(ben).get(f"/groups/{group.space.slug}/").content.decode())
    assert after[:2] == ["Chat", "Talk"]
    as_(ada).post(address, lines())
    as_(ada).post(address, lines(place_talk=len(registry.tabs)))
    after = tabs_of(as_(ben).get(f"/groups/{group.space.slug}/").content.decode())
    assert after == [*before[1:], "Talk"]


def test_two_tabs_cannot_have_the_same_name(group, ada, as_):
    sent = lines(word_people="Talk", place_people=1)
    answer = as_(ada).post(f"/groups/{group.space.slug}/settings/tabs/", sent)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "Two parts of a group cannot have the same name." in page
    assert 'name="word_people" value="Talk"' in page, "what was typed is kept"
    group.space.refresh_from_db()
    assert group.space.tabs_order == []


@pytest.mark.parametrize("tab", ["talk", "about", "nothing"])
def test_talk_and_about_stay(group, ada, tab):
    with pytest.raises(Refused):
        arrange_tabs(group, order=[], off=[tab], by=ada)


def test_of_a_secret_group_its_own_stewards_say_who_was_met(community, ada, ruth):
    """Nobody else knows of it: else it could never become active."""
    space = factories.make_space(openness="secret", steward=ada)
    group = Group.objects.filter(pk=space.pk).first() or space.group
    with pytest.raises(Refused):
        operations.name_liaison(group, by=ruth, liaison=ruth)
    again = type(ada).objects.get(pk=ada.pk)
    operations.name_liaison(group, by=again, liaison=ruth, met_at=timezone.localdate())
    assert reload(group).liaison_met_at == timezone.localdate()


def test_contacts_are_people_of_the_group(group, ada, ben, fay, cleo):
    for person in (cleo, fay):
        with pytest.raises(Refused):
            operations.name_contacts(group, by=ada, welcomer=person, safety_contact=ben)
    with pytest.raises(Refused):
        operations.name_contacts(
            group,
            by=ada,
            welcomer=ben,
            safety_contact=ben,
            first_meeting_at=timezone.localdate() + timedelta(days=1),
        )
    operations.name_contacts(group, by=ada, welcomer=ben, safety_contact=ben)


def test_the_organisation_names_its_contact(group, ada, ruth):
    with pytest.raises(Refused):
        operations.name_liaison(group, by=ada, liaison=ruth)
    group = operations.name_liaison(group, by=ruth, liaison=ruth, met_at=timezone.localdate())
    assert group.liaison == ruth


def test_a_picture_of_ones_own(group, ada, ben, as_):
    from django.core.files.uploadedfile import SimpleUploadedFile

    page = f"/groups/{group.space.slug}/settings/cover/"

    def picture():
        return SimpleUploadedFile("a.png", factories.picture((800, 300)), "image/png")

    assert as_(ben).post(page, {"cover": picture()}).status_code == 403
    broken = SimpleUploadedFile("a.png", b"not a picture", "image/png")
    assert as_(ada).post(page, {"cover": broken}).status_code == 422
    assert as_(ada).post(page, {"cover": picture()}).status_code == 302
    cover = Space.objects.get(pk=group.pk).cover
    assert as_(ben).get(cover.url()).status_code == 200
    as_(ada).post(page, {"remove": "1"})
    assert Space.objects.get(pk=group.pk).cover is None


# Above and below


def chain(ruth, *names):
    made = [factories.make_group(name, steward=ruth) for name in names]
    ruth.forget()
    for parent, child in itertools.pairwise(made):
        parenthood.set_parents(child, parents=[parent], by=ruth)
    return made


def test_a_group_has_several_parents(ruth):
    one, two, three = (factories.make_group(name, steward=ruth) for name in "ABC")
    ruth.forget()
    parenthood.set_parents(three, parents=[one, two], by=ruth)
    assert set(three.parents.all()) == {one, two}
    assert list(one.branches.all()) == [three]
    parenthood.set_parents(three, parents=[two], by=ruth)
    assert list(three.parents.all()) == [two]


def test_never_in_a_circle(ruth):
    one, _two, three = chain(ruth, "A", "B", "C")
    with pytest.raises(Refused):
        parenthood.set_parents(one, parents=[three], by=ruth)
    with pytest.raises(Refused):
        parenthood.set_parents(one, parents=[one], by=ruth)


def test_four_levels_at_most(ruth):
    *_above, fourth = chain(ruth, "A", "B", "C", "D")
    fifth = factories.make_group("E", steward=ruth)
    ruth.forget()
    with pytest.raises(Refused):
        parenthood.set_parents(fifth, parents=[fourth], by=ruth)


def test_a_branch_is_made_by_people_of_the_parent(north, ada, ben, cleo):
    own = factories.make_group("Own", steward=cleo)
    cleo.forget()
    with pytest.raises(Refused):
        parenthood.set_parents(own, parents=[north.group], by=cleo)
    bens = factories.make_group("Ben’s", steward=ben)
    ben.forget()
    parenthood.set_parents(bens, parents=[north.group], by=ben)
    assert list(bens.parents.all()) == [north.group]


def test_a_secret_parent_is_named_to_nobody_outside(ruth, cleo, as_):
    secret = factories.make_group("Night Watch", steward=ruth, openness="secret")
    child = factories.make_group("Day Watch", steward=ruth)
    ruth.forget()
    parenthood.set_parents(child, parents=[secret], by=ruth)
    page = f"/groups/{child.space.slug}/about/"
    assert "Night Watch" in as_(ruth).get(page).content.decode()
    assert "Night Watch" not in as_(cleo).get(page).content.decode()


def test_two_moves_at_once_close_no_circle(transactional_db):
    factories.make_community()
    ruth = factories.make_member("Ruth", root_ring=Ring.STEWARD)
    one, two = (factories.make_group(name, steward=ruth) for name in "AB")
    start, refused = threading.Barrier(2), []

    def move(group, parent):
        try:
            start.wait()
            parenthood.set_parents(group, parents=[parent], by=type(ruth).objects.get(pk=ruth.pk))
        except Refused:
            refused.append(group)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=move, args=pair) for pair in ((one, two), (two, one))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(refused) == 1
    assert Parentage.objects.count() == 1


def test_somebody_is_asked_to_meet_a_forming_group(group, ada, ruth, as_):
    Group.objects.update(state=Group.State.FORMING)
    group = reload(group)
    state = f"/groups/{group.space.slug}/state/#liaison"
    assert state in as_(ruth).get("/").content.decode()
    assert state not in as_(ada).get("/").content.decode(), "she does not name anybody"
    assert "were asked to name somebody" in as_(ada).get(state).content.decode()
    operations.name_liaison(group, by=ruth, liaison=ruth)
    assert "Have you had the first talk" in as_(ruth).get("/").content.decode()
    operations.name_liaison(group, by=ruth, liaison=ruth, met_at=timezone.localdate())
    assert state not in as_(ruth).get("/").content.decode()
