"""Turns what people write (Markdown) into HTML that is safe to show; finds mentions and pictures.

Two nets, one behind the other: the parser only knows harmless constructs (no HTML, no remote
pictures, three link schemes), and the result passes an allow-list of tags and attributes. Either
alone would do; neither trusts the other.
"""

from __future__ import annotations

import html
import re
from collections.abc import Mapping, Sequence, Set
from functools import lru_cache
from typing import Any, Protocol

import nh3
from markdown_it import MarkdownIt
from markdown_it.common.normalize_url import normalizeLink
from markdown_it.common.utils import escapeHtml
from markdown_it.renderer import RendererHTML
from markdown_it.rules_block import StateBlock
from markdown_it.rules_block import table as parse_table
from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

RENDERER = 1
"""Stored next to rendered text. Raise it when the output changes, and old text is rendered anew."""

MAX_CONTAINERS = 6  # quotes and lists inside one another; deeper ones cost depth × lines
MAX_COLUMNS = 20
MAX_CELLS = 3_000


class Picture(Protocol):
    """What `render` needs to know of an inline picture; `Media` is one."""

    width: int | None
    height: int | None
    alt: str
    name: str

    def url(self, rendition: str = "medium") -> str: ...


People = Mapping[str, tuple[int, str]]
"""Handle in lower case → (primary key, display name)."""


def render(
    text: str,
    *,
    people: People | None = None,
    circles: Set[str] = frozenset(),
    media: Mapping[str, Picture] | None = None,
    short: bool = False,
) -> str:
    """Safe HTML for Markdown `text`.

    Only handles in `people` become links to a person, only words in `circles` mentions of several,
    only tokens in `media` pictures: whoever calls this has settled which of them the readers may
    see. `short` is for a line or two: no headings, tables, pictures or code blocks.
    """
    parser = _short if short else _full
    env = {"people": people or {}, "circles": circles, "media": media or {}}
    return _cleaner.clean(parser.renderer.render(_parse(text, short), parser.options, env))


def mentioned_handles(text: str) -> set[str]:
    """Handles (lower case) that `text` mentions outside code and links, known to us or not."""
    return {token.meta["handle"] for token in _inline_tokens(text) if token.type == "mention"}


def media_tokens(text: str) -> list[str]:
    """Tokens of the uploads that `text` shows as pictures, in order, each once."""
    found = (token.meta["token"] for token in _inline_tokens(text) if token.type == "picture")
    return list(dict.fromkeys(found))


def plain(source: str, limit: int = 200) -> str:
    """The words of `source` (Markdown, or HTML made by `render`), one line, cut to `limit`."""
    if _RENDERED.match(source):
        words = html.unescape(nh3.clean(_BREAK.sub(" ", source), tags=set()))
    else:
        words = " ".join(_words(_parse(source, False)))
    words = " ".join(words.split())
    if len(words) <= limit:
        return words
    cut = words[: max(limit - 1, 0)]
    at = cut.rfind(" ")
    return (cut[:at] if at > limit / 2 else cut).rstrip(" ,.;:–-") + "…"


_RENDERED = re.compile(r"\s*<(?:p|h[3-6]|ul|ol|blockquote|pre|hr|div)[ >]")
_BREAK = re.compile(r"</(?:p|h[3-6]|li|blockquote|pre|t[hdr])>|<(?:br|hr)>")


# Reading -------------------------------------------------------------------------------------

_BIDI_OVERRIDES = re.compile("[\u202d\u202e]")  # they make text read as what it is not
_CONTAINER = r"[ \t]*+(?:>|[-*+](?=[ \t])|\d{1,9}[.)](?=[ \t]))"
_CONTAINERS = re.compile(rf"^((?:{_CONTAINER}){{{MAX_CONTAINERS}}})(?:{_CONTAINER})+", re.MULTILINE)


@lru_cache(maxsize=2)
def _parse(text: str, short: bool) -> Sequence[Token]:
    """Tokens of `text`, kept because one caller asks several times. Never change them."""
    text = _CONTAINERS.sub(r"\1", _BIDI_OVERRIDES.sub("", text))
    return (_short if short else _full).parse(text, {})


