"""`manage.py restore FILE`: a backup comes back to an empty machine."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from config.backup import BackupError, restoring


class Command(BaseCommand):
    help = "Restores a backup into an empty database and an empty folder of uploads."
    requires_migrations_checks = False

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--nobody-left",
            action="store_true",
            help="restore without the list of the erased: nobody left since the backup",
        )

    def handle(self, *args: Any, file: Path, **options: Any) -> None:
        try:
            manifest = restoring.restore(
                file.resolve(),
                settings.BACKUP_KEY,
                self.stdout.write,
                nobody_left=options["nobody_left"],
            )
        except BackupError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(
            f"Restored as of {manifest['taken_at']}: every table has the rows it had, every file "
            "its hash. Everybody has to sign in again. Next: `manage.py doctor`."
        )
