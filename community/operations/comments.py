"""Answering an item, and changing an answer."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from community import feed, limits, policies
from community.models import Comment, Item, Member
from community.operations import drafts, holding, reading, writing
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

    What looks like a flood comes back with ``hidden_at``: it waits for a steward, and nobody is
    told. Raises Refused where commenting is not allowed or nothing was said.
    """
    item = type(item).objects.lock(item)  # its space not with it: it may be on its way elsewhere
    policies.may(by, "comment", item).enforce()
    media = list(media)
    if not text.strip() and not media:
        raise Refused(_("Write something first."))
    if parent is not None:
        if parent.item_id != item.pk or parent.deleted_at:
            raise Refused(_("What you reply to is no longer here."))
        parent = parent.parent or parent
    limits.before_words(by, text)
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
    writing.set_text(comment, text.strip(), media=media, is_new=True)
    place = f"comment:{item.pk}" + (f":{parent.pk}" if parent else "")
    drafts.discard_draft(place, by=by)
    said = {"title": item.title, "name": by.display_name, "on": item.pk}
    if holding.held_back(comment, text=text, verb="comments.posted", **said):
        return comment
    item.comment_count += 1
    item.active_at = now
    item.save(update_fields=["comment_count", "active_at"])
    writing.stir(item.space)
    writing.follow_quietly(item, by)
    reading.mark_own_words(item, by=by)
    feed.record("comments.posted", actor=by, item=comment, **said)
    return comment


@transaction.atomic
def edit_comment(comment: Comment, *, text: str, by: Member, media: Iterable[str] = ()) -> Comment:
    """Change one's own answer; what it said before is kept."""
    comment = Comment.objects.lock(comment)
    policies.may(by, "edit", comment).enforce()
    if not text.strip():
        raise Refused(_("Write something, or delete the comment."))
    limits.before_words(by, text, posting=False)
    holding.refuse_flood(comment, before=comment.text, after=text, by=by)
    if text.strip() != comment.text:
        writing.keep_revision(comment, by=by)
    writing.set_text(comment, text.strip(), media=media)
    drafts.discard_draft(f"edit:{comment.pk}", by=by)
    return comment
