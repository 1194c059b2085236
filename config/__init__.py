"""The site as a deployed thing: settings, addresses, servers, tasks.

It knows every app; no app knows it.
"""

from config.celery import app as celery_app

__all__ = ["celery_app"]
