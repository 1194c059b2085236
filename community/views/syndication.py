"""The whole community for feed readers."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from community import syndication
from community.models import Space


@require_safe
def feed(request: HttpRequest) -> HttpResponse:
    """What all groups tell the web; 404 while the community itself is not public."""
    root = Space.objects.visible_to(None).filter(kind=Space.ROOT).first()
    if root is None:
        raise Http404
    return syndication.answer(request, root)
