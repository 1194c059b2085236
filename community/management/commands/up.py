"""Starts the whole site and keeps it running until Ctrl-C."""

import os
import sys

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.utils.module_loading import import_string


class Command(BaseCommand):
    help = (
        "Start servers (unless DATABASE_URL is set), tables, demo, web, worker and beat; "
        "stop all of it on Ctrl-C."
    )
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--host", default=os.environ.get("HOST") or "127.0.0.1")
        parser.add_argument("--port", type=int, default=os.environ.get("PORT") or "8000")
        parser.add_argument(
            "--no-demo", dest="demo", action="store_false", help="begin with an empty community"
        )

        parser.add_argument(
            "--real",
            action="store_true",
            help="the processes of the Procfile, forked from one; live listens on LIVE_PORT",
        )

    def handle(self, *, host: str, port: int, demo: bool, real: bool, **options) -> None:
        # The core knows no servers; the site it runs in names who does.
        status = import_string(settings.SUPERVISOR)(host=host, port=port, demo=demo, real=real)
        if status:
            sys.exit(status)
