"""What welcomers and newcomers type."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from community.choices import Hinted
from community.forms.people import languages
from community.models import Member
from leadership.models import Channel, Commitment, Conversation

Consent = Conversation.Consent
_ROW = {"class": "choices--row"}
_DAY = {"type": "date"}


def _day(label: Any, **more: Any) -> forms.DateField:
    return forms.DateField(
        label=label, widget=forms.DateInput(attrs=_DAY, format="%Y-%m-%d"), **more
    )


class ChannelForm(forms.Form):
    """They answered, and how."""

    channel = forms.ChoiceField(
        label=_("How?"), choices=Channel.choices, widget=forms.RadioSelect(attrs=_ROW)
    )


class WroteForm(ChannelForm):
    text = forms.CharField(
        label=_("Your words, if we should send them by e-mail"),
        max_length=4000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("They go out with your name. We do not keep them. Your address stays yours."),
    )


class TalkedForm(ChannelForm):
    consent = forms.ChoiceField(
        label=_("May you note what matters to them?"),
        choices=[
            (Consent.YES, Hinted(Consent.YES.label, _("They can read the note at any time."))),
            (Consent.NO, Hinted(Consent.NO.label, _("Nothing is kept, only that you talked."))),
            (Consent.NOT_ASKED, Hinted(Consent.NOT_ASKED.label, _("Then leave the note empty."))),
        ],
        widget=forms.RadioSelect,
    )
    note = forms.CharField(
        label=_("What matters to them"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Write it so that they would nod. They can read it."),
    )


class StepForm(forms.Form):
    what = forms.CharField(
        label=_("What will they do first?"),
        max_length=200,
        help_text=_("Come to the tea on Tuesday"),
    )
    due_on = _day(_("By when?"))


class SettleForm(forms.Form):
    """What became of a first step, and whether the two talked about it."""

    became = forms.ChoiceField(
        label=_("Did they do it?"),
        choices=[
            (Commitment.State.KEPT, _("Yes")),
            (Commitment.State.MISSED, _("No, or not yet")),
        ],
        widget=forms.RadioSelect(attrs=_ROW),
    )
    channel = forms.ChoiceField(
        label=_("Did you talk about it?"),
        choices=[("", _("No")), *Channel.choices],
        required=False,
        widget=forms.RadioSelect(attrs=_ROW),
    )
    consent = forms.ChoiceField(
        label=_("May you note what matters to them?"),
        choices=Consent.choices,
        initial=Consent.NOT_ASKED,
    )
    note = forms.CharField(
        label=_("What matters to them"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Write it so that they would nod. They can read it."),
    )


class NotNowForm(forms.Form):
    until = _day(_("When may somebody ask again?"))


class HandOverForm(forms.Form):
    to = forms.TypedChoiceField(label=_("To whom?"), coerce=int)
    reason = forms.CharField(
        label=_("Why?"),
        max_length=300,
        help_text=_("Whoever takes over reads this: I am away until Monday."),
    )

    def __init__(self, *args: Any, people: Iterable[Member], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].choices = [(one.pk, one.display_name) for one in people]


class ReachForm(forms.Form):
    hide_optional = True
    reach_by = forms.CharField(
        label=_("How can they reach you best?"),
        max_length=200,
        required=False,
        help_text=_(
            "A number, an address, “Tuesdays at the hall”. Only they and the stewards see it."
        ),
    )


class WelcomerForm(forms.Form):
    """In which languages, and how many people at once."""

    languages = forms.MultipleChoiceField(
        label=_("In which languages?"), widget=forms.CheckboxSelectMultiple
    )
    at_once = forms.TypedChoiceField(
        label=_("How many people at once?"),
        coerce=int,
        choices=[(n, str(n)) for n in (1, 2, 3, 4, 5, 6, 8, 10)],
        initial=3,
        help_text=_("A welcome takes about an hour in two weeks."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["languages"].choices = languages()


class AwayForm(forms.Form):
    hide_optional = True
    until = _day(
        _("Until when are you away?"),
        required=False,
        help_text=_("Nobody new until then. Empty: you are here."),
    )


class AskForm(forms.Form):
    person = forms.TypedChoiceField(label=_("Whom do you want to ask?"), coerce=int)

    def __init__(self, *args: Any, people: Iterable[Member], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"].choices = [(one.pk, one.display_name) for one in people]
