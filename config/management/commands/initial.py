"""``manage.py initial``: until the first release, writes each app's one migration from its models.

All tables are made in one operation (community/database.py).
"""

from __future__ import annotations

import importlib
import re
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, call_command
from django.db.migrations import AddConstraint, AddField, AddIndex, CreateModel, Migration
from django.db.migrations.writer import MigrationWriter

from community.database import MakeTables

APPS = ("community", "groups", "leadership")
NAME = "0001_initial"
HEAD = re.compile(r"    dependencies = \[\n.*?    \]\n", re.DOTALL)


class Command(BaseCommand):
    help = "Write each app's 0001_initial anew from its models (until the first release)."

    def handle(self, **options: Any) -> None:
        paths = {app: Path(settings.BASE_DIR, app, "migrations", f"{NAME}.py") for app in APPS}
        before = {app: path.read_text() for app, path in paths.items()}
        for path in paths.values():
            path.unlink()
        try:
            call_command("makemigrations", *APPS, name="initial", verbosity=0)
            for app, path in paths.items():
                path.write_text(_folded(app, path.read_text()))
        except BaseException:
            for app, path in paths.items():
                path.write_text(before[app])
            raise


def _folded(app: str, written: str) -> str:
    migration = importlib.import_module(f"{app}.migrations.{NAME}").Migration(NAME, app)
    fold(migration)
    head = HEAD.search(written)
    assert head is not None
    migration.dependencies = []
    text = HEAD.sub(
        lambda _: head.group(0),
        MigrationWriter(migration, include_header=False).as_string(),
        count=1,
    )
    if "settings." in text and "import settings" not in text:
        text = text.replace("from django.db", "from django.conf import settings\nfrom django.db", 1)
    text = text.replace("import community.database\n", "").replace(
        "community.database.", "database."
    )
    text = text.replace("from django.db", "from community import database\nfrom django.db", 1)
    if app == "community":
        begin = "    operations = [\n"
        text = text.replace(begin, f"{begin}        *database.BEFORE,\n")
        text = text.removesuffix("    ]\n") + "        *database.AFTER,\n    ]\n"
    return text


def fold(migration: Migration) -> None:
    """Make all tables in one operation, each with all of its columns, indexes and constraints."""
    made = {each.name_lower: each for each in migration.operations if isinstance(each, CreateModel)}
    for each in migration.operations:
        if isinstance(each, AddField):
            made[each.model_name_lower].fields.append((each.name, each.field))
        elif isinstance(each, AddIndex):
            made[each.model_name_lower].options.setdefault("indexes", []).append(each.index)
        elif isinstance(each, AddConstraint):
            options = made[each.model_name_lower].options
            options.setdefault("constraints", []).append(each.constraint)
        elif not isinstance(each, CreateModel):
            raise TypeError(f"An initial migration has no {type(each).__name__}.")
    migration.operations = [MakeTables(list(made.values()))]
