"""What is reported, decided about people and appealed, and concerns for somebody's safety."""

from __future__ import annotations

from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from community.models import Case, Concern, ConcernParty
from community.personal import Holding, declare

YEAR = timedelta(days=365)
_CASE = _("a year after it was decided; that there was a report stays, without names and words")
_CONCERN = _("three years after it was closed")
_SAFE = _(
    "It protects the people concerned and whoever told of it. The safeguarding team reads it with "
    "you where that harms nobody: ask them."
)

declare(
    Holding(
        model="community.Report",
        people=("reporter",),
        label=_("What you reported"),
        purpose=_("So that moderators can ask, and you hear what became of it."),
        shelf="care",
        kept_words=_CASE,
        export=("created_at", "rule__title", "wish", "words", "case__state", "case__outcome"),
        erase="unlink",
        link="reports",
    ),
    Holding(
        model="community.Case",
        people=("person",),
        rows=lambda _member: Case.objects.none(),  # a number would tell that there is one
        hidden=True,
        label=_("Reports about you or what you wrote"),
        purpose=_("So that each is decided once, and fairly."),
        shelf="care",
        kept_words=_CASE,
        export=None,
        withheld=_("It could tell who reported it. What was decided, you are told at once."),
        erase="keep",
        because=_("Whoever is reported cannot make the report disappear by leaving."),
    ),
    Holding(
        model="community.Case",
        people=("taken_by", "decided_by"),
        label=_("Reports you decided"),
        purpose=_("So that nobody hears an appeal against themselves."),
        shelf="office",
        kept_words=_CASE,
        export=("created_at", "decided_at", "outcome"),
        erase="unlink",
    ),
    Holding(
        model="community.CaseNote",
        people=("by",),
        label=_("Your notes on reports"),
        purpose=_("So that moderators know what was done."),
        shelf="office",
        kept_words=_CASE,
        export=("created_at", "what", "text"),
        erase="unlink",
    ),
    Holding(
        model="community.Measure",
        people=("member",),
        label=_("What was decided about you or what you wrote"),
        purpose=_("So that you can appeal, and the same is judged the same way again."),
        shelf="care",
        kept_words=_CASE,
        export=(
            "kind",
            "rule__title",
            "reason",
            "created_at",
            "ends_at",
            "lifted_at",
            "lift_reason",
            "snapshot",
        ),
        erase="unlink",
        link="reports",
    ),
    Holding(
        model="community.Measure",
        people=("by", "seconded_by", "lifted_by"),
        label=_("Measures you decided"),
        purpose=_("So that nobody hears an appeal against themselves."),
        shelf="office",
        kept_words=_CASE,
        export=("kind", "created_at", "lifted_at"),
        erase="unlink",
    ),
    Holding(
        model="community.MeasureAppeal",
        people=("by",),
        label=_("Your appeals"),
        purpose=_("So that somebody who had no part in it answers you."),
        shelf="care",
        kept_words=_CASE,
        export=("created_at", "text", "answer", "upheld", "answered_at"),
        erase="unlink",
        link="reports",
    ),
    Holding(
        model="community.MeasureAppeal",
        people=("answered_by",),
        label=_("Appeals you answered"),
        purpose=_("So that it is known who decided."),
        shelf="office",
        kept_words=_CASE,
        export=("created_at", "answered_at", "upheld"),
        erase="unlink",
    ),
    Holding(
        model="community.Concern",
        people=("reporter",),
        label=_("Concerns for somebody’s safety that you told us of"),
        purpose=_("So that we can protect people, and answer you."),
        shelf="care",
        kept_words=_CONCERN,
        export=("created_at", "category", "about_words", "state", "closed_at"),
        erase="unlink",
        link="reports",
    ),
    Holding(
        model="community.Concern",
        people=("about",),
        rows=lambda _member: Concern.objects.none(),  # a number would tell that there is one
        hidden=True,
        label=_("Concerns that are about you"),
        purpose=_("So that people are protected."),
        shelf="care",
        kept_words=_CONCERN,
        export=None,
        withheld=_SAFE,
        erase="keep",
        because=_("Whoever is accused cannot make the accusation disappear by leaving."),
    ),
    Holding(
        model="community.Concern",
        people=("handler",),
        label=_("Concerns you handle"),
        purpose=_("So that one person is answerable for it."),
        shelf="office",
        kept_words=_CONCERN,
        export=None,
        withheld=_SAFE,
        erase="unlink",
    ),
    Holding(
        model="community.ConcernEntry",
        people=("by",),
        label=_("What you wrote on concerns you handle"),
        purpose=_("So that it is known what was done."),
        shelf="office",
        kept_words=_CONCERN,
        export=None,
        withheld=_SAFE,
        erase="unlink",
    ),
    Holding(
        model="community.ConcernParty",
        people=("member",),
        rows=lambda _member: ConcernParty.objects.none(),  # a number would tell that there is one
        hidden=True,
        label=_("Concerns that are kept from you"),
        purpose=_("So that people can speak of you without fear."),
        shelf="care",
        kept_words=_CONCERN,
        export=None,
        withheld=_SAFE,
        erase="keep",
        because=_("Without it the concern would open itself to you."),
    ),
)
