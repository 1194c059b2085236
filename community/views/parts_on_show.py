"""People, forms and numbers that exist only to show the parts of the page in every state."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from community.choices import Hinted


@dataclass
class Face:
    name: str
    initials: str
    hue: int

    avatar_id = None

    @property
    def display_name(self) -> str:
        return self.name


PEOPLE = [
    Face("Marisol Vega", "MV", 1),
    Face("Tom Baptiste", "TB", 11),
    Face("Leila Haddad", "LH", 3),
    Face("Rosa Imani", "RI", 7),
    Face("Piotr Nowak", "PN", 10),
    Face("Jo Kim", "JK", 15),
]


class PartsForm(forms.Form):
    name = forms.CharField(
        label=_("The name people call you"),
        help_text=_("It need not be the name in your passport."),
    )
    area = forms.ChoiceField(
        label=_("Area"), choices=[("", _("Choose one")), ("n", _("North bank")), ("s", _("South"))]
    )
    about = forms.CharField(label=_("About you"), required=False, widget=forms.Textarea)
    seen = forms.ChoiceField(
        label=_("My profile can be seen by"),
        widget=forms.RadioSelect,
        choices=[
            ("groups", Hinted(_("People in my groups"), _("The usual choice"))),
            (
                "all",
                Hinted(_("All members"), _("Good if you want to be found for what you can do")),
            ),
            ("talk", Hinted(_("Only the people I talk to"), _("You appear in no list"))),
        ],
        initial="groups",
    )
    wishes = forms.MultipleChoiceField(
        label=_("What would you like to do?"),
        required=False,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "choices--row"}),
        choices=[
            ("doors", _("Knock on doors")),
            ("cook", _("Cook")),
            ("write", _("Write letters")),
        ],
        initial=["cook"],
    )
    directory = forms.BooleanField(
        label=_("List me in the directory"),
        required=False,
        help_text=_("Members only, never the web."),
    )
    picture = forms.FileField(label=_("Picture"), required=False)


class TextForm(forms.Form):
    text = forms.CharField(
        label=_("Your reply"),
        widget=forms.Textarea(attrs={"placeholder": _("Reply to Tom and the others"), "rows": 4}),
    )


def shown() -> dict[str, Any]:
    now = timezone.now()
    return {
        "people_shown": PEOPLE,
        "form": PartsForm(auto_id="show_%s"),
        "broken": PartsForm({"name": "", "area": "x", "seen": "groups"}, auto_id="broken_%s"),
        "text_form": TextForm(auto_id="editor_%s"),
        "times": [now - timedelta(minutes=n) for n in (0, 7, 180, 4320, 57_600, 1_000_000)],
        "kinds": [
            ("talk", "message-square", _("Talk")),
            ("event", "calendar", _("Event")),
            ("act", "megaphone", _("Action")),
            ("decide", "vote", _("Decision")),
            ("idea", "lightbulb", _("Idea")),
            ("learn", "graduation-cap", _("Course")),
            ("guide", "book-open", _("Guide")),
            ("people", "users", _("People")),
        ],
        "hues": range(18),
    }
