"""The headers every page carries beside the content security policy."""

from django.conf import settings

_FEATURES = (
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
_NOTHING_ALLOWED = ", ".join(f"{feature}=()" for feature in _FEATURES)
# Where voice notes are recorded, once somebody presses the button and allows it.
_MICROPHONE_ALLOWED = _NOTHING_ALLOWED.replace("microphone=()", "microphone=(self)")
_WITH_MICROPHONE = "/chat/"


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
        speaks = request.path_info.startswith(_WITH_MICROPHONE)
        allowed = _MICROPHONE_ALLOWED if speaks else _NOTHING_ALLOWED
        response.headers.setdefault("Permissions-Policy", allowed)
        session = getattr(request, "session", None)
        said = getattr(request, "_messages", None)
        if (session is not None and session.accessed) or (said is not None and said.used):
            response.headers.setdefault("Cache-Control", "private, no-store")
        if self.admin_path and request.path_info.startswith(self.admin_path):
            response._csp_replace = {"require-trusted-types-for": None, "trusted-types": None}
        return response
