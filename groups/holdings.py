"""What groups hold about people. A mandate ends with the person; the group goes on."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from community.personal import Holding, declare

declare(
    Holding(
        model="groups.Group",
        people=("started_by",),
        label=_("Groups you started"),
        purpose=_("Who proposed a group is told how it was decided."),
        shelf="belonging",
        kept_words=_("as long as the group"),
        export=("space_id", "state", "state_changed_at"),
        erase="unlink",
    ),
    *(
        Holding(
            model="groups.Group",
            people=(key,),
            label=label,
            purpose=_("So that people know whom to turn to."),
            shelf="office",
            kept_words=_("until somebody else does it"),
            export=("space_id",),
            erase="unlink",
            at_once=True,
        )
        for key, label in (
            ("liaison", _("Groups you keep contact with for the community")),
            ("welcomer", _("Groups whose newcomers you welcome")),
            ("safety_contact", _("Groups whose contact for care and safety you are")),
        )
    ),
    Holding(
        model="groups.Charter",
        people=("adopted_by",),
        label=_("Versions of charters you wrote down"),
        purpose=_("What a group agreed with itself, and since when."),
        shelf="office",
        kept_words=_("as long as the group"),
        export=("group_id", "version", "adopted_at"),
        erase="unlink",
    ),
    Holding(
        model="groups.TopicMove",
        people=("by",),
        label=_("Topics you moved, split or put together"),
        purpose=_("So that a move can be undone, and it is known who decided."),
        shelf="office",
        kept_words=_("as long as the topic"),
        export=("kind", "created_at", "undone_at"),
        erase="unlink",
    ),
)
