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

from channels.routing import ProtocolTypeRouter  # noqa: E402

from community.routing import sockets  # noqa: E402
from config.pages import Pages  # noqa: E402

application = ProtocolTypeRouter(
    {"http": Pages(_wsgi, threads=int(os.environ["DB_POOL"])), "websocket": sockets}
)
