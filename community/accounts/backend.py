"""Signing in as allauth does it; whose session it is, the core loads in one query."""

from __future__ import annotations

from allauth.account.auth_backends import AuthenticationBackend

from community.models import Member
from community.models.people import signed_in


class Backend(AuthenticationBackend):
    def get_user(self, user_id: int) -> Member | None:
        member = signed_in(int(user_id))
        return member if member is not None and self.user_can_authenticate(member) else None
