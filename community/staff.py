"""Knows staff roles: what each opens in the admin, and that none counts without a second factor.

A password can be guessed, fished for or found in somebody else's leak. So a session that holds no
second factor has no staff power at all: `ask_for_second_factor` takes the roles away from the
member of the request before any view, policy or template asks for them.
"""

from __future__ import annotations

import time
from typing import Any

from allauth.account.internal.flows.login import get_authentication_records
from django.conf import settings
from django.db.models import Exists, Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from community.models import Member, Membership, Ring, StaffRole
from community.prepared import prepared
from community.registry import WaitingCard

_ADDED, _REMOVED = "second_factor_added", "second_factor_removed"

ADMIN, MODERATOR = StaffRole.Role.ADMIN, StaffRole.Role.MODERATOR
SAFEGUARDING, DATA_PROTECTION = StaffRole.Role.SAFEGUARDING, StaffRole.Role.DATA_PROTECTION

# What of Django's admin a role looks at: docs/staff.md says it in words. Nobody adds, changes or
# deletes there: what can be done is an operation behind a form.
SEEN_IN_ADMIN: dict[str, frozenset[str]] = {
    "community": frozenset({ADMIN}),
    "space": frozenset({ADMIN, MODERATOR, DATA_PROTECTION}),
    "member": frozenset({ADMIN, MODERATOR, SAFEGUARDING, DATA_PROTECTION}),
    "membership": frozenset({ADMIN, DATA_PROTECTION}),
    "item": frozenset({ADMIN, MODERATOR}),
    "invitation": frozenset({ADMIN, MODERATOR}),
    "staffrole": frozenset({ADMIN, DATA_PROTECTION}),
    "outboxmail": frozenset({ADMIN}),
    "auditentry": frozenset({ADMIN, DATA_PROTECTION}),
}


def opens(roles: set[str], perm: str) -> bool:
    """Whether one of the roles holds a permission of Django's spelling; only looking is one."""
    app, _, what = perm.partition(".")
    act, _, model = what.partition("_")
    if app != "community" or act != "view":
        return False
    return bool(roles & SEEN_IN_ADMIN.get(model, frozenset()))


def enters_admin(member: Member | None) -> bool:
    if member is None or not member.is_authenticated:
        return False
    return any(opens(member.staff_roles, f"community.view_{model}") for model in SEEN_IN_ADMIN)


# The second factor


def needs_second_factor(member: Member | None) -> bool:
    """Whether somebody holds staff roles that rest until a second factor is used."""
    return member is not None and member.is_authenticated and member.second_factor_missing


def ask_for_second_factor(request: HttpRequest) -> None:
    """Let the member's staff roles rest for this request, unless its session has the factor."""
    if settings.STAFF_SECOND_FACTOR and request.user.held_roles and not used(request):
        request.user.second_factor_missing = True


def works_without(member: Member) -> bool:
    """Whether they hold a role here and are let off, as in a trial; pages for staff say so."""
    return bool(member.held_roles) and not settings.STAFF_SECOND_FACTOR


def used(request: HttpRequest) -> bool:
    """Whether this session was opened or confirmed with a second factor, or set one up."""
    last = request.session.get(_ADDED, 0.0)
    for record in get_authentication_records(request, request.user):
        if record["method"] == "mfa":
            last = max(last, record["at"])
    return last > request.session.get(_REMOVED, 0.0)


def factor_was_added(request: HttpRequest) -> None:
    """To add one it had to be used, minutes after proving who it is."""
    request.session[_ADDED] = time.time()


def factor_was_removed(request: HttpRequest) -> None:
    if not has_factor(request.user):
        request.session[_REMOVED] = time.time()


def has_factor(member: Member) -> bool:
    """Whether a passkey or an authenticator app is set up."""
    return bool(_factors(member))


@prepared
def _factors(reader: Any) -> QuerySet:
    from allauth.mfa.models import Authenticator

    types = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
    return Authenticator.objects.filter(user=reader, type__in=types).only("pk")[:1]


_STAFF_ONLY = ("/desk/", "/moderation/", "/safeguarding/")


def leads_elsewhere(request: HttpRequest) -> bool:
    """Whether to show the way to the second factor instead of a page for staff."""
    if not needs_second_factor(request.user):
        return False
    admin = settings.ADMIN_URL and request.path_info.startswith(f"/{settings.ADMIN_URL}")
    return bool(admin or request.path_info.startswith(_STAFF_ONLY))


def reads_audit(member: Member) -> bool:
    """Whether there may be something in the audit log for them, besides what is of themselves."""
    return bool(member.staff_roles & {ADMIN, SAFEGUARDING, DATA_PROTECTION}) or is_asked_kindly(
        member
    )


def waits(member: Member) -> list[WaitingCard]:
    """For staff whose work rests, and for stewards who have none: a second factor to set up."""
    if not (needs_second_factor(member) or is_asked_kindly(member)) or has_factor(member):
        return []
    rests = needs_second_factor(member)
    return [
        WaitingCard(
            label=_("Your account"),
            title=_("Set up a second lock, then your work for the site can begin")
            if rests
            else _("You see what others confide. Set up a second lock for your account"),
            url=reverse("second_factor"),
            action=_("Set it up"),
            icon="shield",
            hue="guide",
            urgency=5 if rests else 25,
        )
    ]


def some_wait(reader: Member) -> Q:
    from allauth.mfa.models import Authenticator

    types = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
    led = Membership.objects.filter(member=reader, ring__gte=Ring.STEWARD)
    held = StaffRole.objects.filter(member=reader)
    has = Authenticator.objects.filter(user=reader, type__in=types)
    return ~Exists(has) & (Exists(led) | Exists(held))


def is_asked_kindly(member: Member) -> bool:
    """Stewards see people's names and contacts too: they are asked for one, not made to."""
    return any(ring >= Ring.STEWARD for ring in member.rings.values())
