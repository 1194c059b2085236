"""Uploads come in and go out: each opening is a question of who asks."""

from __future__ import annotations

import re
from typing import IO, Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils.cache import patch_vary_headers
from django.utils.http import content_disposition_header, http_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from community import handing, moderation
from community.htmx import load, viewer
from community.models import Media
from community.operations import media as operations
from community.policies import SIGN_IN, Refused

LIGHTER = (Media.Purpose.ATTACHMENT, Media.Purpose.COVER)
SANDBOX = "default-src 'none'; sandbox; frame-ancestors 'none'"


@require_POST
def upload_media(request: HttpRequest) -> JsonResponse:
    """One file, from the editor. Answers what the editor shows, or a sentence to show beside it."""
    if viewer(request) is None:
        return JsonResponse({"error": str(SIGN_IN)}, status=403)
    purpose = request.POST.get("purpose", Media.Purpose.ATTACHMENT)
    if purpose not in Media.Purpose.values or "file" not in request.FILES:
        return JsonResponse({"error": _("Choose a file first.")}, status=422)
    try:
        media = operations.store_upload(
            request.FILES["file"],
            purpose=purpose,
            by=request.user,
            alt=request.POST.get("alt", ""),
        )
    except ValidationError as error:
        status = 507 if error.code == "no_room" else 422
        return JsonResponse({"error": error.messages[0]}, status=status)
    except Refused as refused:
        return JsonResponse({"error": str(refused.reason)}, status=403)
    return JsonResponse(
        {
            "token": media.token,
            "url": media.url("large"),
            "thumb": media.url("small") if media.is_image else "",
            "name": media.name,
            "kind": media.kind,
            "mime": media.mime,
            "size": media.size,
            "width": media.width,
            "height": media.height,
            "alt": media.alt,
        },
        status=201,
    )


@require_POST
def describe_media(request: HttpRequest, token: str) -> JsonResponse:
    media = load(Media, request, token=token)
    media = operations.describe(media, alt=request.POST.get("alt", ""), by=request.user)
    return JsonResponse({"token": media.token, "alt": media.alt})


@require_POST
def discard_media(request: HttpRequest, token: str) -> JsonResponse:
    operations.discard(load(Media, request, token=token), by=request.user)
    return JsonResponse({"token": token})


@require_safe
def media(request: HttpRequest, token: str, rendition: str) -> HttpResponse:
    """The bytes, for those who may see what they hang on; for all others they do not exist."""
    found = _found(request, token)
    rendition = _as_light_as_asked(request, found, rendition)
    stored = found.stored_as(rendition)
    if stored is None:
        raise Http404
    shown = found.is_image or found.plays
    name = f"{found.name.rpartition('.')[0] or found.name}.webp" if found.is_image else found.name
    disposition = content_disposition_header(not shown, name)
    if settings.MEDIA_ACCEL:
        response = handing.by_front_server(
            request, stored, mime=found.mime, disposition=disposition
        )
    else:
        response = _send(request, found, rendition, stored)
    response["Content-Security-Policy"] = SANDBOX
    response["X-Content-Type-Options"] = "nosniff"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    response["Cache-Control"] = _caching(found)
    response["Content-Disposition"] = disposition
    patch_vary_headers(response, ["Save-Data"])
    return response


def _found(request: HttpRequest, token: str) -> Media:
    """What the reader may see, and what was reported and is theirs to decide."""
    try:
        return load(Media, request, token=token)
    except Http404:
        found = moderation.evidence(viewer(request), token)
        if found is None:
            raise
        return found


def _as_light_as_asked(request: HttpRequest, found: Media, rendition: str) -> str:
    """What stands in a page comes small to who saves data; what is opened comes as it is."""
    if rendition != "medium" or found.purpose not in LIGHTER:
        return rendition
    member = viewer(request)
    saves = request.headers.get("Save-Data", "").lower() == "on"
    return "small" if saves or (member is not None and member.saves_data) else rendition


def _caching(found: Media) -> str:
    """What hangs in a space may never stay in a browser; what the web may see, briefly.

    Avatars stand beside every line a person wrote and change their address when they change, so a
    browser may keep them for an hour; signing out clears them (Clear-Site-Data).
    """
    if Media.objects.visible_to(None).filter(pk=found.pk).exists():
        return "public, max-age=600"
    if found.purpose == Media.Purpose.AVATAR:
        return "private, max-age=3600"
    return "private, no-store"


# Sending it ourselves ------------------------------------------------------------------------

_RANGE = re.compile(r"bytes=(\d{0,15})-(\d{0,15})$")


def _send(request: HttpRequest, found: Media, rendition: str, stored: str) -> HttpResponse:
    try:
        file = default_storage.open(stored)
    except FileNotFoundError as error:
        raise Http404 from error
    size = file.size
    etag = f'"{found.token[:8]}-{rendition}-{size}"'
    modified = http_date(found.created_at.timestamp())
    part = _part(request, size, etag, modified)
    if part == ():
        file.close()
        response = HttpResponse(status=416)
        response["Content-Range"] = f"bytes */{size}"
        return response
    if part is None:
        response = FileResponse(file, content_type=found.mime)
        response["Content-Length"] = size
    else:
        first, last = part
        file.seek(first)
        response = FileResponse(_Part(file, last - first + 1), content_type=found.mime, status=206)
        response["Content-Length"] = last - first + 1
        response["Content-Range"] = f"bytes {first}-{last}/{size}"
    response["Accept-Ranges"] = "bytes"
    response["ETag"] = etag
    response["Last-Modified"] = modified
    return response


def _part(
    request: HttpRequest, size: int, etag: str, modified: str
) -> tuple[int, int] | tuple[()] | None:
    """First and last byte asked for; None for all of it, () for what is not there.

    Several ranges at once, and ranges of another version, are answered with the whole.
    """
    asked = _RANGE.match(request.headers.get("Range", "").replace(" ", ""))
    if request.method != "GET" or not asked or asked[0] == "bytes=-":
        return None
    if request.headers.get("If-Range", etag) not in (etag, modified):
        return None
    if not asked[1]:
        first, last = max(0, size - int(asked[2])), size - 1
    else:
        first, last = int(asked[1]), min(int(asked[2] or size - 1), size - 1)
    return (first, last) if first <= last else ()


class _Part:
    """The next `length` bytes of an open file, as a file."""

    def __init__(self, file: IO[bytes], length: int):
        self.file, self.left = file, length

    def read(self, size: int = -1) -> bytes:
        data = self.file.read(self.left if size < 0 else min(size, self.left))
        self.left -= len(data)
        return data

    def close(self) -> None:
        self.file.close()

    def __getattr__(self, name: str) -> Any:
        raise AttributeError(name)
