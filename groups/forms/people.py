"""What is typed about the people of a group: places, reasons, appeals."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from community.choices import Hinted
from community.models import Membership, Ring

PLACES = [
    (
        Ring.FOLLOWER,
        Hinted(_("Follower"), _("Hears when it matters, and can lend a hand.")),
    ),
    (Ring.PARTICIPANT, Hinted(_("Takes part"), _("Writes, proposes and decides with the others."))),
    (Ring.CORE, Hinted(_("Core team"), _("Plans and does the work, and sees its drafts."))),
    (
        Ring.STEWARD,
        Hinted(
            _("Steward"), _("Holds the group: welcomes people, keeps the rules, answers for it.")
        ),
    ),
]


class RingForm(forms.Form):
    """Which place to offer somebody, and a line with it."""

    ring = forms.TypedChoiceField(label=_("Which place?"), coerce=int, widget=forms.RadioSelect)
    note = forms.CharField(
        label=_("A line from you"),
        max_length=300,
        required=False,
        help_text=_("They read it with your question. They can say no."),
    )

    def __init__(self, *args: Any, now: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["ring"].choices = [(ring, hint) for ring, hint in PLACES if ring != now]


class RestForm(forms.Form):
    """Until when somebody rests in a group."""

    until = forms.DateField(
        label=_("Rest until"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )


class LowerForm(forms.Form):
    """A place further out, and why."""

    ring = forms.TypedChoiceField(label=_("Which place?"), coerce=int, widget=forms.RadioSelect)
    reason = forms.CharField(
        label=_("Why?"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("They read this, and it stands in the log."),
    )

    def __init__(self, *args: Any, now: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["ring"].choices = [(ring, hint) for ring, hint in PLACES if ring < now]


class AskRingForm(forms.Form):
    ring = forms.TypedChoiceField(coerce=int, choices=[(ring.value, ring.label) for ring in Ring])
    note = forms.CharField(label=_("A line to the stewards"), max_length=300, required=False)


class RemoveForm(forms.Form):
    reason = forms.CharField(
        label=_("Why?"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("They read this, and so do those who hear an appeal."),
    )


class SuccessorForm(forms.Form):
    """Who holds the group from now on."""

    successor = forms.TypedChoiceField(
        label=_("Who holds the group from now on?"),
        coerce=int,
        help_text=_("Talk with them first: they are its steward at once, and are told."),
    )

    def __init__(self, *args: Any, heirs: list[Membership], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["successor"].choices = [
            (heir.member_id, f"{heir.member.display_name} ({heir.get_ring_display()})")
            for heir in heirs
        ]


class RemoveLastStewardForm(RemoveForm, SuccessorForm):
    """Why the only steward goes, and who comes after."""

    field_order = ["reason", "successor"]


class AppealForm(forms.Form):
    text = forms.CharField(
        label=_("What do you want them to know?"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 6}),
    )


class AnswerAppealForm(forms.Form):
    upheld = forms.TypedChoiceField(
        label=_("What do you decide?"),
        choices=[
            ("no", Hinted(_("They may come back"), _("At the place they had, core team at most."))),
            ("yes", Hinted(_("It stands"), _("They stay outside of this group."))),
        ],
        coerce=lambda value: value == "yes",
        empty_value=None,
        widget=forms.RadioSelect,
    )
    answer = forms.CharField(
        label=_("Why do you decide so?"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("The person reads it, and the stewards of the group too."),
    )
