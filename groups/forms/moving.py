"""What is typed to send a topic elsewhere."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from community.models import Comment, Space
from groups.models import Topic


class GroupForm(forms.Form):
    """Which group it goes to."""

    group = forms.TypedChoiceField(
        label=_("To which group?"), coerce=int, empty_value=None, widget=forms.Select
    )
    hide_optional = True

    def __init__(self, *args: Any, goals: list[Space], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["group"].choices = [("", _("Choose a group"))] + [
            (space.pk, f"{space.name} ({space.get_openness_display().partition(':')[0]})")
            for space in goals
        ]


class SplitForm(forms.Form):
    """Which answers become a topic of their own, and what it is called."""

    title = forms.CharField(
        label=_("Title of the new topic"),
        max_length=160,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    comments = forms.TypedMultipleChoiceField(
        label=_("Which answers go there?"),
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("The first of them opens the new topic. Replies go with what they reply to."),
    )
    hide_optional = True

    def __init__(self, *args: Any, rows: list[tuple[Comment, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["comments"].choices = [(row.pk, words) for row, words in rows]


class MergeForm(forms.Form):
    """Which topic it becomes part of."""

    into = forms.TypedChoiceField(
        label=_("Into which topic?"), coerce=int, empty_value=None, widget=forms.RadioSelect
    )
    hide_optional = True

    def __init__(self, *args: Any, topics: list[Topic], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["into"].choices = [(topic.pk, topic.title) for topic in topics]
