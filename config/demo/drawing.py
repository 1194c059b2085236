"""Draws the demo's pictures in a process of its own, while rows are written: both take seconds.

It draws, and reads what it drew as an upload is read; nothing of it needs the database.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from multiprocessing import get_context
from multiprocessing.connection import Connection

from django.core.files.base import ContentFile
from PIL import Image

from community import uploads
from community.demo import pictures
from config import privileges

SIZE = (1280, 800)


@dataclass(frozen=True)
class Drawing:
    """``what``: portrait, cover or scene; ``how``: what its maker takes, first its name."""

    what: str
    how: tuple[str | float, ...]


Wanted = Mapping[Drawing, Mapping[str, tuple[int, int]]]
"""Drawings in the order in which they are needed, with the renditions of each."""
Drawings = Mapping[Drawing, "Future[uploads.Upload]"]


@contextmanager
def drawing(wanted: Wanted) -> Iterator[Drawings]:
    apart = get_context("spawn")  # it inherits no connection
    arriving, sending = apart.Pipe(duplex=False)
    process = apart.Process(target=_draw_all, args=(dict(wanted), sending))
    process.start()
    sending.close()
    with ThreadPoolExecutor(1) as pool:
        try:
            yield {each: pool.submit(arriving.recv) for each in wanted}
        finally:
            process.kill()
            pool.shutdown(cancel_futures=True)
            process.join()
            arriving.close()


def _draw_all(wanted: Wanted, sending: Connection) -> None:
    privileges.end_with_parent()
    for each, sizes in wanted.items():
        try:
            sending.send(_drawn(each, sizes))
        except BrokenPipeError:  # nobody waits for it any more
            return


def _drawn(drawing: Drawing, sizes: Mapping[str, tuple[int, int]]) -> uploads.Upload:
    file = ContentFile(_MAKERS[drawing.what](*drawing.how), f"{drawing.how[0]}.jpg")
    whole = drawing.what == "scene"
    return uploads.read(file, sizes, crop=not whole, only_picture=not whole)


def _scene(name: str) -> bytes:
    """At the size of a post: smaller ones are quicker to bring in."""
    picture = Image.open(BytesIO(pictures.draw(name)))
    out = BytesIO()
    picture.resize(SIZE, Image.Resampling.LANCZOS).save(out, "JPEG", quality=88)
    return out.getvalue()


_MAKERS = {"portrait": pictures.portrait, "cover": pictures.cover, "scene": _scene}
