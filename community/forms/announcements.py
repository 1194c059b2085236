"""What somebody types to announce something to many."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from community.models import Community, Ring, Space
from community.readership import reader_choices

HEARS = {
    Ring.FOLLOWER: _("everybody who belongs can be told"),
    Ring.PARTICIPANT: _("those who take part can be told"),
}
ASKED = [
    (Ring.FOLLOWER.value, _("Followers")),
    (Ring.PARTICIPANT.value, _("Those who take part")),
    (Ring.CORE.value, _("Core team")),
    (Ring.STEWARD.value, _("Stewards")),
]

LOCAL = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")


ROW = {"class": "choices--row"}


class _Chosen(forms.MultipleChoiceField):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, widget=forms.CheckboxSelectMultiple(ROW), **kwargs)


class PlanForm(forms.Form):
    """Words in each language of the site, and whom they are for."""

    min_ring = forms.TypedChoiceField(
        label=_("Who reads it"),
        coerce=int,
        initial=Ring.FOLLOWER.value,
        widget=forms.RadioSelect(ROW),
        help_text=_("They find it on the site at any time. Who gets a notice, you choose below."),
    )
    spaces = forms.ModelMultipleChoiceField(
        label=_("Only some groups"),
        queryset=Space.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple({"class": "choices--wide"}),
        help_text=_("Choose none for everybody in the community."),
    )
    rings = _Chosen(
        label=_("Only some of the people there"),
        choices=ASKED,
        help_text=_("Choose none for all who read it."),
    )
    languages = _Chosen(
        label=_("Only who reads a language"), help_text=_("Choose none for all languages.")
    )
    areas = _Chosen(label=_("Only some areas"), help_text=_("Choose none for all areas."))
    deadline_at = forms.DateTimeField(
        label=_("Until when does it matter?"),
        required=False,
        widget=LOCAL,
        help_text=_(
            "What is over first goes out first. After that moment nobody gets it any more."
        ),
    )

    def __init__(
        self,
        *args: Any,
        community: Community,
        space: Space,
        spaces: Any,
        rings: list[int],
        **kw: Any,
    ) -> None:
        super().__init__(*args, **kw)
        own = get_language()
        self.codes = sorted(
            (code for code, _name in community.offered_languages), key=lambda code: code != own
        )
        for code in self.codes:
            self.fields[f"title_{code}"] = forms.CharField(
                label=_("Title"), max_length=160, required=False
            )
            self.fields[f"text_{code}"] = forms.CharField(
                label=_("Text"),
                max_length=20_000,
                required=False,
                widget=forms.Textarea(attrs={"rows": 7}),
            )
        self.fields["min_ring"].choices = reader_choices(space, rings, HEARS)
        self.fields["languages"].choices = community.offered_languages
        self.fields["areas"].choices = [(area, area) for area in community.areas]
        self.fields["spaces"].queryset = spaces
        if not space.is_root:
            del self.fields["spaces"]
        if len(self.codes) < 2:
            del self.fields["languages"]
        if not community.areas:
            del self.fields["areas"]

    def by_language(self) -> list[tuple[str, Any, Any]]:
        """[(code, field of the title, field of the text)], one's own language first."""
        return [(code, self[f"title_{code}"], self[f"text_{code}"]) for code in self.codes]

    def narrowing(self) -> list[Any]:
        """The fields that leave somebody out, for the page."""
        names = ("spaces", "rings", "languages", "areas")
        return [self[name] for name in names if name in self.fields]

    def words(self) -> dict[str, dict[str, str]]:
        said = self.cleaned_data
        return {
            code: {"title": said.get(f"title_{code}", ""), "text": said.get(f"text_{code}", "")}
            for code in self.codes
        }

    def segment(self) -> dict[str, Any]:
        """What is chosen of whom it is for: as it was sent, or as it stands at first."""
        names = ("min_ring", "spaces", "rings", "languages", "areas", "deadline_at")
        chosen = self.cleaned_data if self.is_bound else self.initial
        return {name: chosen[name] for name in names if name in chosen}


class ScheduleForm(forms.Form):
    at = forms.DateTimeField(label=_("When it begins"), widget=LOCAL)


class BudgetForm(forms.Form):
    a_day = forms.IntegerField(label=_("At most in a day"), min_value=1, max_value=5)
    a_week = forms.IntegerField(label=_("At most in seven days"), min_value=1, max_value=14)
