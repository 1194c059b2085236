"""INSERT … SELECT for a model, without naming the columns that have a default."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import connection, models
from django.db.models.expressions import DatabaseDefault


def insert_select(
    model: type[models.Model], columns: Mapping[str, str], source: str, **values: Any
) -> int:
    """Insert `SELECT columns FROM source`; `columns` are SQL by name of field.

    Other fields get the model's default, an empty text or NULL. `%(name)s` stands for a value.
    Returns the number of rows.
    """
    fields = {field.name: field for field in model._meta.local_concrete_fields}
    found = dict(columns)
    for name, field in fields.items():
        needed = not field.primary_key and (field.has_default() or not field.null)
        if name not in found and needed:
            default = field.get_default()
            if isinstance(default, DatabaseDefault):  # PostgreSQL knows it
                continue
            found[name] = f"%(default_{name})s::{field.db_type(connection)}"
            values[f"default_{name}"] = field.get_db_prep_save(default, connection)
    names = ", ".join(f'"{fields[name].column}"' for name in found)
    return run(
        f"INSERT INTO {model._meta.db_table} ({names}) "
        f"SELECT {', '.join(found.values())} FROM {source}",
        **values,
    )


def run(statement: str, **values: Any) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement, values or None)
        return cursor.rowcount


def temporary(name: str, columns: Mapping[str, str], rows: list[tuple]) -> None:
    """A small table that is gone with the connection; `columns` are types by name."""
    kinds = ", ".join(f"{column} {kind}" for column, kind in columns.items())
    run(f"CREATE TEMPORARY TABLE {name} ({kinds})")
    arrays = ", ".join(f"%({column})s::{kind}[]" for column, kind in columns.items())
    values = dict(zip(columns, map(list, zip(*rows, strict=True)), strict=True))
    run(f"INSERT INTO {name} SELECT * FROM unnest({arrays})", **values)
    run(f"ANALYZE {name}")


def continue_numbering(*tables: type[models.Model]) -> None:
    """After rows with keys of our own, the next key comes after the highest."""
    for model in tables:
        table, key = model._meta.db_table, model._meta.pk.column
        run(
            f"SELECT setval(pg_get_serial_sequence('{table}', '{key}'), "
            f"(SELECT max({key}) FROM {table}))"
        )
