"""What somebody wants to be told of, and by which way: presets, single choices, quiet, rest."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from community.models import (
    Attention,
    Channel,
    Follow,
    Item,
    Member,
    Membership,
    Notice,
    NoticePreference,
    NoticeSettings,
    Preset,
    Room,
    RoomPerson,
    Space,
    Volume,
    When,
)
from community.notices import bell, choosing
from community.operations import chat, membership, people, reading
from community.policies import Refused

LONGEST_REST = timedelta(days=366)
PLAIN = ("quiet_from", "quiet_to", "discreet", "push_shows_content")
OF_THE_DIGEST = ("digest", "digest_hour", "digest_day")


@transaction.atomic
def choose_preset(preset: str, *, by: Member) -> NoticeSettings:
    """Be told as this preset says, from now on and in all one's groups. Raises Refused.

    Groups one hears nothing of, or only mentions, stay so: that was said on purpose.
    """
    if preset not in Preset.values:
        raise Refused(_("Choose one of the three."))
    chosen = _lock(by)
    chosen.preset, chosen.digest = preset, choosing.HOW_OFTEN[Preset(preset)]
    chosen.next_digest_at = None
    chosen.save()
    NoticePreference.objects.filter(member=by).delete()
    before, after = Volume.ALL, Volume.DIGEST
    if preset == Preset.EVERYTHING:
        before, after = after, before
    mine = Membership.objects.filter(member=by)
    mine.filter(volume=before).update(volume=after)
    mine.filter(volume_before=before).update(volume_before=after)  # for when they have rested
    by.forget()
    return chosen


@transaction.atomic
def choose_way(attention: str, *, channel: str, value: str, by: Member) -> str:
    """How soon notices of a class come by a channel. Returns what held before. Raises Refused."""
    may = choosing.may_choose(attention, channel)
    if not may:
        raise Refused(_("That cannot be chosen."))
    if value not in may:
        if attention == Attention.SECURITY:
            raise Refused(_("What concerns your safety or the law always comes by e-mail."))
        raise Refused(_("Choose one of what is offered."))
    chosen = _lock(by)
    wants = choosing.wants_of(by)
    before = wants.when(attention, channel)
    others = {key: way for key, way in wants.own.items() if key != (attention, channel)}
    preset_only = choosing.Wants(chosen, others, wants.has_device)
    if preset_only.when(attention, channel) == value:
        NoticePreference.objects.filter(member=by, attention=attention, channel=channel).delete()
    else:
        NoticePreference.objects.update_or_create(
            member=by, attention=attention, channel=channel, defaults={"value": value}
        )
    return before


@transaction.atomic
def change_settings(*, by: Member, **fields: Any) -> NoticeSettings:
    """The digest's time, quiet hours, discretion. Raises TypeError for what is none of these."""
    if set(fields) - {*PLAIN, *OF_THE_DIGEST}:
        raise TypeError(f"These are not for choosing: {sorted(fields)}")
    chosen = _lock(by)
    timed = any(
        getattr(chosen, name) != fields.get(name, getattr(chosen, name)) for name in OF_THE_DIGEST
    )
    for name, value in fields.items():
        setattr(chosen, name, value)
    if timed:
        chosen.next_digest_at = None
    chosen.full_clean(exclude=["member"])
    chosen.save()
    return chosen


@transaction.atomic
def choose_all(ways: dict[tuple[str, str], str], *, by: Member, **fields: Any) -> NoticeSettings:
    """Everything of the settings page at once. Raises Refused."""
    chosen = change_settings(by=by, **fields)
    wants = choosing.wants_of(by)
    for (attention, channel), value in ways.items():
        if wants.when(attention, channel) != value:
            choose_way(attention, channel=channel, value=value, by=by)
    return chosen


@transaction.atomic
def end_mail(purpose: str, *, by: Member) -> None:
    """No more mail of this purpose: a class of notices, or the digest."""
    if purpose == "digest":
        change_settings(by=by, digest=NoticeSettings.Digest.NEVER)
    else:
        choose_way(purpose, channel=Channel.MAIL, value=When.NEVER, by=by)


@transaction.atomic
def begin_mail(purpose: str, *, by: Member) -> None:
    """Mail of this purpose as their preset has it."""
    chosen = _lock(by)
    if purpose == "digest":
        change_settings(by=by, digest=choosing.HOW_OFTEN[Preset(chosen.preset)])
    else:
        own = NoticePreference.objects.filter(member=by, attention=purpose)
        own.filter(channel=Channel.MAIL).delete()


