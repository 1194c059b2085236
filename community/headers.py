"""The headers every page carries beside the content security policy."""

from django.conf import settings

_NOTHING_ALLOWED = ", ".join(
    f"{feature}=()"
    for feature in (
        "accelerometer",
        "browsing-topics",
        "camera",
        "display-capture",
        "geolocation",
        "gyroscope",
        "magnetometer",
        "microphone",
        "midi",
        "payment",
        "usb",
    )
)


class HeadersMiddleware:
    """Permissions-Policy everywhere; nothing made for a person stays in a shared cache.

    Stands just inside CSPMiddleware, and takes Trusted Types off under the admin's path, whose
    jQuery writes HTML from strings.
    """

    def __init__(self, get_response):
        self.get_response = get_response
        self.admin_path = f"/{settings.ADMIN_URL}" if settings.ADMIN_URL else None

    def __call__(self, request):
        response = self.get_response(request)
        response.headers.setdefault("Permissions-Policy", _NOTHING_ALLOWED)
        session = getattr(request, "session", None)
        if session is not None and session.accessed:
            response.headers.setdefault("Cache-Control", "private, no-store")
        if self.admin_path and request.path_info.startswith(self.admin_path):
            response._csp_replace = {"require-trusted-types-for": None, "trusted-types": None}
        return response
