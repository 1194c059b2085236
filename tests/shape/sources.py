"""Knows our own source files and reads them as syntax trees; for the shape tests."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
OBJECTIVES = ("groups", "leadership", "events", "polls", "feedback", "learning")
APPS = ("community", *OBJECTIVES)


@cache
def modules(*packages: str, migrations: bool = False) -> tuple[Path, ...]:
    """Python files of the packages (all of ours by default), migrations apart."""
    found = (
        path
        for package in packages or (*APPS, "config")
        for path in sorted((ROOT / package).rglob("*.py"))
    )
    return tuple(path for path in found if migrations or "migrations" not in path.parts)


def in_role(role: str) -> tuple[Path, ...]:
    """The modules of a role in every app: ``views.py``, ``views/*.py``, and so on."""
    return tuple(
        path
        for path in modules(*APPS)
        if path.relative_to(ROOT).parts[1] in (role, f"{role}.py") and path.name != "__init__.py"
    )


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(), filename=str(path))


def here(path: Path, node: ast.AST | None = None) -> str:
    line = f":{node.lineno}" if node is not None else ""
    return f"{path.relative_to(ROOT)}{line}"


def dotted(path: Path) -> str:
    parts = list(path.relative_to(ROOT).with_suffix("").parts)
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imported(path: Path) -> Iterator[tuple[str, ast.AST]]:
    """Every module named by an import anywhere in the file, with what is taken from it."""
    package = dotted(path) if path.name == "__init__.py" else dotted(path).rpartition(".")[0]
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.name, node
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                above = package.split(".")[: len(package.split(".")) - node.level + 1]
                base = ".".join([*above, *([node.module] if node.module else [])])
            for alias in node.names:
                yield f"{base}.{alias.name}", node


def calls(path: Path) -> Iterator[ast.Call]:
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Call):
            yield node


def public_functions(path: Path) -> list[ast.FunctionDef]:
    return [
        node
        for node in tree(path).body
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and not node.name.startswith("_")
    ]
