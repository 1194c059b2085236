"""Work for later, and the clock. A task takes ids and is safe to run twice."""

import os

from celery import Celery, signals
from celery.schedules import crontab
from kombu import Connection

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("tequio", task_cls="community.doorbell:Doorbell")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


class Steady(Connection):
    """Looks for Valkey every few seconds for as long as it is away. Celery looks less and less
    often, up to every half minute: so long nothing would be done after its return."""

    def _ensure_connection(self, *args, **kwargs):
        return super()._ensure_connection(
            *args, **{"interval_start": 1, "interval_step": 1, "interval_max": 2, **kwargs}
        )


@signals.celeryd_init.connect
@signals.beat_init.connect
def _be_patient(**kwargs) -> None:
    """Pages give Valkey half a second; worker and beat may wait for it, and do."""
    app.amqp.Connection = Steady
    app.conf.broker_transport_options = {
        **app.conf.broker_transport_options,
        "socket_timeout": 30,
        "socket_connect_timeout": 5,
    }


@signals.worker_ready.connect
def _be_seen(**kwargs) -> None:
    from community import doorbell

    doorbell.beat()


# What the clock does. Every task here finds its own work in the database, and looks back further
# than its period, so that a late clock loses nothing.
app.conf.beat_schedule = {
    "heartbeat": {"task": "community.tasks.heartbeat", "schedule": 20.0},
    "notices": {"task": "community.tasks.deliver_untold", "schedule": 10.0},
    "notices by mail": {"task": "community.tasks.send_notices", "schedule": 10.0},
    "pushes": {"task": "community.tasks.send_pushes", "schedule": 10.0},
    "digests": {"task": "community.tasks.send_digests", "schedule": 60.0},
    "next digests": {"task": "community.tasks.plan_digests", "schedule": 60.0},
    "mail": {"task": "community.tasks.deliver_mail", "schedule": 10.0},
    "announcements": {"task": "community.tasks.release_announcements", "schedule": 60.0},
    "unused media": {"task": "community.tasks.sweep_media", "schedule": crontab(minute=47)},
    "recordings": {"task": "community.tasks.encode_recordings", "schedule": crontab(minute="*/5")},
    "forget sessions": {"task": "community.tasks.forget_sessions", "schedule": crontab(minute=27)},
    "moderation": {"task": "community.tasks.sweep_moderation", "schedule": crontab(minute="*/10")},
    "concerns": {"task": "community.tasks.sweep_concerns", "schedule": crontab(minute="*/10")},
    "ended measures": {"task": "community.tasks.tell_ended", "schedule": 60.0},
    "many joins": {"task": "community.tasks.watch_joins", "schedule": 60.0},
    "fingerprints": {
        "task": "community.tasks.forget_fingerprints",
        "schedule": crontab(minute=57),
    },
    "newcomers": {
        "task": "leadership.tasks.look_after_newcomers",
        "schedule": crontab(minute="*/10"),
    },
    "forget mail": {"task": "community.tasks.forget_mail", "schedule": crontab(minute=17)},
    "copies of data": {"task": "community.tasks.make_unmade_exports", "schedule": 60.0},
    "people who left": {"task": "community.tasks.clear_left", "schedule": 60.0},
    "erased list": {"task": "community.tasks.write_erased_list", "schedule": crontab(minute=7)},
    "retention": {"task": "community.tasks.forget_expired", "schedule": crontab(hour=3, minute=7)},
    "old messages": {"task": "community.tasks.forget_messages", "schedule": crontab(minute=37)},
    "back from a rest": {"task": "community.tasks.wake_rested", "schedule": crontab(minute=13)},
    "silent accounts": {
        "task": "community.tasks.ask_and_forget_silent",
        "schedule": crontab(hour=4, minute=7),
    },
}
