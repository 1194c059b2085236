"""Colour arithmetic: contrast as WCAG measures it, and the palette one brand colour gives."""

from __future__ import annotations

import hashlib
import math
import re
from functools import lru_cache

DEFAULT_BRAND = "#006b54"
WHITE, INK = "#ffffff", "#1b1610"
# The surfaces text stands on, light and dark, as in static/css/site.css (a test compares them).
LIGHT = {"paper": (0.975, 0.006, 85), "card": (0.998, 0.002, 85), "sunk": (0.952, 0.008, 85)}
DARK = {"paper": (0.185, 0.008, 70), "card": (0.225, 0.009, 70), "sunk": (0.265, 0.010, 70)}
READABLE = 4.5

Oklch = tuple[float, float, float]
Rgb = tuple[float, float, float]


def parse(text: str) -> Rgb:
    """`#rgb` or `#rrggbb` as three numbers from 0 to 1. ValueError for anything else."""
    found = re.fullmatch(r"#?([0-9a-fA-F]{3}|[0-9a-fA-F]{6})", (text or "").strip())
    if not found:
        raise ValueError(f"{text!r} is not a colour like #006b54.")
    digits = found[1]
    if len(digits) == 3:
        digits = "".join(d * 2 for d in digits)
    return tuple(int(digits[i : i + 2], 16) / 255 for i in (0, 2, 4))


def to_hex(rgb: Rgb) -> str:
    return "#" + "".join(f"{round(min(1, max(0, c)) * 255):02x}" for c in rgb)


def _linear(c: float) -> float:
    return c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4


def _gamma(c: float) -> float:
    return c * 12.92 if c <= 0.0031308 else 1.055 * c ** (1 / 2.4) - 0.055


def luminance(rgb: Rgb) -> float:
    r, g, b = (_linear(c) for c in rgb)
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


