"""Knows the link in letters of safety that locks an account at once, signed in or not.

Who gets such a letter and was not the one who did it must not have to sign in first. All the link
can do is shut people out, who then come back by a code in their mailbox and the second lock if
there is one. It takes none off: whoever reads a mailbox must not get past that by an old letter.
"""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.core import signing
from django.urls import reverse

from community.models import Member

GOOD_FOR = timedelta(days=30)
_SALT = "tequio.lock"


def address(member: Member) -> str:
    token = signing.dumps(member.pk, salt=_SALT)
    return settings.SITE_URL.rstrip("/") + reverse("lock_account", args=[token])


def read(token: str) -> Member | None:
    """Whose account it locks; None: not one of ours, too old, or the account is closed."""
    try:
        pk = signing.loads(token, salt=_SALT, max_age=GOOD_FOR)
    except (signing.BadSignature, ValueError):
        return None
    return Member.objects.filter(pk=pk, is_active=True).first()
