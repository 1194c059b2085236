"""Knows the hours of a person: when they want to be left alone, and when their digest is due."""

from __future__ import annotations

import zoneinfo
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum

from community.models import Community, Member, NoticeSettings

WEEKLY_AFTER, MONTHLY_AFTER, NEVER_AFTER = (timedelta(days=days) for days in (60, 120, 240))
"""So long somebody has not been here."""


def zone_of(member: Member, community: Community) -> zoneinfo.ZoneInfo:
    """The person's own zone, or else the organisation's."""
    return member.tzinfo or zoneinfo.ZoneInfo(community.timezone)


def quiet_until(chosen: NoticeSettings, zone: zoneinfo.ZoneInfo, now: datetime) -> datetime | None:
    """When the quiet hours end that ``now`` lies in, or None outside of them."""
    begin, end = chosen.quiet_from, chosen.quiet_to
    if begin is None or end is None or begin == end:
        return None
    here = now.astimezone(zone)
    over_midnight = begin > end
    quiet = here.hour >= begin or here.hour < end if over_midnight else begin <= here.hour < end
    if not quiet:
        return None
    tomorrow = over_midnight and here.hour >= begin
    return _moment(here.date() + timedelta(days=tomorrow), end, zone)


def next_digest(chosen: NoticeSettings, zone: zoneinfo.ZoneInfo, now: datetime) -> datetime | None:
    """The next time of day, or of the week, that they chose; never ``now`` itself."""
    if chosen.digest == NoticeSettings.Digest.NEVER:
        return None
    day = now.astimezone(zone).date()
    for ahead in range(9):
        found = _moment(day + timedelta(days=ahead), chosen.digest_hour, zone)
        on_the_day = found.astimezone(zone).weekday() == chosen.digest_day
        if found > now and (chosen.digest == NoticeSettings.Digest.DAILY or on_the_day):
            return found
    raise AssertionError("A week has every day.")


def rests(chosen: NoticeSettings, zone: zoneinfo.ZoneInfo, now: datetime) -> bool:
    """Whether they asked to be called for nothing but rights and safety, today where they are."""
    return chosen.resting_until is not None and now.astimezone(zone).date() < chosen.resting_until


class Pause(StrEnum):
    """How seldom the digest comes to who has not been here."""

    NONE = ""
    WEEK = "week"
    MONTH = "month"
    LAST = "last"
    """By the month, and this is the last one."""
    OVER = "over"
    """Not now."""


def paused(chosen: NoticeSettings, now: datetime) -> Pause:
    """Whether the digest that is due comes, and what is said of how seldom it does.

    After 60 days by the week, after 120 by the month, after 240 not at all, until they come back.
    """
    seen = chosen.member.last_seen_on or chosen.member.joined_at.date()
    away = now.date() - seen
    if away < WEEKLY_AFTER:
        return Pause.NONE
    if away >= NEVER_AFTER:
        return Pause.OVER
    monthly = away >= MONTHLY_AFTER
    every = timedelta(days=30 if monthly else 7)
    # Counted from when the last one looked, some minutes before it was due.
    if chosen.digested_to and now - chosen.digested_to < every - timedelta(hours=2):
        return Pause.OVER
    if not monthly:
        is_so_anyway = chosen.digest == NoticeSettings.Digest.WEEKLY
        return Pause.NONE if is_so_anyway else Pause.WEEK
    return Pause.LAST if away + every >= NEVER_AFTER else Pause.MONTH


def _moment(day: date, hour: int, zone: zoneinfo.ZoneInfo) -> datetime:
    """That hour on that day: the hour after, if the clock skips it; of two, the first."""
    return datetime.combine(day, time(hour), tzinfo=zone).astimezone(UTC)
