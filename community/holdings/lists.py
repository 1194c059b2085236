"""What is written down of lists of people that somebody took out."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from community.personal import Holding, declare

declare(
    Holding(
        model="community.PeopleList",
        people=("by",),
        label=_("Lists of people you took out"),
        purpose=_("So that whoever is on a list can read who took it, and what for."),
        shelf="office",
        kept_words=_("as long as the group"),
        export=("asked_at", "space__name", "purpose", "with_email", "fetched_at", "rows"),
        erase="unlink",
    ),
    Holding(
        model="community.PeopleList",
        people=("agreed_by",),
        label=_("Lists of people that you agreed to"),
        purpose=_("Who answers for it that addresses were given out."),
        shelf="office",
        kept_words=_("as long as the group"),
        export=("agreed_at", "space__name", "purpose"),
        erase="unlink",
    ),
)
