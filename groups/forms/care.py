"""What is typed to look after a group: its charter, its contacts, where it stands, its end."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from groups.models import Charter, Group


class ContactsForm(forms.Form):
    """Who welcomes, whom to turn to, and when they first met."""

    welcomer = forms.TypedChoiceField(
        label=_("Who welcomes new people?"), required=False, coerce=int, empty_value=None
    )
    safety_contact = forms.TypedChoiceField(
        label=_("Whom do people turn to when something is not safe?"),
        required=False,
        coerce=int,
        empty_value=None,
    )
    first_meeting_at = forms.DateField(
        label=_("When was your first meeting?"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def __init__(self, *args: Any, people: list[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", _("Nobody yet")), *((p.pk, p.display_name) for p in people)]
        self.fields["welcomer"].choices = self.fields["safety_contact"].choices = choices


class LiaisonForm(forms.Form):
    liaison = forms.TypedChoiceField(
        label=_("Who keeps contact with this group?"), required=False, coerce=int, empty_value=None
    )
    met_at = forms.DateField(
        label=_("They first talked on"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def __init__(self, *args: Any, people: list[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["liaison"].choices = [
            ("", _("Nobody yet")),
            *((p.pk, p.display_name) for p in people),
        ]


class CharterForm(forms.ModelForm):
    """The next version of the charter, beginning from the last one."""

    change_note = forms.CharField(
        label=_("What changed, in a few words?"), max_length=200, required=False
    )

    class Meta:
        model = Charter
        fields = [*Charter.TEXTS, "review_on", "change_note"]
        widgets = {
            "purpose": forms.Textarea(attrs={"rows": 3}),
            "who_we_are": forms.Textarea(attrs={"rows": 3}),
            "norms": forms.Textarea(attrs={"rows": 6}),
            "decision_default": forms.TextInput(),
            "conflict_step": forms.Textarea(attrs={"rows": 3}),
            "review_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        }
        help_texts = {
            "norms": _("Best one point a line. Say also how you remind each other."),
            "decision_default": _("For example: by consent; by majority of those present."),
            "conflict_step": _("Who talks to whom first, and who helps from outside."),
        }


class StateForm(forms.Form):
    to = forms.ChoiceField(choices=Group.State.choices)
    reason = forms.CharField(
        label=_("One sentence for its people"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class ArchiveForm(forms.Form):
    name = forms.CharField(
        label=_("Type the name of the group"),
        max_length=80,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    reason = forms.CharField(
        label=_("A last word to its people"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
