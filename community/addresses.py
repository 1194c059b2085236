"""Knows where things are. Django works out an address anew each time; ours stay what they are."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from django.core.signals import setting_changed
from django.urls import reverse


@lru_cache(maxsize=8000)
def address(name: str, *args: Any) -> str:
    """``reverse``, for addresses that are asked for in lists. Raises NoReverseMatch."""
    return reverse(name, args=args)


def _forget(**_changed: Any) -> None:
    address.cache_clear()


setting_changed.connect(_forget)
