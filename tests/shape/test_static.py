"""What a browser loads is small, whole, ours or pinned, and nothing a strict policy refuses."""

import gzip
import hashlib
import re
from pathlib import Path

import pytest
from django.core.management import call_command
from django.template import Context, Template
from django.test import override_settings

from tests.shape.sources import ROOT

STATIC = ROOT / "static"
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
PAGES = [path for path in TEMPLATES if "emails" not in path.parts]
CSS = STATIC / "css" / "site.css"
SCRIPTS = sorted((STATIC / "js").glob("*.js"))
EDITOR = {"editor.js", "uploads.js"}  # only for those who are signed in
APART = {"outlines.js", "passkeys.js", "push.js"}  # only on the pages that need it
LIVE = {"chat.js", "live.js", "voice.js"}  # in a room, or when the page has settled
HTMX = STATIC / "vendor" / "htmx-2.0.11.min.js"
CSS_BYTES = 77_000


def packed(*paths: Path) -> int:
    return sum(len(gzip.compress(path.read_bytes(), 9)) for path in paths)


def ids(paths: list[Path]) -> list[str]:
    return [str(path.relative_to(ROOT)) for path in paths]


def test_the_style_sheet_stays_small():
    """Read by people, so the source is not squeezed; what travels is compressed."""
    assert CSS.stat().st_size <= CSS_BYTES
    assert packed(CSS) <= 17_000


def test_our_scripts_stay_small():
    ordinary = [path for path in SCRIPTS if path.name not in EDITOR | APART | LIVE]
    assert sum(path.stat().st_size for path in ordinary) <= 22_000
    assert sum(path.stat().st_size for path in SCRIPTS if path.name in EDITOR) <= 17_000
    assert sum(path.stat().st_size for path in SCRIPTS if path.name in LIVE) <= 33_000
    assert packed(*SCRIPTS) <= 28_000


def test_a_first_visit_loads_little():
    first = [path for path in SCRIPTS if path.name not in EDITOR | APART | LIVE]
    assert packed(CSS, HTMX, *first) <= 45_000


def test_icons_and_fonts_stay_small():
    assert packed(STATIC / "img" / "icons.svg") <= 12_000
    assert (STATIC / "font" / "atkinson-next.woff2").stat().st_size <= 40_000


def test_vendored_files_are_what_was_fetched():
    lines = (STATIC / "vendor" / "CHECKSUMS").read_text().split("\n")
    told = dict(reversed(line.split()) for line in lines if line)
    found = {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in (STATIC / "vendor").glob("*.js")
    }
    assert found == told
    for name in found:
        licence = re.sub(r"-\d.*", "", name).removesuffix("-ext") + "-LICENSE.txt"
        assert (STATIC / "vendor" / licence).exists(), licence


def test_every_address_inside_scripts_and_styles_resolves_after_collectstatic(tmp_path):
    storages = {
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
        "staticfiles": {"BACKEND": "config.statics.HashedStatics"},
    }
    with override_settings(STATIC_ROOT=tmp_path, STORAGES=storages, DEBUG=False):
        call_command("collectstatic", interactive=False, verbosity=0)
    ours = [
        path for path in tmp_path.glob("js/*.js") if re.search(r"\.[0-9a-f]{12}\.js$", path.name)
    ]
    assert len(ours) == len(SCRIPTS)
    addresses = 0
    for path in ours:
        for target in re.findall(r"""(?:from|import)\s*["']([^"']+)["']""", path.read_text()):
            addresses += 1
            assert re.search(r"\.[0-9a-f]{12}\.js$", target), f"{path.name}: {target}"
            assert (path.parent / target).exists(), f"{path.name}: {target}"
    assert addresses >= 5
    style = next(tmp_path.glob("css/site.*.css"))
    for target in re.findall(r"url\(\"?(?!data:)([^\")]+)\"?\)", style.read_text()):
        assert (style.parent / target).exists(), target


def test_scripts_import_by_relative_name_only():
    for path in SCRIPTS:
        for line in path.read_text().splitlines():
            if re.match(r"\s*(import|export)\b.*\bfrom\b", line) or re.match(
                r"import\s*[\"']", line
            ):
                assert re.search(r"""["']\./[\w-]+\.js["'];$""", line), f"{path.name}: {line}"
                assert not line.startswith("export"), f"{path.name}: re-exports are hashed twice"


