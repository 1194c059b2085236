"""Work for later, and the clock. A task takes ids and is safe to run twice."""

import os

from celery import Celery, signals
from celery.schedules import crontab

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("tequio", task_cls="community.doorbell:Doorbell")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@signals.celeryd_init.connect
@signals.beat_init.connect
def _be_patient(**kwargs) -> None:
    """Pages give Valkey half a second; worker and beat may wait for it, and do."""
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
    "notices": {"task": "community.tasks.deliver_untold", "schedule": 30.0},
    "mail": {"task": "community.tasks.deliver_mail", "schedule": 10.0},
    "unused media": {"task": "community.tasks.sweep_media", "schedule": crontab(minute=47)},
    "forget sessions": {"task": "community.tasks.forget_sessions", "schedule": crontab(minute=27)},
    "forget mail": {"task": "community.tasks.forget_mail", "schedule": crontab(minute=17)},
}
