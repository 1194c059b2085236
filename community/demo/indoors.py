"""Scenes and things indoors: a kitchen, a table, a boiler, a damp wall, a chart."""

from __future__ import annotations

import math

from PIL import ImageFont

from community.demo.canvas import Canvas, ok


def kitchen(c: Canvas) -> None:
    c.fade(0, 620, ok(0.9, 0.03, 90), ok(0.82, 0.05, 80))
    for row in range(8):
        for column in range(22):
            light = 0.9 + c.random.uniform(-0.02, 0.02)
            c.rect(
                column * 74 + 2,
                row * 74 + 2,
                70,
                70,
                ok(round(light, 2), 0.03, 170 if (row + column) % 7 else 75),
                4,
            )
    c.rect(90, 60, 420, 330, ok(0.97, 0.01, 85), 6)
    c.fade(78, 372, ok(0.82, 0.07, 230), ok(0.93, 0.05, 95), 108, 492)
    c.tree(220, 372, 150, 140, 0.56)
    c.rect(292, 78, 16, 294, ok(0.97, 0.01, 85))
    c.rect(0, 690, 1600, 36, ok(0.66, 0.08, 65), 4)
    c.rect(0, 722, 1600, 278, ok(0.5, 0.07, 55))
    for x in (200, 700, 1250):
        c.poly([(x, 726), (x + 40, 726), (x - 40, 1000), (x - 84, 1000)], ok(0.42, 0.06, 52))
        c.poly(
            [(x + 90, 726), (x + 130, 726), (x + 214, 1000), (x + 170, 1000)], ok(0.42, 0.06, 52)
        )
    for x, w, h, hue, chroma in (
        (120, 400, 270, 250, 0.02),
        (610, 440, 310, 30, 0.13),
        (1140, 370, 250, 200, 0.06),
    ):
        _pot(c, x, 696, w, h, hue, chroma)
    c.line([(1400, 130), (1180, 300), (960, 330)], ok(0.55, 0.11, 330), 92)
    c.line([(985, 326), (905, 350)], ok(0.62, 0.08, 54), 60)
    c.oval(890, 356, 44, 38, ok(0.62, 0.08, 54))
    c.oval(812, 452, 62, 36, ok(0.7, 0.01, 250))
    c.oval(812, 444, 54, 24, ok(0.6, 0.13, 55))
    c.line([(905, 330), (846, 438)], ok(0.8, 0.01, 250), 15)
    c.line([(905, 330), (960, 250)], ok(0.8, 0.01, 250), 15)


def _pot(c: Canvas, x: float, base: float, w: float, h: float, hue: float, chroma: float) -> None:
    top = base - h
    for number in range(7):
        px = x + w * (0.2 + number * 0.1)
        rise = c.random.uniform(180, 320)
        for puff in range(6):
            t = puff / 5
            c.oval(
                px + math.sin(puff * 1.1 + number) * 26,
                top - 10 - rise * t,
                34 + 30 * t,
                26 + 24 * t,
                ok(0.99, 0.005, 85, round(0.34 * (1 - t) + 0.05, 2)),
            )
    c.rect(x, top, w, h, ok(0.62, chroma, hue), 40)
    c.rect(x, top, w, h * 0.5, ok(0.62, chroma, hue))
    c.rect(x + w * 0.08, top + 20, w * 0.1, h - 60, ok(0.78, chroma * 0.8, hue, 0.7), 20)
    c.rect(x + w * 0.84, top, w * 0.16, h - 20, ok(0.5, chroma, hue, 0.6), 30)
    for side in (x - 34, x + w - 16):
        c.rect(side, top + h * 0.28, 50, 26, ok(0.36, 0.02, 60), 13)
    c.oval(x + w / 2, top, w / 2, 34, ok(0.75, chroma, hue))
    c.oval(x + w / 2, top + 4, w / 2 - 16, 26, ok(0.6, 0.13, 55))
    for _bit in range(12):
        c.oval(
            x + w / 2 + c.random.uniform(-0.36, 0.36) * w,
            top + c.random.uniform(-8, 16),
            12,
            6,
            ok(0.72, 0.14, c.random.choice((40, 85, 130))),
        )


