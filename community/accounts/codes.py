"""Knows how a code by mail opens an account, and makes one for an address that has none yet.

Joining and signing in are one path: the same page, the same mail and the same work, whether the
address is known here or not. An account is made only when the code comes back right, so nothing
is left of an address that somebody else typed.
"""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login_by_code import LoginCodeVerificationProcess
from allauth.account.internal.flows.signup import send_unknown_account_mail
from allauth.account.models import EmailAddress, Login
from allauth.account.stages import LoginByCodeStage, LoginStageController
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.utils import translation

from community.models import Community, Member


class CodeProcess(LoginCodeVerificationProcess):
    """allauth's sign-in by code, that may also end in a new account (``joining``)."""

    @classmethod
    def begin(
        cls, request: HttpRequest, *, email: str, member: Member | None, joining: bool
    ) -> CodeProcess:
        """Send a code to ``email`` and remember it in the session."""
        login = Login(user=member, email=email)
        login.state["stages"] = {"current": LoginByCodeStage.key}
        stage = LoginByCodeStage(LoginStageController(request, login), request, login)
        stage.state.update(cls.initial_state(user=member, email=email))
        stage.state.update(initiated_by_user=True, joining=joining)
        process = cls(stage=stage)
        process.send()
        process.persist()
        return process

    @classmethod
    def resume(cls, stage: Any) -> CodeProcess | None:
        return cls(stage=stage).abort_if_invalid()

    def send_by_email(self, email: str, skip_enumeration_mails: bool = False) -> None:
        code = self.generate_code()
        if self.user or self.state.get("joining"):
            context = {"request": self.request, "code": code}
            get_adapter().send_mail("account/email/login_code", email, context)
        else:
            # Nobody gets in with the code of an address that has no account.
            self.state["code"] = ""
            send_unknown_account_mail(self.request, email)

    def finish(self, redirect_url: str | None) -> HttpResponse:
        if self.user is None:
            self._user = make_account(self.state["email"])
        return super().finish(redirect_url)


def make_account(email: str) -> Member:
    """The account of an address that was just proved; the present one if somebody was quicker."""
    try:
        with transaction.atomic():
            member = Member.objects.create_user(
                email,
                language=translation.get_language(),
                timezone=Community.objects.values_list("timezone", flat=True).first() or "",
            )
            EmailAddress.objects.create(
                user=member, email=member.email, primary=True, verified=True
            )
    except IntegrityError:
        return Member.objects.get(email__iexact=email)
    return member
