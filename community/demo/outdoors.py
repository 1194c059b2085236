"""Scenes under the sky: a courtyard, a garden, the river, a roof, a house at dusk."""

from __future__ import annotations

from itertools import pairwise

from community.demo.canvas import Canvas, ok


def courtyard_lunch(c: Canvas) -> None:
    c.fade(0, 600, ok(0.88, 0.05, 230), ok(0.95, 0.03, 85))
    c.glow(1330, 90, 420, 320, ok(0.98, 0.06, 90), 0.9)
    for x, w, h, hue, roof in (
        (-40, 400, 560, 40, "flat"),
        (380, 330, 480, 70, "gable"),
        (730, 360, 540, 25, "flat"),
        (1110, 280, 430, 60, "gable"),
        (1400, 260, 560, 45, "flat"),
    ):
        c.house(x, 600, w, h, hue, light=0.74 if hue > 50 else 0.66, roof=roof)
    c.fade(590, 1000, ok(0.83, 0.04, 80), ok(0.72, 0.05, 72))
    for _stone in range(60):
        c.oval(
            c.random.uniform(0, 1600),
            c.random.uniform(610, 990),
            c.random.uniform(10, 60),
            3,
            ok(0.66, 0.04, 70, 0.35),
        )
    c.tree(120, 650, 330, 140, 0.52)
    c.tree(1500, 660, 380, 125, 0.5)
    c.bunting(-20, 240, 800, 200, 90, 46)
    c.bunting(800, 200, 1620, 250, 80, 46)
    for y, scale, start, people in ((640, 0.72, 330, 11), (800, 1.0, 130, 12)):
        _table_of_people(c, start, y, 1600 - 2 * start, scale, people)


def _table_of_people(c: Canvas, x: float, y: float, w: float, scale: float, people: int) -> None:
    step = w / people
    r = 23 * scale
    for number in range(people):  # those behind the table, facing us
        c.bust(
            x + step * (number + 0.5) + c.random.uniform(-8, 8),
            y - 76 * scale + c.random.uniform(-8, 8),
            r,
        )
    c.poly(
        [
            (x, y),
            (x + w, y),
            (x + w + 26 * scale, y + 58 * scale),
            (x - 26 * scale, y + 58 * scale),
        ],
        ok(0.96, 0.015, 85),
    )
    c.rect(x - 26 * scale, y + 58 * scale, w + 52 * scale, 26 * scale, ok(0.86, 0.03, 80))
    for number in range(round(people * 1.8)):
        px, py = x + c.random.uniform(0.02, 0.98) * w, y + c.random.uniform(12, 46) * scale
        if number % 3:
            c.oval(px, py, 24 * scale, 9 * scale, ok(0.99, 0.005, 85))
            c.oval(
                px, py, 16 * scale, 6 * scale, ok(0.68, 0.13, c.random.choice((45, 85, 130, 25)))
            )
        else:
            hue = c.random.choice((30, 85, 200))
            c.rect(px - 7 * scale, py - 34 * scale, 14 * scale, 36 * scale, ok(0.6, 0.12, hue), 5)
    gap = w / (people * 0.62)
    for number in range(int(people * 0.62)):  # those before it, from behind
        c.bust(
            x + gap * (number + 0.6) + c.random.uniform(-22, 22),
            y + 44 * scale,
            r * 1.12,
            back=True,
        )
    c.rect(x - 20, y + 150 * scale, w + 40, 16 * scale, ok(0.62, 0.08, 62), 4)
    c.rect(x - 20, y + 166 * scale, w + 40, 24 * scale, ok(0.62, 0.045, 72))


def garden(c: Canvas) -> None:
    c.fade(0, 420, ok(0.86, 0.06, 225), ok(0.94, 0.04, 95))
    c.glow(250, 120, 380, 300, ok(0.98, 0.07, 90), 0.9)
    for x, y, size in ((620, 110, 110), (1180, 90, 140)):
        c.cloud(x, y, size, ok(0.99, 0.005, 80, 0.85))
    c.rect(0, 250, 1600, 420, ok(0.6, 0.1, 38))
    for row in range(11):
        for column in range(-1, 17):
            x = column * 104 + (row % 2) * 52
            shade = c.random.uniform(-0.035, 0.035)
            c.rect(x + 3, 254 + row * 38, 98, 32, ok(round(0.62 + shade, 2), 0.1, 38), 3)
    c.rect(0, 232, 1600, 26, ok(0.7, 0.05, 60))
    c.fade(640, 1000, ok(0.72, 0.06, 95), ok(0.6, 0.07, 110))
    for x, y, w in ((90, 700, 560), (760, 700, 420)):
        _bed(c, x, y, w, tall=True)
    c.person(1330, 860, 330, hue=75, arm=-1)
    c.rect(1196, 640, 58, 44, ok(0.6, 0.1, 200), 8)
    c.line([(1200, 655), (1150, 690)], ok(0.52, 0.1, 200), 10)
    for number in range(16):
        c.line(
            [(1148 - number * 2, 694 + number * 5), (1140 - number * 3, 706 + number * 6)],
            ok(0.85, 0.05, 230, 0.8),
            3,
        )
    _bed(c, 60, 880, 980, tall=False)
    for x in (1180, 1290, 1480):
        c.plant(x, 990, 90, 130)


