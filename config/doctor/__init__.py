"""Examines an installation: each finding says what is wrong, why it matters and what cures it.

An examination is a function in one of the modules here that yields findings; one that breaks is a
finding itself, so that the doctor always finishes.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass

WELL, ODD, BAD = "well", "odd", "bad"


@dataclass(frozen=True)
class Finding:
    """`state` is well, odd (somebody should look) or bad (people are or will be hurt by it)."""

    name: str
    state: str
    what: str
    why: str = ""
    cure: str = ""

    @property
    def is_bad(self) -> bool:
        return self.state == BAD


def well(name: str, what: str) -> Finding:
    return Finding(name, WELL, what)


def odd(name: str, what: str, *, why: str, cure: str) -> Finding:
    return Finding(name, ODD, what, why, cure)


def bad(name: str, what: str, *, why: str, cure: str) -> Finding:
    return Finding(name, BAD, what, why, cure)


Examination = Callable[[], Iterable[Finding]]


# What must be well before any process starts; the rest needs processes that run.
BEFORE_THE_START = (
    "settings", "secret key", "hosts", "database", "extensions", "limits", "clock", "migrations",
    "audit log", "valkey", "static files", "translations", "uploads", "room",
)  # fmt: skip


def examine(*, send_to: str = "", only: Collection[str] = ()) -> list[Finding]:
    """All of it, in the order in which causes come before consequences. Takes a few seconds."""
    from config.doctor import beside, database, files, settings

    found = settings.examinations() + database.examinations()
    found += beside.examinations(send_to) + files.examinations()
    return [
        finding for name, look in found if not only or name in only for finding in _look(name, look)
    ]


def _look(name: str, look: Examination) -> list[Finding]:
    try:
        return list(look())
    except Exception as error:
        said = (str(error).strip().splitlines() or [type(error).__name__])[0]
        return [
            bad(
                name,
                f"Could not be examined: {said}",
                why="What cannot be examined may be broken too.",
                cure="Cure the findings above first, then run the doctor again.",
            )
        ]


def tell(findings: list[Finding], say: Callable[[str], None]) -> None:
    marks = {WELL: "ok  ", ODD: "look", BAD: "BAD "}
    for finding in findings:
        say(f"{marks[finding.state]}  {finding.name}: {finding.what}")
        if finding.why:
            say(f"        why   {finding.why}")
        if finding.cure:
            say(f"        cure  {finding.cure}")
    number = {state: sum(one.state == state for one in findings) for state in marks}
    say(f"\n{number[WELL]} well, {number[ODD]} to look at, {number[BAD]} bad.")
