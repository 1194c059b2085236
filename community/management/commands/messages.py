"""Collects what is said to people from code and templates, and compiles the catalogues.

By Babel alone, so that no gettext has to be installed. English is the source: its catalogue is
filled by itself; the others keep their translations, gain what is new, and lose what is gone.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_file
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.utils.translation.template import templatize

_LAZY = {f"{name}_lazy": spec for name, spec in DEFAULT_KEYWORDS.items() if "gettext" in name}
_KEYWORDS = DEFAULT_KEYWORDS | _LAZY
_STRING = r"'(?:\\.|[^'\\])*'|\"(?:\\.|[^\"\\])*\""
_CALL = re.compile(rf"\b(_|n?p?gettext)\(\s*((?:u?(?:{_STRING})\s*,?\s*)+)")
_NOT_OURS = {".venv", ".data", "node_modules", "tests", "benchmarks", "migrations", "docs"}


def collect(base: Path | None = None) -> Catalog:
    """Every translatable string of code and templates, with where it stands."""
    base = base or settings.BASE_DIR
    catalogue = Catalog(project="Tequio", charset="utf-8", fuzzy=False)
    for path in _sources(base):
        where = path.relative_to(base).as_posix()
        found = _from_python(path) if path.suffix == ".py" else _from_template(path)
        for line, message, context in found:
            catalogue.add(message, locations=[(where, line)], context=context)
    return catalogue


def _sources(base: Path) -> Iterator[Path]:
    for path in sorted([*base.rglob("*.py"), *(base / "templates").rglob("*.*")]):
        inside = set(path.relative_to(base).parts)
        if path.suffix in {".py", ".html", ".txt", ".js"} and not inside & _NOT_OURS:
            yield path


def _from_python(path: Path) -> Iterator[tuple]:
    for line, message, _comments, context in extract_from_file("python", path, keywords=_KEYWORDS):
        yield line, message, context


def _from_template(path: Path) -> Iterator[tuple]:
    """Django turns a template into calls of gettext; we read the calls."""
    source = templatize(path.read_text())
    for call in _CALL.finditer(source):
        strings = [ast.literal_eval(text) for text in re.findall(rf"u?({_STRING})", call[2])]
        line = source.count("\n", 0, call.start()) + 1
        name = call[1]
        context = strings.pop(0) if name in {"pgettext", "npgettext"} else None
        plural = name in {"ngettext", "npgettext"}
        yield line, tuple(strings[:2]) if plural else strings[0], context


class Command(BaseCommand):
    help = "Collect translatable strings into locale/ and compile the catalogues."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--compile", action="store_true", help="only compile")

    def handle(self, **options) -> None:
        fresh = None if options["compile"] else collect()
        for language, _name in settings.LANGUAGES:
            po = Path(settings.LOCALE_PATHS[0]) / language / "LC_MESSAGES" / "django.po"
            if fresh is not None:
                _update(po, language, fresh)
            if po.exists():
                missing = _compile(po, language)
                self.stdout.write(f"{language}: {missing} without a translation")


def _update(po: Path, language: str, fresh: Catalog) -> None:
    po.parent.mkdir(parents=True, exist_ok=True)
    if po.exists():
        with open(po, "rb") as source:
            catalogue = read_po(source, locale=language)
    else:
        catalogue = Catalog(locale=language, project="Tequio", charset="utf-8", fuzzy=False)
    # A copy: the catalogue keeps the messages it is given, and the next language fills its own.
    catalogue.update(deepcopy(fresh), no_fuzzy_matching=True)
    catalogue.obsolete.clear()
    catalogue.fuzzy = False
    if language == settings.LANGUAGE_CODE:
        for message in catalogue:
            if message.id and not message.pluralizable:
                message.string = message.id
            elif message.id:
                message.string = tuple(message.id)
    with open(po, "wb") as target:
        write_po(target, catalogue, width=100, sort_by_file=True, include_lineno=False)


def _compile(po: Path, language: str) -> int:
    with open(po, "rb") as source:
        catalogue = read_po(source, locale=language)
    with open(po.with_suffix(".mo"), "wb") as target:
        write_mo(target, catalogue)
    return sum(1 for message in catalogue if message.id and not _is_translated(message))


def _is_translated(message) -> bool:
    strings = message.string if isinstance(message.string, tuple | list) else [message.string]
    return bool(strings) and all(strings) and not message.fuzzy
