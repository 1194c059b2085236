"""Puts somebody who is new into a group of the tests' world, with somebody who welcomes them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone

from community.models import Ring, Space
from leadership.models import Commitment, Conversation, Welcome
from leadership.operations import welcomers, welcomes
from tests import factories


def fill(world: Any, name: str, space: Space) -> None:
    """ben welcomes; cora was asked to take over; whoever leads the space reads along."""
    ben, ada, cora = world.ben, world.ada, world.cora
    for person in (ben, ada, cora):
        person.forget()
    newcomer = factories.make_member(f"Newcomer {name}", in_directory=False)
    factories.belong(newcomer, space)
    world.people[f"new_{name}"] = newcomer
    welcomers.volunteer(space, by=ben, languages=["en"], at_once=5)
    stewards = world.belongs(space, Ring.STEWARD)
    two = world.either(stewards, world.only(newcomer), _while_here(world, ben, space))
    asked = world.either(two, _while_here(world, cora, space))
    held = Welcome.objects.create(
        member=newcomer,
        space=space,
        welcomer=ben,
        state=Welcome.State.ASSIGNED,
        assigned_at=timezone.now(),
    )
    reach_by = world.word(f"{name}: how to reach a newcomer", two)
    welcomes.say_how(held, reach_by=reach_by, by=newcomer)
    welcomes.talked(
        held,
        channel="phone",
        consent=Conversation.Consent.YES,
        note=world.word(f"{name}: what was noted of a newcomer", two),
        by=ben,
    )
    Commitment.objects.create(
        member=newcomer,
        what=world.word(f"{name}: a newcomer’s first step", two),
        due_on=timezone.localdate() + timedelta(days=3),
        welcome=held,
        witness=ben,
    )
    welcomes.hand_over(
        held, to=cora, reason=world.word(f"{name}: why a newcomer is handed over", asked), by=ben
    )
    world.things[f"{name}_welcome"] = held


def _while_here(world: Any, person: Any, space: Space) -> Any:
    from tests.world import ring_of

    return lambda reader: (
        reader is not None and reader.pk == person.pk and ring_of(reader, space) > 0
    )
