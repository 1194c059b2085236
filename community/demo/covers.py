"""Draws wide pictures for groups, in the hue of the group: woven cloth, streets, water, tools."""

from __future__ import annotations

import io
import math
from collections.abc import Callable
from itertools import pairwise

from community.demo.canvas import Canvas, ok
from community.demo.patterns import HEIGHT, WIDTH, garden, repairs, table, woven


def cover(name: str, hue: float, seed: str = "") -> bytes:
    """A group's cover, `hue` in degrees; woven cloth for a name that COVERS does not list."""
    canvas = Canvas(WIDTH, HEIGHT, f"{name}{seed}", ok(0.45, 0.09, hue))
    COVERS.get(name, woven)(canvas, hue)
    out = io.BytesIO()
    canvas.finish(shade=0.1).save(out, "JPEG", quality=92)
    return out.getvalue()


def _street(
    c: Canvas,
    base: float,
    hue: float,
    low: float,
    high: float,
    lit: float = 0.0,
    light: float = 0.66,
) -> None:
    x = -30.0
    while x < WIDTH:
        w = c.random.choice((88, 110, 132, 150))
        turn = c.random.choice((-25, 0, 0, 25, 50))
        c.house(
            x,
            base,
            w - 4,
            c.random.uniform(low, high),
            hue + turn,
            lit=lit,
            chroma=0.075,
            light=round(light + c.random.uniform(-0.06, 0.06), 2),
            roof=c.random.choice(("gable", "flat", "step", "flat")),
        )
        x += w


def _ripples(c: Canvas, top: float, hue: float, n: int = 90) -> None:
    for _ripple in range(n):
        y = c.random.uniform(top + 6, HEIGHT)
        c.rect(
            c.random.uniform(-60, WIDTH),
            y,
            c.random.uniform(20, 130),
            3,
            ok(0.93, 0.05, hue + 50, 0.35),
            2,
        )


def riverside(c: Canvas, hue: float) -> None:
    c.fade(0, 230, ok(0.82, 0.06, hue + 40), ok(0.96, 0.05, 85))
    c.glow(980, 130, 320, 200, ok(0.99, 0.07, 90), 1)
    _street(c, 236, hue, 90, 160)
    c.rect(0, 228, WIDTH, 14, ok(0.5, 0.05, hue))
    c.fade(240, HEIGHT, ok(0.6, 0.08, hue + 30), ok(0.42, 0.08, hue + 20))
    _ripples(c, 240, hue)
    for x in (230, 610, 1180):
        c.tree(x, 240, 86, 140, 0.5)


def bridge(c: Canvas, hue: float) -> None:
    c.fade(0, 230, ok(0.78, 0.08, hue + 10), ok(0.95, 0.06, 80))
    c.glow(430, 150, 300, 190, ok(0.99, 0.08, 85), 1)
    for x in range(-40, WIDTH, 150):
        c.blob(x, 222, 120, c.random.uniform(24, 60), ok(0.66, 0.05, hue), 0.16)
    c.fade(220, HEIGHT, ok(0.62, 0.08, hue), ok(0.4, 0.08, hue))
    _ripples(c, 224, hue)
    stone, dark = ok(0.5, 0.06, hue + 20), ok(0.36, 0.06, hue + 20)
    road = c.bow(-20, 150, WIDTH + 20, 150, -30, 60)
    c.poly([*road, (WIDTH + 20, 336), (-20, 336)], stone)
    for x in range(40, WIDTH, 330):
        c.pie(x + 125, 282, 128, 180, 360, dark)
        c.pie(x + 125, 282, 118, 180, 360, ok(0.84, 0.06, hue + 30))
        c.rect(x - 3, 282, 256, 54, ok(0.54, 0.08, hue))
        for _ripple in range(9):
            c.rect(
                x + c.random.uniform(10, 150),
                c.random.uniform(280, 330),
                c.random.uniform(20, 80),
                3,
                ok(0.9, 0.05, 80, 0.4),
                2,
            )
    for a, b in pairwise(road):
        c.poly([a, b, (b[0], b[1] + 12), (a[0], a[1] + 12)], dark)
    for x, y in road[3:-3:6]:
        c.line([(x, y), (x, y - 52)], dark, 4)
        c.glow(x, y - 56, 34, 34, ok(0.97, 0.1, 88), 0.8)
        c.oval(x, y - 56, 7, 9, ok(0.98, 0.06, 90))
    for x, size in ((520, 62), (560, 58), (905, 60), (700, 56)):
        y = min(road, key=lambda p: abs(p[0] - x))[1]
        c.person(x, y + 3, size, step=0.5)


