"""What is announced to many, and who was asked."""

from __future__ import annotations

from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from community.personal import Holding, declare

YEAR = timedelta(days=365)

declare(
    Holding(
        model="community.AnnouncementPlan",
        people=("author",),
        label=_("Announcements you planned"),
        purpose=_("So that people know who speaks to them, and answers come to you."),
        shelf="office",
        kept_words=_("as long as the group"),
        export=("space_id", "state", "words", "began_at", "ended_at"),
        erase="unlink",
    ),
    Holding(
        model="community.Reach",
        people=("member",),
        label=_("When we asked you something by an announcement"),
        purpose=_("So that all senders together do not ask you too often."),
        shelf="told",
        kept=YEAR,
        since="created_at",
        export=("plan_id", "told_at", "why"),
        erase="delete",
        at_once=True,
    ),
)
