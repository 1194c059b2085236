"""Pictures and files of the demo, brought in through the same door as everybody's uploads."""

from __future__ import annotations

from typing import Any

from django.core.files.base import ContentFile

from community.models import Media, Member
from community.models.media import RENDITIONS
from community.operations import media
from config.demo.drawing import Drawing, Wanted
from config.demo.filling.stage import Stage
from config.demo.groups import GROUPS
from config.demo.papers import paper
from config.demo.portraits import PORTRAITS
from config.demo.shapes import Topic
from config.demo.talk import TOPICS
from groups.models import Group
from groups.operations import groups


def wanted() -> Wanted:
    """All drawings of the demo, in the order in which they are needed."""
    names = sorted({picture.draw for topic in TOPICS for picture in topic.pictures})
    found = {_cover(data): RENDITIONS[Media.Purpose.COVER] for data in GROUPS}
    found |= {_portrait(key): RENDITIONS[Media.Purpose.AVATAR] for key in PORTRAITS}
    return found | {_scene(name): RENDITIONS[Media.Purpose.ATTACHMENT] for name in names}


def hang(stage: Stage, topic: Topic, *, by: Member) -> list[str]:
    """The tokens of what hangs on a topic."""
    found = []
    for picture in topic.pictures:
        scene = stage.drawings[_scene(picture.draw)].result()
        found.append(_upload(scene, Media.Purpose.ATTACHMENT, by, picture.alt))
    papers = [ContentFile(paper(name), name) for name in topic.files]
    found += [_upload(file, Media.Purpose.ATTACHMENT, by) for file in papers]
    return [medium.token for medium in found]


def cover(stage: Stage, data: Any, group: Group) -> None:
    by = stage.people[data.stewards.split()[0]]
    made = _upload(stage.drawings[_cover(data)].result(), Media.Purpose.COVER, by)
    groups.set_cover(group, cover=made, by=by)


def portray(stage: Stage) -> None:
    """Some people show a picture; the others their initials."""
    for key in PORTRAITS:
        member = stage.people[key]
        avatar = _upload(stage.drawings[_portrait(key)].result(), Media.Purpose.AVATAR, member)
        media.set_avatar(member, media=avatar, by=member)
        member.avatar = avatar


def _scene(name: str) -> Drawing:
    return Drawing("scene", (name,))


def _cover(data: Any) -> Drawing:
    return Drawing("cover", (data.cover, data.hue * 20, data.key))


def _portrait(key: str) -> Drawing:
    seed, look, hue = PORTRAITS[key]
    return Drawing("portrait", (seed, hue, look))


def _upload(file: Any, purpose: str, by: Member, alt: str = "") -> Media:
    return media.store_upload(file, purpose=purpose, by=by, alt=alt)
