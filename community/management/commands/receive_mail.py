"""Takes one mail from a pipe: answers to our mail, and mail that came back (docs/mail.md)."""

from __future__ import annotations

import sys
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.db import DatabaseError

from community import incoming

TRY_AGAIN = 75
"""EX_TEMPFAIL: the mail server keeps the mail and brings it again."""


class Command(BaseCommand):
    help = "Takes one mail from a pipe, as a mail server hands it over."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "recipient", nargs="?", default="", help="the address it was for, if it is known"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.REPLY_DOMAIN:
            self.stderr.write("REPLY_DOMAIN is not set: this site takes no mail.")
            sys.exit(TRY_AGAIN)
        most = settings.MAIL_IN_MB * 1024 * 1024
        raw = sys.stdin.buffer.read(most + 1)
        is_cut = len(raw) > most
        if is_cut:
            while sys.stdin.buffer.read(1 << 20):
                pass  # a pipe that breaks would be told to the sender as an error of ours
            raw = raw[:200_000]
        try:
            done = incoming.receive(raw, recipient=options["recipient"], is_cut=is_cut)
        except (DatabaseError, incoming.Later, OSError) as error:
            self.stderr.write(f"Not now: {type(error).__name__}")
            sys.exit(TRY_AGAIN)
        self.stdout.write(done.outcome)
