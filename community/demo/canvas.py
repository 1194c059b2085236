"""A sheet to draw on in flat shapes: colours, light, people, houses, and the grain of paper."""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise

from PIL import Image, ImageChops, ImageDraw

from community.colour import from_oklch

Colour = tuple[int, int, int] | tuple[int, int, int, int]
Points = Sequence[tuple[float, float]]

SKINS = ((0.86, 0.05, 62), (0.76, 0.07, 58), (0.64, 0.08, 54), (0.52, 0.07, 50), (0.42, 0.05, 48))
HAIRS = ((0.26, 0.02, 50), (0.34, 0.04, 50), (0.46, 0.07, 55), (0.74, 0.08, 85), (0.72, 0.01, 90))
LOOKS = ("short", "short", "long", "bun", "scarf", "cap", "curls")
CLOTHES = (172, 205, 250, 20, 45, 75, 330, 140)


@lru_cache(maxsize=4096)
def ok(light: float, chroma: float, hue: float, alpha: float = 1) -> Colour:
    """A colour in OKLCH, with alpha from 0 to 1."""
    red, green, blue = (round(min(1, max(0, c)) * 255) for c in from_oklch(light, chroma, hue))
    return (red, green, blue) if alpha >= 1 else (red, green, blue, round(alpha * 255))


