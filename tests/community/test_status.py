"""Where people stand as members: every move of the table, no other; history, many at once."""

from __future__ import annotations

import ast
from datetime import timedelta
from itertools import product

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from community import rulebook
from community.models import (
    AuditEntry,
    Member,
    MembershipStatus,
    Notice,
    Status,
    StatusEvent,
)
from community.operations import status as operations
from community.policies import Refused
from tests import factories
from tests.shape.sources import ROOT, modules

pytestmark = pytest.mark.django_db


def stand(person: Member, status: str) -> Member:
    """Put somebody there without a move, as an import would."""
    MembershipStatus.objects.filter(member=person).delete()
    StatusEvent.objects.filter(member=person).delete()
    if status != Status.NONE:
        MembershipStatus.objects.create(member=person, status=status, since=timezone.localdate())
    return person


def move(person: Member, to: str, by: Member, **more) -> StatusEvent:
    return operations.change_status(person, to=to, reason="As the rule book says.", by=by, **more)


@pytest.mark.parametrize(("before", "after"), product(Status.values, Status.values))
def test_only_the_moves_of_the_rule_book_are_open(before, after, ben, ruth):
    stand(ben, before)
    if after in rulebook.MOVES[before]:
        event = move(ben, after, ruth)
        assert (event.before, event.after) == (before, after)
        assert rulebook.status_of(ben) == after
    else:
        with pytest.raises(Refused):
            move(ben, after, ruth)
        assert rulebook.status_of(ben) == before
        assert not StatusEvent.objects.exists()


def test_a_mistake_is_put_right_by_a_line_of_its_own(ben, ruth):
    move(stand(ben, Status.MEMBER), Status.DECEASED, ruth)
    move(ben, Status.MEMBER, ruth)
    assert rulebook.status_of(ben) == Status.MEMBER
    assert StatusEvent.objects.filter(member=ben).count() == 2


def test_who_is_somewhere_by_mistake_goes_back_only_where_they_were(ben, ruth):
    move(stand(ben, Status.MEMBER), Status.DECEASED, ruth)
    with pytest.raises(Refused):
        move(ben, Status.APPLICANT, ruth)


def test_a_move_says_why_when_by_whom_and_by_which_rule(ben, ruth):
    day = timezone.localdate() - timedelta(days=3)
    operations.change_status(
        ben, to=Status.MEMBER, reason=" Voted in. ", rule="4.2", on=day, by=ruth
    )
    event = StatusEvent.objects.get()
    assert (event.reason, event.rule, event.on, event.by) == ("Voted in.", "4.2", day, ruth)
    entry = AuditEntry.objects.get(action="status.changed")
    assert (entry.person_id, entry.by_id) == (ben.pk, ruth.pk)
    assert "Voted in" not in str(entry.data)


@pytest.mark.parametrize("reason", ["", "   "])
def test_no_move_without_a_reason(ben, ruth, reason):
    with pytest.raises(Refused):
        operations.change_status(ben, to=Status.MEMBER, reason=reason, by=ruth)
    with pytest.raises(IntegrityError), transaction.atomic():
        StatusEvent.objects.create(
            member=ben, before="none", after="member", reason="", on=timezone.localdate()
        )


def test_what_has_not_happened_is_not_written_down(ben, ruth):
    tomorrow = timezone.localdate() + timedelta(days=1)
    with pytest.raises(Refused):
        move(ben, Status.MEMBER, ruth, on=tomorrow)


def test_nobody_writes_down_where_they_stand_themselves(ruth, ben, ada, mo):
    with pytest.raises(Refused):
        move(ruth, Status.MEMBER, ruth)
    for by in (ada, mo, ben):
        with pytest.raises(Refused):
            move(ben if by != ben else ada, Status.MEMBER, by)


def test_lateness_does_not_interrupt_how_long_somebody_is_a_member(ben, ruth):
    long_ago = timezone.localdate() - timedelta(days=400)
    move(ben, Status.MEMBER, ruth, on=long_ago)
    for to in (Status.GRACE, Status.MEMBER, Status.SUSPENDED, Status.MEMBER):
        move(ben, to, ruth)
        assert MembershipStatus.objects.get(member=ben).member_since == long_ago
    move(ben, Status.RESIGNED, ruth)
    assert MembershipStatus.objects.get(member=ben).member_since is None
    move(ben, Status.MEMBER, ruth)
    assert MembershipStatus.objects.get(member=ben).member_since == timezone.localdate()


# What the person sees


def test_the_person_reads_the_history_with_reasons(as_, ben, ada, ruth):
    move(ben, Status.MEMBER, ruth)
    page = as_(ben).get("/me/status/").content.decode()
    assert "As the rule book says." in page
    assert "Ruth Ortega" in page
    assert "As the rule book says." not in as_(ada).get("/me/status/").content.decode()


