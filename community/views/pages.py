"""Pages that belong to the site itself: its parts on show, its service worker, its offline page."""

from __future__ import annotations

import hashlib

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.views.decorators.http import require_safe

from community.views import theme


@require_safe
def service_worker(request: HttpRequest) -> HttpResponse:
    files = [
        static("css/site.css"),
        static("font/atkinson-next.woff2"),
        static("img/weave.svg"),
        theme.current_url(),
    ]
    script = render_to_string(
        "community/sw.js",
        {
            "files": files,
            "offline_url": reverse("offline"),
            "version": hashlib.sha256(" ".join(files).encode()).hexdigest()[:10],
        },
    )
    response = HttpResponse(script, content_type="text/javascript; charset=utf-8")
    response["Cache-Control"] = "no-cache"
    return response


@require_safe
def offline(request: HttpRequest) -> HttpResponse:
    """Rendered without the request: nobody's name may get into a copy that stays on a phone."""
    page = render_to_string("community/offline.html", {"theme_url": theme.current_url()})
    response = HttpResponse(page)
    response["Cache-Control"] = "no-cache"
    return response


@require_safe
def styleguide(request: HttpRequest) -> HttpResponse:
    """Every part in every state; for staff, everybody else finds nothing here."""
    if not (request.user.is_authenticated and request.user.is_staff):
        raise Http404
    from community.views.parts_on_show import SHOWN

    return render(request, "community/styleguide.html", SHOWN)
