"""How passwords are kept, and which anybody would try first."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from django.contrib.auth.hashers import Argon2PasswordHasher
from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from community.models import Space


class Argon2idHasher(Argon2PasswordHasher):
    """Argon2id with 19 MiB and two passes: OWASP's figures, 80 to 250 ms on a small server."""

    time_cost = 2
    memory_cost = 19_456
    parallelism = 1


class CommonWordsValidator(CommonPasswordValidator):
    """Refuses the 20,000 most common passwords, and what only looks like another one: signs for
    letters, a few letters, digits or signs around it, the same twice."""

    most_around = 6
    """So many letters beside a common password make nothing better; more are a secret."""
    shortest = 5
    """Letters of a common password that is looked for inside another."""

    def validate(self, password: str, user: Any = None) -> None:
        if any(form in self.passwords for form in self._forms(password.casefold())):
            raise ValidationError(self.get_error_message(), code="password_too_common")

    def _forms(self, password: str) -> Iterator[str]:
        for said in (password, password.translate(_LOOKS_LIKE)):
            yield said
            for before in range(self.most_around + 1):
                for after in range(self.most_around + 1 - before):
                    inside = said[before : len(said) - after]
                    if len(inside) < self.shortest:
                        continue
                    yield inside
                    if found := re.fullmatch(r"(.{3,}?)\1+", inside):
                        yield found[1]


_LOOKS_LIKE = str.maketrans("0134578@$!", "oieastbasi")


class OwnWordsValidator:
    """Refuses passwords that are little more than the name of this place or of this program."""

    left_at_least = 8

    def validate(self, password: str, user: Any = None) -> None:
        left = password.casefold()
        for word in sorted(self._words(), key=len, reverse=True):
            left = left.replace(word, "")
        if len(left) < len(password) and len(re.sub(r"[\W\d_]", "", left)) < self.left_at_least:
            raise ValidationError(
                _("This password is little more than the name of this place."), code="own_words"
            )

    def get_help_text(self) -> str:
        return _("Not the name of this place with a number behind it.")

    def _words(self) -> set[str]:
        names = " ".join(Space.objects.filter(kind=Space.ROOT).values_list("name", flat=True))
        words = {word for word in re.split(r"\W+", names.casefold()) if len(word) >= 4}
        return words | {"tequio"}
