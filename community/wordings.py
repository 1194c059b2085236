"""Knows wordings to begin an announcement with, in every language the site speaks.

A wording is a title and a text with places in [brackets] to fill in. What is still in brackets is
pointed out before anything leaves.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext_lazy as _

_PLACE = re.compile(r"\[[^\[\]\n]{2,60}\](?!\()")


@dataclass(frozen=True)
class Wording:
    name: str
    label: Any
    hint: Any
    title: Any
    text: Any


WORDINGS: tuple[Wording, ...] = (
    Wording(
        "meeting",
        _("An assembly or meeting"),
        _("When, where, what is decided, how to take part from home."),
        _("Meeting on [day]: [what it is about]"),
        _(
            "We meet on **[day] at [time]** at [place].\n\n"
            "We decide about:\n\n* [first point]\n* [second point]\n\n"
            "Can you not come? [How to take part from home].\n\n"
            "It helps us to know who comes: react to this, or answer."
        ),
    ),
    Wording(
        "hands",
        _("We need hands"),
        _("What for, how many, until when, whom to tell."),
        _("We need [number] people on [day]"),
        _(
            "On **[day]** we [what we do]. For that we need **[number] people** for [how long].\n\n"
            "You need no experience. [Name] shows you everything.\n\n"
            "Can you come? Answer here by [day]."
        ),
    ),
    Wording(
        "outcome",
        _("What came of it"),
        _("Thanks, the result in numbers, what happens next."),
        _("What came of [what we did]"),
        _(
            "[Number] of you took part in [what we did]. This is what came of it:\n\n"
            "[The result, in two sentences]\n\n"
            "What happens next: [the next step, and when]. Thank you."
        ),
    ),
    Wording(
        "change",
        _("Something changes"),
        _("What was planned, what is true now, what to do."),
        _("Changed: [what]"),
        _(
            "**Before:** [what was planned]\n\n**Now:** [what is true]\n\n"
            "What you need to do: [nothing, or one thing]."
        ),
    ),
)


def begin(name: str, codes: list[str]) -> dict[str, dict[str, str]]:
    """The words of a wording in these languages; none for a name that is not known."""
    found = next((one for one in WORDINGS if one.name == name), None)
    words = {}
    for code in codes if found else ():
        with translation.override(code):
            words[code] = {"title": str(found.title), "text": str(found.text)}
    return words


def places(words: dict[str, dict[str, str]]) -> list[str]:
    """What still stands in brackets, in any language."""
    said = "\n".join(text for one in words.values() for text in one.values())
    return list(dict.fromkeys(_PLACE.findall(said)))


def languages() -> list[str]:
    return [code for code, _name in settings.LANGUAGES]
