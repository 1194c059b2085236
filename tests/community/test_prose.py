"""What people write is shown as they meant it, and nothing of it runs, loads or reaches out."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html.parser import HTMLParser

import pytest

from community import prose
from tests.community.xss import CORPUS, TOKEN

ALLOWED = {
    "a": {"href", "rel", "class", "dir"},
    "img": {"src", "alt", "width", "height", "loading", "decoding"},
    "ol": {"start", "dir"},
    "div": {"class", "tabindex"},
    "th": {"class", "dir"},
    "td": {"class", "dir"},
    **{tag: {"dir"} for tag in ["p", "h3", "h4", "h5", "h6", "ul", "blockquote", "table"]},
    **{
        tag: set()
        for tag in ["br", "code", "em", "hr", "li", "pre", "s", "strong", "tbody", "thead", "tr"]
    },
}
CLASSES = {"mention", "picture", "table-scroll", "is-left", "is-center", "is-right"}
HREF = re.compile(r"(https?://[^/@\\\s]|mailto:[^\s]+@|/(?![/\\])|/$)")
PEOPLE = {"ada": (7, 'Ada <b>"Mensah"</b>')}


@dataclass
class Upload:
    width: int | None = 1280
    height: int | None = 800
    alt: str = "The boiler"
    name: str = "boiler.jpg"
    token: str = TOKEN

    def url(self, rendition: str = "medium") -> str:
        return f"/media/{self.token}/{rendition}/"


class Page(HTMLParser):
    """Every element with its attributes, and the text, as a browser would find them."""

    def __init__(self, source: str):
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(source)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.text += data

    def handle_comment(self, data):
        raise AssertionError(f"a comment: {data}")

    handle_decl = handle_pi = unknown_decl = handle_comment

    def all(self, tag):
        return [attrs for name, attrs in self.elements if name == tag]


def page(text: str, **options) -> Page:
    return Page(prose.render(text, people=PEOPLE, media={TOKEN: Upload()}, **options))


def assert_harmless(found: Page) -> None:
    for tag, attrs in found.elements:
        assert tag in ALLOWED, tag
        assert set(attrs) <= ALLOWED[tag], (tag, attrs)
        assert set((attrs.get("class") or "").split()) <= CLASSES
        if "href" in attrs:
            assert HREF.match(attrs["href"]), attrs["href"]
            assert attrs["rel"] == "nofollow noopener noreferrer"
        if tag == "img":
            assert attrs["src"] == f"/media/{TOKEN}/medium/"


def test_the_corpus_is_large_and_has_no_twins():
    assert len(CORPUS) >= 150
    assert len(CORPUS) == len(set(CORPUS))


@pytest.mark.parametrize("payload", CORPUS)
def test_hostile_text_is_harmless(payload):
    for text in (
        payload,
        f"x {payload} y",
        f"> - **{payload}**",
        f"| {payload} |\n|-|\n| {payload} |",
    ):
        assert_harmless(page(text))
        assert_harmless(page(text, short=True))


@pytest.mark.parametrize("payload", CORPUS)
def test_hostile_text_makes_plain_excerpts(payload):
    for excerpt in (prose.plain(payload), prose.plain(prose.render(payload))):
        assert len(excerpt) <= 200
        assert "\n" not in excerpt


@pytest.mark.parametrize("payload", CORPUS)
def test_hostile_names_and_descriptions_are_harmless(payload):
    found = Page(
        prose.render(
            f"@ada ![](media:{TOKEN})",
            people={"ada": (7, payload)},
            media={TOKEN: Upload(alt=payload)},
        )
    )
    assert_harmless(found)
    assert [tag for tag, attrs in found.elements] == ["p", "a", "a", "img"]


def test_the_second_net_holds_without_the_first():
    """If the parser let everything through, the allow-list alone would still be enough."""
    for payload in CORPUS:
        cleaned = Page(prose._cleaner.clean(f"<p>{payload}</p>"))
        for tag, attrs in cleaned.elements:
            assert tag in ALLOWED
            assert set(attrs) <= ALLOWED[tag]
            assert HREF.match(attrs.get("href") or "/x")
            assert (attrs.get("src") or "/media/").startswith("/media/")


def test_ordinary_markdown_is_shown():
    found = page(
        "# One\n## Two\n\nA **b** _i_ ~~s~~ `c`\nnext line\n\n"
        "- [ ] open\n- [x] done\n\n3. three\n\n"
        "> said\n\n---\n\n| a | b |\n|---|--:|\n| 1 | 2 |\n\n```\ncode <b>\n```"
    )
    tags = [tag for tag, attrs in found.elements]
    assert tags[:2] == ["h3", "h4"]
    for tag in [
        "p",
        "strong",
        "em",
        "s",
        "code",
        "br",
        "ul",
        "ol",
        "li",
        "blockquote",
        "hr",
        "table",
        "th",
        "td",
        "pre",
    ]:
        assert tag in tags, tag
    assert "☐ open" in found.text
    assert "☑ done" in found.text
    assert "code <b>" in found.text
    assert found.all("ol")[0]["start"] == "3"
    assert found.all("td")[1]["class"] == "is-right"


def test_outermost_blocks_find_their_own_direction():
    found = page("שלום\n\n- مرحبا\n\n> hola")
    assert [attrs.get("dir") for tag, attrs in found.elements if tag in ("ul", "blockquote")] == [
        "auto",
        "auto",
    ]
    assert found.all("p")[0]["dir"] == "auto"


def test_short_text_has_no_headings_tables_pictures_or_code_blocks():
    found = page(
        f"# x\n\n| a |\n|-|\n| b |\n\n![x](media:{TOKEN})\n\n```\nc\n```\n\n---", short=True
    )
    assert {tag for tag, attrs in found.elements} <= {"p", "br", "code", "a", "em", "strong"}


# Links


@pytest.mark.parametrize(
    ("text", "href"),
    [
        ("see https://example.org/a_b_(c)_d.", "https://example.org/a_b_(c)_d"),
        ("(https://example.org/x)", "https://example.org/x"),
        ("**https://example.org**", "https://example.org"),
        ("Https://example.org/x", "https://example.org/x"),
        ("<https://example.org/>", "https://example.org/"),
        ("www.example.org/x, and", "https://www.example.org/x"),
        ("[x](www.example.org)", "https://www.example.org"),
        ("[x](https://example.org?a=1&b=2)", "https://example.org?a=1&b=2"),
        ("[x](/topics/1/)", "/topics/1/"),
        ("[x](mailto:a@example.org)", "mailto:a@example.org"),
        ("write to maria_jose@example.org.", "mailto:maria_jose@example.org"),
        ("![x](https://evil.example/p.gif)", "https://evil.example/p.gif"),
    ],
)
def test_addresses_become_links(text, href):
    links = page(text).all("a")
    assert [link["href"] for link in links] == [href]
    assert_harmless(page(text))


@pytest.mark.parametrize(
    "text", ["letter.md", "12:30", "a://b", "ftp://a.example/", "https://", "example.org", "a@b"]
)
def test_what_is_no_address_stays_text(text):
    found = page(text)
    assert found.all("a") == []
    assert found.text.strip() == text


def test_direction_overrides_are_taken_out():
    assert "\u202e" not in prose.render("https://example.org/\u202egpj.exe")


# Mentions


def test_a_mention_becomes_a_link_to_the_person():
    found = page("Ask @Ada, _@ada_ or (@ada)!")
    assert [link["href"] for link in found.all("a")] == ["/people/7/"] * 3
    assert all(link["class"] == "mention" for link in found.all("a"))
    assert '@Ada <b>"Mensah"</b>' in found.text


def test_only_people_who_were_passed_in_are_linked():
    found = page("@zoe and @ada")
    assert len(found.all("a")) == 1
    assert "@zoe" in found.text


@pytest.mark.parametrize(
    ("text", "handles"),
    [
        ("@ada @ben-castillo @x_1", {"ada", "ben-castillo", "x_1"}),
        ("@ADA, @ada.", {"ada"}),
        ("> @ada\n\n- @ben\n\n| @fay |\n|-|\n| @mo |", {"ada", "ben", "fay", "mo"}),
        ("mail ada@example.org", set()),
        ("@ada@social.example", set()),
        ("`@ada` and\n\n```\n@ben\n```", set()),
        ("[@ada](/x)", set()),
        ("https://social.example/@ada", set()),
        ("\\@ada", set()),
        ("@ @- @_ @é", set()),
        ("", set()),
    ],
)
def test_mentions_are_found(text, handles):
    assert prose.mentioned_handles(text) == handles


# Pictures


def test_an_upload_is_shown_with_its_size_and_opens_large():
    found = page(f"![A *boiler*](media:{TOKEN})")
    assert found.all("img") == [
        {
            "src": f"/media/{TOKEN}/medium/",
            "alt": "A *boiler*",
            "width": "1280",
            "height": "800",
            "loading": "lazy",
            "decoding": "async",
        }
    ]
    assert found.all("a")[0]["href"] == f"/media/{TOKEN}/large/"


def test_a_picture_without_words_takes_the_uploads_description():
    assert page(f"![](media:{TOKEN})").all("img")[0]["alt"] == "The boiler"


def test_a_picture_inside_a_link_opens_the_link():
    links = page(f"[![x](media:{TOKEN})](/topics/1/)").all("a")
    assert [link["href"] for link in links] == ["/topics/1/"]


def test_uploads_that_were_not_passed_in_leave_their_words():
    found = Page(prose.render(f"![The boiler](media:{TOKEN})"))
    assert found.all("img") == []
    assert found.text.strip() == "The boiler"


def test_tokens_of_pictures_are_found_in_order():
    other = "B" * 32
    text = f"![](media:{other}) ![x](media:{TOKEN}) ![y](media:{other}) `![](media:{'C' * 32})`"
    assert prose.media_tokens(text) == [other, TOKEN]


# Excerpts


def test_an_excerpt_has_words_and_no_markup():
    text = (
        f"# Heating\n\n**On** since _today_ & [here](https://a.example), @ada ![pot](media:{TOKEN})"
    )
    assert prose.plain(text) == "Heating On since today & here, @ada pot"
    assert prose.plain(prose.render(text)) == "Heating On since today & here, @ada pot"


def test_an_excerpt_ends_at_a_word():
    assert prose.plain("one two three four", 12) == "one two…"
    assert prose.plain("x" * 50, 10) == "x" * 9 + "…"
    assert prose.plain("", 10) == ""


# Limits


def test_deep_quotes_lists_and_wide_tables_keep_their_words():
    deep = page("> " * 60 + "here\n\n" + "- " * 60 + "there")
    assert "here" in deep.text
    assert "there" in deep.text
    wide = page("|" + "a|" * 500 + "\n|" + "-|" * 500 + "\n|b|")
    assert wide.all("table") == []
    assert "b" in wide.text