def test_the_person_is_told(ben, ruth, committed):
    with committed():
        move(ben, Status.MEMBER, ruth)
    assert Notice.objects.filter(member=ben, activity__verb="members.moved").exists()


# At the desk


def test_the_list_is_narrowed_by_status_and_name(as_, ben, ada, ruth):
    move(ben, Status.MEMBER, ruth)
    desk = as_(ruth)
    every = desk.get("/desk/members/").content.decode()
    assert "Ben Castillo" in every
    assert "Ada Mensah" in every
    members = desk.get("/desk/members/?status=member").content.decode()
    assert "Ben Castillo" in members
    assert "Ada Mensah" not in members
    named = desk.get("/desk/members/?q=mens").content.decode()
    assert "Ada Mensah" in named
    assert "Ben Castillo" not in named


def test_the_list_asks_no_more_when_it_is_longer(as_, ruth, queries):
    asked = []
    for number in (2, 12):
        for index in range(number):
            person = factories.make_member(f"Person {number} {index}")
            move(person, Status.MEMBER, ruth)
        client = as_(Member.objects.get(pk=ruth.pk))
        client.get("/desk/members/")
        with queries() as found:
            client.get("/desk/members/")
        asked.append(len(found))
    assert asked[0] == asked[1]


def _said(*people: Member, **more) -> dict:
    return {
        "member": [person.pk for person in people],
        "to": "grace",
        "reason": "Dues of March are missing.",
        "rule": "",
        "on": str(timezone.localdate()),
    } | more


def test_many_are_moved_after_a_look_at_what_it_would_do(as_, ben, ada, ruth):
    move(ben, Status.MEMBER, ruth)
    desk = as_(ruth)
    looked = desk.post("/desk/members/move/", _said(ben, ada))
    assert looked.status_code == 200
    text = looked.content.decode()
    assert "It would move 1 of the 2 people" in text
    assert "There is no way from here to there." in text
    assert rulebook.status_of(ben) == Status.MEMBER
    done = desk.post("/desk/members/move/", _said(ben, ada, confirmed="1"))
    assert done.status_code == 302
    assert rulebook.status_of(ben) == Status.GRACE
    assert rulebook.status_of(ada) == Status.NONE


def test_many_at_once_include_nobody_who_moves_themselves(as_, ben, ruth):
    move(ben, Status.MEMBER, ruth)
    stand(ruth, Status.MEMBER)
    as_(ruth).post("/desk/members/move/", _said(ben, ruth, confirmed="1"))
    assert rulebook.status_of(ruth) == Status.MEMBER
    assert rulebook.status_of(ben) == Status.GRACE


def test_many_at_once_say_why(as_, ben, ruth):
    move(ben, Status.MEMBER, ruth)
    answer = as_(ruth).post("/desk/members/move/", _said(ben, reason="", confirmed="1"))
    assert answer.status_code == 422
    assert rulebook.status_of(ben) == Status.MEMBER


# What it is not for


FIELDS = {"membership_status", "MembershipStatus", "status_of", "StatusEvent"}
ALLOWED = {
    "community/bases.py",
    "community/models/__init__.py",
    "community/models/status.py",
    "community/operations/status.py",
    "community/rulebook.py",
    "community/views/status.py",
    "community/views/me.py",
    "community/holdings/standing.py",
}


def test_nothing_that_somebody_may_do_depends_on_where_they_stand():
    """Rights follow from rings and roles. Who votes is asked by rolls, when there are some."""
    found = [
        str(path.relative_to(ROOT))
        for path in modules()
        if FIELDS & {node.id for node in _nodes(path, ast.Name)}
        | FIELDS & {node.attr for node in _nodes(path, ast.Attribute)}
    ]
    told = [path for path in found if not path.startswith(("tests/", "config/demo"))]
    assert set(told) <= ALLOWED


def test_no_policy_and_no_view_asks_for_engagement():
    words = ("engagement_level", "engagement", "ladder_level", "rung")
    asking = [path for path in modules() if path.name == "policies.py" or "views" in path.parts]
    assert len(asking) > 20
    for path in asking:
        names = {node.attr for node in _nodes(path, ast.Attribute)}
        names |= {node.id for node in _nodes(path, ast.Name)}
        names |= {node.arg for node in _nodes(path, ast.keyword) if node.arg}
        strings = {node.value for node in _nodes(path, ast.Constant) if isinstance(node.value, str)}
        for word in words:
            assert word not in names | strings, f"{path} asks for {word}"


def _nodes(path, kind):
    return [node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, kind)]
