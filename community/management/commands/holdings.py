"""Prints what is held about people, why and how long; ``--write`` puts it into docs/privacy.md."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.utils import translation

from community import personal

BEGIN, END = "<!-- table -->", "<!-- end of table -->"


class Command(BaseCommand):
    help = "Prints what is held about people, why and how long."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--write", action="store_true", help="write it into docs/privacy.md")

    def handle(self, *args: Any, **options: Any) -> None:
        with translation.override("en"):
            table = personal.table()
        if not options["write"]:
            self.stdout.write(table)
            return
        page = Path(settings.BASE_DIR) / "docs" / "privacy.md"
        before, _, rest = page.read_text().partition(BEGIN)
        after = rest.partition(END)[2]
        page.write_text(f"{before}{BEGIN}\n\n{table}\n{END}{after}")
        self.stdout.write("docs/privacy.md says what the code does.")
