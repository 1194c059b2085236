"""Knows what somebody wants to hear and how soon: the presets, and where they depart from them.

How much of a group or a thing somebody hears is said there (``Membership.volume``,
``Follow.volume``); here it is said by which way each class of notices comes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from community.models import (
    Attention,
    Channel,
    Member,
    NoticePreference,
    NoticeSettings,
    Preset,
    PushSubscription,
    Space,
    Volume,
    When,
)

NOW, LATER, DIGEST, NEVER = When.NOW, When.LATER, When.DIGEST, When.NEVER

USUAL: dict[str, dict[str, tuple[str, str]]] = {
    Preset.CALM: {
        Attention.PERSON: (LATER, NEVER),
        Attention.PROMISE: (NOW, NEVER),
        Attention.RIGHT: (NOW, NEVER),
        Attention.GROUPS: (DIGEST, NEVER),
        Attention.ORGANISATION: (DIGEST, NEVER),
        Attention.SECURITY: (NOW, NEVER),
    },
    Preset.BALANCED: {
        Attention.PERSON: (LATER, NOW),
        Attention.PROMISE: (NOW, NOW),
        Attention.RIGHT: (NOW, NOW),
        Attention.GROUPS: (DIGEST, NEVER),
        Attention.ORGANISATION: (NOW, NEVER),
        Attention.SECURITY: (NOW, NOW),
    },
    Preset.EVERYTHING: {
        Attention.PERSON: (NOW, NOW),
        Attention.PROMISE: (NOW, NOW),
        Attention.RIGHT: (NOW, NOW),
        Attention.GROUPS: (DIGEST, NOW),
        Attention.ORGANISATION: (NOW, NOW),
        Attention.SECURITY: (NOW, NOW),
    },
}
"""Preset → class → how soon by mail, how soon on the device."""

ONE_WAY = (Preset.EVERYTHING, Attention.ORGANISATION)
"""Where a preset names two ways, but one is enough: the device if there is one, else mail."""

HOW_OFTEN = {
    Preset.CALM: NoticeSettings.Digest.WEEKLY,
    Preset.BALANCED: NoticeSettings.Digest.DAILY,
    Preset.EVERYTHING: NoticeSettings.Digest.DAILY,
}

MAY_BE = {
    Attention.PERSON: ((NOW, LATER, DIGEST, NEVER), (NOW, NEVER)),
    Attention.PROMISE: ((NOW, LATER, DIGEST, NEVER), (NOW, NEVER)),
    Attention.RIGHT: ((NOW, NEVER), (NOW, NEVER)),
    Attention.GROUPS: ((NOW, LATER, DIGEST, NEVER), (NOW, NEVER)),
    Attention.ORGANISATION: ((NOW, DIGEST, NEVER), (NOW, NEVER)),
    Attention.SECURITY: ((NOW,), (NOW, NEVER)),
}
"""Class → what one may choose by mail, and on the device. Safety and law always come by mail."""

NOT_WHILE_RESTING = (
    Attention.PERSON,
    Attention.PROMISE,
    Attention.GROUPS,
    Attention.ORGANISATION,
)

ABOUT = {
    Attention.PERSON: _("Somebody answers you, names you or asks you for something."),
    Attention.PROMISE: _("A shift, a task or a follow-up that you took on."),
    Attention.RIGHT: _("A vote, an appeal, an answer that is owed to you. Often with a date."),
    Attention.GROUPS: _("Conversations you follow, and groups you hear everything of."),
    Attention.ORGANISATION: _("Calls and announcements of the organisation. Never many a week."),
    Attention.SECURITY: _("Your account, your safety, and what the law has us tell you."),
}

_CHANNELS = (Channel.MAIL, Channel.PUSH)


@dataclass(frozen=True)
class Wants:
    """All that one person chose, or what holds until they do."""

    settings: NoticeSettings
    own: dict[tuple[str, str], str]
    """(class, channel) → how soon, where it is not what the preset says."""
    has_device: bool = False

    def when(self, attention: str, channel: str) -> str:
        """How soon notices of this class come by this channel."""
        chosen = self.own.get((attention, channel))
        if chosen:
            return chosen
        if channel == Channel.APP:
            return NOW
        if (self.settings.preset, attention) == ONE_WAY and not self._takes(channel):
            return NEVER if channel == Channel.PUSH else DIGEST
        return USUAL[self.settings.preset][attention][_CHANNELS.index(channel)]

    def _takes(self, channel: str) -> bool:
        """Whether this is the one way; what they chose of the other settles it."""
        if channel == Channel.PUSH:
            return self.has_device and self.own.get((ONE_WAY[1], Channel.MAIL)) != NOW
        chosen = self.own.get((ONE_WAY[1], Channel.PUSH))
        return not (chosen == NOW if chosen else self.has_device)


def settings_of(member: Member) -> NoticeSettings:
    """Their row, or one that is not kept yet."""
    found = NoticeSettings.objects.filter(member=member).first()
    return found or NoticeSettings(member=member)


def volume_at_first(member: Member, space: Space) -> str:
    """How much somebody who comes into the space hears of it: as its stewards chose, unless they
    said themselves that they want everything, or to be called calmly."""
    preset = settings_of(member).preset
    if preset == Preset.EVERYTHING:
        return Volume.ALL
    if preset == Preset.CALM and space.first_volume == Volume.ALL:
        return Volume.DIGEST
    return space.first_volume


def wants_of(member: Member) -> Wants:
    rows = NoticePreference.objects.filter(member=member)
    own = {(row.attention, row.channel): row.value for row in rows}
    return Wants(settings_of(member), own, has_device(member))


def has_device(member: Member) -> bool:
    return PushSubscription.objects.filter(member=member).exists()


def wants_of_all(members: list[int]) -> dict[int, Wants]:
    """The same for several at once; three queries."""
    own: dict[int, dict[tuple[str, str], str]] = {}
    for row in NoticePreference.objects.filter(member__in=members):
        own.setdefault(row.member_id, {})[row.attention, row.channel] = row.value
    kept = {row.member_id: row for row in NoticeSettings.objects.filter(member__in=members)}
    with_device = set(
        PushSubscription.objects.filter(member__in=members).values_list("member", flat=True)
    )
    return {
        pk: Wants(kept.get(pk) or NoticeSettings(member_id=pk), own.get(pk, {}), pk in with_device)
        for pk in members
    }


def may_choose(attention: str, channel: str) -> tuple[str, ...]:
    """What somebody may choose for a class and a channel; nothing for what does not exist."""
    if channel == Channel.APP:
        return (NOW, NEVER) if attention == Attention.ORGANISATION else ()
    found = MAY_BE.get(attention)
    return found[_CHANNELS.index(channel)] if found and channel in _CHANNELS else ()


def usual_rows() -> list[tuple[str, str, str, str]]:
    """(preset, class, channel, how soon) of all that is sent by itself, for SQL."""
    return [
        (str(preset), str(attention), str(channel), str(value))
        for preset, classes in USUAL.items()
        for attention, both in classes.items()
        for channel, value in zip(_CHANNELS, both, strict=True)
    ]


def words_of(value: str, channel: str) -> Any:
    """What a choice is called: on a device, not to come is the opposite of to come."""
    if channel == Channel.PUSH:
        return _("Yes") if value == NOW else _("No")
    return When(value).label