def _inline_tokens(text: str) -> list[Token]:
    return [child for token in _parse(text, False) for child in token.children or ()]


def _words(tokens: Sequence[Token]) -> list[str]:
    words = []
    for token in tokens:
        if token.type == "inline":
            words.append("".join(_inline_word(child) for child in token.children or ()))
        elif token.type in ("fence", "code_block"):
            words.append(token.content)
    return words


def _inline_word(token: Token) -> str:
    if token.type in ("softbreak", "hardbreak"):
        return " "
    return token.content


# Parser: our own inline rules ----------------------------------------------------------------
# Each looks at a bounded stretch of text, so that the whole stays linear in what was written.

_MENTION = re.compile(r"@([a-z0-9]++(?:[-_][a-z0-9]++)*+)(?![^\W_]|@)", re.IGNORECASE | re.ASCII)
_PICTURE = re.compile(r"!\[([^\[\]\n]{0,500})\]\(media:([A-Za-z0-9_-]{20,64})\)")
_REMOTE_PICTURE = re.compile(r"!\[([^\[\]\n]{0,500})\]\((https?://[^\s()<>]{1,2000})\)")
_SCHEME = re.compile(r"(?:^|[^a-z0-9])(https?)$", re.IGNORECASE)
_ADDRESS = re.compile(
    r"https?://[^\W_](?:[\w.-]{0,252}[^\W_])?(?::\d{1,5})?(?:[/?#][^\s<>\"`\\^{|}]{0,2000})?",
    re.IGNORECASE,
)
_EMAIL_OR_WWW = re.compile(
    r"(?<![\w.+@/-])(?:"
    r"(?P<email>[a-z0-9][\w.+-]{0,62}@(?:[a-z0-9-]{1,63}\.){1,5}[a-z]{2,24}(?![\w@-]))"
    r"|www\.(?:[a-z0-9-]{1,63}\.){1,5}[a-z]{2,24}(?![\w@-])(?:/[^\s<>\"`\\^{|}]{0,2000})?)",
    re.IGNORECASE | re.ASCII,
)
_LINK = re.compile(
    r"https?://[^/?#\\@\s]+(?:[/?#][^\\\s]*)?$|mailto:[^\s?]+@[^\s?]+$|/(?![/\\])[^\\\s]*$"
)


def _mention(state: StateInline, silent: bool) -> bool:
    if state.src[state.pos] != "@" or state.linkLevel:
        return False
    before = state.src[state.pos - 1] if state.pos else " "
    if before.isalnum() or before in "@/.+-":
        return False
    match = _MENTION.match(state.src, state.pos)
    if not match or match.end() > state.posMax:
        return False
    if not silent:
        token = state.push("mention", "", 0)
        token.content = match[0]
        token.meta = {"handle": match[1].lower()}
    state.pos = match.end()
    return True


def _picture(state: StateInline, silent: bool) -> bool:
    """`![words](media:TOKEN)` is a picture; `![words](https://…)` becomes a link: looking at it
    would tell a stranger who reads here."""
    if state.src[state.pos] != "!" or not state.src.startswith("[", state.pos + 1):
        return False
    match = _PICTURE.match(state.src, state.pos)
    if match and match.end() <= state.posMax:
        if not silent:
            token = state.push("picture", "", 0)
            token.content = match[1].strip()
            token.meta = {"token": match[2], "linked": state.linkLevel > 0}
        state.pos = match.end()
        return True
    match = _REMOTE_PICTURE.match(state.src, state.pos)
    if match and match.end() <= state.posMax and not state.linkLevel:
        href = state.md.normalizeLink(match[2])
        if state.md.validateLink(href):
            if not silent:
                _push_link(state, href, match[1].strip() or match[2])
            state.pos = match.end()
            return True
    return False


