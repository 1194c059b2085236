"""Knows how to draw a part of a page once, as long as nothing it shows has changed.

Templates are what a page costs the processor. A part that comes again and again (a row of a list)
is a frozen dataclass which holds everything its template shows, and names that template. Two that
are equal look the same, for whoever reads in the same language and time zone: so there is nothing
to invalidate, and nothing of one reader that another could get.
"""

from __future__ import annotations

import secrets
from collections import OrderedDict
from functools import lru_cache
from typing import Any, ClassVar, Protocol

from django.template.loader import get_template
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

KEPT = 4000
"""Rows kept in each process, those used last: a few megabytes."""
COMMENTS_KEPT = 2000
_TOKEN = secrets.token_hex(24)
"""Stands where each reader's token against forgery goes; nobody can write it into their words."""

_comments: OrderedDict[Any, str] = OrderedDict()


class Part(Protocol):
    template: ClassVar[str]


def draw(part: Part) -> SafeString:
    return _draw(part, get_language(), timezone.get_current_timezone_name())


@lru_cache(maxsize=KEPT)
def _draw(part: Any, language: str | None, zone: str) -> SafeString:
    return get_template(part.template).render({"row": part})


def draw_comment(comment: Any, thread: Any, member: Any, token: str) -> SafeString:
    """The comment by its template, which reads nothing but what is named here.

    `thread.dress` put on the comment what is its reader's.
    """
    item, author = thread.item, comment.author
    key = (
        comment.pk,
        comment.html,
        comment.parent_id,
        comment.thread,
        comment.created_at,
        comment.since,
        comment.edited_at,
        comment.face,
        author and (author.pk, author.name),
        bool(comment.is_new),
        bool(comment.may_edit),
        bool(comment.may_delete),
        tuple(comment.reaction_counts.items()),
        tuple(sorted(getattr(comment, "own", ()))),
        tuple(_seen(one) for one in (*comment.pictures_shown, *comment.files_shown)),
        getattr(item, "answer_id", None) == comment.pk,
        thread.address,
        thread.answer_url,
        bool(thread.may_comment),
        bool(thread.may_react),
        member is not None,
        get_language(),
        timezone.get_current_timezone_name(),
    )
    html = _comments.get(key)
    if html is None:
        context = {"comment": comment, "thread": thread, "member": member, "csrf_token": _TOKEN}
        html = get_template("community/_comment.html").render(context)
        _comments[key] = html
        if len(_comments) > COMMENTS_KEPT:
            _comments.popitem(last=False)
    return mark_safe(html.replace(_TOKEN, token))


def _seen(medium: Any) -> tuple[Any, ...]:
    return (
        medium.token,
        medium.name,
        medium.mime,
        medium.size,
        medium.width,
        medium.height,
        medium.alt,
    )
