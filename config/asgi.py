"""One process for everything: sockets over ASGI, pages over WSGI in a few threads.

In production pages run under a WSGI server and only /ws/ comes here; the trial sends both. Pages
go through Django's WSGI handler either way: one hop into a thread per request, instead of one for
every middleware, and the same code on both paths.
"""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
os.environ.setdefault("DB_POOL", "8")

from django.core.wsgi import get_wsgi_application

_wsgi = get_wsgi_application()

from channels.routing import ProtocolTypeRouter, URLRouter  # noqa: E402
from channels.security.websocket import AllowedHostsOriginValidator  # noqa: E402
from channels.sessions import SessionMiddlewareStack  # noqa: E402
from django.urls import re_path  # noqa: E402

from config.pages import Pages  # noqa: E402


async def nobody(scope, receive, send) -> None:
    """Answers at every socket address that no app has: refused before it opens."""
    await receive()
    await send({"type": "websocket.close", "code": 4404})


application = ProtocolTypeRouter(
    {
        "http": Pages(_wsgi, threads=int(os.environ["DB_POOL"])),
        "websocket": AllowedHostsOriginValidator(
            SessionMiddlewareStack(URLRouter([re_path(r"", nobody)]))
        ),
    }
)
