"""`manage.py backup`: one sealed file with the database and all uploads, of a site in use."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from config.backup import BackupError, making, restoring, shelf


class Command(BaseCommand):
    help = "Writes an encrypted backup of the database and the uploads into BACKUP_DIR."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--to", type=Path, help="another folder than BACKUP_DIR")
        parser.add_argument(
            "--portable",
            action="store_true",
            help="by COPY instead of pg_dump: for moving to another version of PostgreSQL",
        )
        parser.add_argument("--new-key", action="store_true", help="only print a new BACKUP_KEY")
        parser.add_argument("--verify", type=Path, metavar="FILE", help="only read a backup")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["new_key"]:
            self.stdout.write(making.new_key())
            return
        try:
            if options["verify"]:
                manifest = restoring.verify(options["verify"], settings.BACKUP_KEY)
                self.stdout.write(f"Whole: {len(manifest['parts'])} parts, {manifest['taken_at']}.")
                return
            folder = (options["to"] or settings.BACKUP_DIR).resolve()
            path = making.make(
                folder, settings.BACKUP_KEY, self.stdout.write, portable=options["portable"]
            )
        except BackupError as error:
            raise CommandError(str(error)) from error
        days = settings.BACKUP_KEEP_DAYS
        gone = shelf.forget_older_than(folder, days, timezone.now())
        if gone:
            self.stdout.write(f"{len(gone)} backups older than {days} days were deleted.")
        self.stdout.write(f"Written: {path}")
