"""Makes uploads, good and hostile, and looks at every byte that was kept of them."""

from __future__ import annotations

import io
import struct
import zipfile

import pytest
from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from community.models import Media
from community.operations import media as operations

CANARY = b"CANARY-48.8584N-2.2945E"
ATTACHMENT, AVATAR, COVER = Media.Purpose.ATTACHMENT, Media.Purpose.AVATAR, Media.Purpose.COVER


def gradient(size=(640, 400), mode="RGB") -> Image.Image:
    grey = Image.linear_gradient("L").resize(size)
    return Image.merge("RGB", (grey, grey.transpose(Image.Transpose.ROTATE_180), grey)).convert(
        mode
    )


def encoded(image: Image.Image, kind: str, **options) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def exif(orientation: int = 1) -> bytes:
    tags = Image.Exif()
    tags[0x0112] = orientation
    tags[0x010E] = CANARY.decode()
    tags.get_ifd(0x8825)[0x1D] = CANARY.decode()
    return tags.tobytes()


def fetch(client, address: str, headers: dict | None = None, method: str = "get"):
    """The response, with its bytes read into `body`: reading to the end closes the file."""
    response = getattr(client, method)(address, headers=headers or {})
    response.body = b"".join(response) if response.streaming else response.content
    return response


def upload(data: bytes, name: str = "picture.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data)


def kept(media: Media) -> dict[str, bytes]:
    """Every byte we hold of it, by file."""
    names = default_storage.listdir(media.folder)[1]
    found = {}
    for name in names:
        with default_storage.open(f"{media.folder}/{name}") as file:
            found[name] = file.read()
    return found


def store(
    by, data: bytes | None = None, name: str = "picture.jpg", purpose: str = ATTACHMENT
) -> Media:
    data = encoded(gradient(), "JPEG") if data is None else data
    return operations.store_upload(upload(data, name), purpose=purpose, by=by)


def refused(by, data: bytes, name: str, purpose: str = ATTACHMENT) -> ValidationError:
    with pytest.raises(ValidationError) as caught:
        store(by, data, name, purpose)
    assert not Media.objects.exists()
    assert folders() == []
    assert caught.value.messages[0].endswith(".")
    return caught.value


def folders() -> list[str]:
    return operations._folders("") and [
        token for shelf in operations._folders("") for token in operations._folders(shelf)
    ]


def archive(**entries: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as zipped:
        for name, data in {"canary.txt": CANARY, **entries}.items():
            zipped.writestr(name, data)
    return out.getvalue()


DOCX = {"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<w/>"}
XLSX = {"[Content_Types].xml": b"<Types/>", "xl/workbook.xml": b"<w/>"}
ODT = {"mimetype": b"application/vnd.oasis.opendocument.text", "content.xml": b"<x/>"}


def box(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data) + 8) + kind + data


def film(brand: bytes = b"isom") -> bytes:
    place = box(b"udta", box(b"\xa9xyz", b"\x00\x17\x15\xc7" + CANARY))
    track = box(b"trak", box(b"tkhd", bytes(20)) + box(b"meta", CANARY) + box(b"mdia", b"kept"))
    moov = box(b"moov", box(b"mvhd", bytes(20)) + track + place)
    return (
        box(b"ftyp", brand + bytes(4) + b"isom")
        + moov
        + box(b"mdat", b"frames")
        + box(b"uuid", CANARY)
    )


GOOD = {
    "a.pdf": b"%PDF-1.7\n1 0 obj",
    "a.docx": archive(**DOCX),
    "a.xlsx": archive(**XLSX),
    "a.odt": archive(**ODT),
    "a.csv": "name;flat\nJosé;3".encode(),
    "b.csv": "name;flat\nJosé;3".encode("cp1252"),
    "c.csv": "name;flat".encode("utf-16"),
    "a.txt": "¿Quién?\r\n\tTú".encode(),
    "a.mp3": b"ID3\x04" + bytes(50),
    "b.mp3": b"\xff\xfb\x90\x64" + bytes(50),
    "a.m4a": film(b"M4A "),
    "a.mp4": film(),
    "a.webm": b"\x1a\x45\xdf\xa3\x9fB\x86\x81\x01B\x82\x84webm" + bytes(30),
}
