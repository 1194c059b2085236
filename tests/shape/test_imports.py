"""Imports flow one way, between the apps and inside each."""

from __future__ import annotations

import re
from pathlib import Path

from tests.shape.sources import APPS, OBJECTIVES, ROOT, here, imported, in_role, modules

# Role → what of ours it must never import (house.md 1, "What each file may know").
MUST_NOT_KNOW = {
    "models": ("operations", "views", "forms", "tasks", "mail", "notices", "urls", "htmx"),
    "policies": ("operations", "views", "forms", "tasks", "mail", "urls", "htmx"),
    "operations": ("views", "forms", "urls", "htmx", "templatetags"),
    "forms": ("operations", "views", "policies", "urls"),
    "tasks": ("views", "forms", "policies", "urls", "htmx"),
    "kinds": ("operations", "views", "forms", "tasks", "urls"),
    "views": ("mail", "tasks", "urls"),
    "urls": ("operations", "models", "forms"),
}


def _wrong_way(path: Path, own: str) -> list[str]:
    allowed = {
        "config": {"config", *APPS},
        "community": {"community"},
    }.get(own, {own, "community"})
    ours = {"config", *APPS}
    return [
        f"{here(path, node)} imports {name}"
        for name, node in imported(path)
        if (top := name.partition(".")[0]) in ours and top not in allowed
    ]


def test_apps_import_the_core_and_never_each_other():
    wrong = [
        line
        for own in ("config", *APPS)
        for path in modules(own)
        if not _is_settings_of_the_core(path)
        for line in _wrong_way(path, own)
    ]
    assert wrong == []


def _is_settings_of_the_core(path: Path) -> bool:
    """Commands that start the site's processes are part of the deployed thing."""
    return path.parent == ROOT / "community" / "management" / "commands"


def test_the_core_never_names_an_app():
    named = [
        here(path)
        for path in modules("community")
        for app in OBJECTIVES
        if re.search(f"[\"']{app}[.:]", path.read_text()) and path.name != "registry.py"
    ]
    assert named == []


def test_roles_inside_an_app_know_only_what_they_may():
    wrong = []
    for role, forbidden in MUST_NOT_KNOW.items():
        for path in in_role(role):
            for name, node in imported(path):
                parts = name.split(".")
                if parts[0] in APPS and len(parts) > 1 and parts[1] in forbidden:
                    wrong.append(f"{here(path, node)}: {role} must not know {name}")
    assert wrong == []


def test_the_registry_imports_nothing_of_ours():
    path = ROOT / "community" / "registry.py"
    assert [name for name, _ in imported(path) if name.partition(".")[0] in APPS] == []


def test_no_request_below_the_views():
    wrong = [
        f"{here(path, node)} imports {name}"
        for role in ("models", "policies", "operations", "kinds", "tasks")
        for path in in_role(role)
        for name, node in imported(path)
        if name.startswith(("django.http", "django.shortcuts", "django.template", "django.urls"))
        and not (role in ("models", "kinds") and name.startswith("django.urls.reverse"))
    ]
    assert wrong == []
