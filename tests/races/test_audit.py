"""Many writers make one chain, and nobody waits for somebody who is not done."""

from __future__ import annotations

import threading

import pytest
from django.db import connection, transaction

from community import audit
from community.models import AuditEntry, Member
from tests import factories
from tests.races.test_membership import at_once

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

MANY = 20


def test_twenty_writers_make_one_chain(community):
    people = [factories.make_member(f"Person {n}") for n in range(MANY)]

    def write(member):
        def act():
            for n in range(5):
                with transaction.atomic():
                    Member.objects.select_for_update().get(pk=member.pk)
                    audit.record("admin.opened_person", by=None, person=member, n=n)
                    # Some write twice, and not in the order of their rows.
                    if n % 2:
                        audit.record("admin.opened_person", by=None, person=people[-n])

        return act

    at_once(*map(write, people))
    found = audit.verify()
    assert found
    assert found.count == MANY * 7
    numbers = AuditEntry.objects.order_by("number").values_list("number", flat=True)
    assert list(numbers) == list(range(1, MANY * 7 + 1))


def test_a_long_act_keeps_no_other_from_being_recorded(community):
    """Two acts that lock the same two rows in turn would lock each other up, were the chain's
    lock taken when they record."""
    one, other = factories.make_member("One"), factories.make_member("Other")
    recorded, done = threading.Event(), threading.Event()

    def long():
        with transaction.atomic():
            audit.record("admin.opened_person", by=None, person=one)
            recorded.set()
            assert done.wait(10)
            Member.objects.select_for_update().get(pk=other.pk)

    def short():
        assert recorded.wait(10)
        with transaction.atomic():
            Member.objects.select_for_update().get(pk=other.pk)
            with connection.cursor() as cursor:
                cursor.execute("SET LOCAL lock_timeout = '500ms'")
            audit.record("admin.opened_person", by=None, person=other)
        done.set()

    at_once(long, short)
    assert list(AuditEntry.objects.order_by("number").values_list("person_id", flat=True)) == [
        other.pk,
        one.pk,
    ]
    assert audit.verify()
