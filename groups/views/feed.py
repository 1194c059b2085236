"""One group for feed readers."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from community import syndication
from groups.models import Group


@require_safe
def group_feed(request: HttpRequest, slug: str) -> HttpResponse:
    """What a public group tells the web; of any other group 404, also for its own people."""
    found = Group.objects.visible_to(None).filter(space__slug=slug).select_related("space").first()
    if found is None:
        raise Http404
    return syndication.answer(request, found.space)
