"""What is typed to search the audit log, and to say why."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from community.models import Member, StaffRole
from community.registry import registry


class AuditFilter(forms.Form):
    """By act, by person (who acted or whom it was about), by day; all of them may be empty."""

    act = forms.ChoiceField(label=_("What was done"), required=False)
    person = forms.CharField(
        label=_("Person"),
        required=False,
        max_length=40,
        help_text=_("Their @name, or their number."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none"}),
    )
    since = forms.DateField(
        label=_("From"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    until = forms.DateField(
        label=_("To"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    hide_optional = True

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        acts = sorted(
            ((act.name, str(act.label)) for act in registry.acts.values()), key=lambda a: a[1]
        )
        self.fields["act"].choices = [("", _("Everything")), *acts]

    def clean_person(self) -> int | None:
        written = self.cleaned_data["person"].strip().removeprefix("@")
        if written.isdecimal() and len(written) < 18:
            return int(written)
        if not written:
            return None
        found = Member.objects.filter(handle__iexact=written).values_list("pk", flat=True).first()
        return found or 0

    def narrow(self, entries: QuerySet) -> QuerySet:
        wanted = self.cleaned_data
        if wanted["act"]:
            entries = entries.filter(action=wanted["act"])
        if wanted["person"] is not None:
            entries = entries.filter(Q(person_id=wanted["person"]) | Q(by_id=wanted["person"]))
        if wanted["since"]:
            entries = entries.filter(at__gte=_moment(wanted["since"], time.min))
        if wanted["until"]:
            entries = entries.filter(at__lte=_moment(wanted["until"], time.max))
        return entries


def _moment(day: Any, of_day: time) -> datetime:
    return timezone.make_aware(datetime.combine(day, of_day))


class ReasonForm(forms.Form):
    """Why somebody uses a power over another person."""

    reason = forms.CharField(
        label=_("Why do you do this?"),
        min_length=8,
        max_length=500,
        help_text=_("One sentence. It is written down for good, and the person can read it."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, question: Any = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if question:
            self.fields["reason"].label = question


class RoleForm(ReasonForm):
    role = forms.ChoiceField(label=_("Role"), choices=StaffRole.Role.choices)
    field_order = ["role", "reason"]


class EverybodyForm(ReasonForm):
    """Ending all sessions takes a word that nobody types by accident."""

    WORD = _("everybody")

    typed = forms.CharField(label=_("Type the word “everybody”"), max_length=20)

    def clean_typed(self) -> str:
        typed = self.cleaned_data["typed"].strip().lower()
        if typed not in (str(self.WORD).lower(), "everybody"):
            raise forms.ValidationError(_("Type the word “everybody” to go on."))
        return typed
