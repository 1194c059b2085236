"""Covers that are patterns: woven cloth, tools, a laid table, leaves."""

from __future__ import annotations

import math

from community.demo.canvas import Canvas, ok

WIDTH, HEIGHT = 1360, 336


def woven(c: Canvas, hue: float) -> None:
    warm = 40 if 60 < hue % 360 < 120 else 85
    c.rect(0, 0, WIDTH, HEIGHT, ok(0.4, 0.09, hue))
    for x in range(-320, WIDTH + 320, 96):
        alpha = round(c.random.uniform(0.25, 0.8), 2)
        c.poly(
            [(x, 400), (x + 48, 400), (x + 300, -80), (x + 252, -80)], ok(0.62, 0.11, hue, alpha)
        )
    for y in range(-40, HEIGHT + 340, 88):
        alpha = round(c.random.uniform(0.2, 0.5), 2)
        c.poly(
            [(-20, y), (1400, y - 300), (1400, y - 260), (-20, y + 40)], ok(0.78, 0.11, warm, alpha)
        )


def repairs(c: Canvas, hue: float) -> None:
    c.rect(0, 0, WIDTH, HEIGHT, ok(0.5, 0.1, hue))
    tools = (_wrench, _hammer, _tap, _bulb, _brush)
    for row in range(3):
        for column in range(-1, 13):
            x, y = column * 118 + (row % 2) * 59 + 40, 54 + row * 114
            c.oval(x, y, 47, 47, ok(round(0.56 + 0.035 * ((row + column) % 3), 3), 0.1, hue))
            tools[(column + row * 2) % 5](c, x, y, hue)


def _wrench(c: Canvas, x: float, y: float, hue: float) -> None:
    steel = ok(0.93, 0.02, hue + 40)
    c.line([(x - 18, y + 20), (x + 12, y - 12)], steel, 11)
    c.oval(x + 17, y - 17, 16, 16, steel)
    c.poly([(x + 16, y - 18), (x + 24, y - 36), (x + 36, y - 24)], ok(0.58, 0.1, hue))
    c.oval(x - 19, y + 21, 10, 10, steel)


def _hammer(c: Canvas, x: float, y: float, hue: float) -> None:
    c.line([(x - 18, y + 26), (x + 10, y - 14)], ok(0.82, 0.1, 75), 9)
    c.poly(
        [(x - 12, y - 26), (x + 2, y - 36), (x + 34, y - 6), (x + 22, y + 4)], ok(0.3, 0.04, hue)
    )


def _tap(c: Canvas, x: float, y: float, hue: float) -> None:
    brass = ok(0.84, 0.11, 85)
    c.line([(x - 30, y - 4), (x + 12, y - 4), (x + 18, y + 14)], brass, 15)
    c.line([(x - 6, y - 10), (x - 6, y - 24)], brass, 8)
    c.line([(x - 22, y - 26), (x + 10, y - 26)], brass, 9)
    c.oval(x + 18, y + 34, 6, 9, ok(0.9, 0.06, 225))


def _bulb(c: Canvas, x: float, y: float, hue: float) -> None:
    c.oval(x, y - 8, 22, 24, ok(0.95, 0.1, 92))
    c.rect(x - 10, y + 12, 20, 8, ok(0.9, 0.03, 85))
    c.rect(x - 10, y + 20, 20, 12, ok(0.32, 0.04, hue), 4)


def _brush(c: Canvas, x: float, y: float, hue: float) -> None:
    c.line([(x - 20, y + 24), (x + 2, y)], ok(0.3, 0.04, hue), 8)
    c.poly(
        [(x - 6, y - 6), (x + 8, y + 8), (x + 34, y - 20), (x + 20, y - 34)],
        ok(0.88, 0.06, hue + 60),
    )
    c.poly(
        [(x + 14, y - 26), (x + 28, y - 12), (x + 36, y - 22), (x + 20, y - 36)], ok(0.7, 0.14, 35)
    )


def table(c: Canvas, hue: float) -> None:
    c.rect(0, 0, WIDTH, HEIGHT, ok(0.48, 0.09, hue))
    for x in range(-20, WIDTH, 68):
        c.rect(x, 0, 34, HEIGHT, ok(0.52, 0.09, hue, 0.5))
    for column in range(13):
        c.bust(column * 112 + 14, 18, 25)
    c.rect(-10, 62, WIDTH + 20, 212, ok(0.95, 0.02, 85))
    for x in range(0, WIDTH, 34):
        c.rect(x, 62, 15, 212, ok(0.9, 0.035, hue + 30, 0.5))
    for column in range(12):
        x = 60 + column * 116
        for y in (104, 232):
            c.oval(x + 4, y + 6, 42, 42, ok(0.4, 0.05, hue, 0.25))
            c.oval(x, y, 42, 42, ok(0.99, 0.005, 85))
            c.oval(x, y, 31, 31, ok(0.78, 0.09, c.random.choice((hue, hue + 40, 45, 140))))
            c.oval(x, y, 25, 25, ok(0.98, 0.01, 85))
            c.blob(x, y, 15, 11, ok(0.64, 0.14, c.random.choice((45, 85, 135, 25))), 0.25)
        c.oval(
            x + 58,
            168 + c.random.uniform(-20, 20),
            15,
            15,
            ok(0.62, 0.13, c.random.choice((25, 85, 200))),
        )
        c.bust(x + 30, 300, 26, back=True)


def garden(c: Canvas, hue: float) -> None:
    c.rect(0, 0, WIDTH, HEIGHT, ok(0.36, 0.07, hue))
    for layer, (light, size) in enumerate(((0.42, 150), (0.5, 128), (0.58, 106))):
        for number in range(46):
            x, y = c.random.uniform(-80, WIDTH + 40), c.random.uniform(-20, HEIGHT + 60)
            _leaf(
                c,
                x,
                y,
                size,
                c.random.uniform(0, 6.3),
                ok(light, 0.09, hue + c.random.choice((-15, 0, 12))),
                ok(light + 0.1, 0.08, hue),
            )
            if layer == 2 and number % 4 < 2:
                for petal in range(6):
                    a = petal / 6 * math.tau
                    c.oval(
                        x + math.cos(a) * 15,
                        y + math.sin(a) * 15,
                        12,
                        12,
                        ok(0.8, 0.13, hue + 150 if number % 4 == 1 else 70),
                    )
                c.oval(x, y, 9, 9, ok(0.9, 0.12, 92))


def _leaf(
    c: Canvas, x: float, y: float, size: float, lean: float, fill: tuple, vein: tuple
) -> None:
    def at(along: float, across: float) -> tuple[float, float]:
        return (
            x + size * (along * math.cos(lean) - across * math.sin(lean)),
            y + size * (along * math.sin(lean) + across * math.cos(lean)),
        )

    outline = [at(t / 12, 0.26 * math.sin(t / 12 * math.pi) ** 0.8) for t in range(13)]
    outline += [at(t / 12, -0.26 * math.sin(t / 12 * math.pi) ** 0.8) for t in range(12, -1, -1)]
    c.poly(outline, fill)
    c.line([at(0.02, 0), at(0.92, 0)], vein, 3)
    for t in (0.25, 0.45, 0.65):
        c.line([at(t, 0), at(t + 0.14, 0.15)], vein, 2)
        c.line([at(t, 0), at(t + 0.14, -0.15)], vein, 2)
