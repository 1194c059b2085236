"""Pages that belong to the site itself: its parts on show, its service worker, its offline page."""

from __future__ import annotations

import hashlib

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from community import web_push
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
            "notices_url": reverse("notices"),
            "devices_url": reverse("push_devices"),
            "add_device_url": reverse("add_push_device"),
            "push_key": web_push.public_key(),
            "icon": static("img/mark.svg"),
            "something_new": _("Something new for you"),
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
def styleguide_picture(request: HttpRequest, hue: int) -> HttpResponse:
    """A woven picture as a file, for the gallery on show."""
    bars = "".join(
        f'<path d="M{x}-60h40v560h-40z" transform="rotate(28 {x} 220)" opacity=".{3 + x % 6}"/>'
        for x in range(-160, 900, 82)
    )
    picture = (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 680 440">'
        f'<path fill="oklch(0.40 0.09 {hue * 20})" d="M0 0h680v440H0z"/>'
        f'<g fill="oklch(0.62 0.11 {hue * 20})">{bars}</g></svg>'
    )
    return HttpResponse(picture, content_type="image/svg+xml")


@require_safe
def styleguide(request: HttpRequest) -> HttpResponse:
    """Every part in every state; for staff, everybody else finds nothing here."""
    if not (request.user.is_authenticated and request.user.is_staff):
        raise Http404
    from community.views.parts_on_show import shown

    if "toast" in request.GET:
        messages.success(request, _("Topic deleted"))

    return render(request, "community/styleguide.html", shown())
