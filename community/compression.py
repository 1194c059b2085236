"""Knows what is worth compressing when no front server does it: words, never pictures or files."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.middleware.gzip import GZipMiddleware


class CompressPages(GZipMiddleware):
    """Compresses pages and fragments; Django's class pads them, so that length tells nothing."""

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        words = response.get("Content-Type", "").startswith(("text/", "application/json"))
        if response.streaming or not words:
            return response
        return super().process_response(request, response)
