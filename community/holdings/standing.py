"""What is held of people as members by the rule book, and of what they agreed with."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from community.personal import Holding, declare

declare(
    Holding(
        model="community.MembershipStatus",
        people=("member",),
        label=_("Where you stand as a member"),
        purpose=_("The rule book asks for it: for votes, dues and meetings."),
        shelf="belonging",
        kept_words=_("as long as you are a member, and half a year longer"),
        export=("status", "since", "member_since"),
        erase="delete",
        link="my_status",
    ),
    Holding(
        model="community.StatusEvent",
        people=("member",),
        label=_("How you came to stand there"),
        purpose=_("So that everybody can see why, and put a mistake right."),
        shelf="belonging",
        kept_words=_("as long as you are a member, and half a year longer"),
        export=("before", "after", "reason", "rule", "on", "created_at"),
        erase="delete",
        link="my_status",
    ),
    Holding(
        model="community.StatusEvent",
        people=("by",),
        label=_("Changes of membership you wrote down"),
        purpose=_("Who answers for a line in somebody’s record."),
        shelf="office",
        kept_words=_("as long as that person’s own record of it"),
        export=("before", "after", "on", "created_at"),
        erase="unlink",
    ),
    Holding(
        model="community.Acceptance",
        people=("member",),
        basis="duty",
        label=_("What you agreed with"),
        purpose=_("So that we can show who agreed with what, in which version."),
        shelf="belonging",
        kept_words=_("as long as you are a member, and half a year longer"),
        export=(
            "version__agreement__slug",
            "version__number",
            "language",
            "accepted_at",
            "withdrawn_at",
        ),
        erase="delete",
        link="agreements",
    ),
    Holding(
        model="community.AgreementVersion",
        people=("published_by",),
        label=_("Agreements you published"),
        purpose=_("Who answers for a version."),
        shelf="office",
        kept_words=_("as long as the agreement"),
        export=("agreement__slug", "number", "published_at"),
        erase="unlink",
    ),
)
