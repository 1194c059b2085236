"""What somebody typed to find something, and how they narrowed it."""

from __future__ import annotations

from django import forms

from community import search
from community.stems import MOST_LETTERS


class SearchForm(forms.Form):
    """A field that makes no sense is left out; the rest is looked for."""

    q = forms.CharField(required=False, max_length=MOST_LETTERS)
    kind = forms.CharField(required=False, max_length=40)
    group = forms.SlugField(required=False, max_length=80)
    since = forms.ChoiceField(required=False, choices=[(span, span) for span in search.SPANS])
    order = forms.ChoiceField(required=False, choices=[(search.NEWEST, search.NEWEST)])

    @property
    def asked(self) -> dict[str, str]:
        """The fields that make sense."""
        self.is_valid()
        return {name: self.cleaned_data.get(name) or "" for name in self.fields}
