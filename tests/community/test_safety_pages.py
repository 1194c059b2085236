"""The pages against abuse ask the database the same, however long their lists are."""

from __future__ import annotations

import pytest
from django.utils import timezone

from community import invited
from community.models import Block, Branch, Held, Item, Measure, Member, Ring, StaffRole
from community.operations import branches, invitations, leaving, sanctions
from community.policies import Refused
from tests import factories

pytestmark = pytest.mark.django_db

MOST = 20

PAGES = {
    "my case": ("ben", "/me/case/"),
    "my held posts": ("ben", "/me/held/"),
    "warned, limited, suspended": ("mo", "/moderation/people/"),
    "one person": ("mo", "/moderation/people/{ben}/"),
    "held": ("ada", "/moderation/held/"),
    "tree": ("mo", "/moderation/invitations/"),
    "branch": ("mo", "/moderation/invitations/{ada}/"),
    "lock": ("ruth", "/moderation/lock-down/"),
    "splitting": ("ada", "/topics/{topic}/split/"),
    "merging": ("ada", "/topics/{topic}/merge/"),
    "moving": ("ada", "/topics/{topic}/group/"),
}


def fill(space, ada, ben, mo, number: int) -> None:
    rule = factories.make_rule()
    for index in range(number):
        person = factories.make_member(f"Person {number} {index}", root_ring=0)
        _row, token = invitations.invite(space, by=ada)
        invitations.use_invitation(token, by=person)
        person.forget()
        sanctions.limit(person, by=mo, rule=rule, reason="Because.", days=3)
        measure = sanctions.warn(ben, by=mo, rule=rule, reason="Because.")
        sanctions.lift(measure, by=mo, reason="Over.")
        group = factories.make_group(f"Group {number} {index}")
        factories.belong(ada, group.space, ring=Ring.STEWARD)
        for author in (person, ben):
            topic = factories.make_topic(space, by=author)
            factories.make_topic(space, by=author)
            Item.objects.filter(pk=topic.pk).update(hidden_at=topic.created_at)
            Held.objects.create(item_id=topic.pk, cause="burst", verb="topics.posted")


@pytest.mark.parametrize("name", PAGES)
def test_the_same_with_2_and_with_12(as_, ada, ben, mo, ruth, north, queries, name):
    people = {"ada": ada, "ben": ben, "mo": mo, "ruth": ruth}
    topic = factories.make_topic(north, by=ben)
    who, path = PAGES[name]
    path = path.format(ben=ben.pk, ada=ada.pk, topic=topic.pk)
    asked = []
    for number in (2, 10):
        fill(north, ada, ben, mo, number)
        for _time in range(number):
            factories.make_comment(topic, by=ada)
        client = as_(Member.objects.get(pk=people[who].pk))
        assert client.get(path).status_code == 200
        with queries() as found:
            assert client.get(path).status_code == 200
        asked.append(len(found))
    assert asked[0] == asked[1], f"{name}: {asked}"
    assert asked[1] <= MOST


def test_a_branch_of_invitations_is_acted_on_by_two_pairs_of_eyes(as_, ada, ben, mo, north):
    nia = factories.make_member("Nia", staff=StaffRole.Role.MODERATOR)
    rule = factories.make_rule()

    def brought(by, name):
        _row, token = invitations.invite(north, by=by)
        person = factories.make_member(name, root_ring=0)
        invitations.use_invitation(token, by=person)
        person.forget()
        return Member.objects.get(pk=person.pk)

    child = brought(ada, "Child")
    grandchild = brought(child, "Grandchild")
    helper = brought(child, "Staff")
    StaffRole.objects.create(member=helper, role=StaffRole.Role.MODERATOR)
    assert invited.below(ada) == {ada.pk: 0, child.pk: 1, grandchild.pk: 2, helper.pk: 2}
    page = as_(mo).get(f"/moderation/invitations/{ada.pk}/").content.decode()
    assert page.index("Child") < page.index("Grandchild")
    _row, token = invitations.invite(north, by=grandchild)
    form = {"rule": rule.pk, "reason": "Bots.", "measure": "suspend:72"}
    assert as_(mo).post(f"/moderation/invitations/{child.pk}/", form).status_code == 302
    branch = child.branches.get()
    with pytest.raises(Refused, match="already"):
        branches.propose_branch(child, by=nia, kind="limit", rule=rule, reason="x", hours=3)
    assert as_(mo).post(f"/moderation/branches/{branch.pk}/agree/").status_code == 403
    assert not Member.objects.get(pk=child.pk).is_suspended
    assert as_(nia).post(f"/moderation/branches/{branch.pk}/agree/").status_code == 302
    for member, is_out in ((child, True), (grandchild, True), (helper, False), (ada, False)):
        assert Member.objects.get(pk=member.pk).is_suspended == is_out, member
    assert "Bots." in as_(grandchild).get("/me/case/").content.decode()
    with pytest.raises(Refused):
        invitations.use_invitation(token, by=factories.make_member("Outside"))
    with pytest.raises(Refused, match="at most"):
        branches.propose_branch(ben, by=mo, kind="suspend", rule=rule, reason="x", hours=73)


