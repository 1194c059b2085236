"""Uploads come in, are attached to what people write, and go.

Order matters: bytes are written before the row that names them and deleted after it, so that a row
never points to nothing. What a crash leaves behind is a folder without a row; `sweep` finds it.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import models, transaction
from django.db.models import Count, Exists, OuterRef, Q, Sum
from django.db.models.functions import Cast
from django.utils import timezone
from django.utils.translation import gettext as _

from community import audit, exports, limits, policies, uploads, voice
from community.models import Community, Draft, Item, Media, Member, Message, Space
from community.models.media import RENDITIONS, new_token

MAX_PER_ITEM = 20
MAX_UNUSED = 60
MAX_UNUSED_BYTES = 300 * uploads.MB

NOT_OURS = frozenset({exports.SHELF})
"""Shelves of the storage that hold something else."""

log = logging.getLogger(__name__)


def store_upload(file: Any, *, purpose: str, by: Member, alt: str = "") -> Media:
    """Keep an uploaded file that its owner alone can open until it is attached to something.

    ``file`` is Django's, or what ``uploads`` made of it. Takes up to two seconds for a large
    photograph and must stay outside transactions. Raises Refused, or ValidationError with a
    sentence to show beside the field.
    """
    from community import tasks

    policies.can_upload(by, purpose).enforce()
    limits.check(by, "upload")
    _check_quota(by)
    attached = purpose == Media.Purpose.ATTACHMENT
    crop = purpose in (Media.Purpose.AVATAR, Media.Purpose.COVER)
    upload = file
    if not isinstance(file, uploads.Upload):
        upload = uploads.read(file, RENDITIONS[purpose], crop=crop, only_picture=not attached)
    first = next(iter(upload.parts.values()))
    limits.check_room(by, sum(len(data) for data, *_size in upload.parts.values()))
    media = Media(
        token=new_token(),
        owner=by,
        purpose=purpose,
        kind=Media.Kind.IMAGE if upload.is_image else Media.Kind.FILE,
        name=upload.name,
        mime=upload.mime,
        size=sum(len(data) for data, *_size in upload.parts.values()),
        width=first[1],
        height=first[2],
        renditions={name: [w, h, len(data)] for name, (data, w, h) in upload.parts.items()},
        alt=" ".join(alt.split())[:300],
    )
    try:
        for name, (data, *_size) in upload.parts.items():
            stored = f"{media.folder}/{name}" + (".webp" if upload.is_image else "")
            default_storage.save(stored, ContentFile(data))
        with transaction.atomic():
            media.save(force_insert=True)
            if media.mime in voice.RECORDED:
                tasks.encode_recording.delay_on_commit(media.pk)
    except BaseException as error:
        _remove_folder(media.folder)
        if isinstance(error, OSError):
            log.exception("An upload could not be written.")
            raise ValidationError(
                _("There is no room for this file at the moment. Your text is safe; try later."),
                code="no_room",
            ) from error
        raise
    return media


def _check_quota(by: Member) -> None:
    """Soft: two uploads at once may pass it together."""
    unused = Media.objects.unused().filter(owner=by).aggregate(n=Count("pk"), size=Sum("size"))
    if unused["n"] >= MAX_UNUSED or (unused["size"] or 0) >= MAX_UNUSED_BYTES:
        raise ValidationError(
            _("You have many uploads that are in no post yet. Send or remove some of them first."),
            code="quota",
        )


@transaction.atomic
def attach(item: Item, *, tokens: Iterable[str], by: Member | None) -> list[Media]:
    """Make the uploads named by `tokens` all that hangs on `item`, in this order.

    Only what `by` uploaded and used nowhere else can be added; other tokens are passed over. What
    hung there and is not named any more is let go. Raises ValidationError for too many.
    """
    wanted = list(dict.fromkeys(tokens))
    if len(wanted) > MAX_PER_ITEM:
        raise ValidationError(
            _("At most %d pictures and files fit in one post.") % MAX_PER_ITEM, code="too_many"
        )
    mine = Q(token__in=wanted, item=None, message=None, purpose=Media.Purpose.ATTACHMENT, owner=by)
    reach = Q(item=item.pk) | mine if by is not None else Q(item=item.pk)
    rows = Media.objects.select_for_update(of=("self",)).filter(reach).order_by("pk")
    places = {token: place for place, token in enumerate(wanted)}
    changed = []
    for media in rows:
        place = places.get(media.token)
        after = (None, 0) if place is None else (item.pk, place)
        if (media.item_id, media.position) != after:
            media.item_id, media.position = after
            changed.append(media)
    if changed:
        Media.objects.bulk_update(changed, ["item", "position"])
    return list(Media.objects.filter(item=item.pk))


@transaction.atomic
def attach_to_message(message: Message, *, tokens: Iterable[str], by: Member) -> list[Media]:
    """Hang uploads by ``by`` that are used nowhere else on a message, in this order.

    Other tokens are passed over. Raises ValidationError for too many.
    """
    wanted = list(dict.fromkeys(tokens))
    if len(wanted) > MAX_PER_ITEM:
        raise ValidationError(
            _("At most %d pictures and files fit in one post.") % MAX_PER_ITEM, code="too_many"
        )
    mine = Media.objects.unused().filter(
        token__in=wanted, purpose=Media.Purpose.ATTACHMENT, owner=by
    )
    rows = sorted(
        mine.select_for_update(of=("self",)).order_by("pk"), key=lambda m: wanted.index(m.token)
    )
    for place, media in enumerate(rows):
        media.message, media.position = message, place
    Media.objects.bulk_update(rows, ["message", "position"])
    return rows


@transaction.atomic
def describe(media: Media, *, alt: str, by: Member) -> Media:
    """Say in words what is to be seen. Raises Refused."""
    policies.can_describe(by, media).enforce()
    media.alt = " ".join(alt.split())[:300]
    media.save(update_fields=["alt"])
    return media


@transaction.atomic
def discard(media: Media, *, by: Member) -> None:
    """Take back an upload that is in no post yet. Raises Refused."""
    locked = Media.objects.select_for_update(of=("self",)).filter(pk=media.pk).first()
    if locked is None:
        return
    policies.can_discard(by, locked).enforce()
    _delete(locked)


@transaction.atomic
def set_avatar(member: Member, *, media: Media | None, by: Member) -> Member:
    """Show `media`, uploaded by the member as an avatar, as their picture; None for none."""
    policies.can_change_profile(by, member).enforce()
    member = Member.objects.select_for_update(of=("self",)).get(pk=member.pk)
    return _replace(member, "avatar", media, Media.Purpose.AVATAR, by)


@transaction.atomic
def set_cover(space: Space, *, media: Media | None, by: Member) -> Space:
    """Show `media`, uploaded by the steward as a cover, over the space; None for none."""
    policies.can_manage(by, space).enforce()
    space = Space.objects.lock(space)
    return _replace(space, "cover", media, Media.Purpose.COVER, by)


def _replace(thing: Any, field: str, media: Media | None, purpose: str, by: Member) -> Any:
    before = getattr(thing, field)
    if media is not None and media != before:
        fresh = Media.objects.unused().filter(owner=by, purpose=purpose)
        media = fresh.select_for_update(of=("self",)).filter(pk=media.pk).first()
        if media is None:
            raise ValidationError(_("Choose the picture again, it is gone."), code="gone")
    setattr(thing, field, media)
    thing.save(update_fields=[field])
    if before is not None and before != media:
        _delete(before)
    return thing


@transaction.atomic
def set_logo(community: Community, *, media: Media | None, by: Member) -> Community:
    """Show `media`, uploaded as a logo, as the organisation's; None for its initials."""
    policies.can_change_site(by, community).enforce()
    community = Community.objects.select_for_update(of=("self",)).get(pk=community.pk)
    audit.record("site.logo_changed", by=by, removed=media is None)
    return _replace(community, "logo", media, Media.Purpose.LOGO, by)


