"""What is typed to shut the doors, and to decide about what was held back."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _


class LockDownForm(forms.Form):
    reason = forms.CharField(
        label=_("Why?"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Everybody reads it in a banner."),
    )
    holds_days = forms.TypedChoiceField(
        label=_("Whose posts wait for a steward?"),
        coerce=int,
        initial=7,
        choices=[
            (0, _("Nobody’s")),
            (1, _("Of who came in the last day")),
            (7, _("Of who came in the last 7 days")),
            (30, _("Of who came in the last 30 days")),
            (365, _("Of who came in the last year")),
        ],
    )
    closes_public = forms.BooleanField(
        label=_("Shut the public pages too"),
        required=False,
        help_text=_("Visitors without an account see the way to sign in, and nothing else."),
    )
    hide_optional = True


class RefuseHeldForm(forms.Form):
    reason = forms.CharField(
        label=_("Why not?"), max_length=300, help_text=_("Its author reads it.")
    )
