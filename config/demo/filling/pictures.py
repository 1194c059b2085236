"""Pictures and files of the demo, brought in through the same door as everybody's uploads."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from io import BytesIO

from django.core.files.base import ContentFile
from PIL import Image

from community.demo import pictures
from community.models import Media, Member
from community.operations import media
from config.demo.filling.stage import Stage
from config.demo.papers import paper
from config.demo.portraits import PORTRAITS
from config.demo.shapes import Topic
from config.demo.talk import TOPICS
from groups.models import Group
from groups.operations import groups

SIZE = (1280, 800)


def draw_for(stage: Stage, topic: Topic, *, by: Member) -> list[str]:
    """The tokens of what hangs on a topic."""
    found = []
    for picture in topic.pictures:
        drawing, name = stage.drawings[picture.draw].result(), f"{picture.draw}.jpg"
        found.append(_upload(drawing, name, Media.Purpose.ATTACHMENT, by, picture.alt))
    found += [_upload(paper(name), name, Media.Purpose.ATTACHMENT, by) for name in topic.files]
    return [medium.token for medium in found]


def draw_cover(stage: Stage, data, group: Group) -> None:
    by = stage.people[data.stewards.split()[0]]
    drawing = pictures.cover(data.cover, hue=data.hue * 20, seed=data.key)
    cover = _upload(drawing, f"{data.cover}.jpg", Media.Purpose.COVER, by)
    groups.set_cover(group, cover=cover, by=by)


@contextmanager
def drawing_ahead(stage: Stage) -> Iterator[None]:
    """Draws on another thread while rows are written; it is most of the work."""
    names = {picture.draw for topic in TOPICS for picture in topic.pictures}
    with ThreadPoolExecutor(1) as pool:
        stage.drawings = {name: pool.submit(drawn, name) for name in sorted(names)}
        yield


def drawn(name: str) -> bytes:
    """The picture of that name, at the size of a post: smaller ones are quicker to bring in."""
    picture = Image.open(BytesIO(pictures.draw(name)))
    out = BytesIO()
    picture.resize(SIZE, Image.Resampling.LANCZOS).save(out, "JPEG", quality=88)
    return out.getvalue()


def _upload(data: bytes, name: str, purpose: str, by: Member, alt: str = "") -> Media:
    return media.store_upload(ContentFile(data, name), purpose=purpose, by=by, alt=alt)


def draw_avatars(stage: Stage) -> None:
    """Some people show a picture; the others their initials."""
    for key, (seed, look, hue) in PORTRAITS.items():
        member = stage.people[key]
        drawing = pictures.portrait(seed, hue=hue, look=look)
        avatar = _upload(drawing, "me.jpg", Media.Purpose.AVATAR, member)
        media.set_avatar(member, media=avatar, by=member)
        member.avatar = avatar
