"""The audit log for the operator: does its chain hold, and all of it as lines of JSON."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from community import audit


class Command(BaseCommand):
    help = "Check the chain of the audit log, or write it out."

    def add_arguments(self, parser: ArgumentParser) -> None:
        acts = parser.add_subparsers(dest="what", required=True)
        verify = acts.add_parser("verify", help="Walk the chain; name the first entry that breaks.")
        verify.add_argument(
            "--head",
            metavar="NUMBER:DIGEST",
            help="A head that was noted earlier, elsewhere: it must still be in the chain.",
        )
        acts.add_parser("export", help="Write every entry as one line of JSON, in order.")

    def handle(self, *args: Any, what: str, **options: Any) -> None:
        if what == "verify":
            self.verify(options["head"])
        else:
            self.export()

    def verify(self, head: str | None) -> None:
        noted = None
        if head:
            number, _, digest = head.partition(":")
            if not number.isdecimal() or not digest:
                raise CommandError("--head reads NUMBER:DIGEST, as `audit verify` prints it.")
            noted = (int(number), digest)
        found = audit.verify(head=noted)
        if found.broken is not None:
            raise CommandError(f"Entry {found.broken} breaks the chain: {found.why}.")
        if not found:
            raise CommandError(f"The chain is not the one you know: {found.why}.")
        self.stdout.write(f"The chain holds: {found.count} entries.")
        if found.count:
            self.stdout.write(f"Head, to be noted elsewhere: {found.count}:{found.head}")

    def export(self) -> None:
        for number, previous, digest, content in audit.chain():
            line = {"number": number, "previous": previous, "digest": digest, "content": content}
            self.stdout.write(json.dumps(line, ensure_ascii=False))
