"""Work for later, and the clock. A task takes ids and is safe to run twice."""

import os

from celery import Celery
from celery.schedules import crontab

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("tequio", task_cls="community.doorbell:Doorbell")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

# What the clock does. Every task here finds its own work in the database, and looks back further
# than its period, so that a late clock loses nothing.
app.conf.beat_schedule = {
    "heartbeat": {"task": "community.tasks.heartbeat", "schedule": 20.0},
    "mail": {"task": "community.tasks.deliver_mail", "schedule": 10.0},
    "forget mail": {"task": "community.tasks.forget_mail", "schedule": crontab(minute=17)},
}
