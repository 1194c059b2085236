"""`manage.py doctor`: is this installation well, and what to do about what is not."""

from __future__ import annotations

import dataclasses
import json
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from config import doctor


class Command(BaseCommand):
    help = "Examines this installation. Ends with 1 if something is wrong, 0 otherwise."
    requires_system_checks = []
    requires_migrations_checks = False

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="one JSON object, for machines")
        parser.add_argument(
            "--send", metavar="ADDRESS", help="really send a letter to this address"
        )

    def handle(self, *args: Any, send: str | None, **options: Any) -> None:
        findings = doctor.examine(send_to=send or "")
        bad = any(finding.is_bad for finding in findings)
        if options["json"]:
            told = [dataclasses.asdict(finding) for finding in findings]
            self.stdout.write(json.dumps({"well": not bad, "findings": told}, indent=2))
        else:
            doctor.tell(findings, self.stdout.write)
        if bad:
            sys.exit(1)
