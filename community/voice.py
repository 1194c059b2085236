"""Knows how a recorded voice becomes a file that plays everywhere: by ffmpeg, where there is one.

Browsers record in containers that other browsers do not play. Without ffmpeg a recording is kept as
it came; nothing else depends on it.
"""

from __future__ import annotations

import logging
import shutil
import subprocess
import tempfile
from pathlib import Path

RECORDED = {"audio/webm": "matroska", "audio/ogg": "ogg"}
"""Media types of what browsers record, and what ffmpeg calls the container."""
ENCODED = ("m4a", "audio/mp4")
"""Suffix and media type of what comes out."""
LONGEST_SECONDS = 600
PATIENCE_SECONDS = 20

log = logging.getLogger(__name__)


def can_encode() -> bool:
    return shutil.which("ffmpeg") is not None


def encoded(data: bytes, mime: str) -> bytes | None:
    """The recording as AAC in an .m4a, mono, without anything but sound; None to keep it as it is.

    Takes seconds: for the worker, and never inside a transaction.
    """
    ffmpeg = shutil.which("ffmpeg")
    if ffmpeg is None or mime not in RECORDED:
        return None
    with tempfile.TemporaryDirectory(prefix="tequio-voice-") as folder:
        made = Path(folder) / "voice.m4a"
        command = [
            *(ffmpeg, "-nostdin", "-hide_banner", "-v", "error", "-threads", "1"),
            *("-protocol_whitelist", "pipe", "-f", RECORDED[mime], "-i", "pipe:0"),
            *("-vn", "-sn", "-dn", "-map_metadata", "-1", "-t", str(LONGEST_SECONDS)),
            *("-ac", "1", "-c:a", "aac", "-b:a", "48k", "-movflags", "+faststart", str(made)),
        ]
        try:
            subprocess.run(
                command, input=data, check=True, capture_output=True, timeout=PATIENCE_SECONDS
            )
            return made.read_bytes() or None
        except (subprocess.SubprocessError, OSError) as error:
            log.warning("A recording is kept as it came: %s", error)
            return None
