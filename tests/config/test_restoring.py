"""What stands open in a backup may have been stopped since: after a restore it is over."""

from __future__ import annotations

import pytest
from django.utils import timezone

from community.models import (
    Activity,
    DataExport,
    Delivery,
    PeopleList,
    Recovery,
    Space,
    StaffRole,
)
from community.operations import lists, recovery, rights
from community.policies import Refused
from config.backup import BackupError, restoring
from tests import factories

pytestmark = pytest.mark.django_db


def test_it_does_not_begin_without_the_list_of_the_erased(settings, tmp_path):
    settings.ERASED_LIST = tmp_path / "erased.list"
    with pytest.raises(BackupError, match="would be back"):
        restoring.restore(tmp_path / "x.backup", "a passphrase of some length", print)
    with pytest.raises(BackupError, match="There is no backup"):
        restoring.restore(
            tmp_path / "x.backup", "a passphrase of some length", str, nobody_left=True
        )


def test_nothing_goes_on_because_it_stood_open_before(ben, ada, north):
    factories.make_second_factor(ben)
    asked = recovery.ask_recovery(by=ben)
    ines = factories.make_member("Ines Farah", staff=StaffRole.Role.ADMIN)
    ready = lists.ask_for_list(
        north, purpose="To call everybody on Sunday.", with_email=False, by=ada
    )
    rights.ask_for_export(by=ben)
    told = Activity.objects.create(verb="comments.posted", actor=ada, space=Space.objects.root())
    Delivery.objects.create(activity=told, member=ben, channel="mail", due_at=timezone.now())

    restoring._make_safe({"taken_at": timezone.now().isoformat()})

    assert not Recovery.objects.open().exists()
    with pytest.raises(Refused):
        recovery.finish_recovery(asked, by=ben)
    with pytest.raises(Refused, match="expired"):
        lists.fetch_list(PeopleList.objects.get(pk=ready.pk), by=ada)
    assert not rights.unmade()
    assert DataExport.objects.get().failed_at is not None
    assert not Delivery.objects.waiting().exists()
    assert ines.is_active
