"""Staff learn from admin and audit log no more of closed groups than the site tells them."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.db import transaction

from community import audit
from community.admin import places, site
from community.admin.site import Looked
from community.models import AuditQuerySet, Member, OutboxMail, StaffRole
from tests import factories
from tests.leaks.matrix import Asker, Found, _told, said
from tests.world import finish, make_world, rolled_back

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

QUERIES = ("", "?q=zq", "?q=hana", "?q=secret", "?o=2", "?o=-3", "?all=", "?p=2", "?_facets=True")
# Who answers for accounts and data finds everybody by name (a person's page takes a reason), and
# reads in the whole log why power was used.
KEEPS_ACCOUNTS = ("staff_admin", "staff_data_protection")
THEIRS = {
    "hana’s name",
    "hana’s handle",
    "reason of a legal hold",
    "reason of a limit",
    "reason of a suspension",
    "reason for a branch",
}


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), rolled_back():
        made = make_world()
        for role in StaffRole.Role:
            made.people[f"staff_{role}"] = factories.make_member(f"Staff {role}", staff=role)
        finish(made)
        with transaction.atomic():
            for name in ("secret", "closed"):
                space = made.spaces[name]
                for action in ("moderation.hid", "space.changed", "admin.opened_person"):
                    audit.record(
                        action,
                        by=made.mo,
                        person=made.hana,
                        space=space,
                        item=made.things[f"{name}_2"],
                    )
        OutboxMail.objects.create(
            to=f"{made.word('address of a mail', made.nobody())}@example.org",
            subject=made.word("subject of a mail", made.nobody()),
            body_text=made.word("text of a mail", made.nobody()),
        )
        yield made


def admin_paths(world) -> list[str]:
    root = f"/{settings.ADMIN_URL}"
    found = [root, f"{root}community/", f"{root}sessions/end/"]
    for model in site._registry:
        base = f"{root}community/{model._meta.model_name}/"
        found += [base + query for query in QUERIES]
        for pk in model._default_manager.order_by("pk").values_list("pk", flat=True):
            found.append(f"{base}{pk}/change/")
            if model is Member:
                found += [f"{base}{pk}/why/", f"{base}{pk}/role/", f"{base}{pk}/sign-out/"]
            if model is StaffRole:
                found.append(f"{base}{pk}/revoke/")
    return found


def log_paths(world) -> list[str]:
    base = "/desk/audit/"
    found = [base, f"{base}?act=moderation.hid", "/me/second-factor/", "/desk/"]
    found += [f"{base}?person={person.pk}" for person in world.people.values()]
    return found + [f"{base}?person={world.hana.handle}", f"{base}?person=@ada-inside"]


def staff_names() -> list[str]:
    return [f"staff_{role}" for role in StaffRole.Role]


def sweep(world, name: str, paths: list[str]) -> tuple[list[str], int]:
    """What this person is told against the rules, and how often they asked."""
    asker, found = Asker.of(world, name), Found(seen={name: set()})
    leaks = []
    for path in paths:
        answer = asker.client.get(path)
        found.probes += 1
        assert answer.status_code < 500, path
        leaks += [
            f"{path} says {what}"
            for what in _told(world, asker, said(answer), found, path)
            if not (name in KEEPS_ACCOUNTS and what in THEIRS)
        ]
    return leaks, found.probes


@pytest.mark.parametrize("name", [*staff_names(), "mo", "cleo", "wes", "ruth", "fay"])
def test_no_canary_reaches_staff_who_are_outside(world, name, capsys):
    leaks, probes = sweep(world, name, admin_paths(world) + log_paths(world))
    with capsys.disabled():
        print(f"\nadmin: {probes} probes by {name}")  # noqa: T201
    assert leaks == []


def everything(self, rows, member):
    return rows


PLANTED = [
    (places.SpaceAdmin, "scoped", everything, "staff_moderator"),
    (places.ItemAdmin, "scoped", everything, "staff_moderator"),
    (places.InvitationAdmin, "scoped", everything, "staff_moderator"),
    (places.MembershipAdmin, "scoped", everything, "staff_admin"),
    (Looked, "named", lambda self, row: str(row), "staff_admin"),
    (AuditQuerySet, "visible_to", lambda self, viewer: self, "wes"),
]


@pytest.mark.parametrize(
    ("where", "what", "fault", "who"), PLANTED, ids=lambda value: getattr(value, "__name__", value)
)
def test_a_planted_leak_is_found(world, monkeypatch, where, what, fault, who):
    monkeypatch.setattr(where, what, fault)
    leaks, _probes = sweep(world, who, admin_paths(world) + log_paths(world))
    assert leaks


def test_the_admin_is_looked_at_where_the_canaries_are(world):
    """Somebody inside who also holds the role is shown them: the sweep looks at the right pages."""
    with rolled_back():
        StaffRole.objects.create(member=world.ada, role="admin")
        asker, found = Asker.of(world, "ada"), Found(seen={"ada": set()})
        for path in admin_paths(world):
            _told(world, asker, said(asker.client.get(path)), found, path)
    assert {"secret: name", "closed: name", "secret: topic of ring 2, title"} <= found.seen["ada"]