def harbour(c: Canvas, hue: float) -> None:
    c.fade(0, 240, ok(0.72, 0.08, hue + 20), ok(0.95, 0.07, 70))
    c.glow(700, 200, 460, 200, ok(0.98, 0.1, 75), 1)
    for x, s in ((110, 1.0), (420, 0.8), (1090, 1.05)):
        _crane(c, x, 244, s, ok(0.36, 0.06, hue))
    for level in range(3):
        for column in range(9):
            if c.random.random() < 0.9 - level * 0.25:
                c.rect(
                    640 + column * 46,
                    216 - level * 28,
                    43,
                    26,
                    ok(
                        round(c.random.uniform(0.45, 0.66), 2),
                        0.11,
                        c.random.choice((hue, hue + 30, 30, 75, 200)),
                    ),
                    2,
                )
    c.poly([(590, 244), (1100, 244), (1064, 292), (636, 292)], ok(0.33, 0.06, hue))
    c.rect(1010, 150, 56, 96, ok(0.93, 0.02, 85), 3)
    for y in (166, 190, 214):
        c.rect(1018, y, 40, 9, ok(0.42, 0.06, hue), 2)
    c.fade(276, HEIGHT, ok(0.55, 0.08, hue), ok(0.36, 0.07, hue))
    _ripples(c, 280, hue)
    for x, y in ((240, 310), (1230, 318)):
        c.poly([(x, y), (x + 74, y), (x + 60, y + 18), (x + 14, y + 18)], ok(0.55, 0.13, 30))
        c.poly([(x + 34, y - 4), (x + 34, y - 62), (x + 70, y - 4)], ok(0.97, 0.02, 85))


def _crane(c: Canvas, x: float, base: float, s: float, ink: tuple) -> None:
    for dx in (0, 84):
        c.line([(x + dx * s, base), (x + (20 + dx * 0.55) * s, base - 150 * s)], ink, 9 * s)
    c.line([(x + 8 * s, base - 60 * s), (x + 78 * s, base - 60 * s)], ink, 6 * s)
    c.line([(x - 60 * s, base - 150 * s), (x + 210 * s, base - 150 * s)], ink, 11 * s)
    c.line(
        [(x + 44 * s, base - 150 * s), (x + 44 * s, base - 208 * s), (x + 204 * s, base - 152 * s)],
        ink,
        5 * s,
    )
    c.line([(x + 44 * s, base - 206 * s), (x - 56 * s, base - 152 * s)], ink, 5 * s)
    c.line([(x + 160 * s, base - 148 * s), (x + 160 * s, base - 90 * s)], ink, 3)
    c.rect(x + 138 * s, base - 92 * s, 44 * s, 24 * s, ok(0.6, 0.14, 35), 2)


def courtyard(c: Canvas, hue: float) -> None:
    c.fade(0, 250, ok(0.86, 0.06, 225), ok(0.96, 0.04, 85))
    _street(c, 270, hue, 150, 210)
    c.fade(266, HEIGHT, ok(0.84, 0.04, 80), ok(0.7, 0.05, 75))
    for x in (60, 700, 1310):
        c.tree(x, 296, 150, 138, 0.5)
    c.bunting(-10, 60, 470, 50, 54, 30)
    c.bunting(470, 50, 920, 56, 58, 30)
    c.bunting(920, 56, 1380, 46, 54, 30)
    for number in range(17):
        c.person(
            60 + number * 78 + c.random.uniform(-22, 22),
            322 + c.random.uniform(-12, 10),
            c.random.uniform(74, 96),
            step=c.random.choice((0, 0, 0.5)),
        )


