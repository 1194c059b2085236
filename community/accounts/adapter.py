"""Knows where we differ from allauth: who may sign up, how mail reads, when to ask again."""

from __future__ import annotations

import logging
import time
from email.utils import parseaddr
from typing import Any

from allauth.account import app_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.core import context
from allauth.core.exceptions import ReauthenticationRequired
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.usersessions.internal.flows.sessions import end_other_sessions
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models.functions import Lower
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from community import lockdown, push, staff
from community.accounts import abroad, lock
from community.mail import Letter, is_discreet
from community.models import Community, Invitation, Member, Space
from community.visitors import client_ip

INVITATION = "invitation"
"""Session key of the token of an invitation that somebody took before they had an account."""

# After these only the session that made the change goes on; a new password does so by itself.
_ENDS_OTHER_SESSIONS = {
    "mfa/email/totp_activated",
    "mfa/email/totp_deactivated",
    "mfa/email/webauthn_added",
    "mfa/email/webauthn_removed",
    "account/email/email_changed",
}

_HOW = {
    "reauthenticate": _("With my password"),
    "mfa_reauthenticate": _("With my app or a recovery code"),
    "mfa_reauthenticate:webauthn": _("With my passkey"),
    "code": _("With a code by e-mail"),
}


log = logging.getLogger("community.security")
_REFUSALS = {
    "email_password_mismatch",
    "incorrect_code",
    "incorrect_password",
    "rate_limited",
    "too_many_login_attempts",
}


def member_with_email(email: str) -> Member | None:
    """The active account of an address; one query, whether there is one or not."""
    return (
        Member.objects.select_related("notice_settings")
        .alias(lower=Lower("email"))
        .filter(lower=email.strip().lower(), is_active=True)
        .first()
    )


def waiting_invitation(request: HttpRequest) -> Invitation | None:
    """The live invitation this visitor came with, if any."""
    token = request.session.get(INVITATION)
    if not token:
        return None
    return Invitation.objects.for_token(token).live().select_related("space", "created_by").first()


