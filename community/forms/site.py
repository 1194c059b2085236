"""What those who look after the site type to change it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from community import colour
from community.choices import Hinted
from community.forms.people import languages, time_zones
from community.models import Community, Ring, Space

Policy = Space.JoinPolicy

DOORS = [
    (Policy.OPEN, Hinted(_("They join"), _("Anybody with an account, at once."))),
    (Policy.ASK, Hinted(_("They ask"), _("And a steward of the community answers."))),
    (Policy.INVITE, Hinted(_("They are invited"), _("By somebody who is in already."))),
]

INVITERS = [
    (Ring.PARTICIPANT, Hinted(_("Everybody who takes part"), _("People bring people."))),
    (Ring.CORE, Hinted(_("The core team of the community"), _("And its stewards."))),
    (Ring.STEWARD, Hinted(_("Only its stewards"), _("For a time of trouble, or a small circle."))),
]

PICTURES = forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp"})


class LinesField(forms.CharField):
    """Several short texts, one a line."""

    def __init__(self, *, most: int, each: int = 80, rows: int = 4, **kwargs: Any) -> None:
        self.most, self.each = most, each
        super().__init__(
            max_length=most * (each + 2), widget=forms.Textarea(attrs={"rows": rows}), **kwargs
        )

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value

    def clean(self, value: Any) -> list[str]:
        lines = [" ".join(line.split()) for line in super().clean(value).splitlines()]
        lines = list(dict.fromkeys(line for line in lines if line))
        if len(lines) > self.most:
            raise forms.ValidationError(_("At most %(n)s lines."), params={"n": self.most})
        if any(len(line) > self.each for line in lines):
            raise forms.ValidationError(
                _("A line can be %(n)s letters long."), params={"n": self.each}
            )
        return lines


class WordsForm(forms.Form):
    """What the organisation says of itself."""

    name = forms.CharField(
        label=_("Name"), max_length=80, help_text=_("As people say it. It stands on every page.")
    )
    tagline = forms.CharField(
        label=_("Headline"),
        max_length=120,
        required=False,
        help_text=_("A few words that visitors read first: Warm homes. Fair rents. Together."),
    )
    intro = forms.CharField(
        label=_("Introduction for visitors"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 7}),
        help_text=_("The first paragraph stands large at the top, the rest further down."),
    )
    welcome = forms.CharField(
        label=_("Welcome for new members"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("They read it at the end of their first minute here."),
    )
    areas = LinesField(
        label=_("Areas people can choose"),
        most=60,
        required=False,
        help_text=_("One a line: districts or streets. Never addresses."),
    )
    wishes = LinesField(
        label=_("What newcomers can say they would like to do"),
        most=12,
        required=False,
        help_text=_("One a line: Meet my neighbours. Whoever welcomes them reads what they chose."),
    )


class BrandForm(forms.Form):
    brand = forms.CharField(
        label=_("Your colour"),
        max_length=7,
        widget=forms.TextInput(attrs={"type": "color"}),
        help_text=_("Buttons, links and covers derive from it, by day and by night."),
    )

    def clean_brand(self) -> str:
        try:
            return colour.to_hex(colour.parse(self.cleaned_data["brand"]))
        except ValueError:
            raise forms.ValidationError(_("Write a colour like #006b54.")) from None


class LogoForm(forms.Form):
    logo = forms.FileField(
        label=_("Your logo"),
        help_text=_("PNG, WebP or JPEG; a square one fits best. Without one your initials stand."),
        widget=PICTURES,
    )


class DoorsForm(forms.Form):
    """How people come into the community."""

    join_policy = forms.ChoiceField(
        label=_("How do people come in?"), choices=DOORS, widget=forms.RadioSelect
    )
    questions = LinesField(
        label=_("What do you want to know from people who ask?"),
        most=Community.MOST_QUESTIONS,
        each=200,
        required=False,
        help_text=_("One question a line, five at most. Fewer questions, more answers."),
    )
    invite_ring = forms.TypedChoiceField(
        label=_("Who may invite people into the community?"),
        choices=INVITERS,
        coerce=int,
        widget=forms.RadioSelect,
    )
    who_starts_groups = forms.ChoiceField(
        label=_("Who may start groups?"),
        choices=Community.WhoStarts.choices,
        widget=forms.RadioSelect,
    )


class HomeForm(forms.Form):
    """What visitors find."""

    shows = forms.MultipleChoiceField(
        label=_("What visitors see"),
        choices=list(Community.HOME_PARTS.items()),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    contact_email = forms.EmailField(
        label=_("Address for questions"),
        required=False,
        help_text=_("Everybody can read it at the foot of the public pages."),
    )
    contact_note = forms.CharField(
        label=_("Who reads it, and when"),
        max_length=200,
        required=False,
        help_text=_("Grace and Tom, on Mondays."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for number in range(1, Community.MOST_LINKS + 1):
            self.fields[f"label_{number}"] = forms.CharField(
                label=_("Words of link %(n)s") % {"n": number}, max_length=60, required=False
            )
            self.fields[f"url_{number}"] = forms.URLField(
                label=_("Address of link %(n)s") % {"n": number},
                required=False,
                assume_scheme="https",
            )

    @staticmethod
    def unfolded(links: list[dict[str, str]]) -> dict[str, str]:
        """Stored links as initial values of the pairs of fields."""
        found = {}
        for number, link in enumerate(links[: Community.MOST_LINKS], start=1):
            found |= {f"label_{number}": link["label"], f"url_{number}": link["url"]}
        return found

    @property
    def pairs(self) -> list[tuple[Any, Any]]:
        return [(self[f"label_{n}"], self[f"url_{n}"]) for n in range(1, Community.MOST_LINKS + 1)]

    def clean(self) -> dict[str, Any]:
        found = super().clean()
        links = []
        for number in range(1, Community.MOST_LINKS + 1):
            label, url = found.pop(f"label_{number}", ""), found.pop(f"url_{number}", "")
            if bool(label) != bool(url):
                self.add_error(
                    f"{'label' if url else 'url'}_{number}",
                    _("A link needs words and an address."),
                )
            elif label:
                links.append({"label": label, "url": url})
        return found | {"links": links}


class LanguagesForm(forms.Form):
    languages = forms.MultipleChoiceField(
        label=_("Languages people can choose"), widget=forms.CheckboxSelectMultiple
    )
    default_language = forms.ChoiceField(
        label=_("The usual language"),
        widget=forms.RadioSelect(attrs={"class": "choices--row"}),
        help_text=_("For mail to people who have no account yet."),
    )
    time_zone = forms.ChoiceField(
        label=_("Time zone"), help_text=_("For everybody who has not chosen their own.")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        every = languages(every=True)
        self.fields["languages"].choices = every
        self.fields["default_language"].choices = every
        self.fields["time_zone"].choices = time_zones()