def welcome(c: Canvas, hue: float) -> None:
    c.fade(0, HEIGHT, ok(0.9, 0.035, hue + 30), ok(0.82, 0.05, hue + 20))
    for row in range(9):
        for column in range(-1, 16):
            c.rect(
                column * 96 + (row % 2) * 48 + 2,
                row * 34 + 2,
                92,
                30,
                ok(round(0.87 + c.random.uniform(-0.02, 0.02), 3), 0.035, hue + 25),
                2,
            )
    for number in range(9):
        x = 44 + number * 148
        c.rect(x - 12, 66, 124, 250, ok(0.97, 0.01, 85), 50)
        if number == 5:
            c.rect(x, 80, 100, 236, ok(0.95, 0.09, 88), 44)
            c.poly([(x, 110), (x - 46, 126), (x - 46, 336), (x, 316)], ok(0.5, 0.12, hue))
            c.poly(
                [(x, 316), (x + 100, 316), (x + 190, 336), (x - 60, 336)], ok(0.96, 0.08, 88, 0.7)
            )
            c.person(x + 58, 316, 158, arm=1)
        else:
            door = ok(round(0.5 + 0.05 * (number % 3), 2), 0.11, hue + (0, 45, 170, 90)[number % 4])
            c.rect(x, 80, 100, 236, door, 44)
            c.rect(x, 200, 100, 116, door)
            c.pie(x + 50, 128, 34, 180, 360, ok(0.86, 0.07, 90))
            for y in (150, 234):
                c.rect(x + 18, y, 64, 60, ok(0.35, 0.06, hue, 0.25), 5)
            c.oval(x + 84, 222, 5, 5, ok(0.88, 0.1, 90))
        if number % 3 == 0:
            c.plant(x + 124, 322, 62, 140)
            c.rect(x + 106, 312, 36, 24, ok(0.58, 0.11, 40), 4)
    c.rect(0, 316, WIDTH, 20, ok(0.66, 0.04, hue))
    c.poly(
        [(784 - 60, 316), (784 + 190, 316), (784 + 240, 336), (784 - 90, 336)],
        ok(0.96, 0.08, 88, 0.6),
    )


def ledger(c: Canvas, hue: float) -> None:
    c.rect(0, 0, WIDTH, HEIGHT, ok(0.94, 0.02, hue))
    for y in range(0, HEIGHT, 28):
        c.rect(0, y, WIDTH, 2, ok(0.8, 0.05, hue))
    for x in range(0, WIDTH, 28):
        c.rect(x, 0, 1.5, HEIGHT, ok(0.86, 0.04, hue))
    level = 70.0
    points = []
    for number in range(34):
        x = number * 42 + 6
        level = min(250, max(36, level + c.random.uniform(-34, 42)))
        c.rect(
            x,
            HEIGHT - level,
            28,
            level,
            ok(round(0.5 + 0.05 * (number % 3), 2), 0.1, hue + (40 if number % 5 == 0 else 0)),
            5,
        )
        points.append((x + 14, HEIGHT - level - 34))
    c.line(points, ok(0.6, 0.16, 30), 6)
    for x, y in points[::3]:
        c.oval(x, y, 9, 9, ok(0.98, 0.01, 85))
        c.oval(x, y, 6, 6, ok(0.6, 0.16, 30))
    for x, n in ((1050, 5), (1118, 3), (1186, 7)):
        for coin in range(n):
            c.oval(x, 322 - coin * 13, 32, 11, ok(0.66, 0.12, 80))
            c.oval(x, 318 - coin * 13, 32, 11, ok(0.83, 0.13, 88))


