"""What people type about themselves: first run, profile, who sees it, the look of the site."""

from __future__ import annotations

import re
import zoneinfo
from collections.abc import Iterable
from typing import Any

from django import forms
from django.conf import settings
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from community.choices import Hinted
from community.models import Community, Member

_HOUSE_NUMBER = re.compile(r"\d")

SEEN_BY = [
    (
        Member.SeenBy.GROUPS,
        Hinted(Member.SeenBy.GROUPS.label, _("The usual choice")),
    ),
    (
        Member.SeenBy.MEMBERS,
        Hinted(Member.SeenBy.MEMBERS.label, _("Good if you want to be found for what you can do")),
    ),
    (
        Member.SeenBy.CONTACTS,
        Hinted(Member.SeenBy.CONTACTS.label, _("You appear in no list")),
    ),
]


def languages(*, every: bool = False) -> list[tuple[str, Any]]:
    """Languages people can choose here (or every one of the site), as their speakers call them."""
    from django.utils.translation import get_language_info

    community = None if every else Community.objects.first()
    offered = community.offered_languages if community else settings.LANGUAGES
    return [(code, get_language_info(code)["name_local"].capitalize()) for code, _name in offered]


class AreaField(forms.CharField):
    """A district or a street, never a door: one of the community's, or words without number."""

    def __init__(self, *, areas: list[str], **kwargs: Any) -> None:
        self.areas = areas
        widget = forms.TextInput(attrs={"list": "areas", "autocomplete": "off"} if areas else {})
        super().__init__(
            label=_("Your area"), max_length=80, widget=widget, required=False, **kwargs
        )

    def clean(self, value: Any) -> str:
        value = super().clean(value)
        if value not in self.areas and _HOUSE_NUMBER.search(value):
            raise forms.ValidationError(
                _("Only the street or district, please. We never store a home address.")
            )
        return value


