"""Knows how to draw a part of a page once, as long as nothing it shows has changed.

Templates are what a page costs the processor. A part that comes again and again (a row of a list)
is a frozen dataclass which holds everything its template shows, and names that template. Two that
are equal look the same, for whoever reads in the same language and time zone: so there is nothing
to invalidate, and nothing of one reader that another could get.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any, ClassVar, Protocol

from django.template.loader import get_template
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import get_language

KEPT = 4000
"""Parts kept in each process, those used last: a few megabytes."""


class Part(Protocol):
    template: ClassVar[str]


def draw(part: Part) -> SafeString:
    return _draw(part, get_language(), timezone.get_current_timezone_name())


@lru_cache(maxsize=KEPT)
def _draw(part: Any, language: str | None, zone: str) -> SafeString:
    return get_template(part.template).render({"row": part})
