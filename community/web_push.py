"""Knows how web push is sealed for one browser (RFC 8291) and signed by this site (RFC 8292).

The push service in between sees neither words nor length: what is sealed is padded to one size.
"""

from __future__ import annotations

import base64
import json
import os
import time
from dataclasses import dataclass
from email.utils import parseaddr
from urllib.parse import urlsplit

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.conf import settings

SIZE = 2048
"""What is sealed has this many bytes; the most a service must take is 4096."""
LIVES = 12 * 3600
TTL = 2 * 86_400

HOSTS = (
    "fcm.googleapis.com",
    "android.googleapis.com",
    "updates.push.services.mozilla.com",
    ".push.services.mozilla.com",
    ".push.apple.com",
    ".notify.windows.com",
)

CURVE = ec.SECP256R1()


def hosts() -> list[str]:
    """The push services a browser may name: those of the browsers, and those of the site."""
    return [*HOSTS, *settings.PUSH_HOSTS]


def packed(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def unpacked(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


# The site's key


def private_key() -> ec.EllipticCurvePrivateKey | None:
    """The key by which push services know the site; None where none was made."""
    if not settings.VAPID_KEY:
        return None
    return key_of(settings.VAPID_KEY)


def key_of(text: str) -> ec.EllipticCurvePrivateKey:
    """From 32 bytes in base64url. Raises ValueError for anything else."""
    data = unpacked(text.strip())
    if len(data) != 32:
        raise ValueError("A key for web push has 32 bytes.")
    return ec.derive_private_key(int.from_bytes(data, "big"), CURVE)


def public_key() -> str:
    """What a browser subscribes with; empty where the site has no key."""
    key = private_key()
    return packed(_point(key.public_key())) if key is not None else ""


def _point(key: ec.EllipticCurvePublicKey) -> bytes:
    return key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def read_point(text: str) -> ec.EllipticCurvePublicKey:
    """A browser's key. Raises ValueError for what is no point of the curve."""
    return ec.EllipticCurvePublicKey.from_encoded_point(CURVE, unpacked(text))


# Sealing


def seal(words: bytes, *, key: str, secret: str) -> bytes:
    """For the browser of this key: content encoding aes128gcm with one record."""
    own = ec.generate_private_key(CURVE)
    return _seal(words, key, secret, own, os.urandom(16), SIZE)


def _seal(
    words: bytes,
    key: str,
    secret: str,
    own: ec.EllipticCurvePrivateKey,
    salt: bytes,
    size: int,
) -> bytes:
    theirs, mine = read_point(key), _point(own.public_key())
    info = b"WebPush: info\x00" + _point(theirs) + mine
    shared = _derive(unpacked(secret), own.exchange(ec.ECDH(), theirs), info, 32)
    content = _derive(salt, shared, b"Content-Encoding: aes128gcm\x00", 16)
    nonce = _derive(salt, shared, b"Content-Encoding: nonce\x00", 12)
    padded = words + b"\x02" + b"\x00" * max(0, size - len(words) - 1)
    sealed = AESGCM(content).encrypt(nonce, padded, None)
    return salt + (4096).to_bytes(4, "big") + bytes([len(mine)]) + mine + sealed


def _derive(salt: bytes, material: bytes, info: bytes, length: int) -> bytes:
    return HKDF(hashes.SHA256(), length, salt, info).derive(material)


# Signing


def authorization(endpoint: str, now: float | None = None) -> str:
    """Who sends: a token for this push service alone, good for half a day."""
    key = private_key()
    if key is None:
        raise ValueError("This site has no key for web push.")
    parts = urlsplit(endpoint)
    claims = {
        "aud": f"{parts.scheme}://{parts.netloc}",
        "exp": int((now or time.time()) + LIVES),
        "sub": subject(),
    }
    said = ".".join(
        packed(json.dumps(part, separators=(",", ":")).encode())
        for part in ({"typ": "JWT", "alg": "ES256"}, claims)
    )
    r, s = decode_dss_signature(key.sign(said.encode(), ec.ECDSA(hashes.SHA256())))
    signature = packed(r.to_bytes(32, "big") + s.to_bytes(32, "big"))
    return f"vapid t={said}.{signature}, k={public_key()}"


def subject() -> str:
    """Whom a push service asks if something is wrong. One of them refuses what is no address."""
    if settings.SITE_URL.startswith("https://"):
        return settings.SITE_URL
    return f"mailto:{parseaddr(settings.DEFAULT_FROM_EMAIL)[1]}"


@dataclass(frozen=True)
class Push:
    """What is said, and how much it matters."""

    words: dict
    urgency: str = "normal"
    topic: str = ""
    """What it is about, unreadable: a later one takes the place of one that still waits."""

    def headers(self, endpoint: str) -> dict[str, str]:
        found = {
            "Authorization": authorization(endpoint),
            "Content-Encoding": "aes128gcm",
            "Content-Type": "application/octet-stream",
            "TTL": str(TTL),
            "Urgency": self.urgency,
        }
        return found | ({"Topic": self.topic} if self.topic else {})

    def body(self, key: str, secret: str) -> bytes:
        words = json.dumps(self.words, ensure_ascii=False, separators=(",", ":")).encode()
        return seal(words, key=key, secret=secret)
