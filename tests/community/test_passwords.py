"""Which passwords anybody would try first, and which only look like those."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError

from community.passwords import CommonWordsValidator

WORDS = ["password", "iloveyou", "welcome", "letmein", "sunshine", "princess", "football", "dragon"]


@pytest.fixture(scope="module")
def validator():
    return CommonWordsValidator()


def disguises(word):
    """As people do it who are asked for twelve letters, a sign and a digit."""
    return [
        f"{word}12345"[: len(word) + 5],
        f"{word.capitalize()}2024!",
        f"123{word}!!!",
        f"{word}{word}",
        f"{word.capitalize()}{word.capitalize()}1",
        word.replace("o", "0").replace("e", "3").replace("a", "@") + "123!",
        word.replace("s", "$").replace("i", "1") + "-2025",
        f" {word} 99 ",
    ]


@pytest.mark.parametrize("word", WORDS)
def test_a_common_word_in_disguise_is_refused(validator, word):
    for password in disguises(word):
        with pytest.raises(ValidationError):
            validator.validate(password)


@pytest.mark.parametrize(
    "password",
    [
        "correct horse battery staple",
        "the lock at number 4 is broken",
        "vT9#kqLw2!xZ",
        "love-8841-6620-1975",
        "riverbank umbrella 7",
        "ñandú y tortuga 12",
    ],
)
def test_others_pass(validator, password):
    validator.validate(password)