def _address(state: StateInline, silent: bool) -> bool:
    if state.linkLevel or not state.src.startswith("://", state.pos):
        return False
    scheme = _SCHEME.search(state.pending[-6:])
    if not scheme:
        return False
    start = state.pos - len(scheme[1])
    match = _ADDRESS.match(state.src, start, state.posMax)
    if not match or state.src.startswith("@", match.end()):
        return False
    address = _without_punctuation(match[0])
    href = state.md.normalizeLink(address)
    if not state.md.validateLink(href):
        return False
    if not silent:
        state.pending = state.pending[: -len(scheme[1])]
        _push_link(state, href, address)
    state.pos = start + len(address)
    return True


def _without_punctuation(address: str) -> str:
    """`address` without what belongs to the sentence round it: a full stop, an unopened bracket."""
    surplus = address.count(")") - address.count("(")
    end = len(address)
    while end > 8:
        last = address[end - 1]
        if last == ")" and surplus > 0:
            surplus -= 1
        elif last not in ".,:;!?*_~'\"]":
            break
        end -= 1
    return address[:end]


def _push_link(state: StateInline, href: str, words: str) -> None:
    state.push("link_open", "a", 1).attrs = {"href": href}
    state.push("text", "", 0).content = words
    state.push("link_close", "a", -1)


def _normal_link(address: str) -> str:
    """People leave out what a browser adds, and their phones write Https."""
    if address.lower().startswith("www."):
        address = f"https://{address}"
    scheme, colon, rest = address.partition(":")
    return normalizeLink(scheme.lower() + colon + rest if scheme.isalpha() else address)


def _is_safe_link(href: str) -> bool:
    """Web and mail addresses, paths of this site; no user name before a host, it only misleads."""
    return bool(_LINK.match(href))


# Parser: our own block and core rules --------------------------------------------------------


def _table(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Tables of a size that somebody could read; rows are filled up to the width of the head."""
    columns = state.src.count("|", state.bMarks[start], state.eMarks[start]) + 1
    if columns > MAX_COLUMNS:
        return False
    return parse_table(state, start, min(end, start + MAX_CELLS // columns), silent)


def _finish(state: StateCore) -> None:
    """Mail and www addresses become links, `[ ]` in lists becomes a box, headings fit below the
    page's own, and each outermost block finds its own direction of writing."""
    in_item = False
    for token in state.tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(int(token.tag[1]) + 2, 6)}"
        if token.type in ("th_open", "td_open"):
            align = str(token.attrs.pop("style", "")).removeprefix("text-align:")
            token.attrs = {"dir": "auto"} | ({"class": f"is-{align}"} if align else {})
        elif token.nesting == 1 and token.level == 0:
            token.attrSet("dir", "auto")
        if token.type == "inline" and token.children:
            if in_item:
                _tick(token.children[0])
            if "@" in token.content or "www." in token.content.lower():
                token.children = _link_addresses(token.children)
        in_item = token.type == "list_item_open" or (in_item and token.type == "paragraph_open")


def _tick(first: Token) -> None:
    if first.type == "text" and first.content[:4] in ("[ ] ", "[x] ", "[X] "):
        first.content = ("☐ " if first.content[1] == " " else "☑ ") + first.content[4:]


def _link_addresses(tokens: list[Token]) -> list[Token]:
    linked: list[Token] = []
    depth = 0
    for token in tokens:
        depth += token.nesting if token.tag == "a" else 0
        if depth or token.type != "text":
            linked.append(token)
            continue
        position = 0
        for match in _EMAIL_OR_WWW.finditer(token.content):
            words = match[0] if match["email"] else _without_punctuation(match[0])
            href = ("mailto:" if match["email"] else "https://") + words
            linked.append(Token("text", "", 0, content=token.content[position : match.start()]))
            linked.append(Token("link_open", "a", 1, attrs={"href": _normal_link(href)}))
            linked.append(Token("text", "", 0, content=words))
            linked.append(Token("link_close", "a", -1))
            position = match.start() + len(words)
        linked.append(Token("text", "", 0, content=token.content[position:]))
    return linked


# Writing -------------------------------------------------------------------------------------


