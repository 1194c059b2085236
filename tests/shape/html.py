"""Knows strict HTML: parses a page or a fragment into a tree, and says what is wrong with it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = {
    "area",
    "base",
    "br",
    "col",
    "embed",
    "hr",
    "img",
    "input",
    "link",
    "meta",
    "param",
    "source",
    "track",
    "wbr",
}
# Shapes of SVG may close themselves.
SVG = {
    "svg",
    "use",
    "path",
    "circle",
    "rect",
    "line",
    "polyline",
    "polygon",
    "g",
    "defs",
    "symbol",
    "title",
    "stop",
    "ellipse",
}
BLOCKS = {
    "address",
    "article",
    "aside",
    "blockquote",
    "details",
    "dialog",
    "div",
    "dl",
    "fieldset",
    "figure",
    "footer",
    "form",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "hr",
    "main",
    "nav",
    "ol",
    "p",
    "pre",
    "section",
    "table",
    "ul",
}
NEVER_INSIDE = {
    "a": {"a", "button"},
    "button": {"a", "button"},
    "form": {"form"},
    "label": {"label"},
    "main": {"main"},
}
CONTROLS = {"input", "select", "textarea"}
UNSEEN_INPUTS = {"hidden", "submit", "button", "image", "reset"}
REFERENCES = ("aria-labelledby", "aria-describedby", "aria-controls", "aria-errormessage", "for")


@dataclass
class Element:
    tag: str
    attrs: dict[str, str]
    parent: Element | None = None
    children: list[Element | str] = field(default_factory=list)
    line: int = 0

    def walk(self) -> Iterator[Element]:
        for child in self.children:
            if isinstance(child, Element):
                yield child
                yield from child.walk()

    def all(self, *tags: str) -> list[Element]:
        return [element for element in self.walk() if element.tag in tags]

    def above(self) -> Iterator[Element]:
        element = self.parent
        while element is not None:
            yield element
            element = element.parent

    def text(self) -> str:
        parts = [child if isinstance(child, str) else child.text() for child in self.children]
        return " ".join(" ".join(parts).split())

    @property
    def elements(self) -> list[Element]:
        return [child for child in self.children if isinstance(child, Element)]

    @property
    def classes(self) -> set[str]:
        return set(self.attrs.get("class", "").split())

    def __str__(self) -> str:
        attrs = "".join(f' {key}="{value}"' for key, value in list(self.attrs.items())[:4])
        return f"<{self.tag}{attrs}> (line {self.line})"


class _Parser(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Element("", {})
        self.open = [self.root]
        self.wrong: list[str] = []
        self.doctype = ""

    def handle_decl(self, decl: str) -> None:
        self.doctype = decl

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        doubled = [name for name, count in Counter(name for name, _ in attrs).items() if count > 1]
        element = Element(
            tag, {key: value or "" for key, value in attrs}, self.open[-1], line=self.getpos()[0]
        )
        if doubled:
            self.wrong.append(f"{element} says {doubled} twice")
        above = [open_.tag for open_ in self.open]
        if tag in BLOCKS and "p" in above and "svg" not in above:
            self.wrong.append(f"{element} inside a <p>")
        for forbidden in NEVER_INSIDE.get(tag, ()):
            if forbidden in above:
                self.wrong.append(f"{element} inside a <{forbidden}>")
        self.open[-1].children.append(element)
        if tag not in VOID:
            self.open.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in VOID | SVG:
            self.wrong.append(f"<{tag}/> closes itself (line {self.getpos()[0]})")
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        if tag in VOID:
            self.wrong.append(f"</{tag}> of a void element (line {self.getpos()[0]})")
        elif self.open[-1].tag == tag:
            self.open.pop()
        else:
            self.wrong.append(
                f"</{tag}> (line {self.getpos()[0]}) where {self.open[-1]} is still open"
            )
            if tag in [element.tag for element in self.open]:
                while self.open.pop().tag != tag:
                    pass

    def handle_data(self, data: str) -> None:
        self.open[-1].children.append(data)


def parse(source: str) -> tuple[Element, list[str], str]:
    """The root of the tree, what is not well-formed, and the doctype."""
    parser = _Parser()
    parser.feed(source)
    parser.close()
    for element in parser.open[1:]:
        parser.wrong.append(f"{element} is never closed")
    return parser.root, parser.wrong, parser.doctype


def faults(source: str) -> list[str]:
    """What is wrong with a piece of HTML, a page or a fragment."""
    root, wrong, _ = parse(source)
    wrong += _doubled_ids(root)
    for element in root.walk():
        wrong += _of_element(element)
    return wrong


def faults_of_page(source: str) -> list[str]:
    """What is wrong with a whole page: all of a fragment's, and a page's own duties."""
    root, _, doctype = parse(source)
    wrong = faults(source)
    ids = {element.attrs["id"] for element in root.walk() if "id" in element.attrs}
    if doctype.lower() != "doctype html":
        wrong.append("no <!doctype html>")
    for tag in ("html", "title", "main", "h1"):
        found = [
            element for element in root.all(tag) if "svg" not in [a.tag for a in element.above()]
        ]
        if len(found) != 1:
            wrong.append(f"{len(found)} <{tag}> elements")
        elif tag != "html" and not found[0].text():
            wrong.append(f"<{tag}> is empty")
    for html in root.all("html"):
        if not html.attrs.get("lang"):
            wrong.append("<html> without lang")
    skips = any(a.attrs.get("href", "").startswith("#") for a in root.all("a"))
    if root.all("nav") and not skips:
        wrong.append("no skip link")
    if not any(meta.attrs.get("name") == "viewport" for meta in root.all("meta")):
        wrong.append("no viewport")
    for element in root.walk():
        for name in REFERENCES:
            for target in element.attrs.get(name, "").split():
                if target not in ids:
                    wrong.append(f"{element}: {name} names #{target}, which is not there")
    depth = 0
    for heading in root.all("h1", "h2", "h3", "h4", "h5", "h6"):
        if any("prose" in element.classes for element in heading.above()):
            continue
        level = int(heading.tag[1])
        if level > depth + 1 and depth:
            wrong.append(f"{heading} follows an h{depth}: a level is skipped")
        depth = level
    navs = list(root.all("nav"))
    if len(navs) > 1 and any(not _has_name(nav) for nav in navs):
        wrong.append("several <nav>, not all of them named by aria-label")
    return wrong


def _doubled_ids(root: Element) -> list[str]:
    ids = Counter(element.attrs["id"] for element in root.walk() if "id" in element.attrs)
    return [f"id {name!r} stands {count} times" for name, count in ids.items() if count > 1]


def _has_name(element: Element) -> bool:
    return bool(element.attrs.get("aria-label") or element.attrs.get("aria-labelledby"))


def _labelled(control: Element) -> bool:
    if _has_name(control) or control.attrs.get("title"):
        return True
    if any(element.tag == "label" and element.text() for element in control.above()):
        return True
    *_, root = control.above()
    name = control.attrs.get("id")
    return bool(name) and any(
        label.attrs.get("for") == name and label.text() for label in root.all("label")
    )


def _says_something(element: Element) -> bool:
    if element.text() or _has_name(element) or element.attrs.get("title"):
        return True
    return any(
        _has_name(child) or child.attrs.get("alt") or child.tag == "title"
        for child in element.walk()
    )


def _of_element(element: Element) -> list[str]:
    wrong = []
    unseen = "hidden" in element.attrs or any(above.tag == "template" for above in element.above())
    attrs, tag = element.attrs, element.tag
    for name in attrs:
        if name.startswith(("on", "hx-on")) or name in ("style", "accesskey"):
            wrong.append(f"{element}: no {name} attribute here")
    if tag == "style" or (tag == "script" and "src" not in attrs and not _is_data(element)):
        wrong.append(f"{element} inline")
    if tag in CONTROLS and attrs.get("type") not in UNSEEN_INPUTS and not _labelled(element):
        wrong.append(f"{element} has no label")
    if tag == "img" and "alt" not in attrs:
        wrong.append(f"{element} has no alt")
    if tag in ("a", "button", "summary") and not unseen and not _says_something(element):
        wrong.append(f"{element} has no name")
    if tag == "a" and "href" not in attrs:
        wrong.append(f"{element} leads nowhere")
    if tag == "form" and "action" not in attrs:
        wrong.append(f"{element} has no action")
    if attrs.get("tabindex", "0") not in ("0", "-1"):
        wrong.append(f"{element}: tabindex above 0")
    if tag == "li" and element.parent and element.parent.tag not in ("ul", "ol", "menu"):
        wrong.append(f"{element} in a <{element.parent.tag}>")
    if tag in ("ul", "ol"):
        strays = {child.tag for child in element.elements} - {"li", "script", "template"}
        if strays:
            wrong.append(f"{element} holds {strays}")
    if tag == "a" and attrs.get("target") == "_blank" and "noopener" not in attrs.get("rel", ""):
        wrong.append(f"{element} opens a window without rel=noopener")
    if "prose" in element.classes and not any(
        "hx-disable" in holder.attrs for holder in [element, *element.above()]
    ):
        wrong.append(f"{element}: words by people outside hx-disable")
    return wrong


def _is_data(element: Element) -> bool:
    return element.attrs.get("type", "") in ("application/json", "application/ld+json")
