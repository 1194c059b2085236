"""Answering an item, and changing an answer."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from community import feed, policies
from community.models import Comment, Item, Member
from community.operations import drafts, reading, writing
from community.policies import Refused

KIND = "community.comment"


@transaction.atomic
def post_comment(
    item: Item,
    *,
    text: str,
    by: Member,
    parent: Comment | None = None,
    media: Iterable[str] = (),
) -> Comment:
    """Answer an item, or an answer to it (a reply to a reply joins the same thread).

    Raises Refused where commenting is not allowed or nothing was said.
    """
    item = Item.objects.lock(item)
    policies.may(by, "comment", item).enforce()
    media = list(media)
    if not text.strip() and not media:
        raise Refused(_("Write something first."))
    if parent is not None:
        if parent.item_id != item.pk or parent.deleted_at:
            raise Refused(_("What you reply to is no longer here."))
        parent = parent.parent or parent
    now = timezone.now()
    comment = Comment(
        kind=KIND,
        space_id=item.space_id,
        min_ring=item.min_ring,
        author=by,
        item=item,
        parent=parent,
        created_at=now,
        active_at=now,
    )
    comment.save()
    writing.set_text(comment, text.strip(), media=media)
    item.comment_count += 1
    item.active_at = now
    item.save(update_fields=["comment_count", "active_at"])
    writing.stir(item.space_id)
    writing.follow_quietly(item, by)
    reading.mark_read(item, by=by)
    place = f"comment:{item.pk}" + (f":{parent.pk}" if parent else "")
    drafts.discard_draft(place, by=by)
    feed.record(
        "comments.posted",
        actor=by,
        item=comment,
        title=item.title,
        name=by.display_name,
        on=item.pk,
    )
    return comment


@transaction.atomic
def edit_comment(comment: Comment, *, text: str, by: Member, media: Iterable[str] = ()) -> Comment:
    """Change one's own answer; what it said before is kept."""
    comment = Comment.objects.lock(comment)
    policies.may(by, "edit", comment).enforce()
    if not text.strip():
        raise Refused(_("Write something, or delete the comment."))
    if text.strip() != comment.text:
        writing.keep_revision(comment, by=by)
    writing.set_text(comment, text.strip(), media=media)
    drafts.discard_draft(f"edit:{comment.pk}", by=by)
    return comment
