"""Every page is strict HTML, every fragment has one root with an id, every title its own."""

from __future__ import annotations

import re
from collections import defaultdict
from types import SimpleNamespace

import pytest

from community.models import Member
from tests.shape import html
from tests.shape.access import WHO
from tests.shape.sources import ROOT
from tests.shape.test_access import ROWS, place  # noqa: F401  fixture

pytestmark = pytest.mark.django_db

# Titles that are meant to be the same: one page in two states, or a page of a package.
SAME_TITLE_ALLOWED = (
    "/accounts/",
    "/invitations/",
    "/welcome/",
    "/groups/start/",
    "/styleguide",
    "/search/instant/",
)


def readable(place: SimpleNamespace, who: str) -> dict[str, str]:  # noqa: F811
    """Address → HTML of every page that answers 200, 403, 404 or 422 to this person's GET."""
    pages = {}
    for row in ROWS:
        if row.method != "GET":
            continue
        answer = place.clients[who].get(row.address.format(**place.words))
        kind = answer.headers.get("Content-Type", "")
        if kind.startswith("text/html") and not answer.streaming and answer.content:
            pages[row.address] = answer.content.decode()
    return pages


@pytest.mark.parametrize("who", ["guest", "ben", "ada", "ruth"])
def test_every_page_is_strict_html(place, who):  # noqa: F811
    wrong = {
        address: faults
        for address, source in readable(place, who).items()
        if (faults := html.faults_of_page(source))
    }
    assert wrong == {}, _listed(wrong)


def _listed(wrong: dict[str, list[str]]) -> str:
    return "\n" + "\n".join(
        f"{address}\n" + "\n".join(f"    {fault}" for fault in faults[:8])
        for address, faults in wrong.items()
    )


def test_every_page_in_spanish_is_strict_html_too(place):  # noqa: F811
    Member.objects.filter(pk=place.world.ada.pk).update(language="es")
    pages = readable(place, "ada")
    wrong = {
        address: found
        for address, source in pages.items()
        if (found := html.faults_of_page(source))
    }
    assert wrong == {}, _listed(wrong)
    assert all('lang="es"' in source for source in pages.values())


def test_every_page_has_a_title_of_its_own(place):  # noqa: F811
    titles = defaultdict(set)
    for address, source in readable(place, "ada").items():
        root, *_ = html.parse(source)
        status = place.clients["ada"].get(address.format(**place.words)).status_code
        if status == 200 and not address.startswith(SAME_TITLE_ALLOWED):
            for title in root.all("title")[:1]:
                titles[title.text()].add(re.sub(r"\{\w+\}", "", address))
    assert {title: found for title, found in titles.items() if len(found) > 1} == {}


@pytest.mark.parametrize("who", WHO)
def test_every_swapped_fragment_has_one_root_with_an_id(place, who):  # noqa: F811
    wrong = []
    for row in ROWS:
        if row.method != "GET":
            continue
        path = row.address.format(**place.words)
        answer = place.clients[who].get(path, headers={"HX-Request": "true"})
        if answer.status_code != 200 or not answer["Content-Type"].startswith("text/html"):
            continue
        assert (
            "HX-Request" in answer.get("Vary", "")
            or "<!doctype" in answer.content.decode()[:40].lower()
        )
        source = answer.content.decode()
        if "<!doctype" in source[:40].lower():
            continue
        root, faults, _ = html.parse(source)
        roots = [element for element in root.elements if "hx-swap-oob" not in element.attrs]
        if len(roots) != 1 or not roots[0].attrs.get("id"):
            wrong.append(f"{path}: {[str(element) for element in root.elements]}")
        wrong += [f"{path}: {fault}" for fault in faults + html.faults(source)]
    assert wrong == []


# What is written in the templates, before anybody asks


FRAGMENTS = sorted((ROOT / "templates").rglob("_*.html"))
TAGS = re.compile(r"\{%.*?%\}|\{#.*?#\}", re.S)
# Parts of a page or of another fragment; never what htmx swaps by itself.
PARTS = {
    "community/_comment.html",
    "community/_comments_later.html",
    "community/_reactions.html",  # one root or the other, with the same id
    "community/_toasts.html",
    "community/_top.html",
    "groups/_aside.html",
    "groups/_volume.html",
}


@pytest.mark.parametrize(
    "path", FRAGMENTS, ids=lambda path: str(path.relative_to(ROOT / "templates"))
)
def test_a_fragment_file_has_one_root(path):
    source = path.read_text()
    bare = TAGS.sub("", re.sub(r"\{%\s*comment.*?endcomment\s*%\}", "", source, flags=re.S))
    bare = re.sub(r"\{\{.*?\}\}", "x", bare, flags=re.S)
    root, _, _ = html.parse(bare)
    kinds = {(element.tag, element.attrs.get("id", "")) for element in root.elements}
    name = str(path.relative_to(ROOT / "templates"))
    assert len(kinds) <= 1 or name in PARTS, [str(element) for element in root.elements]


def test_no_template_carries_style_or_script_inside():
    wrong = []
    inline = re.compile(r"\sstyle\s*=|\son[a-z]+\s*=\s*[\"']|\shx-on|<style|<script(?![^>]*\bsrc=)")
    # The frame of mail is no page of ours: no policy stands over it, and it can name no file.
    frame_of_mail = ROOT / "templates/emails/base.html"
    for path in (ROOT / "templates").rglob("*.html"):
        if path == frame_of_mail:
            continue
        for number, line in enumerate(path.read_text().splitlines(), 1):
            if inline.search(line) and "application/json" not in line:
                wrong.append(f"{path.relative_to(ROOT)}:{number}: {line.strip()[:80]}")
    assert wrong == []


def test_nothing_that_repeats_is_a_component():
    """A cotton component costs a tenth of a millisecond: none in rows, cards and comments."""
    wrong = []
    for path in FRAGMENTS:
        source = path.read_text()
        looped = re.findall(r"\{%\s*for\b(.*?)\{%\s*(?:empty|endfor)", source, re.S)
        if any("<c-" in part for part in looped):
            wrong.append(str(path.relative_to(ROOT)))
    assert wrong == []
