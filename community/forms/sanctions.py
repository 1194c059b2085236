"""What is typed to warn, limit and suspend people, and what they answer."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from community.choices import Hinted
from community.models import Rule


class SanctionForm(forms.Form):
    """Which rule and why; of a limit or suspension also how long."""

    rule = forms.ModelChoiceField(
        label=_("Which rule?"), queryset=Rule.objects.none(), empty_label=_("Choose a rule")
    )
    reason = forms.CharField(
        label=_("What happened?"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("The person reads it. Say what they did, when, and what you expect."),
    )
    hide_optional = True

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["rule"].queryset = Rule.objects.current()


class WarnForm(SanctionForm):
    """Nothing else to say."""


class LimitForm(SanctionForm):
    days = forms.TypedChoiceField(
        label=_("For how long may they only read?"),
        coerce=int,
        initial=3,
        choices=[(1, _("1 day")), (3, _("3 days")), (7, _("7 days")), (30, _("30 days"))],
    )


class SuspendForm(SanctionForm):
    protective = forms.TypedChoiceField(
        label=_("From when?"),
        coerce=lambda value: value == "now",
        initial="heard",
        choices=[
            (
                "heard",
                Hinted(
                    _("After they were heard"),
                    _("They are told and may answer for 3 days. Then another moderator decides."),
                ),
            ),
            (
                "now",
                Hinted(
                    _("At once, to protect people"),
                    _("For 72 hours. More needs their answer and another moderator."),
                ),
            ),
        ],
        widget=forms.RadioSelect,
    )
    days = forms.TypedChoiceField(
        label=_("For how long?"),
        coerce=int,
        initial=7,
        choices=[
            (0, _("72 hours, to protect people")),
            (7, _("7 days")),
            (30, _("30 days")),
            (90, _("90 days")),
            (180, _("180 days")),
            (365, _("One year")),
        ],
    )


class LiftForm(forms.Form):
    reason = forms.CharField(
        label=_("Why?"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The person reads it."),
    )


class HearingForm(forms.Form):
    text = forms.CharField(
        label=_("Your side"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 7}),
        help_text=_("You can send it once. Everybody who decides reads it."),
    )
    hide_optional = True


class BranchForm(SanctionForm):
    """One measure for a whole branch of invitations."""

    MEASURES = {
        "suspend:72": _("Suspend them for 72 hours, to protect people"),
        "limit:72": _("Let them only read for 3 days"),
        "limit:168": _("Let them only read for 7 days"),
        "limit:720": _("Let them only read for 30 days"),
    }

    measure = forms.ChoiceField(
        label=_("What for all of them?"), choices=list(MEASURES.items()), initial="limit:72"
    )

    @property
    def said(self) -> dict[str, Any]:
        """What the operation takes."""
        kind, hours = self.cleaned_data["measure"].split(":")
        return {
            "kind": kind,
            "hours": int(hours),
            "rule": self.cleaned_data["rule"],
            "reason": self.cleaned_data["reason"],
        }
