"""What a page says once ("Your reply is in."), kept in a signed cookie until it is shown.

In the session it would cost a second commit for each thing somebody sends. What is too long for a
cookie still goes there.
"""

from django.conf import settings
from django.contrib.messages.storage.cookie import CookieStorage
from django.contrib.messages.storage.fallback import FallbackStorage
from django.contrib.messages.storage.session import SessionStorage


class InCookie(CookieStorage):
    cookie_name = "__Host-messages" if settings.SESSION_COOKIE_SECURE else "messages"


class Messages(FallbackStorage):
    storage_classes = (InCookie, SessionStorage)