def sweep_unattached(older_than: timedelta = timedelta(days=2)) -> int:
    """Delete what was uploaded and never used, unless a draft still holds it; how many."""
    kept = Draft.objects.annotate(words=Cast("data", models.TextField())).filter(
        member=OuterRef("owner"), words__contains=OuterRef("token")
    )
    old = Media.objects.unused().filter(~Exists(kept), created_at__lt=timezone.now() - older_than)
    swept = 0
    while batch := list(old.values_list("pk", flat=True)[:200]):
        with transaction.atomic():
            rows = old.filter(pk__in=batch).select_for_update(of=("self",), skip_locked=True)
            done = [_delete(media) for media in rows]
        swept += len(done)
        if len(done) < len(batch):
            break  # somebody is using the rest this very moment
    return swept


def sweep_folders(older_than: timedelta = timedelta(days=2)) -> int:
    """Delete folders that no row names: what a crash between the two left; how many."""
    swept = 0
    before = timezone.now() - older_than
    for shelf in set(_folders("")) - NOT_OURS:
        tokens = _folders(shelf)
        known = set(Media.objects.filter(token__in=tokens).values_list("token", flat=True))
        for token in set(tokens) - known:
            if (last := _last_change(f"{shelf}/{token}")) is None or last < before:
                _remove_folder(f"{shelf}/{token}")
                swept += 1
    return swept


def _folders(path: str) -> list[str]:
    try:
        return default_storage.listdir(path)[0]
    except OSError:
        return []


def _last_change(folder: str) -> datetime | None:
    try:
        names = default_storage.listdir(folder)[1]
        return max(
            (default_storage.get_modified_time(f"{folder}/{n}") for n in names), default=None
        )
    except OSError:
        return None


def _delete(media: Media) -> None:
    media.delete()
    transaction.on_commit(partial(_remove_folder, media.folder))


def _remove_folder(folder: str) -> None:
    try:
        for name in default_storage.listdir(folder)[1]:
            default_storage.delete(f"{folder}/{name}")
        default_storage.delete(folder)
    except FileNotFoundError:
        return
    except OSError:
        log.exception("An upload could not be deleted; the sweep will try again.")
