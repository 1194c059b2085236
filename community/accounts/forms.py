"""What people type to get in; nothing here tells whether an address is known."""

from __future__ import annotations

from typing import Any

from allauth.account import forms as allauth_forms
from allauth.account.adapter import get_adapter
from allauth.core import context
from allauth.core.internal import ratelimit
from allauth.core.internal.httpkit import headed_redirect_response
from allauth.mfa.base import forms as mfa_forms
from allauth.mfa.totp import forms as mfa_totp_forms
from django import forms
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from community.accounts.adapter import member_with_email
from community.accounts.codes import CodeProcess


def _email_field(**kwargs: Any) -> forms.EmailField:
    return forms.EmailField(
        label=_("Your e-mail"),
        max_length=254,
        widget=forms.EmailInput(
            attrs={
                "autocomplete": "email",
                "autocapitalize": "none",
                "spellcheck": "false",
            }
        ),
        **kwargs,
    )


class _SendsCode:
    """Forms whose answer is a mail: limited by address, the same for known and unknown ones."""

    member = None

    def look_up(self, email: str) -> None:
        usage = ratelimit.consume(
            context.request, app="allauth.account", action="request_login_code", key=email.lower()
        )
        if not usage:
            raise get_adapter().validation_error("too_many_login_attempts")
        self.member = member_with_email(email)

    def send_code(
        self, request: HttpRequest, email: str, *, joining: bool, next_url: str | None
    ) -> HttpResponse:
        CodeProcess.begin(request, email=email, member=self.member, joining=joining)
        query = {REDIRECT_FIELD_NAME: next_url} if next_url else None
        return headed_redirect_response("account_confirm_login_code", query=query)


class SignUpForm(_SendsCode, forms.Form):
    """An e-mail is all it takes; a known one is signed in by the code it gets."""

    email = _email_field()
    by_passkey = False

    def clean_email(self) -> str:
        email = self.cleaned_data["email"].lower()
        self.look_up(email)
        return email

    def try_save(self, request: HttpRequest) -> tuple[None, HttpResponse]:
        """For allauth's view: no account yet, and where to go."""
        next_url = request.POST.get(REDIRECT_FIELD_NAME)
        answer = self.send_code(
            request, self.cleaned_data["email"], joining=True, next_url=_safe(next_url)
        )
        return None, answer


class SignInForm(_SendsCode, allauth_forms.LoginForm):
    """With a password, or with an empty one and a code by mail."""

    hide_optional = True

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"] = _email_field()
        self.fields["password"] = forms.CharField(
            label=_("Password"),
            required=False,
            strip=False,
            max_length=256,
            help_text=_("None, or forgotten? Leave it empty and we e-mail you a code."),
            widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        )
        self.order_fields(["login", "password"])

    def _setup_password_field(self) -> None:
        """allauth takes the field away when sign-up asks for no password."""

    def _clean_without_password(self, email: str | None, phone: str | None) -> dict[str, Any]:
        try:
            self.look_up(email or "")
        except forms.ValidationError as error:
            self.add_error("login", error)
        return self.cleaned_data

    def _login_by_code(
        self, request: HttpRequest, redirect_url: str | None, credentials: Any
    ) -> Any:
        return self.send_code(request, credentials["email"], joining=False, next_url=redirect_url)


class ResetPasswordForm(allauth_forms.ResetPasswordForm):
    email = _email_field()

    def clean_email(self) -> str:
        email = self.cleaned_data["email"].lower()
        member = member_with_email(email)
        self.users = [member] if member else []
        return email


class _CodeField:
    """The code from a mail, as phones like it: offered by the keyboard, easy to paste."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].label = _("The code from the mail")
        self.fields["code"].max_length = 32
        self.fields["code"].widget.attrs = {
            "autocomplete": "one-time-code",
            "autocapitalize": "characters",
            "spellcheck": "false",
            "maxlength": "32",
            "class": "input--code",
        }


class ConfirmLoginCodeForm(_CodeField, allauth_forms.ConfirmLoginCodeForm):
    pass


class ConfirmEmailCodeForm(_CodeField, allauth_forms.ConfirmEmailVerificationCodeForm):
    pass


class ConfirmPasswordResetCodeForm(_CodeField, allauth_forms.ConfirmPasswordResetCodeForm):
    pass


class SetPasswordForm(allauth_forms.SetPasswordForm):
    """A new password, typed once: it can be looked at, and a wrong one is mended by a code."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _one_new_password(self)


class ChangePasswordForm(allauth_forms.ChangePasswordForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _one_new_password(self)
        old = self.fields["oldpassword"]
        old.label = _("Password you have now")
        old.widget.attrs.pop("placeholder", None)


class ResetPasswordKeyForm(allauth_forms.ResetPasswordKeyForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _one_new_password(self)


def _one_new_password(form: forms.Form) -> None:
    del form.fields["password2"]
    field = form.fields["password1"]
    field.label = _("New password")
    field.widget.attrs.pop("placeholder", None)
    field.help_text = _("At least 12 characters. Three or four words you will remember are good.")


class ChangeEmailForm(allauth_forms.AddEmailForm):
    email = _email_field()


def _safe(url: str | None) -> str | None:
    return url if url and get_adapter().is_safe_url(url) else None


class _Digits:
    """Codes of an authenticator app: digits, offered by the keyboard."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].label = _("The code")
        self.fields["code"].widget.attrs = {
            "autocomplete": "one-time-code",
            "autocapitalize": "none",
            "class": "input--code",
        }


class ActivateTOTPForm(_Digits, mfa_totp_forms.ActivateTOTPForm):
    pass


class AuthenticateForm(_Digits, mfa_forms.AuthenticateForm):
    pass


class MFAReauthenticateForm(_Digits, mfa_forms.ReauthenticateForm):
    pass


class ReauthenticateForm(allauth_forms.ReauthenticateForm):
    """With the password; leads to a new one if it is forgotten."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password"].widget.attrs.pop("placeholder", None)
