"""Knows every address of the site, by walking the URLconf, and how to fill in its parts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from django.conf import settings
from django.urls import URLPattern, URLResolver, get_resolver

PART = re.compile(r"<(?:(\w+):)?(\w+)>")


@dataclass(frozen=True)
class Address:
    """One pattern: ``groups:topic``, ``topics/<int:pk>/``."""

    name: str
    route: str
    view: str

    @property
    def parts(self) -> list[tuple[str, str]]:
        """[("int", "pk"), …]"""
        return [(kind or "str", name) for kind, name in PART.findall(self.route)]

    def at(self, **values: object) -> str:
        return "/" + PART.sub(lambda part: str(values[part[2]]), self.route)


def every_address() -> list[Address]:
    """All of them, the operators' admin apart: that is one door with a lock of its own."""
    found = [
        address
        for address in _walk(get_resolver().url_patterns, "", "")
        if not (settings.ADMIN_URL and address.route.startswith(settings.ADMIN_URL))
    ]
    return sorted(found, key=lambda address: (address.name, address.route))


def _walk(patterns: list, prefix: str, namespace: str) -> Iterator[Address]:
    for pattern in patterns:
        route = prefix + _route(pattern)
        if isinstance(pattern, URLResolver):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from _walk(pattern.url_patterns, route, inner)
        elif isinstance(pattern, URLPattern):
            view = pattern.callback
            yield Address(
                name=f"{namespace}{pattern.name}" if pattern.name else route,
                route=route,
                view=f"{view.__module__}.{getattr(view, '__qualname__', view)}",
            )


def _route(pattern: URLPattern | URLResolver) -> str:
    """The pattern in the spelling of path(), also where a package wrote a regular expression."""
    text = str(pattern.pattern)
    text = re.sub(r"\(\?P<(\w+)>[^()]*(?:\([^()]*\))?[^()]*\)", r"<str:\1>", text)
    return text.replace("^", "").replace("$", "").replace("\\Z", "").replace("\\", "")