class NameForm(forms.Form):
    hide_optional = True
    name = forms.CharField(
        label=_("The name people call you"),
        max_length=80,
        help_text=_("It need not be the name in your passport."),
        widget=forms.TextInput(attrs={"autocomplete": "nickname"}),
    )
    pronouns = forms.CharField(
        label=_("Pronouns"),
        max_length=40,
        required=False,
        help_text=_("For example she/her, they/them. Leave it empty if you like."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    language = forms.ChoiceField(
        label=_("Language"), widget=forms.RadioSelect(attrs={"class": "choices--row"})
    )

    def __init__(self, *args: Any, papers: Iterable[Any] = (), **kwargs: Any) -> None:
        """``papers``: versions of agreements that wait for a yes before somebody comes in."""
        super().__init__(*args, **kwargs)
        self.fields["language"].choices = languages()
        for version in papers:
            self.fields[f"accept_{version.pk}"] = forms.BooleanField(
                label=format_html(
                    _("I have read it, and I agree: {link}"),
                    link=format_html(
                        '<a href="{}" target="_blank" rel="noopener">{}</a>',
                        version.agreement.get_absolute_url(),
                        version.words.title,
                    ),
                )
            )

    def clean_name(self) -> str:
        name = " ".join(self.cleaned_data["name"].split())
        if not any(letter.isalnum() for letter in name):
            raise forms.ValidationError(_("A first name or a nickname is enough."))
        return name


class SeenForm(forms.Form):
    hide_optional = True
    profile_seen_by = forms.ChoiceField(
        label=_("My profile can be seen by"), choices=SEEN_BY, widget=forms.RadioSelect
    )
    in_directory = forms.BooleanField(
        label=_("Put me in the list of people"),
        required=False,
        help_text=_(
            "Those who may see your profile find you there by name, area and what you can do."
        ),
    )


class PrivacyForm(SeenForm):
    shows_presence = forms.BooleanField(
        label=_("Show in chats when I am there or writing"),
        required=False,
        help_text=_(
            "Only people who may see your profile, and whose you may see. Without it you do not "
            "see this of others either."
        ),
    )


class WishesForm(forms.Form):
    """The last step: where somebody is, and what they would like to do."""

    hide_optional = True

    def __init__(self, *args: Any, community: Community, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["area"] = AreaField(
            areas=community.areas,
            help_text=_("A district or a street. We use it to show you groups nearby."),
        )
        if community.wishes:
            self.fields["wants"] = forms.MultipleChoiceField(
                label=_("What would you like to do?"),
                choices=[(wish, wish) for wish in community.wishes],
                required=False,
                widget=forms.CheckboxSelectMultiple,
            )


class ProfileForm(forms.Form):
    """Everything in a profile, each field beside who may see it."""

    hide_optional = True
    name = NameForm.base_fields["name"]
    pronouns = NameForm.base_fields["pronouns"]
    about = forms.CharField(
        label=_("About me"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    skills = forms.CharField(
        label=_("What I can do"),
        max_length=300,
        required=False,
        help_text=_("Separate with commas: first aid, Excel, cooking for 80."),
    )
    spoken_languages = forms.CharField(
        label=_("Languages I speak"),
        max_length=200,
        required=False,
        help_text=_("Separate with commas."),
    )
    ask_me_about = forms.CharField(
        label=_("Ask me about"),
        max_length=200,
        required=False,
        help_text=_("A good reason for somebody new to write to you."),
    )

    def __init__(self, *args: Any, community: Community, member: Member, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["area"] = AreaField(areas=community.areas)
        for name in Member.FIELDS_WITH_VISIBILITY:
            self.fields[f"{name}_seen_by"] = forms.ChoiceField(
                label=_("Who sees “%(field)s”") % {"field": self.fields[name].label},
                choices=[("", _("As my profile")), *Member.SeenBy.choices],
                required=False,
                widget=forms.Select(attrs={"class": "input--s"}),
                initial=member.field_visibility.get(name, ""),
            )
        self.order_fields(
            ["name", "pronouns", "area", "ask_me_about", "skills", "spoken_languages", "about"]
        )

    clean_name = NameForm.clean_name

    def rows(self) -> list[tuple[Any, Any]]:
        """Each field with the field that says who sees it (None for the name)."""
        names = [name for name in self.fields if not name.endswith("_seen_by")]
        return [
            (self[name], self[f"{name}_seen_by"] if f"{name}_seen_by" in self.fields else None)
            for name in names
        ]

    @property
    def profile(self) -> dict[str, str]:
        return {n: v for n, v in self.cleaned_data.items() if not n.endswith("_seen_by")}

    @property
    def field_visibility(self) -> dict[str, str]:
        ending = "_seen_by"
        return {
            name.removesuffix(ending): value
            for name, value in self.cleaned_data.items()
            if name.endswith(ending)
        }


class HandleForm(forms.Form):
    handle = forms.SlugField(
        label=_("Your @name"),
        max_length=40,
        help_text=_("How others mention you: letters, numbers and hyphens."),
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}
        ),
    )


class LookForm(forms.Form):
    hide_optional = True
    theme = forms.ChoiceField(
        label=_("Colours"),
        choices=Member.Theme.choices,
        widget=forms.RadioSelect(attrs={"class": "choices--row"}),
    )
    language = forms.ChoiceField(
        label=_("Language"), widget=forms.RadioSelect(attrs={"class": "choices--row"})
    )
    time_zone = forms.ChoiceField(
        label=_("Time zone"),
        required=False,
        help_text=_("All times on the site are shown in it."),
    )
    saves_data = forms.BooleanField(
        label=_("Save data"),
        required=False,
        help_text=_(
            "For slow or costly internet: pictures come small, and large when you open one. "
            "Where your browser saves data, it is so anyway."
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["language"].choices = languages()
        self.fields["time_zone"].choices = [("", _("As the community")), *time_zones()]


def time_zones() -> list[tuple[str, list[tuple[str, str]]]]:
    """Time zones by part of the world, for a select."""
    parts: dict[str, list[tuple[str, str]]] = {}
    for name in sorted(zoneinfo.available_timezones()):
        part, _slash, city = name.partition("/")
        if city and part not in ("Etc", "SystemV", "posix", "right"):
            parts.setdefault(part, []).append((name, city.replace("_", " ").replace("/", ", ")))
    return [*parts.items(), ("UTC", [("UTC", "UTC")])]


class AvatarForm(forms.Form):
    picture = forms.FileField(
        label=_("A picture of you"),
        help_text=_(
            "JPEG, PNG or WebP. We make it small and take out where and when it was taken."
        ),
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp"}),
    )


class DirectoryForm(forms.Form):
    """Filters of the list of people; all of them optional, read from the address."""

    q = forms.CharField(max_length=80, required=False)
    area = forms.CharField(max_length=80, required=False)
    language = forms.CharField(max_length=40, required=False)
    can = forms.CharField(max_length=80, required=False)
    group = forms.IntegerField(required=False)


class AnswersForm(forms.Form):
    """The questions of a space, one field each."""

    def __init__(self, *args: Any, questions: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for number, question in enumerate(questions):
            self.fields[f"answer_{number}"] = forms.CharField(
                label=question, max_length=1000, widget=forms.Textarea(attrs={"rows": 3})
            )

    @property
    def answers(self) -> list[str]:
        return list(self.cleaned_data.values())


class ReasonForm(forms.Form):
    reason = forms.CharField(
        max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
