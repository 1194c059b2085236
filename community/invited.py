"""Knows for whom an invitation is, and who came by whose, as far up and down as it goes."""

from __future__ import annotations

from datetime import timedelta

from allauth.account.models import EmailAddress
from django.db import connection
from django.db.models import Count, Exists, OuterRef, QuerySet, Subquery
from django.utils import timezone

from community.models import Invitation, Member, Membership, Ring, Space

LATELY = timedelta(days=30)
DEEPEST = 50
HIGHEST = 20

_BELOW = """
WITH RECURSIVE here AS (
    SELECT invited_by_id AS by_id, member_id FROM community_membership WHERE space_id = %s
), gone AS (
    SELECT DISTINCT ON (used.member_id) made.created_by_id AS by_id, used.member_id
    FROM community_invitationuse used
    JOIN community_invitation made ON made.id = used.invitation_id
    WHERE used.member_id NOT IN (SELECT member_id FROM here)
    ORDER BY used.member_id, used.id
), branch (member_id, depth) AS (
    SELECT %s::bigint, 0
    UNION
    SELECT came.member_id, branch.depth + 1
    FROM (SELECT * FROM here UNION ALL SELECT * FROM gone) came
    JOIN branch ON came.by_id = branch.member_id
    WHERE branch.depth < %s
)
SELECT member_id, min(depth) FROM branch GROUP BY member_id
"""


def is_meant_for(member: Member | None, invitation: Invitation) -> bool:
    """A letter that leads past taking part is for whoever confirmed its address.

    Of a visitor that is not known yet: they are asked again once they have an account.
    """
    if not invitation.email or invitation.ring <= Ring.PARTICIPANT:
        return True
    if member is None or not member.is_authenticated:
        return True
    confirmed = EmailAddress.objects.filter(user=member.pk, verified=True)
    return confirmed.filter(email__iexact=invitation.email).exists()


def below(person: Member) -> dict[int, int]:
    """{member id: how many invitations away} of the person and of all who came by theirs.

    Who is gone again still holds the branch together, by the first invitation they used.
    """
    root = Space.objects.root()
    with connection.cursor() as cursor:
        cursor.execute(_BELOW, [root.pk, person.pk, DEEPEST])
        return dict(cursor.fetchall())


def above(person: Member) -> list[Member]:
    """By whom they came, and by whom that one, up to the top; the top first. A query a step."""
    rows = Membership.objects.filter(space=Space.objects.root()).select_related("invited_by")
    chain: list[Member] = []
    here = person.pk
    while len(chain) < HIGHEST:
        held = rows.filter(member=here).first()
        if held is None or held.invited_by is None or held.invited_by in chain:
            break
        chain.append(held.invited_by)
        here = held.invited_by_id
    return chain[::-1]


def brought_lately() -> QuerySet[Member]:
    """Those whose invitations brought people in the last 30 days, with how many: ``brought``."""
    came = Membership.objects.filter(
        space__kind=Space.ROOT, joined_at__gte=timezone.now() - LATELY, invited_by=OuterRef("pk")
    )
    number = came.order_by().values("invited_by").annotate(n=Count("pk")).values("n")
    return Member.objects.filter(Exists(came)).annotate(brought=Subquery(number))


def as_tree(top: int, rows: list[Membership]) -> list[Membership]:
    """The rows in the order in which a tree is read, each with its ``depth``."""
    children: dict[int, list[Membership]] = {}
    shown = {row.member_id for row in rows}
    for row in rows:  # whoever brought them may be gone
        parent = row.invited_by_id if row.invited_by_id in shown else top
        children.setdefault(parent, []).append(row)
    found: list[Membership] = []

    def walk(pk: int, depth: int) -> None:
        for row in children.pop(pk, []):
            row.depth = min(depth, 6)
            found.append(row)
            walk(row.member_id, depth + 1)

    walk(top, 1)
    return found
