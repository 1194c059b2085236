"""What people type to start a group, and what its stewards type to change it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import get_language_info
from django.utils.translation import gettext_lazy as _

from community.choices import Hinted
from community.models import Openness, Ring, Space, Volume
from groups import tabs
from groups.models import Group

JoinPolicy = Space.JoinPolicy

KINDS = [
    (Group.Kind.LOCAL, Hinted(Group.Kind.LOCAL.label, _("Neighbours, a street, a house, a town"))),
    (Group.Kind.BRANCH, Hinted(Group.Kind.BRANCH.label, _("People of one workplace or branch"))),
    (Group.Kind.WORKING, Hinted(Group.Kind.WORKING.label, _("Gets a certain kind of work done"))),
    (Group.Kind.CAMPAIGN, Hinted(Group.Kind.CAMPAIGN.label, _("Works towards one demand"))),
    (
        Group.Kind.AFFINITY,
        Hinted(
            Group.Kind.AFFINITY.label, _("People who share something: a language, an experience")
        ),
    ),
    (Group.Kind.PRACTICE, Hinted(Group.Kind.PRACTICE.label, _("Learns a craft from each other"))),
    (Group.Kind.CIRCLE, Hinted(Group.Kind.CIRCLE.label, _("Holds one part of the organisation"))),
    (Group.Kind.LEADERS, Hinted(Group.Kind.LEADERS.label, _("A room for people who lead"))),
    (Group.Kind.ASSEMBLY, Hinted(Group.Kind.ASSEMBLY.label, _("Decides for many"))),
    (Group.Kind.REGION, Hinted(Group.Kind.REGION.label, _("Holds the groups of an area together"))),
]

COMMON_KINDS = {kind for kind, _label in KINDS[:6]}
"""Those a member would start; the others are for people who hold a group already."""

OPENNESS = [
    (
        Openness.OPEN,
        Hinted(_("Open"), _("Every member of the community can read along. The usual choice.")),
    ),
    (
        Openness.CLOSED,
        Hinted(_("Closed"), _("Listed, but only its people see what is said inside.")),
    ),
    (
        Openness.PUBLIC,
        Hinted(
            _("Public"), _("As open, and what is marked public can be read by anyone on the web.")
        ),
    ),
    (
        Openness.SECRET,
        Hinted(
            _("Secret"), _("Nobody outside knows that it exists. People come in by invitation.")
        ),
    ),
]

JOIN_POLICIES = [
    (JoinPolicy.OPEN, Hinted(_("They join"), _("Anybody in the community, at once."))),
    (JoinPolicy.ASK, Hinted(_("They ask"), _("And a steward answers, usually within two days."))),
    (JoinPolicy.INVITE, Hinted(_("They are invited"), _("By somebody who is in it already."))),
    (
        JoinPolicy.VOUCHER,
        Hinted(
            _("They are invited, and two vouch"), _("For groups that must know whom they trust.")
        ),
    ),
]

INVITERS = [
    (Ring.PARTICIPANT, _("Everybody who takes part")),
    (Ring.CORE, _("The core team")),
    (Ring.STEWARD, _("Only stewards")),
]


class LanguagesField(forms.CharField):
    """Languages as people write them: "English, español". Known ones are kept as codes."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            label=_("Languages you speak here"),
            max_length=120,
            required=False,
            help_text=_("Separate with commas: English, español, українська."),
            **kwargs,
        )

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, list):
            return ", ".join(language_name(code) for code in value)
        return value

    def clean(self, value: Any) -> list[str]:
        words = [word.strip() for word in super().clean(value).split(",")]
        return [language_code(word) for word in words if word][:8]


def language_name(code: str) -> str:
    try:
        return get_language_info(code)["name_local"]
    except KeyError:
        return code


def language_code(word: str) -> str:
    """The code of a language named in English or in itself; else the word as it is."""
    from django.conf.locale import LANG_INFO

    asked = word.casefold()
    for code, info in LANG_INFO.items():
        names = {code, info.get("name", ""), info.get("name_local", "")}
        if asked in {name.casefold() for name in names}:
            return code
    own = {str(label).casefold(): code for code, label in settings.LANGUAGES}
    return own.get(asked, word)


