"""Work that happens after commit: ids in, one operation or reader, idempotent."""

from __future__ import annotations

from celery import current_app, shared_task

from community import doorbell, mail, notices, sessions
from community.operations import media


@shared_task
def deliver(activity_id: int) -> int:
    """Tell people of an activity, unless they were told."""
    activity = notices.for_telling().filter(pk=activity_id, told_at=None).first()
    return notices.deliver(activity) if activity else 0


@shared_task
def deliver_untold() -> int:
    """Tell people of what was not rung for, because Valkey or the worker was away."""
    return sum(notices.deliver(activity) for activity in notices.untold())


@shared_task
def follow_up(task: str, activity_id: int) -> None:
    """Ring the task that an app registered to follow a verb."""
    current_app.send_task(task, args=[activity_id])


@shared_task
def deliver_mail() -> int:
    """Send the mail that is due."""
    return mail.deliver_due()


@shared_task
def forget_mail() -> int:
    """Delete mail that left, or never will, a while ago."""
    return mail.forget_old()


@shared_task
def forget_sessions() -> int:
    """Delete sessions that are over, and where they came from."""
    return sessions.forget_ended()


@shared_task
def heartbeat() -> None:
    """Leave a sign that a worker works."""
    doorbell.beat()


@shared_task
def sweep_media() -> int:
    """Delete uploads that nobody used, and files that nothing names."""
    return media.sweep_unattached() + media.sweep_folders()
