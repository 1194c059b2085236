"""Holding back what looks like a flood until somebody has read it; and the alarm of many joins."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from community import audit, feed, floods, lockdown, safety
from community.models import Activity, Fingerprint, Held, Item, Member, Space
from community.operations import hiding, writing
from community.policies import Refused

ALARM = "community.many_joins"
QUIET = timedelta(hours=1)
"""After an alarm."""


def held_back(item: Item, *, text: str, verb: str, **data: Any) -> bool:
    """Hold the new post if something speaks for it. Part of posting, after all was saved.

    Nobody is told of it now; ``verb`` and ``data`` are told when it is let through.
    """
    cause = floods.note(item, item.author, text)
    if not cause:
        return False
    item.hidden_at = timezone.now()
    Item.objects.filter(pk=item.pk).update(hidden_at=item.hidden_at)
    Held.objects.create(item_id=item.pk, cause=cause, verb=verb, data=data)
    return True


@transaction.atomic
def refuse_flood(item: Item, *, before: str, after: str, by: Member) -> None:
    """Refuse to change what stands if, were it new, it would be held: others read it already, and
    cannot lose it meanwhile. Part of changing one's words, before they are saved."""
    if lockdown.holds(by, item.space_id):
        raise Refused(_("The doors are shut for the moment: people who are new here only read."))
    if floods.note_change(item, by, before, after):
        raise Refused(
            _("This looks like a flood: many links or the same words in an hour. Change less.")
        )


@transaction.atomic
def let_through(held: Held, *, by: Member) -> Held:
    """Others read it from now on, and are told as if it had just been written. Raises Refused."""
    held = _lock(held)
    safety.can_let_through(by, held).enforce()
    item, target = hiding.lock_with_target(held.item)
    _decide(held, by, let_through=True)
    hiding.show_again(item)
    now = timezone.now()
    Item.objects.filter(pk__in=[item.pk, target.pk if target else item.pk]).update(active_at=now)
    item = Item.objects.select_related("author", "space").get(pk=item.pk)
    if item.author is not None:
        writing.follow_quietly(target or item, item.author)
    writing.stir(item.space)
    # What keeps it away still, a decision or what it answers, keeps this from being told till then.
    feed.record(held.verb, actor=item.author, item=item, **held.data)
    audit.record("held.let_through", by=by, item=item, space=item.space_id)
    return held


@transaction.atomic
def refuse(held: Held, *, by: Member, reason: str) -> Held:
    """It stays away; its author reads why. Raises Refused."""
    held = _lock(held)
    safety.can_let_through(by, held).enforce()
    if not reason.strip():
        raise Refused(_("Say why: its author reads it."))
    held.reason = reason.strip()[:300]
    _decide(held, by, let_through=False)
    feed.record("held.refused", actor=None, space=Space.objects.root(), member=held.item.author_id)
    audit.record(
        "held.refused", by=by, item=held.item_id, space=held.item.space_id, reason=held.reason
    )
    return held


def watch_joins() -> bool:
    """Tell the administrators when many people come in at once; whether it did so now."""
    number = floods.joins_lately()
    if number < floods.MANY_JOINS:
        return False
    with transaction.atomic():
        root = Space.objects.lock(Space.objects.root())
        before = Activity.objects.filter(verb=ALARM, created_at__gt=timezone.now() - QUIET)
        if before.exists():
            return False
        feed.record(ALARM, actor=None, space=root, number=number)
    return True


def forget_fingerprints() -> int:
    """Let go of what was only kept to notice repetition."""
    old = Fingerprint.objects.filter(created_at__lt=timezone.now() - Fingerprint.KEPT)
    return old.delete()[0]


def _decide(held: Held, by: Member, *, let_through: bool) -> None:
    held.decided_at, held.decided_by, held.let_through = timezone.now(), by, let_through
    held.save(update_fields=["decided_at", "decided_by", "let_through", "reason"])


def _lock(held: Held) -> Held:
    rows = Held.objects.select_for_update(of=("self",)).select_related("item")
    return rows.get(pk=held.pk)
