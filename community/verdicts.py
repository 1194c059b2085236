"""Knows how a policy answers: yes, or no with the reason in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

SIGN_IN = _("Sign in first, then you can do this.")


class Refused(Exception):
    """An act was refused; ``reason`` says why in words for the person who tried."""

    def __init__(self, reason: Any):
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class Verdict:
    """Whether something is allowed, and if not, why: usable in an ``if``."""

    allowed: bool
    reason: Any = ""

    def __bool__(self) -> bool:
        return self.allowed

    def enforce(self) -> None:
        """Raise Refused with the reason unless allowed."""
        if not self.allowed:
            raise Refused(self.reason)


YES = Verdict(True)


def no(reason: Any) -> Verdict:
    return Verdict(False, reason)
