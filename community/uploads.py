"""Knows what may be uploaded: reads what came, refuses in words, hands back bytes safe to keep.

Both the name and the content decide. Pictures are always encoded anew, so that nothing of the
original survives: no place, no camera, no second file hidden behind the picture. Other files are
kept as they came (films without the place they were taken) and never shown inside a page.
"""

from __future__ import annotations

import io
import re
import struct
import unicodedata
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from PIL import Image, ImageOps

MB = 1_000_000
MAX_PICTURE_BYTES = 15 * MB
MAX_FILE_BYTES = 25 * MB
# JPEG is decoded at the size needed; all others need four bytes a pixel at once.
MAX_JPEG_PIXELS = 64 * MB
MAX_PIXELS = 40 * MB
MAX_SIDE = 20_000
MAX_JPEG_SCANS = 100  # each scan of a progressive picture goes through all of it again
MAX_ZIP_ENTRIES = 2_000
MAX_UNPACKED_BYTES = 200 * MB
QUALITY = 82

PICTURE_SUFFIXES = ("jpg", "jpeg", "png", "webp", "gif")
_DECODERS = ("JPEG", "PNG", "WEBP", "GIF")


@dataclass(frozen=True)
class Upload:
    """What is safe to keep: its name, and per rendition (bytes, width, height)."""

    name: str
    mime: str
    parts: Mapping[str, tuple[bytes, int | None, int | None]]

    @property
    def is_image(self) -> bool:
        return self.mime == "image/webp"


def read(
    file: Any, sizes: Mapping[str, tuple[int, int]], *, crop: bool, only_picture: bool
) -> Upload:
    """Check `file` (a Django upload) and prepare it; ValidationError with a sentence otherwise.

    Costs up to two seconds for a large photograph: never call it inside a transaction.
    """
    name = clean_name(file.name or "")
    suffix = name.rpartition(".")[2].lower() if "." in name else ""
    if suffix in PICTURE_SUFFIXES:
        _check_size(file, MAX_PICTURE_BYTES)
        parts = _encode(file.read(), sizes, crop)
        return Upload(name, "image/webp", parts)
    if only_picture or suffix not in FILES:
        raise ValidationError(_refusal_of_kind(suffix, only_picture), code="kind")
    _check_size(file, MAX_FILE_BYTES)
    mime, is_what_it_says = FILES[suffix]
    data = file.read()
    if not is_what_it_says(data):
        raise ValidationError(
            _("%(name)s is not a working .%(suffix)s file. Save it again and retry.")
            % {"name": name, "suffix": suffix},
            code="content",
        )
    if suffix in ("mp4", "m4a"):
        data = without_place(data)
    return Upload(name, mime, {"file": (data, None, None)})


def clean_name(name: str) -> str:
    """The last part of `name`, without control or direction characters, at most 100 long."""
    name = unicodedata.normalize("NFC", name).replace("\\", "/").rpartition("/")[2]
    name = "".join(c for c in name if unicodedata.category(c)[0] != "C")
    name = " ".join(re.sub(r'[<>:"|?*]', " ", name).split()).strip(". ")
    stem, dot, suffix = name.rpartition(".")
    if dot and stem:
        return f"{stem[:90].rstrip('. ')}.{suffix[:9]}"
    return name[:100] or "file"


