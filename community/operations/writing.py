"""What every kind of writing shares: rendering, mentions, attachments, history, taking away."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from community import audience, feed, policies, prose
from community.models import (
    Activity,
    Comment,
    Follow,
    Item,
    Media,
    Member,
    Mention,
    Revision,
    Space,
    Volume,
)
from community.models.items import DELETED


def set_text(item: Any, text: str, *, media: Iterable[str] = ()) -> None:
    """Render ``text`` into the item and save it, with its mentions and attachments.

    ``item`` is saved already and has Prose; ``media`` are tokens of uploads by its author.
    Only people who may read the item can be mentioned in it.
    """
    from community.operations.media import attach

    attach(item, tokens=list(media) + prose.media_tokens(text), by=item.author)
    people = _render(item, text)
    Mention.objects.filter(item_id=item.pk).exclude(member__in=people.values()).delete()
    if people:
        Mention.objects.bulk_create(
            [Mention(item_id=item.pk, member=person) for person in people.values()],
            ignore_conflicts=True,
        )


def render_again(item: Any) -> None:
    """The same words for the readers there are now: who no longer reads it is no longer linked."""
    people = _render(item, item.text)
    Mention.objects.filter(item_id=item.pk).exclude(member__in=people.values()).delete()


def _render(item: Any, text: str) -> dict[str, Member]:
    """Render and save; returns the people named, by handle, of those who may read it."""
    handles = prose.mentioned_handles(text)
    people: dict[str, Member] = {}
    if handles:
        found = audience.readers(item).filter(handle__in=handles)
        people = {person.handle: person for person in found}
    pictures = {medium.token: medium for medium in Media.objects.filter(item_id=item.pk)}
    item.text = text
    item.html = prose.render(
        text,
        people={handle: (person.pk, person.display_name) for handle, person in people.items()},
        media=pictures,
    )
    item.renderer = prose.RENDERER
    item.save(update_fields=["text", "html", "renderer"])
    return people


def keep_revision(item: Any, *, by: Member) -> None:
    """Keep what the item says now, before it is changed."""
    Revision.objects.create(item_id=item.pk, title=item.title, text=item.text, edited_by=by)
    item.edited_at = timezone.now()
    item.save(update_fields=["edited_at"])


def follow_quietly(item: Item, member: Member) -> None:
    """Follow what one takes part in, unless one said otherwise before."""
    Follow.objects.get_or_create(member=member, item_id=item.pk, defaults={"volume": Volume.ALL})


def stir(space_id: int) -> None:
    """The space was active; written every few minutes only, so that writers do not queue up."""
    now = timezone.now()
    Space.objects.filter(pk=space_id, active_at__lt=now - timedelta(minutes=5)).update(
        active_at=now
    )


@transaction.atomic
def delete_item(item: Item, *, by: Member) -> Item:
    """Take an item away; ``restore_item`` brings it back. Raises Refused."""
    item = _lock_with_target(item)
    policies.may(by, "delete", item).enforce()
    if item.deleted_at is None:
        item.deleted_at = timezone.now()
        item.save(update_fields=["deleted_at"])
        _answers(item).filter(hidden_at=None).update(hidden_at=item.deleted_at)
        _recount(item)
        feed.record(DELETED, actor=by, item=item, title=item.title)
    return item


@transaction.atomic
def restore_item(item: Item, *, by: Member) -> Item:
    """Undo a deletion: one's own, or as a steward. Raises Refused."""
    item = _lock_with_target(item)
    policies.may(by, "delete", item).enforce()
    if item.deleted_at is not None:
        by_others = Activity.objects.filter(
            item=item.pk, verb=DELETED, created_at__gte=item.deleted_at
        ).exclude(actor=by)
        if not policies.stewards(by, item.space_id) and by_others.exists():
            raise policies.Refused(_("A steward took this away. Only stewards can bring it back."))
        _answers(item).filter(hidden_at=item.deleted_at).update(hidden_at=None)
        item.deleted_at = None
        item.save(update_fields=["deleted_at"])
        _recount(item)
    return item


def _answers(item: Item) -> QuerySet:
    """What was answered goes with it and comes back with it: hidden at the very moment it went."""
    return Item.objects.filter(pk__in=Comment.objects.filter(item=item.pk).values("pk"))


def _lock_with_target(item: Item) -> Item:
    """Lock it, and before it what it answers: the order of all operations, so that none waits."""
    target = Comment.objects.filter(pk=item.pk).values_list("item", flat=True).first()
    if target is not None:
        Item.objects.lock(Item(pk=target))
    return Item.objects.lock(item)


def _recount(item: Item) -> None:
    """A comment that went or came back changes the count of what it answers."""
    comment = getattr(item, "comment", None)
    if comment is None:
        return
    target = Item.objects.lock(comment.item)
    target.comment_count = target.comments.filter(deleted_at=None).count()
    target.save(update_fields=["comment_count"])
