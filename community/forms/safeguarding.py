"""What is typed when somebody fears for somebody's safety, and by those who handle it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from community.models import Concern, Member

ME, NOBODY = "me", "nobody"


class ConcernForm(forms.Form):
    """What it is about, in words; who must not see it; and whether one stays unknown."""

    category = forms.ChoiceField(
        label=_("What is it about?"), choices=Concern.Category.choices, widget=forms.RadioSelect
    )
    about_words = forms.CharField(
        label=_("Whom or what is it about?"),
        max_length=200,
        required=False,
        help_text=_("A name, a group, a place: as much as you want to say."),
    )
    words = forms.CharField(
        label=_("What happened, or what do you worry about?"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 6, "data-grows": True}),
        help_text=_("You need not prove anything. Write what you saw, heard or felt, and when."),
    )

    def __init__(
        self, *args: Any, handlers: list[Member], signed_in: bool, known: bool, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        if known:
            del self.fields["about_words"]
        self.handlers = {str(person.pk): person for person in handlers}
        if handlers:
            self.fields["not_to"] = forms.MultipleChoiceField(
                label=_("Is somebody of the safeguarding team connected to it?"),
                required=False,
                choices=[(pk, person.display_name) for pk, person in self.handlers.items()],
                widget=forms.CheckboxSelectMultiple,
                help_text=_("Whoever you tick does not learn that you wrote."),
            )
        if signed_in:
            self.fields["who"] = forms.ChoiceField(
                label=_("Who should they know it is from?"),
                choices=[
                    (ME, _("From me: they can talk to me")),
                    (NOBODY, _("From nobody: I come back with a code")),
                ],
                initial=ME,
                widget=forms.RadioSelect,
            )

    @property
    def unknown(self) -> bool:
        return self.cleaned_data.get("who", NOBODY) == NOBODY

    @property
    def said(self) -> dict[str, Any]:
        return {
            "category": self.cleaned_data["category"],
            "words": self.cleaned_data["words"],
            "about_words": self.cleaned_data.get("about_words", ""),
            "not_to": [self.handlers[pk] for pk in self.cleaned_data.get("not_to", [])],
        }


class CodeForm(forms.Form):
    hide_optional = True
    code = forms.CharField(
        label=_("Your code"),
        max_length=64,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )


class WriteForm(forms.Form):
    hide_optional = True
    text = forms.CharField(
        label=_("Write to them"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3, "data-grows": True}),
    )


class AcknowledgeForm(forms.Form):
    hide_optional = True
    text = forms.CharField(
        label=_("What you answer"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3, "data-grows": True}),
        initial=_("We read what you wrote, and somebody takes care of it."),
    )


class StepForm(forms.Form):
    hide_optional = True
    state = forms.ChoiceField(label=_("What comes next?"), widget=forms.RadioSelect)
    text = forms.CharField(
        label=_("What you found or did"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3, "data-grows": True}),
        help_text=_("The words of an outcome go to who told you of it."),
    )

    def __init__(self, *args: Any, steps: list[tuple[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["state"].choices = [(state, capfirst(label)) for state, label in steps]


class ReferForm(forms.Form):
    to = forms.CharField(label=_("To whom"), max_length=200)
    text = forms.CharField(
        label=_("What you told them"),
        max_length=3000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2, "data-grows": True}),
    )


class CloseToForm(forms.Form):
    hide_optional = True
    person = forms.ChoiceField(label=_("Who is connected to it?"))

    def __init__(self, *args: Any, people: list[Member], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = {str(person.pk): person for person in people}
        self.fields["person"].choices = [
            (pk, person.display_name) for pk, person in self.people.items()
        ]
