"""What a group agreed with itself, version by version."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from community import feed, prose
from community.models import Member
from community.policies import Refused
from groups import policies
from groups.models import Charter, Group


@transaction.atomic
def adopt_charter(
    group: Group, *, by: Member, review_on: Any = None, change_note: str = "", **texts: str
) -> Charter:
    """Write the next version of the charter; older ones stay readable. Raises Refused.

    ``texts`` are those of ``Charter.TEXTS``; one that is not given is empty.
    """
    group = Group.objects.lock(group)
    policies.can_change_group(by, group).enforce()
    words = {name: texts.get(name, "").strip() for name in Charter.TEXTS}
    if not words["purpose"]:
        raise Refused(_("Say what you are here for. The rest can follow."))
    newest = group.charters.first()
    if (
        newest
        and newest.review_on == review_on
        and all(getattr(newest, name) == text for name, text in words.items())
    ):
        raise Refused(_("Nothing has changed. The charter you have already says this."))
    charter = Charter.objects.create(
        group=group,
        version=newest.version + 1 if newest else 1,
        html={name: prose.render(text, short=True) for name, text in words.items() if text},
        renderer=prose.RENDERER,
        review_on=review_on,
        change_note=change_note.strip(),
        adopted_by=by,
        **words,
    )
    feed.record(
        "groups.charter_adopted",
        actor=by,
        space=group.space,
        name=group.space.name,
        version=charter.version,
    )
    return charter