class _Renderer(RendererHTML):
    """markdown-it's renderer: each public method is the rule for the token of that name."""

    def mention(self, tokens: Sequence[Token], idx: int, options: Any, env: Any) -> str:
        handle, said = tokens[idx].meta["handle"], escapeHtml(tokens[idx].content)
        if handle in env["circles"]:
            return f'<strong class="mention">{said}</strong>'
        if handle not in env["people"]:
            return said
        pk, name = env["people"][handle]
        return f'<a class="mention" dir="auto" href="/people/{int(pk)}/">@{escapeHtml(name)}</a>'

    def picture(self, tokens: Sequence[Token], idx: int, options: Any, env: Any) -> str:
        token = tokens[idx]
        picture = env["media"].get(token.meta["token"])
        if picture is None:
            return escapeHtml(token.content)
        size = ""
        if picture.width and picture.height:
            size = f' width="{int(picture.width)}" height="{int(picture.height)}"'
        # The link round it needs a name; nobody's words are better than none.
        alt = escapeHtml(token.content or picture.alt or picture.name)
        img = (
            f'<img src="{escapeHtml(picture.url("medium"))}" alt="{alt}"{size}'
            ' loading="lazy" decoding="async">'
        )
        if token.meta["linked"]:
            return img
        return f'<a class="picture" href="{escapeHtml(picture.url("large"))}">{img}</a>'

    def fence(self, tokens: Sequence[Token], idx: int, options: Any, env: Any) -> str:
        return f"<pre><code>{escapeHtml(tokens[idx].content)}</code></pre>\n"

    def table_open(self, tokens: Sequence[Token], idx: int, options: Any, env: Any) -> str:
        # A table wider than a phone scrolls by itself, also from the keyboard.
        return '<div class="table-scroll" tabindex="0"><table dir="auto">\n'

    def table_close(self, tokens: Sequence[Token], idx: int, options: Any, env: Any) -> str:
        return "</table></div>\n"


def _parser(*off: str) -> MarkdownIt:
    parser = MarkdownIt(
        "js-default", {"html": False, "linkify": False, "breaks": True, "maxNesting": 20}
    )
    parser.renderer = _Renderer(parser)
    parser.validateLink = _is_safe_link
    parser.normalizeLink = _normal_link
    parser.block.ruler.at("table", _table, {"alt": ["paragraph", "reference"]})
    parser.inline.ruler.at("linkify", _address)
    parser.inline.ruler.at("image", _picture)
    parser.inline.ruler.push("mention", _mention)
    parser.core.ruler.push("finish", _finish)
    parser.disable(["html_block", "html_inline", "reference", *off])
    return parser


_full = _parser()
_short = _parser("heading", "lheading", "table", "fence", "code", "hr", "image")


def _allowed_value(tag: str, attribute: str, value: str) -> str | None:
    if attribute == "href" and not _is_safe_link(value):
        return None
    if attribute == "src" and not value.startswith("/media/"):
        return None
    return value


_BLOCKS = {"p", "h3", "h4", "h5", "h6", "ul", "ol", "blockquote", "table", "th", "td"}
_INLINE = {"a", "br", "code", "em", "img", "s", "strong"}
_OTHERS = {"div", "hr", "li", "pre", "tbody", "thead", "tr"}
_cleaner = nh3.Cleaner(
    tags=_BLOCKS | _INLINE | _OTHERS,
    clean_content_tags={"script", "style"},
    attributes={
        "*": set(),
        "a": {"href"},
        "img": {"src", "alt", "width", "height"},
        "ol": {"start"},
    },
    tag_attribute_values={
        "img": {"loading": {"lazy"}, "decoding": {"async"}},
        "div": {"tabindex": {"0"}},
        **{tag: {"dir": {"auto"}} for tag in _BLOCKS | {"a"}},
    },
    allowed_classes={
        "a": {"mention", "picture"},
        "strong": {"mention"},
        "div": {"table-scroll"},
        "th": {"is-left", "is-center", "is-right"},
        "td": {"is-left", "is-center", "is-right"},
    },
    attribute_filter=_allowed_value,
    url_schemes={"http", "https", "mailto"},
    link_rel="nofollow noopener noreferrer",
    strip_comments=True,
)