class Canvas:
    """Coordinates are those of the finished picture; it is drawn twice as large and reduced."""

    def __init__(self, width: int, height: int, seed: str, paper: Colour):
        self.w, self.h = width, height
        self.random = random.Random(seed)
        self.image = Image.new("RGB", (width * 2, height * 2), paper)
        self.pen = ImageDraw.Draw(self.image, "RGBA")

    # Shapes

    def poly(self, points: Points, fill: Colour) -> None:
        self.pen.polygon([(x * 2, y * 2) for x, y in points], fill=fill)

    def rect(self, x: float, y: float, w: float, h: float, fill: Colour, r: float = 0) -> None:
        box = (x * 2, y * 2, (x + w) * 2, (y + h) * 2)
        if r:
            self.pen.rounded_rectangle(box, min(r, w / 2, h / 2) * 2, fill=fill)
        else:
            self.pen.rectangle(box, fill=fill)

    def oval(self, x: float, y: float, rx: float, ry: float, fill: Colour) -> None:
        self.pen.ellipse(((x - rx) * 2, (y - ry) * 2, (x + rx) * 2, (y + ry) * 2), fill=fill)

    def pie(self, x: float, y: float, r: float, start: float, end: float, fill: Colour) -> None:
        box = ((x - r) * 2, (y - r) * 2, (x + r) * 2, (y + r) * 2)
        self.pen.pieslice(box, start, end, fill=fill)

    def line(self, points: Points, fill: Colour, width: float) -> None:
        self.pen.line([(x * 2, y * 2) for x, y in points], fill, round(width * 2), joint="curve")
        for x, y in (points[0], points[-1]) if len(fill) == 3 else ():
            self.oval(x, y, width / 2, width / 2, fill)

    def bow(self, x0: float, y0: float, x1: float, y1: float, sag: float, n: int = 24) -> Points:
        """Points of a line that hangs (or, with a negative sag, rises) between two ends."""
        steps = [i / n for i in range(n + 1)]
        return [(x0 + (x1 - x0) * t, y0 + (y1 - y0) * t + sag * 4 * t * (1 - t)) for t in steps]

    def blob(
        self, x: float, y: float, rx: float, ry: float, fill: Colour, rough: float = 0.12
    ) -> None:
        """A soft irregular patch: foliage, a stain, a cloud."""
        waves = [
            (self.random.uniform(0, 6.3), self.random.uniform(0.4, 1) / k) for k in range(2, 6)
        ]
        points = []
        for step in range(72):
            a = step / 72 * math.tau
            swell = 1 + rough * sum(
                size * math.sin(k * a + p) for k, (p, size) in enumerate(waves, 2)
            )
            points.append((x + rx * swell * math.cos(a), y + ry * swell * math.sin(a)))
        self.poly(points, fill)

    # Light

    def fade(
        self, y0: float, y1: float, top: Colour, bottom: Colour, x0: float = 0, x1: float = 0
    ) -> None:
        """A rectangle that goes from one colour to another, top to bottom."""
        strip = Image.new("RGB", (1, 2))
        strip.putpixel((0, 0), top[:3])
        strip.putpixel((0, 1), bottom[:3])
        size = (round((x1 or self.w) - x0) * 2, round(y1 - y0) * 2)
        ramp = Image.linear_gradient("L").resize(size, Image.Resampling.BILINEAR)
        over = Image.composite(
            Image.new("RGB", size, bottom[:3]), Image.new("RGB", size, top[:3]), ramp
        )
        self.image.paste(over, (round(x0 * 2), round(y0 * 2)))

    def glow(
        self, x: float, y: float, rx: float, ry: float, colour: Colour, strength: float = 1
    ) -> None:
        mask = ImageChops.invert(Image.radial_gradient("L"))
        mask = mask.point(
            [round(255 * strength * (max(0, v - 77) / 178) ** 1.3) for v in range(256)]
        )
        mask = mask.resize((round(rx * 4), round(ry * 4)), Image.Resampling.BICUBIC)
        self.image.paste(colour[:3], (round((x - rx) * 2), round((y - ry) * 2)), mask)

    def finish(self, grain: float = 0.10, shade: float = 0.16) -> Image.Image:
        """The picture at its size, with the tooth of paper and a little less light at the edges."""
        done = self.image.reduce(2)
        tile = Image.frombytes("L", (200, 200), self.random.randbytes(40_000))
        tile = tile.resize((260, 260), Image.Resampling.BICUBIC)
        noise = Image.new("L", done.size)
        for x in range(0, self.w, 260):
            for y in range(0, self.h, 260):
                noise.paste(tile.transpose(self.random.choice(list(Image.Transpose)[:5])), (x, y))
        rough = ImageChops.overlay(done, Image.merge("RGB", [noise] * 3))
        done = Image.blend(done, rough, grain)
        edge = Image.radial_gradient("L").resize((self.w * 3 // 2, self.h * 3 // 2))
        edge = edge.crop((self.w // 4, self.h // 4, self.w // 4 + self.w, self.h // 4 + self.h))
        edge = edge.point(lambda v: int(max(0, v - 70) * shade))
        return Image.composite(Image.new("RGB", done.size, ok(0.22, 0.03, 40)), done, edge)

    # What comes back in many pictures

    def house(
        self, x: float, base: float, w: float, h: float, hue: float, *, light: float = 0.62,
        roof: str = "flat", lit: float = 0.0, chroma: float = 0.07,
    ) -> None:  # fmt: skip
        """A house with a grid of windows, of which the share `lit` shines."""
        wall = ok(light, chroma, hue)
        dark = ok(light - 0.12, chroma, hue)
        top = base - h
        self.rect(x, top, w, h, wall)
        self.rect(x + w * 0.86, top, w * 0.14, h, ok(light - 0.05, chroma, hue))
        if roof == "gable":
            peak = w * 0.42
            self.poly([(x - w * 0.04, top), (x + w / 2, top - peak), (x + w * 1.04, top)], dark)
        elif roof == "step":
            self.rect(x + w * 0.12, top - w * 0.16, w * 0.76, w * 0.17, wall)
            self.rect(x + w * 0.34, top - w * 0.30, w * 0.32, w * 0.16, wall)
        else:
            self.rect(x - w * 0.03, top - 8, w * 1.06, 16, dark)
            self.rect(x + w * 0.62, top - w * 0.2, w * 0.11, w * 0.2, dark)
        columns = max(2, round(w / 62))
        rows = max(2, round(h / 92))
        gap_x, gap_y = w / columns, h / (rows + 0.45)
        for row in range(rows):
            for column in range(columns):
                wx, wy = x + gap_x * (column + 0.27), top + gap_y * (row + 0.32)
                ww, wh = gap_x * 0.46, gap_y * 0.52
                on = self.random.random() < lit
                glass = ok(0.9, 0.11, 88) if on else ok(max(0.25, light - 0.22), 0.04, 240)
                self.rect(wx - 3, wy - 3, ww + 6, wh + 6, ok(light + 0.14, chroma * 0.4, hue))
                self.rect(wx, wy, ww, wh, glass)
                if not on:
                    self.poly(
                        [
                            (wx, wy + wh),
                            (wx + ww, wy),
                            (wx + ww, wy + wh * 0.3),
                            (wx + ww * 0.3, wy + wh),
                        ],
                        ok(0.95, 0.02, 230, 0.16),
                    )
                self.rect(wx + ww / 2 - 1.5, wy, 3, wh, ok(light + 0.14, chroma * 0.4, hue))
                self.rect(wx - 5, wy + wh + 3, ww + 10, 5, dark)

    def tree(
        self, x: float, base: float, size: float, hue: float = 145, light: float = 0.5
    ) -> None:
        self.poly(
            [
                (x - size * 0.05, base),
                (x - size * 0.02, base - size),
                (x + size * 0.02, base - size),
                (x + size * 0.06, base),
            ],
            ok(0.38, 0.05, 55),
        )
        for dx, dy, r, more in (
            (-0.22, -0.8, 0.3, -0.05),
            (0.22, -0.85, 0.3, -0.02),
            (0, -1.1, 0.36, 0),
            (-0.08, -1.18, 0.2, 0.06),
        ):
            leaves = ok(round(light + more, 3), 0.09, hue)
            self.blob(x + dx * size, base + dy * size, r * size, r * size * 0.92, leaves)

    def bunting(self, x0: float, y0: float, x1: float, y1: float, sag: float, size: float) -> None:
        points = self.bow(x0, y0, x1, y1, sag, max(4, round(abs(x1 - x0) / size / 1.25)))
        self.line(points, ok(0.95, 0.02, 85), 2.5)
        for number, ((ax, ay), (bx, by)) in enumerate(pairwise(points)):
            hue = (35, 85, 172, 240, 15)[number % 5]
            mx, my = (ax + bx) / 2, (ay + by) / 2
            self.poly(
                [(ax + (bx - ax) * 0.12, ay), (ax + (bx - ax) * 0.88, by), (mx, my + size * 0.95)],
                ok(0.72 if number % 2 else 0.62, 0.13, hue),
            )

    def cloud(self, x: float, y: float, size: float, fill: Colour) -> None:
        for dx, dy, r in (
            (-0.6, 0.1, 0.34),
            (-0.15, -0.12, 0.46),
            (0.32, -0.02, 0.4),
            (0.7, 0.14, 0.28),
        ):
            self.oval(x + dx * size, y + dy * size, r * size, r * size * 0.72, fill)
        self.rect(x - size * 0.9, y + size * 0.1, size * 1.8, size * 0.26, fill, size * 0.13)

    def plant(self, x: float, base: float, size: float, hue: float = 140) -> None:
        for number in range(7):
            lean = (number - 3) / 3
            tip = (x + lean * size * 0.75, base - size * (1 - abs(lean) * 0.42))
            mid = (x + lean * size * 0.28, base - size * 0.55)
            leaf = ok(0.42 + 0.05 * (number % 3), 0.09, hue)
            self.poly(
                [
                    (x - 2, base),
                    (mid[0] - size * 0.09, mid[1]),
                    tip,
                    (mid[0] + size * 0.09, mid[1]),
                    (x + 2, base),
                ],
                leaf,
            )

    def head(
        self,
        x: float,
        y: float,
        r: float,
        *,
        back: bool = False,
        skin: Colour | None = None,
        look: str = "",
    ) -> None:
        """A head seen from the front (no face) or from behind, with one of LOOKS round it."""
        skin = skin or ok(*self.random.choice(SKINS))
        hair = ok(*self.random.choice(HAIRS))
        look = look or self.random.choice(LOOKS)
        cloth = ok(0.55, 0.11, self.random.choice(CLOTHES))
        self.rect(x - r * 0.38, y + r * 0.5, r * 0.76, r * 0.95, skin, r * 0.3)
        if look == "long":
            self.rect(x - r * 1.08, y - r * 0.5, r * 2.16, r * 1.9, hair, r * 0.8)
        if look == "curls":
            for step in range(9):
                a = math.pi * (0.95 + step / 8 * 1.1)
                self.oval(
                    x + math.cos(a) * r * 0.9, y + math.sin(a) * r * 0.85, r * 0.48, r * 0.48, hair
                )
        self.oval(x, y, r * 0.92, r, skin)
        if look == "scarf":
            self.oval(x, y, r * 1.08, r * 1.16, cloth)
            self.poly(
                [
                    (x - r, y + r * 0.4),
                    (x + r, y + r * 0.4),
                    (x + r * 1.2, y + r * 1.7),
                    (x - r * 1.2, y + r * 1.7),
                ],
                cloth,
            )
            if not back:
                self.oval(x, y + r * 0.12, r * 0.66, r * 0.76, skin)
        elif look == "cap":
            self.pie(x, y - r * 0.08, r * 1.04, 180, 360, cloth)
            if not back:
                self.rect(x - r * 0.3, y - r * 0.2, r * 1.5, r * 0.2, cloth, r * 0.1)
        elif back:
            self.oval(x, y, r * 0.98, r * 1.04, hair)
            if look == "bun":
                self.oval(x, y - r * 0.95, r * 0.45, r * 0.45, hair)
        else:
            self.pie(x, y - r * 0.1, r * 1.0, 175, 365, hair)
            if look == "bun":
                self.oval(x, y - r * 1.15, r * 0.42, r * 0.42, hair)

    def bust(
        self,
        x: float,
        y: float,
        r: float,
        *,
        back: bool = False,
        arm: float = 0,
        hue: float | None = None,
        look: str = "",
    ) -> None:
        """Shoulders and head; (x, y) is the middle of the head, `arm` lifts a hand to that side."""
        hue = self.random.choice(CLOTHES) if hue is None else hue
        light = self.random.uniform(0.42, 0.74)
        coat, skin = ok(light, 0.1, hue), ok(*self.random.choice(SKINS))
        if arm:
            side = math.copysign(1, arm)
            self.line(
                [(x + side * r * 1.3, y + r * 2.2), (x + side * r * 1.9, y - r * 0.4)],
                coat,
                r * 0.62,
            )
            self.line(
                [(x + side * r * 1.9, y - r * 0.4), (x + side * r * 1.75, y - r * 1.5)],
                skin,
                r * 0.42,
            )
            self.oval(x + side * r * 1.75, y - r * 1.75, r * 0.34, r * 0.42, skin)
        self.rect(x - r * 1.75, y + r * 1.12, r * 3.5, r * 3, coat, r * 1.35)
        self.rect(x - r * 1.75, y + r * 2.6, r * 3.5, r * 2.4, coat)
        self.pie(x, y + r * 1.2, r * 0.62, 0, 180, ok(round(light - 0.08, 3), 0.1, hue))
        self.head(x, y, r, back=back, skin=skin, look=look)

    def person(
        self, x: float, base: float, size: float, *, back: bool = False, step: float = 0.0,
        hue: float | None = None, arm: float = 0.0,
    ) -> None:  # fmt: skip
        """Somebody standing or, with `step`, walking; `size` from sole to crown."""
        hue = self.random.choice(CLOTHES) if hue is None else hue
        light = self.random.uniform(0.44, 0.72)
        coat, legs = (
            ok(light, 0.1, hue),
            ok(self.random.uniform(0.28, 0.42), 0.04, self.random.choice((250, 40, 200))),
        )
        skin = ok(*self.random.choice(SKINS))
        r = size * 0.075
        hip, shoulder = base - size * 0.46, base - size * 0.8
        self.oval(x + size * 0.06, base, size * 0.22, size * 0.025, ok(0.2, 0.03, 60, 0.28))
        for side in (-1, 1):
            foot = x + side * size * (0.045 + step * 0.11)
            self.line(
                [(x + side * size * 0.045, hip), (foot, base - size * 0.02)], legs, size * 0.078
            )
            self.rect(
                foot - size * 0.04,
                base - size * 0.035,
                size * 0.09,
                size * 0.035,
                ok(0.25, 0.02, 50),
                4,
            )
        long = self.random.random() < 0.4
        hem = base - size * (0.3 if long else 0.44)
        self.poly(
            [
                (x - size * 0.105, shoulder + r),
                (x + size * 0.105, shoulder + r),
                (x + size * (0.15 if long else 0.11), hem),
                (x - size * (0.15 if long else 0.11), hem),
            ],
            coat,
        )
        self.rect(x - size * 0.125, shoulder, size * 0.25, size * 0.14, coat, size * 0.06)
        sleeve = ok(light - 0.05, 0.1, hue)
        for side in (-1, 1):
            hand = (x + side * size * (0.15 + abs(step) * 0.04), base - size * 0.45)
            if arm and math.copysign(1, arm) == side:
                hand = (x + side * size * 0.3, shoulder + size * 0.04)
            self.line(
                [(x + side * size * 0.105, shoulder + size * 0.05), hand], sleeve, size * 0.06
            )
            self.oval(*hand, size * 0.026, size * 0.026, skin)
        self.head(x, base - size * 0.915, r, back=back, skin=skin)
