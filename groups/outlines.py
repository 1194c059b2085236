"""Knows the outline that some kinds of topic begin with: headings to write under."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from groups.models import Topic

OUTLINES = {
    Topic.Template.EXPERIENCE: (
        _("Where and with whom"),
        _("What we did"),
        _("What came of it, in numbers"),
        _("What we would change"),
        _("Materials"),
    ),
    Topic.Template.DEBRIEF: (
        _("What we planned"),
        _("What happened"),
        _("Why"),
        _("What we keep, and what we change"),
    ),
}


def outline(template: str) -> str:
    """The headings as they stand in the editor; empty for a kind that has none."""
    return "\n\n\n".join(f"## {heading}" for heading in OUTLINES.get(template, ()))


def offered() -> list[tuple[str, str, str]]:
    """[(kind, its name, its outline)]"""
    return [(kind.value, str(kind.label), outline(kind)) for kind in OUTLINES]