def _bed(c: Canvas, x: float, y: float, w: float, tall: bool) -> None:
    h = 96
    c.oval(x + w / 2, y + h, w * 0.53, 16, ok(0.3, 0.04, 90, 0.3))
    for number in range(int(w / (68 if tall else 74))):
        px = x + 46 + number * (68 if tall else 74)
        if tall:
            c.rect(px - 3, y - 250, 6, 262, ok(0.62, 0.06, 70))
            for level in range(5):
                c.blob(
                    px + c.random.uniform(-14, 14),
                    y - 36 - level * 46,
                    40 - level * 3,
                    28,
                    ok(round(0.44 + 0.03 * (level % 3), 2), 0.1, 140),
                    0.2,
                )
            for _tomato in range(5):
                ripe = c.random.choice((28, 28, 45, 80))
                c.oval(
                    px + c.random.uniform(-30, 30),
                    y - c.random.uniform(20, 210),
                    11,
                    11,
                    ok(0.62, 0.18, ripe),
                )
        else:
            c.plant(px, y + 14, c.random.uniform(60, 100), c.random.choice((130, 145, 155)))
    c.rect(x, y, w, h, ok(0.58, 0.07, 62), 6)
    for line in (0.33, 0.66):
        c.rect(x, y + h * line, w, 4, ok(0.48, 0.06, 58))
    c.rect(x, y, w, 12, ok(0.66, 0.07, 65), 6)


def river_walk(c: Canvas) -> None:
    c.fade(0, 470, ok(0.83, 0.06, 245), ok(0.95, 0.05, 75))
    c.glow(420, 300, 460, 320, ok(0.98, 0.08, 85), 1)
    for x, y, size in ((1150, 130, 130), (820, 90, 90), (180, 110, 100)):
        c.cloud(x, y, size, ok(0.98, 0.01, 80, 0.8))
    for x in range(-60, 1640, 130):
        c.blob(x, 470, 110, c.random.uniform(40, 80), ok(0.66, 0.06, 165), 0.15)
    c.house(1010, 500, 380, 290, 30, light=0.56, roof="gable")
    c.rect(1330, 120, 58, 380, ok(0.5, 0.09, 32))
    c.rect(1322, 112, 74, 18, ok(0.42, 0.08, 32))
    c.house(1390, 500, 200, 180, 35, light=0.62)
    c.fade(490, 700, ok(0.72, 0.07, 225), ok(0.6, 0.08, 215))
    for _wave in range(80):
        y = c.random.uniform(500, 690)
        c.rect(
            c.random.uniform(-50, 1600),
            y,
            c.random.uniform(30, 150),
            3,
            ok(0.88, 0.05, 85, 0.35),
            2,
        )
    c.poly([(0, 690), (1600, 660), (1600, 1000), (0, 1000)], ok(0.58, 0.09, 135))
    c.poly([(0, 770), (1600, 720), (1600, 900), (0, 1000)], ok(0.84, 0.04, 78))
    for x in range(40, 1600, 200):
        c.line([(x, 690 - x * 0.019), (x, 640 - x * 0.019)], ok(0.4, 0.03, 60), 8)
    c.line([(0, 652), (1600, 622)], ok(0.4, 0.03, 60), 7)
    for x, size, together in (
        (250, 300, 3),
        (600, 270, 2),
        (900, 245, 3),
        (1210, 225, 2),
        (1440, 210, 3),
    ):
        for number in range(together):
            base = 930 - (x + number * 70) * 0.085 + (number % 2) * 12
            c.person(
                x + number * size * 0.32,
                base,
                size * c.random.uniform(0.9, 1.04),
                back=True,
                step=c.random.choice((-0.6, 0.6)),
            )
    c.tree(70, 770, 430, 130, 0.5)


