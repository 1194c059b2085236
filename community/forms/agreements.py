"""What people type to write an agreement; and the boxes by which somebody accepts one."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from community.choices import Hinted
from community.forms.people import languages
from community.models import Agreement

KINDS = [
    (Agreement.Kind.CONDUCT, Hinted(_("Code of conduct"), _("How you are with each other."))),
    (Agreement.Kind.PRIVACY, Hinted(_("Privacy notice"), _("What is kept of people, and why."))),
    (Agreement.Kind.TERMS, Hinted(_("Terms"), _("What goes with taking part."))),
    (Agreement.Kind.CONSENT, Hinted(_("Consent"), _("Free: people can take it back at any time."))),
]


class WordsForm(forms.Form):
    """Title and text in each language of the site."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.spoken = languages()
        for code, name in self.spoken:
            self.fields[f"title_{code}"] = forms.CharField(
                label=_("Title (%(language)s)") % {"language": name}, max_length=120, required=False
            )
            self.fields[f"text_{code}"] = forms.CharField(
                label=_("Text (%(language)s)") % {"language": name},
                max_length=60_000,
                required=False,
                widget=forms.Textarea(attrs={"rows": 14}),
            )

    @property
    def words(self) -> dict[str, dict[str, str]]:
        return {
            code: {
                "title": self.cleaned_data[f"title_{code}"],
                "text": self.cleaned_data[f"text_{code}"],
            }
            for code, _name in self.spoken
        }


class NewAgreementForm(WordsForm):
    kind = forms.ChoiceField(label=_("What is it?"), choices=KINDS, widget=forms.RadioSelect)
    required = forms.BooleanField(
        label=_("Needed to write here"),
        required=False,
        help_text=_("Who has not accepted reads everything and writes nothing, from a day on."),
    )


class VersionForm(WordsForm):
    changes = forms.CharField(
        label=_("What changed?"),
        max_length=400,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("One or two sentences. Everybody reads this first."),
    )
    needed_from = forms.DateField(
        label=_("Needed for writing from"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("Give people at least two weeks. Empty: it never keeps anybody from writing."),
    )
