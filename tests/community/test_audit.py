"""The audit log: written with the act, kept by PostgreSQL, chained, and read by those it is for."""

from __future__ import annotations

import hashlib
import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from django.urls import reverse

from community import audit
from community.models import AuditEntry, Member, StaffRole
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def ines(community):
    return factories.make_member("Ines Farah", staff=StaffRole.Role.ADMIN)


@pytest.fixture
def dara(community):
    return factories.make_member("Dara Quinn", staff=StaffRole.Role.DATA_PROTECTION)


@pytest.fixture
def sela(community):
    return factories.make_member("Sela Nakata", staff=StaffRole.Role.SAFEGUARDING)


def three(by, person):
    return [
        audit.record("admin.opened_person", by=by, person=person, reason=f"Reason {n}", n=n)
        for n in range(3)
    ]


def tampered(sql: str, *values: object) -> None:
    """What somebody who owns the database can do."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        cursor.execute("ALTER TABLE community_auditentry DISABLE TRIGGER audit_stays")
        cursor.execute(sql, values)
        cursor.execute("ALTER TABLE community_auditentry ENABLE TRIGGER audit_stays")


# Written once


def test_an_entry_says_who_did_what_to_whom_and_in_which_role(ines, ben, north):
    audit.record(
        "admin.opened_person", by=ines, person=ben, space=north, reason=" Asked to ", tries=2
    )
    entry = AuditEntry.objects.get()
    assert (entry.by_id, entry.person_id, entry.space_id) == (ines.pk, ben.pk, north.pk)
    assert (entry.role, entry.reason, entry.data) == ("admin", "Asked to", {"tries": 2})


@pytest.mark.parametrize("kept", ["x" * 65, "ben@example.org", 1.5, {"a": 1}, ["y" * 70]])
def test_an_entry_keeps_no_words_of_people(ines, kept):
    with pytest.raises(ValueError):
        audit.record("admin.opened_person", by=ines, about=kept)


CHANGES = [
    "UPDATE community_auditentry SET reason = 'Something else'",
    "UPDATE community_auditentry SET reason = 'Something else', digest = 'x'",
    "DELETE FROM community_auditentry",
]


@pytest.mark.parametrize(
    "act",
    [*CHANGES, "UPDATE community_auditentry SET digest = NULL", "TRUNCATE community_auditentry"],
)
def test_postgresql_refuses_to_change_delete_or_empty(ines, ben, act):
    three(ines, ben)
    audit.seal()
    with connection.cursor() as cursor:
        # The tests switch this one off for their own cleaning (tests/conftest.py).
        cursor.execute("ALTER TABLE community_auditentry ENABLE TRIGGER audit_is_never_emptied")
        with pytest.raises(DatabaseError, match="only added to"), transaction.atomic():
            cursor.execute(act)
    assert AuditEntry.objects.filter(reason__startswith="Reason").count() == 3


@pytest.mark.parametrize("act", CHANGES)
def test_not_even_the_transaction_that_wrote_an_entry_changes_it(ines, ben, act):
    three(ines, ben)
    refused = pytest.raises(DatabaseError, match="only added to")
    with connection.cursor() as cursor, refused, transaction.atomic():
        cursor.execute(act)
    assert AuditEntry.objects.filter(reason__startswith="Reason").count() == 3


def test_nobody_brings_a_digest_of_their_own(ines):
    AuditEntry.objects.create(action="x.y", number=7, previous="", digest="made up")
    entry = AuditEntry.objects.get()
    assert (entry.number, entry.digest) == (None, None)
    assert audit.verify()
    entry.refresh_from_db()
    assert entry.number == 1


def test_an_entry_stands_or_falls_with_its_act(ines, ben):
    def act():
        with transaction.atomic():
            audit.record("admin.opened_person", by=ines, person=ben)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        act()
    assert not AuditEntry.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_nothing_is_recorded_outside_a_transaction(ines):
    with pytest.raises(transaction.TransactionManagementError):
        audit.record("admin.opened_person", by=ines)


# The chain


def test_the_chain_holds_and_can_be_checked_with_nothing_but_sha256(ines, ben):
    three(ines, ben)
    found = audit.verify()
    assert found
    assert found.count == 3
    out = StringIO()
    call_command("audit", "export", stdout=out)
    previous = ""
    for place, line in enumerate(out.getvalue().splitlines(), 1):
        entry = json.loads(line)
        assert entry["number"] == place
        assert entry["previous"] == previous
        previous = hashlib.sha256((previous + entry["content"]).encode()).hexdigest()
        assert entry["digest"] == previous
        assert json.loads(entry["content"])["reason"] == f"Reason {place - 1}"
    assert previous == found.head


@pytest.mark.parametrize(
    ("act", "broken"),
    [
        ("UPDATE community_auditentry SET reason = 'x' WHERE number = 2", 2),
        ("UPDATE community_auditentry SET by_id = 1 WHERE number = 1", 1),
        ("UPDATE community_auditentry SET at = at + interval '1 microsecond' WHERE number = 3", 3),
        ("UPDATE community_auditentry SET data = '{}' WHERE number = 2", 2),
        ("UPDATE community_auditentry SET role = '' WHERE number = 2", 2),
        ("DELETE FROM community_auditentry WHERE number = 2", 2),
        ("DELETE FROM community_auditentry WHERE number = 1", 1),
    ],
)
def test_the_first_entry_that_was_tampered_with_is_named(ines, ben, act, broken):
    three(ines, ben)
    tampered(act)
    found = audit.verify()
    assert not found
    assert found.broken == broken
    with pytest.raises(CommandError, match=f"Entry {broken} breaks"):
        call_command("audit", "verify")


def test_a_noted_head_shows_a_shortened_or_rewritten_chain(ines, ben):
    three(ines, ben)
    out = StringIO()
    call_command("audit", "verify", stdout=out)
    head = out.getvalue().split()[-1]
    audit_later = audit.record("admin.opened_person", by=ines, person=ben)
    call_command("audit", "verify", "--head", head, stdout=out)
    tampered("DELETE FROM community_auditentry WHERE number >= 3")
    assert not AuditEntry.objects.filter(pk=audit_later.pk).exists()
    assert audit.verify()  # a shorter chain holds by itself
    with pytest.raises(CommandError, match="noted head"):
        call_command("audit", "verify", "--head", head)


def test_erasing_a_person_does_not_break_the_chain(ines, ben):
    three(ines, ben)
    audit.seal()
    number = ben.pk
    Member.objects.filter(pk=number).delete()
    assert audit.verify()
    assert AuditEntry.objects.filter(person_id=number).count() == 3


# Who reads it


def test_the_page_finds_entries_by_act_person_and_day(as_, ines, ben, cleo, north):
    audit.record("admin.opened_person", by=ines, person=ben, reason="About ben")
    audit.record("admin.opened_person", by=ines, person=cleo, reason="About cleo")
    audit.record("topics.split", by=None, space=north, reason="By the clock")
    client = as_(ines)

    def shown(query):
        answer = client.get(f"{reverse('desk_audit')}?{query}")
        page = answer.content.decode()
        words = ("About ben", "About cleo", "By the clock")
        return answer.status_code, {word for word in words if word in page}

    assert shown("") == (200, {"About ben", "About cleo", "By the clock"})
    assert shown("act=topics.split") == (200, {"By the clock"})
    assert shown(f"person=@{ben.handle}") == (200, {"About ben"})
    assert shown(f"person={cleo.pk}") == (200, {"About cleo"})
    assert shown(f"person={ines.pk}") == (200, {"About ben", "About cleo"})
    assert shown("person=nobody-of-that-name") == (200, set())
    assert shown("since=2001-01-01&until=2001-02-01") == (200, set())
    assert shown("since=2001-01-01")[1] == {"About ben", "About cleo", "By the clock"}
    assert shown("since=yesterday") == (422, set())


def test_the_page_is_cut_into_pages_and_asks_as_much_for_many(as_, ines, queries, community):
    def entries(number):
        for _ in range(number):
            person = factories.make_member()
            audit.record("admin.opened_person", by=ines, person=person)

    client = as_(ines)
    entries(2)
    client.get(reverse("desk_audit"))
    with queries() as few:
        client.get(reverse("desk_audit"))
    entries(50)
    with queries() as many:
        page = client.get(reverse("desk_audit"))
    assert len(few) == len(many)
    assert len(page.context["lines"]) == 40
    second = client.get(f"{reverse('desk_audit')}?cursor={page.context['next_cursor']}")
    assert len(second.context["lines"]) == 12


def test_the_log_is_read_by_those_it_is_for(ines, dara, sela, mo, ada, ben, cleo, north):
    opened = audit.record("admin.opened_person", by=ines, person=ben, reason="Asked to")
    here = audit.record("topics.split", by=ines, space=north)
    behind = audit.record("moderation.took_case", by=mo, person=ben, space=north)
    case = audit.record("safeguarding.opened", by=sela, person=ben, space=north)
    own = audit.record("moderation.hid", by=mo)

    def read(member):
        return set(AuditEntry.objects.visible_to(Member.objects.get(pk=member.pk)))

    assert read(ines) == read(dara) == {opened, here, behind, own}
    assert read(sela) == {case}
    assert read(mo) == {behind, own}
    assert read(ada) == {here}
    assert read(ben) == {opened}
    assert read(cleo) == set()
    assert not AuditEntry.objects.visible_to(None).exists()


def test_people_learn_who_looked(ines, ben, cleo):
    opened = audit.record("admin.opened_person", by=ines, person=ben, reason="Asked to")
    audit.record("staff.granted_role", by=ines, person=ben, role="moderator")
    audit.record("admin.opened_person", by=ines, person=cleo)
    assert list(audit.looks_at(ben)) == [opened]