def roof(c: Canvas) -> None:
    c.fade(0, 330, ok(0.78, 0.04, 245), ok(0.9, 0.03, 80))
    for x in range(-30, 1650, 210):
        c.house(
            x,
            340,
            200,
            c.random.uniform(90, 210),
            c.random.choice((30, 45, 70, 250)),
            light=0.7,
            chroma=0.035,
        )
    c.rect(0, 318, 1600, 60, ok(0.7, 0.02, 80))
    c.rect(0, 312, 1600, 14, ok(0.8, 0.02, 85))
    c.fade(376, 1000, ok(0.42, 0.015, 260), ok(0.34, 0.02, 260))
    for y in (470, 610, 790):
        c.poly([(0, y), (1600, y - 26), (1600, y - 14), (0, y + 14)], ok(0.28, 0.02, 260))
        c.poly([(0, y - 4), (1600, y - 30), (1600, y - 26), (0, y)], ok(0.5, 0.015, 260))
    for _speck in range(900):
        c.oval(
            c.random.uniform(0, 1600),
            c.random.uniform(380, 1000),
            1.6,
            1.1,
            ok(0.62, 0.01, 80, 0.5),
        )
    upper = [(250, 700), (420, 660), (600, 668), (780, 628), (960, 640), (1180, 590), (1330, 600)]
    lower = [(1330, 608), (1190, 650), (990, 700), (800, 716), (620, 752), (430, 738), (250, 708)]
    c.poly(upper + lower, ok(0.2, 0.03, 50))
    c.poly(
        [(x, y + 20) for x, y in upper[1:-1]] + [(x, y - 4) for x, y in lower[1:-1]],
        ok(0.62, 0.09, 70),
    )
    c.poly([(420, 660), (600, 668), (590, 640), (440, 628)], ok(0.5, 0.015, 260))
    c.poly([(780, 628), (960, 640), (940, 604), (800, 596)], ok(0.47, 0.015, 260))
    c.oval(1020, 870, 240, 40, ok(0.72, 0.04, 240, 0.5))
    c.oval(980, 864, 120, 16, ok(0.9, 0.03, 240, 0.5))
    sides = [(300, 830), (470, 905), (630, 800), (800, 880)]
    for number, (a, b) in enumerate(pairwise(sides)):
        c.line([(a[0] + 6, a[1] + 9), (b[0] + 6, b[1] + 9)], ok(0.15, 0.02, 260, 0.5), 26)
        c.line([a, b], ok(0.86 - 0.04 * (number % 2), 0.13, 90), 24)
        for tick in range(1, 22):
            t = tick / 22
            x, y = a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t
            c.line([(x, y - 10), (x, y - (1 if tick % 5 else -6))], ok(0.3, 0.03, 60), 2)
    c.rect(1380, 420, 150, 210, ok(0.55, 0.07, 35), 4)
    c.rect(1366, 404, 178, 26, ok(0.65, 0.05, 40), 4)
    c.oval(1455, 404, 34, 12, ok(0.25, 0.02, 40))


def stairwell(c: Canvas) -> None:
    c.fade(0, 1000, ok(0.42, 0.09, 285), ok(0.68, 0.1, 40))
    for _star in range(40):
        c.oval(c.random.uniform(0, 1600), c.random.uniform(0, 360), 2, 2, ok(0.95, 0.03, 90, 0.7))
    c.oval(1340, 150, 54, 54, ok(0.96, 0.05, 90))
    c.house(-60, 1000, 430, 560, 280, light=0.34, lit=0.35, chroma=0.05)
    c.house(1240, 1000, 440, 640, 290, light=0.36, lit=0.4, chroma=0.05)
    c.rect(430, 60, 740, 940, ok(0.4, 0.06, 285))
    c.rect(412, 44, 776, 26, ok(0.32, 0.06, 285))
    c.rect(650, 110, 300, 890, ok(0.3, 0.06, 285))
    for floor in range(6):
        y = 128 + floor * 148
        c.fade(y, y + 128, ok(0.94, 0.1, 90), ok(0.85, 0.12, 75), 668, 932)
        flight = [(668, y + 128), (932, y + 40), (932, y + 62), (700, y + 128)]
        c.poly(flight if floor % 2 else [(1600 - x, py) for x, py in flight], ok(0.55, 0.09, 60))
        for step in range(12):
            t = step / 11
            x = 680 + t * 244
            top = y + 118 - t * 84
            c.line(
                [(x if floor % 2 else 1600 - x, top), (x if floor % 2 else 1600 - x, top - 34)],
                ok(0.42, 0.06, 50),
                3,
            )
        if floor in (1, 3, 4):
            c.person(770 + floor * 20, y + 126, 104, back=floor == 3)
        for x in (480, 1000):
            on = c.random.random() < 0.75
            c.rect(x - 6, y - 6, 132, 104, ok(0.5, 0.06, 285), 3)
            c.rect(x, y, 120, 92, ok(0.92, 0.12, 85) if on else ok(0.26, 0.05, 270))
            c.rect(x + 57, y, 6, 92, ok(0.5, 0.06, 285))
            if on and c.random.random() < 0.6:
                c.plant(x + 96, y + 92, 40, 150)
    c.glow(800, 560, 520, 620, ok(0.92, 0.1, 80), 0.22)
    c.rect(0, 975, 1600, 25, ok(0.26, 0.04, 285))
