"""How people of the demo community want to be told, and one digest that is on its way."""

from __future__ import annotations

from datetime import timedelta

from community.models import Delivery, Item, NoticeSettings, Volume
from community.notices import digest
from community.operations import notices, reading
from config.demo.filling.stage import Stage

PRESETS = {"tom": "calm", "amina": "everything", "hanna": "calm"}
NIGHT_SHIFT = "luis"
DISCREET = "jo"
READER = "marisol"


def choose(stage: Stage) -> None:
    """Before anything is told: what they chose holds for all of it."""
    for key, preset in PRESETS.items():
        notices.choose_preset(preset, by=stage.people[key])
    notices.change_settings(by=stage.people[NIGHT_SHIFT], quiet_from=8, quiet_to=15)
    notices.change_settings(by=stage.people[DISCREET], discreet=True)
    notices.choose_way("groups", channel="mail", value="later", by=stage.people["mo"])


def send(stage: Stage) -> None:
    """What was to be sent long ago is not sent now; one person's digest of today is."""
    Delivery.objects.filter(activity__created_at__lt=stage.now - timedelta(hours=6)).delete()
    reader = stage.people[READER]
    reader.forget()
    quiet = (
        Item.objects.visible_to(reader).filter(kind="groups.topic").order_by("active_at").first()
    )
    if quiet is not None:
        reading.follow(quiet, volume=Volume.DIGEST, by=reader)
    notices.change_settings(by=reader)
    NoticeSettings.objects.filter(member=reader).update(
        next_digest_at=stage.now, digested_to=stage.now - timedelta(days=1)
    )
    NoticeSettings.objects.exclude(member=reader).update(digested_to=stage.now)
    digest.send_due()
