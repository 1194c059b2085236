"""``manage.py initial``: until the first release, writes each app's one migration from its models.

Indexes and constraints stand in the operation that makes their table. Added one by one, each would
make Django draw every model anew: half of what an empty database waits for.
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
from django.db.models import F, Q

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
    if app == "community":
        text = text.replace("from django.db", "from community import database\nfrom django.db", 1)
        text = text.replace(
            "    operations = [\n", "    operations = [\n        *database.BEFORE,\n"
        )
        text = text.removesuffix("    ]\n") + "        *database.AFTER,\n    ]\n"
    return text


def fold(migration: Migration) -> None:
    """Move indexes and constraints to where their tables are made, if their columns are there."""
    made = {each.name_lower: each for each in migration.operations if isinstance(each, CreateModel)}
    late = {
        (each.model_name_lower, each.name)
        for each in migration.operations
        if isinstance(each, AddField)
    }
    kept = []
    for each in migration.operations:
        if isinstance(each, AddIndex | AddConstraint):
            option = "indexes" if isinstance(each, AddIndex) else "constraints"
            what = each.index if isinstance(each, AddIndex) else each.constraint
            columns = set(_columns(vars(what)))
            if not any((each.model_name_lower, column) in late for column in columns):
                made[each.model_name_lower].options.setdefault(option, []).append(what)
                continue
        kept.append(each)
    migration.operations = kept


def _columns(part: Any) -> list[str]:
    """Every word that may be the name of a column."""
    if isinstance(part, str):
        return [part.lstrip("-").split("__")[0]]
    if isinstance(part, F):
        return _columns(part.name)
    if isinstance(part, Q):
        part = part.children
    elif hasattr(part, "get_source_expressions"):
        part = part.get_source_expressions()
    if isinstance(part, dict):
        part = list(part.values())
    return (
        [word for each in part for word in _columns(each)] if isinstance(part, list | tuple) else []
    )
