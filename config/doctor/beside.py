"""Valkey, the worker, the clock, mail: what works beside the pages."""

from __future__ import annotations

import smtplib
from collections.abc import Iterator
from functools import partial

import redis
from django.conf import settings
from django.core.cache import cache
from django.core.mail import EmailMessage, get_connection
from django.db.models import Count, Min, Q
from django.utils import timezone

from community import doorbell, live
from community.models import OutboxMail
from config.doctor import Examination, Finding, bad, odd, well

LATE_HEARTBEAT = 90
LATE_MAIL = 600


def examinations(send_to: str) -> list[tuple[str, Examination]]:
    return [
        ("valkey", valkey),
        ("worker and clock", worker),
        ("live", open_pages),
        ("outbox", outbox),
        ("mail server", partial(mail_server, send_to)),
    ]


def valkey() -> Iterator[Finding]:
    try:
        with redis.Redis.from_url(
            settings.REDIS_URL, socket_timeout=2, socket_connect_timeout=2
        ) as client:
            about = client.info("memory") | client.info("persistence")
    except redis.RedisError as error:
        yield bad(
            "valkey",
            f"It does not answer: {error}.",
            why="Pages still work, but mail and notices are late, and limits hold per process.",
            cure="Start it (systemctl start valkey or redis-server), or correct REDIS_URL.",
        )
        return
    policy, most = about.get("maxmemory_policy", ""), about.get("maxmemory", 0)
    if most and policy.startswith("allkeys"):
        yield bad(
            "valkey",
            f"When it is full it throws anything away (maxmemory-policy {policy}).",
            why="Work that waits in the queue could be lost.",
            cure="Set maxmemory-policy volatile-lru.",
        )
    elif most and about["used_memory"] > most * 0.9:
        yield odd(
            "valkey",
            "It is nearly full.",
            why="When it is full, the cache and the queue stop taking anything.",
            cure="Raise maxmemory, and look whether the worker keeps up.",
        )
    else:
        yield well("valkey", f"{about['used_memory'] / 1_000_000:.0f} MB used")


def worker() -> Iterator[Finding]:
    """The clock rings the worker every twenty seconds, and the worker leaves a sign."""
    seconds = doorbell.seconds_since_beat()
    if cache.is_away:
        return
    if seconds is None or seconds > LATE_HEARTBEAT:
        known = "never" if seconds is None else f"not for {seconds:.0f} seconds"
        yield bad(
            "worker and clock",
            f"They have {known} given a sign.",
            why="No mail leaves, nobody is told of anything, nothing is tidied away.",
            cure="Start both: systemctl start tequio-worker tequio-beat (or docker compose up -d).",
        )
    else:
        yield well("worker and clock", f"last sign {seconds:.0f} s ago")


def open_pages() -> Iterator[Finding]:
    """Each `live` process leaves a sign every few seconds."""
    seconds = live.seconds_since_sign()
    if cache.is_away:
        return
    if seconds is None or seconds > LATE_HEARTBEAT:
        yield bad(
            "live",
            "No process holds open connections.",
            why="Nothing appears by itself: chats ask for news every few seconds instead.",
            cure="Start it: systemctl start tequio-live (or docker compose up -d live).",
        )
    else:
        yield well("live", f"last sign {seconds:.0f} s ago")


def outbox() -> Iterator[Finding]:
    found = OutboxMail.objects.aggregate(
        oldest=Min("created_at", filter=Q(sent_at=None, failed_at=None)),
        waiting=Count("pk", filter=Q(sent_at=None, failed_at=None)),
        lost=Count("pk", filter=~Q(failed_at=None)),
    )
    age = (timezone.now() - found["oldest"]).total_seconds() if found["oldest"] else 0
    if settings.MAIL_TRANSPORT and age > LATE_MAIL:
        last = OutboxMail.objects.waiting().exclude(error="").order_by("-pk").first()
        yield bad(
            "outbox",
            f"{found['waiting']} letters wait, the oldest for {age / 60:.0f} minutes."
            + (f" The last error: {_kind_of_error(last.error)}." if last else ""),
            why="People wait for the code they need to sign in.",
            cure="See whether the worker runs, and what the mail server says (next finding).",
        )
    else:
        yield well("outbox", f"{found['waiting']} letters wait")
    if found["lost"]:
        yield odd(
            "outbox",
            f"{found['lost']} letters of the last month were given up.",
            why="Each was tried eight times, or its address was refused.",
            cure="Read why on the operators' admin, under mail.",
        )


def _kind_of_error(error: str) -> str:
    return error.partition(":")[0]  # what follows may name whom it was for


def mail_server(send_to: str) -> Iterator[Finding]:
    if not settings.MAIL_TRANSPORT:
        if not (settings.TRIAL or settings.EMBEDDED):
            yield bad(
                "mail server",
                "None is set.",
                why="Nobody can confirm an address, so nobody can join or sign in.",
                cure="Set EMAIL_URL=smtp+tls://user:password@mail.example.org:587",
            )
        return
    connection = get_connection(settings.MAIL_TRANSPORT)
    try:
        connection.open()
        if send_to:
            EmailMessage(
                "A letter from your Tequio",
                "The doctor sent this letter, and it arrived.",
                settings.DEFAULT_FROM_EMAIL,
                [send_to],
                connection=connection,
            ).send()
    except (OSError, smtplib.SMTPException) as error:
        yield bad(
            "mail server",
            f"{type(error).__name__}: {_first_line(error)}",
            why="No letter leaves; people cannot sign in by code.",
            cure="Compare host, port, name and password in EMAIL_URL with your provider's.",
        )
        return
    finally:
        connection.close()
    said = f"took a letter to {send_to}" if send_to else "answers and lets us in"
    yield well("mail server", said)
    if "noreply@localhost" in settings.DEFAULT_FROM_EMAIL:
        yield bad(
            "mail server",
            "MAIL_FROM is still noreply@localhost.",
            why="Other mail servers refuse letters from there.",
            cure="Set MAIL_FROM='Your Union <community@example.org>'",
        )


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or [""])[0]
