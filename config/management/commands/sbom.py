"""`manage.py sbom`: what the site is made of, as CycloneDX JSON."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from config import sbom


class Command(BaseCommand):
    help = "Prints the bill of materials (CycloneDX 1.6) of a locked list of packages."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--list", default="run", help="run, s3, trial or dev")

    def handle(self, *args: Any, list: str, **options: Any) -> None:
        path = Path(settings.BASE_DIR) / "requirements" / f"{list}.txt"
        if not path.is_file() or path.parent.name != "requirements":
            raise CommandError(f"There is no list {list}: run, s3, trial or dev.")
        self.stdout.write(json.dumps(sbom.bill(path), indent=1, ensure_ascii=False))
