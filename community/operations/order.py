"""The order in which somebody keeps their groups."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction

from community.models import Member, Membership


@transaction.atomic
def order_groups(slugs: Sequence[str], *, by: Member) -> None:
    """Put the member's own spaces into this order; unknown names are passed over."""
    rows = Membership.objects.select_for_update(of=("self",)).filter(member=by)
    mine = {row.space.slug: row for row in rows.select_related("space")}
    named = [mine.pop(slug) for slug in dict.fromkeys(slugs) if slug in mine]
    rest = [row for row in mine.values() if not row.space.is_root]
    rest.sort(key=lambda row: (row.position is None, row.position or 0, row.space.name.casefold()))
    ordered = [*named, *rest]
    for place, row in enumerate(ordered):
        row.position = place
    Membership.objects.bulk_update(ordered, ["position"])
