"""Knows what feed readers are told: what anybody reads on the web, and nothing of who reads it.

The answer is the same for everybody, signed in or not, so it may be kept by whoever carries it, as
long as they ask whether it still holds: what was taken away is gone from the next answer.
"""

from __future__ import annotations

import hashlib
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.cache import get_conditional_response
from django.utils.feedgenerator import Atom1Feed
from django.utils.http import http_date, quote_etag

from community import prose, stems
from community.models import Community, Item, Space
from community.registry import registry
from community.shown import own_rows

SIZE = 30
EXCERPT = 600


class _Atom(Atom1Feed):
    """With the time of the newest entry, or of the space while there is none."""

    def latest_post_date(self) -> Any:
        return max((item["updateddate"] for item in self.items), default=self.feed["began_at"])


def answer(request: HttpRequest, space: Space) -> HttpResponse:
    """The newest of a space that visitors may read, as Atom; of the root, of the whole community.

    Names nobody: who wrote it stands on its page, as far as it stands there.
    """
    # One language for everybody, because what is kept in between knows no reader.
    with translation.override(settings.LANGUAGE_CODE):
        feed = _feed(request, space)
        body = feed.writeString("utf-8").encode()
    etag = quote_etag(hashlib.sha256(body).hexdigest()[:32])
    response = HttpResponse(body, content_type="application/atom+xml; charset=utf-8")
    response["Cache-Control"] = "public, no-cache"
    response["Last-Modified"] = http_date(feed.latest_post_date().timestamp())
    response["ETag"] = etag
    return get_conditional_response(request, etag=etag, response=response)


def _feed(request: HttpRequest, space: Space) -> _Atom:
    name = Community.objects.current().name
    feed = _Atom(
        title=name if space.is_root else f"{space.name} · {name}",
        link=request.build_absolute_uri("/" if space.is_root else space.get_absolute_url()),
        description=space.purpose,
        subtitle=space.purpose,
        author_name=name,
        feed_url=request.build_absolute_uri(request.path),
        language=settings.LANGUAGE_CODE,
        began_at=space.created_at,
    )
    items = _items(space)
    own = own_rows(items)
    for item in items:
        kind = registry.kind(item.kind)
        address = request.build_absolute_uri(kind.address(item.pk))
        feed.add_item(
            title=item.title or str(kind.label),
            link=address,
            unique_id=address,
            description=prose.plain(stems.said(own.get(item.pk, item)), EXCERPT),
            pubdate=item.created_at,
            updateddate=item.edited_at or item.created_at,
            categories=[str(kind.label)] + ([item.space.name] if space.is_root else []),
        )
    return feed


def _items(space: Space) -> list[Item]:
    rows = Item.objects.visible_to(None).filter(kind__in=registry.feed_kinds())
    if not space.is_root:
        rows = rows.filter(space=space)
    rows = rows.select_related("space").defer("search").order_by("-active_at", "-pk")
    return list(rows[:SIZE])
