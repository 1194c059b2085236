"""Knows whom to ask: people by what they say they can do, and groups by what they are for.

Of people only those words are looked at that the reader may read on their page, and only of people
whom they would find by name (community/alike.py).
"""

from __future__ import annotations

from functools import reduce
from operator import and_, or_

from django.db.models import Exists, OuterRef, Q, QuerySet

from community import profiles, stems
from community.alike import Names, bare
from community.models import Member, Membership, Space
from community.models.bare import Bare
from community.stems import Asked, Term

FIELDS = ("skills", "ask_me_about")
SHORTEST = 3
"""Letters of a stem from which on it is looked for: of less the index knows nothing."""

_BEFORE_A_WORD = " -/(,;\n"


def besides(
    found: Names, reader: Member | None, asked: Asked, *, people: int, groups: int
) -> Names:
    """With those who are found by their words after those who were found by their name.

    At most so many of each; three queries. People come with ``said``: the words they are asked for.
    """
    fits = _fits(asked)
    if fits is None:
        return found
    known = {person.pk for person in found.people}
    people -= len(known)
    asked_for = []
    if reader and people > 0:
        asked_for = list(_people(reader, fits).exclude(pk__in=known)[:people])
        for person in profiles.reveal(asked_for, reader):
            person.said = [person.shown[field] for field in FIELDS if field in person.shown]
    there = {space.pk for space in found.groups}
    groups -= len(there)
    more = list(_groups(reader, fits).exclude(pk__in=there)[:groups]) if groups > 0 else []
    return Names([*found.people, *asked_for], [*found.groups, *more])


def _people(reader: Member, fits: Q) -> QuerySet:
    near = Membership.objects.filter(
        member=OuterRef("pk"), space__in=tuple(profiles.circles(reader))
    )
    found = Member.objects.visible_to(reader).exclude(pk=reader.pk)
    found = found.filter(Q(in_directory=True, onboarded_at__isnull=False) | Exists(near))
    able = [
        profiles.with_field(found.alias(said=Bare(field)), field, reader, fits).values("pk")
        for field in FIELDS
    ]
    rows = Member.objects.filter(Q(pk__in=able[0]) | Q(pk__in=able[1]))
    return rows.select_related("avatar").order_by("name", "pk")


def _groups(reader: Member | None, fits: Q) -> QuerySet:
    found = Space.objects.visible_to(reader).exclude(kind=Space.ROOT).filter(closed_at=None)
    return found.alias(said=Bare("purpose")).filter(fits).order_by("name", "pk")


def _fits(asked: Asked) -> Q | None:
    """What ``said`` has to hold; None where nothing can be looked for."""
    telling = [(term, _holds(term)) for term in asked.terms]
    wanted = [holds for term, holds in telling if holds is not None and not term.without]
    if not wanted:
        return None
    either = any(word.lower() == "or" for word in asked.typed.split())
    found = reduce(or_ if either else and_, wanted)
    for term, holds in telling:
        if term.without and holds is not None:
            found &= ~holds
    return found


def _holds(term: Term) -> Q | None:
    """A word that begins with a stem of the term, in whichever language; of a phrase each word."""
    forms = []
    for form in term.query.split(" | "):
        said = (bare(stem) for stem in stems.stems_of(form))
        found = sorted({stem for stem in said if len(stem) >= SHORTEST})
        if found:
            forms.append(reduce(and_, map(_begins, found)))
    return reduce(or_, forms) if forms else None


def _begins(stem: str) -> Q:
    """A word begins so; without a pattern, for what was typed must never become one."""
    inside = (Q(said__contains=f"{sign}{stem}") for sign in _BEFORE_A_WORD)
    return reduce(or_, inside, Q(said__startswith=stem))
