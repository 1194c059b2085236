"""People together indoors: a board of leaflets, a meeting, doors, the council."""

from __future__ import annotations

from PIL import ImageFont

from community.demo.canvas import Canvas, ok


def leaflet(c: Canvas) -> None:
    c.fade(0, 1000, ok(0.7, 0.08, 72), ok(0.64, 0.08, 68))
    for _crumb in range(2600):
        c.oval(
            c.random.uniform(0, 1600),
            c.random.uniform(0, 1000),
            c.random.uniform(1, 5),
            c.random.uniform(1, 4),
            ok(c.random.choice((0.55, 0.62, 0.78)), 0.08, 65, 0.6),
        )
    for x, y, w, h, lean, paper in (
        (90, 90, 360, 400, -18, 100),
        (1150, 70, 370, 390, 14, 200),
        (70, 540, 370, 400, 12, 60),
        (1160, 520, 360, 420, -16, 330),
    ):
        _pinned(c, x, y, w, h, lean, ok(0.93, 0.03, paper))
        for row in range(9):
            c.rect(
                x + 40,
                y + 70 + row * 34,
                (w - 90) * c.random.uniform(0.5, 1),
                12,
                ok(0.6, 0.02, 60),
                4,
            )
        c.line([(x + 50, y + 130), (x + w - 60, y + 180)], ok(0.6, 0.18, 28), 7)
    _pinned(c, 510, 60, 590, 880, 4, ok(0.98, 0.012, 90))
    c.rect(510, 64, 590, 250, ok(0.5, 0.11, 172))
    for words, y, size, colour in (
        ("HEATING", 96, 104, ok(0.99, 0.01, 90)),
        ("is a right.", 204, 74, ok(0.93, 0.08, 95)),
        ("Cold flat?", 372, 72, ok(0.28, 0.03, 60)),
        ("Write the date.", 466, 54, ok(0.28, 0.03, 60)),
        ("Take a picture.", 540, 54, ok(0.28, 0.03, 60)),
        ("Come on Thursday.", 614, 54, ok(0.28, 0.03, 60)),
    ):
        font = ImageFont.load_default(size * 2)
        width = font.getlength(words) / 2
        c.pen.text(
            ((805 - width / 2) * 2, y * 2),
            words,
            fill=colour,
            font=font,
            stroke_width=3 if size > 60 else 1,
            stroke_fill=colour,
        )
    for x, w, h, hue in (
        (590, 90, 110, 30),
        (690, 110, 150, 85),
        (812, 84, 120, 200),
        (906, 110, 92, 20),
    ):
        c.house(x, 880, w, h, hue, light=0.66, lit=0.6, roof="gable" if w < 100 else "flat")


def _pinned(c: Canvas, x: float, y: float, w: float, h: float, lean: float, paper: tuple) -> None:
    c.poly(
        [
            (x + 12, y + 16),
            (x + w + 14, y + lean + 16),
            (x + w + 12, y + h + lean + 18),
            (x + 10, y + h + 18),
        ],
        ok(0.25, 0.04, 60, 0.4),
    )
    c.poly([(x, y), (x + w, y + lean * 0.4), (x + w, y + h + lean * 0.4), (x, y + h)], paper)
    c.oval(x + w / 2 + 3, y + 26, 15, 15, ok(0.3, 0.04, 60, 0.5))
    c.oval(x + w / 2, y + 20, 15, 15, ok(0.6, 0.18, 28))
    c.oval(x + w / 2 - 4, y + 15, 5, 5, ok(0.85, 0.08, 40))


def meeting(c: Canvas) -> None:
    c.fade(0, 520, ok(0.86, 0.04, 80), ok(0.9, 0.04, 85))
    for x in (120, 500, 880, 1260):
        c.rect(x, 60, 230, 330, ok(0.97, 0.01, 85), 115)
        c.rect(x + 14, 76, 202, 314, ok(0.8, 0.07, 235), 100)
        c.tree(x + 115, 388, 170, 140, 0.58)
        c.rect(x + 110, 70, 9, 320, ok(0.97, 0.01, 85))
        c.poly(
            [(x - 40, 1000), (x + 250, 400), (x + 420, 400), (x + 330, 1000)],
            ok(0.97, 0.06, 90, 0.07),
        )
    c.rect(0, 420, 1600, 90, ok(0.66, 0.07, 60))
    c.fade(508, 1000, ok(0.7, 0.06, 66), ok(0.58, 0.06, 60))
    for x in (760, 1380, 160):
        c.rect(x, 150, 3, 3, ok(0.9, 0.01, 85))
    for x, y, scale in ((330, 540, 0.72), (830, 520, 0.68), (1300, 545, 0.72)):
        _round_table(c, x, y, scale)
    for x, y, scale in ((560, 730, 1.05), (1150, 740, 1.05)):
        _round_table(c, x, y, scale)
    for number, x in enumerate((110, 330, 580, 850, 1110, 1360, 1540)):
        c.bust(x, 890 + c.random.uniform(-14, 22), 50, back=True, arm=1 if number == 3 else 0)


