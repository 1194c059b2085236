"""Many items at once: the shared row with its stems first, then the row of each kind."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import DEFAULT_DB_ALIAS

from community import stems
from community.models import Item

SHARED = [field.attname for field in Item._meta.concrete_fields if not field.primary_key]
BATCH = 1000


def insert_items(things: Sequence[Item]) -> None:
    """Topics, comments or whatever inherits from Item, in order; each gets its primary key."""
    shared = [
        Item(**{name: getattr(thing, name) for name in SHARED} | {"search": stems.words(thing)})
        for thing in things
    ]
    Item.objects.bulk_create(shared, batch_size=BATCH)
    for thing, item in zip(things, shared, strict=True):
        thing.pk = thing.id = thing.item_ptr_id = item.pk


def insert_kinds(things: Sequence[Item]) -> None:
    """The second half: the own tables of what `insert_items` numbered. One kind at a time."""
    for start in range(0, len(things), BATCH):
        batch = things[start : start + BATCH]
        model = type(batch[0])
        model._base_manager._insert(
            list(batch), fields=model._meta.local_concrete_fields, using=DEFAULT_DB_ALIAS
        )
