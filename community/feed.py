"""Knows how what happened is recorded, and what is new for somebody.

``record`` is the only writer of ``Activity``; notices, mail and live updates are readings of it.
"""

from __future__ import annotations

from typing import Any

from django.db import transaction

from community.models import Activity, Item, Member, Space
from community.registry import registry


def record(
    verb: str,
    *,
    actor: Member | None,
    item: Item | None = None,
    space: Space | None = None,
    **data: Any,
) -> Activity:
    """Write down that something happened, in the running transaction; tell people after commit.

    ``data`` holds small JSON values that word the sentence. Raises KeyError for an unknown verb.
    """
    from community.tasks import deliver, follow_up

    registered = registry.verbs[verb]
    activity = Activity.objects.create(
        verb=verb,
        actor=actor,
        item_id=item.pk if item is not None else None,
        space_id=item.space_id if item is not None else space.pk if space is not None else None,
        data=data,
    )
    if registered.recipients is not None:
        deliver.delay_on_commit(activity.pk)
    for task in registry.after.get(verb, ()):
        follow_up.delay_on_commit(task, activity.pk)
    return activity


