"""Knows the hours of a person: when they want to be left alone, and when their digest is due."""

from __future__ import annotations

import zoneinfo
from datetime import UTC, date, datetime, time, timedelta

from community.models import Community, Member, NoticeSettings


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


def _moment(day: date, hour: int, zone: zoneinfo.ZoneInfo) -> datetime:
    """That hour on that day: the hour after, if the clock skips it; of two, the first."""
    return datetime.combine(day, time(hour), tzinfo=zone).astimezone(UTC)