def test_scripts_write_no_html_and_keep_nothing_in_the_browser():
    forbidden = (
        r"\.(?:inner|outer)HTML|insertAdjacentHTML|document\.write|\beval\(|new Function"
        r"|localStorage|sessionStorage|indexedDB"
    )
    for path in SCRIPTS:
        assert not re.search(forbidden, path.read_text()), path.name


def test_the_style_sheet_knows_no_left_and_right():
    text = re.sub(r"/\*.*?\*/", "", CSS.read_text(), flags=re.S)
    physical = re.findall(
        r"[{;]\s*((?:(?:margin|padding|border)-)?(?:left|right|top|bottom)(?:-\w+)*|(?:min-|max-)?(?:width|height))\s*:",
        text,
    )
    assert physical == []
    assert not re.search(r"(?:text-align|float|clear)\s*:\s*(?:left|right)", text)
    # Four sides in one go: the second is the fourth, but for what a phone keeps free.
    text = re.sub(r"var\(--from-\w+\)", "edge", text)
    while "(" in text:
        text = re.sub(r"[\w-]*\([^()]*\)", lambda m: "edge" if "edge" in m[0] else "x", text)
    four = re.findall(
        r"[{;]\s*(?:margin|padding|inset|border-width)\s*:((?:\s+[^\s;{}!]+){4})", text
    )
    assert [sides for sides in four if len({*sides.split()[1::2]}) > 1] == []


def test_what_points_along_the_line_is_mirrored_by_its_tag():
    template = Template('{% icon "chevron-right" %}{% icon "bell" "small" %}')
    assert template.render(Context()).count("flip") == 1


def test_the_style_sheet_has_its_layers_in_order():
    assert "@layer reset, tokens, base, layout, parts, helpers;" in CSS.read_text()
    assert CSS.read_text().count("{") == CSS.read_text().count("}")


@pytest.mark.parametrize("path", PAGES, ids=ids(PAGES))
def test_a_template_has_nothing_inline(path):
    text = re.sub(r"{#.*?#}|{% comment %}.*?{% endcomment %}", "", path.read_text(), flags=re.S)
    assert not re.search(r"\sstyle\s*=", text), "inline style"
    assert not re.search(r"<style\b", text), "style element"
    assert not re.search(r"\son[a-z]+\s*=\s*[\"']", text), "inline handler"
    assert "hx-on" not in text
    assert not re.search(r"<script(?![^>]*\bsrc=)(?![^>]*application/(?:ld\+)?json)", text), (
        "inline script"
    )
    assert not re.search(r"hx-(?:vars|vals\s*=\s*[\"']js:)", text)
    assert not re.search(r"(?:href|action)\s*=\s*[\"']javascript:", text)
    assert not re.search(r"(?:src|href)\s*=\s*[\"'](?:https?:)?//", text), "address of another site"


def drawn() -> set[str]:
    return set(re.findall(r'<symbol id="([\w-]+)"', (STATIC / "img" / "icons.svg").read_text()))


def test_the_sprite_holds_what_its_list_says():
    assert drawn() == set((STATIC / "img" / "icons.txt").read_text().split())


@pytest.mark.parametrize("path", TEMPLATES, ids=ids(TEMPLATES))
def test_every_icon_a_template_names_is_drawn(path):
    named = set(re.findall(r"{%\s*icon\s+[\"']([\w-]+)[\"']", path.read_text()))
    named |= set(re.findall(r"<c-[^>]*\sicon=[\"']([\w-]+)[\"']", path.read_text()))
    assert named - drawn() == set()


FRAME = "brand doors editor foot form_errors languages me_menu side tabbar tile toasts top viewer"


@pytest.mark.parametrize("name", FRAME.split())
def test_every_class_in_the_frame_is_styled(name):
    """A misspelt class is a part that looks broken and fails no other test."""
    style = CSS.read_text()
    text = (ROOT / "templates" / "community" / f"_{name}.html").read_text()
    text = re.sub(r"{%.*?%}|{{.*?}}", " ", text, flags=re.S)
    for names in re.findall(r'class="([^"]*)"', text):
        for one in names.split():
            assert re.search(rf"\.{re.escape(one)}(?![\w-])", style), one
