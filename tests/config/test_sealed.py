"""A sealed stream gives back what went in, or nothing; an archive knows when a byte is wrong."""

from __future__ import annotations

import io
import os

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from config.backup import BackupError, archive, seal

KEY = "a passphrase that is long enough"


@pytest.fixture(autouse=True, scope="module")
def _cheap_keys():
    """Making a key is meant to be slow; here it is made hundreds of times."""
    before, seal._COST = seal._COST, 2
    yield
    seal._COST = before


def sealed(data: bytes, key: str = KEY) -> bytes:
    target = io.BytesIO()
    sealing = seal.Sealing(target, key)
    for start in range(0, len(data), 10_000):
        sealing.write(data[start : start + 10_000])
    sealing.close()
    return target.getvalue()


def opened(stream: bytes, key: str = KEY) -> bytes:
    opening, found = seal.Opening(io.BytesIO(stream), key), b""
    while piece := opening.read(7_777):
        found += piece
    return found


@pytest.mark.parametrize(
    "size", [0, 1, seal.CHUNK - 1, seal.CHUNK, seal.CHUNK + 1, 3 * seal.CHUNK, 500_000]
)
def test_what_goes_in_comes_out(size):
    data = os.urandom(size)
    stream = sealed(data)
    assert opened(stream) == data
    assert size < 32 or data[:32] not in stream


def test_the_same_twice_looks_different():
    assert sealed(b"the same") != sealed(b"the same")


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_no_changed_byte_is_believed(data):
    stream = bytearray(sealed(os.urandom(150_000)))
    place = data.draw(st.integers(0, len(stream) - 1))
    stream[place] ^= data.draw(st.integers(1, 255))
    with pytest.raises(BackupError):
        opened(bytes(stream))


def test_what_was_cut_off_is_missed_even_between_two_chunks():
    whole = sealed(os.urandom(4 * seal.CHUNK))
    head = len(whole) - (4 * (seal.CHUNK + 16))
    for chunks in range(4):
        with pytest.raises(BackupError):
            opened(whole[: head + chunks * (seal.CHUNK + 16)])


def test_chunks_cannot_change_places():
    whole = sealed(os.urandom(3 * seal.CHUNK))
    size = seal.CHUNK + 16
    head = len(whole) - 3 * size
    swapped = whole[:head] + whole[head + size : head + 2 * size] + whole[head : head + size]
    with pytest.raises(BackupError):
        opened(swapped + whole[head + 2 * size :])


def test_another_key_opens_nothing():
    with pytest.raises(BackupError, match="cannot be opened with this BACKUP_KEY"):
        opened(sealed(b"x"), "another passphrase of some length")


def test_a_short_key_is_refused():
    with pytest.raises(BackupError, match="shorter than 20 characters"):
        seal.Sealing(io.BytesIO(), "too short")


def test_another_file_is_no_backup():
    with pytest.raises(BackupError, match="no backup of Tequio"):
        seal.Opening(io.BytesIO(b"hello " * 100), KEY)


class Stream(io.BytesIO):
    """Reads as `seal.Opening` does."""


def packed(parts: dict[str, list[bytes]]) -> bytes:
    out = io.BytesIO()
    writer = archive.Writer(out)
    for name, pieces in parts.items():
        writer.add(name, iter(pieces))
    writer.finish({"taken_at": "now"})
    return out.getvalue()


def test_an_archive_gives_back_its_parts_in_order():
    parts = {"a": [b"one", b"", b"two"], "b/ü": [], "c": [os.urandom(600_000)]}
    stream = Stream(packed(parts))
    found = {name: b"".join(pieces) for name, pieces in archive.read(stream)}
    manifest = found.pop(archive.MANIFEST)
    assert found == {name: b"".join(pieces) for name, pieces in parts.items()}
    assert b"taken_at" in manifest
    assert archive.verify(Stream(packed(parts)))["parts"]["a"]["bytes"] == 6


def test_a_part_that_is_not_as_its_hash_says_is_named():
    data = bytearray(packed({"media/x": [b"some bytes of a picture"]}))
    data[data.index(b"picture")] ^= 1
    with pytest.raises(BackupError, match="media/x"):
        archive.verify(Stream(bytes(data)))


def test_an_archive_without_its_end_was_never_finished():
    with pytest.raises(BackupError):
        archive.verify(Stream(packed({"x": [b"1"]})[:-30]))
    out = io.BytesIO()
    archive.Writer(out).add("x", iter([b"1"]))
    with pytest.raises(BackupError, match="never finished"):
        archive.verify(Stream(out.getvalue() + bytes(4)))


def test_a_name_cannot_be_used_twice():
    writer = archive.Writer(io.BytesIO())
    writer.add("x", iter([]))
    with pytest.raises(ValueError, match="there already"):
        writer.add("x", iter([]))