def test_a_proposed_branch_lapses_when_nobody_agrees_in_time(ben, mo):
    nia = factories.make_member("Nia Moderator", staff="moderator")
    rule = factories.make_rule()
    branch = branches.propose_branch(ben, by=mo, kind="limit", rule=rule, reason="Spam.", hours=10)
    assert branches.sweep_proposals() == 0
    Branch.objects.update(created_at=timezone.now() - Measure.PROPOSED_FOR)
    with pytest.raises(Refused, match="lapsed"):
        branches.agree_branch(branch, by=nia)
    assert branches.sweep_proposals() == 1
    branch.refresh_from_db()
    assert (branch.agreed, branch.decided_by) == (False, None)
    assert not Measure.objects.exists()


def test_a_moderator_does_not_decide_about_the_branch_that_came_by_them(as_, mo):
    nia = factories.make_member("Nia", staff=StaffRole.Role.MODERATOR)
    rule = factories.make_rule()
    branch = branches.propose_branch(nia, by=mo, kind="limit", rule=rule, reason="Bots.", hours=3)
    assert "Bots." in as_(mo).get("/moderation/invitations/").content.decode()
    assert "Bots." not in as_(nia).get("/moderation/invitations/").content.decode()
    for act in ("agree", "refuse"):
        assert as_(nia).post(f"/moderation/branches/{branch.pk}/{act}/").status_code == 404
    for operation in (branches.agree_branch, branches.refuse_branch):
        with pytest.raises(Refused, match="about themselves"):
            operation(branch, by=nia)


def test_a_proposal_about_somebody_who_is_erased_can_only_be_let_go(as_, ben, mo):
    nia = factories.make_member("Nia", staff=StaffRole.Role.MODERATOR)
    rule = factories.make_rule()
    branch = branches.propose_branch(ben, by=mo, kind="limit", rule=rule, reason="Bots.", hours=3)
    type(branch).objects.filter(pk=branch.pk).update(person=None)
    page = as_(nia).get("/moderation/invitations/").content.decode()
    assert "Former member" in page
    assert "Agree: it falls" not in page
    with pytest.raises(Refused, match="left for good"):
        branches.agree_branch(branch, by=nia)
    branches.refuse_branch(branch, by=nia)


def test_a_branch_holds_together_when_somebody_of_it_left_and_each_is_heard(as_, ada, mo, north):
    nia = factories.make_member("Nia", staff=StaffRole.Role.MODERATOR)
    rule = factories.make_rule()
    chain = [ada]
    for name in ("Child", "Grandchild", "Last"):
        _row, token = invitations.invite(north, by=chain[-1])
        person = factories.make_member(name, root_ring=0)
        invitations.use_invitation(token, by=person)
        chain.append(Member.objects.get(pk=person.pk))
    _ada, child, grandchild, last = chain
    leaving.leave_community(grandchild, words="stay", by=grandchild)
    found = invited.below(child)
    assert found == {child.pk: 0, grandchild.pk: 1, last.pk: 2}
    assert "Last" in as_(mo).get(f"/moderation/invitations/{child.pk}/").content.decode()
    branch = branches.propose_branch(child, by=mo, kind="suspend", rule=rule, reason="x", hours=3)
    Block.objects.create(member=nia, blocked=last)
    nia.forget()
    branches.agree_branch(branch, by=nia)
    assert Member.objects.get(pk=child.pk).is_suspended
    assert not Member.objects.get(pk=last.pk).is_suspended, "she keeps apart from who agreed"
    measure = child.measures.get()
    page = as_(child).get("/me/case/").content.decode()
    assert f"/me/case/{measure.pk}/answer/" in page
    child = Member.objects.get(pk=child.pk)
    sanctions.answer(measure, by=child, text="I never wrote that.")
