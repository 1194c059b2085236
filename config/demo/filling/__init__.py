"""Fills an empty site with the demo community: people, groups, talk, and what is unfinished.

Everything that has a rule goes through the operation that people's clicks go through, in the order
in which it is said to have happened; afterwards the rows are dated back in sets. Reactions and
the like, which are many and alike, are inserted in bulk.
"""

from collections.abc import Callable
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from config.demo import community as data
from config.demo.drawing import drawing
from config.demo.filling import (
    announced,
    attention,
    chat,
    dates,
    keeping,
    people,
    pictures,
    standing,
    talk,
    unfinished,
    welcome,
)
from config.demo.filling import groups as filling_groups
from config.demo.filling.stage import Stage, tasks_run_here


def fill(say: Callable[[str], None] = lambda line: None, now: datetime | None = None) -> Stage:
    """The whole demo community, as of `now`. Everything or nothing."""
    with (
        timezone.override(data.TIMEZONE),
        drawing(pictures.wanted()) as drawings,
        tasks_run_here(),
    ):
        return _fill(Stage(now or timezone.now(), drawings), say)


def _fill(stage: Stage, say: Callable[[str], None]) -> Stage:
    with transaction.atomic():
        people.move_in(stage)
        say(f"{len(stage.people)} people")
        filling_groups.begin(stage)
        say(f"{len(stage.groups)} groups")
        talk.happen(stage)
        pictures.portray(stage)
        say(f"{len(stage.topics)} topics")
        chat.begin(stage)
        unfinished.begin(stage)
        keeping.begin(stage)
        standing.begin(stage)
        welcome.begin(stage)
        announced.begin(stage)
        dates.set_back(stage)
    with transaction.atomic():
        attention.choose(stage)
        dates.tell(stage)
        talk.illustrate(stage)  # last: it is drawn meanwhile
        attention.send(stage)
    return stage
