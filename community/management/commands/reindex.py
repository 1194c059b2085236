"""`manage.py reindex`: makes the words items are found by, and their counts, anew."""

from __future__ import annotations

from time import monotonic
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from community import reindex
from community.models import Item


class Command(BaseCommand):
    help = (
        "Works out anew the words by which every item is found, and its counts of answers and "
        "reactions. May run while people write; begun again, it goes on with --after."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--after", type=int, default=0, help="go on after the item with this number"
        )
        parser.add_argument("--batch", type=int, default=500, help="items locked at a time (500)")

    def handle(self, *args: Any, after: int, batch: int, **options: Any) -> None:
        if not 1 <= batch <= 10_000:
            raise CommandError("--batch takes a number from 1 to 10000.")
        say = self.stdout.write if options["verbosity"] else lambda line: None
        whole = Item.objects.filter(pk__gt=after).count()
        seen = mended = 0
        began = told = monotonic()
        try:
            while done := reindex.batch(after, batch):
                after, seen, mended = done.last, seen + done.seen, mended + done.mended
                if monotonic() - told > 5:
                    told = monotonic()
                    say(f"{seen} of {whole} items, {mended} mended; the last one is {after}.")
        except KeyboardInterrupt:
            raise CommandError(f"Stopped. Go on with: reindex --after {after}") from None
        say(f"{seen} items in {monotonic() - began:.1f} s, {mended} mended.")