def table(c: Canvas) -> None:
    for number in range(9):
        c.rect(
            0,
            number * 112,
            1600,
            112,
            ok(round(0.6 + c.random.uniform(-0.025, 0.025), 3), 0.075, 62),
        )
        c.rect(0, number * 112, 1600, 4, ok(0.5, 0.07, 58))
        for _grain in range(5):
            x, y = c.random.uniform(-100, 1400), number * 112 + c.random.uniform(20, 100)
            c.line(
                c.bow(x, y, x + c.random.uniform(200, 500), y + 6, c.random.uniform(-8, 8)),
                ok(0.53, 0.07, 60, 0.5),
                2,
            )
    c.poly([(980, 0), (1600, 0), (1600, 520), (1240, 420)], ok(0.9, 0.06, 85, 0.16))
    for x, y, r, hue in (
        (300, 280, 200, 45),
        (1290, 300, 190, 200),
        (760, 820, 210, 130),
        (1420, 860, 180, 20),
    ):
        c.oval(x + 14, y + 20, r, r, ok(0.25, 0.04, 55, 0.35))
        c.oval(x, y, r, r, ok(0.97, 0.01, 85))
        c.oval(x, y, r * 0.9, r * 0.9, ok(0.86, 0.05, hue))
        c.oval(x, y, r * 0.7, r * 0.7, ok(0.98, 0.008, 85))
        c.blob(x + 20, y + 10, r * 0.34, r * 0.2, ok(0.62, 0.13, 40), 0.3)
        for _crumb in range(9):
            c.oval(
                x + c.random.uniform(-0.5, 0.5) * r,
                y + c.random.uniform(-0.5, 0.5) * r,
                5,
                4,
                ok(0.66, 0.1, 65),
            )
        c.line([(x - r * 0.2, y - r * 0.75), (x + r * 0.75, y + r * 0.5)], ok(0.78, 0.01, 250), 11)
        c.oval(x + r * 0.8, y + r * 0.56, 26, 18, ok(0.78, 0.01, 250))
    c.rect(560, 170, 420, 250, ok(0.72, 0.07, 75), 30)
    c.oval(772, 300, 166, 92, ok(0.3, 0.05, 50, 0.4))
    c.pie(760, 330, 160, 180, 360, ok(0.55, 0.1, 52))
    c.rect(600, 322, 320, 44, ok(0.55, 0.1, 52), 20)
    c.oval(912, 310, 36, 60, ok(0.92, 0.05, 85))
    for step in range(4):
        c.line(
            [(650 + step * 62, 240 + abs(step - 1.5) * 12), (668 + step * 62, 300)],
            ok(0.8, 0.08, 75),
            9,
        )
    for number, lean in enumerate((-24, -4, 14, 34)):
        _card(c, 300 + number * 62, 720 - number * 12, lean, number)
    for number in range(5):
        c.rect(190 - number * 3, 870 - number * 4, 130, 18, ok(0.96, 0.01, 85), 3)
    c.rect(176, 832, 130, 20, ok(0.52, 0.14, 25), 4)
    for x, y, hue in ((1060, 640, 30), (520, 520, 85), (1130, 110, 85)):
        c.oval(x + 8, y + 12, 62, 62, ok(0.25, 0.04, 55, 0.35))
        c.oval(x, y, 62, 62, ok(0.9, 0.02, 220))
        c.oval(x, y, 50, 50, ok(0.62, 0.14, hue))
        c.oval(x - 16, y - 16, 14, 10, ok(0.95, 0.02, 85, 0.6))


def _card(c: Canvas, x: float, y: float, lean: float, number: int) -> None:
    a = math.radians(lean)
    corners = [(-66, -96), (66, -96), (66, 96), (-66, 96)]

    def turned(dx: float, dy: float) -> tuple[float, float]:
        return x + dx * math.cos(a) - dy * math.sin(a), y + dx * math.sin(a) + dy * math.cos(a)

    c.poly([(px + 7, py + 9) for px, py in (turned(*p) for p in corners)], ok(0.25, 0.04, 55, 0.3))
    c.poly([turned(*p) for p in corners], ok(0.98, 0.008, 85))
    red = number % 2
    colour = ok(0.56, 0.2, 25) if red else ok(0.28, 0.02, 260)
    if red:
        c.poly([turned(*p) for p in ((0, -34), (26, 0), (0, 34), (-26, 0))], colour)
    else:
        for dx, dy in ((0, -20), (-19, 8), (19, 8)):
            c.oval(*turned(dx, dy), 18, 18, colour)
        c.poly([turned(*p) for p in ((0, 0), (12, 40), (-12, 40))], colour)
    c.oval(*turned(-46, -74), 8, 9, colour)
    c.oval(*turned(46, 74), 8, 9, colour)


