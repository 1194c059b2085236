"""Knows what of an answer by mail is new: without what it quotes, and without a signature.

Exact rules, no guessing by likelihood: our own line above which one writes; what mail programs put
over a quotation, in the languages the site speaks; lines that begin with “>”; the signature after
“-- ”. Quotations between one's own lines stay, for they are what is answered.
"""

from __future__ import annotations

import re
from functools import lru_cache
from html.parser import HTMLParser

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation

LONGEST_LINE_OVER_QUOTE = 300

# “On Mon, 3 Nov 2026 at 10:00, Ada <a@example.org> wrote:” in the words of common programs.
_WROTE = re.compile(
    r"^(?:>\s*)?(?:"
    r"(?:On|Am|Le|El|Il|Em|Op|Den|W dniu)\b.{4,240}"
    r"(?:wrote|schrieb|a écrit|escribió|ha scritto|escreveu|schreef|skrev|napisał\(?a?\)?)"
    r".{0,80}:"
    r"|.{3,120}<[^<>\s]+@[^<>\s]+>\s*(?:wrote|schrieb|escribió|a écrit)\s*:"
    r"|\d{4}-\d\d-\d\d.{4,120}<[^<>\s]+@[^<>\s]+>\s*:"
    r")\s*$",
    re.IGNORECASE | re.DOTALL,
)
_DASHED = re.compile(
    r"^\s*[-_]{2,}\s*(?:Original Message|Forwarded message|Mensaje original|Mensaje reenviado|"
    r"Ursprüngliche Nachricht|Message d'origine|Oorspronkelijk bericht)\s*[-_]{2,}\s*$",
    re.IGNORECASE,
)
_FROM = re.compile(r"^\s*\*?(?:From|De|Von|Da|Van)\s*:\*?\s*\S", re.IGNORECASE)
_NEXT = re.compile(
    r"^\s*\*?(?:Sent|Date|To|Subject|Enviado|Fecha|Para|Asunto|Gesendet|An|Betreff|Datum|Envoyé|À|"
    r"Objet|Inviato|Oggetto|Verzonden|Onderwerp)(?:\s+el)?\s*:\*?",
    re.IGNORECASE,
)
_LINE = re.compile(r"^_{20,}\s*$")
_SIGNATURE = re.compile(r"^--\s?$")
_PHONE = re.compile(
    r"^(?:Sent from my|Get Outlook for|Enviado desde mi|Enviado desde Outlook|Obtener Outlook para|"
    r"Von meinem .{2,40} gesendet|Envoyé de mon)\b.{0,80}$",
    re.IGNORECASE,
)


def new_words(text: str) -> str:
    """What somebody wrote themselves."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    lines = _above_our_line(lines)
    lines = _above_the_quote(lines)
    lines = _without_signature(lines)
    while lines and (not lines[-1].strip() or lines[-1].lstrip().startswith(">")):
        lines.pop()
    while lines and (not lines[0].strip() or lines[0].lstrip().startswith(">")):
        lines.pop(0)  # written below what it answers
    return "\n".join(line.rstrip() for line in lines).strip()


@lru_cache(maxsize=1)
def our_lines() -> tuple[str, ...]:
    """The line above which one writes, in every language."""
    found = []
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            found.append(_bare(render_to_string("emails/above.txt")))
    return tuple(dict.fromkeys(found))


def _bare(line: str) -> str:
    return "".join(letter for letter in line.casefold() if letter.isalnum())


def _above_our_line(lines: list[str]) -> list[str]:
    for number, line in enumerate(lines):
        bare = _bare(line)
        if bare and any(ours in bare for ours in our_lines()):
            kept = lines[:number]
            # Over it stands what the program wrote of the quotation.
            while kept and (not kept[-1].strip() or kept[-1].lstrip().startswith(">")):
                kept.pop()
            return kept if any(one.strip() for one in kept) else lines[number + 1 :]
    return lines


def _above_the_quote(lines: list[str]) -> list[str]:
    for number, line in enumerate(lines):
        if not _begins_quote(lines, number):
            continue
        rest = lines[number + 1 :]
        if line.lstrip().startswith(">") or _has_own_words(rest, quoted=True):
            # Answered between or below the quotation: only the line over it goes.
            span = 2 if not _WROTE.match(line) and _wraps(lines, number) else 1
            return [*lines[:number], *_above_the_quote(lines[number + span :])]
        return lines[:number]
    return lines


def _begins_quote(lines: list[str], number: int) -> bool:
    line = lines[number]
    if len(line) > LONGEST_LINE_OVER_QUOTE:
        return False
    if _DASHED.match(line) or _WROTE.match(line) or _wraps(lines, number):
        return True
    following = [one for one in lines[number + 1 : number + 4] if one.strip()]
    if _LINE.match(line):
        return bool(following and _FROM.match(following[0]))
    return bool(_FROM.match(line) and following and _NEXT.match(following[0]))


def _wraps(lines: list[str], number: int) -> bool:
    """Whether the line over a quotation was broken in two."""
    both = " ".join(one.strip() for one in lines[number : number + 2])
    starts = re.match(r"^(?:>\s*)?(?:On|Am|Le|El|Il|Em|Op|Den)\b", lines[number], re.IGNORECASE)
    return bool(starts and len(both) <= LONGEST_LINE_OVER_QUOTE and _WROTE.match(both))


def _has_own_words(rest: list[str], *, quoted: bool) -> bool:
    """Whether there are lines of one's own after lines marked as quoted."""
    seen = False
    for line in rest:
        if line.lstrip().startswith(">"):
            seen = True
        elif _SIGNATURE.match(line):
            return False
        elif seen and line.strip() and not _PHONE.match(line.strip()):
            return True
    return False


def _without_signature(lines: list[str]) -> list[str]:
    for number, line in enumerate(lines):
        if _SIGNATURE.match(line) and any(one.strip() for one in lines[:number]):
            return lines[:number]
    kept = list(lines)
    while kept and (not kept[-1].strip() or _PHONE.match(kept[-1].strip())):
        kept.pop()
    return kept


# Mail that has only HTML

_BLOCKS = {"p", "div", "li", "tr", "table", "ul", "ol", "h1", "h2", "h3", "h4", "pre", "hr", "br"}
_SILENT = {"script", "style", "head", "title"}


class _Words(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self.silent, self.quoted = 0, 0

    def handle_starttag(self, tag: str, attrs: list) -> None:
        if tag in _SILENT:
            self.silent += 1
        elif tag == "blockquote":
            self.quoted += 1
            self._break()
        elif tag in _BLOCKS:
            self._break()
            if tag == "li":
                self.parts.append("* ")

    def handle_endtag(self, tag: str) -> None:
        if tag in _SILENT:
            self.silent = max(0, self.silent - 1)
        elif tag == "blockquote":
            self.quoted = max(0, self.quoted - 1)
            self._break()
        elif tag in _BLOCKS and tag != "br":
            self._break()

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self.parts.append(re.sub(r"\s+", " ", data))

    def _break(self) -> None:
        self.parts.append("\n" + "> " * min(self.quoted, 3))


def text_of_html(html: str) -> str:
    """The words of an HTML mail, quotations marked as in plain text."""
    words = _Words()
    words.feed(html[:500_000])
    words.close()
    lines = [line.strip() for line in "".join(words.parts).split("\n")]
    kept: list[str] = []
    for line in lines:
        if line.strip("> ") or (kept and kept[-1].strip("> ")):
            kept.append(line)
    return "\n".join(kept)
