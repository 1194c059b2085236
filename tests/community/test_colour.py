"""Text can be read on every surface, in every theme, whatever brand colour somebody picks."""

import re

import pytest

from community import colour
from tests.shape.sources import ROOT

BRANDS = (
    *("#006b54", "#ffdd00", "#c8102e", "#0057b8", "#777777", "#8a8a00", "#ffffff", "#000000"),
    *("#ff00ff", "#00ffff", "#00ff00", "#ff7f00", "#7f007f", "#f5f5dc", "#123456", "#767676"),
)


def tokens() -> dict[str, tuple[str, str]]:
    """Colour tokens of site.css in light and in dark."""
    text = (ROOT / "static" / "css" / "site.css").read_text()
    root = text[text.index(":root {") : text.index(":root[data-theme=light]")]
    found = {}
    for name, value in re.findall(r"(--[\w-]+):\s*([^;]+);", root):
        pair = re.fullmatch(r"light-dark\((oklch\([^)]*\)|#\w+), (oklch\([^)]*\)|#\w+)\)", value)
        if pair:
            found[name] = (plain(pair[1]), plain(pair[2]))
    return found


def plain(value: str) -> str:
    if value.startswith("#"):
        return value
    return colour.to_hex(colour.from_oklch(*(float(n) for n in value[6:-1].split())))


SURFACES = ("--paper", "--card", "--sunk")
TEXTS = ("--ink", "--ink-2", "--good", "--attention", "--danger", "--brand-strong")


@pytest.mark.parametrize("mode", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize("surface", [*SURFACES, "--brand-tint"])
@pytest.mark.parametrize("text", TEXTS)
def test_text_can_be_read_on_every_surface(text, surface, mode):
    assert colour.contrast(tokens()[text][mode], tokens()[surface][mode]) >= 4.5


@pytest.mark.parametrize("mode", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize("status", ["good", "attention", "danger"])
def test_status_text_can_be_read_on_its_own_tint(status, mode):
    for text in (f"--{status}", "--ink", "--ink-2"):
        assert colour.contrast(tokens()[text][mode], tokens()[f"--{status}-tint"][mode]) >= 4.5


@pytest.mark.parametrize("mode", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize("surface", SURFACES)
def test_the_edge_of_a_control_can_be_seen(surface, mode):
    assert colour.contrast(tokens()["--edge"][mode], tokens()[surface][mode]) >= 3


@pytest.mark.parametrize("hue", range(0, 360, 5))
def test_every_hue_of_people_spaces_and_kinds_can_be_read(hue):
    def measured(text, ground):
        return colour.contrast(colour.from_oklch(*text, hue), colour.from_oklch(*ground, hue))

    assert measured((0.28, 0.09), (0.885, 0.062)) >= 4.5  # initials on an avatar
    assert colour.contrast((1, 1, 1), colour.from_oklch(0.52, 0.11, hue)) >= 4.5  # on a mark
    assert measured((0.43, 0.13), (0.945, 0.035)) >= 4.5  # badge, light
    assert measured((0.86, 0.10), (0.31, 0.05)) >= 4.5  # badge, dark
    paper, card = colour.from_oklch(*colour.LIGHT["sunk"]), colour.from_oklch(*colour.DARK["sunk"])
    assert colour.contrast(colour.from_oklch(0.44, 0.12, hue), paper) >= 4.5
    assert colour.contrast(colour.from_oklch(0.82, 0.10, hue), card) >= 4.5


@pytest.mark.parametrize("brand", BRANDS)
def test_any_brand_colour_gives_readable_text(brand):
    palette = colour.palette(brand)
    assert colour.contrast(palette["--on-brand"], palette["--brand"]) >= 4.5
    assert colour.contrast("#ffffff", palette["--brand-deep"]) >= 4.5
    strong = re.findall(r"#\w{6}", palette["--brand-strong"])
    tint = re.findall(r"#\w{6}", palette["--brand-tint"])
    for mode, surfaces in enumerate((colour.LIGHT, colour.DARK)):
        assert colour.contrast(strong[mode], tint[mode]) >= 4.5
        for surface in surfaces.values():
            assert colour.contrast(strong[mode], colour.from_oklch(*surface)) >= 4.5


def test_the_style_sheet_and_the_arithmetic_agree():
    css = (ROOT / "static" / "css" / "site.css").read_text()
    for name, value in colour.palette(colour.DEFAULT_BRAND).items():
        assert f"{name}: {value};" in css
    for name in SURFACES:
        light, dark = tokens()[name]
        assert light == colour.to_hex(colour.from_oklch(*colour.LIGHT[name[2:]]))
        assert dark == colour.to_hex(colour.from_oklch(*colour.DARK[name[2:]]))


@pytest.mark.parametrize("text", ["", "red", "#12", "#12345g", "url(x)", "#123456;}"])
def test_only_colours_are_colours(text):
    with pytest.raises(ValueError):
        colour.parse(text)


def test_the_arithmetic_is_that_of_wcag():
    assert colour.contrast("#000", "#fff") == pytest.approx(21)
    assert colour.contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)
    assert colour.to_hex(colour.from_oklch(*colour.to_oklch(colour.parse("#c8102e")))) == "#c8102e"


def test_another_colour_has_another_address():
    assert colour.theme_hash("#006b54") != colour.theme_hash("#006b55")
