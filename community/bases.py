"""Knows on what law each holding rests: GDPR Art. 6, and Art. 9, for belonging here says much.

That somebody belongs to a union or a party is by itself of the special kind of Art. 9. A body like
this may hold it of its members, former members and those in regular contact with it, and tells
nobody outside (9(2)(d)); everything beyond that takes a yes that can be taken back (9(2)(a)).
Each holding names its basis, or takes that of its shelf (``community/personal.py``). What a law of
one's own country asks for besides is the organisation's to say: docs/privacy.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Basis:
    """Why somebody's data may be held at all; ``ends`` says how the person ends it."""

    name: str
    label: Any
    article_6: str
    article_9: str
    words: Any
    ends: Any


CONSENT = "consent"

BASES: dict[str, Basis] = {
    one.name: one
    for one in (
        Basis(
            "belonging",
            _("You take part here"),
            "6(1)(b)",
            "9(2)(d)",
            _("Without it you could not take part. Nobody outside is told."),
            _("You leave the group, or the community."),
        ),
        Basis(
            "protection",
            _("Your account, and others, are protected"),
            "6(1)(f)",
            "9(2)(d)",
            _("Our interest, and yours, is that only you get in and nobody is flooded."),
            _("You object, and the data protection lead weighs it. It ends when you leave."),
        ),
        Basis(
            "safety",
            _("People are kept safe from each other"),
            "6(1)(f)",
            "9(2)(d)",
            _("Whoever reports, is reported or decides must be able to show what happened."),
            _("You object, and the data protection lead weighs it."),
        ),
        Basis(
            "duty",
            _("A law asks for it"),
            "6(1)(c)",
            "9(2)(f)",
            _("We have to show that your rights were kept and what power was used."),
            _("It ends with its time. You can ask why."),
        ),
        Basis(
            CONSENT,
            _("You said yes"),
            "6(1)(a)",
            "9(2)(a)",
            _("Free, and never needed for anything else. When you said it is kept with it."),
            _("You take it back, at any time, where you gave it."),
        ),
    )
}

OF_SHELF = {
    "you": "belonging",
    "belonging": "belonging",
    "said": "belonging",
    "doing": "belonging",
    "told": "belonging",
    "signing_in": "protection",
    "care": "safety",
    "office": "duty",
}
"""What a holding rests on that names none itself."""


@dataclass(frozen=True)
class Standing:
    """One basis as it holds for one person: since when, and what shows it."""

    basis: Basis
    since: datetime | None
    evidence: Any
    count: int = 0
    """How many rows of theirs rest on it."""


def of(member: Any, counts: dict[str, int]) -> list[Standing]:
    """The register of one person: each basis on which something is held of them.

    ``counts`` is by name of the holding (``community.record``).
    """
    from community import personal

    rows: dict[str, int] = {}
    for holding in personal.holdings():
        if (count := counts.get(holding.name, 0)) and not holding.hidden:
            rows[holding.basis_name] = rows.get(holding.basis_name, 0) + count
    since, evidence = _belonging(member)
    found = []
    for basis in BASES.values():
        if basis.name not in rows:
            continue
        if basis.name == CONSENT:
            standing = Standing(basis, None, _("your yes, with its day"), rows[CONSENT])
        else:
            standing = Standing(basis, since, evidence, rows[basis.name])
        found.append(standing)
    return found


def _belonging(member: Any) -> tuple[datetime | None, Any]:
    """Since when somebody is a member or in regular contact, and what shows it."""
    from community.models import MembershipStatus, Status

    held = MembershipStatus.objects.filter(member=member).first()
    if held is not None and held.status != Status.NONE:
        return held.member_since or held.since, held.get_status_display()
    return member.joined_at, _("you have an account here and are in contact with us")


def table() -> str:
    """All bases as a Markdown table, for docs/privacy.md."""
    lines = [
        "| Basis | GDPR Art. 6 | Art. 9 | Why | How it ends |",
        "| --- | --- | --- | --- | --- |",
    ]
    lines += [
        f"| {one.label} | {one.article_6} | {one.article_9} | {one.words} | {one.ends} |"
        for one in BASES.values()
    ]
    return "\n".join(lines) + "\n"
