"""What people type about their data: a question, an answer, what becomes of their words."""

from __future__ import annotations

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from community.choices import Hinted
from community.models import Leaving, Member, RightsRequest

WORDS = [
    (
        Leaving.Words.STAY.value,
        Hinted(
            _("What I wrote stays, without my name"),
            _("It reads “Former member”. Answers of others keep their sense."),
        ),
    ),
    (
        Leaving.Words.GO.value,
        Hinted(
            _("What I wrote goes with me"),
            _("Texts, pictures and files are deleted. What others answered stays."),
        ),
    ),
]


class LeaveForm(forms.Form):
    words = forms.ChoiceField(
        label=_("What becomes of what you wrote?"), choices=WORDS, widget=forms.RadioSelect
    )
    sure = forms.BooleanField(label=_("I want to leave, and I know that this cannot be undone"))


class AskForm(forms.Form):
    what = forms.ChoiceField(
        label=_("What is it about?"), choices=RightsRequest.What.choices, widget=forms.RadioSelect
    )
    text = forms.CharField(
        label=_("In your words"),
        max_length=4000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
    )


class AnswerForm(forms.Form):
    answer = forms.CharField(
        label=_("Your answer"),
        help_text=_("The person reads it. Say what you did, or why not."),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    granted = forms.ChoiceField(
        label=_("How does it end?"),
        choices=[
            ("yes", Hinted(_("Done"), _("The person gets what they asked for"))),
            ("no", Hinted(_("Refused"), _("The law allows it; your answer says why"))),
        ],
        widget=forms.RadioSelect,
        initial="yes",
    )


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=_("Why?"),
        help_text=_("Kept in the audit log for good. Write no names."),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class HoldForm(ReasonForm):
    who = forms.CharField(
        label=_("Whose data?"),
        help_text=_("Their e-mail address, or the name after the @."),
        max_length=254,
    )
    field_order = ["who", "reason"]

    def clean_who(self) -> Member:
        typed = self.cleaned_data["who"].strip().removeprefix("@")
        found = Member.objects.filter(Q(email__iexact=typed) | Q(handle__iexact=typed)).first()
        if found is None:
            raise forms.ValidationError(_("Nobody here has this address or name."))
        return found
