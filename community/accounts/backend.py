"""Signing in as allauth does it; whose session it is, the core loads in one query."""

from __future__ import annotations

from allauth.account.auth_backends import AuthenticationBackend

from community.accounts.adapter import member_with_email
from community.models import Member
from community.models.people import signed_in


class Backend(AuthenticationBackend):
    def get_user(self, user_id: int) -> Member | None:
        member = signed_in(int(user_id))
        return member if member is not None and self.user_can_authenticate(member) else None

    def _authenticate_by_email(self, email: str, password: str) -> Member | None:
        """One query and one hash, whether there is such an account, with a password, or not.

        allauth asks twice for an address that nobody has, and once for one that was confirmed.
        """
        self._did_check_password = True
        member = member_with_email(email) or Member()
        return member if member.check_password(password) else None
