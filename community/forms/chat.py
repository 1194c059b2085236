"""What is typed to make a room and to say what holds there."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from community.models import Ring, Room

READERS = [
    (Ring.FOLLOWER, _("Everybody in the group, followers too")),
    (Ring.PARTICIPANT, _("Everybody who takes part")),
    (Ring.CORE, _("The core team")),
    (Ring.STEWARD, _("Stewards only")),
]


def _days(number: int) -> str:
    return ngettext("%(n)s day", "%(n)s days", number) % {"n": number}


def _slow(seconds: int) -> str:
    if not seconds:
        return str(_("Off"))
    if seconds < 60:
        return ngettext("%(n)s second", "%(n)s seconds", seconds) % {"n": seconds}
    return ngettext("%(n)s minute", "%(n)s minutes", seconds // 60) % {"n": seconds // 60}


class RoomForm(forms.Form):
    """A room of a group."""

    name = forms.CharField(label=_("Name"), max_length=60)
    purpose = forms.CharField(
        label=_("What it is for"),
        max_length=200,
        required=False,
        help_text=_("One line. It stands above the first message."),
    )
    min_ring = forms.TypedChoiceField(
        label=_("Who reads it"), choices=READERS, coerce=int, widget=forms.RadioSelect
    )
    is_announcing = forms.BooleanField(
        label=_("Only stewards write here"),
        required=False,
        help_text=_("For announcements: the others read and react."),
    )
    retention_days = forms.TypedChoiceField(
        label=_("How long what is said is kept"),
        coerce=int,
        help_text=_("Then it goes for good, with its pictures and files."),
    )
    slow_seconds = forms.TypedChoiceField(
        label=_("Slow mode"),
        coerce=int,
        help_text=_("The time between two messages of one person. Stewards are not held up."),
    )
    shows_seen = forms.BooleanField(label=_("Show who has read the last message"), required=False)

    def __init__(self, *args, room: Room | None = None, **kwargs):
        if room is not None:
            known = ("name", "purpose", "min_ring", "retention_days", "slow_seconds", "shows_seen")
            kwargs.setdefault("initial", {name: getattr(room, name) for name in known})
        else:
            kwargs.setdefault(
                "initial",
                {"min_ring": Ring.PARTICIPANT, "retention_days": Room.KEPT_DAYS, "slow_seconds": 0},
            )
        super().__init__(*args, **kwargs)
        self.fields["retention_days"].choices = [(days, _days(days)) for days in Room.DAYS]
        self.fields["slow_seconds"].choices = [(n, _slow(n)) for n in Room.SLOW]
        if room is None:
            return
        del self.fields["is_announcing"]
        if room.is_first:
            self.fields["name"].required = False
            self.fields["name"].help_text = _("Without a name it is called “general”.")
        if room.is_direct:
            self.fields["name"].required = False
            for name in ("purpose", "min_ring", "slow_seconds"):
                del self.fields[name]
