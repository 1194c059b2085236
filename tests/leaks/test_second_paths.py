"""What a closed door tells by another way: lists, bells, earlier words, names that one tries."""

from __future__ import annotations

import pytest
from django.utils import timezone

from community import earlier, newcomers, notices, profiles
from community.models import (
    Block,
    Item,
    Member,
    Membership,
    Notice,
    Ring,
    Room,
    RoomPerson,
    Space,
)
from community.operations import comments, membership, rings
from community.operations.chat.direct import pair_of
from community.prepared import prepared
from groups.operations import groups, topics
from tests import factories
from tests.chatted import say
from tests.factories import belong, make_comment, make_member, make_space, make_topic

pytestmark = pytest.mark.django_db


def bell(client):
    return client.get("/notices/").content.decode()


def again(member):
    return Member.objects.get(pk=member.pk)


# The bell


def test_who_was_removed_is_not_told_the_groups_new_name(as_, ada, ben, committed):
    space = make_space("Night shift", openness="secret", steward=ada)
    held = belong(ben, space)
    with committed():
        membership.remove(held, by=ada, reason="Broke a promise")
    groups.update_group(space.group, by=again(ada), name="Wildcat strike")
    html = bell(as_(ben))
    assert "You were removed from Night shift" in html
    assert "Wildcat" not in html
    assert f"/groups/{space.slug}/" not in html


def test_a_steward_who_stepped_back_is_not_told_any_more_who_asks(as_, ada, ben, cleo, committed):
    space = make_space("Depot", openness="closed", steward=ada)
    belong(ben, space, ring=Ring.STEWARD)
    with committed():
        factories.make_request(space, by=cleo)
    assert cleo.name in bell(as_(ben))
    rings.step_back(space, ring=Ring.PARTICIPANT, by=again(ben))
    assert cleo.name not in bell(as_(ben))
    assert notices.unread_count(again(ben)) == 0
    assert cleo.name in bell(as_(ada))


def test_stewards_above_are_not_told_of_a_secret_branch(as_, ada, ben, committed):
    parent = make_space("Region", steward=ada)
    belong(ben, parent)
    make_space("Held already", steward=ben)
    with committed():
        groups.start_group(
            "Quiet cell",
            by=again(ben),
            openness="secret",
            join_policy="invite",
            parents=[parent.group],
        )
    assert Notice.objects.filter(member=ada).exists()
    assert "Quiet cell" not in bell(as_(ada))
    assert notices.unread_count(again(ada)) == 0


def test_stewards_of_the_community_are_told_of_proposals_and_appeals(
    as_, ruth, ada, ben, committed
):
    space = make_space("Inner", openness="secret", steward=ada)
    held = belong(ben, space)
    with committed():
        groups.start_group("Seed library", by=again(ben))
        event = membership.remove(held, by=ada, reason="Broke a promise")
        membership.appeal(event, by=ben, text="I did not")
    html = bell(as_(ruth))
    assert "proposes a new group: Seed library" in html
    assert "appeals against being removed from Inner" in html


def test_what_is_answered_under_a_blocked_persons_topic_tells_nothing_of_it(
    as_, ada, ben, cleo, north, committed
):
    topic = make_topic(north, by=ada, title="The boiler")
    with committed():
        answer = make_comment(topic, by=ben, text="@cleo-okafor see this")
    assert "The boiler" in bell(as_(cleo))
    Block.objects.create(member=cleo, blocked=ada)
    assert "The boiler" not in bell(as_(cleo))
    assert not Item.objects.visible_to(again(cleo)).filter(pk=answer.pk).exists()
    assert Item.objects.visible_to(again(cleo)).filter(author=ben).count() == 0


# Who is in a group


def test_followers_learn_of_nobody_that_they_are_in_it(as_, ada, ben, fay, north):
    fay = again(fay)
    assert profiles.circles(fay) == []
    assert newcomers.beside(fay) is None
    listed = as_(fay).get(f"/people/?group={north.pk}").context["page"].rows
    assert ben.pk not in {person.pk for person in listed}
    assert as_(fay).get(f"/people/{ben.pk}/").context["groups"] == []
    assert as_(ben).get(f"/people/{ada.pk}/").context["groups"] == [north]


def test_a_list_kept_to_the_stewards_is_kept_everywhere(as_, ada, ben, cleo, north):
    topic = make_topic(north, by=ada)
    eva = make_member("Eva Ruiz")
    belong(eva, north)
    Space.objects.filter(pk=north.pk).update(tabs_off=["people"])
    assert newcomers.beside(again(ben)) is None
    assert newcomers.beside(again(ada)) is not None
    notes = {one["note"] for one in as_(ben).get(f"/mentions/?item={topic.pk}&q=").json()}
    assert "not in this group" not in notes


def test_the_whole_community_is_no_list_of_those_who_stand_in_none(as_, ben):
    make_member("Shy Person", profile_seen_by=Member.SeenBy.CONTACTS, in_directory=False)
    found = as_(ben).get(f"/mentions/?space={Space.objects.root().pk}&q=shy").json()
    assert found == []


def test_who_may_not_write_finds_no_names_by_trying(as_, ada, ben):
    space = make_space("Open house", openness="public", steward=ada)
    topic = make_topic(space, by=ada, min_ring=Ring.WEB)
    applicant = make_member("Cop Nosy", root_ring=0)
    html = as_(applicant).post(f"/preview/?item={topic.pk}", {"text": "@ben-castillo"})
    assert f"/people/{ben.pk}/" not in html.content.decode()
    assert "Ben Castillo" not in html.content.decode()


