"""Who was warned, limited and suspended in the world, what is held, what moved: canaries."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from community.models import Held, Item, Measure, Member, Ring, Rule, StaffRole
from community.operations import branches, sanctions
from groups.operations import moving
from tests import factories


def people(world: Any) -> None:
    """sue, deep in every group, will be suspended; lia is limited; neo writes too much."""
    for name in ("sue", "lia", "neo"):
        world.people[name] = factories.make_member(f"{name.title()} Person")
    world.people["nia"] = factories.make_member("Nia Second", staff=StaffRole.Role.MODERATOR)


def fill(world: Any) -> None:
    """After all spaces are there: measures, one held topic a space, one topic that moved."""
    for space in world.spaces.values():
        factories.belong(world.sue, space, ring=Ring.CORE)
    for person in world.people.values():
        person.forget()
    rule = Rule.objects.current().first() or factories.make_rule()
    deciding = world.only(world.mo, world.nia)

    def against(member: Member, what: str) -> str:
        return world.word(what, world.either(deciding, world.only(member)))

    reason = against(world.lia, "reason of a limit")
    limit = sanctions.limit(world.lia, by=world.mo, rule=rule, reason=reason, days=3)
    sanctions.answer(limit, by=world.lia, text=against(world.lia, "answer to a limit"))
    branch = branches.propose_branch(
        world.neo,
        by=world.mo,
        kind=Measure.Kind.LIMIT,
        rule=rule,
        reason=world.word("reason for a branch", deciding),
        hours=72,
    )
    for name, space in world.spaces.items():
        if name in ("open", "public", "closed", "secret"):
            world.things[f"{name}_held"] = _held(world, name, space)
    if {"open", "secret"} <= set(world.spaces):
        moved = factories.make_topic(world.secret, by=world.ada, text="Nothing private.")
        moving.move_to_group(moved, group=world.open.group, by=world.ada)
        world.things["moved"] = moved
    reason = against(world.sue, "reason of a suspension")
    suspension = sanctions.suspend(
        world.sue, by=world.mo, rule=rule, reason=reason, protective=True
    )
    world.sue.refresh_from_db()
    world.things |= {"limit": limit, "branch": branch, "suspension": suspension}


def _held(world: Any, name: str, space: Any) -> Held:
    factories.belong(world.neo, space)
    topic = factories.make_topic(space, by=world.neo, title="Soon")
    rules = [world.belongs(space, Ring.STEWARD), world.only(world.neo)]
    if name in ("open", "public"):
        rules.append(world.only(world.mo, world.nia))
    topic.title = world.word(f"{name}: held topic", world.either(*rules))
    topic.save()
    Item.objects.filter(pk=topic.pk).update(hidden_at=timezone.now())
    return Held.objects.create(
        item_id=topic.pk, cause=Held.Cause.BURST, verb="topics.posted", data={}
    )
