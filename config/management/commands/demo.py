"""`manage.py demo`: fills an empty site, with the demo community or with many rows to measure."""

from __future__ import annotations

from time import monotonic
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection

from community.models import Member, Space
from config.demo import sign_ins


class Command(BaseCommand):
    help = "Fills an empty site with the demo community, or with many rows to measure."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--size",
            choices=("story", "peers", "large"),
            default="story",
            help="story: sixty people and what they say. peers: 200 people, 5,000 posts. "
            "large: 10,000 people, 500 groups, 200,000 items.",
        )
        parser.add_argument("--items", type=int, help="large, with another number of items")

    def handle(self, *args: Any, size: str, items: int | None, **options: Any) -> None:
        if Space.objects.filter(kind=Space.ROOT).exists() or Member.objects.exists():
            self.stdout.write("There is a community here already. Nothing was changed.")
            return
        if items is not None and not 100 <= items <= 5_000_000:
            raise CommandError("--items takes a number from 100 to 5000000.")
        _take_time()
        started = monotonic()
        say = self.stdout.write if options["verbosity"] else lambda line: None
        if size == "story" and items is None:
            from config.demo import filling

            filling.fill(say)
        else:
            from config.demo import many

            many.fill("large" if items else size, items=items, say=say)
        say(f"Filled in {monotonic() - started:.1f} s.")
        for line in sign_ins():
            say(line)


def _take_time() -> None:
    """Between two statements a slow machine thinks for longer than a page ever may."""
    if not settings.PGBOUNCER:  # which would hand the setting on to others
        with connection.cursor() as cursor:
            cursor.execute("SET idle_in_transaction_session_timeout = 0")
