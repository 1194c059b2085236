"""What the editor sends: a text, and what hangs on it."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

LONGEST_TEXT = 20_000
MOST_MEDIA = 20


class WritingForm(forms.Form):
    """A text in the editor. May be empty: that something must be said is a rule, not a format."""

    text = forms.CharField(
        label=_("Your reply"),
        required=False,
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 4, "class": ""}),
        strip=True,
    )

    def __init__(self, *args, place: str = "", placeholder: str = "", **kwargs):
        kwargs.setdefault("auto_id", f"id_%s_{place.replace(':', '_')}" if place else "id_%s")
        super().__init__(*args, **kwargs)
        if placeholder:
            self.fields["text"].widget.attrs["placeholder"] = placeholder
        self.hide_optional = True


def media_tokens(data) -> list[str]:
    """Tokens of the uploads that go with it, in order."""
    return [token for token in data.getlist("media") if token][:MOST_MEDIA]


def descriptions(data) -> dict[str, str]:
    """{token: what is to be seen}, as typed beside the pictures."""
    return {
        name.removeprefix("alt_"): value
        for name, value in data.items()
        if name.startswith("alt_") and len(name) > 4
    }
