"""Sessions in the database, read by a prepared question: every page of a member begins with it."""

from __future__ import annotations

from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.db.models import QuerySet
from django.utils import timezone

from community.prepared import prepared


@prepared
def _living(key: str, now: object) -> QuerySet:
    return Session.objects.filter(session_key=key, expire_date__gt=now)


class SessionStore(db.SessionStore):
    """Django's own, which stays right when Valkey is away: an ended session is gone at once."""

    def _get_session_from_db(self) -> Session | None:
        found = _living(self.session_key, timezone.now()) if self.session_key else []
        if found:
            return found[0]
        self._session_key = None
        return None


def forget_ended() -> int:
    """Delete sessions that are over, and with them the addresses and browsers they came from."""
    from allauth.usersessions.models import UserSession

    SessionStore.clear_expired()
    living = Session.objects.values("session_key")
    return UserSession.objects.exclude(session_key__in=living).delete()[0]
