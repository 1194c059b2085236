"""What every kind of writing shares: rendering, mentions, attachments, history, taking away."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from community import audience, feed, policies, prose, stems
from community.models import (
    Activity,
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
from community.named import Named, named
from community.operations import hiding

_RENDERED = ("text", "html", "renderer")


def set_text(item: Any, text: str, *, media: Iterable[str] = (), is_new: bool = False) -> None:
    """Render ``text`` into the item and save it, with its mentions, attachments and stems.

    ``item`` has Prose; ``media`` are tokens of uploads by its author. Only people who may read the
    item can be mentioned in it. One that ``is_new`` is not saved yet.
    """
    from community.operations.media import attach

    media = list(media)
    inline = prose.media_tokens(text)
    if is_new and (media or inline or prose.mentioned_handles(text)):
        item.save()  # what hangs on it needs its number
    if media or inline or not is_new:
        attach(item, tokens=[*media, *inline], by=item.author)
    people = _render(item, text, inline)
    if item.pk is None:
        item.search = stems.words(item)
        item.save()
        del item.search  # PostgreSQL has put it together
    else:
        item.save(update_fields=_RENDERED)
        stems.index(item)
    if not is_new:
        Mention.objects.filter(item_id=item.pk).exclude(member__in=people).delete()
    if people:
        Mention.objects.bulk_create(
            [Mention(item_id=item.pk, member_id=pk) for pk in people],
            ignore_conflicts=True,
        )


def render_again(item: Any) -> None:
    """The same words for the readers there are now: who no longer reads it is no longer linked."""
    people = _render(item, item.text, prose.media_tokens(item.text))
    item.save(update_fields=_RENDERED)
    Mention.objects.filter(item_id=item.pk).exclude(member__in=people).delete()


def _render(item: Any, text: str, inline: list[str]) -> set[int]:
    """Render, without saving; ``inline`` are tokens of pictures within the text.

    Returns whom it names, of those who may read it.
    """
    found = named(text, audience.readers(item), item.space) if "@" in text else Named()
    pictures = {}
    if inline:
        pictures = {medium.token: medium for medium in Media.objects.filter(item_id=item.pk)}
    item.text = text
    item.html = prose.render(
        text,
        people=found.people,
        circles=found.circles,
        media=pictures,
    )
    item.renderer = prose.RENDERER
    return found.members


def keep_revision(item: Any, *, by: Member) -> None:
    """Keep what the item says now, before it is changed."""
    Revision.objects.create(item_id=item.pk, title=item.title, text=item.text, edited_by=by)
    item.edited_at = timezone.now()
    item.save(update_fields=["edited_at"])


def follow_quietly(item: Item, member: Member) -> None:
    """Follow what one takes part in, unless one said otherwise before."""
    follows = Follow(member=member, item_id=item.pk, volume=Volume.ALL)
    Follow.objects.bulk_create([follows], ignore_conflicts=True)


def stir(space: Space) -> None:
    """The space was active; written every few minutes only, so that writers do not queue up."""
    now = timezone.now()
    if space.active_at < now - timedelta(minutes=5):
        Space.objects.filter(pk=space.pk).update(active_at=now)


@transaction.atomic
def delete_item(item: Item, *, by: Member) -> Item:
    """Take an item away; ``restore_item`` brings it back. Raises Refused."""
    item, target = hiding.lock_with_target(item)
    policies.may(by, "delete", item).enforce()
    if item.deleted_at is None:
        item.deleted_at = timezone.now()
        item.save(update_fields=["deleted_at"])
        hiding.answers(item).filter(hidden_at=None).update(hidden_at=item.deleted_at)
        hiding.recount(target)
        feed.record(DELETED, actor=by, item=item, title=item.title)
    return item


@transaction.atomic
def restore_item(item: Item, *, by: Member) -> Item:
    """Undo a deletion: one's own, or as a steward. Raises Refused."""
    item, target = hiding.lock_with_target(item)
    policies.may(by, "delete", item).enforce()
    if item.deleted_at is not None:
        if item.hidden_at is not None and item.hidden_at != hiding.gone_since(target):
            raise policies.Refused(_("This is hidden by a decision. An appeal can bring it back."))
        by_others = Activity.objects.filter(
            item=item.pk, verb=DELETED, created_at__gte=item.deleted_at
        ).exclude(actor=by)
        if not policies.stewards(by, item.space_id) and by_others.exists():
            raise policies.Refused(_("A steward took this away. Only stewards can bring it back."))
        since, answers = item.deleted_at, hiding.answers(item).filter(hidden_at=item.deleted_at)
        back = [item.pk, *answers.values_list("pk", flat=True)]
        answers.update(hidden_at=None)
        item.deleted_at = None
        item.save(update_fields=["deleted_at"])
        hiding.recount(target)
        hiding.tell_what_was_not_told(back, since=since)
    return item