def _round_table(c: Canvas, x: float, y: float, s: float) -> None:
    for number in range(5):
        c.bust(x + (number - 2) * 66 * s, y - (64 - abs(number - 2) * 12) * s, 22 * s)
    c.oval(x, y + 70 * s, 210 * s, 40 * s, ok(0.3, 0.04, 55, 0.3))
    c.oval(x, y + 14 * s, 200 * s, 52 * s, ok(0.55, 0.07, 58))
    c.oval(x, y, 200 * s, 52 * s, ok(0.93, 0.02, 85))
    for number in range(6):
        px, py = x + c.random.uniform(-150, 130) * s, y + c.random.uniform(-24, 16) * s
        c.poly(
            [
                (px, py),
                (px + 50 * s, py - 5 * s),
                (px + 58 * s, py + 12 * s),
                (px + 8 * s, py + 17 * s),
            ],
            ok(0.99, 0.005, 85) if number % 2 else ok(0.8, 0.1, 90),
        )
    c.rect(x + 80 * s, y - 30 * s, 18 * s, 26 * s, ok(0.6, 0.13, 30), 4)
    for number in range(3):
        px, py = x + (number - 1) * 118 * s, y + 50 * s
        c.bust(px, py, 25 * s, back=True)
        for leg in (-34, 34):
            c.line(
                [(px + leg * s, py + 110 * s), (px + leg * s, py + 168 * s)],
                ok(0.36, 0.06, 50),
                7 * s,
            )
        c.rect(px - 46 * s, py + 84 * s, 92 * s, 44 * s, ok(0.48, 0.08, 55), 12 * s)
        c.rect(px - 46 * s, py + 84 * s, 92 * s, 9 * s, ok(0.6, 0.08, 60), 5 * s)


def door_knocking(c: Canvas) -> None:
    c.fade(0, 1000, ok(0.86, 0.04, 95), ok(0.8, 0.05, 90))
    c.rect(0, 520, 1600, 330, ok(0.62, 0.07, 195))
    c.rect(0, 512, 1600, 14, ok(0.5, 0.07, 195))
    c.fade(846, 1000, ok(0.62, 0.03, 70), ok(0.5, 0.03, 65))
    for number, (x, hue) in enumerate(((150, 30), (670, 85), (1190, 250))):
        c.rect(x - 26, 166, 322, 690, ok(0.95, 0.015, 85), 6)
        c.rect(x, 190, 270, 664, ok(0.93, 0.08, 85))
        c.glow(x + 135, 440, 180, 330, ok(0.98, 0.07, 90), 0.8)
        c.rect(x + 60, 300, 110, 140, ok(0.7, 0.08, (170, 20, 60)[number]), 6)
        c.rect(x + 76, 316, 78, 108, ok(0.88, 0.05, (230, 90, 150)[number]), 4)
        c.poly([(x, 190), (x - 112, 226), (x - 112, 900), (x, 854)], ok(0.56, 0.12, hue))
        c.poly([(x - 16, 560), (x - 4, 560), (x - 4, 610), (x - 16, 610)], ok(0.82, 0.1, 90))
        c.rect(x + 320, 430, 34, 34, ok(0.93, 0.02, 85), 6)
        c.oval(x + 337, 447, 8, 8, ok(0.6, 0.16, 28))
        c.rect(x + 60, 130, 150, 24, ok(0.75, 0.09, 85), 5)
        c.person(x + 150, 862, 470, hue=(140, 20, 205)[number])
    for x, size, hue, arm in (
        (420, 500, 172, 0),
        (510, 470, 45, 0),
        (935, 490, 330, -1),
        (1470, 500, 75, -1),
    ):
        c.person(x, 950, size, hue=hue, back=True, arm=arm)
    c.rect(398, 690, 60, 78, ok(0.98, 0.01, 90), 3)
    for row in range(5):
        c.rect(406, 702 + row * 12, 40, 5, ok(0.6, 0.03, 60), 2)


def council_hall(c: Canvas) -> None:
    c.fade(0, 1000, ok(0.5, 0.06, 45), ok(0.4, 0.05, 40))
    for x in range(0, 1600, 160):
        c.rect(x + 8, 30, 144, 300, ok(0.55, 0.07, 50), 6)
        c.rect(x + 24, 48, 112, 264, ok(0.48, 0.06, 46), 4)
    c.rect(620, 20, 360, 330, ok(0.62, 0.08, 60), 180)
    c.rect(650, 50, 300, 300, ok(0.84, 0.06, 235), 150)
    for x in (745, 850):
        c.rect(x, 50, 10, 300, ok(0.62, 0.08, 60))
    c.glow(800, 260, 620, 420, ok(0.95, 0.08, 85), 0.55)
    c.rect(480, 340, 640, 120, ok(0.42, 0.07, 45), 10)
    c.rect(460, 326, 680, 24, ok(0.6, 0.08, 55), 8)
    for x in (580, 720, 800, 880, 1020):
        c.bust(x, 268 + (16 if x != 800 else -8), 24, hue=250)
    c.rect(480, 352, 640, 110, ok(0.42, 0.07, 45), 10)
    c.rect(520, 372, 560, 70, ok(0.48, 0.07, 47), 6)
    for row, (y, r, people) in enumerate(
        ((500, 22, 17), (575, 27, 14), (665, 34, 12), (780, 44, 9))
    ):
        gap = 1640 / people
        for number in range(people):
            if c.random.random() < 0.94:
                lifted = row == 1 and number == 8
                c.bust(
                    gap * (number + 0.25 + 0.4 * (row % 2)) + c.random.uniform(-9, 9),
                    y + c.random.uniform(-6, 6),
                    r,
                    back=True,
                    arm=1 if lifted else 0,
                )
        c.rect(0, y + r * 2.4, 1600, r * 1.3, ok(round(0.4 - row * 0.02, 2), 0.06, 42), 4)
        c.rect(0, y + r * 2.4, 1600, 7, ok(0.55, 0.07, 50))
    c.rect(0, 930, 1600, 26, ok(0.66, 0.09, 62))
    c.rect(0, 956, 1600, 44, ok(0.3, 0.05, 40))
    for x in range(30, 1600, 64):
        c.rect(x, 956, 14, 44, ok(0.5, 0.08, 55))
