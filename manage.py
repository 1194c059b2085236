#!/usr/bin/env python
"""The command line. Without DATABASE_URL a command brings the site's own servers along."""

import os
import sys


def main() -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    # Only pages need a short leash; a migration or the demo may take its time.
    os.environ.setdefault("STATEMENT_TIMEOUT", "0")
    try:
        from django.core.exceptions import ImproperlyConfigured
        from django.core.management import execute_from_command_line
        from django.db.utils import OperationalError
    except ImportError:
        print("Run `make .venv`, then use .venv/bin/python manage.py …", file=sys.stderr)
        return 1

    from config import embedded

    if sys.argv[1:2] == ["up"] and not os.environ.get("DATABASE_URL"):
        os.environ.setdefault("TRIAL", "1")
    try:
        with embedded.servers_for(sys.argv):
            execute_from_command_line(sys.argv)
    except (embedded.CannotStart, ImproperlyConfigured) as refusal:
        print(refusal, file=sys.stderr)
        return 1
    except OperationalError as error:
        if "connect" not in str(error):
            raise
        print(embedded.no_connection(error), file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
