"""Knows the words by which an item is found: writes them down, and reads what somebody typed.

The vector is PostgreSQL's (``tequio_words`` in community/database.py): both languages stemmed, the
title weighing more. What is typed follows the syntax people know from the web: ``"a phrase"``,
``-without``, ``this or that``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from django.contrib.postgres.search import SearchQuery, SearchVectorField
from django.db import connection
from django.db.models import Func, TextField, Value

from community import prose
from community.models import Item
from community.registry import registry

MOST_LETTERS = 200
MOST_TERMS = 12
_LONGEST_TEXT = 100_000

_TERM = re.compile(r'(-?)"([^"]*)(?:"|$)|(\S+)')
_STEM = re.compile(r"'((?:[^'\\]|''|\\.)*)'")
_NEXT_TO = re.compile(r"<(?:-|\d+)>")
_CONFIGURATIONS = ("tequio_en", "tequio_es", "tequio_es_bare")


# Writing


def said(item: Any) -> str:
    """The plain words of an item besides its title; ``item`` is a row of its own kind."""
    tell = registry.kind(item.kind).text
    return plain(tell(item) or "") if tell else ""


def plain(text: str) -> str:
    """A text without its marks."""
    return prose.plain(text, _LONGEST_TEXT)


def words(item: Any) -> Func:
    """The vector of a row of its own kind, to be stored in ``Item.search``."""
    return Func(
        Value(item.title),
        Value(said(item)),
        function="tequio_words",
        output_field=SearchVectorField(),
    )


def index(item: Any) -> None:
    """Let the item be found by what it says now: whoever changes title or text calls this."""
    Item.objects.filter(pk=item.pk).update(search=words(item))


def spoken(text: str) -> Func:
    """The vector of what was said in a chat, which has no title, for ``Message.search``."""
    return Func(Value(plain(text)), function="tequio_stems", output_field=SearchVectorField())


# Reading


@dataclass(frozen=True)
class Term:
    """A word or a phrase that somebody typed."""

    text: str
    without: bool = False
    quoted: bool = False
    query: str = ""
    """What finds it, as PostgreSQL takes it; empty for a word that says nothing."""


@dataclass(frozen=True)
class Asked:
    """What somebody looks for, as PostgreSQL takes it; empty where nothing can be looked for."""

    typed: str
    terms: tuple[Term, ...] = ()
    everywhere: str = ""
    """Fits titles and texts."""
    in_titles: str = ""
    """Fits titles alone."""

    def __bool__(self) -> bool:
        return bool(self.everywhere)

    @property
    def wanted(self) -> list[str]:
        """The words themselves, without those to be left out."""
        return [term.text for term in self.terms if not term.without]

    @property
    def name(self) -> str:
        """What was typed, as the name of somebody or something."""
        return " ".join(self.wanted).lstrip("@")[:80]


class Stems(SearchQuery):
    """A finished tsquery, as a value: its words are stems already."""

    def __init__(self, text: str) -> None:
        super().__init__(Value(text, output_field=TextField()), search_type="raw")

    def as_sql(self, compiler: Any, connection: Any, **_: Any) -> tuple[str, Any]:
        sql, params = compiler.compile(self.get_source_expressions()[0])
        return f"{sql}::tsquery", params


def read(typed: str, *, unfinished: bool = False) -> Asked:
    """Understand what was typed; ``unfinished`` takes the last word for the beginning of one.

    One query, or none for nothing.
    """
    typed = " ".join(typed.replace("\0", "").split())[:MOST_LETTERS]
    alternatives = [list(terms) for terms in _alternatives(typed)]
    flat = [term for terms in alternatives for term in terms]
    if not flat:
        return Asked(typed)
    stemmed = iter(_stemmed([term.text for term in flat]))
    parts, known = [], []
    for terms in alternatives:
        stems = [next(stemmed) for _ in terms]
        if unfinished and terms is alternatives[-1] and not terms[-1].quoted:
            stems[-1] = [f"{stem}:*" if stem else "" for stem in stems[-1]]
        telling = [
            replace(term, query=_either(forms))
            if term.quoted or all(forms)
            else term  # "the", "las": it says nothing in one of the languages
            for term, forms in zip(terms, stems, strict=True)
        ]
        known += telling
        if not any(term.query and not term.without for term in telling):
            telling = [  # there is nothing else: "son" is a child or a verb
                replace(term, query=_either(forms))
                for term, forms in zip(terms, stems, strict=True)
            ]
        if part := _all_of(telling):
            parts.append(part)
    everywhere = " | ".join(f"({part})" for part in parts)
    return Asked(typed, tuple(known), everywhere, _in_titles(everywhere))


def _alternatives(typed: str) -> Iterator[list[Term]]:
    """What stands between one "or" and the next."""
    terms: list[Term] = []
    count = 0
    for match in _TERM.finditer(typed):
        minus, phrase, word = match.groups()
        if word and word.lower() == "or":
            if terms:
                yield terms
            terms = []
            continue
        if phrase is not None:
            term = Term(phrase.strip(), without=bool(minus), quoted=True)
        else:
            term = Term(word.lstrip("-"), without=word.startswith("-"))
        count += 1
        if term.text and count <= MOST_TERMS:
            terms.append(term)
    if terms:
        yield terms


def _stemmed(texts: list[str]) -> list[list[str]]:
    """For each text, what it is in each language: "" where it is a word that says nothing."""
    each = ", ".join(f"phraseto_tsquery('{name}', said)::text" for name in _CONFIGURATIONS)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {each} FROM unnest(%s::text[]) WITH ORDINALITY AS t (said, n) ORDER BY n",
            [texts],
        )
        return [list(row) for row in cursor.fetchall()]


def stems_of(query: str) -> list[str]:
    """The stems that stand in a query."""
    return [stem.replace("''", "'") for stem in _STEM.findall(query)]


def _either(forms: list[str]) -> str:
    """Fits a word in whichever language it stands."""
    return " | ".join(f"({form})" for form in dict.fromkeys(forms) if form)


def _all_of(terms: list[Term]) -> str:
    """One alternative; empty for one that only says what to leave out."""
    if not any(term.query and not term.without for term in terms):
        return ""
    return " & ".join(f"{'!' * term.without}({term.query})" for term in terms if term.query)


def _in_titles(query: str) -> str:
    """The same of the stems that stand behind a "=": these have no places, so a phrase becomes its
    words."""
    return _NEXT_TO.sub("&", _STEM.sub(r"'=\1'", query))
