"""After a restore: erases again whoever left or was erased since the backup was made."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from community.operations import leaving


class Command(BaseCommand):
    help = "After a restore: erases again whoever left or was erased since the backup was made."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--list", help="a copy of the list of the erased, if this machine has none of its own"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["list"]:
            settings.ERASED_LIST = Path(options["list"])
        if not Path(settings.ERASED_LIST).exists():
            raise CommandError(
                f"There is no list of the erased at {settings.ERASED_LIST}. Bring a copy of it, or"
                " make an empty file there if nobody left since the backup."
            )
        done = leaving.erase_again()
        self.stdout.write(f"{done} people who had left are gone again.")
