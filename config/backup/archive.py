"""Named parts one after another in one stream; the last one, the manifest, knows all hashes.

A part is its name, then pieces with their length in front, then a length of nothing: so that the
dump of a database can be written while it is made, without a copy on the disk.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from typing import Any, Protocol

from config.backup import BackupError

MANIFEST = "manifest.json"
PIECE = 256 * 1024
_LONGEST_NAME = 4096
_LONGEST_MANIFEST = 512 * 1024 * 1024


class Sink(Protocol):
    def write(self, data: bytes, /) -> int: ...


class Source(Protocol):
    def read(self, size: int, /) -> bytes: ...


class Writer:
    def __init__(self, sink: Sink):
        self._sink = sink
        self.parts: dict[str, dict[str, Any]] = {}

    def add(self, name: str, pieces: Iterator[bytes]) -> int:
        """Write one part; returns its size."""
        encoded = name.encode()
        if name in self.parts or not 0 < len(encoded) <= _LONGEST_NAME:
            raise ValueError(f"A part cannot be called {name!r}, or is there already.")
        digest, size = hashlib.sha256(), 0
        self._sink.write(len(encoded).to_bytes(4, "big") + encoded)
        for piece in pieces:
            for start in range(0, len(piece), PIECE):
                part = piece[start : start + PIECE]
                self._sink.write(len(part).to_bytes(4, "big") + part)
                digest.update(part)
                size += len(part)
        self._sink.write(bytes(4))
        self.parts[name] = {"sha256": digest.hexdigest(), "bytes": size}
        return size

    def finish(self, manifest: dict[str, Any]) -> None:
        """Write the manifest, and the end."""
        parts = dict(self.parts)
        text = json.dumps(manifest | {"parts": parts}, ensure_ascii=False).encode()
        self.add(MANIFEST, iter([text]))
        self._sink.write(bytes(4))


def read(source: Source) -> Iterator[tuple[str, Iterator[bytes]]]:
    """Each part's name and pieces; the pieces of one must be used up before the next is asked."""
    while length := _number(source):
        if length > _LONGEST_NAME:
            raise BackupError("The backup is damaged. Nothing was changed; take another one.")
        name = _exactly(source, length).decode()
        yield name, _pieces(source)


def _pieces(source: Source) -> Iterator[bytes]:
    while length := _number(source):
        if length > PIECE:
            raise BackupError("The backup is damaged. Nothing was changed; take another one.")
        yield _exactly(source, length)


def _number(source: Source) -> int:
    return int.from_bytes(_exactly(source, 4), "big")


def _exactly(source: Source, size: int) -> bytes:
    data = source.read(size)
    if len(data) < size:
        raise BackupError("The backup was cut short. Nothing was changed; take another one.")
    return data


def verify(source: Source) -> dict[str, Any]:
    """The manifest of a whole and undamaged archive; reads all of it. Raises BackupError."""
    found: dict[str, dict[str, Any]] = {}
    manifest: dict[str, Any] = {}
    for name, pieces in read(source):
        digest, size, text = hashlib.sha256(), 0, bytearray()
        for piece in pieces:
            digest.update(piece)
            size += len(piece)
            if name == MANIFEST and size <= _LONGEST_MANIFEST:
                text += piece
        if name == MANIFEST:
            manifest = json.loads(text)
        else:
            found[name] = {"sha256": digest.hexdigest(), "bytes": size}
    if not manifest:
        raise BackupError("The backup holds no manifest: it was never finished.")
    wrong = sorted(_unlike(found, manifest["parts"]))
    if wrong:
        raise BackupError(f"The backup is damaged: {', '.join(wrong[:5])}. Take another one.")
    return manifest


def _unlike(found: dict, told: dict) -> list[str]:
    return [name for name in found.keys() | told.keys() if found.get(name) != told.get(name)]
