"""What is typed to report something, to decide about it, and to appeal."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from community.choices import Hinted
from community.models import Media, Report, Rule

WISHES = [
    (Report.Wish.HIDE, Report.Wish.HIDE.label),
    (Report.Wish.TALK, Report.Wish.TALK.label),
    (Report.Wish.PROTECT, Report.Wish.PROTECT.label),
    (Report.Wish.KNOW, Report.Wish.KNOW.label),
]
OTHER = "other"


class ReportForm(forms.Form):
    """Which rule, what should happen, and words."""

    rule = forms.ChoiceField(label=_("What is wrong?"), widget=forms.RadioSelect)
    wish = forms.ChoiceField(
        label=_("What would you like to happen?"),
        choices=WISHES,
        initial=Report.Wish.HIDE,
        widget=forms.RadioSelect,
    )
    words = forms.CharField(
        label=_("In your words"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4, "data-grows": True}),
        help_text=_("What should somebody know who was not there?"),
    )

    at_once = forms.BooleanField(
        label=_("Hide it at once"),
        required=False,
        help_text=_(
            "For addresses, threats, whatever hurts while it stands. Somebody else decides within "
            "72 hours, or it comes back."
        ),
    )

    def __init__(
        self,
        *args: Any,
        rules: list[Rule],
        pictures: list[Media],
        may_hide: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        if not may_hide:
            del self.fields["at_once"]
        self.rules = {str(rule.pk): rule for rule in rules}
        self.pictures = {medium.token: medium for medium in pictures}
        self.fields["rule"].choices = [
            *((pk, Hinted(rule.title, rule.text)) for pk, rule in self.rules.items()),
            (OTHER, Hinted(_("Something else"), _("Say it in your words below."))),
        ]
        if pictures:
            self.fields["medium"] = forms.ChoiceField(
                label=_("Is it about a picture?"),
                required=False,
                choices=[
                    ("", _("No, about all of it")),
                    *(
                        (token, medium.alt or medium.name)
                        for token, medium in self.pictures.items()
                    ),
                ],
                widget=forms.RadioSelect,
            )

    def clean(self) -> dict[str, Any]:
        found = super().clean()
        if found.get("rule") == OTHER and not found.get("words", "").strip():
            self.add_error("words", _("Say in a few words what is wrong."))
        return found

    @property
    def said(self) -> dict[str, Any]:
        """As the operation takes it."""
        return {
            "rule": self.rules.get(self.cleaned_data["rule"]),
            "wish": self.cleaned_data["wish"],
            "words": self.cleaned_data["words"],
            "medium": self.pictures.get(self.cleaned_data.get("medium", "")),
            **({"at_once": True} if self.cleaned_data.get("at_once") else {}),
        }


class DecideForm(forms.Form):
    """What is decided about a case, by which rule, and why."""

    HIDE, PICTURE, WORDS, KEEP, OTHERWISE = "hide", "picture", "words", "keep", "otherwise"

    decision = forms.ChoiceField(label=_("What do you decide?"), widget=forms.RadioSelect)
    rule = forms.ChoiceField(
        label=_("Which rule does it break?"),
        required=False,
        help_text=_("Only if something is hidden or taken away."),
    )
    reason = forms.CharField(
        label=_("Why?"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4, "data-grows": True}),
        help_text=_("The person concerned and those who reported it read this."),
    )

    def __init__(
        self,
        *args: Any,
        rules: list[Rule],
        may_hide: bool,
        has_picture: bool,
        words: list[tuple[str, Any]] | None = None,
        **kwargs: Any,
    ) -> None:
        """``words`` are those of a page that can be taken away: (field, what it is and says)."""
        super().__init__(*args, **kwargs)
        if words:
            self.fields["words"] = forms.MultipleChoiceField(
                label=_("Which words?"),
                choices=words,
                required=False,
                widget=forms.CheckboxSelectMultiple,
                help_text=_("Only if words are taken away."),
            )
            self.order_fields(["decision", "words", "rule", "reason"])
        self.rules = {str(rule.pk): rule for rule in rules}
        self.fields["rule"].choices = [
            ("", _("None")),
            *((pk, rule.title) for pk, rule in self.rules.items()),
        ]
        self.fields["decision"].choices = [
            *(
                [
                    (
                        self.HIDE,
                        Hinted(
                            _("Hide it"),
                            _("Only its author still sees it, with the reason, and can appeal."),
                        ),
                    )
                ]
                if may_hide
                else []
            ),
            *(
                [
                    (
                        self.PICTURE,
                        Hinted(_("Take the picture away"), _("The rest stays as it is.")),
                    )
                ]
                if has_picture
                else []
            ),
            *(
                [
                    (
                        self.WORDS,
                        Hinted(
                            _("Take words off the page"),
                            _("Others can be written there. The person can appeal."),
                        ),
                    )
                ]
                if words
                else []
            ),
            (
                self.KEEP,
                Hinted(
                    _("Leave it as it is"), _("It breaks no rule. Who reported it may ask again.")
                ),
            ),
            (
                self.OTHERWISE,
                Hinted(
                    _("It was settled otherwise"),
                    _("You talked with the people, or did something else. Say what."),
                ),
            ),
        ]

    def clean(self) -> dict[str, Any]:
        found = super().clean()
        takes = (self.HIDE, self.PICTURE, self.WORDS)
        if found.get("decision") in takes and not found.get("rule"):
            self.add_error("rule", _("Choose the rule it breaks: nothing is hidden without one."))
        if found.get("decision") == self.WORDS and not found.get("words"):
            self.add_error("words", _("Choose the words that are taken away."))
        return found

    @property
    def chosen_rule(self) -> Rule | None:
        return self.rules.get(self.cleaned_data["rule"])


class NoteForm(forms.Form):
    text = forms.CharField(
        label=_("A note for those who come after you"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2, "data-grows": True}),
    )


class LiftForm(forms.Form):
    reason = forms.CharField(
        label=_("Why do you show it again?"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3, "data-grows": True}),
        help_text=_("Its author reads this."),
    )


class AppealForm(forms.Form):
    hide_optional = True
    text = forms.CharField(
        label=_("What do you want them to know?"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 5, "data-grows": True}),
    )


class AnswerForm(forms.Form):
    """The answer to an appeal."""

    upheld = forms.ChoiceField(label=_("Your decision"), widget=forms.RadioSelect)
    answer = forms.CharField(
        label=_("Why?"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4, "data-grows": True}),
        help_text=_("The person who appealed reads this."),
    )

    def __init__(self, *args: Any, stands: Any, changes: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["upheld"].choices = [("yes", stands), ("no", changes)]


class RuleForm(forms.Form):
    hide_optional = True
    title = forms.CharField(label=_("Rule"), max_length=80)
    text = forms.CharField(
        label=_("What it means"),
        max_length=400,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "data-grows": True}),
    )