def contrast(a: str | Rgb, b: str | Rgb) -> float:
    """The WCAG ratio of two colours, 1 to 21."""
    a, b = (parse(x) if isinstance(x, str) else x for x in (a, b))
    high, low = sorted((luminance(a), luminance(b)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def to_oklch(rgb: Rgb) -> Oklch:
    """After Björn Ottosson, “A perceptual color space for image processing” (2020)."""
    r, g, b = (_linear(c) for c in rgb)
    long = (0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b) ** (1 / 3)
    mid = (0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b) ** (1 / 3)
    short = (0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b) ** (1 / 3)
    light = 0.2104542553 * long + 0.7936177850 * mid - 0.0040720468 * short
    a = 1.9779984951 * long - 2.4285922050 * mid + 0.4505937099 * short
    b = 0.0259040371 * long + 0.7827717662 * mid - 0.8086757660 * short
    return light, math.hypot(a, b), math.degrees(math.atan2(b, a)) % 360


def _unbounded(light: float, chroma: float, hue: float) -> Rgb:
    a = chroma * math.cos(math.radians(hue))
    b = chroma * math.sin(math.radians(hue))
    long = (light + 0.3963377774 * a + 0.2158037573 * b) ** 3
    mid = (light - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (light - 0.0894841775 * a - 1.2914855480 * b) ** 3
    linear = (
        4.0767416621 * long - 3.3077115913 * mid + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * mid - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * mid + 1.7076147010 * short,
    )
    return tuple(_gamma(c) if c > 0 else c for c in linear)


def from_oklch(light: float, chroma: float, hue: float) -> Rgb:
    """In sRGB; a colour a screen cannot show keeps lightness and hue and loses chroma."""
    for step in range(41):
        rgb = _unbounded(light, chroma * (1 - step / 40), hue)
        if all(-0.001 <= c <= 1.001 for c in rgb):
            return tuple(min(1.0, max(0.0, c)) for c in rgb)
    return (light, light, light)


def on(background: str | Rgb) -> str:
    """White, our ink or black: the friendliest of them that can be read on this colour."""
    for text in (WHITE, INK):
        if contrast(text, background) >= READABLE:
            return text
    return max((WHITE, "#000000"), key=lambda text: contrast(text, background))


def _readable(start: float, step: float, chroma: float, hue: float, surfaces: list[Rgb]) -> Rgb:
    light = start
    while 0 <= light <= 1:
        rgb = from_oklch(light, chroma, hue)
        # Rounding to two hex digits must not eat the margin.
        if all(contrast(to_hex(rgb), to_hex(s)) >= READABLE + 0.05 for s in surfaces):
            return rgb
        light += step
    return (0, 0, 0) if step < 0 else (1, 1, 1)


def companion(hue: float) -> int:
    """The second hue of a woven cover: warm gold beside greens, a neighbour beside the rest."""
    return 75 if 90 <= hue <= 215 else round(hue + 40) % 360


def palette(brand: str) -> dict[str, str]:
    """Every brand token of site.css. Text pairs reach 4.5:1 whatever colour came in."""
    rgb = parse(brand)
    light, chroma, hue = to_oklch(rgb)
    soft = min(chroma, 0.11)
    tint, tint_dark = from_oklch(0.955, soft * 0.2, hue), from_oklch(0.29, soft * 0.32, hue)
    surfaces = [from_oklch(*c) for c in LIGHT.values()] + [tint]
    surfaces_dark = [from_oklch(*c) for c in DARK.values()] + [tint_dark]
    strong = _readable(min(light, 0.4), -0.01, min(chroma, 0.2), hue, surfaces)
    strong_dark = _readable(0.82, 0.01, soft, hue, surfaces_dark)
    deep = _readable(0.33, -0.01, min(chroma, 0.1) * 0.72, hue, [(1, 1, 1)])
    return {
        "--brand": to_hex(rgb),
        "--on-brand": on(rgb),
        "--brand-strong": f"light-dark({to_hex(strong)}, {to_hex(strong_dark)})",
        "--brand-tint": f"light-dark({to_hex(tint)}, {to_hex(tint_dark)})",
        "--brand-deep": to_hex(deep),
        "--brand-h": f"{hue:.0f}",
        "--brand-h2": str(companion(hue)),
    }


def on_the_page(brand: str | Rgb) -> float:
    """How well a button or a mark of this colour stands out from our light surfaces, at worst."""
    return min(contrast(brand, from_oklch(*LIGHT[name])) for name in ("paper", "card"))


def is_readable(brand: str | Rgb) -> bool:
    return on_the_page(brand) >= READABLE


def nearest_readable(brand: str) -> str:
    """The same hue, as much darker as it takes; the colour itself if it can be read already."""
    rgb = parse(brand)
    light, chroma, hue = to_oklch(rgb)
    while not is_readable(to_hex(rgb)) and light > 0:
        light -= 0.005
        rgb = from_oklch(light, chroma, hue)
    return to_hex(rgb)


def measured(brand: str) -> dict[str, float]:
    """Contrasts that people meet: words on a button, the colour on the page, links by day, night.

    The last two are derived (``palette``), so only the colour on the page can be too weak.
    """
    tokens = palette(brand)
    day, night = re.findall(r"#\w{6}", tokens["--brand-strong"])
    return {
        "button": contrast(tokens["--on-brand"], tokens["--brand"]),
        "page": on_the_page(brand),
        "day": min(contrast(day, from_oklch(*surface)) for surface in LIGHT.values()),
        "night": min(contrast(night, from_oklch(*surface)) for surface in DARK.values()),
    }


def preview_css(brand: str) -> str:
    """The tokens of a colour that is only tried, for what stands inside ``.theme-preview``."""
    tokens = "".join(f"{name}:{value};" for name, value in palette(brand).items())
    return f"@layer tokens{{.theme-preview{{{tokens}}}}}\n"


@lru_cache(maxsize=64)
def theme_css(brand: str) -> str:
    """The style sheet of one brand colour: a few tokens in the layer where site.css keeps them."""
    tokens = "".join(f"{name}:{value};" for name, value in palette(brand).items())
    return f"@layer tokens{{:root{{{tokens}}}}}\n"


@lru_cache(maxsize=64)
def theme_hash(brand: str) -> str:
    """Changes with the colour and with the way it is derived, so it can be cached for ever."""
    return hashlib.sha256(theme_css(brand).encode()).hexdigest()[:12]
