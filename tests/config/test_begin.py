"""A community begins with a name and one person, once."""

from __future__ import annotations

import pytest
from django.core.management import CommandError, call_command

from community.models import AuditEntry, Community, Member, Ring, Space

pytestmark = pytest.mark.django_db


def begin(**options: str) -> None:
    call_command("begin", **{"name": "Our Union", "email": "Ada@Example.org"} | options)


def test_the_first_person_is_steward_and_administrator():
    begin(language="es", timezone="Europe/Madrid")
    community = Community.objects.current()
    assert (community.name, community.default_language) == ("Our Union", "es")
    assert community.space.join_policy == Space.JoinPolicy.ASK
    ada = Member.objects.get()
    assert ada.email == "ada@example.org"
    assert ada.staff_roles == {"admin"}
    assert ada.rings[community.space.pk] == Ring.STEWARD
    assert AuditEntry.objects.filter(action="site.begun", person_id=ada.pk).exists()


def test_it_begins_once():
    begin()
    with pytest.raises(CommandError, match="already"):
        begin(name="Another")
    assert Community.objects.count() == 1


@pytest.mark.parametrize(
    ("options", "said"),
    [({"email": "nobody"}, "no e-mail address"), ({"timezone": "Mars/North"}, "no time zone")],
)
def test_what_cannot_be_is_said(options, said):
    with pytest.raises(CommandError, match=said):
        begin(**options)
    assert not Space.objects.exists()


def test_the_first_page_of_a_new_community_opens(client):
    begin()
    assert client.get("/").status_code == 200
