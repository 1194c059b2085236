"""Turns what the demo data says in words into moments and texts."""

import re
from datetime import datetime, timedelta
from itertools import pairwise

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import override

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_PLACE = re.compile(r"\{(day|date|next|last):([+-]?\w+)\}")
_STANDS_ALONE = re.compile(r"\s*(#|>|\||[-*+] |\d+[.)] |$)")


def ago(spec: str, now: datetime) -> datetime:
    """Before now: "2h"; "9d 19:20" at that time; "tue2 22:05" the last Tuesday but one."""
    at = timezone.localtime(now)
    for part in spec.split():
        if part[:3] in DAYS:
            back = (at.weekday() - DAYS.index(part[:3]) - 1) % 7 + 1
            at -= timedelta(days=back + 7 * (int(part[3:]) - 1))
        elif ":" in part:
            at = _at_clock(at, part)
        else:
            at -= _span(part)
    return at


def later(spec: str, before: datetime, now: datetime) -> datetime:
    """So much later: "20m" after `before`; "1d 08:15" the next day then; never past now."""
    at = timezone.localtime(before)
    for part in spec.split():
        at = _at_clock(at, part) if ":" in part else at + _span(part)
    if at <= before:
        at = before + timedelta(minutes=7)
    return at if at < now else before + (now - before) / 2


def _span(part: str) -> timedelta:
    unit = {"m": "minutes", "h": "hours", "d": "days"}[part[-1]]
    return timedelta(**{unit: int(part[:-1])})


def _at_clock(at: datetime, clock: str) -> datetime:
    hour, minute = clock.split(":")
    return at.replace(hour=int(hour), minute=int(minute))


def worded(text: str, at: datetime, language: str, now: datetime) -> str:
    """The text as written at that moment: days named, lines that were wrapped for us joined.

    "Next Saturday" in what was said these days is still to come.
    """
    here = timezone.localtime(at)
    today = timezone.localtime(now if now - at < timedelta(days=7) else at)

    def named(found: re.Match) -> str:
        what, which = found.groups()
        if which in DAYS:
            start = today if what == "next" else here
            ahead = (DAYS.index(which) - start.weekday()) % 7
            ahead = ahead or 7 if what == "next" else ahead - 7
            return date_format(start + timedelta(days=ahead), _LONG[language])
        day = here + timedelta(days=int(which))
        return date_format(day, "l" if what == "day" else _SHORT[language])

    with override(language):
        return _PLACE.sub(named, unwrapped(text))


_SHORT = {"en": "j F", "es": r"j \d\e F"}
_LONG = {"en": "l j F", "es": r"l j \d\e F"}


def unwrapped(text: str) -> str:
    """Joins the lines of a paragraph: in a post, a single line break is meant."""
    lines = text.strip().split("\n")
    out = lines[:1]
    for before, line in pairwise(lines):
        goes_on = before.strip() and line.strip()
        if line.startswith("> ") and before.startswith("> "):
            out[-1] += " " + line[2:]
        elif goes_on and not _STANDS_ALONE.match(line) and not before.startswith(("#", "|")):
            out[-1] = out[-1].rstrip() + " " + line.strip()
        else:
            out.append(line)
    return "\n".join(out)
