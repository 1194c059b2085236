"""`manage.py upgrade`: what a new release needs before its processes start, in the right order."""

from __future__ import annotations

import sys
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from config import doctor, prepare
from config.backup import BackupError, making


class Command(BaseCommand):
    help = "Checks, backs up, migrates, compiles and collects; then looks whether all is well."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--no-backup", action="store_true", help="there is a fresh one already")
        parser.add_argument(
            "--no-static", action="store_true", help="an image brings statics and translations"
        )

    def handle(self, *args: Any, no_backup: bool, no_static: bool, **options: Any) -> None:
        call_command("check", deploy=True, fail_level="ERROR", stdout=self.stdout)
        executor = MigrationExecutor(connection)
        plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
        is_new = not executor.loader.applied_migrations
        if plan and not is_new and not no_backup:
            try:
                path = making.make(
                    settings.BACKUP_DIR, settings.BACKUP_KEY, self.stdout.write, portable=False
                )
            except BackupError as error:
                raise CommandError(f"{error} Nothing was changed.") from error
            self.stdout.write(f"Backup: {path}")
        # Behind a lock of the database, so that two machines upgrading at once take turns.
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(7261)")
        try:
            call_command("migrate", interactive=False, verbosity=0)
        finally:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(7261)")
        self.stdout.write(f"Migrations: {len(plan)} applied." if plan else "Migrations: none new.")
        if not no_static:
            prepare.compile_messages()
            prepare.collect_static(self.stdout.write)
        findings = doctor.examine(only=doctor.BEFORE_THE_START)
        doctor.tell(findings, self.stdout.write)
        if any(finding.is_bad for finding in findings):
            sys.exit(1)
        self.stdout.write("Now restart the processes: web, live, worker, beat.")
