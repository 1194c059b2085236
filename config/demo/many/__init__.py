"""Fills an empty site with many rows, to measure: what is said matters less than how much."""

from collections.abc import Callable

from config.demo.many import large, peers


def fill(size: str, *, items: int | None, say: Callable[[str], None]) -> None:
    if size == "peers":
        peers.fill(say)
    else:
        large.fill(items or large.ITEMS, say)
