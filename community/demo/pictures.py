"""Draws the demo community's pictures: no photograph, no licence, the same every time.

`draw("boiler")` is a picture for a post, `portrait("Marisol Vega", hue=20)` one of a person,
`cover("bridge", hue=40)` a wide one for a group. All are JPEG, as a phone would send them.
"""

from __future__ import annotations

import io
from collections.abc import Callable

from PIL import Image

from community.demo import gatherings, indoors, outdoors
from community.demo.canvas import LOOKS, Canvas, ok
from community.demo.covers import COVERS, cover

__all__ = ["COVERS", "LOOKS", "PICTURES", "cover", "draw", "portrait"]

WIDTH, HEIGHT = 1600, 1000


def draw(name: str, seed: str = "") -> bytes:
    """The picture of that name. KeyError for an unknown one; PICTURES lists them."""
    scene, paper = PICTURES[name]
    canvas = Canvas(WIDTH, HEIGHT, name + seed, paper)
    scene(canvas)
    return _jpeg(canvas.finish())


def portrait(name: str, hue: float, look: str = "") -> bytes:
    """Somebody from the shoulders up, in flat shapes, before a wall of the given hue.

    `look` is one of LOOKS: short, long, bun, curls, cap or scarf.
    """
    canvas = Canvas(512, 512, name, ok(0.82, 0.07, hue))
    canvas.fade(0, 512, ok(0.88, 0.06, hue), ok(0.74, 0.09, hue + 15))
    canvas.glow(150, 120, 330, 330, ok(0.97, 0.04, hue + 30), 0.7)
    canvas.bust(256, 222, 98, hue=hue + canvas.random.choice((120, 160, 200)), look=look)
    return _jpeg(canvas.finish(shade=0.08))


def _jpeg(image: Image.Image) -> bytes:
    out = io.BytesIO()
    image.save(out, "JPEG", quality=90)
    return out.getvalue()


PICTURES: dict[str, tuple[Callable[[Canvas], None], tuple]] = {
    "boiler": (indoors.boiler, ok(0.5, 0.04, 62)),
    "council_hall": (gatherings.council_hall, ok(0.45, 0.06, 45)),
    "courtyard_lunch": (outdoors.courtyard_lunch, ok(0.9, 0.04, 85)),
    "damp_wall": (indoors.damp_wall, ok(0.88, 0.02, 92)),
    "door_knocking": (gatherings.door_knocking, ok(0.85, 0.04, 95)),
    "garden": (outdoors.garden, ok(0.85, 0.05, 120)),
    "kitchen": (indoors.kitchen, ok(0.88, 0.03, 85)),
    "leaflet": (gatherings.leaflet, ok(0.7, 0.08, 70)),
    "meeting": (gatherings.meeting, ok(0.86, 0.04, 80)),
    "river_walk": (outdoors.river_walk, ok(0.85, 0.05, 230)),
    "roof": (outdoors.roof, ok(0.4, 0.02, 260)),
    "stairwell": (outdoors.stairwell, ok(0.4, 0.08, 285)),
    "survey_chart": (indoors.survey_chart, ok(0.94, 0.01, 85)),
    "table": (indoors.table, ok(0.6, 0.07, 62)),
}
