"""A stream of bytes under a passphrase: ChaCha20-Poly1305 in chunks, the key made by scrypt.

Each chunk's nonce counts, and says of the last one that it is the last (the STREAM construction of
Hoang, Reyhanitabar, Rogaway and Vizár, 2015): chunks can neither be changed, moved, left out nor
cut off without the reader noticing.
"""

from __future__ import annotations

import os
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from config.backup import BackupError

MAGIC = b"tequio backup 1\n"
CHUNK = 64 * 1024
SHORTEST_PASSPHRASE = 20
_SALT, _PREFIX, _TAG = 16, 7, 16
_COST = 2**15  # scrypt: 32 MiB and about a tenth of a second, once a backup


def _cipher(passphrase: str, salt: bytes) -> ChaCha20Poly1305:
    return ChaCha20Poly1305(
        Scrypt(salt=salt, length=32, n=_COST, r=8, p=1).derive(passphrase.strip().encode())
    )


def _nonce(prefix: bytes, number: int, *, last: bool) -> bytes:
    return prefix + number.to_bytes(4, "big") + bytes([last])


class Sealing:
    """A file to write into; what arrives in ``target`` is sealed. Not whole until closed."""

    def __init__(self, target: BinaryIO, passphrase: str):
        if len(passphrase.strip()) < SHORTEST_PASSPHRASE:
            raise BackupError(
                f"BACKUP_KEY is shorter than {SHORTEST_PASSPHRASE} characters. Make one with "
                "`manage.py backup --new-key` and keep a copy away from this machine."
            )
        salt, self._prefix = os.urandom(_SALT), os.urandom(_PREFIX)
        self._head = MAGIC + salt + self._prefix
        self._cipher = _cipher(passphrase, salt)
        self._target, self._pending, self._number = target, bytearray(), 0
        target.write(self._head)

    def write(self, data: bytes) -> int:
        self._pending += data
        while len(self._pending) > CHUNK:  # one is kept back: it may be the last
            self._put(bytes(self._pending[:CHUNK]), last=False)
            del self._pending[:CHUNK]
        return len(data)

    def _put(self, chunk: bytes, *, last: bool) -> None:
        nonce = _nonce(self._prefix, self._number, last=last)
        self._target.write(self._cipher.encrypt(nonce, chunk, self._head))
        self._number += 1

    def close(self) -> None:
        self._put(bytes(self._pending), last=True)
        self._pending.clear()


class Opening:
    """A file to read from; every byte it gives was written under this passphrase."""

    def __init__(self, source: BinaryIO, passphrase: str):
        self._head = source.read(len(MAGIC) + _SALT + _PREFIX)
        if not self._head.startswith(MAGIC) or len(self._head) < len(MAGIC) + _SALT + _PREFIX:
            raise BackupError("This file is no backup of Tequio.")
        salt = self._head[len(MAGIC) : -_PREFIX]
        self._prefix = self._head[-_PREFIX:]
        self._cipher = _cipher(passphrase, salt)
        self._source, self._number, self._ready = source, 0, b""
        self._next = source.read(CHUNK + _TAG)
        self._ended = False

    def _fill(self) -> None:
        sealed, self._next = self._next, self._source.read(CHUNK + _TAG)
        self._ended = not self._next
        nonce = _nonce(self._prefix, self._number, last=self._ended)
        try:
            self._ready += self._cipher.decrypt(nonce, sealed, self._head)
        except InvalidTag:
            raise BackupError(
                "The backup cannot be opened with this BACKUP_KEY."
                if self._number == 0
                else "The backup is damaged or was cut short. Nothing was changed."
            ) from None
        self._number += 1

    def read(self, size: int) -> bytes:
        """Exactly ``size`` bytes, fewer only at the end."""
        while len(self._ready) < size and not self._ended:
            self._fill()
        found, self._ready = self._ready[:size], self._ready[size:]
        return found
