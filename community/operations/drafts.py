"""What is begun and not said yet, kept on the server so that nobody loses text."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from community.models import Draft, Member
from community.policies import Refused
from community.prepared import prepared

LONGEST = 60_000
"""Characters of a draft's data, as JSON."""
MOST = 200
"""Drafts one person can have."""


def save_draft(place: str, data: dict[str, Any], *, by: Member) -> Draft | None:
    """Keep what was typed so far; nothing typed forgets the draft. Raises Refused when too long."""
    if not any(data.values()):
        discard_draft(place, by=by)
        return None
    if len(str(data)) > LONGEST:
        raise Refused(_("This is too long to keep as a draft."))
    mine = Draft.objects.filter(member=by)
    if mine.count() >= MOST and not mine.filter(place=place[:80]).exists():
        raise Refused(_("You have very many drafts. Discard some of them first."))
    return Draft.objects.update_or_create(
        member=by, place=place[:80], defaults={"data": data, "updated_at": timezone.now()}
    )[0]


def discard_draft(place: str, *, by: Member) -> None:
    Draft.objects.filter(member=by, place=place).delete()


def draft_row(place: str, member: Member) -> Draft | None:
    return next(iter(_mine(member, place)), None)


@prepared
def _mine(reader: Any, place: str) -> QuerySet:
    return Draft.objects.filter(member=reader, place=place)[:1]


def draft_at(place: str, member: Member) -> dict[str, Any]:
    """What the member has begun to write there; empty if nothing."""
    found = draft_row(place, member)
    return found.data if found else {}
