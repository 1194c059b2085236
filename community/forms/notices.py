"""What people choose about being told: by which way, when, and when not."""

from __future__ import annotations

from datetime import time
from typing import Any

from django import forms
from django.utils.formats import time_format
from django.utils.translation import gettext_lazy as _

from community.models import Attention, Channel, NoticeSettings, When
from community.notices.choosing import ABOUT, MAY_BE, Wants, may_choose, words_of

DAYS = [
    (0, _("Monday")),
    (1, _("Tuesday")),
    (2, _("Wednesday")),
    (3, _("Thursday")),
    (4, _("Friday")),
    (5, _("Saturday")),
    (6, _("Sunday")),
]


def hours() -> list[tuple[int, str]]:
    """Each full hour of a day, as the reader's language writes it."""
    return [(hour, hour_words(hour)) for hour in range(24)]


def hour_words(hour: int) -> str:
    return time_format(time(hour))


def hours_or_none() -> list[tuple[Any, Any]]:
    return [("", _("No quiet hours")), *hours()]


class NoticesForm(forms.Form):
    """All of the page but presets and groups: one form, one button."""

    digest = forms.ChoiceField(label=_("How often"), choices=NoticeSettings.Digest)
    digest_day = forms.TypedChoiceField(
        label=_("On"), choices=DAYS, coerce=int, help_text=_("Of the weekly digest.")
    )
    digest_hour = forms.TypedChoiceField(label=_("At"), choices=hours, coerce=int)
    quiet_from = forms.TypedChoiceField(
        label=_("From"), choices=hours_or_none, coerce=int, empty_value=None, required=False
    )
    quiet_to = forms.TypedChoiceField(
        label=_("To"), choices=hours_or_none, coerce=int, empty_value=None, required=False
    )
    resting_until = forms.DateField(
        label=_("Rest until"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("Leave it empty to be called again."),
    )
    discreet = forms.BooleanField(
        label=_("Discreet"),
        required=False,
        help_text=_("Mail and device never say which organisation writes, nor what about."),
    )
    push_shows_content = forms.BooleanField(
        label=_("Say on the locked screen what it is about"),
        required=False,
        help_text=_("Otherwise it only says that there is something new."),
    )

    def __init__(self, *args: Any, wants: Wants, **kwargs: Any) -> None:
        chosen = wants.settings
        kwargs.setdefault("initial", {name: getattr(chosen, name) for name in self.base_fields})
        super().__init__(*args, **kwargs)
        self.rows = [_Row(self, Attention(name), wants) for name in MAY_BE]

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if (data.get("quiet_from") is None) != (data.get("quiet_to") is None):
            self.add_error("quiet_to", _("Quiet hours have a beginning and an end."))
        return data

    @property
    def ways(self) -> dict[tuple[str, str], str]:
        """(class, channel) → how soon, as chosen."""
        return {
            (row.attention, channel): self.cleaned_data[name]
            for row in self.rows
            for channel, name in row.names.items()
        }

    @property
    def chosen(self) -> dict[str, Any]:
        names = set(self.base_fields) - {"resting_until"}
        return {name: self.cleaned_data[name] for name in names}


class _Row:
    """A class of notices with a field for each channel on which there is something to choose."""

    def __init__(self, form: NoticesForm, attention: Attention, wants: Wants) -> None:
        self.attention, self.about = str(attention), ABOUT[attention]
        self.label = attention.label
        self.names: dict[str, str] = {}
        self.form = form
        for channel in (Channel.APP, Channel.MAIL, Channel.PUSH):
            may = may_choose(attention, channel)
            if len(may) < 2:
                continue
            name = self.names[str(channel)] = f"{channel}_{attention}"
            form.fields[name] = forms.ChoiceField(
                label=channel.label,
                choices=[(str(value), words_of(value, channel)) for value in may],
                initial=wants.when(attention, channel),
            )

    @property
    def fields(self) -> list[Any]:
        return [self.form[name] for name in self.names.values()]

    @property
    def always_by_mail(self) -> bool:
        return MAY_BE[Attention(self.attention)][0] == (When.NOW,)
