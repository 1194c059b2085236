"""Work that happens after commit or by the clock: ids in, one operation, safe to run twice."""

from __future__ import annotations

from celery import shared_task

from community.models import Activity
from leadership.operations import clock, welcomes


@shared_task
def welcome_newcomer(activity_id: int) -> None:
    """Somebody arrived or joined a group: put them into somebody's hands."""
    activity = Activity.objects.select_related("actor").filter(pk=activity_id).first()
    if activity is not None and activity.actor is not None:
        welcomes.begin(activity.actor)


@shared_task
def look_after_newcomers() -> int:
    """Find newcomers whom nothing rang for, and those whose welcomer cannot go on."""
    return clock.look_after_newcomers()