def test_a_proposal_names_no_secret_group_above_it(as_, ruth, ada, ben):
    secret = make_space("Quiet cell", openness="secret", steward=ada)
    belong(ben, secret)
    groups.start_group("Branch", by=again(ben), parents=[secret.group])
    html = as_(ruth).get("/groups/proposals/").content.decode()
    assert "Branch" in html
    assert "Quiet cell" not in html


# Earlier words


def test_what_was_changed_before_more_people_could_read_it_stays_with_the_few(ada, ben, fay, north):
    topic = make_topic(north, by=ada, title="Plan", text="Meet at Eva's flat", min_ring=Ring.CORE)
    core = make_member("Core Person")
    belong(core, north, ring=Ring.CORE)
    topics.edit_topic(topic, by=again(ada), title="Plan", text="Meet on Sunday")
    topics.move_to_ring(topic, ring=Ring.FOLLOWER, by=again(ada))
    topics.edit_topic(topic, by=again(ada), title="Plan", text="Meet on Monday")
    item = Item.objects.get(pk=topic.pk)
    assert [row.text for row in earlier.words(item, again(fay))] == ["Meet on Sunday"]
    assert len(earlier.words(item, again(core))) == 2
    assert len(earlier.words(item, again(ada))) == 2


def test_opening_a_group_does_not_open_what_was_said_behind_closed_doors(ada, cleo, fay, north):
    groups.change_openness(north.group, by=again(ada), openness="closed", join_policy="ask")
    topic = make_topic(north, by=ada, title="Plan", text="Meet at Eva's flat", min_ring=1)
    topics.edit_topic(topic, by=again(ada), title="Plan", text="Meet on Sunday")
    groups.change_openness(north.group, by=again(ada), openness="open", join_policy="open")
    topics.edit_topic(topic, by=again(ada), title="Plan", text="Meet on Monday")
    item = Item.objects.select_related("space").get(pk=topic.pk)
    assert [row.text for row in earlier.words(item, again(cleo))] == ["Meet on Sunday"]
    assert len(earlier.words(item, again(fay))) == 2


def test_who_takes_part_reads_what_comments_said_before(ada, ben, fay, north):
    topic = make_topic(north, by=ada)
    answer = make_comment(topic, by=ben, text="At seven")
    comments.edit_comment(answer, by=ben, text="At eight")
    assert [row.text for row in earlier.words(Item.objects.get(pk=answer.pk), ada)] == ["At seven"]


# Questions that are kept


def test_a_question_that_would_keep_one_readers_value_is_refused(community, ben):
    @prepared
    def like(words):
        return Space.objects.filter(name__icontains=words)

    @prepared
    def told(reader):
        return Notice.objects.exclude(activity__data__member=reader.pk)

    with pytest.raises(TypeError, match="do not prepare"):
        like("River")
    with pytest.raises(TypeError, match="do not prepare"):
        told(ben)


# Addresses and reasons


def test_the_name_of_a_secret_group_is_not_found_by_taking_it(ada, ruth):
    first = groups.start_group(
        "Wildcat strike", by=ruth, openness="secret", join_policy="invite"
    ).space
    second = groups.start_group("Wildcat strike", by=again(ruth)).space
    assert second.slug == "wildcat-strike"
    assert first.slug.startswith("wildcat-strike-")


def test_why_a_group_rests_is_told_to_its_people(as_, ada, ben, cleo, ruth, north):
    groups.change_state(north.group, to="dormant", by=ruth, reason="Eva was dismissed")
    assert "Eva was dismissed" in as_(ben).get(f"/groups/{north.slug}/").content.decode()
    assert "Eva was dismissed" not in as_(cleo).get(f"/groups/{north.slug}/").content.decode()


def test_who_removed_somebody_is_not_shown_to_them(as_, ada, ben, north, committed):
    held = Membership.objects.get(space=north, member=ben)
    with committed():
        membership.remove(held, by=ada, reason="A quarrel")
    told = as_(ben).get("/notices/").context["told"]
    assert [line.actors for bundle in told for line in bundle.lines] == [[]]


def test_reports_of_browsers_do_not_fill_the_log(client, caplog, monkeypatch, db):
    monkeypatch.setattr("community.views.health.REPORTS_A_MINUTE", 2)
    for _ in range(5):
        client.post("/csp-report/", b"{}", content_type="application/csp-report")
    assert 2 <= sum(record.name == "community.csp" for record in caplog.records) <= 4


def test_who_writes_unasked_opens_no_profile_by_it(as_, cleo):
    shy = make_member("Shy Person", profile_seen_by=Member.SeenBy.CONTACTS, in_directory=False)
    asked = Room.objects.create(kind=Room.Kind.DIRECT, pair=pair_of(cleo, shy))
    now = timezone.now()
    RoomPerson.objects.create(room=asked, member=cleo, accepted_at=now)
    theirs = RoomPerson.objects.create(room=asked, member=shy)
    say(asked, cleo, "Who are you?")
    assert as_(cleo).get(f"/people/{shy.pk}/").status_code == 404
    RoomPerson.objects.filter(pk=theirs.pk).update(accepted_at=now)
    assert as_(cleo).get(f"/people/{shy.pk}/").status_code == 404
    found = as_(cleo).get(f"/mentions/?space={Space.objects.root().pk}&q=shy").json()
    assert found == []