def _check_size(file: Any, most: int) -> None:
    if not file.size:
        raise ValidationError(_("This file is empty."), code="empty")
    if file.size > most:
        raise ValidationError(
            _("This file has %(size)d MB. At most %(most)d MB fit here.")
            % {"size": -(-file.size // MB), "most": most // MB},
            code="size",
        )


def _refusal_of_kind(suffix: str, only_picture: bool) -> str:
    if suffix in ("heic", "heif", "avif"):
        return _("Phones save .%s pictures that most devices cannot show. Choose JPEG.") % suffix
    if suffix in ("mov", "avi", "mkv", "3gp"):
        return _("Films need to be .mp4 or .webm. Save it as one of these and retry.")
    if only_picture or suffix in ("svg", "bmp", "tif", "tiff", "eps", "ico", "psd"):
        return _("Pictures need to be JPEG, PNG, WebP or GIF.")
    return _("You can add pictures and these files: %s.") % ", ".join(FILES)


# Pictures ------------------------------------------------------------------------------------


def _encode(
    data: bytes, sizes: Mapping[str, tuple[int, int]], crop: bool
) -> dict[str, tuple[bytes, int, int]]:
    try:
        picture = _decode(data, max(sizes.values()), crop)
        return _renditions(picture, sizes, crop)
    except ValidationError:
        raise
    except Exception as error:  # hostile bytes make decoders raise anything at all
        raise ValidationError(
            _("This picture cannot be read. It may be damaged, or not be a picture."),
            code="content",
        ) from error


def _decode(data: bytes, size: tuple[int, int], crop: bool) -> Image.Image:
    """The first frame, upright, eight bits a channel, without anything but pixels."""
    if size_in_head := _size_in_head(data):
        _check_pixels(*size_in_head, MAX_PIXELS)
    try:
        picture = Image.open(io.BytesIO(data), formats=_DECODERS)
    except Image.DecompressionBombError:
        _check_pixels(MAX_SIDE, MAX_SIDE, MAX_PIXELS)
        raise
    is_jpeg = picture.format in ("JPEG", "MPO")
    _check_pixels(*picture.size, MAX_JPEG_PIXELS if is_jpeg else MAX_PIXELS)
    if is_jpeg and data.count(b"\xff\xda") > MAX_JPEG_SCANS:
        raise ValueError("More scans than any camera makes.")
    try:
        turn = _TURNS.get(picture.getexif().get(0x0112))
    except Exception:  # a damaged description must not cost the picture
        turn = None
    if is_jpeg:
        picture.draft(None, size)
    picture.load()
    picture.info = {
        key: value for key, value in picture.info.items() if key in ("transparency", "background")
    }
    if picture.mode[0] in "IF":
        picture = picture.point(lambda value: value * (1 / 256)).convert("L")
    mode = "RGBA" if picture.has_transparency_data else "RGB"
    picture = picture if picture.mode == mode else picture.convert(mode)
    ratios = picture.width // (2 * size[0]), picture.height // (2 * size[1])
    if (times := min(ratios) if crop else max(ratios)) > 1:
        picture = picture.reduce(times)
    return picture.transpose(turn) if turn is not None else picture


_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


def _check_pixels(width: int, height: int, most: int) -> None:
    if width * height > most or max(width, height) > MAX_SIDE:
        raise ValidationError(
            _("This picture has too many pixels. At most %d million fit here; make it smaller.")
            % (most // MB),
            code="pixels",
        )


def _size_in_head(data: bytes) -> tuple[int, int] | None:
    """Width and height, read before a decoder takes memory for them; None for JPEG."""
    if data.startswith(b"\x89PNG"):
        return struct.unpack_from(">II", data, 16)
    if data.startswith(b"GIF8"):
        return struct.unpack_from("<HH", data, 6)
    if data[8:12] != b"WEBP":
        return None
    if data[12:16] == b"VP8X":
        more = int.from_bytes(data[24:27], "little"), int.from_bytes(data[27:30], "little")
        return more[0] + 1, more[1] + 1
    if data[12:16] == b"VP8L":
        bits = int.from_bytes(data[21:25], "little")
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    width, height = struct.unpack_from("<HH", data, 26)
    return width & 0x3FFF, height & 0x3FFF


def _renditions(
    picture: Image.Image, sizes: Mapping[str, tuple[int, int]], crop: bool
) -> dict[str, tuple[bytes, int, int]]:
    parts: dict[str, tuple[bytes, int, int]] = {}
    if crop and picture.mode == "RGBA":
        white = Image.new("RGBA", picture.size, "white")
        picture = Image.alpha_composite(white, picture).convert("RGB")
    for name, size in sizes.items():
        smaller = _cropped(picture, size) if crop else _fitted(picture, size)
        if parts and smaller.width > picture.width * 0.9:
            continue  # the next larger one will do
        out = io.BytesIO()
        smaller.info = {}
        smaller.save(out, "WEBP", quality=QUALITY, method=4, exif=b"", xmp=b"", icc_profile=None)
        parts[name] = (out.getvalue(), *smaller.size)
        picture = smaller
    return parts


def _fitted(picture: Image.Image, size: tuple[int, int]) -> Image.Image:
    scale = min(1, size[0] / picture.width, size[1] / picture.height)
    target = max(1, round(picture.width * scale)), max(1, round(picture.height * scale))
    return picture.resize(target, Image.Resampling.LANCZOS) if scale < 1 else picture


def _cropped(picture: Image.Image, size: tuple[int, int]) -> Image.Image:
    """The middle of the picture in the shape of `size`, never larger than it came."""
    scale = min(1, picture.width / size[0], picture.height / size[1])
    target = (max(1, round(size[0] * scale)), max(1, round(size[1] * scale)))
    return ImageOps.fit(picture, target, Image.Resampling.LANCZOS)


# Other files ---------------------------------------------------------------------------------


def _is_pdf(data: bytes) -> bool:
    return data.startswith((b"%PDF-1.", b"%PDF-2."))


def _is_office(part: str) -> Callable[[bytes], bool]:
    def check(data: bytes) -> bool:
        names = _zip_names(data)
        return "[Content_Types].xml" in names and part in names

    return check


def _is_odt(data: bytes) -> bool:
    names = _zip_names(data)
    if not {"mimetype", "content.xml"} <= names:
        return False
    with zipfile.ZipFile(io.BytesIO(data)) as archive, archive.open("mimetype") as entry:
        return entry.read(60).strip() == b"application/vnd.oasis.opendocument.text"


def _zip_names(data: bytes) -> set[str]:
    """Names in the archive. ValidationError if it unpacks to too much, or holds macros."""
    end = data.rfind(b"PK\x05\x06", max(0, len(data) - 65_600))
    if not data.startswith(b"PK\x03\x04") or end < 0 or len(data) < end + 22:
        return set()
    entries, directory = struct.unpack_from("<HL", data, end + 10)
    too_much = ValidationError(_("This file unpacks to more than fits here."), code="unpacked")
    if entries > MAX_ZIP_ENTRIES or directory > MAX_ZIP_ENTRIES * 500:
        raise too_much
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            infos = archive.infolist()
    except Exception:  # as for pictures
        return set()
    if len(infos) > MAX_ZIP_ENTRIES or sum(i.file_size for i in infos) > MAX_UNPACKED_BYTES:
        raise too_much
    names = {info.filename for info in infos}
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        raise ValidationError(
            _("This file contains macros, which can do harm. Save it without them."), code="macros"
        )
    return names


_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")


def _is_text(data: bytes) -> bool:
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        encodings = ["utf-16"]
    else:
        encodings = ["utf-8-sig", "cp1252"]
    for encoding in encodings:
        try:
            return not _CONTROL.search(data.decode(encoding))
        except UnicodeDecodeError:
            continue
    return False


def _is_mp3(data: bytes) -> bool:
    return data.startswith(b"ID3") or (
        len(data) > 4 and data[0] == 0xFF and data[1] & 0xE6 == 0xE2 and data[2] & 0xF0 != 0xF0
    )


_BRANDS = (b"isom", b"iso", b"mp4", b"avc1", b"M4A ", b"M4B ", b"M4V ", b"MSNV", b"dash")


def _is_mp4(data: bytes) -> bool:
    return data[4:8] == b"ftyp" and data[8:12].startswith(_BRANDS)


def _is_webm(data: bytes) -> bool:
    return data.startswith(b"\x1a\x45\xdf\xa3") and b"webm" in data[:64]


def _is_ogg(data: bytes) -> bool:
    return data.startswith(b"OggS")


FILES: dict[str, tuple[str, Callable[[bytes], bool]]] = {
    "pdf": ("application/pdf", _is_pdf),
    "docx": (
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        _is_office("word/document.xml"),
    ),
    "odt": ("application/vnd.oasis.opendocument.text", _is_odt),
    "xlsx": (
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        _is_office("xl/workbook.xml"),
    ),
    "csv": ("text/csv", _is_text),
    "txt": ("text/plain", _is_text),
    "mp3": ("audio/mpeg", _is_mp3),
    "m4a": ("audio/mp4", _is_mp4),
    "mp4": ("video/mp4", _is_mp4),
    "webm": ("video/webm", _is_webm),
    # What browsers record as a voice note.
    "weba": ("audio/webm", _is_webm),
    "ogg": ("audio/ogg", _is_ogg),
}
"""Suffix → media type, and whether bytes are what the suffix says."""

_WITH_BOXES = (b"moov", b"trak")
_TELLING = (b"udta", b"meta", b"uuid")


def without_place(data: bytes) -> bytes:
    """An MP4 file whose descriptions (place, device, tags) are blanked; no offset moves."""
    blank = bytearray(data)
    _blank_boxes(blank, 0, len(blank), 0)
    return bytes(blank)


def _blank_boxes(data: bytearray, position: int, end: int, depth: int) -> None:
    while position + 8 <= end:
        length = int.from_bytes(data[position : position + 4], "big")
        kind, header = bytes(data[position + 4 : position + 8]), 8
        if length == 1:
            length, header = int.from_bytes(data[position + 8 : position + 16], "big"), 16
        elif length == 0:
            length = end - position
        if length < header or position + length > end:
            return
        if kind in _TELLING:
            data[position + 4 : position + 8] = b"free"
            data[position + header : position + length] = bytes(length - header)
        elif kind in _WITH_BOXES and depth < 4:
            _blank_boxes(data, position + header, position + length, depth + 1)
        position += length


def accepted(*, only_picture: bool = False) -> str:
    """The value of a file input's `accept`."""
    suffixes = PICTURE_SUFFIXES if only_picture else (*PICTURE_SUFFIXES, *FILES)
    return ",".join(f".{suffix}" for suffix in suffixes)
