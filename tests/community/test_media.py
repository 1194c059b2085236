"""Uploads: nothing of a picture survives but its pixels, and only who may see a thing opens it."""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image, PngImagePlugin

from community import uploads
from community.models import Draft, Media, Membership, Openness, Ring, Space
from community.models.media import RENDITIONS
from community.operations import media as operations
from community.policies import Refused
from tests import factories

pytestmark = pytest.mark.django_db

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


@pytest.fixture(autouse=True)
def own_shelves(tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path


# Pictures ------------------------------------------------------------------------------------


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


def archive(**entries: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as zipped:
        for name, data in {"canary.txt": CANARY, **entries}.items():
            zipped.writestr(name, data)
    return out.getvalue()


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


# Attaching and letting go --------------------------------------------------------------------


def test_uploads_hang_on_what_they_are_posted_with_in_order(ben, north):
    one, two, three = store(ben), store(ben), store(ben)
    topic = factories.make_topic(north, by=ben)
    operations.attach([two.token, one.token, two.token], topic, by=ben)
    assert [media.token for media in topic.media.all()] == [two.token, one.token]
    operations.attach([three.token, two.token], topic, by=ben)
    assert [media.token for media in topic.media.all()] == [three.token, two.token]
    one.refresh_from_db()
    assert one.item is None


def test_nobody_attaches_what_is_not_theirs_or_in_use(ada, ben, north):
    topic, other = factories.make_topic(north, by=ben), factories.make_topic(north, by=ada)
    hers, his, avatar = store(ada), store(ben), store(ben, purpose=AVATAR)
    operations.attach([his.token], other, by=ada)
    assert operations.attach([hers.token, avatar.token, "nonsense"], topic, by=ben) == []
    operations.attach([his.token], topic, by=ben)
    assert operations.attach([his.token], other, by=ben) == []
    orphan = store(ben)
    Media.objects.filter(pk=orphan.pk).update(owner=None)
    assert operations.attach([orphan.token], other, by=None) == []
    with pytest.raises(ValidationError):
        operations.attach([str(number) for number in range(21)], topic, by=ben)


def test_an_upload_is_taken_back_with_its_bytes(ben, committed):
    media = store(ben)
    with committed():
        operations.discard(media, by=ben)
    assert not Media.objects.exists()
    assert folders() == []
    operations.discard(media, by=ben)


def test_only_its_owner_takes_back_an_upload_that_is_not_in_use(ada, ben, north):
    media = store(ben)
    with pytest.raises(Refused):
        operations.discard(media, by=ada)
    operations.attach([media.token], factories.make_topic(north, by=ben), by=ben)
    with pytest.raises(Refused):
        operations.discard(media, by=ben)


def test_a_new_avatar_replaces_the_old_with_its_bytes(ada, ben, committed):
    first, second = store(ben, purpose=AVATAR), store(ben, purpose=AVATAR)
    with committed():
        operations.set_avatar(ben, first, by=ben)
        operations.set_avatar(ben, second, by=ben)
    ben.refresh_from_db()
    assert ben.avatar == second
    assert folders() == [second.token]
    with pytest.raises(Refused):
        operations.set_avatar(ben, None, by=ada)
    with pytest.raises(ValidationError):
        operations.set_avatar(ben, store(ben), by=ben)
    with pytest.raises(ValidationError):
        operations.set_avatar(ben, store(ada, purpose=AVATAR), by=ben)
    with committed():
        operations.set_avatar(ben, None, by=ben)
    ben.refresh_from_db()
    assert ben.avatar is None
    assert second.token not in folders()


def test_stewards_set_the_cover(ada, ben, north):
    cover = store(ada, purpose=COVER)
    operations.set_cover(north, cover, by=ada)
    north.refresh_from_db()
    assert north.cover == cover
    with pytest.raises(Refused):
        operations.set_cover(north, None, by=ben)


def test_what_nobody_used_is_swept_and_what_is_used_stays(ada, ben, north, committed):
    old = timezone.now() - timedelta(days=9)
    unused, fresh, drafted, posted = store(ben), store(ben), store(ben), store(ben)
    avatar, cover = store(ben, purpose=AVATAR), store(ada, purpose=COVER)
    replaced = store(ben, purpose=AVATAR)
    operations.attach([posted.token], factories.make_topic(north, by=ben), by=ben)
    operations.set_avatar(ben, avatar, by=ben)
    operations.set_cover(north, cover, by=ada)
    Draft.objects.create(member=ben, place="topic:1", data={"media": [drafted.token]})
    Media.objects.exclude(pk=fresh.pk).update(created_at=old)
    with committed():
        assert operations.sweep_unattached() == 2
    left = {fresh.token, drafted.token, posted.token, avatar.token, cover.token}
    assert set(folders()) == left
    assert set(Media.objects.values_list("token", flat=True)) == left
    assert {unused.token, replaced.token}.isdisjoint(left)


def test_folders_without_a_row_are_swept(ben):
    media, lost = store(ben), store(ben)
    Media.objects.filter(pk=lost.pk).delete()
    assert operations.sweep_folders() == 0
    assert operations.sweep_folders(timedelta(0)) == 1
    assert folders() == [media.token]


def test_uploads_in_no_post_are_limited(ben, monkeypatch):
    monkeypatch.setattr(operations, "MAX_UNUSED", 2)
    store(ben)
    store(ben)
    with pytest.raises(ValidationError) as caught:
        store(ben)
    assert caught.value.code == "quota"


def test_a_full_disk_leaves_nothing_half_done(ben, monkeypatch):
    whole = default_storage.save

    def full(name, content):
        if name.endswith("small.webp"):
            raise OSError(28, "No space left on device")
        return whole(name, content)

    monkeypatch.setattr(default_storage, "save", full)
    assert refused(ben, encoded(gradient(), "JPEG"), "a.jpg").code == "no_room"


def test_a_row_that_fails_leaves_no_bytes(ben, monkeypatch):
    monkeypatch.setattr(Media, "save", lambda *args, **options: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        store(ben)
    assert folders() == []


# Opening -------------------------------------------------------------------------------------


@pytest.fixture
def private(ada, ben):
    """A secret group of ada and ben, with a picture and a file in a topic, and a cover."""
    space = factories.make_space("Quiet Room", steward=ada, openness=Openness.SECRET)
    factories.belong(ben, space)
    ben.forget()
    picture, file, cover = store(ben), store(ben, GOOD["a.pdf"], "a.pdf"), store(ada, purpose=COVER)
    topic = factories.make_topic(space, by=ben)
    operations.attach([picture.token, file.token], topic, by=ben)
    ada.forget()
    operations.set_cover(space, cover, by=ada)
    return space, picture, file, cover


def bare(response, address: str) -> str:
    """The page without what differs on every page: the address asked for, the CSRF token."""
    return re.sub(r"[A-Za-z0-9]{64}", "", response.content.decode()).replace(address, "")


def test_a_secret_groups_media_open_for_its_people_alone(as_, private, ada, ben, cleo, mo, guest):
    _space, picture, file, cover = private
    for address in (picture.url("small"), picture.url("large"), file.url(), cover.url()):
        absent = re.sub(r"/media/[^/]+/", "/media/" + "x" * 32 + "/", address)
        for insider in (ada, ben):
            assert fetch(as_(insider), address).status_code == 200
        for outsider in (cleo, mo, guest):
            client = as_(outsider)
            hidden, nothing = fetch(client, address), fetch(client, absent)
            assert hidden.status_code == nothing.status_code == 404
            assert bare(hidden, address) == bare(nothing, absent)
            assert hidden.headers.keys() == nothing.headers.keys()


def test_media_close_at_once_when_somebody_is_removed(as_, private, ben):
    space, picture, file, cover = private
    client = as_(ben)
    assert fetch(client, picture.url()).status_code == 200
    Membership.objects.filter(space=space, member=ben).delete()
    for address in (picture.url(), file.url(), cover.url()):
        assert fetch(client, address).status_code == 404


def test_media_follow_their_item(as_, ben, cleo, north):
    media = store(ben)
    topic = factories.make_topic(north, by=ben)
    assert fetch(as_(ben), media.url()).status_code == 200
    assert fetch(as_(cleo), media.url()).status_code == 404
    operations.attach([media.token], topic, by=ben)
    assert fetch(as_(cleo), media.url()).status_code == 200
    type(topic).objects.filter(pk=topic.pk).update(min_ring=Ring.CORE)
    assert fetch(as_(cleo), media.url()).status_code == 404
    type(topic).objects.filter(pk=topic.pk).update(min_ring=2, deleted_at=timezone.now())
    assert fetch(as_(ben), media.url()).status_code == 404


def test_avatars_follow_their_person(as_, ben, cleo, guest):
    avatar = store(ben, purpose=AVATAR)
    assert fetch(as_(cleo), avatar.url("small")).status_code == 404
    operations.set_avatar(ben, avatar, by=ben)
    assert fetch(as_(cleo), avatar.url("small")).status_code == 200
    assert fetch(as_(guest), avatar.url("small")).status_code == 404
    type(ben).objects.filter(pk=ben.pk).update(profile_seen_by="contacts")
    assert fetch(as_(cleo), avatar.url("small")).status_code == 404
    assert fetch(as_(ben), avatar.url("small")).status_code == 200


def test_what_is_public_opens_for_guests_and_may_be_kept_briefly(as_, ada, ben, guest):
    space = factories.make_space("Town Square", steward=ada, openness=Openness.PUBLIC)
    factories.belong(ben, space)
    cover, picture = store(ada, purpose=COVER), store(ben)
    ada.forget()
    operations.set_cover(space, cover, by=ada)
    topic = factories.make_topic(space, by=ben, min_ring=Ring.WEB)
    operations.attach([picture.token], topic, by=ben)
    for media in (cover, picture):
        response = fetch(as_(guest), media.url())
        assert response.status_code == 200
        assert response["Cache-Control"] == "public, max-age=600"
    Space.objects.filter(pk=space.pk).update(openness=Openness.SECRET)
    for media in (cover, picture):
        assert fetch(as_(guest), media.url()).status_code == 404


def test_bytes_go_out_in_a_sandbox_and_stay_nowhere(as_, private, ben):
    _space, picture, file, _cover = private
    client = as_(ben)
    for media in (picture, file):
        response = fetch(client, media.url())
        assert response["Content-Security-Policy"] == (
            "default-src 'none'; sandbox; frame-ancestors 'none'"
        )
        assert response["X-Content-Type-Options"] == "nosniff"
        assert response["Cache-Control"] == "private, no-store"
        assert response["Cross-Origin-Resource-Policy"] == "same-origin"
    assert fetch(client, picture.url())["Content-Type"] == "image/webp"
    assert fetch(client, picture.url())["Content-Disposition"] == 'inline; filename="picture.webp"'
    assert fetch(client, file.url())["Content-Disposition"] == 'attachment; filename="a.pdf"'


@pytest.mark.parametrize("name", GOOD)
def test_only_what_plays_is_shown_in_place(as_, ben, name):
    response = fetch(as_(ben), store(ben, GOOD[name], name).url())
    shown = name.endswith(("mp3", "m4a", "mp4", "webm"))
    assert response["Content-Disposition"].startswith("inline" if shown else "attachment")
    assert not response["Content-Type"].startswith(("text/html", "image/svg", "text/javascript"))


@pytest.mark.parametrize(
    ("name", "header"),
    [
        ('a"; x=".pdf', 'attachment; filename="a ; x=.pdf"'),
        ("a\r\nX-Evil: 1.pdf", 'attachment; filename="aX-Evil 1.pdf"'),
        ("José ñ.pdf", "attachment; filename*=utf-8''Jos%C3%A9%20%C3%B1.pdf"),
        ("信.pdf", "attachment; filename*=utf-8''%E4%BF%A1.pdf"),
    ],
)
def test_hostile_names_stay_inside_their_header(as_, ben, name, header):
    response = fetch(as_(ben), store(ben, b"%PDF-1.7", name).url())
    assert response["Content-Disposition"] == header
    assert "X-Evil" not in response


@pytest.mark.parametrize(
    ("asked", "status", "part", "said"),
    [
        ("bytes=0-3", 206, slice(0, 4), "bytes 0-3/100"),
        ("bytes=90-", 206, slice(90, 100), "bytes 90-99/100"),
        ("bytes=-10", 206, slice(90, 100), "bytes 90-99/100"),
        ("bytes=-500", 206, slice(0, 100), "bytes 0-99/100"),
        ("bytes=50-5000", 206, slice(50, 100), "bytes 50-99/100"),
        ("bytes=99-99", 206, slice(99, 100), "bytes 99-99/100"),
        ("bytes=100-", 416, None, "bytes */100"),
        ("bytes=-0", 416, None, "bytes */100"),
        ("bytes=9-3", 416, None, "bytes */100"),
        ("bytes=0-3,9-12", 200, slice(0, 100), None),
        ("bytes=-", 200, slice(0, 100), None),
        ("bytes=a-b", 200, slice(0, 100), None),
        ("lines=0-3", 200, slice(0, 100), None),
        ("", 200, slice(0, 100), None),
    ],
)
def test_parts_of_a_film_are_sent(as_, ben, asked, status, part, said):
    data = b"ID3" + bytes(range(97))
    media = store(ben, data, "a.mp3")
    response = fetch(as_(ben), media.url(), {"Range": asked} if asked else {})
    assert response.status_code == status
    assert response.get("Content-Range") == said
    if part is not None:
        assert response.body == data[part]
        assert response["Content-Length"] == str(len(data[part]))
        assert response["Accept-Ranges"] == "bytes"


def test_a_part_of_another_version_is_the_whole(as_, ben):
    media = store(ben, b"ID3" + bytes(97), "a.mp3")
    client = as_(ben)
    etag = fetch(client, media.url())["ETag"]
    for if_range, status in ((etag, 206), ('"other"', 200)):
        headers = {"Range": "bytes=0-3", "If-Range": if_range}
        assert fetch(client, media.url(), headers).status_code == status


def test_head_says_what_get_would(as_, ben):
    media = store(ben)
    client = as_(ben)
    head, get = fetch(client, media.url(), method="head"), fetch(client, media.url())
    assert head.status_code == 200
    assert head["Content-Length"] == get["Content-Length"]
    assert head["Content-Type"] == get["Content-Type"]


def test_a_front_server_sends_the_bytes_after_the_same_question(as_, settings, private, ben, cleo):
    _space, picture, _file, _cover = private
    settings.MEDIA_ACCEL = "/protected/"
    response = fetch(as_(ben), picture.url("small"))
    assert response["X-Accel-Redirect"] == f"/protected/{picture.folder}/small.webp"
    assert response["Content-Type"] == "image/webp"
    assert response["Cache-Control"] == "private, no-store"
    assert response.content == b""
    hidden = fetch(as_(cleo), picture.url("small"))
    assert hidden.status_code == 404
    assert "X-Accel-Redirect" not in hidden


def test_bytes_that_are_gone_are_absent(as_, ben):
    media = store(ben)
    operations._remove_folder(media.folder)
    assert fetch(as_(ben), media.url()).status_code == 404


# Uploading -----------------------------------------------------------------------------------


def test_the_editor_uploads(as_, ben):
    client = as_(ben)
    sent = client.post(
        "/media/", {"file": upload(encoded(gradient(), "JPEG")), "alt": " The  pot "}
    )
    assert sent.status_code == 201
    answer = sent.json()
    media = Media.objects.get(token=answer["token"])
    assert answer["url"] == media.url("large")
    assert answer["thumb"] == media.url("small")
    assert (answer["kind"], answer["width"], answer["height"]) == ("image", 640, 400)
    assert (media.owner, media.purpose, media.alt) == (ben, ATTACHMENT, "The pot")
    assert len(media.token) == 32
    said = client.post(f"/media/{media.token}/describe/", {"alt": "A pot of soup"}).json()
    assert said == {"token": media.token, "alt": "A pot of soup"}
    assert client.post(f"/media/{media.token}/discard/").status_code == 200
    assert not Media.objects.exists()


def test_refusals_are_sentences(as_, ben, guest):
    client = as_(ben)
    for form in ({}, {"file": "text"}, {"file": upload(b"x"), "purpose": "ballot"}):
        assert client.post("/media/", form).status_code == 422
    answer = client.post("/media/", {"file": upload(b"<svg/>", "a.svg")})
    assert answer.status_code == 422
    assert answer.json() == {"error": "Pictures need to be JPEG, PNG, WebP or GIF."}
    assert as_(guest).post("/media/", {"file": upload(b"x")}).status_code == 403
    assert client.get("/media/").status_code == 405


def test_only_avatars_are_taken_from_those_who_are_not_members_yet(as_, community):
    newcomer = factories.make_member("Nia New", root_ring=0)
    client = as_(newcomer)
    data = encoded(gradient(), "JPEG")
    assert client.post("/media/", {"file": upload(data)}).status_code == 403
    assert client.post("/media/", {"file": upload(data), "purpose": "avatar"}).status_code == 201


def test_others_cannot_touch_an_upload(as_, ben, cleo, north):
    media = store(ben)
    for act in ("discard", "describe"):
        assert as_(cleo).post(f"/media/{media.token}/{act}/").status_code == 404
    operations.attach([media.token], factories.make_topic(north, by=ben), by=ben)
    for act in ("discard", "describe"):
        assert as_(cleo).post(f"/media/{media.token}/{act}/").status_code == 403
    assert Media.objects.filter(pk=media.pk, item__isnull=False).exists()


def test_opening_asks_the_database_little(as_, queries, private, ben):
    _space, picture, _file, _cover = private
    client = as_(ben)
    fetch(client, picture.url())
    with queries() as asked:
        fetch(client, picture.url())
    assert len(asked) <= 6
