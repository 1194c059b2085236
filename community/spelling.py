"""Knows another spelling of what somebody looked for in vain: of words that they may read."""

from __future__ import annotations

from difflib import SequenceMatcher

from django.db.models import F, Q, Subquery
from django.db.models.functions import Lower

from community.alike import NEARLY, bare
from community.models import Item, Member, Space
from community.search import COMMON, WINDOW, about_how_many
from community.stems import Asked, Stems, Term

_STOPS = ".,:;?!¿¡…()[]«»“”\"'–—-"


def did_you_mean(reader: Member | None, asked: Asked) -> str:
    """What was typed, with each word that nothing holds replaced by one from a title that the
    reader may see; empty if nothing comes near. Only among the newest items, so that it costs
    the same for ever. Three queries at most."""
    terms = [term for term in asked.terms if term.query and not term.without and not term.quoted]
    unknown = _unknown(reader, [term for term in terms if len(term.text) > 3][:3])
    if not unknown:
        return ""
    alike = Q()
    for word in unknown:
        alike |= Q(small__trigram_word_similar=word.lower())
    last = Subquery(Item.objects.order_by("-pk").values("pk")[:1])
    titles = (
        Item.objects.visible_to(reader)
        .filter(pk__gt=last - WINDOW)
        .exclude(title="")
        .annotate(small=Lower("title"))  # in no index: from the newest rows, not from the letters
        .filter(alike)
        .order_by("-pk")
    )
    known = {
        word.strip(_STOPS).lower()
        for title in titles.values_list("title", flat=True)[:50]
        for word in title.split()
    }
    words = asked.typed.split()
    better = [_nearest(word, known) if word in unknown else word for word in words]
    return " ".join(better) if better != words else ""


def _unknown(reader: Member | None, terms: list[Term]) -> list[str]:
    """The words that nothing holds which the reader may see. A query for all of them, and where
    there are several one more, because some may be common."""
    seen = Item.objects.visible_to(reader)
    asked = [(term.text, seen.filter(search=Stems(term.query))) for term in terms]
    if len(asked) > 1:
        numbers = about_how_many(*(rows for _, rows in asked))
        asked = [one for one, about in zip(asked, numbers, strict=True) if about <= COMMON // 4]
    if not asked:
        return []
    newest = [Subquery(rows.order_by((F("pk") + 0).desc()).values("pk")[:1]) for _, rows in asked]
    found = Space.objects.filter(kind=Space.ROOT).values_list(*newest).first()
    return [text for (text, _), pk in zip(asked, found or (), strict=False) if pk is None]


def _nearest(word: str, known: set[str]) -> str:
    """The word as it is, or the one that is written most nearly so."""
    rated = [
        (SequenceMatcher(None, bare(word), bare(other)).ratio(), other) for other in sorted(known)
    ]
    ratio, other = max(rated, default=(0, word))
    return other if ratio >= NEARLY else word
