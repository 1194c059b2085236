"""Work that happens after commit: ids in, one operation or reader, idempotent."""

from __future__ import annotations

from importlib import import_module

from celery import current_app, shared_task
from django.db import transaction

from community import (
    doorbell,
    erasing,
    exports,
    mail,
    notices,
    push,
    sessions,
    suppression,
    tombstones,
)
from community.models import Activity, Member, Notice
from community.notices import bell, digest, mails
from community.operations import (
    announcements,
    branches,
    chat,
    holding,
    leaving,
    media,
    moderation,
    recordings,
    resting,
    retention,
    rights,
    safeguarding,
    sanctions,
)


@shared_task
def deliver(activity_id: int) -> int:
    """Tell people of an activity, unless they were told."""
    activity = notices.for_telling().filter(pk=activity_id, told_at=None).first()
    return notices.deliver(activity) if activity else 0


@shared_task
def deliver_untold() -> int:
    """Tell people of what was not rung for, because Valkey or the worker was away."""
    return notices.deliver_late()


@shared_task
def ring_bell(activity_id: int) -> None:
    """Tell open pages of a chat's notice that is still unread; where it gets lost, the next page
    they open counts."""
    activity = Activity.objects.filter(pk=activity_id).first()
    unread = Notice.objects.filter(activity=activity_id, read_at=None).count()
    if activity is not None and unread:
        with transaction.atomic():
            bell.ring(activity, told=unread)


@shared_task
def send_notices() -> int:
    """Put what is due by mail into the outbox."""
    return mails.send_due()


@shared_task
def plan_digests() -> int:
    """Work out when those who have no next digest get one."""
    return digest.plan()


@shared_task
def send_digests() -> int:
    """Write the digests that are due."""
    return digest.send_due()


@shared_task
def follow_up(task: str, activity_id: int) -> None:
    """Ring the task that an app registered to follow a verb, in whatever process this is."""
    import_module(task.rpartition(".")[0])
    current_app.tasks[task].delay_on_commit(activity_id)


@shared_task
def deliver_mail() -> int:
    """Send the mail that is due."""
    return mail.deliver_due()


@shared_task
def send_pushes() -> int:
    """Push what is due to people's devices."""
    return push.send_due()


@shared_task
def test_push(device_id: int) -> bool:
    """Push once to a device, because its person asked for it."""
    return push.send_test(device_id)


@shared_task
def release_announcements() -> int:
    """Begin what is due, and ask everybody who has room in their budget."""
    return announcements.begin_due() + announcements.release()


@shared_task
def forget_mail() -> int:
    """Delete mail that left, or never will, a while ago; and what was known of old troubles."""
    return mail.forget_old() + suppression.forget_old()


@shared_task
def forget_sessions() -> int:
    """Delete sessions that are over, and where they came from."""
    return sessions.forget_ended()


@shared_task
def heartbeat() -> None:
    """Leave a sign that a worker works."""
    doorbell.beat()


@shared_task
def encode_recording(media_id: int) -> bool:
    """Make of a recorded voice what plays everywhere."""
    return recordings.encode_recording(media_id)


@shared_task
def encode_recordings() -> int:
    """Make it of those that were not rung for, because Valkey or the worker was away."""
    return recordings.encode_lately_recorded()


@shared_task
def sweep_media() -> int:
    """Delete uploads that nobody used, and files that nothing names."""
    return media.sweep_unattached() + media.sweep_folders() + exports.sweep_folders()


@shared_task
def sweep_moderation() -> int:
    """Bring back what nobody decided about, let old proposals go, close what is over, forget old
    evidence."""
    lapsed = sanctions.sweep_proposals() + branches.sweep_proposals()
    reviews = moderation.sweep_reviews() + moderation.sweep_cases()
    return lapsed + reviews + moderation.sweep_evidence()


@shared_task
def sweep_concerns() -> int:
    """Lead on concerns for somebody's safety that nobody can handle; forget what is long over."""
    return safeguarding.sweep_unhandled() + safeguarding.sweep_concerns()


@shared_task(time_limit=540)
def make_export(export_id: int) -> bool:
    """Pack the copy of somebody's data."""
    return rights.make_export(export_id)


@shared_task
def make_unmade_exports() -> int:
    """Ring for copies that nobody makes."""
    unmade = rights.unmade()
    for pk in unmade:
        make_export.delay_on_commit(pk)
    return len(unmade)


@shared_task(time_limit=540)
def clear_left() -> int:
    """Take away what goes at once of those who left, and all of those whose time is over."""
    return leaving.clear_left() + leaving.erase_due()


@shared_task(time_limit=540)
def forget_expired() -> dict[str, int]:
    """Let go of whatever is older than docs/privacy.md allows."""
    return retention.forget_expired()


@shared_task(time_limit=540)
def forget_messages() -> int:
    """Let go of what was said in chats longer ago than its room keeps."""
    return chat.forget_old_messages()


@shared_task(time_limit=540)
def ask_and_forget_silent() -> int:
    """Ask who has not been here for a year, and erase who did not answer."""
    return retention.ask_silent() + retention.forget_silent()


@shared_task
def write_erased_list() -> int:
    """Keep the list of the erased beside the database, so that a restore erases them again."""
    return tombstones.write_list()


@shared_task
def tell_ended() -> int:
    """Tell people whose limit or suspension is over."""
    return sanctions.tell_ended()


@shared_task
def watch_joins() -> bool:
    """Tell those who can shut the doors when many people come in at once."""
    return holding.watch_joins()


@shared_task
def forget_fingerprints() -> int:
    """Let go of what was kept to notice repetition."""
    return holding.forget_fingerprints()


@shared_task
def wake_rested() -> int:
    """Let those who rested in a group until today hear of it again."""
    return resting.wake_rested()


@shared_task
def replace_handle(member_id: int, before: str) -> None:
    """Say somebody's new handle wherever others said the old one."""
    member = Member.objects.filter(pk=member_id).exclude(handle=None).first()
    if member is not None:
        erasing.replace_handle(before, f"@{member.handle}", member)
