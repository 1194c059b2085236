"""Workers who are told of the same thing at the same time: one tells, nobody waits for it."""

from __future__ import annotations

import threading

import pytest
from django.db import connection, transaction

from community import notices
from community.models import Activity, Notice
from tests.factories import make_comment, make_topic
from tests.races.test_membership import at_once

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


@pytest.fixture
def activity(ada, ben, north):
    comment = make_comment(make_topic(north, by=ada), by=ben)
    found = Activity.objects.get(item_id=comment.pk)
    Notice.objects.filter(activity=found).delete()
    Activity.objects.filter(pk=found.pk).update(told_at=None)
    return found


def test_told_by_several_at_once_it_is_told_once(activity):
    told = []
    at_once(*(lambda: told.append(notices.deliver(activity)) for _ in range(6)))
    assert sum(told) == Notice.objects.filter(activity=activity).count() == 1


def test_who_comes_to_it_while_another_tells_goes_on_with_other_things(activity):
    told, done = [], threading.Event()

    def late() -> None:
        told.append(notices.deliver(activity))
        connection.close()
        done.set()

    with transaction.atomic():
        assert notices.deliver(activity) == 1
        threading.Thread(target=late).start()
        assert done.wait(5), "it waits for whoever is at it"
    assert told == [0]
    assert Notice.objects.filter(activity=activity).count() == 1
