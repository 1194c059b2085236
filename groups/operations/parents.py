"""Where a group hangs among the others: under several if need be, never in a circle."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction

from community.models import Member
from groups import kinship, policies
from groups.models import Group


@transaction.atomic
def set_parents(group: Group, *, parents: Iterable[Group], by: Member) -> Group:
    """Hang the group under others, several if need be; never in a circle. Raises Refused.

    The lock on the links comes before the one on the group: a new link touches the row of its
    parent, which somebody who moves that one holds while they wait for the links.
    """
    kinship.lock_links()
    group = Group.objects.lock(group)
    policies.can_care_for(by, group).enforce()
    kinship.hang(group, list(parents), by=by)
    return group
