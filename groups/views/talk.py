"""The Talk tab of a group: its topics, newest activity first."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from community.htmx import respond, viewer
from groups import policies
from groups.views import frame


def group(request: HttpRequest, slug: str) -> HttpResponse:
    """A group's front page: talk for those who may look inside, the door for the rest."""
    found = frame.load_group(request, slug)
    if not policies.can_see_inside(viewer(request), found):
        return frame.door(request, found)
    context = frame.group_context(request, found, "talk")
    return respond(request, "groups/talk.html", "groups/_talk.html", context)
