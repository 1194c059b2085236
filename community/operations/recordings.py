"""Recorded voices become files that play everywhere, by the worker, after they were kept as they
came: nobody who uploads or sends one waits for ffmpeg."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from community import chat_frames, voice
from community.models import Media
from community.models.media import PLAYED

LATELY = timedelta(hours=1)
"""How long the clock comes back to a recording: one that ffmpeg cannot read stays as it came."""
RUNG_FOR = timedelta(minutes=2)
AT_ONCE = 20


def encode_recording(media_id: int) -> bool:
    """Put what plays everywhere in the place of a recording. Twice, or twice at once, is once.

    Runs ffmpeg for seconds, outside the transaction. Returns whether this call did it.
    """
    media = _recorded().filter(pk=media_id).first()
    if media is None or not voice.can_encode():
        return False
    try:
        with default_storage.open(media.stored_as("file")) as file:
            made = voice.encoded(file.read(), media.mime)
    except FileNotFoundError:  # taken away meanwhile
        return False
    return made is not None and _replace(media_id, made)


@transaction.atomic
def _replace(media_id: int, made: bytes) -> bool:
    media = _recorded().select_for_update(of=("self",)).filter(pk=media_id).first()
    if media is None:
        return False
    suffix, mime = voice.ENCODED
    before = media.stored_as("file")
    media.renditions = {PLAYED: [None, None, len(made)]}
    media.name, media.mime = f"{media.name.rpartition('.')[0]}.{suffix}", mime
    media.size = len(made)
    stored = media.stored_as("file")
    default_storage.delete(stored)  # what a crash before the commit left
    default_storage.save(stored, ContentFile(made))
    media.save(update_fields=["renditions", "name", "mime", "size"])
    transaction.on_commit(partial(default_storage.delete, before))
    if media.message_id:
        chat_frames.tell_change_on_commit("edited", media.message)
    return True


def encode_lately_recorded() -> int:
    """Encode recordings of the last hour that were not rung for; how many."""
    if not voice.can_encode():
        return 0
    now = timezone.now()
    late = _recorded().filter(created_at__gt=now - LATELY, created_at__lt=now - RUNG_FOR)
    pks = list(late.order_by("-pk").values_list("pk", flat=True)[:AT_ONCE])  # bad ones stay behind
    return sum(encode_recording(pk) for pk in pks)


def _recorded() -> QuerySet:
    return Media.objects.filter(mime__in=voice.RECORDED, state=Media.State.READY)
