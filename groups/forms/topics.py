"""What people type to start or change a topic."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from community.choices import Hinted
from community.forms.writing import LONGEST_TEXT
from community.models import Ring, Space
from community.readership import reader_choices
from groups.models import Topic

TEMPLATES = [
    (Topic.Template.TALK, Hinted(Topic.Template.TALK.label, _("Anything you want to bring up"))),
    (Topic.Template.QUESTION, Hinted(Topic.Template.QUESTION.label, _("You need an answer"))),
    (
        Topic.Template.EXPERIENCE,
        Hinted(Topic.Template.EXPERIENCE.label, _("What worked, and what did not")),
    ),
    (
        Topic.Template.DEBRIEF,
        Hinted(Topic.Template.DEBRIEF.label, _("What happened, what comes next")),
    ),
]

HEARS = {Ring.FOLLOWER: _("followers hear of it"), Ring.PARTICIPANT: _("the usual choice")}

MEANS = {
    Ring.WEB: _("Can be found and read without an account"),
    Ring.FOLLOWER: _("Everybody in the group can read it"),
    Ring.PARTICIPANT: _("The usual choice"),
    Ring.CORE: _("Plans and drafts that are not ready yet"),
    Ring.STEWARD: _("What concerns people"),
}


def ring_choices(space: Space, rings: list[int]) -> list[tuple[int, Hinted]]:
    """To whom it can be said, in words that are true of this group."""
    offered = reader_choices(space, rings, HEARS)
    return [(ring, Hinted(label, MEANS[ring])) for ring, label in offered]


class TopicForm(forms.Form):
    template = forms.ChoiceField(
        label=_("What is it?"),
        choices=TEMPLATES,
        widget=forms.RadioSelect(attrs={"class": "choices--row"}),
        initial="talk",
    )
    title = forms.CharField(
        label=_("Title"),
        max_length=160,
        widget=forms.TextInput(attrs={"autocomplete": "off", "enterkeyhint": "next"}),
    )
    text = forms.CharField(
        label=_("Your words"),
        required=False,
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 8, "class": ""}),
    )
    ring = forms.TypedChoiceField(
        label=_("Who reads it?"), coerce=int, initial=Ring.PARTICIPANT, widget=forms.Select
    )
    hide_optional = True

    def __init__(self, *args: Any, rings: list[tuple[int, Hinted]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not rings:  # who reads what is said already is changed elsewhere
            del self.fields["ring"]
            return
        self.fields["ring"].choices = rings
        if Ring.WEB in dict(rings):
            self.fields["ring"].help_text = _("What everybody on the web reads carries your name.")


class RingForm(forms.Form):
    ring = forms.TypedChoiceField(label=_("Who reads it?"), coerce=int, widget=forms.RadioSelect)
    hide_optional = True

    def __init__(self, *args: Any, rings: list[tuple[int, Hinted]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["ring"].choices = rings
