"""Announcements for the world of tests: one that went to the core team, one being written."""

from __future__ import annotations

from typing import Any

from community.models import AnnouncementWords, Item, Ring, Space
from community.operations import announcements, writing
from tests import factories


def fill(world: Any, name: str, space: Space) -> None:
    """Words in two languages; a plan that only those who lead the group may know of."""
    ada = world.ada
    plan = factories.announce(
        space, by=ada, min_ring=Ring.CORE, words={"es": {"title": "Pronto", "text": "Pronto."}}
    )
    said = plan.announcement
    rule = world.reads(Item.objects.get(pk=said.pk))
    said.title = f"{world.word(f'{name}: announcement, title', rule)} soon"
    said.save()
    writing.set_text(said, f"{world.word(f'{name}: announcement, text', rule)} comes soon.")
    other = world.word(f"{name}: announcement, in Spanish", rule)
    AnnouncementWords.objects.filter(announcement=said).update(
        title=f"{other} soon", text=other, html=f"<p>{other}</p>"
    )
    leads = world.belongs(space, Ring.STEWARD)
    plan.words = {"en": {"title": world.word(f"{name}: plan that went out", leads), "text": "So"}}
    plan.save(update_fields=["words"])
    draft = world.word(f"{name}: plan being written", leads)
    world.things[f"{name}_plan"] = announcements.write_plan(
        space, by=ada, words={"en": {"title": f"{draft} soon", "text": draft}}
    )
    world.things[f"{name}_plan_gone"] = plan
    world.things[f"{name}_announcement"] = said
