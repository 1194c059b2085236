"""The organisation's colours as a style sheet, and what makes the site an app on a phone."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from community import colour, icons
from community.models import Community
from community.registry import registry

YEAR = "public, max-age=31536000, immutable"


def theme_url(brand: str) -> str:
    """Where the style sheet of this brand colour is; another colour, another address."""
    return reverse("theme", args=[colour.theme_hash(brand)])


def _community() -> Community | None:
    """None before the site is set up; its error pages want a colour all the same."""
    try:
        return Community.objects.current()
    except Community.DoesNotExist:
        return None


def _brand(community: Community | None) -> str:
    return community.brand if community else colour.DEFAULT_BRAND


def current_url() -> str:
    return theme_url(_brand(_community()))


@require_safe
def theme(request: HttpRequest, digest: str) -> HttpResponse:
    brand = _brand(_community())
    response = HttpResponse(colour.theme_css(brand), content_type="text/css; charset=utf-8")
    known = digest == colour.theme_hash(brand)
    response["Cache-Control"] = YEAR if known else "public, max-age=60"
    return response


@require_safe
def icon(request: HttpRequest, digest: str, shape: str) -> HttpResponse:
    """The organisation's picture; an old address gives the new one, for a minute."""
    if shape not in icons.SHAPES:
        raise Http404
    key = icons.key_of(_community())
    response = HttpResponse(icons.draw(key, shape), content_type="image/png")
    response["Cache-Control"] = YEAR if digest == icons.digest(key) else "public, max-age=60"
    return response


@require_safe
def manifest(request: HttpRequest) -> HttpResponse:
    community = _community()
    name = community.name if community else "Tequio"
    pictures = [
        {"src": icons.url(community, size), "sizes": f"{size}x{size}", "type": "image/png"}
        for size in ("192", "512")
    ]
    maskable = {
        "src": icons.url(community, "maskable"),
        "sizes": "512x512",
        "type": "image/png",
        "purpose": "maskable",
    }
    response = JsonResponse(
        {
            "id": "/",
            "name": name,
            "short_name": name if len(name) <= 12 else name.split()[0][:12],
            "description": community.tagline if community else "",
            "start_url": "/",
            "scope": "/",
            "display": "standalone",
            "background_color": "#faf7f2",
            "theme_color": _brand(community),
            "icons": [*pictures, maskable],
            "shortcuts": [
                {"name": str(place.label), "url": reverse(place.url_name)}
                for place in [place for place in registry.ordered("places") if not place.may][:4]
            ],
        },
        content_type="application/manifest+json",
    )
    response["Cache-Control"] = "public, max-age=3600"
    return response
