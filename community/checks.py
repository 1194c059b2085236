"""What an operator should know before the site meets people: `manage.py check --deploy`."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings
from django.core.checks import Error, Tags, Warning, register


@register(Tags.security, deploy=True)
def deployment(app_configs, **kwargs):
    found = []
    if settings.DEBUG:
        found.append(
            Error(
                "DEBUG is on: pages of errors would show settings and data to anyone.",
                hint="Unset DEBUG.",
                id="tequio.E001",
            )
        )
    if "*" in settings.ALLOWED_HOSTS:
        found.append(
            Error(
                "ALLOWED_HOSTS is “*”: links in mail could be made to lead to another site.",
                hint="Name the site's own hosts: ALLOWED_HOSTS=example.org",
                id="tequio.E002",
            )
        )
    if settings.TRIAL:
        found.append(
            Error(
                "TRIAL is on: everybody can read all mail on /outbox/.",
                hint="Unset TRIAL and set EMAIL_URL.",
                id="tequio.E003",
            )
        )
    if settings.HTTPS and settings.SECURE_PROXY_SSL_HEADER is None:
        found.append(
            Warning(
                "The site expects HTTPS but trusts no front server to say so.",
                hint="Set TRUSTED_PROXIES to the number of proxies in front (usually 1), and let "
                "the first one set X-Forwarded-Proto and X-Forwarded-For.",
                id="tequio.W001",
            )
        )
    if not settings.TRIAL and not settings.MAIL_TRANSPORT:
        found.append(
            Warning(
                "No mail leaves this site: people cannot confirm their address.",
                hint="Set EMAIL_URL, for example smtp+tls://user:password@mail.example.org:587",
                id="tequio.W002",
            )
        )
    if not settings.ADMIN_URL:
        found.append(
            Warning(
                "The operators' admin has no address.",
                hint="Set ADMIN_URL to a path nobody can guess, or leave it out on purpose with "
                "SILENCED_SYSTEM_CHECKS.",
                id="tequio.W003",
            )
        )
    if settings.EMBEDDED or settings.OWN_VALKEY:
        found.append(
            Warning(
                "The site runs on embedded servers, which are meant for trying out.",
                hint="Set DATABASE_URL and REDIS_URL.",
                id="tequio.W004",
            )
        )
    return found


@register(Tags.files)
def folders(app_configs, **kwargs):
    media = Path(settings.MEDIA_ROOT)
    static = Path(settings.STATIC_ROOT)
    if media == static or media in static.parents or static in media.parents:
        return [
            Error(
                "MEDIA_ROOT and STATIC_ROOT lie in each other: private files could be served.",
                hint="Give each a folder of its own.",
                id="tequio.E004",
            )
        ]
    return []
