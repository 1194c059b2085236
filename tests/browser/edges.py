"""What sticks out of a page or is cut off in it, measured where the browser has laid it out."""

from __future__ import annotations

from pathlib import Path
from typing import Any

FAULTS = (Path(__file__).parent / "edges.js").read_text()


def faults(page: Any) -> list[str]:
    """Sentences about what sticks out or is cut off in the page as it is laid out now."""
    return page.evaluate(FAULTS)