@transaction.atomic
def rest(until: date | None, *, by: Member) -> NoticeSettings:
    """Be called for nothing but rights and safety until that day, or no longer. Raises Refused."""
    today = timezone.localdate()
    kept = choosing.settings_of(by).resting_until
    if until is not None and until != kept and not today < until <= today + LONGEST_REST:
        raise Refused(_("Choose a day within the next year."))
    chosen = _lock(by)
    chosen.resting_until = until
    chosen.save(update_fields=["resting_until"])
    return chosen


@transaction.atomic
def change_source(notice: Notice, *, what: str, value: str, by: Member) -> tuple[str, str]:
    """Change what brought this notice: its conversation, chat, group or person, or its way.

    Returns what held before, by which it is taken back, and what to say of it. Raises Refused.
    """
    activity = notice.activity
    if what == "thing" and activity.item is not None:
        return _hear_of_thing(activity.item, value, by)
    if what == "room" and activity.message is not None:
        return _hear_of_room(activity.message.room, value, by)
    if what == "space" and activity.space is not None:
        return _hear_of_space(activity.space, value, by)
    if what == "person" and activity.actor is not None and value in ("mute", "hear"):
        if value == "mute":
            people.mute(activity.actor, by=by)
            words = _("You hear nothing more of %(name)s, and they do not notice.")
        else:
            people.unmute(activity.actor, by=by)
            words = _("You hear of %(name)s again.")
        before = "hear" if value == "mute" else "mute"
        return before, words % {"name": activity.actor.display_name}
    if what in Channel.values:
        before = choose_way(notice.attention, channel=what, value=value, by=by)
        return before, str(_("Notices of this kind come as you said from now on."))
    raise Refused(_("That cannot be chosen."))


def _hear_of_thing(item: Item, value: str, by: Member) -> tuple[str, str]:
    comment = getattr(item, "comment", None)
    thing = comment.item if comment is not None else item
    mine = Follow.objects.filter(member=by, item_id=thing.pk)
    before = mine.values_list("volume", flat=True).first() or "unfollowed"
    if value == "unfollowed":
        mine.delete()
    else:
        reading.follow(thing, volume=value, by=by)
    if value == Volume.MUTE:
        return before, _("You hear nothing more of “%(title)s”.") % {"title": thing.title}
    return before, _("You hear of “%(title)s” as before.") % {"title": thing.title}


def _hear_of_room(room: Room, value: str, by: Member) -> tuple[str, str]:
    usual = RoomPerson.Volume.ALL if room.is_direct else RoomPerson.Volume.MENTIONS
    mine = RoomPerson.objects.filter(room=room, member=by)
    before = mine.values_list("volume", flat=True).first() or usual
    chat.set_volume(room, volume=value, by=by)
    if value == RoomPerson.Volume.MUTE:
        return before, _("You hear nothing more of this chat.")
    return before, _("You hear of this chat as before.")


def _hear_of_space(space: Space, value: str, by: Member) -> tuple[str, str]:
    mine = Membership.objects.filter(member=by, space=space)
    before = mine.values_list("volume", flat=True).first()
    if before is None:
        raise Refused(_("You are not in this group any more."))
    membership.set_volume(space, volume=value, by=by)
    label = Membership.Volume(value).label
    return before, _("You hear of %(space)s: %(how)s.") % {"space": space.name, "how": label}


# Reading


@transaction.atomic
def mark_read(pks: Iterable[int] | None = None, *, by: Member) -> tuple[int, datetime]:
    """The member has seen these of their notices, or all. How many were new, and the moment."""
    now = timezone.now()
    mine = Notice.objects.filter(member=by, read_at=None)
    if pks is not None:
        mine = mine.filter(pk__in=list(pks))
    number = mine.update(read_at=now)
    if number:
        bell.ring_for(by)
    return number, now


@transaction.atomic
def mark_unread(at: datetime, *, by: Member) -> int:
    """Take back what was marked as read at that moment."""
    number = Notice.objects.filter(member=by, read_at=at).update(read_at=None)
    if number:
        bell.ring_for(by)
    return number


def _lock(member: Member) -> NoticeSettings:
    """Their row, locked; made if there is none."""
    NoticeSettings.objects.bulk_create(
        [NoticeSettings(member=member, digested_to=timezone.now())], ignore_conflicts=True
    )
    return NoticeSettings.objects.select_for_update().get(member=member)
