"""Sessions: kept in the database, read by a prepared question, over when it is time.

Every page of a member begins with one, so reading one is a prepared question. How long one lasts,
what is kept of where it came from, and ending those of others stand here and nowhere else.
"""

from __future__ import annotations

import ipaddress
import time
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from community import live
from community.prepared import prepared

ADDRESS_KEPT = timedelta(days=30)
NOWHERE = "0.0.0.0"


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

    def delete(self, session_key: str | None = None) -> None:
        """Signing out, here or from another device: open pages are closed at once."""
        ended = session_key or self.session_key
        super().delete(session_key)
        if ended:
            live.close_on_commit(ended)


def is_over(request: HttpRequest) -> bool:
    """Whether the session is too old or was idle for too long; else notes that it lives.

    Whoever holds a staff role has hours where others have weeks, on every page.
    """
    now, session = time.time(), request.session
    began = session.setdefault("began", now)
    seen = session.setdefault("seen", now)
    staff = bool(request.user.held_roles)
    idle = (settings.STAFF_SESSION_IDLE if staff else settings.SESSION_IDLE).total_seconds()
    longest = settings.STAFF_SESSION_LONGEST if staff else settings.SESSION_LONGEST
    if now - seen > idle or now - began > longest.total_seconds():
        return True
    if now - seen > idle / 14:
        session["seen"] = now  # saves the session, which moves its expiry too
    return False


def ends_at(session: SessionStore, *, is_staff: bool) -> float:
    """The clock's time at which a session is over unless it is used until then; for what is no
    page and does not use it."""
    now = time.time()
    idle = settings.STAFF_SESSION_IDLE if is_staff else settings.SESSION_IDLE
    longest = settings.STAFF_SESSION_LONGEST if is_staff else settings.SESSION_LONGEST
    return min(
        session.get("seen", now) + idle.total_seconds(),
        session.get("began", now) + longest.total_seconds(),
    )


# Where a session came from


def shortened(address: str) -> str:
    """An address without what tells one household from the next: its /24, or the /48 of IPv6."""
    ip = ipaddress.ip_address(address)
    if ip.version == 6 and ip.ipv4_mapped:
        ip = ip.ipv4_mapped
    network = ipaddress.ip_network(f"{ip}/{24 if ip.version == 4 else 48}", strict=False)
    return str(network.network_address)


def keep_less_of_addresses() -> None:
    """Let allauth's list of sessions store shortened addresses; called once at the start."""
    from allauth.usersessions.models import UserSession

    field = UserSession._meta.get_field("ip")

    def pre_save(session: UserSession, add: bool) -> str:
        session.ip = shortened(session.ip)
        return session.ip

    field.pre_save = pre_save


def forget_ended() -> int:
    """Delete sessions that are over and where they came from; of others, after thirty days."""
    from allauth.usersessions.models import UserSession

    SessionStore.clear_expired()
    living = Session.objects.values("session_key")
    gone = UserSession.objects.exclude(session_key__in=living).delete()[0]
    old = UserSession.objects.filter(created_at__lt=timezone.now() - ADDRESS_KEPT)
    old.exclude(ip=NOWHERE).update(ip=NOWHERE)
    return gone


# Ending those of others: operations decide who may, and write it down


def end_all_of(member: Any) -> int:
    """Sign a person out everywhere, at once; how many sessions that ended."""
    from allauth.usersessions.models import UserSession

    from community.models import PushSubscription

    theirs = UserSession.objects.filter(user=member)
    ended = Session.objects.filter(session_key__in=theirs.values("session_key")).delete()[0]
    theirs.delete()
    PushSubscription.objects.filter(member=member).delete()
    live.close_on_commit(member.pk)
    return ended


def end_all(*, but: str | None) -> int:
    """Sign everybody out, whatever is known of their sessions; ``but`` is a key that stays."""
    from allauth.usersessions.models import UserSession

    from community.models import PushSubscription

    ended = Session.objects.exclude(session_key=but).delete()[0]
    UserSession.objects.exclude(session_key=but).delete()
    PushSubscription.objects.all().delete()
    live.close_all_on_commit()
    return ended
