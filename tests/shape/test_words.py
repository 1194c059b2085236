"""Every word the site says is in both languages, and none of it is guessed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_python
from babel.messages.pofile import read_po
from django.utils.translation.template import templatize

from tests.shape.sources import APPS, ROOT, modules

KEYWORDS = {
    "gettext": None, "gettext_lazy": None, "_": None, "ngettext": (1, 2), "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2), "pgettext_lazy": ((1, "c"), 2), "gettext_noop": None,
    "npgettext": ((1, "c"), 2, 3), "npgettext_lazy": ((1, "c"), 2, 3),
}  # fmt: skip
PLACEHOLDER = re.compile(r"%\((\w+)\)[sdr]|%[sd]|\{(\w*)\}")
# Names and signs that are the same in every language.
SAME = re.compile(r"^[\W\d_]*$|^(Tequio|Signal|Markdown|PDF|QR|TOTP|No|Color|Error|Total|Local)$")


def _of_python(path: Path) -> Iterator[tuple[str | None, str, str]]:
    source = BytesIO(path.read_bytes())
    for line, function, messages, _comments in extract_python(source, list(KEYWORDS), [], {}):
        yield from _sorted_out(function, messages, f"{path.relative_to(ROOT)}:{line}")


def _of_template(path: Path) -> Iterator[tuple[str | None, str, str]]:
    code = templatize(path.read_text(), origin=str(path))
    # What is left of a template is no Python: its indentation means nothing.
    code = "\n".join(line.lstrip() for line in code.splitlines())
    for line, function, messages, _comments in extract_python(
        BytesIO(code.encode()), list(KEYWORDS), [], {}
    ):
        yield from _sorted_out(function, messages, f"{path.relative_to(ROOT)}:{line}")


def _sorted_out(function: str, messages, where: str) -> Iterator[tuple[str | None, str, str]]:
    parts = list(messages) if isinstance(messages, tuple | list) else [messages]
    context = parts.pop(0) if function.startswith(("pgettext", "npgettext")) else None
    if parts and isinstance(parts[0], str) and parts[0]:
        yield context, parts[0], where


@pytest.fixture(scope="module")
def said() -> dict[tuple[str | None, str], str]:
    """(context, message) → the first place where it is said."""
    found: dict[tuple[str | None, str], str] = {}
    for path in modules(*APPS, "config"):
        if "demo" not in path.parts:
            for context, message, where in _of_python(path):
                found.setdefault((context, message), where)
    for path in sorted((ROOT / "templates").rglob("*")):
        if path.suffix in (".html", ".txt", ".js", ".svg"):
            for context, message, where in _of_template(path):
                found.setdefault((context, message), where)
    return found


@pytest.fixture(scope="module")
def spanish() -> Catalog:
    path = ROOT / "locale" / "es" / "LC_MESSAGES" / "django.po"
    assert path.exists(), f"{path.relative_to(ROOT)} is missing: `make messages` makes it."
    with path.open("rb") as file:
        return read_po(file, locale="es")


def test_everything_is_said_in_spanish(said, spanish):
    missing = [
        f"{where}: {message!r}"
        for (context, message), where in sorted(said.items(), key=lambda pair: pair[1])
        if not _has(spanish, context, message)
    ]
    assert missing == [], f"{len(missing)} of {len(said)} messages are not in Spanish."


def _has(catalog: Catalog, context: str | None, message: str) -> bool:
    found = catalog.get(message, context)
    if found is None:
        return False
    said = found.string if isinstance(found.string, tuple | list) else [found.string]
    return bool(said) and all(said)


def test_nothing_is_fuzzy(spanish):
    assert [str(message.id) for message in spanish if message.id and message.fuzzy] == []


def test_nothing_is_translated_that_nobody_says(said, spanish):
    gone = [
        message.id
        for message in spanish
        if message.id
        and (message.context, message.id[0] if isinstance(message.id, tuple) else message.id)
        not in said
    ]
    assert gone == [], "`make messages` takes these out."


def test_translations_keep_their_placeholders(spanish):
    wrong = []
    for message in spanish:
        if not message.id or not message.string:
            continue
        sources = message.id if isinstance(message.id, tuple | list) else [message.id]
        wanted = set().union(
            *({found.group() for found in PLACEHOLDER.finditer(s)} for s in sources)
        )
        strings = message.string if isinstance(message.string, tuple | list) else [message.string]
        for string in strings:
            used = {found.group() for found in PLACEHOLDER.finditer(string)}
            if used - wanted or (len(strings) == 1 and wanted - used):
                wrong.append(f"{sources[0]!r} → {string!r}: {wanted ^ used}")
    assert wrong == []


def test_nothing_is_left_in_english(said, spanish):
    same = [
        message.id
        for message in spanish
        if isinstance(message.id, str)
        and len(message.id.split()) > 3
        and message.string == message.id
        and not SAME.match(message.id)
    ]
    assert same == []


# What is said without being marked


VISIBLE = re.compile(r">\s*([A-Z][a-z]+(?:\s+[a-z’']+)+[.!?]?)\s*<")
ATTRIBUTE = re.compile(r'(?:aria-label|title|placeholder|alt)="([A-Z][a-z]+[^"{]*)"')


def test_no_template_says_words_that_are_not_marked():
    plain = []
    for path in sorted((ROOT / "templates").rglob("*.html")):
        if "styleguide" in str(path) or "admin" in path.parts:
            continue
        source = re.sub(
            r"\{%\s*comment.*?endcomment\s*%\}|\{#.*?#\}", "", path.read_text(), flags=re.S
        )
        source = re.sub(r"\{%\s*blocktranslate.*?endblocktranslate\s*%\}", "", source, flags=re.S)
        for pattern in (VISIBLE, ATTRIBUTE):
            for found in pattern.finditer(source):
                plain.append(f"{path.relative_to(ROOT)}: {found[1]!r}")
    assert plain == []
