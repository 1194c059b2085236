"""A choice with a second line: what a form's radio button or checkbox says, and what that means."""

from __future__ import annotations

from typing import Any


class Hinted:
    """A label for a choice card: `("open", Hinted(_("Open"), _("Anybody may read and join.")))`."""

    def __init__(self, label: Any, hint: Any):
        self.label = label
        self.hint = hint

    def __str__(self) -> str:
        return str(self.label)

    def __eq__(self, other: object) -> bool:
        return str(self) == str(other)

    def __hash__(self) -> int:
        return hash(str(self))
