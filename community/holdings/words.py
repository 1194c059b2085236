"""What somebody wrote and gave."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from typing import Any

from django.apps import apps
from django.core.files.storage import default_storage
from django.utils.translation import gettext_lazy as _

from community import erasing
from community.models import Item, Media, Member, Revision
from community.personal import BATCH, Holding, declare
from community.registry import registry

_LIKE_THE_THING = _("as long as the thing itself")


def _contributions(member: Member) -> Iterator[dict[str, Any]]:
    """What the member wrote, whole; of what it answers only where it stands."""
    rows = Item.objects.filter(author=member).order_by("pk")
    plain = ("pk", "kind", "space_id", "title", "created_at", "edited_at", "deleted_at")
    batch: list[dict[str, Any]] = []
    for row in rows.values(*plain).iterator(chunk_size=BATCH):
        batch.append(row)
        if len(batch) == BATCH:
            yield from _with_words(batch)
            batch = []
    yield from _with_words(batch)


_NOT_WORDS = ("html", "renderer", "item_ptr")


def _with_words(batch: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    by_kind: dict[str, list[int]] = {}
    for row in batch:
        by_kind.setdefault(row["kind"], []).append(row["pk"])
    words: dict[int, dict[str, Any]] = {}
    for kind, pks in by_kind.items():
        name = registry.kind(kind).model
        if not name:
            continue
        model = apps.get_model(name)
        columns = [f.attname for f in model._meta.local_fields if f.name not in _NOT_WORDS]
        for found in model._base_manager.filter(pk__in=pks).values("pk", *columns):
            words[found.pop("pk")] = found
    for row in batch:
        yield {**row, **words.get(row["pk"], {})}


def _revisions(member: Member) -> Iterator[dict[str, Any]]:
    rows = Revision.objects.filter(item__author=member, edited_by=member).order_by("pk")
    yield from rows.values("item_id", "title", "text", "created_at").iterator(chunk_size=BATCH)


def _own_files(member: Member) -> Iterator[tuple[str, Any]]:
    ready = Media.objects.filter(owner=member, state=Media.State.READY).order_by("pk")
    for medium in ready.iterator(chunk_size=BATCH):
        stored = medium.stored_as("large" if medium.is_image else "file")
        if stored is None:
            continue
        name = medium.name.replace("/", "_").replace("\\", "_") or "file"
        if medium.is_image:
            name = f"{name.rpartition('.')[0] or name}.webp"
        yield f"{medium.pk}-{name}", partial(default_storage.open, stored)


declare(
    Holding(
        model="community.Item",
        people=("author",),
        label=_("What you wrote"),
        purpose=_("A community is what its people tell each other."),
        shelf="said",
        kept_words=_("until you or a steward take it away; when you leave, as you choose then"),
        export=_contributions,
        erase=erasing.let_go_of_words,
        at_once=True,
        order=60,
    ),
    Holding(
        model="community.Revision",
        people=("edited_by",),
        label=_("Earlier versions of what you wrote"),
        purpose=_("So that readers can see what was changed."),
        shelf="said",
        kept_words=_LIKE_THE_THING,
        export=_revisions,
        erase="unlink",
        at_once=True,
        order=65,
    ),
    Holding(
        model="community.Media",
        people=("owner",),
        label=_("Pictures and files you uploaded"),
        purpose=_("They belong to what you wrote, or show your face."),
        shelf="said",
        kept_words=_("as long as what they are in; two days if they are in nothing"),
        export=("id", "purpose", "name", "mime", "size", "alt", "item_id", "created_at"),
        files=_own_files,
        erase=erasing.let_go_of_files,
        at_once=True,
        order=55,
    ),
    Holding(
        model="community.Reaction",
        people=("member",),
        label=_("Your reactions"),
        purpose=_("A quick sign to whoever wrote something."),
        shelf="said",
        kept_words=_LIKE_THE_THING,
        export=("item_id", "emoji", "created_at"),
        erase=erasing.take_back_reactions,
        at_once=True,
    ),
    Holding(
        model="community.Draft",
        people=("member",),
        label=_("What you began to write"),
        purpose=_("So that you lose nothing when the phone goes off."),
        shelf="said",
        kept=timedelta(days=180),
        since="updated_at",
        export=("place", "data", "updated_at"),
        erase="delete",
        at_once=True,
        link="drafts",
    ),
    Holding(
        model="community.Mention",
        people=("member",),
        label=_("Where others named you"),
        purpose=_("So that you hear of it."),
        shelf="told",
        kept_words=_LIKE_THE_THING,
        export=("item_id", "created_at"),
        erase=erasing.unname,
        at_once=True,
        order=70,
    ),
)
