"""What is typed to find members and to say where they stand."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from community.models import Status


class MembersForm(forms.Form):
    """Filters of the list, read from the address."""

    q = forms.CharField(max_length=80, required=False)
    status = forms.ChoiceField(choices=[("", _("Everybody")), *Status.choices], required=False)


class MoveForm(forms.Form):
    to = forms.ChoiceField(label=_("Where do they stand now?"))
    reason = forms.CharField(
        label=_("Why?"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("They can read it."),
    )
    rule = forms.CharField(
        label=_("By which rule?"),
        max_length=120,
        required=False,
        help_text=_("Rule book, section 4.2"),
    )
    on = forms.DateField(
        label=_("Since"),
        initial=timezone.localdate,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def __init__(self, *args: Any, ways: Iterable[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].choices = [(way, Status(way).label) for way in ways]
