"""The organisation's picture for home screens: its logo on a tile, or its initials on its colour.

Drawn when somebody asks and kept in memory; the address changes with what is drawn.
"""

from __future__ import annotations

import hashlib
from functools import lru_cache
from io import BytesIO

from django.core.files.storage import default_storage
from django.urls import reverse
from PIL import Image, ImageDraw, ImageFont

from community import colour
from community.models import Community

PAPER = "#ffffff"
SHAPES: dict[str, tuple[int, float, bool]] = {
    # name: edge in pixels, the part of it that the logo fills, whether the corners are cut
    "192": (192, 0.86, True),
    "512": (512, 0.86, True),
    "apple": (180, 0.76, False),
    "maskable": (512, 0.62, False),
}
"""A phone cuts a maskable one to any shape: what matters stays within the middle four fifths."""

Key = tuple[str, str, str]
"""Brand colour, initials, and where the logo is stored (or nothing)."""


def key_of(community: Community | None) -> Key:
    if community is None:
        return (colour.DEFAULT_BRAND, "T", "")
    logo = community.logo.stored_as("large") if community.logo_id else None
    return (community.brand, community.space.initials, logo or "")


@lru_cache(maxsize=64)
def digest(key: Key) -> str:
    return hashlib.sha256("|".join(key).encode()).hexdigest()[:12]


def url(community: Community | None, shape: str) -> str:
    """Where the picture of this shape is; another logo, name or colour, another address."""
    return reverse("icon", args=[digest(key_of(community)), shape])


@lru_cache(maxsize=16)
def draw(key: Key, shape: str) -> bytes:
    """PNG. Up to a tenth of a second for the largest, once in each process."""
    brand, initials, stored = key
    edge, part, rounded = SHAPES[shape]
    logo = _logo(stored)
    tile = Image.new("RGB", (edge, edge), PAPER if logo else brand)
    if logo:
        inner = round(edge * part)
        logo.thumbnail((inner, inner), Image.Resampling.LANCZOS)
        scale = inner / max(logo.size)
        if scale > 1:
            size = (round(logo.width * scale), round(logo.height * scale))
            logo = logo.resize(size, Image.Resampling.LANCZOS)
        at = ((edge - logo.width) // 2, (edge - logo.height) // 2)
        tile.paste(logo, at, logo)
    else:
        _write(tile, initials, colour.on(brand), part)
    if rounded:
        tile.putalpha(_corners(edge))
    out = BytesIO()
    tile.save(out, "PNG", optimize=True)
    return out.getvalue()


def _logo(stored: str) -> Image.Image | None:
    """What was uploaded, re-encoded by us; None if there is none, or its file is gone."""
    if not stored:
        return None
    try:
        with default_storage.open(stored) as file:
            return Image.open(file).convert("RGBA")
    except OSError:
        return None


def _write(tile: Image.Image, initials: str, ink: str, part: float) -> None:
    """Letters in the middle; for letters that the font lacks, the weave of our own mark."""
    edge, pen = tile.width, ImageDraw.Draw(tile)
    if not initials.isascii():
        _weave(pen, edge, ink, part)
        return
    font = ImageFont.load_default(size=round(edge * part * (0.56 if len(initials) > 1 else 0.72)))
    pen.text(
        (edge / 2, edge / 2),
        initials,
        fill=ink,
        font=font,
        anchor="mm",
        stroke_width=max(1, edge // 90),
        stroke_fill=ink,
    )


_STROKES = (
    ((11.4, 6.5), (11.4, 14.7)), ((11.4, 19), (11.4, 25.5)), ((20.6, 6.5), (20.6, 12.9)),
    ((20.6, 17.2), (20.6, 25.5)), ((6.5, 11.4), (8.7, 11.4)), ((13.9, 11.4), (25.5, 11.4)),
    ((6.5, 20.6), (17.7, 20.6)), ((23.2, 20.6), (25.5, 20.6)),
)  # fmt: skip
"""Of static/img/mark.svg, on a field of 32."""


def _weave(pen: ImageDraw.ImageDraw, edge: int, ink: str, part: float) -> None:
    unit = edge * part / 32
    start = edge * (1 - part) / 2
    wide = 4.2 * unit
    for (x1, y1), (x2, y2) in _STROKES:
        ends = [(start + x * unit, start + y * unit) for x, y in ((x1, y1), (x2, y2))]
        pen.line(ends, fill=ink, width=round(wide))
        for x, y in ends:
            pen.ellipse((x - wide / 2, y - wide / 2, x + wide / 2, y + wide / 2), fill=ink)


def _corners(edge: int) -> Image.Image:
    """A mask with cut corners, drawn four times as large so that they come out smooth."""
    large = Image.new("L", (edge * 4, edge * 4), 0)
    box = (0, 0, edge * 4 - 1, edge * 4 - 1)
    ImageDraw.Draw(large).rounded_rectangle(box, radius=edge, fill=255)
    return large.resize((edge, edge), Image.Resampling.LANCZOS)
