"""What comes in: nothing of a picture survives but its pixels, and files are what they say."""

from __future__ import annotations

import io
import re
import struct
import zlib

import pytest
from PIL import Image, PngImagePlugin

from community import uploads
from community.models import Media
from community.models.media import RENDITIONS
from tests.community.made_uploads import (
    AVATAR,
    CANARY,
    COVER,
    DOCX,
    GOOD,
    XLSX,
    archive,
    box,
    encoded,
    exif,
    film,
    gradient,
    kept,
    refused,
    store,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_shelves")]


def png_with_texts() -> bytes:
    texts = PngImagePlugin.PngInfo()
    texts.add_text("Comment", CANARY.decode())
    texts.add_itxt("XML:com.adobe.xmp", CANARY.decode(), zip=True)
    return encoded(gradient(), "PNG", pnginfo=texts, exif=exif())


def jpeg_with_thumbnail() -> bytes:
    data = encoded(gradient(), "JPEG", exif=exif(), comment=CANARY, xmp=b"<x>" + CANARY + b"</x>")
    app13 = b"Photoshop 3.0\x00" + CANARY
    return data[:2] + b"\xff\xed" + struct.pack(">H", len(app13) + 2) + app13 + data[2:]


CARRIERS = {
    "jpeg": ("a.jpg", jpeg_with_thumbnail),
    "png": ("a.png", png_with_texts),
    "webp": (
        "a.webp",
        lambda: encoded(gradient(), "WEBP", exif=exif(), xmp=CANARY, icc_profile=CANARY * 8),
    ),
    "gif": ("a.gif", lambda: encoded(gradient(mode="P"), "GIF", comment=CANARY)),
    "jpeg with a page behind it": (
        "a.jpg",
        lambda: encoded(gradient(), "JPEG") + b"<html><script>" + CANARY + b"</script>",
    ),
    "jpeg with an archive behind it": ("a.jpg", lambda: encoded(gradient(), "JPEG") + archive()),
    "png named as jpeg": ("a.jpg", png_with_texts),
    "jpeg with a profile": (
        "a.jpg",
        lambda: encoded(gradient(), "JPEG", icc_profile=CANARY * 8),
    ),
}


@pytest.mark.parametrize("carrier", CARRIERS)
def test_nothing_but_pixels_is_kept_of_a_picture(ben, carrier):
    name, make = CARRIERS[carrier]
    data = make()
    if "archive" not in carrier:
        assert CANARY in data or b"XML:com.adobe.xmp" in data
    media = store(ben, data, name)
    files = kept(media)
    assert set(files) == {"large.webp", "small.webp"}
    for bytes_kept in files.values():
        assert CANARY not in bytes_kept
        chunks = re.findall(rb"(EXIF|XMP |ICCP|ANIM)", bytes_kept[:200])
        assert chunks == []
        picture = Image.open(io.BytesIO(bytes_kept))
        assert picture.format == "WEBP"
        assert not picture.getexif()
        assert {"icc_profile", "xmp", "exif"}.isdisjoint(picture.info)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_picture_stands_upright(ben, orientation):
    """Red is in the corner that the camera called the top left."""
    upright = Image.new("RGB", (90, 60), "blue")
    upright.paste("red", (0, 0, 30, 20))
    back = {2: 0, 3: 3, 4: 1, 5: 5, 6: 2, 7: 6, 8: 4}  # the turn that undoes each orientation
    stored = upright
    if orientation in back:
        turn = {
            2: Image.Transpose.FLIP_LEFT_RIGHT,
            3: Image.Transpose.ROTATE_180,
            4: Image.Transpose.FLIP_TOP_BOTTOM,
            5: Image.Transpose.TRANSPOSE,
            6: Image.Transpose.ROTATE_90,
            7: Image.Transpose.TRANSVERSE,
            8: Image.Transpose.ROTATE_270,
        }[orientation]
        stored = upright.transpose(turn)
    media = store(ben, encoded(stored, "JPEG", quality=95, exif=exif(orientation)))
    assert (media.width, media.height) == (90, 60)
    seen = Image.open(io.BytesIO(kept(media)["large.webp"])).convert("RGB")
    red, _green, blue = seen.getpixel((8, 6))
    assert red > 150 > blue


def test_large_pictures_come_in_three_sizes(ben):
    media = store(ben, encoded(gradient((3000, 1500)), "JPEG"))
    assert {name: size[:2] for name, size in media.renditions.items()} == {
        "large": [2048, 1024],
        "medium": [1280, 640],
        "small": [480, 240],
    }
    assert (media.width, media.height) == (2048, 1024)
    assert media.size == sum(len(data) for data in kept(media).values())


def test_small_pictures_are_not_blown_up_and_answer_to_every_size(ben):
    media = store(ben, encoded(gradient((100, 60)), "PNG"), "a.png")
    assert media.renditions == {"large": [100, 60, media.size]}
    assert {media.stored_as(size) for size in ("large", "medium", "small")} == {
        f"{media.folder}/large.webp"
    }
    assert media.stored_as("file") is None
    assert media.stored_as("../../secret") is None


@pytest.mark.parametrize(("purpose", "shape"), [(AVATAR, (256, 256)), (COVER, (1360, 336))])
def test_avatars_and_covers_are_cropped(ben, purpose, shape):
    for size in ((2000, 1500), (1500, 2000)):
        media = store(ben, encoded(gradient(size), "JPEG"), purpose=purpose)
        assert (media.width, media.height) == shape
        sizes = {name: tuple(size[:2]) for name, size in media.renditions.items()}
        assert sizes == RENDITIONS[purpose]


def test_strange_but_honest_pictures_are_taken(ben):
    deep = Image.new("I;16", (200, 100))
    deep.putdata([(x % 200) * 327 for x in range(200 * 100)])
    seen_through = Image.new("RGBA", (200, 100), (255, 0, 0, 90))
    frames = [Image.new("P", (80, 80), colour) for colour in range(5)]
    for name, data in {
        "deep.png": encoded(deep, "PNG"),
        "print.jpg": encoded(gradient(mode="CMYK"), "JPEG"),
        "through.png": encoded(seen_through, "PNG"),
        "grey.jpg": encoded(gradient(mode="L"), "JPEG"),
        "bits.png": encoded(gradient(mode="1"), "PNG"),
        "moves.gif": encoded(frames[0], "GIF", save_all=True, append_images=frames[1:]),
        "UPPER.JPEG": encoded(gradient(), "JPEG"),
    }.items():
        media = store(ben, data, name)
        picture = Image.open(io.BytesIO(kept(media)["large.webp"]))
        assert getattr(picture, "n_frames", 1) == 1
        assert picture.mode == ("RGBA" if name == "through.png" else "RGB")
        assert media.mime == "image/webp"
    grey = Image.open(io.BytesIO(kept(Media.objects.get(name="deep.png"))["large.webp"]))
    assert grey.convert("L").getpixel((5, 50)) < 30
    assert grey.convert("L").getpixel((195, 50)) > 220


def bomb_png(width: int, height: int) -> bytes:
    """A valid picture of one colour, made without ever holding its pixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    head = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    return b"".join(
        [
            b"\x89PNG\r\n\x1a\n",
            chunk(b"IHDR", head),
            chunk(b"IDAT", zlib.compress(bytes(1000))),
            chunk(b"IEND", b""),
        ]
    )


def bomb_webp(width: int, height: int) -> bytes:
    size = (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    body = b"WEBPVP8X" + struct.pack("<I", 10) + bytes(4) + size
    return b"RIFF" + struct.pack("<I", len(body)) + body


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.png", bomb_png(30_000, 30_000)),
        ("a.png", bomb_png(19_000, 5_000)),
        ("a.png", bomb_png(2_000_000, 2)),
        ("a.webp", bomb_webp(16_383, 16_383)),
        ("a.jpg", bomb_png(50_000, 50_000)),
    ],
)
def test_bombs_are_refused_by_their_head(ben, name, data):
    assert refused(ben, data, name).code == "pixels"


def many_scans() -> bytes:
    data = encoded(gradient(), "JPEG", progressive=True)
    start = data.index(b"\xff\xda")
    return data[:start] + data[start:-2] * 120 + data[-2:]


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.png", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"),
        ("a.jpg", b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n"),
        ("a.jpg", b"<html><script>alert(1)</script></html>"),
        ("a.gif", b"GIF89a/*<script>*/=1;alert(1)"),
        ("a.jpg", b"\xff\xd8\xff\xe0"),
        ("a.png", encoded(gradient(), "PNG")[:700]),
        ("a.jpg", encoded(gradient((1600, 1200)), "JPEG")[:9000]),
        ("a.webp", encoded(gradient(), "WEBP")[:300]),
        ("a.png", encoded(gradient(), "TIFF")),
        ("a.png", encoded(gradient(), "BMP")),
        ("a.png", encoded(gradient(), "ICO")),
        ("a.jpg", encoded(gradient(), "PDF")),
        ("a.jpg", many_scans()),
        ("a.webp", b"RIFF\x00\x00\x00\x00WEBP"),
        ("a.jpg", b"\x00" * 100),
    ],
)
def test_what_is_no_picture_is_refused(ben, name, data):
    assert refused(ben, data, name).code in ("content", "pixels")


@pytest.mark.parametrize(
    "name",
    ["a.svg", "a.heic", "a.html", "a.exe", "a.php", "a.jpg.exe", "a", ".jpg.", "a.mov", "a.svgz"],
)
def test_what_is_not_on_the_list_is_refused_by_name(ben, name):
    assert refused(ben, encoded(gradient(), "JPEG"), name).code == "kind"


def test_nothing_and_too_much_are_refused(ben, monkeypatch):
    assert refused(ben, b"", "a.jpg").code == "empty"
    assert refused(ben, b"", "a.pdf").code == "empty"
    monkeypatch.setattr(uploads, "MAX_PICTURE_BYTES", 1000)
    monkeypatch.setattr(uploads, "MAX_FILE_BYTES", 1000)
    assert refused(ben, encoded(gradient(), "JPEG"), "a.jpg").code == "size"
    assert refused(ben, b"%PDF-1.7" + bytes(2000), "a.pdf").code == "size"


def test_only_pictures_become_avatars_and_covers(ben):
    for purpose in (AVATAR, COVER):
        assert refused(ben, b"%PDF-1.7", "a.pdf", purpose).code == "kind"


# Other files ---------------------------------------------------------------------------------


@pytest.mark.parametrize("name", GOOD)
def test_files_on_the_list_are_kept_as_they_came(ben, name):
    media = store(ben, GOOD[name], name)
    assert media.kind == Media.Kind.FILE
    assert media.mime == uploads.FILES[name.rpartition(".")[2]][0]
    if not name.endswith(("mp4", "m4a")):
        assert kept(media) == {"file": GOOD[name]}


def test_films_lose_the_place_they_were_taken(ben):
    data = kept(store(ben, film(), "a.mp4"))["file"]
    assert CANARY not in data
    assert len(data) == len(film())
    assert b"frames" in data
    assert b"kept" in data
    assert data.count(b"free") == 3


def zip_of(entries: int) -> bytes:
    return archive(**DOCX, **{f"word/{number}.xml": b"" for number in range(entries)})


def zip_bomb() -> bytes:
    return archive(**DOCX, **{f"word/media/{n}.bin": bytes(24_000_000) for n in range(9)})


def lying_zip() -> bytes:
    """Its end says two entries and a directory of two gigabytes."""
    data = archive(**DOCX)
    end = data.rfind(b"PK\x05\x06")
    return data[: end + 12] + struct.pack("<L", 2**31) + data[end + 16 :]


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        ("a.pdf", b"<html>%PDF-1.7", "content"),
        ("a.pdf", b"MZ\x90", "content"),
        ("a.docx", archive(), "content"),
        ("a.docx", archive(**XLSX), "content"),
        ("a.docx", b"PK\x03\x04", "content"),
        ("a.docx", b"PK\x05\x06" + bytes(18), "content"),
        ("a.docx", archive(**DOCX, **{"word/vbaProject.bin": b"x"}), "macros"),
        ("a.docx", zip_of(2100), "unpacked"),
        ("a.xlsx", zip_bomb(), "unpacked"),
        ("a.docx", lying_zip(), "unpacked"),
        ("a.odt", archive(mimetype=b"text/html", **{"content.xml": b""}), "content"),
        ("a.csv", b"a;b\x00c", "content"),
        ("a.txt", b"\x7fELF\x02\x01\x01", "content"),
        ("a.txt", b"\xff\xfea", "content"),
        ("a.mp3", b"\xff\xd8\xff\xe0" + bytes(50), "content"),
        ("a.mp3", b"<script>", "content"),
        ("a.mp4", box(b"ftyp", b"qt  " + bytes(8)), "content"),
        ("a.mp4", box(b"ftyp", b"heic" + bytes(8)), "content"),
        ("a.mp4", b"\x00\x00\x00\x08", "content"),
        ("a.webm", b"\x1a\x45\xdf\xa3" + b"matroska", "content"),
    ],
)
def test_files_that_are_not_what_they_say_are_refused(ben, name, data, code):
    assert refused(ben, data, name).code == code


@pytest.mark.parametrize(
    ("hostile", "clean"),
    [
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("C:\\Users\\ada\\letter.pdf", "letter.pdf"),
        ("a\r\nSet-Cookie: x=1.pdf", "aSet-Cookie x=1.pdf"),
        ('"><script>.pdf', "script.pdf"),
        ("\u202efdp.exe.pdf", "fdp.exe.pdf"),
        ("a\x00b.pdf", "ab.pdf"),
        ("x" * 300 + ".pdf", "x" * 90 + ".pdf"),
        ("  . carta  de José .pdf", "carta de José.pdf"),
        (".htaccess", "htaccess"),
        ("", "file"),
        ("...", "file"),
        ("信.pdf", "信.pdf"),
    ],
)
def test_names_are_cleaned(hostile, clean):
    assert uploads.clean_name(hostile) == clean