def boiler(c: Canvas) -> None:
    c.fade(0, 1000, ok(0.56, 0.04, 65), ok(0.44, 0.04, 60))
    for row in range(14):
        for column in range(-1, 14):
            x = column * 128 + (row % 2) * 64
            c.rect(
                x + 3,
                row * 62 + 3,
                122,
                56,
                ok(round(0.55 + c.random.uniform(-0.03, 0.03), 3), 0.04, 62),
                3,
            )
    c.rect(0, 850, 1600, 150, ok(0.38, 0.02, 60))
    c.glow(520, 120, 620, 560, ok(0.9, 0.09, 85), 0.5)
    c.line([(520, 0), (520, 90)], ok(0.25, 0.02, 60), 6)
    c.poly([(450, 130), (590, 130), (552, 80), (488, 80)], ok(0.34, 0.03, 170))
    c.oval(520, 136, 34, 20, ok(0.98, 0.06, 90))
    copper, shine = ok(0.6, 0.11, 50), ok(0.76, 0.1, 60)
    for points in (
        [(760, 0), (760, 250)],
        [(900, 0), (900, 250)],
        [(1010, 620), (1210, 620), (1210, 0)],
        [(300, 560), (120, 560), (120, 0)],
    ):
        c.line(points, copper, 44)
        c.line([(x - 10, y - 8) for x, y in points], shine, 9)
    for x, y in ((760, 200), (900, 200), (1120, 620), (1210, 300), (120, 300)):
        c.oval(x, y, 34, 34, ok(0.5, 0.1, 48))
        c.oval(x, y, 13, 13, shine)
    c.oval(660, 880, 430, 34, ok(0.15, 0.02, 60, 0.5))
    c.rect(300, 230, 720, 650, ok(0.5, 0.07, 195), 60)
    c.rect(340, 250, 66, 600, ok(0.64, 0.06, 195), 30)
    c.rect(930, 250, 66, 600, ok(0.42, 0.07, 195), 30)
    for y in (330, 790):
        c.rect(300, y, 720, 18, ok(0.38, 0.05, 195))
        for x in range(330, 1010, 56):
            c.oval(x, y + 9, 6, 6, ok(0.66, 0.05, 195))
    _gauge(c, 660, 500, 130)
    for x in (450, 870):
        c.oval(x, 480, 50, 50, ok(0.3, 0.03, 195))
        c.oval(x, 480, 36, 36, ok(0.6, 0.16, 28))
        c.rect(x - 6, 440, 12, 80, ok(0.92, 0.02, 85), 5)
    c.rect(480, 690, 360, 80, ok(0.28, 0.03, 200), 14)
    for x in range(500, 830, 30):
        c.blob(x, 744, 15, c.random.uniform(18, 34), ok(0.72, 0.16, 55), 0.25)
        c.blob(x, 752, 8, 14, ok(0.9, 0.12, 90), 0.2)
    _sheet(c, 1290, 330, 230, 330)


def _gauge(c: Canvas, x: float, y: float, r: float) -> None:
    c.oval(x + 6, y + 10, r * 1.1, r * 1.1, ok(0.25, 0.03, 195, 0.6))
    c.oval(x, y, r * 1.1, r * 1.1, ok(0.74, 0.09, 75))
    c.oval(x, y, r, r, ok(0.98, 0.01, 85))
    for start, end, hue in ((140, 210, 85), (210, 330, 145), (330, 400, 28)):
        c.pie(x, y, r * 0.88, start, end, ok(0.68, 0.16, hue))
    c.oval(x, y, r * 0.66, r * 0.66, ok(0.98, 0.01, 85))
    for tick in range(14):
        a = math.radians(140 + tick * 20)
        c.line(
            [
                (x + math.cos(a) * r * 0.7, y + math.sin(a) * r * 0.7),
                (x + math.cos(a) * r * 0.86, y + math.sin(a) * r * 0.86),
            ],
            ok(0.3, 0.02, 60),
            4,
        )
    a = math.radians(284)
    c.line(
        [(x, y), (x + math.cos(a) * r * 0.74, y + math.sin(a) * r * 0.74)], ok(0.35, 0.1, 28), 10
    )
    c.oval(x, y, 16, 16, ok(0.3, 0.03, 60))


def _sheet(c: Canvas, x: float, y: float, w: float, h: float) -> None:
    c.poly(
        [(x + 10, y + 12), (x + w + 12, y + 6), (x + w + 8, y + h + 16), (x + 4, y + h + 14)],
        ok(0.2, 0.02, 60, 0.4),
    )
    c.poly([(x, y), (x + w, y - 6), (x + w - 2, y + h), (x - 4, y + h + 4)], ok(0.97, 0.015, 90))
    c.rect(x + w / 2 - 8, y - 6, 16, 30, ok(0.6, 0.18, 28), 6)
    c.rect(x + 24, y + 40, w * 0.6, 15, ok(0.4, 0.05, 250), 4)
    for row in range(7):
        ty = y + 84 + row * 34
        c.rect(x + 24, ty, 20, 20, ok(0.85, 0.03, 85), 3)
        if row < 5:
            c.line([(x + 27, ty + 10), (x + 33, ty + 17), (x + 45, ty - 2)], ok(0.5, 0.13, 150), 5)
        c.rect(x + 58, ty + 4, w * c.random.uniform(0.34, 0.6), 11, ok(0.62, 0.03, 60), 4)