def banner(c: Canvas, hue: float) -> None:
    c.fade(0, HEIGHT, ok(0.86, 0.07, hue + 30), ok(0.95, 0.05, 80))
    _street(c, 300, hue + 10, 90, 150, light=0.8)
    for number in range(9):
        x = 50 + number * 150 + c.random.uniform(-26, 26)
        y = c.random.uniform(46, 96)
        colour = ok(
            round(c.random.uniform(0.5, 0.66), 2), 0.15, hue + c.random.choice((0, 0, 45, 160))
        )
        c.line([(x, y - 10), (x, 300)], ok(0.4, 0.05, 60), 6)
        if number % 3 == 1:
            c.line([(x + 128, y - 10), (x + 128, 300)], ok(0.4, 0.05, 60), 6)
            c.poly(
                [*c.bow(x, y, x + 128, y, 6), *reversed(c.bow(x, y + 62, x + 128, y + 62, 8))],
                colour,
            )
            for row in range(2):
                c.rect(x + 20, y + 20 + row * 22, 88 - row * 30, 10, ok(0.98, 0.02, 90), 4)
        else:
            wave = [(x + t * 9, y + math.sin(t * 0.8 + number) * 6) for t in range(11)]
            c.poly([*wave, *[(px, py + 48) for px, py in reversed(wave)]], colour)
    for row, (y, r) in enumerate(((246, 17), (276, 21), (310, 26))):
        gap = 62 + row * 14
        for number in range(-1, int(WIDTH / gap) + 2):
            c.bust(
                number * gap + (row % 2) * gap / 2 + c.random.uniform(-8, 8),
                y + c.random.uniform(-8, 8),
                r,
                back=True,
                arm=c.random.choice((0, 0, 0, 0, 1)),
            )


def night(c: Canvas, hue: float) -> None:
    c.fade(0, HEIGHT, ok(0.26, 0.07, hue), ok(0.46, 0.1, hue + 30))
    for _star in range(80):
        c.oval(
            c.random.uniform(0, WIDTH), c.random.uniform(0, 160), 1.6, 1.6, ok(0.95, 0.03, 90, 0.8)
        )
    c.oval(1130, 74, 36, 36, ok(0.95, 0.05, 90))
    c.oval(1146, 66, 32, 32, ok(0.29, 0.07, hue))
    _street(c, 340, hue, 120, 250, lit=0.45, light=0.34)


def stairwell(c: Canvas, hue: float) -> None:
    c.fade(0, HEIGHT, ok(0.8, 0.06, hue + 20), ok(0.72, 0.07, hue))
    for x in range(110, WIDTH, 340):
        c.rect(x - 10, 30, 120, 150, ok(0.95, 0.02, 85), 60)
        c.rect(x, 40, 100, 140, ok(0.9, 0.09, 88), 50)
        c.rect(x + 47, 40, 6, 140, ok(0.95, 0.02, 85))
    c.rect(0, 316, WIDTH, 20, ok(0.42, 0.08, hue))
    for flight in range(4):
        x = flight * 340
        for step in range(9):
            rise = 26 * (step + 1)
            c.rect(x + 150 + step * 21, 316 - rise, 190 - step * 21, rise, ok(0.52, 0.1, hue))
            c.rect(x + 150 + step * 21, 316 - rise, 24, 6, ok(0.84, 0.08, hue + 40))
            c.rect(x + 160 + step * 21, 262 - rise, 4, 56, ok(0.34, 0.07, hue))
        c.rect(x + 322, 0, 18, 316, ok(0.46, 0.09, hue))
        c.line([(x + 152, 238), (x + 340, 26)], ok(0.3, 0.06, hue), 9)
        c.plant(x + 60, 300, 66, 145)
        c.rect(x + 42, 288, 36, 30, ok(0.6, 0.1, 45), 4)
    for x, y, size in ((226, 212, 110), (610, 186, 106), (780, 316, 118), (1270, 186, 104)):
        c.person(x, y, size, step=0.4)


COVERS: dict[str, Callable[[Canvas, float], None]] = {
    "banner": banner,
    "bridge": bridge,
    "courtyard": courtyard,
    "garden": garden,
    "harbour": harbour,
    "ledger": ledger,
    "night": night,
    "repairs": repairs,
    "riverside": riverside,
    "stairwell": stairwell,
    "table": table,
    "welcome": welcome,
    "woven": woven,
}
