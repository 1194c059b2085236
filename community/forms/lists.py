"""What is typed to take a list of people out, and to find out whose copy turned up."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from community.models import PeopleList, Space


class ListForm(forms.Form):
    space = forms.ModelChoiceField(
        label=_("Of which place?"),
        queryset=Space.objects.none(),
        empty_label=_("Choose a place"),
    )
    purpose = forms.CharField(
        label=_("What is it for?"),
        min_length=PeopleList.SHORTEST_PURPOSE,
        max_length=500,
        help_text=_("One or two sentences. It is written down, and the people on it can read it."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    with_email = forms.BooleanField(
        label=_("With e-mail addresses"),
        required=False,
        help_text=_("A second person has to agree first."),
    )

    def __init__(self, *args: Any, places: QuerySet, addresses: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["space"].queryset = places.order_by("kind", "name")
        if not addresses:
            del self.fields["with_email"]


class WhoseForm(forms.Form):
    text = forms.CharField(
        label=_("Part of a list that turned up elsewhere"),
        max_length=20_000,
        help_text=_("Paste its lines: one person in them is made up, and says whose copy it is."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
