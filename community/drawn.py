"""Knows how to draw a part of a page once, as long as nothing it shows has changed.

Templates are what a page costs the processor. A part that comes again and again (a row of a list)
is a frozen dataclass which holds everything its template shows, and names that template. Two that
are equal look the same, for whoever reads in the same language and time zone: so there is nothing
to invalidate, and nothing of one reader that another could get.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Any, ClassVar, Protocol

from django.core.signals import setting_changed
from django.template.loader import get_template
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

_TOKEN = secrets.token_hex(24)
"""Stands where each reader's token against forgery goes; nobody can write it into their words."""

_drawings: dict[type, Callable[..., str]] = {}


class Part(Protocol):
    template: ClassVar[str]
    """Gets the part, as ``part``, and the stand-in for the token; nothing else."""
    kept: ClassVar[int]
    """How many different ones each process keeps, those used last."""


def draw(parts: Part | Iterable[Part] | None, token: Any = "") -> SafeString:
    """One part, or several one after the other. ``token`` is made into words only if it is shown.

    Fields that are compared must say everything: safe and unsafe text with the same letters are
    the same to Python, so a field is always one or always the other.
    """
    if not parts:
        return SafeString("")
    language, zone = get_language(), timezone.get_current_timezone_name()
    some = parts if isinstance(parts, (list, tuple)) else (parts,)
    html = "".join([_drawing(type(part))(part, language, zone) for part in some])
    return mark_safe(html.replace(_TOKEN, str(token)) if _TOKEN in html else html)


def _drawing(kind: type) -> Callable[..., str]:
    found = _drawings.get(kind)
    if found is None:
        found = _drawings[kind] = lru_cache(maxsize=kind.kept)(_draw)
    return found


def _draw(part: Any, _language: str | None, _zone: str) -> str:
    return get_template(part.template).render({"part": part, "csrf_token": _TOKEN})


def forget(**_changed: Any) -> None:
    """Draw everything anew: where statics lie, or how an address reads, has changed."""
    _drawings.clear()


setting_changed.connect(forget)