def damp_wall(c: Canvas) -> None:
    c.fade(0, 1000, ok(0.9, 0.02, 95), ok(0.84, 0.025, 90))
    c.poly([(0, 0), (1600, 0), (1600, 90), (1030, 330), (0, 130)], ok(0.95, 0.012, 90))
    c.poly([(1030, 330), (1600, 90), (1600, 1000), (1030, 1000)], ok(0.8, 0.03, 85))
    c.poly([(0, 130), (1030, 330), (1030, 350), (0, 150)], ok(0.75, 0.03, 80))
    c.poly([(1030, 330), (1600, 90), (1600, 112), (1030, 350)], ok(0.7, 0.03, 80))
    for size, light, alpha in (
        (1.0, 0.7, 0.5),
        (0.82, 0.62, 0.45),
        (0.6, 0.55, 0.45),
        (0.36, 0.45, 0.4),
    ):
        c.blob(1000, 400, 470 * size, 300 * size, ok(light, 0.07, 68, alpha), 0.16)
    for _speck in range(500):
        a, far = c.random.uniform(0, 6.3), abs(c.random.gauss(0, 0.5))
        c.oval(
            1010 + math.cos(a) * 380 * far,
            400 + math.sin(a) * 230 * far,
            c.random.uniform(1, 6),
            c.random.uniform(1, 5),
            ok(0.32, 0.03, 140, 0.55),
        )
    edge = []
    for t in range(121):
        a = t / 120 * math.tau
        far = 1 + 0.05 * math.sin(3 * a + 1) + 0.03 * math.sin(7 * a)
        edge.append((1000 + 520 * math.cos(a) * far, 408 + 345 * math.sin(a) * far))
    for t in range(0, 120, 6):
        c.line(edge[t : t + (7 if t % 24 else 5)], ok(0.38, 0.02, 260, 0.8), 4)
    for x, y in ((470, 330), (880, 735)):
        c.line([(x - 70, y - 30), (x + 10, y)], ok(0.38, 0.02, 260, 0.75), 4)
        c.line([(x - 200, y - 44), (x - 84, y - 34)], ok(0.38, 0.02, 260, 0.7), 4)
        c.line([(x - 190, y - 18), (x - 120, y - 14)], ok(0.38, 0.02, 260, 0.7), 4)
    c.rect(0, 880, 1030, 120, ok(0.94, 0.012, 90))
    c.rect(0, 872, 1030, 10, ok(0.7, 0.02, 85))
    c.rect(120, 520, 300, 352, ok(0.62, 0.06, 60), 8)
    for level in range(3):
        c.rect(136, 540 + level * 112, 268, 96, ok(0.5, 0.06, 55), 4)
        x = 146
        while x < 380:
            w, h = c.random.uniform(16, 34), c.random.uniform(60, 88)
            c.rect(
                x,
                636 + level * 112 - h,
                w,
                h,
                ok(0.6, 0.1, c.random.choice((30, 85, 200, 250, 150, 345))),
                3,
            )
            x += w + 3


def survey_chart(c: Canvas) -> None:
    c.rect(60, 50, 1480, 900, ok(0.995, 0.003, 85), 28)
    ink, grey = ok(0.28, 0.02, 60), ok(0.5, 0.02, 60)

    def say(words: str, x: float, y: float, size: int, colour=ink, bold: int = 0) -> None:
        font = ImageFont.load_default(size * 2)
        c.pen.text(
            (x * 2, y * 2), words, fill=colour, font=font, stroke_width=bold, stroke_fill=colour
        )

    say("Damp survey: 212 of 300 homes", 130, 100, 52, bold=2)
    say("What people told us at the door, week 3", 130, 176, 32, grey)
    rows = (
        ("Damp in a bedroom", 118, 20),
        ("Reported it before", 96, 45),
        ("Had an answer", 41, 85),
        ("Was repaired", 23, 150),
        ("Would speak to the council", 87, 205),
    )
    for number, (words, count, hue) in enumerate(rows):
        y = 280 + number * 124
        say(words, 130, y - 6, 32)
        c.rect(130, y + 42, 1100, 40, ok(0.95, 0.006, 85), 20)
        c.rect(130, y + 42, 1100 * count / 212, 40, ok(0.62, 0.12, hue), 20)
        say(f"{count} of 212", 1260, y + 38, 34, bold=1)
