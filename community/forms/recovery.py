"""What is typed by whoever spoke to somebody that lost their second factor."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from community.models import Recovery, RecoveryYes


class YesForm(forms.Form):
    """The digits that the person read out, how one spoke, and what showed that it was them."""

    spoken = forms.CharField(
        label=_("The six digits they read out to you"),
        max_length=12,
        help_text=_("They stand on their screen. Do not take them from a message."),
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "inputmode": "numeric", "class": "input--code"}
        ),
    )
    how = forms.ChoiceField(
        label=_("How did you speak?"), choices=RecoveryYes.How.choices, widget=forms.RadioSelect
    )
    proof = forms.CharField(
        label=_("How do you know that it was them?"),
        min_length=Recovery.SHORTEST_PROOF,
        max_length=500,
        help_text=_(
            "One or two sentences: since when you know them, what you asked. It is written down "
            "for good, and the person can read it."
        ),
        widget=forms.Textarea(attrs={"rows": 4}),
    )
