"""Knows the links that end mail of one purpose, signed for one person (RFC 8058).

Looking at one changes nothing, for mail scanners look at everything; posting to it does, signed in
or not. It opens nothing else. What safety and law demand cannot be ended, and rights only with a
clear mind on one's own page: their mail carries no such link.
"""

from __future__ import annotations

from django.conf import settings
from django.core import signing
from django.urls import reverse

from community.models import Attention, Member

DIGEST = "digest"
PURPOSES = (
    Attention.PERSON,
    Attention.PROMISE,
    Attention.GROUPS,
    Attention.ORGANISATION,
    DIGEST,
)
_SALT = "tequio.unsubscribe"


def address(member: Member, purpose: str) -> str:
    """Where mail of this purpose ends for this member; empty if it cannot be ended by a link."""
    if purpose not in PURPOSES:
        return ""
    token = signing.dumps([member.pk, str(purpose)], salt=_SALT)
    return settings.SITE_URL.rstrip("/") + reverse("unsubscribe", args=[token])


def read(token: str) -> tuple[Member, str] | None:
    """Whose mail of which purpose it ends, if it is one of ours and they are still here."""
    try:
        pk, purpose = signing.loads(token, salt=_SALT)
    except (signing.BadSignature, ValueError):
        return None
    member = Member.objects.filter(pk=pk, is_active=True).first()
    return (member, purpose) if member is not None and purpose in PURPOSES else None