class QuestionsField(forms.CharField):
    """Questions to those who ask to join, one a line."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            label=_("What do you want to know from people who ask?"),
            max_length=1000,
            required=False,
            help_text=_("One question a line, five at most. Fewer questions, more answers."),
            widget=forms.Textarea(attrs={"rows": 3}),
            **kwargs,
        )

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value

    def clean(self, value: Any) -> list[str]:
        lines = [line.strip() for line in super().clean(value).splitlines() if line.strip()]
        if len(lines) > 5:
            raise forms.ValidationError(_("Five questions at most."))
        return lines


class WordsForm(forms.Form):
    """Step 1: what it is."""

    name = forms.CharField(
        label=_("Name"), max_length=80, help_text=_("Short, and as people say it: Mill Street.")
    )
    purpose = forms.CharField(
        label=_("What is it for, in one sentence?"),
        max_length=280,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Somebody who does not know you reads this and knows whether to come."),
    )
    kind = forms.ChoiceField(
        label=_("What kind of group?"), choices=KINDS, widget=forms.RadioSelect
    )

    def __init__(self, *args: Any, every_kind: bool = True, **kwargs: Any) -> None:
        """``every_kind``: also those that hold the organisation together."""
        super().__init__(*args, **kwargs)
        if not every_kind:
            self.fields["kind"].choices = [row for row in KINDS if row[0] in COMMON_KINDS]

    def clean_name(self) -> str:
        name = " ".join(self.cleaned_data["name"].split())
        if not any(letter.isalnum() for letter in name):
            raise forms.ValidationError(_("A name needs letters or numbers."))
        return name


class DoorsForm(forms.Form):
    """Step 2: who sees it, and how people come in."""

    openness = forms.ChoiceField(
        label=_("Who sees it?"), choices=OPENNESS, widget=forms.RadioSelect, initial=Openness.OPEN
    )
    join_policy = forms.ChoiceField(
        label=_("How do people come in?"),
        choices=JOIN_POLICIES,
        widget=forms.RadioSelect,
        initial=JoinPolicy.OPEN,
    )
    questions = QuestionsField()

    def clean(self) -> dict[str, Any]:
        found = super().clean()
        openness, policy = found.get("openness"), found.get("join_policy")
        if openness == Openness.SECRET and policy in (JoinPolicy.OPEN, JoinPolicy.ASK):
            self.add_error(
                "join_policy",
                _("Nobody can find a secret group. Let people come in by invitation."),
            )
        if openness == Openness.CLOSED and policy == JoinPolicy.OPEN:
            self.add_error(
                "join_policy",
                _("If anybody can walk in, it is not closed. Let people ask, or invite them."),
            )
        return found


class ChangeDoorsForm(DoorsForm):
    """The same for a group that exists, where opening up shows what was said before."""

    invite_ring = forms.TypedChoiceField(
        label=_("Who may invite people?"), choices=INVITERS, coerce=int, widget=forms.RadioSelect
    )
    first_volume = forms.ChoiceField(
        label=_("What do newcomers hear at first?"),
        choices=[(value, label) for value, label in Volume.choices if value != Volume.MUTE],
        required=False,
        widget=forms.RadioSelect,
        help_text=_("Each of them can change it at any time."),
    )
    told = forms.BooleanField(
        label=_("Its people know that what was said here will be seen by more"),
        required=False,
        help_text=_("Only needed when you open a closed or secret group."),
    )

    def __init__(self, *args: Any, space: Space, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.space = space

    def clean(self) -> dict[str, Any]:
        found = super().clean()
        inside = (Openness.CLOSED, Openness.SECRET)
        opens = self.space.openness in inside and found.get("openness") not in inside
        if opens and not found.get("told"):
            self.add_error(
                "told",
                _("People wrote here for fewer eyes. Tell them first, then tick this."),
            )
        return found


class WhereForm(forms.Form):
    """Step 3: where it is, what is spoken, what it belongs to, and how it looks."""

    area = forms.CharField(
        label=_("Area"),
        max_length=80,
        required=False,
        help_text=_("A street, a district or a town; empty if it has no place."),
    )
    languages = LanguagesField()
    rhythm = forms.CharField(
        label=_("When and where do you meet?"),
        max_length=160,
        required=False,
        help_text=_("“Tuesdays at seven, community hall”. Empty if you do not know yet."),
    )
    parents = forms.TypedMultipleChoiceField(
        label=_("Does it belong to other groups?"),
        required=False,
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
    )
    cover = forms.FileField(
        label=_("A picture"),
        required=False,
        help_text=_("Wide ones fit best. Without one we weave a pattern for you."),
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp"}),
    )

    def __init__(self, *args: Any, parents: list[Group], areas: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer_areas(self, areas)
        _offer_parents(self, parents)


class DescribeForm(forms.Form):
    """What stewards change of how the group describes itself."""

    name = WordsForm.base_fields["name"]
    purpose = WordsForm.base_fields["purpose"]
    kind = forms.ChoiceField(label=_("Kind"), choices=Group.Kind.choices)
    area = WhereForm.base_fields["area"]
    languages = WhereForm.base_fields["languages"]
    rhythm = WhereForm.base_fields["rhythm"]
    outside_link = forms.URLField(
        label=_("Signal or other link"),
        required=False,
        assume_scheme="https",
        help_text=_("Only people of the group see it."),
    )

    def __init__(self, *args: Any, areas: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer_areas(self, areas)

    clean_name = WordsForm.clean_name


class CoverForm(forms.Form):
    cover = forms.FileField(
        label=_("A picture for the top of the page"),
        help_text=_("JPEG, PNG or WebP; wide ones fit best. We take out where it was taken."),
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp"}),
    )


class ParentsForm(forms.Form):
    parents = WhereForm.base_fields["parents"]

    def __init__(self, *args: Any, parents: list[Group], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer_parents(self, parents)


class TabsForm(forms.Form):
    """A line for each part of a group: whether it is used, where it stands, what it is called."""

    def __init__(self, *args: Any, space: Space, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.tabs = tabs.arranged(space)
        places = [(number, number) for number in range(1, len(self.tabs) + 1)]
        for place, tab in enumerate(self.tabs, 1):
            name = tab.entry.name
            if tab.entry.switchable:
                self.fields[f"on_{name}"] = forms.BooleanField(
                    label=tab.entry.label, required=False, initial=tab.is_on
                )
            self.fields[f"place_{name}"] = forms.TypedChoiceField(
                label=_("Place"), choices=places, coerce=int, initial=place
            )
            self.fields[f"word_{name}"] = forms.CharField(
                label=_("Called"),
                max_length=tabs.MOST_LETTERS,
                required=False,
                initial=tab.word,
                widget=forms.TextInput(attrs={"placeholder": tab.entry.label}),
            )

    def lines(self) -> list[dict[str, Any]]:
        """[{"label": …, "on": field or None, "place": field, "word": field}, …]"""
        return [
            {
                "label": tab.entry.label,
                "on": self[f"on_{name}"] if tab.entry.switchable else None,
                "place": self[f"place_{name}"],
                "word": self[f"word_{name}"],
            }
            for tab in self.tabs
            for name in [tab.entry.name]
        ]

    def arranged(self) -> dict[str, Any]:
        """What ``arrange_tabs`` takes. Of two in one place the one that moved up comes first, the
        one that moved down last."""
        said = self.cleaned_data

        def stands(at: tuple[int, str]) -> tuple[int, int, int]:
            before, name = at
            place = said[f"place_{name}"]
            return place, (place > before) - (place < before), before

        names = [tab.entry.name for tab in self.tabs]
        return {
            "order": [name for _before, name in sorted(enumerate(names, 1), key=stands)],
            "off": [name for name in names if said.get(f"on_{name}") is False],
            "words": {name: said[f"word_{name}"] for name in names},
        }


class DirectoryForm(forms.Form):
    """Filters of the directory, all optional, read from the address."""

    show = forms.ChoiceField(
        choices=[("all", _("All")), ("near", _("Near me")), ("mine", _("Mine"))], required=False
    )
    q = forms.CharField(max_length=80, required=False)
    kind = forms.ChoiceField(
        choices=[("", _("Every kind")), *Group.Kind.choices], required=False, label=_("Kind")
    )
    area = forms.CharField(max_length=80, required=False, label=_("Area"))
    language = forms.CharField(max_length=40, required=False, label=_("Language"))
    state = forms.ChoiceField(
        choices=[("", _("Every state")), *Group.State.choices], required=False, label=_("State")
    )


def _offer_areas(form: forms.Form, areas: list[str]) -> None:
    form.areas = areas
    if areas:
        form.fields["area"].widget.attrs |= {"list": "areas", "autocomplete": "off"}


def _offer_parents(form: forms.Form, parents: list[Group]) -> None:
    if parents:
        form.fields["parents"].choices = [(p.pk, p.space.name) for p in parents]
    else:
        del form.fields["parents"]
