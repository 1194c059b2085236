"""Taking a thing out of sight and bringing it back exactly as it was, with what was answered to it.

Moderation decides; this moves the rows. What was answered goes with what it answers, hidden at the
very moment it went, as when its author takes it away: so each finds its own back.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime, timedelta
from secrets import token_hex
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from community import chat_frames
from community.models import (
    Activity,
    Case,
    Comment,
    Held,
    Item,
    Measure,
    Media,
    Member,
    Message,
    Space,
)
from community.operations.people import free_handle
from community.registry import registry

_CLOCKS = timedelta(seconds=5)
"""By so much the clocks of two machines may differ."""


def hide_now(item: Item) -> Item:
    """Hide the item from everybody; twice changes nothing. Part of deciding a case."""
    item, target = lock_with_target(item)
    if item.hidden_at is not None and item.hidden_at != gone_since(target):
        return item
    item.hidden_at = timezone.now()
    item.save(update_fields=["hidden_at"])
    answers(item).filter(hidden_at=None).update(hidden_at=item.hidden_at)
    recount(target)
    return item


def show_again(item: Item) -> Item:
    """Undo ``hide_now``, or what held the item back. What its author deleted stays deleted, and
    an answer stays away for as long as what it answers is away; so does what is kept away for
    another reason than the one that ended. Part of lifting a measure and of letting through."""
    item, target = lock_with_target(item)
    before = item.hidden_at
    if before is None or _kept_away(item):
        return item
    item.hidden_at = gone_since(target)
    item.save(update_fields=["hidden_at"])
    back = [item.pk, *answers(item).filter(hidden_at=before).values_list("pk", flat=True)]
    answers(item).filter(hidden_at=before).update(hidden_at=gone_since(item))
    recount(target)
    tell_what_was_not_told(back, since=before)
    return item


def tell_what_was_not_told(items: list[int], *, since: datetime) -> None:
    """Tell of what happened to things that are back what nobody could be told while they were
    away, ``since`` then. Whoever heard of it before does not hear of it twice."""
    from community.tasks import deliver

    there = Item.objects.filter(pk__in=items, hidden_at=None, deleted_at=None)
    verbs = [verb.name for verb in registry.verbs.values() if verb.recipients is not None]
    unheard = Activity.objects.filter(
        item__in=there.values("pk"), verb__in=verbs, told_at__gte=since - _CLOCKS
    )
    waiting = list(unheard.values_list("pk", flat=True))
    Activity.objects.filter(pk__in=waiting).update(told_at=None)
    for pk in waiting:
        deliver.delay_on_commit(pk)


def hide_message(message: Message) -> Message:
    """Hide a message of a chat from everybody; twice changes nothing. Part of deciding a case."""
    message = Message.objects.lock(message)
    if message.hidden_at is None:
        message.hidden_at = timezone.now()
        message.save(update_fields=["hidden_at"])
        chat_frames.tell_hidden_on_commit(message)
    return message


def show_message(message: Message) -> Message:
    """Undo ``hide_message``; what its author took away stays away."""
    message = Message.objects.lock(message)
    message.hidden_at = None
    message.save(update_fields=["hidden_at"])
    chat_frames.tell_change_on_commit("edited", message)
    return message


def page_of(case: Case) -> Member | Space | None:
    """The person or the group that was reported as such, locked."""
    rows: Any = Member.objects.filter(pk=case.person_id)
    if case.space_id is not None:
        rows = Space.objects.filter(pk=case.space_id)
    return rows.select_for_update(of=("self",)).first()


def take_picture(page: Member | Space, medium: Media) -> str:
    """Take the picture off the page; gives the field that showed it, empty if none does."""
    name = "avatar" if isinstance(page, Member) else "cover"
    if getattr(page, f"{name}_id") != medium.pk:
        return ""
    setattr(page, name, None)
    page.save(update_fields=[name])
    return name


def take_words(
    page: Member | Space, fields: Iterable[str]
) -> tuple[dict[str, str], dict[str, str]]:
    """Take these words off the page; gives what stood there and what stands there instead. With
    the name of a group goes its address, with that of a person their handle wherever it is said."""
    taken = {name: getattr(page, name) for name in fields if getattr(page, name)}
    instead = dict.fromkeys(taken, "")
    if "name" in taken and isinstance(page, Space):
        taken["slug"], instead["slug"] = page.slug, f"group-{token_hex(4)}"
        with translation.override(settings.LANGUAGE_CODE):
            instead["name"] = _("Group %(n)s") % {"n": page.pk}
    for name, said in instead.items():
        setattr(page, name, said)
    page.save(update_fields=sorted(instead))
    if "name" in taken and isinstance(page, Member):
        _give_another_handle(page)
    return taken, instead


def _give_another_handle(member: Member) -> None:
    from community.tasks import replace_handle

    before = member.handle
    if before:
        member.handle = free_handle("member")
        member.save(update_fields=["handle"])
        replace_handle.delay_on_commit(member.pk, before)


def put_back(measure: Measure) -> None:
    """The picture and the words stand where they stood, unless there are others by now."""
    for model, name in ((Member, "avatar"), (Space, "cover")):
        if name in measure.data:
            rows = model.objects.filter(pk=measure.data[name], **{name: None})
            rows.update(**{name: measure.medium_id})
    rows = Member.objects.filter(pk=measure.member_id, is_active=True)  # nobody is brought back
    if "group" in measure.data:
        rows = Space.objects.filter(pk=measure.data["group"])
    said = measure.snapshot.get("fields", {})
    for name, instead in measure.data.get("words", {}).items():
        with suppress(IntegrityError), transaction.atomic():
            rows.filter(**{name: instead}).update(**{name: said.get(name, instead)})


def gone_since(item: Item | None) -> datetime | None:
    """The moment with which the item took its answers along; None while it is there."""
    moments = [item.deleted_at, item.hidden_at] if item is not None else []
    return min((moment for moment in moments if moment), default=None)


def _kept_away(item: Item) -> bool:
    """A measure hides it still, or it was held back and nobody let it through."""
    hiding = Measure.objects.filter(kind=Measure.Kind.HIDE, item=item.pk, lifted_at=None)
    held = Held.objects.filter(item=item.pk).exclude(let_through=True)
    return hiding.exists() or held.exists()


def answers(item: Item) -> QuerySet:
    return Item.objects.filter(pk__in=Comment.objects.filter(item=item.pk).values("pk"))


def lock_with_target(item: Item) -> tuple[Item, Item | None]:
    """Lock it, and before it what it answers: the order of all operations, so that none waits."""
    number = Comment.objects.filter(pk=item.pk).values_list("item", flat=True).first()
    target = Item.objects.lock(Item(pk=number)) if number is not None else None
    return Item.objects.lock(item), target


def recount(target: Item | None) -> None:
    """How many answers the locked item has, those not counted that are away by themselves."""
    if target is None:
        return
    there = Q(hidden_at=None)
    if since := gone_since(target):
        there |= Q(hidden_at=since)
    target.comment_count = target.comments.filter(there, deleted_at=None).count()
    target.save(update_fields=["comment_count"])
