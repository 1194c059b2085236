"""Knows what a person can change about exactly the notice in front of them, in one step."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from community.models import Attention, Channel, Notice, Volume, When
from community.notices.choosing import Wants, may_choose
from community.notices.lines import Told

THING, ROOM, SPACE, PERSON = "thing", "room", "space", "person"
WAYS = (Channel.APP, Channel.MAIL, Channel.PUSH)
WHATS = (THING, ROOM, SPACE, PERSON, *WAYS)


@dataclass(frozen=True)
class Offer:
    """One button: what it says, and where it posts to."""

    label: str
    url: str
    icon: str


def address(notice: int, what: str, value: str) -> str:
    return reverse("change_notice", args=[notice, what, value])


def of_line(line: Told) -> list[Offer]:
    """What to change beside a line: the conversation, the chat, the group, the person."""
    pk, found = line.pks[0], []
    if not line.verb.of_people:
        return []
    if line.thing and not line.hears_space:
        label = _("Nothing more of this conversation")
        found.append(Offer(label, address(pk, THING, Volume.MUTE), "bell-off"))
    if line.room:
        label = _("Nothing more of this chat")
        found.append(Offer(label, address(pk, ROOM, Volume.MUTE), "bell-off"))
    if line.hears_space:
        label = _("New topics of this group in the digest only")
        found.append(Offer(label, address(pk, SPACE, Volume.DIGEST), "mail"))
    if len(line.actors) == 1:
        label = _("Nothing more of %(name)s") % {"name": line.actors[0].display_name}
        found.append(Offer(label, address(pk, PERSON, "mute"), "eye-off"))
    return found


def of_way(notice: Notice, wants: Wants) -> list[tuple[Any, str, list[Offer]]]:
    """By channel: how notices of this class come now, and how else they could."""
    found = []
    for channel in WAYS:
        now = wants.when(notice.attention, channel)
        may = may_choose(notice.attention, channel)
        if channel == Channel.APP and not may:
            continue
        labels = _ways()[channel]
        others = [
            Offer(str(labels[value]), address(notice.pk, channel, value), "arrow-right")
            for value in may
            if value != now
        ]
        found.append((Channel(channel).label, str(labels[now]), others))
    return found


def _ways() -> dict[str, dict[str, Any]]:
    on_device = {When.NOW: _("At once"), When.NEVER: _("Never")}
    by_mail = {value: value.label for value in When}
    return {Channel.APP: on_device, Channel.PUSH: on_device, Channel.MAIL: by_mail}


def always_comes(notice: Notice) -> bool:
    return notice.attention == Attention.SECURITY
