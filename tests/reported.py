"""What was reported in a space of the world, decided and appealed, and two concerns: canaries."""

from __future__ import annotations

from typing import Any

from community.models import Ring, Rule, Space
from community.operations import (
    measure_appeals,
    moderation,
    reports,
    safeguarding,
    writing,
)
from tests import factories


def fill(world: Any, name: str, space: Space) -> None:
    """An answer that cora reported, one that is hidden against an appeal, and two concerns."""
    ben, cora, mo = world.ben, world.cora, world.mo
    topic = world.things[f"{name}_2"]
    decide = world.either(world.belongs(space, Ring.STEWARD), world.only(mo))
    rule = Rule.objects.current().first() or Rule.objects.create(title="Be kind")
    for person in (ben, cora, mo):
        person.forget()
    bad, worse = (factories.make_comment(topic, by=ben, text="Soon.") for _n in range(2))
    seen = world.either(world.reads(bad), decide, world.only(cora))
    writing.set_text(bad, world.word(f"{name}: reported", seen))
    words = world.word(f"{name}: words of a report", world.either(decide, world.only(cora)))
    made = reports.report_item(bad, by=cora, rule=rule, words=words)
    concerned = world.either(decide, world.only(ben, cora))
    writing.set_text(worse, world.word(f"{name}: hidden by a decision", concerned))
    other = reports.report_item(worse, by=cora, rule=rule)
    reason = world.word(f"{name}: reason of hiding", concerned)
    measure = moderation.hide_reported(other.case, rule=rule, reason=reason, by=mo)
    text = world.word(f"{name}: appeal against hiding", world.either(decide, world.only(ben)))
    appeal = measure_appeals.appeal_measure(measure, text=text, by=ben)
    words = world.word(f"{name}: a concern", world.only(cora, world.sol))
    concern, _code = safeguarding.receive_concern(category="adult", words=words, by=cora, about=ben)
    words = world.word(f"{name}: a concern about the lead", world.only(cora, world.bea))
    past, _code = safeguarding.receive_concern(
        category="adult", words=words, by=cora, about=world.sol
    )
    world.things |= {
        f"{name}_bad": bad,
        f"{name}_hidden_answer": worse,
        f"{name}_report": made,
        f"{name}_case": made.case,
        f"{name}_decision": measure,
        f"{name}_measure_appeal": appeal,
        f"{name}_concern": concern,
        f"{name}_past": past,
        "rule": rule,
    }
