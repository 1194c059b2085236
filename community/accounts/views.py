"""What allauth has not: a code for newcomers, one to prove oneself again, ending one session."""

from __future__ import annotations

import time
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.internal.decorators import login_stage_required
from allauth.account.internal.flows.login import record_authentication
from allauth.account.stages import LoginByCodeStage
from allauth.account.views import BaseReauthenticateView, ConfirmLoginCodeView, SignupView
from allauth.core.internal import ratelimit
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from community.accounts.adapter import waiting_invitation
from community.accounts.codes import CodeProcess
from community.accounts.forms import ConfirmLoginCodeForm

_PROOF = "account_reauthentication_code"
_TRIES = 3


class InvitedSignupView(SignupView):
    """allauth's page to join; it remembers who held the door open."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        found = super().get_context_data(**kwargs)
        return found | {"invitation": waiting_invitation(self.request)}


signup = InvitedSignupView.as_view()


@method_decorator(
    login_stage_required(stage=LoginByCodeStage.key, redirect_urlname="account_login"),
    name="dispatch",
)
class ConfirmCodeView(ConfirmLoginCodeView):
    """allauth's page for the code, with our process behind it."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.stage = request._login_stage
        self._process = CodeProcess.resume(self.stage)
        if self._process is None:
            return HttpResponseRedirect(reverse("account_login"))
        return super(ConfirmLoginCodeView, self).dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        joining = self._process.state.get("joining")
        return super().get_context_data(**kwargs) | {
            "back_url": reverse("account_signup" if joining else "account_login"),
            "trial": settings.TRIAL,
        }


confirm_login_code = ConfirmCodeView.as_view()


@method_decorator(login_required, name="dispatch")
class ReauthenticateByCodeView(BaseReauthenticateView):
    """Prove that it is still you, by a code to your own address."""

    form_class = ConfirmLoginCodeForm
    template_name = "account/reauthenticate_by_code.html"

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.POST.get("action") == "send":
            usage = ratelimit.consume(
                request,
                app="allauth.account",
                action="request_login_code",
                key=request.user.email.lower(),
            )
            if not usage:
                messages.error(request, get_adapter().error_messages["rate_limited"])
                return HttpResponseRedirect(self.passthrough_next_url(request.path))
            code = get_adapter().generate_login_code()
            request.session[_PROOF] = {"code": code, "at": time.time(), "failed": 0}
            get_adapter().send_mail(
                "account/email/reauthentication_code", request.user.email, {"code": code}
            )
            return HttpResponseRedirect(self.passthrough_next_url(request.path))
        if not self._proof():
            return HttpResponseRedirect(self.passthrough_next_url(request.path))
        return super().post(request, *args, **kwargs)

    def _proof(self) -> dict[str, Any] | None:
        proof = self.request.session.get(_PROOF)
        if proof and time.time() - proof["at"] <= settings.ACCOUNT_LOGIN_BY_CODE_TIMEOUT:
            return proof
        return None

    def get_form_kwargs(self) -> dict[str, Any]:
        proof = self._proof()
        return super().get_form_kwargs() | {"code": proof["code"] if proof else ""}

    def form_valid(self, form: Any) -> HttpResponse:
        del self.request.session[_PROOF]
        record_authentication(self.request, self.request.user, method="code", reauthenticated=True)
        return super().form_valid(form)

    def form_invalid(self, form: Any) -> HttpResponse:
        proof = self.request.session[_PROOF]
        proof["failed"] += 1
        self.request.session.modified = True
        if proof["failed"] >= _TRIES:
            del self.request.session[_PROOF]
        return super().form_invalid(form)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"sent": bool(self._proof())}


reauthenticate_by_code = ReauthenticateByCodeView.as_view()


@login_required
@require_POST
def end_session(request: HttpRequest, pk: int) -> HttpResponse:
    """Sign oneself out in another browser."""
    session = UserSession.objects.filter(user=request.user, pk=pk).first()
    if session is not None and not session.is_current():
        session.end()
        messages.success(request, _("Signed out there."))
    return redirect("usersessions_list")
