"""Every point of OWASP ASVS 5.0, levels 1 and 2, has an answer: a test, or a reason."""

from __future__ import annotations

import csv
import re
from collections import Counter

from tests.shape.sources import ROOT

STATES = {"holds", "partly", "open", "not applicable"}
ROWS = list(csv.DictReader((ROOT / "docs" / "asvs.csv").read_text().splitlines()))
# How many points each chapter has on the two levels.
POINTS = {
    1: 27, 2: 11, 3: 19, 4: 10, 5: 9, 6: 35, 7: 18, 8: 7, 9: 7, 10: 29, 11: 14, 12: 9, 13: 13,
    14: 9, 15: 13, 16: 16, 17: 7,
}  # fmt: skip


def _place(number: str) -> tuple[int, ...]:
    return tuple(map(int, number.split(".")))


def test_every_point_is_there_once_and_in_order():
    numbers = [row["id"] for row in ROWS]
    assert len(numbers) == len(set(numbers)) == sum(POINTS.values())
    assert numbers == sorted(numbers, key=_place)
    assert Counter(_place(number)[0] for number in numbers) == POINTS
    assert {row["level"] for row in ROWS} == {"1", "2"}


def test_what_holds_is_shown_by_a_test_and_the_rest_says_why():
    for row in ROWS:
        assert row["status"] in STATES, row
        if row["status"] == "holds":
            assert row["shown_by"], f"{row['id']} holds, and no test shows it"
        else:
            assert len(row["reason"]) > 5, f"{row['id']} gives no reason"


def test_every_test_that_is_named_exists():
    for row in ROWS:
        named = re.findall(r"(tests/[\w/]+\.py)(?:::(\w+))?", f"{row['shown_by']} {row['reason']}")
        for path, test in named:
            text = (ROOT / path).read_text()
            assert not test or re.search(rf"^def {test}\(", text, re.M), f"{row['id']}: {test}"


def test_files_that_reasons_name_exist():
    for row in ROWS:
        for path in re.findall(
            r"(?<![\w/])((?:docs|deploy|config|community)/[\w/.]+\.\w+)", row["reason"]
        ):
            assert (ROOT / path).exists(), f"{row['id']}: {path}"
