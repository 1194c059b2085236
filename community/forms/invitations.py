"""What is typed to invite people: addresses, or how many may use a link."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext_lazy as _

from community.models import Ring

MOST_ADDRESSES = 50


class _InviteForm(forms.Form):
    ring = forms.TypedChoiceField(label=_("As what?"), coerce=int, initial=Ring.PARTICIPANT)

    def __init__(self, *args: Any, rings: list[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["ring"].choices = [(ring, Ring(ring).label) for ring in rings]


class MailForm(_InviteForm):
    """By mail: one invitation for each address."""

    emails = forms.CharField(
        label=_("E-mail addresses"),
        max_length=6000,
        help_text=_("As many as you like, separated by spaces, commas or lines."),
        widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "off", "inputmode": "email"}),
    )
    note = forms.CharField(
        label=_("A line from you"),
        max_length=300,
        required=False,
        help_text=_("It stands in the mail. People come because somebody they know asked."),
    )
    field_order = ["emails", "note", "ring"]

    def clean_emails(self) -> list[str]:
        text = self.cleaned_data["emails"]
        words = text.replace(",", " ").replace(";", " ").split()
        found = list(dict.fromkeys(word.strip("<>").lower() for word in words))
        wrong = []
        for address in found:
            try:
                validate_email(address)
            except ValidationError:
                wrong.append(address)
        if wrong:
            raise ValidationError(
                _("This does not look like an e-mail address: %(words)s"),
                params={"words": ", ".join(wrong[:3])},
            )
        if len(found) > MOST_ADDRESSES:
            raise ValidationError(
                _("%(most)s addresses at a time, please."), params={"most": MOST_ADDRESSES}
            )
        return found


class LinkForm(_InviteForm):
    """By link: for a poster, a chat, or a hand held out."""

    max_uses = forms.IntegerField(
        label=_("For how many people?"), min_value=1, max_value=200, initial=10
    )
    days = forms.IntegerField(label=_("For how many days?"), min_value=1, max_value=14, initial=14)
    field_order = ["max_uses", "days", "ring"]

    def clean(self) -> dict[str, Any]:
        found = super().clean()
        if found.get("ring", 0) > Ring.PARTICIPANT and found.get("max_uses", 1) != 1:
            self.add_error(
                "max_uses",
                _("A link straight into the core team, or to be steward, is for one person."),
            )
        return found
