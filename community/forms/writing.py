"""What the editor sends: a text, and what hangs on it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from community.drafts import FIELDS

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


def typed(data) -> dict[str, Any]:
    """What is worth keeping of a form that was begun: a draft's data, empty without words."""
    said: dict[str, Any] = {
        name: data[name] for name in data if name in FIELDS and data[name].strip()
    }
    if tokens := media_tokens(data):
        said["media"] = tokens
    # What was chosen beside the words is only worth keeping with words.
    return said if any(said.get(name) for name in ("text", "title", "media")) else {}


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