class AccountAdapter(DefaultAccountAdapter):
    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": _(
            "This e-mail and password do not fit together. Leave the password empty and we "
            "e-mail you a code instead."
        ),
        "incorrect_code": _("That is not the code we sent. Look at the newest mail."),
        "incorrect_password": _("That is not your password."),
        "too_many_login_attempts": _(
            "Too many tries. Wait five minutes, or sign in with a passkey."
        ),
        "rate_limited": _("That was quick. Wait a moment and try again."),
        "email_taken": _("Another account uses this e-mail."),
        "duplicate_email": _("That is your e-mail already."),
        "same_as_current": _("That is your e-mail already."),
        "enter_current_password": _("That is not your current password."),
    }

    # What is written to the log: that it happened, never with which address

    def login(self, request: HttpRequest, user: Any) -> None:
        super().login(request, user)
        log.info("Signed in: member %s", user.pk)

    def logout(self, request: HttpRequest) -> None:
        member = request.user.pk
        push.let_go_of_this_device(request)
        super().logout(request)
        log.info("Signed out: member %s", member)

    def validation_error(self, code: str, *args: Any) -> ValidationError:
        _note_refusal(code)
        return super().validation_error(code, *args)

    # Who may sign up, and where they go

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        if lockdown.now():
            return False
        by_invitation = (Space.JoinPolicy.INVITE, Space.JoinPolicy.VOUCHER)
        if Space.objects.root().join_policy not in by_invitation:
            return True
        return waiting_invitation(request) is not None

    def get_signup_redirect_url(self, request: HttpRequest) -> str:
        return reverse("welcome")

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        if request.user.is_authenticated and request.user.onboarded_at is None:
            return reverse("welcome")
        token = request.session.pop(INVITATION, None)
        if token:  # they had an account after all
            return reverse("invitation", args=[token])
        return super().get_login_redirect_url(request)

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("security")

    def get_email_verification_redirect_url(self, email_address: Any) -> str:
        return reverse("security")

    def get_client_ip(self, request: HttpRequest) -> str:
        return client_ip(request)

    # Mail: in the receiver's language, through Django's backend (rows that the worker sends)

    def format_email_subject(self, subject: Any) -> str:
        return str(subject)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        community = Community.objects.current()
        member = member_with_email(email)
        language = member.language if member else translation.get_language()
        about = {
            "community": community,
            "member": member,
            "site_url": settings.SITE_URL,
            "letter": Letter(discreet=is_discreet(member or context.get("user"))),
        }
        with translation.override(language):
            super().send_mail(template_prefix, email, about | context)

    def render_mail(
        self, template_prefix: str, email: Any, context: dict[str, Any], headers: Any = None
    ) -> Any:
        """The text, and the same words as a letter in HTML; an indented line is a code."""
        message = super().render_mail(template_prefix, email, context, headers)
        *paragraphs, _signature = message.body.split("\n\n")
        letter = {
            "subject": message.subject,
            "paragraphs": [
                {"text": words.strip(), "code": words.startswith("    ")} for words in paragraphs
            ],
        }
        html = render_to_string("account/email/letter.html", context | letter)
        message.attach_alternative(html, "text/html")
        if context["letter"].discreet:
            message.from_email = parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
        return message

    def send_notification_mail(
        self,
        template_prefix: str,
        user: Any,
        context: dict[str, Any] | None = None,
        email: str | None = None,
    ) -> None:
        if template_prefix in _ENDS_OTHER_SESSIONS:
            end_other_sessions(self.request, user)
        if template_prefix in ("mfa/email/totp_activated", "mfa/email/webauthn_added"):
            staff.factor_was_added(self.request)
        if template_prefix in ("mfa/email/totp_deactivated", "mfa/email/webauthn_removed"):
            staff.factor_was_removed(self.request)
        context = {"lock_url": lock.address(user), "user": user} | (context or {})
        super().send_notification_mail(template_prefix, user, context, email)

    # Asking again who somebody is, before what would hurt

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        """A code by mail as well, but never in place of a second factor that somebody set up."""
        methods = [
            method | {"description": _HOW[method["id"]]}
            for method in super().get_reauthentication_methods(user)
        ]
        if not user.is_authenticated or any(m["id"].startswith("mfa_") for m in methods):
            return methods
        by_code = {
            "id": "code",
            "description": _HOW["code"],
            "url": reverse("account_reauthenticate_by_code"),
        }
        return [*methods, by_code]

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Whoever proved who they are within the last ten minutes is not asked again.

        Decides by itself, for allauth would never ask an account that has neither password nor
        second factor.
        """
        if not super().is_reauthentication_required(app=app, **kwargs):
            return False
        request = context.request
        since = time.time() - app_settings.REAUTHENTICATION_TIMEOUT
        records = get_authentication_records(request, request.user)
        if any(record["at"] > since for record in records):
            return False
        raise ReauthenticationRequired


class SocialAccountAdapter(DefaultSocialAccountAdapter):
    """Accounts of other services obey the same door, and bring the name along."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        return AccountAdapter(request).is_open_for_signup(request)

    def populate_user(self, request: HttpRequest, sociallogin: Any, data: dict[str, Any]) -> Any:
        member = super().populate_user(request, sociallogin, data)
        name = data.get("name") or f"{data.get('first_name', '')} {data.get('last_name', '')}"
        member.name = name.strip()[:80]
        member.language = translation.get_language()
        return member

    def get_requests_session(self) -> abroad.Session:
        return abroad.Session()


def _note_refusal(code: str) -> None:
    if code in _REFUSALS:
        log.info("Signing in was refused: %s", code)


class MFAAdapter(DefaultMFAAdapter):
    """Authenticator apps and passkeys show the community's name."""

    def validation_error(self, code: str, *args: Any) -> ValidationError:
        _note_refusal(code)
        return super().validation_error(code, *args)

    def get_totp_issuer(self) -> str:
        return Space.objects.root().name

    def generate_authenticator_name(self, user: Any, type: Any) -> str:
        number = Authenticator.objects.filter(user=user, type=type).count() + 1
        return gettext("My passkey") if number == 1 else gettext("My passkey %d") % number

    def get_public_key_credential_rp_entity(self) -> dict[str, Any]:
        return super().get_public_key_credential_rp_entity() | {"name": self.get_totp_issuer()}
